"""The ledger: a fingerprint of every text as it came in, and a row for each change since."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

import pandas as pd

from brief.contract.tables import LEDGER

FILE = "data/ledger.csv"
COLUMNS = [column.name for column in LEDGER]


def fingerprint(text: str) -> str:
    """SHA-256 of a text in UTF-8, hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def paragraph_item(article_id: str, number: int) -> str:
    """The name of a paragraph in the ledger, from 1: "gazette-2020-01-02#p3"."""
    return f"{article_id}#p{number}"


def entry(date: str, event: str, item: str, sha256: str, note: str = "") -> dict[str, str]:
    """A row of the ledger."""
    return {"recorded_at": date, "event": event, "item": item, "sha256": sha256, "note": note}


def current(rows: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """For each text, the last event and fingerprint recorded. In: the ledger. Raw files are left out, and what was
    removed: it may come in again.
    """
    listed = zip(rows["item"], rows["event"], rows["sha256"], strict=True)
    last = {str(item): (str(event), str(sha256)) for item, event, sha256 in listed if event != "raw"}
    return {item: recorded for item, recorded in last.items() if recorded[0] != "removal"}


def differs(recorded: Mapping[str, tuple[str, str]], item: str, text: str) -> bool:
    """Whether a text is another than the one recorded last; a text that was never recorded does not differ.

    Any text differs from one that was withdrawn, the withdrawn text itself as well.
    """
    known = recorded.get(item)
    return known is not None and (known[0] == "withdrawal" or known[1] != fingerprint(text))


def lost_paragraphs(recorded: Mapping[str, tuple[str, str]], article_id: str, count: int) -> list[str]:
    """The paragraphs of an article that were recorded and are no longer there; `count` are there now.

    A paragraph whose loss was recorded as an edit has the fingerprint of no text.
    """
    paragraph = re.compile(re.escape(article_id) + r"#p([0-9]{1,9})")
    return [
        item
        for item, (_, sha256) in recorded.items()
        if (match := paragraph.fullmatch(item)) and int(match[1]) > count and sha256 != fingerprint("")
    ]


def withdrawn_texts(recorded: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """The comments that were withdrawn, by the fingerprint of their text."""
    return {sha256: item for item, (event, sha256) in recorded.items() if event == "withdrawal"}
