"""Fingerprints under the key of the brief: new ones, and those that earlier versions left bare."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from brief.contract import files as contract_files
from brief.contract import text_files
from brief.contract.inputs import EDITIONS
from brief.contract.json_files import from_text
from brief.data import keys, ledger

_SINCE = "fingerprints of comments are under this key"
_BARE = "fingerprints of comments are under this key; until this date they stood here bare"
_ANOTHER = "the key of the rows above was not at hand"


def key_for_new(root: Path, spare: str = "") -> str:
    """The key that new fingerprints come under: that of the last rows of the ledger, else the last at hand, else
    `spare`, else a new one.
    """
    at_hand = keys.at_hand(root)
    path = root / ledger.FILE
    last = ledger.last_key(contract_files.read_csv(path, ledger.FILE)) if path.is_file() else ""
    return keys.named(at_hand, last) or (at_hand[-1] if at_hand else spare or keys.make(root))


def messages(root: Path) -> list[str]:
    """What a maintainer should know of the key: what is not compared without it, and what still stands bare."""
    path = root / ledger.FILE
    if not path.is_file():
        return []
    rows = contract_files.read_csv(path, ledger.FILE)
    recorded = ledger.current(rows, keys.at_hand(root))
    without = sum(entry.key is None and entry.event != ledger.WITHDRAWAL for entry in recorded.values())
    lines = []
    if without:
        lines.append(
            f"Not compared with what came in: {without} texts. Their key is not at hand; it belongs into {keys.FILE} or"
            f" {keys.ENVIRONMENT}."
        )
    if not ledger.last_key(rows) and any(not ledger.is_bare(item, entry.event) for item, entry in recorded.items()):
        lines.append("Fingerprints of comments have no key yet. The next command that changes data/ gives them one.")
    return lines


def ledger_with(root: Path, rows: Sequence[dict[str, str]], spare: str = "") -> str:
    """The text of the ledger with new rows, whose fingerprints are bare digests, under the key, or under `spare`."""
    path = root / ledger.FILE
    before = contract_files.records(contract_files.read_csv(path, ledger.FILE)) if path.is_file() else []
    key, last = key_for_new(root, spare), ""
    for row in before:
        last = row["sha256"] if row["event"] == ledger.KEY else last
    day = rows[0]["recorded_at"]
    if not last:
        has_key = any(_is_keyed(row) for row in before)
        before = [ledger.key_row(day, key, _BARE if has_key else _SINCE), *(_keyed(row, key) for row in before)]
    elif last != keys.name_of(key):
        before = [*before, ledger.key_row(day, key, _ANOTHER)]
    return text_files.write_csv([*before, *(_keyed(row, key) for row in rows)], ledger.COLUMNS)


def records_keyed(root: Path, spare: str = "") -> Iterator[tuple[str, str]]:
    """The records of editions that hold bare fingerprints, each by its file, as they are under the key."""
    for path in sorted((root / EDITIONS).glob("*.json")):
        try:
            record = from_text(path.read_text(encoding="utf-8"))
        except ValueError:
            continue
        # What is no record is told by the check, and left as it is.
        if (
            isinstance(record, dict)
            and "key" not in record
            and all(isinstance(record.get(part), dict) for part in _PARTS)
        ):
            key = key_for_new(root, spare)
            for part in _PARTS:
                record[part] = {name: keys.keyed(key, str(digest)) for name, digest in record[part].items()}
            yield f"{EDITIONS}/{path.name}", as_record(record | {"key": keys.name_of(key)})


_PARTS = ("comments", "figures")


def as_record(record: dict[str, object]) -> str:
    """A record of an edition as its file holds it."""
    return json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _is_keyed(row: dict[str, str]) -> bool:
    return row["event"] != ledger.KEY and not ledger.is_bare(row["item"], row["event"])


def _keyed(row: dict[str, str], key: str) -> dict[str, str]:
    return {**row, "sha256": keys.keyed(key, row["sha256"])} if _is_keyed(row) else row
