"""The ledger: a fingerprint of every text as it came in, and a row for each change since."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from brief.contract.tables import LEDGER
from brief.errors import Fault

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
    """For each text, the last event and fingerprint recorded. In: the ledger. Raw files are left out."""
    listed = zip(rows["item"], rows["event"], rows["sha256"], strict=True)
    return {str(item): (str(event), str(sha256)) for item, event, sha256 in listed if event != "raw"}


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


def seal(rows: Iterable[Mapping[Any, Any]]) -> str:
    """How many rows the ledger has, and their fingerprint; `data/brief.yml` keeps it, so that a loss is seen."""
    lines = ["\t".join(str(row.get(name) or "") for name in COLUMNS) for row in rows]
    return f"{len(lines)} rows, {fingerprint(chr(10).join(lines))[:16]}"


def faults_of(sealed: Any, rows: pd.DataFrame) -> Iterator[Fault]:
    """What is wrong with a ledger that is not the one that was sealed; nothing where none ever was."""
    found = seal(rows.to_dict("records"))
    if not sealed or found == str(sealed):
        return
    if rows.empty:
        what = f"the ledger is missing or empty, and data/brief.yml says that it has {sealed}"
    else:
        what = f"this is not the ledger that was written last: it has {found}, and data/brief.yml says {sealed}"
    remedy = "Take it back from the repository or a copy. If it is gone for good, take the line ledger: out of "
    yield Fault(what, f"{remedy}data/brief.yml; texts without a row then count as written by hand.", FILE)


def withdrawn_texts(recorded: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """The comments that were withdrawn, by the fingerprint of their text."""
    return {sha256: item for item, (event, sha256) in recorded.items() if event == "withdrawal"}
