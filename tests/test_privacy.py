"""Privacy: names become stable pseudonyms, addresses and telephone numbers are masked, and nothing else is."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from brief.data.loading import load
from brief.prose.masking import ANONYMOUS, EMAIL_REMOVED, PHONE_REMOVED, Masking, masked, pseudonym, publishable

PHONES = (
    "020 7946 0958",
    "(020) 7946-0958",
    "07700900123",
    "07700 900 123",
    "0800 1111",
    "+44 20 7946 0958",
    "+44 (0)20 7946 0958",
    "+447700900123",
    "0044 7700 900123",
    "+1 (555) 123-4567",
    "(555) 123-4567",
    "555-123-4567",
    "+33 1 23 45 67 89",
    "+49 30 901820",
    "020 \u2013 7946 \u2013 0958",
    "020\u00a07946\u00a00958",
)
EMAILS = ("jo@example.org", "jo.o'neil+news@mail.example.co.uk", "JO_1@EXAMPLE.ORG", "jörg@müller.example")
LEFT_ALONE = (
    "in 2017 and 2018",
    "21,700,000 people",
    "21.700.000 Menschen",
    "100 000 000",
    "2017-09-20",
    "2017-09-20T10:00:00Z",
    "01.02.2017 10:30",
    "01/02/2017 and 03/04/2018",
    "9-11-2001 2002",
    "1e5",
    "0123456789abcdef",
    "A0123456789",
    "0.123456789",
    "0.5 0.25 0.125 0.0625",
    "3.14159265358979",
    "S.I. 2018/353",
    "https://www.example.com/2017/9/20/16338128/a-page",
    "https://www.example.com/2017/9/20/0163381281/a-page",
    "192.168.000.001",
    "007",
    "0-0, then 10:00",
    "80 % of 12345678",
    "@council said",
    "me @ home",
    "a@b",
)


@pytest.mark.parametrize("number", PHONES)
@pytest.mark.parametrize("around", ["{}", "Call {}.", "tel:{}, or not", "({})", "first\n{}\nlast"])
def test_a_telephone_number_is_masked(number: str, around: str) -> None:
    shown = masked(around.format(number))
    assert PHONE_REMOVED in shown
    assert not re.search(r"\d", shown)


@pytest.mark.parametrize("address", EMAILS)
@pytest.mark.parametrize("around", ["{}", "Write to {}.", "<{}>", "mailto:{}?subject=x", "{},{}"])
def test_an_address_is_masked(address: str, around: str) -> None:
    shown = masked(around.format(address, address))
    assert EMAIL_REMOVED in shown
    assert "@" not in shown and "xample" not in shown


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_neither_is_left_alone(text: str) -> None:
    assert masked(text) == text


def test_two_numbers_in_a_row_are_both_masked() -> None:
    assert not re.search(r"\d", masked("020 7946 0958 020 7946 0959"))
    assert not re.search(r"\d", masked("020 7946 0958\n07700 900123"))
    assert masked("01.02.2017 020 7946 0958") == f"01.02.2017 {PHONE_REMOVED}"


@pytest.mark.parametrize("part", ["a.", "@", "a@", "0", "0 ", "(0", "+", "a@b.", "0-", "5-", "x"])
def test_long_hostile_text_takes_no_time(part: str) -> None:
    begun = time.process_time()
    masked(part * (200_000 // len(part)) + "@")
    assert time.process_time() - begun < 2


def comments(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["author", "text"], dtype="str")


def masking(frame: pd.DataFrame, *addressed: str) -> Masking:
    return Masking({name: name for name in (*frame["author"], *addressed)})


def test_a_pseudonym_is_made_from_the_first_comment_of_its_author() -> None:
    assert re.fullmatch(r"Commenter [A-Z2-7]{6}", pseudonym("letters-1"))
    assert len({pseudonym(name) for name in ("letters-1", "letters-2", "")}) == 3
    assert pseudonym("") == ANONYMOUS
    frame = comments(("Jo", "A"), ("Jane", "B"), ("Jo", "C"))
    shown = publishable(frame, Masking({"Jo": "letters-1", "Jane": "letters-2"}))
    assert shown["author"].to_list() == [pseudonym(f"letters-{number}") for number in (1, 2, 1)]


def test_no_name_leaves_the_store() -> None:
    frame = comments(
        ("Jo", "First."),
        ("Jane Doe", "@Jo I agree."),
        ("Jo", "@jane doe, @JANE DOE! @Jane too, @Joanna is another."),
        ("", "Write to jo@example.org, @Nobody"),
    )
    shown = publishable(frame, masking(frame))
    jo, jane = pseudonym("Jo"), pseudonym("Jane Doe")
    assert shown["author"].to_list() == [jo, jane, jo, ""]
    assert shown["text"].to_list() == [
        "First.",
        f"{jo} I agree.",
        f"{jane}, {jane}! {jane} too, @Joanna is another.",
        f"Write to {EMAIL_REMOVED}, @Nobody",
    ]
    assert frame["author"].to_list() == ["Jo", "Jane Doe", "Jo", ""], "the store itself stays as it is"


def test_an_author_of_another_batch_may_be_addressed() -> None:
    frame = comments(("", "@Jo no."))
    assert publishable(frame, masking(frame))["text"].to_list() == ["@Jo no."]
    assert publishable(frame, masking(frame, "Jo"))["text"].to_list() == [f"{pseudonym('Jo')} no."]


def test_other_columns_and_the_index_stay() -> None:
    frame = comments(("Jo", "A"), ("", "B")).assign(comment_id=["c-1", "c-2"])
    frame.index = pd.Index([7, 3])
    shown = publishable(frame, masking(frame))
    assert shown["comment_id"].to_list() == ["c-1", "c-2"] and shown.index.to_list() == [7, 3]
    assert shown["text"].to_list() == ["A", "B"]
    assert publishable(frame.iloc[:0], masking(frame)).empty


def test_all_authors_of_a_brief_are_known_whatever_the_batch(project: Callable[..., Path]) -> None:
    root = project("base")
    (root / "data" / "comments" / "letters.csv").write_text("comment_id,author,text\nletters-1,Jo,Yes.\n", "utf-8")
    with (root / "data" / "brief.yml").open("a", encoding="utf-8") as topic:
        topic.write("- id: letters\n  question: Should it close?\n")
    assert load(root).masking.authors == {"Jo": "letters-1"}
