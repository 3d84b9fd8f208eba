"""A reference line or a letterhead that a collection's texts carry is no theme, names none, and is not quoted."""

from __future__ import annotations

import pandas as pd
import pytest

from brief.analysis import exemplars, letterheads, theming
from brief.analysis.campaign_texts import GAP
from conftest import CASES
from consultation import noise, planted


@pytest.fixture(scope="module")
def header() -> str:
    """The words before the asks."""
    first = pd.read_csv(CASES / "analysis" / "shared-reference-line.csv")["text"][0]
    return str(first[: first.index("Please")])


def headed(comments: pd.DataFrame, header: str, every: int = 0) -> pd.DataFrame:
    """Two collections: the texts of the first, 100 of them, carry the header, but for one of so many."""
    collections = ["port" if place < 100 else "square" for place in range(len(comments))]
    texts = [
        f"{header}{text}" if collection == "port" and not (every and place % every == 0) else text
        for place, (text, collection) in enumerate(zip(comments["text"], collections, strict=True))
    ]
    return comments.assign(text=texts, collection_id=collections)


def test_a_header_of_one_collection_makes_no_theme(header: str) -> None:
    texts = headed(noise(240), header)
    assert theming.find(texts.drop(columns="collection_id")).themes["phrases"].str.contains("permit").any()
    nothing = theming.find(texts)
    assert nothing.themes.empty and "chance" in nothing.reason


@pytest.mark.parametrize("every", [0, 10])
def test_a_header_names_no_theme_and_hides_none(header: str, every: int) -> None:
    comments = headed(planted(240), header, every)
    themes = theming.find(comments)
    members = themes.members.merge(comments, on="comment_id")
    most = members.groupby("theme_id")["subject"].agg(lambda of: of.value_counts(normalize=True).iloc[0])
    assert len(members) == len(comments) and (most > 0.95).all() and len(most) == 8
    named = set(themes.themes["phrases"].str.cat(sep=" ").replace(";", "").split())
    assert "buses" in named and not named & {word for word in header.lower().split() if len(word) > 3}


def test_what_most_share_is_taken_out_and_the_rest_stays_as_written(header: str) -> None:
    texts = list(pd.read_csv(CASES / "analysis" / "shared-reference-line.csv")["text"])
    assert letterheads.without(texts, ["port"] * len(texts)) == texts, "nine texts are too few to tell"
    others = [f"{header}{text}" for text in planted(20)["text"]]
    assert all(text.startswith(f"{GAP} ") and "permit" not in text for text in letterheads.without(others, ["a"] * 20))
    assert letterheads.without(others, [str(place) for place in range(20)]) == others


def test_labels_that_a_form_gives_name_no_theme() -> None:
    answers = [f"Town: {text[:3]} Answer: {text}" for text in planted(60)["text"]]
    assert {"town", "answer"} <= letterheads.common_words(answers, ["form"] * 60)
    few = [*answers[:12], *planted(200)["text"]]
    assert "town" not in letterheads.common_words(few, ["form"] * 12 + ["desk"] * 200)


def test_of_equal_sentences_the_writers_own_is_quoted(header: str) -> None:
    own = "The buses come late and the stop has no roof, which is why nobody takes them in winter. " * 3
    text = f"{header}{own}"
    assert exemplars.quotation(text, set()).startswith("My comment is on permit")
    assert exemplars.quotation(text, set(), f"{GAP} {own}").startswith("The buses come late")
