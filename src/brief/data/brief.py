"""The brief as one value: all that it is made from, validated; its comments batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from brief.contract import comment_files
from brief.contract.noting import Noting
from brief.contract.tables import COMMENTS, EXTRA_COLUMN, WHOLE_NUMBER
from brief.data import glossary
from brief.data.appraisal import Appraisal
from brief.data.claims import ClaimRegister
from brief.data.plan import HISTORY, PLAN, Plan
from brief.data.shapes import Article, Codebook, Collection, Topic
from brief.prose.catalogue import Catalogue, speaking
from brief.prose.masking import Masking
from brief.prose.placeholders import is_placeholder

NUMBERS = ("position", "likes", "votes_for", "votes_against")
WITHDRAWN = "withdrawn"
GONE = "gone"
HIDDEN = (WITHDRAWN, GONE)
"""The statuses of comments that are stored and not shown."""
READER = "person"
"""The kind of a coder who is a reader: what nobody recorded as read by a person is not taken for that."""
EARLIER = "earlier"
"""What stands under `text_read` where a coding was made before the comment got another text."""
WITHOUT_TEXT = "without text"
"""What the check of the data calls the status of a comment whose whole text is a placeholder."""


@dataclass(frozen=True)
class Brief(Noting):
    """All that a brief is made from, validated.

    `coders`: coder_id, name, kind, blind, independent, how, checked_by. `codings`: coder_id and the columns of their
    files. `voices` and `ledger`: theirs. `claim_register`: claims, timeline, evidence; `appraisal`: options and how
    they were assessed; `sources`: their fields by key; `glossary`: term, meaning, sources; `plan`: what was planned
    beforehand; `masking`: how texts are masked; `without_text`: how many comments have a placeholder for a text;
    `unshown`: the codings of comments that no page shows; `withdrawn`: the ids of those taken back; `gone`: how many a
    newer export no longer has; `stance_only` the coders whose files have no column of themes: they have not looked for
    any. All texts are `str`, empty where nothing was given.
    """

    FROM: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "topic": ("data/brief.yml",),
        "articles": ("data/articles/",),
        "collections": ("data/brief.yml",),
        "codebook": ("data/codebook.yml",),
        "coders": ("data/coders.yml",),
        "codings": ("data/codings/",),
        "stance_only": ("data/codings/",),
        "voices": ("data/voices.csv",),
        "ledger": ("data/ledger.csv",),
        "sources": ("data/sources.bib",),
        "digest": ("data/",),
        "corrections": ("data/corrections.csv",),
        "glossary": (glossary.GLOSSARY,),
        "masking": ("data/masking.csv",),
        "without_text": ("data/comments/",),
        "withdrawn": ("data/comments/",),
        "gone": ("data/comments/",),
        "unshown": ("data/codings/", "data/comments/"),
        "plan": (PLAN, HISTORY),
    }

    root: Path
    topic: Topic
    articles: tuple[Article, ...]
    collections: tuple[Collection, ...]
    codebook: Codebook | None
    coders: pd.DataFrame
    codings: pd.DataFrame
    voices: pd.DataFrame
    ledger: pd.DataFrame
    claim_register: ClaimRegister
    appraisal: Appraisal
    sources: Mapping[str, Mapping[str, str]]
    digest: str
    corrections: pd.DataFrame = field(default_factory=pd.DataFrame)
    glossary: pd.DataFrame = field(default_factory=glossary.empty)
    masking: Masking = field(default_factory=Masking)
    without_text: int = 0
    withdrawn: tuple[str, ...] = ()
    gone: int = 0
    stance_only: frozenset[str] = frozenset()
    plan: Plan = field(default_factory=Plan)
    unshown: tuple[tuple[str, int, str, str], ...] = ()

    def speaking(self) -> AbstractContextManager[Catalogue]:
        """The language of the brief, for everything that is said meanwhile."""
        return speaking(self.topic.language, self.root)

    def languages(self) -> dict[str, str]:
        """The language of each collection's comments where they name none: its article's, else the brief's."""
        of_articles = {article.article_id: article.language for article in self.articles}
        return {
            collection.collection_id: of_articles.get(collection.article_id or "", self.topic.language)
            for collection in self.collections
        }

    def texts(self) -> Iterator[tuple[str, str, str]]:
        """Every comment as it is stored, one by one: id, text, author."""
        for batch in self.comments():
            yield from zip(batch["comment_id"], batch["text"], batch["author"], strict=True)

    def comments(self, batch_rows: int = 50_000) -> Iterator[pd.DataFrame]:
        """The comments batch by batch, in the order of the collections, without those that were withdrawn, that a newer
        export no longer has, or in which nobody says anything.

        Columns: collection_id and those of a comments file, attributes last; texts verbatim, numbers as Int64.
        """
        for collection in self.collections:
            for batch, _, _ in comment_files.batches(self.root, collection.collection_id, batch_rows):
                shown = normal(batch, collection.collection_id)
                shown = shown[~shown["status"].isin(HIDDEN) & ~shown["text"].map(is_placeholder).astype("bool")]
                if len(shown):
                    yield shown.reset_index(drop=True)


def normal(batch: pd.DataFrame, collection_id: str) -> pd.DataFrame:
    """A batch of comments with every column of the contract, texts and Int64 for numbers, and with its attributes.

    A cell that holds no number is a fault, told with its row where data are checked; here it is a missing number.
    """
    columns: dict[str, Any] = {"collection_id": pd.Series(collection_id, index=batch.index, dtype="str")}
    for column in COMMENTS:
        cells = batch[column.name] if column.name in batch else pd.Series("", index=batch.index, dtype="str")
        if column.name in NUMBERS:
            cells = pd.to_numeric(cells.where(cells.str.fullmatch(WHOLE_NUMBER.pattern), None)).astype("Int64")
        columns[column.name] = cells
    columns |= {str(name): batch[name] for name in batch.columns if EXTRA_COLUMN.fullmatch(str(name))}
    return pd.DataFrame(columns)
