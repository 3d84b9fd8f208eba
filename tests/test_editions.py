"""Editions: what one said is kept, the difference to another is told, and keeping it changes no digest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import topics
from brief.book import editions, records
from brief.book.editions import Change
from brief.cli import main
from brief.contract import inputs
from brief.errors import BriefError

TEXTS = ["It costs too much.", "Keep it open.", "I come at seven."]


@pytest.fixture
def brief(tmp_path: Path) -> Path:
    return topics.asked(tmp_path / "brief", TEXTS, coded=2)


def test_recording_changes_neither_the_digest_nor_the_next_record(brief: Path) -> None:
    before, site = inputs.data_digest(brief), inputs.site_digest(brief, None)
    name = editions.record(brief)
    assert name == "2026-01-01"
    assert inputs.data_digest(brief) == before, "a record is over the data, not part of them"
    assert inputs.site_digest(brief, None) != site, "the pages tell of it"
    kept = (brief / "data" / "editions" / f"{name}.json").read_bytes()
    with pytest.raises(BriefError, match="is recorded already"):
        editions.record(brief)
    assert (brief / "data" / "editions" / f"{name}.json").read_bytes() == kept


def test_a_second_record_of_a_date_gets_a_number_of_its_own(brief: Path) -> None:
    editions.record(brief)
    topics.code(brief / "data", ["for", "for", "for"])
    assert editions.record(brief) == "2026-01-01-2"
    assert records.names(brief) == ["2026-01-01", "2026-01-01-2"]


def test_the_difference_tells_facts_statements_figures_and_comments(brief: Path) -> None:
    editions.record(brief)
    path = brief / "data" / "comments" / f"{topics.COLLECTION}.csv"
    text = path.read_text(encoding="utf-8")
    text = text.replace("Keep it open.", "Keep it open please.").replace("I come at seven.", "I come at eight.")
    path.write_text(text + f"{topics.COLLECTION}-4,4,One more.\n", encoding="utf-8")
    changes = editions.difference(editions.read(brief, "2026-01-01"), editions.read(brief, "now"))
    assert Change("facts", "comments-shown", "changed", "3", "4") in changes
    comments = [(change.name, change.how) for change in changes if change.part == "comments"]
    prefix = topics.COLLECTION
    assert comments == [(f"{prefix}-2", "edited"), (f"{prefix}-3", "edited"), (f"{prefix}-4", "added")]
    assert {change.part for change in changes} == {"facts", "statements", "figures", "comments"}
    back = editions.difference(editions.read(brief, "now"), editions.read(brief, "2026-01-01"))
    assert (f"{prefix}-4", "withdrawn") in [(change.name, change.how) for change in back]


def test_each_edition_tells_in_words_what_it_changed(brief: Path) -> None:
    editions.record(brief)
    topics.code(brief / "data", ["for", "for", "for"])
    editions.record(brief)
    first, second = editions.revisions(brief)
    assert first == ("2026-01-01", "", "")
    assert second[:2] == ("2026-01-01-2", "2026-01-01") and "facts changed" in second[2]
    assert editions.printed_name(second[0]) == "1 January 2026 (2)"
    assert editions.in_words([]) == "nothing changed"
    assert editions.in_words([Change("comments", "a", "added")]) == "1 comment added"


def test_between_an_edition_and_itself_nothing_changed(brief: Path) -> None:
    editions.record(brief)
    assert editions.difference(editions.read(brief, "2026-01-01"), editions.read(brief, "now")) == []


def test_the_commands(brief: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(brief)
    run = CliRunner().invoke
    assert "Recorded: data/editions/2026-01-01.json" in run(main, ["record-edition"]).output
    topics.code(brief / "data", ["for", "for", "for"])
    told = run(main, ["diff", "2026-01-01"]).output
    assert "comments: no change" in told and "changed   stance-for" in told
    listed = json.loads(run(main, ["diff", "2026-01-01", "now", "--json"]).output)
    assert {"part", "name", "how", "before", "after"} == set(listed[0])
    unknown = run(main, ["diff", "2025-01-01"])
    assert unknown.exit_code == 1 and "Name one of: 2026-01-01, now" in unknown.output


@pytest.mark.parametrize(("content", "told"), [("{", "this is not JSON"), ("[]", "this is no record of an edition")])
def test_a_broken_record_is_told(brief: Path, content: str, told: str) -> None:
    topics.write(brief / "data" / "editions" / "2026-01-01.json", content)
    with pytest.raises(BriefError, match=told):
        editions.read(brief, "2026-01-01")
