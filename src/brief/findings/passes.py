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


def authors(brief: Brief) -> frozenset[str]:
    """Every author of a brief: whom a comment may address, in whichever batch or collection they wrote."""
    return frozenset(name for batch in brief.comments() for name in batch["author"] if name)


def published(brief: Brief, addressed: frozenset[str] | None = None) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """The comments batch by batch, each as it is stored and as it may leave the store.

    `addressed` are the names of `authors`, looked up where they are not given.
    """
    known = authors(brief) if addressed is None else addressed
    for batch in brief.comments():
        yield batch, publishable(batch, brief.topic.pseudonym_key or "", known)


def fingerprints(brief: Brief) -> Iterator[tuple[str, str]]:
    """The id of each comment and the SHA-256 of its stored text."""
    for batch in brief.comments():
        for name, text in zip(batch["comment_id"], batch["text"], strict=True):
            yield str(name), hashlib.sha256(str(text).encode()).hexdigest()
