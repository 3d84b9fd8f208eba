"""The terms of a brief in plain words, as `data/glossary.yml` has them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from brief.contract import tables
from brief.contract.files import no_rows
from brief.data.bibliography import SOURCES, keys_of
from brief.errors import Fault

GLOSSARY = "data/glossary.yml"


class Examiner(Protocol):
    """What the check of all data offers to the check of the glossary."""

    root: Path
    unread: set[str]
    faults: list[Fault]

    def yaml(self, file: str) -> Any:
        """A YAML file as plain data."""

    def keys(self, mapping: Any, columns: tuple[tables.Column, ...], file: str, where: str = "") -> bool:
        """Check the keys of a mapping by the contract."""

    def twice(self, names: Collection[Any], kind: str, file: str, where: str = "") -> None:
        """Tell what is listed twice."""

    def fault(self, what: str, remedy: str, file: str, row: int | None = None, column: str = "") -> None:
        """Tell a fault."""


def empty() -> pd.DataFrame:
    """A glossary without a term: term, meaning, sources."""
    return no_rows(*(column.name for column in tables.GLOSSARY_KEYS))


def examine(examiner: Examiner, sources: Collection[str]) -> pd.DataFrame:
    """The terms, in the order of their file: term, meaning, sources. The file may be absent."""
    if not (examiner.root / GLOSSARY).is_file():
        return empty()
    content = examiner.yaml(GLOSSARY)
    if content is not None and not isinstance(content, list):
        examiner.fault("here a list of terms is expected", "Write - before each term.", GLOSSARY)
    listed = content if isinstance(content, list) else []
    places = enumerate(listed, start=1)
    sound = [term for place, term in places if examiner.keys(term, tables.GLOSSARY_KEYS, GLOSSARY, f"term {place}")]
    rows = [{column.name: str(term.get(column.name) or "") for column in tables.GLOSSARY_KEYS} for term in sound]
    examiner.twice([row["term"] for row in rows], "term", GLOSSARY)
    for row in rows:
        for key in keys_of(row["sources"]):
            if key not in sources:
                what, remedy = f"there is no source '{key}'", f"Add it to {SOURCES}, or correct the key."
                where = f"{row['term']}, sources"
                examiner.faults.append(Fault(what, remedy, GLOSSARY, None, where, looked_in=(SOURCES,)))
    return pd.DataFrame(rows, columns=list(empty().columns)).astype("str")
