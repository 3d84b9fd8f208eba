"""The brief as one value: all that it is made from, validated; its comments batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from brief.contract.files import comment_batches, comments_file
from brief.contract.tables import COMMENTS, WHOLE_NUMBER
from brief.data import glossary
from brief.data.appraisal import Appraisal
from brief.data.claims import Record
from brief.data.shapes import Article, Codebook, Collection, Topic

NUMBERS = ("position", "likes", "votes_for", "votes_against")
WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Brief:
    """All that a brief is made from, validated.

    `coders`: coder_id, name, kind, blind, independent, how, checked_by. `codings`: coder_id and the columns of their
    files. `voices` and `ledger`: the columns of theirs. `record`: claims, timeline, evidence; `appraisal`: options and
    how they were assessed; `sources`: their fields by key; `glossary`: term, meaning, sources. All texts are `str`,
    empty where nothing was given.
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
    glossary: pd.DataFrame = field(default_factory=glossary.empty)

    def comments(self, batch_rows: int = 50_000) -> Iterator[pd.DataFrame]:
        """The comments batch by batch, in the order of the collections, without those that were withdrawn.

        Columns: collection_id and those of a comments file, texts verbatim, numbers as Int64.
        """
        for collection in self.collections:
            path = comments_file(self.root, collection.collection_id)
            for batch, _ in comment_batches(path, path.name, batch_rows):
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
