"""Conditions over facts: what the grammar allows, what it means, and that nothing in it is ever run."""

import datetime as dt
import random

import pytest

from brief.errors import BriefError
from brief.prose.conditions import Value, parse

VALUES: dict[str, Value] = {
    "shown": 7,
    "stance-for": 0,
    "stance-against": 3,
    "day": dt.date(2017, 9, 20),
    "more": True,
    "total": None,
}


@pytest.mark.parametrize(
    "condition",
    [
        "shown == 7",
        "stance-for == 0 and stance-against > 0",
        "stance-for > 0 or stance-against >= 3",
        "not stance-for > 0",
        "not (stance-for > 0 or stance-against == 0)",
        "0 <= stance-for < stance-against <= shown",
        "shown - stance-against > stance-against",
        "stance-against + stance-for + 4 == shown",
        "day < 2017-09-21",
        "more == true and more",
        "total == total and total != 7",
        "stance-for > 0 or shown == 7 and more",
    ],
)
def test_true_conditions(condition: str) -> None:
    assert parse(condition).holds(VALUES) is True
    assert parse(f"not ({condition})").holds(VALUES) is False


def test_and_binds_closer_than_or() -> None:
    assert parse("shown == 7 or shown == 8 and more == false").holds(VALUES) is True


def test_a_condition_knows_its_facts_and_their_values() -> None:
    condition = parse("stance-for == 0 and shown > 1")
    assert condition.names == {"stance-for", "shown"}
    assert condition.values(VALUES) == "shown = 7, stance-for = 0"


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "shown ==",
        "shown = 7",
        "(shown == 7",
        "shown == 7)",
        "shown == 7 stance-for",
        "__import__('os').system('true')",
        "shown.real == 7",
        "shown[0]",
        "lambda: 1",
        "shown == 7; stance-for",
        "and shown",
        "7 7",
        "(" * 500 + "shown" + ")" * 500,
    ],
)
def test_what_leaves_the_grammar_is_refused(condition: str) -> None:
    with pytest.raises(BriefError, match="cannot be read"):
        parse(condition)


@pytest.mark.parametrize(
    ("condition", "idle"),
    [
        ("shown > 0 and stance-for >= 0", ["stance-for >= 0"]),
        ("0 <= stance-for <= shown", ["0 <= stance-for"]),
        ("not stance-for < 0", ["not stance-for < 0"]),
        ("stance-for == 0 or stance-for > 0", ["stance-for == 0 or stance-for > 0"]),
        ("shown + stance-for >= 0 and day < 2017-09-21", ["shown + stance-for >= 0"]),
        ("1 <= stance-for < stance-against <= 7 and shown != 8", []),
        ("more == true and stance-for == 0 and total == total", []),
        ("shown - stance-for >= 0", []),
    ],
)
def test_what_no_data_could_make_false_is_found(condition: str, idle: list[str]) -> None:
    assert parse(condition).idle(VALUES) == idle


def test_nothing_that_is_thrown_at_the_grammar_does_more_than_be_refused() -> None:
    pieces = [
        "shown",
        "stance-for",
        "==",
        "<",
        "+",
        "-",
        "(",
        ")",
        "and",
        "or",
        "not",
        "7",
        '"x"',
        "2017-02-30",
        "\u00b2",
    ]
    pieces += ["2017-09-20", "true", "day", "more", "total", "__class__", "\n", "'", "9" * 30, "\u0663", "==="]
    chance, read = random.Random(3), 0
    for _ in range(4000):
        try:
            condition = parse(" ".join(chance.choices(pieces, k=chance.randrange(1, 8))))
            condition.idle(VALUES)
            condition.holds(VALUES)
            read += 1
        except BriefError:
            continue
    assert read > 100


@pytest.mark.parametrize("condition", ["total < 7", "day < 7", "shown + day > 1", "shown < day"])
def test_kinds_that_have_no_order_are_told(condition: str) -> None:
    with pytest.raises(BriefError, match="different kinds"):
        parse(condition).holds(VALUES)


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(BriefError, match="'shwn', which is not a fact"):
        parse("shwn == 7").holds(VALUES)
