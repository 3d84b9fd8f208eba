"""Who made the readings of a brief: the coders, described in `data/coders.yml`, and whose codings are printed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from brief.contract import tables
from brief.data.brief import READER
from brief.data.shapes import Topic
from brief.prose.language import number_word

CODERS = "data/coders.yml"
_BRIEF = "data/brief.yml"


class Examiner(Protocol):
    """What the check of all data offers to the check of coders."""

    root: Path
    unread: set[str]

    def yaml(self, file: str) -> Any:
        """A YAML file as plain data."""

    def keys(self, mapping: Any, columns: tuple[tables.Column, ...], file: str, where: str = "") -> bool:
        """Check the keys of a mapping by the contract."""

    def twice(self, names: Collection[Any], kind: str, file: str, where: str = "") -> None:
        """Tell what is listed twice."""

    def fault(self, what: str, remedy: str, file: str, row: int | None = None, column: str = "") -> None:
        """Tell a fault."""


def examine(examiner: Examiner) -> pd.DataFrame:
    """The coders: coder_id, name, kind, blind, independent, how, checked_by; what is wrong with their file is told.

    `blind` and `independent` are None where that is not recorded.
    """
    columns = ["coder_id", "name", "kind", "blind", "independent", "how", "checked_by"]
    if not (examiner.root / CODERS).is_file():
        return pd.DataFrame(columns=columns)
    rows: list[dict[str, Any]] = []
    listed = examiner.yaml(CODERS)
    if listed is not None and not isinstance(listed, list):
        examiner.fault("here a list of coders is expected", "Write - before the id of each coder.", CODERS)
        examiner.unread.add(CODERS)
    for place, coder in enumerate(listed if isinstance(listed, list) else [], start=1):
        if examiner.keys(coder, tables.CODER_KEYS, CODERS, f"coder {place}"):
            known = {**coder, "coder_id": str(coder["id"]), "checked_by": str(coder.get("checked_by") or "")}
            said = {name: known[name] if isinstance(known[name], bool) else None for name in ("blind", "independent")}
            rows.append({name: known[name] for name in columns} | said)
        else:
            examiner.unread.add(CODERS)
    examiner.twice([row["coder_id"] for row in rows], "coder", CODERS)
    kinds = {row["coder_id"]: row["kind"] for row in rows}
    for row in rows:
        name, key = row["checked_by"], f"{row['coder_id']}, checked_by"
        if name in (row["coder_id"], row["name"]):
            what = f"'{name}' made these readings, and cannot check them"
            examiner.fault(what, "Name another person, or remove the key.", CODERS, None, key)
        elif kinds.get(name, READER) != READER:
            examiner.fault(f"'{name}' is no person", "Name a person, or remove the key.", CODERS, None, key)
    return pd.DataFrame(rows, columns=columns)


def examine_codings(
    examiner: Examiner, topic: Topic | None, coders: pd.DataFrame, codings: Mapping[str, pd.DataFrame]
) -> None:
    """Tell where codings leave open whose are printed, and where what checked a reading is not a second person.

    `codings` are the rows by coder, one entry a file.
    """
    if topic is not None:
        _examine_printed(examiner, topic, coders, codings)
    people = set(coders["coder_id"][coders["kind"] == READER])
    for coder, rows in codings.items():
        for row, name in enumerate(rows["checked_by"], start=2):
            if name and (name not in people or name == coder):
                what = (
                    f"'{name}' made this reading, and cannot check it"
                    if name == coder
                    else f"'{name}' is no person of {CODERS}"
                )
                remedy = f"Describe the person in {CODERS} with kind: person, or leave the cell empty."
                examiner.fault(what, remedy, f"data/codings/{coder}.csv", row, "checked_by")


def _examine_printed(
    examiner: Examiner, topic: Topic, coders: pd.DataFrame, codings: Mapping[str, pd.DataFrame]
) -> None:
    """Tell where it is open whose codings are printed: without a choice the comments would read as read by nobody."""
    readers = sorted(name for name, rows in codings.items() if len(rows))
    if topic.coder is None and len(readers) > 1:
        what = f"{number_word(len(readers))} coders have read comments, and none of them is named here"
        examiner.fault(what, f"Write coder: and one of: {', '.join(readers)}.", _BRIEF, None, "coder")
    elif topic.coder and readers and topic.coder not in codings and topic.coder in set(coders["coder_id"]):
        what = f"the coder '{topic.coder}' has read no comment, and others have"
        examiner.fault(what, f"Write one of: {', '.join(readers)}.", _BRIEF, None, "coder")
