"""Passing over the comments of a brief: one function for each thing that is wanted of them, batch by batch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pandas as pd

from brief.data.brief import Brief
from brief.prose.masking import publishable


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


def fingerprints(brief: Brief) -> Iterator[tuple[str, str]]:
    """The id of each comment and the SHA-256 of its stored text."""
    for batch in brief.comments():
        for name, text in zip(batch["comment_id"], batch["text"], strict=True):
            yield str(name), hashlib.sha256(str(text).encode()).hexdigest()
