"""The parts of a brief as values: topic, articles, collections, codebook; and how each is made from its keys."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from brief.analysis.attributes import column_of
from brief.contract.files import day
from brief.contract.tables import EXTRA_COLUMN
from brief.contract.text_files import read_text
from brief.errors import BriefError, Fault
from brief.prose import catalogue
from brief.prose.catalogue import say

_BRIEF = "data/brief.yml"
_ADDRESS = re.compile(r"(?:https?://\w[^\s\"<>]*|mailto:[^\s\"<>@]+@[^\s\"<>@]+)").fullmatch


FORMER_KEYS = {
    "pseudonym_key": "Remove the line: pseudonyms need no key now. Fingerprints have one in .brief/key, not committed."
}
"""Keys of `data/brief.yml` that are no longer read, each with what to do."""


@dataclass(frozen=True)
class Topic:
    """The topic of a brief: the keys of `data/brief.yml`."""

    brief_id: str
    title: str
    subtitle: str
    question: str
    audience: str
    publisher: str
    contact: str
    edition: dt.date
    language: str
    rights: str
    searched_to: str = ""
    modules: tuple[str, ...] = ()
    site_url: str = ""
    redirects: Mapping[str, str] = field(default_factory=dict)
    coder: str | None = None
    pdf: tuple[str, ...] = ()
    authors: str = ""
    funding: str = ""
    drafted_by: str = "not recorded"
    reviewed_by: str = ""
    responsible: str = ""
    attributes: tuple[str, ...] | None = None
    text_vectors: str = "words"
    pdf_fonts: str = ""

    @property
    def contact_href(self) -> str:
        """Where a mistake is reported, if the contact is an address that a reader can open; else empty."""
        return self.contact if _ADDRESS(self.contact) else ""

    @property
    def contact_words(self) -> str:
        """How a mistake is reported, in words: the sentence, or the name of the link."""
        return say("Report a mistake") if self.contact_href else self.contact


@dataclass(frozen=True)
class Article:
    """An article: where it comes from, and its paragraphs verbatim."""

    article_id: str
    title: str
    publisher: str
    author: str | None
    published: dt.date | None
    url: str | None
    language: str
    retrieved: dt.date | None
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Collection:
    """Comments that belong together: below which article or question, and how they were gathered."""

    collection_id: str
    article_id: str | None
    question: str | None
    unit: str
    units: str
    how: str
    more_exist: bool | None
    more_evidence: str
    comments: str = ""


@dataclass(frozen=True)
class Code:
    """A code of the codebook."""

    id: str
    label: str
    definition: str
    include: str = ""
    exclude: str = ""
    examples: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()


@dataclass(frozen=True)
class Codebook:
    """What a coder reads for: its version, the question, and the codes."""

    version: str
    question: str
    stances: tuple[Code, ...]
    certainties: tuple[Code, ...]
    themes: tuple[Code, ...]
    voices: tuple[Code, ...]


def topic_from(keys: Mapping[str, Any]) -> Topic:
    """The topic from the keys of `data/brief.yml`, once they have been checked."""
    texts = ("brief_id", "title", "subtitle", "question", "audience", "publisher", "contact", "language", "rights")
    return Topic(
        **{name: str(keys[name]) for name in texts},
        edition=day(keys["edition"]) or dt.date.min,
        searched_to=str(keys.get("searched_to") or ""),
        modules=tuple(str(name) for name in keys.get("modules") or ()),
        site_url=str(keys.get("site_url") or ""),
        redirects={str(old): str(new) for old, new in (keys.get("redirects") or {}).items()},
        coder=str(keys["coder"]) if keys.get("coder") else None,
        pdf=tuple(str(part) for part in keys.get("pdf") or ()),
        authors=str(keys.get("authors") or ""),
        funding=str(keys.get("funding") or ""),
        drafted_by=str(keys.get("drafted_by") or "not recorded"),
        reviewed_by=str(keys.get("reviewed_by") or ""),
        responsible=str(keys.get("responsible") or ""),
        attributes=None
        if keys.get("attributes") is None
        else tuple(column_of(str(name)) for name in keys["attributes"]),
        text_vectors=str(keys.get("text_vectors") or "words"),
        pdf_fonts=str(keys.get("pdf_fonts") or ""),
    )


def collection_from(keys: Mapping[str, Any]) -> Collection:
    """A collection from its keys in `data/brief.yml`, once they have been checked."""
    more = keys.get("more_exist")
    unit = str(keys.get("unit") or "comment")
    return Collection(
        collection_id=str(keys["id"]),
        article_id=str(keys["article"]) if keys.get("article") else None,
        question=str(keys["question"]) if keys.get("question") else None,
        unit=unit,
        units=str(keys.get("units") or f"{unit}s"),
        how=str(keys.get("how") or ""),
        more_exist=more if isinstance(more, bool) else None,
        more_evidence=str(keys.get("more_evidence") or ""),
        comments=str(keys.get("comments") or ""),
    )


def article_from(keys: Mapping[str, Any], paragraphs: tuple[str, ...]) -> Article:
    """An article from its front matter and text, once they have been checked."""
    return Article(
        article_id=str(keys["article_id"]),
        title=str(keys["title"]),
        publisher=str(keys["publisher"]),
        author=str(keys["author"]) if keys.get("author") else None,
        published=day(keys.get("published")),
        url=str(keys["url"]) if keys.get("url") else None,
        language=str(keys["language"]),
        retrieved=day(keys.get("retrieved")),
        paragraphs=paragraphs,
    )


def codebook_from(keys: Mapping[str, Any]) -> Codebook:
    """The codebook from its keys, once they have been checked."""

    def codes(kind: str) -> tuple[Code, ...]:
        return tuple(
            Code(
                id=str(code["id"]),
                label=str(code["label"]),
                definition=str(code["definition"]),
                include=str(code.get("include") or ""),
                exclude=str(code.get("exclude") or ""),
                examples=tuple(str(words) for words in code.get("examples") or ()),
                cues=tuple(str(words) for words in code.get("cues") or ()),
            )
            for code in keys.get(kind) or ()
        )

    return Codebook(
        str(keys["version"]), str(keys["question"]), *(codes(k) for k in ("stances", "certainties", "themes", "voices"))
    )


def unknown_attributes(topic: Topic, columns: Iterable[str]) -> Iterator[Fault]:
    """Attributes that readers are to see and that no comment has; `columns` are those of all comments files."""
    known = sorted(name for name in columns if EXTRA_COLUMN.fullmatch(name))
    for name in topic.attributes or ():
        if name not in known:
            remedy = f"Write one of: {', '.join(known)}." if known else "Leave the key out."
            yield Fault(f"no comment has the attribute '{name}'", remedy, _BRIEF, None, "attributes")


def faults_of(root: Path, topic: Topic, articles: Iterable[Article]) -> Iterator[Fault]:
    """A language without a catalogue, a wrong one; articles from after the edition, the only clock there is."""
    if not catalogue.is_known(topic.language, root):
        what = f"there is no catalogue for the language '{topic.language}'"
        yield Fault(what, catalogue.how_to_add(topic.language), _BRIEF, None, "language")
    elif topic.modules and catalogue.primary(topic.language) != catalogue.SOURCE:
        what = f"modules speak English alone, and the brief is in '{topic.language}'"
        yield Fault(what, "Take the modules out.", _BRIEF, None, "modules")
    else:
        yield from faults_of_catalogue(root, topic.language)
    for article in articles:
        for key, date in (("published", article.published), ("retrieved", article.retrieved)):
            if date and date > topic.edition:
                what = f"{date} is after the edition, which is of {topic.edition}"
                day_to_write = f"In {_BRIEF}, write the day of the edition that has it, such as edition: {date}"
                remedy = f"{day_to_write}; or correct the date."
                yield Fault(what, remedy, f"data/articles/{article.article_id}.md", None, key)


def faults_of_catalogue(root: Path, language: str) -> list[Fault]:
    """What is wrong with the catalogue that a brief keeps for its language."""
    from brief.prose import extraction

    path = catalogue.file_of(language, root)
    if path is None or root not in path.parents:
        return []
    file = path.relative_to(root).as_posix()
    try:
        return extraction.faults_of(read_text(path, file), path.stem, file)
    except BriefError as error:
        return [*error.faults]
