"""Passing over the comments of a brief: one function for each thing that is wanted of them, batch by batch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pandas as pd

from brief.contract import comment_files
from brief.data.brief import Brief, normal
from brief.findings import naming
from brief.prose.masking import pseudonym, publishable, said

_BATCH = 50_000


def ids(brief: Brief) -> list[str]:
    """The ids of all comments, in their order."""
    return [str(name) for batch in brief.comments() for name in batch["comment_id"]]


def published(brief: Brief) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """The comments batch by batch, each as it is stored and as it may leave the store."""
    spoken = brief.languages()
    for batch in brief.comments():
        own = zip(batch["language"], batch["collection_id"], strict=True)
        languages = [str(language) or spoken.get(str(collection), "") for language, collection in own]
        yield batch, publishable(batch, brief.masking, languages)


def withdrawn(brief: Brief) -> list[dict[str, str]]:
    """The comments that were withdrawn: id, what it is called, its author's pseudonym if it was the author's first."""
    if not brief.withdrawn:
        return []
    gone, places = set(brief.withdrawn), naming.places_of(brief)
    listed = []
    named = ["comment_id", "collection_id", "position"]
    for collection in brief.collections:
        for batch, _, _ in comment_files.batches(brief.root, collection.collection_id, _BATCH):
            for row in naming.rows_of(normal(batch, collection.collection_id)[named]):
                if row["comment_id"] in gone:
                    name = str(row["comment_id"])
                    listed.append(
                        {"id": name, "label": naming.label(brief, row, places), "pseudonym": said(pseudonym(name))}
                    )
    return listed


def fingerprints(brief: Brief) -> Iterator[tuple[str, str]]:
    """The id of each comment and the SHA-256 of its stored text."""
    for batch in brief.comments():
        for name, text in zip(batch["comment_id"], batch["text"], strict=True):
            yield str(name), hashlib.sha256(str(text).encode()).hexdigest()
