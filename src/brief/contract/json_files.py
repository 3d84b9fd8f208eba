"""JSON that comes in: no more of it than can be held, none nested deeper than anybody writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from brief.contract.text_files import opened
from brief.errors import fail

MOST_BYTES = 40_000_000
MOST_VALUES = 2_000_000
"""So many brackets and commas a file may have: each value takes more room than it has bytes."""


def read_json(path: Path, file: str, again: str) -> Any:
    """A JSON file as plain data; `again` says what to do where it is none.

    Raises `BriefError` for what is no JSON in UTF-8, nested too deep, or more than `MOST_BYTES` or `MOST_VALUES`.
    """
    with opened(path, file) as content:
        bytes_read = content.read(MOST_BYTES + 1)
    if len(bytes_read) > MOST_BYTES:
        raise fail(f"the file has more than {MOST_BYTES:,} bytes", again, file)
    if sum(bytes_read.count(sign) for sign in (b"[", b"{", b",")) > MOST_VALUES:
        raise fail(f"the file holds more than {MOST_VALUES:,} values", again, file)
    try:
        return from_text(bytes_read.decode("utf-8-sig"))
    except TooDeep:
        raise fail("this is not JSON that can be read: it is nested too deep", again, file) from None
    except ValueError as error:
        raise fail(f"this is not JSON: {error}", again, file) from None


class TooDeep(ValueError):
    """Lists and objects that are nested deeper than they can be read."""


def from_text(text: str, *, strict: bool = True) -> Any:
    """A text of strangers as plain data. Raises `ValueError` for what is no JSON, `TooDeep` where it cannot be read."""
    try:
        return json.loads(text, strict=strict)
    except RecursionError:
        raise TooDeep("it is nested too deep") from None
