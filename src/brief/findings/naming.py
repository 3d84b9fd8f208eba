"""What comments, their readings and their places are called on a page and in a sentence; no comment is read here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.analysis import coding
from brief.analysis.attributes import PREFIX
from brief.prose.catalogue import message, say
from brief.prose.language import capital, counted, listed, long_date, only_noun
from brief.prose.plain import ELLIPSIS, shown

if TYPE_CHECKING:
    from brief.data.brief import Brief
    from brief.data.shapes import Article, Code, Collection

NOT_CODED_LABEL = message("Not classified")
NO_THEME = message("No theme")
NOT_STATED = message("not stated")
NOT_ASKED = message("not asked")
OTHER_VALUES = message("All other values")
PROGRAMS = ("rules", "trained model", "language model")
"""The kinds of coders that are programs."""
_LONGEST = 160
LISTED = 50
"""So many comments are listed one by one; the rest stand in the figures' data."""


def label(brief: Brief, comment: Mapping[str, Any], places: Mapping[str, str]) -> str:
    """What one comment is called: "Comment block 4", with its place where several collections count from one.

    `places` are what `places_of` gives of the brief.
    """
    if pd.isna(comment["position"]):
        return str(comment["comment_id"])
    called = say("{one} {number}", one=capital(nouns(brief)[0]), number=comment["position"])
    return f"{called}, {places[comment['collection_id']]}" if len(places) > 1 else called


def places_of(brief: Brief) -> dict[str, str]:
    """What each collection is called beside the number of a comment: publisher and date of its article, else its id.

    Two that would be called the same are called by their ids.
    """
    articles = {article.article_id: article for article in brief.articles}
    named: dict[str, str] = {}
    for collection in brief.collections:
        article = articles.get(collection.article_id or "")
        parts = [short(article.publisher)] if article and article.publisher else []
        parts += [long_date(article.published)] if article and article.published else []
        named[collection.collection_id] = ", ".join(parts) or collection.collection_id
    said = list(named.values())
    return {name: name if said.count(words) > 1 else words for name, words in named.items()}


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as dictionaries by the names of its columns."""
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in frame.to_numpy(dtype=object).tolist()]


def nouns(brief: Brief) -> tuple[str, str]:
    """What one comment and several are called; collections that call theirs differently have comments."""
    called = {(collection.unit, collection.units) for collection in brief.collections}
    return only_noun(*(called.pop() if len(called) == 1 else ("comment", "comments")))


def number_of(brief: Brief, number: int) -> str:
    """A number of comments in words: "seven comment blocks"."""
    return counted(number, *nouns(brief))


def shown_if_listed(number: int) -> str:
    """The word " shown" after so many comments, where the page shows each of them."""
    return say(" shown") if number <= LISTED else ""


def codes(brief: Brief, kind: str) -> Sequence[Code]:
    """The stances, certainties, themes or voices of the codebook; none where there is no codebook."""
    return () if brief.codebook is None else getattr(brief.codebook, kind)


def labels(brief: Brief, kind: str) -> dict[str, str]:
    """Label by id for one part of the codebook, in its order."""
    return {code.id: short(code.label) for code in codes(brief, kind)}


def short(words: str) -> str:
    """A label or title as it may stand in a sentence: on one line, and not longer than a sentence bears."""
    flat = shown(words[: 2 * _LONGEST])
    return flat if len(flat) <= _LONGEST else f"{flat[:_LONGEST].rstrip()}{ELLIPSIS}"


def label_of(known: dict[str, str], code: str) -> str:
    """The label of an id; an id that the codebook does not have stands for itself."""
    return say(NOT_CODED_LABEL) if code == coding.NOT_CODED else known.get(code, code)


def attribute_label(name: str) -> str:
    """What an attribute is called: its column without the prefix, in words."""
    return capital(short(name.removeprefix(PREFIX).replace("_", " ")))


def article_named(article: Article) -> str:
    """An article as it is named below a figure: title, publisher and date."""
    parts = [say("“{title}”", title=short(article.title)), short(article.publisher)]
    if article.published is not None:
        parts.append(long_date(article.published))
    return ", ".join(part for part in parts if part)


def asked(brief: Brief) -> list[str]:
    """What the comments answer, in words: titles of the brief and of the articles, and the questions."""
    collections = [collection.question or "" for collection in brief.collections]
    return [brief.topic.title, brief.topic.question, *(article.title for article in brief.articles), *collections]


def place_in_short(brief: Brief) -> str:
    """As `place`, with the publisher and date alone where there is one article and one collection."""
    if len(brief.articles) != 1 or len(brief.collections) != 1 or not brief.collections[0].article_id:
        return place(brief)
    article = brief.articles[0]
    named = [part for part in (short(article.publisher), article.published and long_date(article.published)) if part]
    return say("under the article in {named}", named=", ".join(named)) if named else say("under the article")


def place(brief: Brief) -> str:
    """Where the comments were written: below which article, or in answer to which question."""
    articles = {article.article_id: article for article in brief.articles}
    return listed(dict.fromkeys(_written(collection, articles) for collection in brief.collections))


def _written(collection: Collection, articles: dict[str, Article]) -> str:
    article = articles.get(collection.article_id or "")
    if article is not None:
        return say("under {article_named}", article_named=article_named(article))
    return (
        say("in answer to “{question}”", question=short(collection.question))
        if collection.question
        else say("collected for this brief")
    )


def coder_named(brief: Brief) -> str:
    """The name of the printed coder, or that there is none."""
    coder, named = _printed(brief)
    return short(str(named["name"].iloc[0])) if len(named) else (coder or say("not classified yet"))


def themes_read(brief: Brief) -> bool:
    """Whether the printed coder has looked for themes, so that none means none."""
    return _printed(brief)[0] not in brief.stance_only


def none_of_a_theme(brief: Brief, stance: str) -> str:
    """What stands for the theme of a comment of that stance that has none; empty where nobody looks for themes."""
    if not themes_read(brief) or not codes(brief, "themes"):
        return ""
    return say(NOT_CODED_LABEL if stance == coding.NOT_CODED else NO_THEME)


def coded_by_a_program(brief: Brief) -> bool:
    """Whether the printed coder is recorded as a program."""
    _, named = _printed(brief)
    return len(named) > 0 and str(named["kind"].iloc[0]) in PROGRAMS


def _printed(brief: Brief) -> tuple[str | None, pd.DataFrame]:
    coder = coding.coder_shown(brief.codings, brief.topic.coder)
    return coder, brief.coders[brief.coders["coder_id"] == coder] if coder and len(brief.coders) else brief.coders[:0]


def source(brief: Brief) -> str:
    """The comments and whose reading of them is shown, as a source line."""
    return say(
        "{many} {place}; coding: {coder_named}",
        many=capital(nouns(brief)[1]),
        place=place(brief),
        coder_named=coder_named(brief),
    )
