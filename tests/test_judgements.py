"""Who and what read this: judgements counted by who made them, checks by a second person, and what is left open."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

import topics
from brief.book.check import examine
from brief.book.contents import chosen, read_book
from brief.cli import main
from brief.data.loading import load
from brief.figures import SILENT, Figure, Table, figures, tables
from brief.findings.facts import Fact, compute_facts
from brief.findings.facts.makers import about_the_judgements
from brief.findings.findings import Findings
from brief.findings.judgements import KINDS, judgements, unchecked
from brief.site.listings import SAID_MEANS
from conftest import ROOT
from small_briefs import CODED, LETTERS, brief

NUMBERS = ("", "-by-people", "-by-language-models", "-by-programs", "-not-recorded", "-checked")
TEXTS = ["It costs too much.", "Keep it open.", "I come at seven."]


def coded_by(kind: str, checked_by: str = "", **changed: Any) -> Any:
    """A small brief whose one coder is of this kind."""
    known: Any = brief(LETTERS, codings=CODED, **changed)
    row = ("ann", "Ann", kind, False, False, "By hand.", checked_by)
    known.coders = pd.DataFrame([row], columns=[*known.coders.columns, "checked_by"])
    return known


def numbers(known: Any) -> list[int]:
    facts = {fact.name: fact.value for fact in about_the_judgements(Findings(known))}
    return [int(str(facts[f"judgements{name}"])) for name in NUMBERS]


@pytest.mark.parametrize(
    ("kind", "place"), [("person", 1), ("language model", 2), ("rules", 3), ("trained model", 3), ("not recorded", 4)]
)
def test_judgements_are_counted_by_who_or_what_made_them(kind: str, place: int) -> None:
    counted = numbers(coded_by(kind))
    assert counted[0] == counted[place] > 0
    assert sum(counted[1:]) == counted[0], "nothing is counted twice, and nothing was checked"
    assert numbers(coded_by(kind, "The desk"))[-1] == counted[0]


def test_what_a_person_and_a_model_have_read_counts_for_the_person() -> None:
    known = coded_by("person")
    model = known.codings.head(1).assign(coder_id="model")
    known.codings = pd.concat([known.codings, model], ignore_index=True)
    row = ("model", "A model", "language model", False, False, "By a program.", "")
    known.coders.loc[1] = row
    comments = judgements(Findings(known)).iloc[0]
    assert comments["made"] == comments["person"] and comments["language model"] == 0
    known.coders.loc[0, "kind"] = "rules"
    comments = judgements(Findings(known)).iloc[0]
    assert (comments["language model"], comments["program"]) == (1, comments["made"] - 1)


def test_one_checked_reading_is_one_checked_judgement(tmp_path: Path) -> None:
    root = topics.asked(tmp_path / "brief", TEXTS, coded=2)
    second(root)
    name = root / "data" / "codings" / "ann.csv"
    frame = pd.read_csv(name, dtype="str", keep_default_na=False)
    frame["checked_by"] = ["bea", ""]
    frame.to_csv(name, index=False)
    row = judgements(Findings(load(root))).iloc[0]
    assert (row["of"], row["made"], row["person"], row["checked"]) == (3, 2, 2, 1)


def test_who_checks_a_model_and_reads_the_comment_too_is_no_second_person(tmp_path: Path) -> None:
    root = topics.asked(tmp_path / "brief", TEXTS, coded=1)
    second(root, {"id": "machine", "kind": "language model", "name": "M", "how": "A program."})
    topics.write(root / "data" / "brief.yml", (root / "data" / "brief.yml").read_text("utf-8") + "coder: ann\n")
    rows = pd.read_csv(root / "data" / "codings" / "ann.csv", dtype="str", keep_default_na=False)
    both = pd.concat([rows, rows.assign(comment_id=f"{topics.COLLECTION}-2")]).assign(checked_by="ann")
    both.to_csv(root / "data" / "codings" / "machine.csv", index=False)
    row = judgements(Findings(load(root))).iloc[0]
    assert (row["made"], row["person"], row["language model"], row["checked"]) == (2, 1, 1, 1)


def test_nothing_is_asked_of_a_person_who_only_checked(tmp_path: Path) -> None:
    root = topics.asked(tmp_path / "brief", TEXTS, coded=2)
    second(root)
    file = root / "data" / "codings" / "ann.csv"
    frame = pd.read_csv(file, dtype="str", keep_default_na=False)
    frame.assign(checked_by=["bea", ""]).to_csv(file, index=False)
    assert unchecked(Findings(load(root))) == {"ann"}
    frame.assign(checked_by="bea").to_csv(file, index=False)
    assert unchecked(Findings(load(root))) == set()


@pytest.mark.parametrize("name", ["ann", "nobody", "machine"])
def test_a_check_is_by_a_second_person(tmp_path: Path, name: str) -> None:
    root = topics.asked(tmp_path / "brief", TEXTS, coded=2)
    second(root, {"id": "machine", "kind": "language model", "name": "M", "how": "A program."})
    file = root / "data" / "codings" / "ann.csv"
    pd.read_csv(file, dtype="str", keep_default_na=False).assign(checked_by=name).to_csv(file, index=False)
    faults = examine(root).faults
    assert {(fault.file, fault.column) for fault in faults} == {("data/codings/ann.csv", "checked_by")}
    assert [fault.row for fault in faults] == [2, 3]


def second(root: Path, coder: dict[str, str] | None = None) -> None:
    """One more coder in the list: a person, unless another is given."""
    path = root / "data" / "coders.yml"
    listed = yaml.safe_load(path.read_text(encoding="utf-8"))
    more = coder or {"id": "bea", "name": "Reader B", "kind": "person", "how": "Went through them."}
    topics.write(path, yaml.safe_dump([*listed, {"blind": False, "independent": False, **more}]))


def test_the_table_has_a_column_for_each_kind_that_occurs() -> None:
    made = tables()["who-read-this"](Findings(load(ROOT)), {})
    assert isinstance(made, Table)
    assert list(made.data.columns) == [
        "What was judged",
        "Judgements",
        "Not recorded by whom",
        "Checked by a person",
    ]
    assert made.data["Judgements"].sum() == made.data["Not recorded by whom"].sum() > 0
    empty = brief()
    empty.coders = empty.coders.head(0)
    assert tables()["transparency-record"](Findings(empty), {}) is SILENT


def test_the_record_leaves_open_what_is_not_recorded() -> None:
    known = load(ROOT)
    made = tables()["transparency-record"](Findings(known), {})
    assert isinstance(made, Table)
    filled = dict(zip(made.data["Field"], made.data["What is recorded"], strict=True))
    assert filled["Senior responsible owner"] == filled["Impact assessments"] == filled["Models"] == "Not recorded."
    assert filled["Organisation"] == known.topic.publisher
    assert filled["Human review"].startswith("Judgements that a person checked afterwards: 0 of ")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"drafted-by": "language model"}, "A language model generated its text."),
        (
            {"drafted-by": "language model", "reviewed-by": "The desk", "responsible": "The library"},
            "A language model wrote its text.",
        ),
        ({"drafted-by": "person and language model"}, "A language model generated a part of its text."),
        ({"drafted-by": "person"}, "People wrote its text."),
        ({"drafted-by": "not recorded"}, "It is not recorded whether people or programs wrote its text"),
    ],
)
def test_the_first_page_discloses_what_wrote_the_text(given: dict[str, str], words: str) -> None:
    facts = compute_facts(Findings(load(ROOT)))
    facts |= {name: Fact(name, value, "", "") for name, value in given.items()}
    [statement] = [each for _, each in read_book(ROOT).statements() if each.statement_id == "what-wrote-and-judged"]
    alternative = chosen(statement, facts)
    assert alternative is not None and alternative.text.strip().startswith(words)


def test_each_kind_of_maker_has_its_sentence_and_sums_are_of_all() -> None:
    statements = {each.statement_id: each for _, each in read_book(ROOT).statements()}
    facts = compute_facts(Findings(load(ROOT)))
    names = [f"judgements{name}" for name in NUMBERS]
    for counts, words in (
        ((9, 9, 0, 0, 0, 0), "People made the judgements"),
        ((9, 0, 9, 0, 0, 0), "Language models made the judgements"),
        ((9, 0, 0, 9, 0, 0), "Programs made the judgements"),
        ((9, 4, 5, 0, 0, 0), "People made {fact}`judgements-by-people` of its"),
        ((9, 4, 3, 1, 1, 0), "People made {fact}`judgements-by-people` of its"),
    ):
        given = facts | {name: Fact(name, value, "", "") for name, value in zip(names, counts, strict=True)}
        alternative = chosen(statements["who-made-the-judgements"], given)
        assert alternative is not None and words in alternative.text, counts
        assert ("not recorded" in alternative.text) == bool(counts[4])
    alternative = chosen(statements["who-made-the-judgements"], facts)
    assert alternative is not None and not alternative.text.strip(), "the sentence on the text says it already"
    assert len(KINDS) == 4


def test_what_an_office_could_not_leave_open_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = topics.asked(tmp_path / "brief", TEXTS, coded=3)
    monkeypatch.chdir(root)
    asked = CliRunner().invoke(main, ["check", "--publish"])
    assert asked.exit_code == 1
    for point in ("key responsible", "key drafted_by", "who checked what 'ann' read", "more comments exist"):
        assert point in asked.output, asked.output
    assert CliRunner().invoke(main, ["check"]).exit_code == 0, "none of it is a fault"


def test_a_name_turns_no_direction_of_the_sentence_that_it_stands_in(tmp_path: Path) -> None:
    root = topics.asked(tmp_path / "brief", TEXTS)
    path = root / "data" / "brief.yml"
    topics.write(path, path.read_text("utf-8") + 'reviewed_by: "\\u202eThe\\ndesk"\n')
    assert compute_facts(Findings(load(root)))["reviewed-by"].value == "The desk"


def test_a_claim_of_one_side_names_no_other_side_that_agrees() -> None:
    claims = load(ROOT).claim_register.claims
    why = claims.loc[claims["holds"] == "one side only", "why"]
    assert len(why) and not any(re.search(r"the same|agree|confirms|assumes", reason) for reason in why)


def test_who_is_not_named_and_what_is_on_record_do_not_contradict_each_other() -> None:
    claims = load(ROOT).claim_register.article_claims
    unnamed = claims["chain_kinds"].str.endswith("unnamed")
    known = compute_facts(Findings(load(ROOT)))
    assert known["claims-unnamed"].value == unnamed.sum()
    assert known["claims-unnamed-on-record"].value == (unnamed & (claims["said"] == "on record")).sum() > 0
    drawn = figures()["claims-ladder"](Findings(load(ROOT)), known)
    assert isinstance(drawn, Figure) and "on record: the article does not say who" in drawn.note
    assert "named or known" not in SAID_MEANS["on record"]
    plain = figures()["claims-ladder"](Findings(brief(LETTERS)), {})
    assert isinstance(plain, Figure) and "on record" not in plain.note
