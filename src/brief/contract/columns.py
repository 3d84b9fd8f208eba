"""What a column of a file is: its name, what may stand in it, and what it means."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

ID = re.compile(r"(?!(?:nan|inf|infinity)$)(?=.{1,120}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
WHOLE_NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class Column:
    """A column of a CSV file or a key of a YAML file: what may stand in it and what it means."""

    name: str
    kind: str
    description: str
    required: bool = True
    values: tuple[str, ...] = ()


def optional(name: str, kind: str, description: str, *values: str) -> Column:
    """A column that need not be there, and whose cells may be empty."""
    return Column(name, kind, description, required=False, values=values)


def is_date(text: str) -> bool:
    """True for a day in ISO form, or a moment that begins with one."""
    try:
        dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)
    except ValueError:
        return False
    return re.match(r"\d{4}-\d{2}-\d{2}", text) is not None
