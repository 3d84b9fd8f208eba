"""Pages and exports that articles and comments come from, one module a kind; a new file here is found by itself.

A module has

- `NAME`: what it reads, in words, as it stands in a message;
- `ANSWERS`: the options of `brief add` by which a guess of its own can be put right: `map` and `dates` where its
  columns have any names, `encoding` where it reads text;
- `recognises(path, head)`: how sure it is that the file is of its kind, and why; `head` are the first bytes of it;
- `read(path, answers)`: what it found. Raises `BriefError`.

Comments are given as the format has them: any ids, any dates, any further columns; `read` of this package makes rows
of the contract of them. The surest module reads a file. One that is not at all sure never does, so what nobody
recognises is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import pandas as pd

from brief.contract.text_files import opened
from brief.errors import fail
from brief.store.rows import Rows
from brief.store.seen import is_no_text, seen
from brief.store.tidying import tidied
from brief.store.unseen import counting

_HEAD = 65_536
"""So many bytes are looked at to recognise a file."""
_OF_NO_TEXT = 0.5
"""So sure at least is a module of a file that is no text: a picture is no copied page."""
_ALWAYS = ("holds", "accept", "without_key")
KNOWN = ("publisher", "author", "published", "url", "language", "retrieved")
"""The keys of an article's front matter that a file may tell, and the options that say otherwise."""
_OF_ARTICLES = ("title", *KNOWN, "id", "replace")
_OF_COMMENTS = ("collection", "article", "question", "parquet")
"""The options of `brief add` that say what cannot be read off a file with an article, or with comments alone."""


@dataclass(frozen=True)
class Likeness:
    """How sure a module is that a file is of its kind, from 0 (not mine) to 1, and why, in words."""

    sure: float
    why: str


NOT_MINE = Likeness(0.0, "")


@dataclass(frozen=True)
class FoundArticle:
    """An article as it stands in a file: the headline on one line, the paragraphs verbatim.

    `known` are keys of its front matter that the file tells, of `KNOWN`.
    """

    headline: str
    paragraphs: tuple[str, ...]
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """What a module found in a file.

    `comments` has a row a comment, all texts; where there may be very many, as `Rows`. Columns named as in the contract
    hold what it says; `comment_id` and `parent_id` are those of the format, and every other column is to become an
    attribute. A comment that was taken back has the status withdrawn and no text. `first_row` is the row of the file in
    which the first one stands (1 where there is no header above), `whole` whether the file holds all comments by its
    nature, as a page does.

    `how` says in a sentence how they came in. `guesses` says in words what could be otherwise, `messages` what else the
    preview tells. `keys` are further keys of a new collection, `more_evidence` the words by which a page tells of more
    comments than it shows.
    """

    article: FoundArticle | None
    comments: pd.DataFrame | Rows
    how: str
    guesses: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    more_evidence: str = ""
    first_row: int = 2
    whole: bool = False


@dataclass(frozen=True)
class Material:
    """What was found in a file, its comments as rows of the contract; `source` and `why` say by whom it was read."""

    article: FoundArticle | None
    comments: Rows
    how: str
    guesses: tuple[str, ...]
    messages: tuple[str, ...]
    keys: Mapping[str, str]
    more_evidence: str
    whole: bool
    source: str
    why: str


@cache
def modules() -> dict[str, ModuleType]:
    """Every module of this folder by its name, sorted."""
    return {module.name: import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)}


def recognise(path: Path) -> tuple[ModuleType, Likeness]:
    """The module that is surest of a file, and how sure it is.

    Raises `BriefError` for a file that cannot be opened, that is empty, or that nobody recognises.
    """
    with opened(path, path.name) as file:
        head = file.read(_HEAD)
    if not head.removeprefix(b"\xef\xbb\xbf").strip():
        raise fail("the file is empty", "Name one that holds something.", path.name)
    likenesses = [(module.recognises(path, head), name) for name, module in modules().items()]
    likeness, name = max(likenesses, key=lambda likeness: (likeness[0].sure, likeness[1]))
    if likeness.sure <= (_OF_NO_TEXT if is_no_text(head) else 0):
        can = "; ".join(sorted(module.NAME for module in modules().values()))
        what = f"this kind of file is not known here: {seen(path, head)}"
        raise fail(what, f"What can be read: {can}.", path.name)
    return modules()[name], likeness


def read(path: Path, answers: Mapping[str, Any]) -> Material:
    """Recognise a file and read it. `answers` are options of `brief add` by their names, those that were given.

    Raises `BriefError` as `recognise` does, for an option that does not apply to the file, and where it is not sound.
    """
    module, likeness = recognise(path)
    with counting() as taken_out:
        material: Found = module.read(path, {name: value for name, value in answers.items() if name in module.ANSWERS})
    material = replace(material, messages=(*material.messages, *taken_out.messages()))
    applies = {*_ALWAYS, *module.ANSWERS, *(_OF_ARTICLES if material.article is not None else _OF_COMMENTS)}
    for name in answers:
        if name not in applies:
            option = f"--{name.replace('_', '-')}"
            raise fail(f"{option} does not apply: this was read as {module.NAME}", f"Leave {option} out.", path.name)
    return _tidied(material, path.name, answers, str(module.NAME), likeness.why)


def _tidied(material: Found, file: str, answers: Mapping[str, Any], source: str, why: str) -> Material:
    """What was found, its comments as rows of the contract, its headline as the caller says it."""
    article = material.article
    guesses, messages = material.guesses, material.messages
    if article is not None:
        said = {name: str(answers[name]) for name in KNOWN if answers.get(name)}
        otherwise = [
            f"{name} “{there}”" for name, there in article.known.items() if there not in ("", said.get(name, there))
        ]
        if otherwise:
            messages = (*messages, f"The page itself has another {', another '.join(otherwise)}.")
        article = replace(article, known={**article.known, **said})
        if answers.get("title"):
            article = replace(article, headline=" ".join(str(answers["title"]).split()))
    rows = material.comments if isinstance(material.comments, Rows) else Rows.of(material.comments)
    if len(rows):
        language = str(answers.get("language", "") or (article.known.get("language", "") if article else ""))
        wanted, order = tuple(answers.get("map", ())), str(answers.get("dates", ""))
        tidy = tidied(rows, file, wanted, order, language, material.first_row)
        rows, guesses, messages = tidy.rows, (*guesses, *tidy.guesses), (*messages, *tidy.messages)
    return Material(
        article,
        rows,
        material.how,
        guesses,
        messages,
        material.keys,
        material.more_evidence,
        material.whole,
        source,
        why,
    )
