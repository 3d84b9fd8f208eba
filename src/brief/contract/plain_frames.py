"""Frames of texts and numbers as plain data that JSON holds, and back again: work that is kept is never pickled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd


def plain(frame: pd.DataFrame) -> dict[str, Any]:
    """A frame as the names of its columns and the cells of each; the index is left out."""
    return {"columns": list(frame.columns), "cells": [frame[name].tolist() for name in frame.columns]}


def frame_of(kept: Mapping[str, Any]) -> pd.DataFrame:
    """The frame again, with the kinds that pandas gives such cells."""
    frame = pd.DataFrame(dict(zip(kept["columns"], kept["cells"], strict=True)), columns=kept["columns"])
    return frame if len(frame) else frame.astype(object)  # of no cells pandas would make numbers
