"""Frames of texts and numbers as plain data that JSON holds, and back again: work that is kept is never pickled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd


def plain(frame: pd.DataFrame) -> dict[str, Any]:
    """A frame as its columns and rows; the index is left out."""
    return {"columns": list(frame.columns), "rows": list(frame.itertuples(index=False, name=None))}


def frame_of(kept: Mapping[str, Any]) -> pd.DataFrame:
    """The frame again, with the kinds that pandas gives such cells."""
    return pd.DataFrame([tuple(row) for row in kept["rows"]], columns=kept["columns"])
