"""What was decided, and where it is answered: a small consultation with three arguments, two of them decided on."""

from __future__ import annotations

from pathlib import Path

import pytest

import topics
from brief.book.check import examine
from brief.book.contents import chosen, read_book
from brief.book.open_points import open_points
from brief.data.loading import load
from brief.figures import SILENT, Table, tables
from brief.findings.facts import compute_facts
from brief.findings.findings import Findings

TEXTS = ["It costs too much.", "Keep it open.", "I come at seven.", "Nobody reads anyway."]
REPLIES = """argument_id,argument,comments,evidence,answered
late,People come after work.,library-hours-3,None.,not answered
cost,Evening hours cost too much.,library-hours-1,None.,not answered
nobody,Nobody comes.,library-hours-4,None.,not answered
"""
DECISIONS = """about,decision,why,changed,stands_in,url,decided_by,decided_on
late,accepted in part,"Many come after six, few after seven.",It closes at seven.,"Answer of the council, 4.2",\
https://council.example/answer,The council,2026-01-01
nobody,not accepted,900 people came in March.,,,,The council,2026-01-01
"""


@pytest.fixture
def consultation(tmp_path: Path) -> Path:
    root = topics.asked(tmp_path / "brief", TEXTS)
    topics.write(root / "data" / "replies.csv", REPLIES)
    topics.write(root / "data" / "decisions.csv", DECISIONS)
    return root


def sentence(root: Path) -> str:
    facts = compute_facts(Findings(load(root)))
    [statement] = [each for _, each in read_book(root).statements() if each.statement_id == "decisions-recorded"]
    alternative = chosen(statement, facts)
    assert alternative is not None
    return alternative.text.strip()


def test_the_reply_matrix_shows_decisions_and_puts_first_what_nobody_answered(consultation: Path) -> None:
    made = tables()["reply-matrix"](Findings(load(consultation)), {})
    assert isinstance(made, Table)
    assert list(made.data["Argument"]) == ["Evening hours cost too much.", "People come after work.", "Nobody comes."]
    assert list(made.data["Decision"]) == [
        "No decision recorded",
        "Accepted in part: Many come after six, few after seven.",
        "Not accepted: 900 people came in March.",
    ]


def test_each_decision_stands_with_its_reason_and_its_place(consultation: Path) -> None:
    made = tables()["decisions"](Findings(load(consultation)), {})
    assert isinstance(made, Table)
    first, second = made.data.to_dict("records")
    assert first["What changed"] == "It closes at seven."
    assert first["Where it stands"] == "Answer of the council, 4.2 https://council.example/answer"
    assert first["Decided"] == "The council, 1 January 2026"
    assert second["What changed"] == "Nothing recorded"


def test_the_sentence_says_how_many_are_left_and_none_where_nothing_is_decided(consultation: Path) -> None:
    assert sentence(consultation).startswith("On {fact}`arguments-undecided` of {fact}`arguments` no decision")
    topics.write(
        consultation / "data" / "decisions.csv", DECISIONS + "cost,accepted,It does.,,,,The council,2026-01-01\n"
    )
    assert sentence(consultation) == "For each of them it is recorded what was decided, and why."
    (consultation / "data" / "decisions.csv").unlink()
    assert sentence(consultation) == "No decision on any of them is recorded."
    known = load(consultation)
    assert tables()["decisions"](Findings(known), {}) is SILENT
    made = tables()["reply-matrix"](Findings(known), {})
    assert isinstance(made, Table) and "Decision" not in made.data


def test_a_decision_leaves_with_the_last_comment_of_its_argument(consultation: Path) -> None:
    register = load(consultation).claim_register.without(["library-hours-4"])
    assert list(register.decisions["about"]) == ["late"]


def test_who_publishes_is_told_of_people_who_are_named_in_a_reason(tmp_path: Path) -> None:
    authors = ["Ann Hartwell", "Ben Okafor", "Carla Munoz", "Dieter Vogel"]
    root = topics.asked(tmp_path / "brief", TEXTS, author=authors)
    topics.write(root / "data" / "replies.csv", REPLIES)
    named = DECISIONS.replace("900 people came", "Ann Hartwell (ann@example.org) came")
    topics.write(root / "data" / "decisions.csv", named.replace("It closes at seven.", "\u200b"))
    points = [point for point in open_points(root, examine(root)) if point.file == "data/decisions.csv"]
    assert [(point.what.split("'")[1], point.column) for point in points] == [
        ("Ann Hartwell", "why of nobody"),
        ("ann@example.org", "why of nobody"),
    ]
    table = tables()["decisions"](Findings(load(root)), {})
    assert isinstance(table, Table) and table.data["What changed"].iloc[0] == "Nothing recorded"


def test_a_cell_stands_on_one_line_and_turns_no_direction_of_writing(consultation: Path) -> None:
    turned = DECISIONS.replace("The council,2026", "\u202ethe council,2026").replace("Many come", "Many\n\n\u202ecome")
    topics.write(consultation / "data" / "decisions.csv", turned)
    table = tables()["decisions"](Findings(load(consultation)), {})
    assert isinstance(table, Table)
    first = table.data.to_dict("records")[0]
    assert first["Decision and reason"] == "Accepted in part: Many come after six, few after seven."
    assert first["Decided"] == "the council, 1 January 2026"
