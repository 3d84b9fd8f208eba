"""Where things are, and the brief as one value: topic, articles, comments, codebook, codings, ledger, digest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from brief import inputs, reading
from brief.appraisal import Appraisal
from brief.errors import BriefError, Fault
from brief.record import Record
from brief.tables import COMMENTS, WHOLE_NUMBER

NUMBERS = ("position", "likes", "votes_for", "votes_against")
WITHDRAWN = "withdrawn"


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
    modules: tuple[str, ...] = ()
    site_url: str = ""
    redirects: Mapping[str, str] = field(default_factory=dict)
    coder: str | None = None
    pseudonym_key: str | None = None
    pdf: tuple[str, ...] = ()


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


@dataclass(frozen=True)
class Brief:
    """All that a brief is made from, validated.

    `coders`: coder_id, name, kind, blind, independent, how, checked_by. `codings`: coder_id and the columns of their
    files. `voices` and `ledger`: the columns of theirs. `record`: claims, timeline, evidence; `appraisal`: options and
    how they were assessed; `sources`: their fields by key. All texts are `str`, empty where nothing was given.
    """

    root: Path
    topic: Topic
    articles: tuple[Article, ...]
    collections: tuple[Collection, ...]
    codebook: Codebook | None
    coders: pd.DataFrame
    codings: pd.DataFrame
    voices: pd.DataFrame
    ledger: pd.DataFrame
    record: Record
    appraisal: Appraisal
    sources: Mapping[str, Mapping[str, str]]
    digest: str
    corrections: pd.DataFrame = field(default_factory=pd.DataFrame)

    def comments(self, batch_rows: int = 50_000) -> Iterator[pd.DataFrame]:
        """The comments batch by batch, in the order of the collections, without those that were withdrawn.

        Columns: collection_id and those of a comments file, texts verbatim, numbers as Int64.
        """
        for collection in self.collections:
            path = reading.comments_file(self.root, collection.collection_id)
            for batch, _ in reading.comment_batches(path, path.name, batch_rows):
                shown = normal(batch, collection.collection_id)
                shown = shown[shown["status"] != WITHDRAWN]
                if len(shown):
                    yield shown.reset_index(drop=True)


def normal(batch: pd.DataFrame, collection_id: str) -> pd.DataFrame:
    """A batch of comments with every column of the contract: texts, and Int64 for numbers.

    A cell that holds no number is a fault, told with its row where data are checked; here it is a missing number.
    """
    columns: dict[str, Any] = {"collection_id": pd.Series(collection_id, index=batch.index, dtype="str")}
    for column in COMMENTS:
        cells = batch[column.name] if column.name in batch else pd.Series("", index=batch.index, dtype="str")
        if column.name in NUMBERS:
            cells = pd.to_numeric(cells.where(cells.str.fullmatch(WHOLE_NUMBER.pattern), None)).astype("Int64")
        columns[column.name] = cells
    return pd.DataFrame(columns)


def find_root(start: Path) -> Path:
    """The project that `start` lies in; see `inputs.find_root`."""
    return inputs.find_root(start)


def load(root: Path) -> Brief:
    """The brief at `root`. Raises `BriefError` with every fault of its data."""
    from brief.validating import examine

    found = examine(root)
    if found.faults or found.brief is None:
        raise BriefError(found.faults)
    return found.brief


def check_data(root: Path) -> list[Fault]:
    """Every fault of the data at `root`, in the order of the files."""
    from brief.validating import examine

    return list(BriefError(examine(root).faults).faults)


def topic_from(keys: Mapping[str, Any]) -> Topic:
    """The topic from the keys of `data/brief.yml`, once they have been checked."""
    texts = ("brief_id", "title", "subtitle", "question", "audience", "publisher", "contact", "language", "rights")
    return Topic(
        **{name: str(keys[name]) for name in texts},
        edition=reading.day(keys["edition"]) or dt.date.min,
        modules=tuple(str(name) for name in keys.get("modules") or ()),
        site_url=str(keys.get("site_url") or ""),
        redirects={str(old): str(new) for old, new in (keys.get("redirects") or {}).items()},
        coder=str(keys["coder"]) if keys.get("coder") else None,
        pseudonym_key=str(keys["pseudonym_key"]) if keys.get("pseudonym_key") else None,
        pdf=tuple(str(part) for part in keys.get("pdf") or ()),
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
    )


def article_from(keys: Mapping[str, Any], paragraphs: tuple[str, ...]) -> Article:
    """An article from its front matter and text, once they have been checked."""
    return Article(
        article_id=str(keys["article_id"]),
        title=str(keys["title"]),
        publisher=str(keys["publisher"]),
        author=str(keys["author"]) if keys.get("author") else None,
        published=reading.day(keys.get("published")),
        url=str(keys["url"]) if keys.get("url") else None,
        language=str(keys["language"]),
        retrieved=reading.day(keys.get("retrieved")),
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
