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
from brief.data.loading import load
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


def test_the_corrected_text_of_an_article_is_told_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = topics.library(tmp_path / "library")
    (root / "data" / "voices.csv").unlink()
    monkeypatch.chdir(root)
    run = CliRunner().invoke
    name = editions.record(root)
    path = root / "data" / "articles" / "the-gazette-2021-03-01.md"
    text = path.read_text(encoding="utf-8")
    first = load(root).articles[0].paragraphs[0]
    path.write_text(text.replace(first, f"{first} A word more."), encoding="utf-8")
    said = run(main, ["record-edit", "the-gazette-2021-03-01#p1", "--note", "the page was corrected"])
    assert said.exit_code == 0, said.output
    told = run(main, ["diff", name]).output
    expected = "paragraphs: 1\n  changed   the-gazette-2021-03-01#p1\n    why: the page was corrected"
    assert expected in told
    assert "comments: no change" in told


def test_an_early_record_without_paragraphs_is_not_compared_in_them(tmp_path: Path) -> None:
    root = topics.library(tmp_path / "library")
    now = editions.read(root, editions.record(root))
    early = {part: told for part, told in now.items() if part != "paragraphs"}
    topics.write(root / "data" / "editions" / "2020-01-01.json", json.dumps(early))
    read = editions.read(root, "2020-01-01")
    changes = editions.difference(read, now)
    assert [(one.part, one.how) for one in changes] == [("paragraphs", "not compared")]
    assert editions.difference(read, read) == [] and editions.in_words(changes) == "nothing changed"


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
    assert {"part", "name", "how", "before", "after", "note"} == set(listed[0])
    unknown = run(main, ["diff", "2025-01-01"])
    assert unknown.exit_code == 1 and "Name one of: 2026-01-01, now" in unknown.output


@pytest.mark.parametrize(("content", "told"), [("{", "this is not JSON"), ("[]", "this is no record of an edition")])
def test_a_broken_record_is_told(brief: Path, content: str, told: str) -> None:
    topics.write(brief / "data" / "editions" / "2026-01-01.json", content)
    with pytest.raises(BriefError, match=told):
        editions.read(brief, "2026-01-01")
