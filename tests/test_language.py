"""Facts in prose: values, number words, nouns and verbs that agree, capitals at the start of a sentence."""

import datetime as dt

import pytest

from brief.errors import BriefError
from brief.findings.facts import Fact
from brief.prose.language import counted, listed, moment, number_word
from brief.prose.mentions import mentions, render, unknown_name_remedy


def fact(name: str, value: object) -> Fact:
    return Fact(name, value, "A definition.", "data/", "comment block", "comment blocks")  # type: ignore[arg-type]


FACTS = {
    one.name: one
    for one in [
        fact("none", 0),
        fact("single", 1),
        fact("seven", 7),
        fact("ten", 10),
        fact("thousands", 21_700),
        fact("day", dt.date(2017, 9, 20)),
        fact("known", True),
        fact("total", None),
        fact("name", "The Gazette"),
    ]
}


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("there are {count}`seven`", "there are 7 comment blocks"),
        ("there is {count}`single`", "there is one comment block"),
        ("there are {count}`none`", "there are no comment blocks"),
        ("there are {count}`ten`", "there are 10 comment blocks"),
        ("of {fact}`thousands`", "of 21,700"),
        ("on {fact}`day`", "on 20 September 2017"),
        ("more: {fact}`known`", "more: yes"),
        ("in all, {fact}`total`", "in all, not known"),
        ("by {fact}`name`", "by The Gazette"),
        ("{count}`seven` {plural}`seven|leans|lean` one way", "7 comment blocks lean one way"),
        ("{count}`single` {plural}`single|leans|lean` one way", "One comment block leans one way"),
        ("It ended. {count}`none|reader was|readers were` there", "It ended. No readers were there"),
        ('It said "so." {count}`seven|of us|of us` agreed', 'It said "so." 7 of us agreed'),
    ],
)
def test_a_fact_reads_as_english(template: str, printed: str) -> None:
    assert render(template, FACTS) == printed


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("{fact}`sevn`", "Near it: seven"),
        ("{count}`day`", "is not a number"),
        ("{count}`known`", "is not a number"),
        ("{count}`seven|noun`", "is not a form of this role"),
        ("{plural}`seven`", "is not a form of this role"),
    ],
)
def test_what_cannot_be_printed_is_told(template: str, told: str) -> None:
    with pytest.raises(BriefError, match=told):
        render(template, FACTS)


def test_a_name_that_is_not_known_leads_to_those_that_share_its_rarest_word() -> None:
    known = ["comments-gone", "comments-shown", "comments-coded", "stance-against", "stance-for-least", "stance-for"]
    assert unknown_name_remedy("comments-for", known).endswith(", stance-for, stance-for-least.")
    assert "Near it" not in unknown_name_remedy("xyzzy", known)


def test_numbers_and_lists() -> None:
    assert [number_word(number) for number in (0, 1, 9, 10, 1234)] == ["no", "one", "9", "10", "1,234"]
    assert counted(2, "block", "blocks") == "2 blocks"
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == ["a", "a and b", "a, b and c"]


def test_mentions_are_found_in_order() -> None:
    assert [m.name for m in mentions("{fact}`b` and {count}`a|x|y`")] == ["b", "a"]


@pytest.mark.parametrize(
    ("stored", "printed"),
    [
        ("", ""),
        ("2020-05-01", "1 May 2020"),
        ("2020-05-01T10:12:00Z", "1 May 2020, 10:12 UTC"),
        ("2020-05-01T10:12:30+02:00", "1 May 2020, 10:12 UTC+02:00"),
        ("2020-05-01T10:12", "1 May 2020, 10:12"),
    ],
)
def test_a_moment_is_written_as_people_write_it(stored: str, printed: str) -> None:
    assert moment(stored) == printed
