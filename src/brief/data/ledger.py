"""The ledger: a fingerprint of every text as it came in, and a row for each change since.

A paragraph of an article has a bare SHA-256. That of a comment, of a file that came in, and of a name is under a key
(`brief.data.keys`): a row with the event "key" names it, and holds for the rows below. Above the first such row stand
bare fingerprints, as versions before 0.2 wrote them. The comments of a large table have one together.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from brief.contract.files import records
from brief.contract.tables import LEDGER
from brief.data import keys
from brief.errors import Fault
from brief.prose.veiled import VeiledNames

FILE = "data/ledger.csv"
COLUMNS = [column.name for column in LEDGER]
RAW, NAME, KEY, WITHDRAWAL, REMOVAL, TABLE = "raw", "name", "key", "withdrawal", "removal", "table"
_NO_TEXTS = (RAW, NAME, KEY)
_KEYED_ITEM = "fingerprints"
_PARAGRAPH = re.compile(r".*#p[0-9]+")


class Recorded(NamedTuple):
    """What was recorded last of a text or file: `key` is empty for a bare fingerprint, None where it is not at hand."""

    event: str
    sha256: str
    key: str | None = ""

    def is_of(self, digest: str) -> bool | None:
        """Whether it is the fingerprint of what has that SHA-256; None where its key is not at hand."""
        return None if self.key is None else self.sha256 == under(self.key, digest)


class Name(NamedTuple):
    """A name by which the author of a withdrawn comment may be called, as `prose.names` tells its form."""

    form: str
    sha256: str
    key: str | None


def fingerprint(text: str) -> str:
    """SHA-256 of a text in UTF-8, hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def under(key: str, digest: str) -> str:
    """A digest under a key; as it is without one."""
    return keys.keyed(key, digest) if key else digest


def paragraph_item(article_id: str, number: int) -> str:
    """The name of a paragraph in the ledger, from 1: "gazette-2020-01-02#p3"."""
    return f"{article_id}#p{number}"


def table_item(collection_id: str) -> str:
    """The name in the ledger of all comments of a collection together, however they are kept."""
    return f"data/comments/{collection_id}"


class TableDigest:
    """SHA-256 over the ids and texts of a table in their order, whatever the bytes of its file are."""

    def __init__(self) -> None:
        self._total = hashlib.sha256()

    def update(self, ids: Iterable[str], texts: Iterable[str]) -> None:
        """Take in the next rows."""
        for name, text in zip(ids, texts, strict=True):
            # The digest of each text, so that no text can look like an id and the text of another.
            self._total.update(f"{name} {fingerprint(text)}\n".encode("utf-8", "surrogatepass"))

    def hexdigest(self) -> str:
        """The digest of all rows so far, hexadecimal."""
        return self._total.hexdigest()


def is_bare(item: str, event: str) -> bool:
    """Whether an item has a bare fingerprint: articles are published, so nothing is hidden by a key."""
    return event not in _NO_TEXTS and _PARAGRAPH.fullmatch(item) is not None


def entry(date: str, event: str, item: str, sha256: str, note: str = "") -> dict[str, str]:
    """A row of the ledger."""
    return {"recorded_at": date, "event": event, "item": item, "sha256": sha256, "note": note}


def key_row(date: str, key: str, note: str) -> dict[str, str]:
    """The row from which on fingerprints are under a key."""
    return entry(date, KEY, _KEYED_ITEM, keys.name_of(key), note)


def current(rows: pd.DataFrame, at_hand: Sequence[str] = (), raw: bool = False) -> dict[str, Recorded]:
    """For each text, what was recorded last; what was removed may come in again, and is left out.

    In: the ledger, the keys at hand; `raw`: of the files that came in.
    """
    wanted = (RAW,) if raw else ()
    last = {
        item: Recorded(event, sha256, "" if is_bare(item, event) else key)
        for event, item, sha256, key, _ in _under_keys(rows, at_hand)
        if (event in wanted if raw else event not in _NO_TEXTS)
    }
    return {item: recorded for item, recorded in last.items() if recorded.event != REMOVAL}


def letters_fingerprint(letters: str) -> str:
    """The bare digest of a form of a name, which is never that of a text."""
    return fingerprint(f"name\0{letters}")


def veiled(rows: pd.DataFrame, at_hand: Sequence[str], shown: str) -> tuple[VeiledNames | None, int]:
    """The names of those who withdrew, to be found; None where there are none. And how many forms lack their key."""
    recorded = names(rows, at_hand)
    known = {entry.sha256: entry.form for entry in recorded if entry.key}
    used = sorted({entry.key for entry in recorded if entry.key})
    missing = sum(not entry.key for entry in recorded)

    def digests(letters: str) -> list[str]:
        bare = letters_fingerprint(letters)
        return [under(key, bare) for key in used]

    return (VeiledNames(known, digests, shown) if known else None), missing


def names(rows: pd.DataFrame, at_hand: Sequence[str] = ()) -> list[Name]:
    """The names that are recorded of authors of withdrawn comments."""
    return [Name(note, sha, key) for event, _, sha, key, note in _under_keys(rows, at_hand) if event == NAME]


def last_key(rows: pd.DataFrame) -> str:
    """The name of the key that the last rows are under; empty where they are bare."""
    named = rows.loc[rows["event"] == KEY, "sha256"]
    return str(named.iloc[-1]) if len(named) else ""


def _under_keys(rows: pd.DataFrame, at_hand: Sequence[str]) -> Iterator[tuple[str, str, str, str | None, str]]:
    """Each row as event, item, fingerprint, the key it is under, note."""
    key: str | None = ""
    columns = (rows[name].astype("str") for name in ("event", "item", "sha256", "note"))
    for event, item, sha256, note in zip(*columns, strict=True):
        if event == KEY:
            key = keys.named(tuple(at_hand), sha256)
        yield event, item, sha256, key, note


def differs(recorded: Mapping[str, Recorded], item: str, text: str) -> bool:
    """Whether a text is another than the one recorded last; a text that was never recorded does not differ, nor does
    one whose key is not at hand.

    Any text differs from one that was withdrawn, the withdrawn text itself as well.
    """
    known = recorded.get(item)
    return known is not None and (known.event == WITHDRAWAL or known.is_of(fingerprint(text)) is False)


def lost_paragraphs(recorded: Mapping[str, Recorded], article_id: str, count: int) -> list[str]:
    """The paragraphs of an article that were recorded and are no longer there; `count` are there now.

    A paragraph whose loss was recorded as an edit has the fingerprint of no text.
    """
    paragraph = re.compile(re.escape(article_id) + r"#p([0-9]{1,9})")
    return [
        item
        for item, known in recorded.items()
        if (match := paragraph.fullmatch(item)) and int(match[1]) > count and known.sha256 != fingerprint("")
    ]


class Withdrawn:
    """The texts that were withdrawn, to be recognised. `unknown`: how many cannot be, for want of their key."""

    def __init__(self, recorded: Mapping[str, Recorded]) -> None:
        self._items: dict[str, dict[str, list[str]]] = {}
        self.unknown = 0
        for item, known in recorded.items():
            if known.event == WITHDRAWAL:
                if known.key is None:
                    self.unknown += 1
                else:
                    self._items.setdefault(known.key, {}).setdefault(known.sha256, []).append(item)

    def items_of(self, text: str) -> list[str]:
        """The comments that were withdrawn and had this text."""
        if not self._items or not text:
            return []
        digest = fingerprint(text)
        return [item for key, items in self._items.items() for item in items.get(under(key, digest), ())]


def seal(rows: Iterable[Mapping[Any, Any]]) -> str:
    """How many rows the ledger has, and their fingerprint; `data/brief.yml` keeps it, so that a loss is seen."""
    lines = ["\t".join(str(row.get(name) or "") for name in COLUMNS) for row in rows]
    return f"{len(lines)} rows, {fingerprint(chr(10).join(lines))[:16]}"


def faults_of(sealed: Any, rows: pd.DataFrame) -> Iterator[Fault]:
    """What is wrong with a ledger that is not the one that was sealed; nothing where none ever was."""
    seal_now = seal(records(rows))
    if not sealed or seal_now == str(sealed):
        return
    if rows.empty:
        what = f"the ledger is missing or empty, and data/brief.yml says that it has {sealed}"
    else:
        what = f"this is not the ledger that was written last: it has {seal_now}, and data/brief.yml says {sealed}"
    remedy = "Take it back from the repository or a copy. If it is gone for good, take the line ledger: out of "
    yield Fault(what, f"{remedy}data/brief.yml; texts without a row then count as written by hand.", FILE)
