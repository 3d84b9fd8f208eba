"""The brief at a folder: every fault of its data, or the brief."""

from __future__ import annotations

from pathlib import Path

from brief.data.brief import Brief
from brief.data.examining import examine
from brief.errors import BriefError, Fault


def load(root: Path) -> Brief:
    """The brief at `root`. Raises `BriefError` with every fault of its data."""
    examined = examine(root)
    if examined.faults or examined.brief is None:
        raise BriefError(examined.faults)
    return examined.brief


def check_data(root: Path) -> list[Fault]:
    """Every fault of the data at `root`, in the order of the files."""
    return list(BriefError(examine(root).faults).faults)
