"""The records of editions as files: `data/editions/<date>[-n].json`, and what is wrong with them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from brief.contract.columns import is_date
from brief.contract.inputs import EDITIONS
from brief.contract.json_files import read_json
from brief.errors import BriefError, Fault, fail

PARTS = ("facts", "statements", "figures", "paragraphs", "comments")
LATER = ("paragraphs",)
"""Parts that early records do not have."""
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}(?:-\d+)?")
_BACK = "Take the file back from the repository."


def names(root: Path) -> list[str]:
    """The recorded editions by name, the oldest first."""
    recorded = [path.stem for path in (root / EDITIONS).glob("*.json") if _NAME.fullmatch(path.stem)]
    return sorted(recorded, key=lambda name: (name[:10], int(name[11:] or 1)))


def read_record(root: Path, name: str) -> dict[str, Any]:
    """A recorded edition that is there. Raises `BriefError` for what is no record of one."""
    file = f"{EDITIONS}/{name}.json"
    if not is_date(name[:10]):
        raise fail(f"there is no such date as {name[:10]}", "Name the file by the date of its edition.", file)
    record = read_json(root / file, file, _BACK)
    parts = [part for part in PARTS if part not in LATER or (isinstance(record, dict) and part in record)]
    if not isinstance(record, dict) or not all(_is_texts(record.get(part)) for part in parts):
        raise fail("this is no record of an edition", _BACK, file)
    return record


def _is_texts(part: Any) -> bool:
    return isinstance(part, dict) and all(isinstance(value, str) for value in part.values())


def faults_of_records(root: Path) -> list[Fault]:
    """What is wrong with the records of editions: those that the build would stop at."""
    faults: list[Fault] = []
    for name in names(root):
        try:
            read_record(root, name)
        except BriefError as error:
            faults += error.faults
    return faults
