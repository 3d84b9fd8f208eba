"""Dockets to analyse, as files, and what a run writes of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

import generate
from brief.contract.files import records
from brief.contract.text_files import write_csv
from brief.findings.at_size import run
from brief.findings.at_size.docket import Docket, of_files
from brief.findings.at_size.engines import Engine, engine
from brief.findings.at_size.limits import Limits
from brief.findings.at_size.progress import Progress
from conftest import CASES, ROOT

CHAINS = list(pd.read_csv(CASES / "analysis" / "word-chains.csv")["text"])
CAMPAIGNS = generate.Kinds(copies=0.5, edited=0.2, slots=0.2, letters=3)


def drawn(size: int) -> pd.DataFrame:
    """Comments whose campaigns are known, nine of ten in one: comment_id, posted_at, text."""
    return generate.Docket(ROOT / "benchmarks" / "grammars", CHAINS, CAMPAIGNS, seed=1).rows(0, size)[0]


def written(path: Path, rows: pd.DataFrame) -> Path:
    path.write_text(write_csv(records(rows), list(rows.columns)), encoding="utf-8", newline="")
    return path


class Watched(Progress):
    """Calls something once so many comments are done in a step."""

    def __init__(self, watched: str, at: int, call: Callable[[], object]) -> None:
        super().__init__(print, 1e9)
        self._watched, self._at, self._call = watched, at, call

    def step(self, name: str, of: int) -> Callable[[int], None]:
        done = super().step(name, of)

        def counted(count: int) -> None:
            done(count)
            if name == self._watched and count >= self._at:
                self._watched = ""
                self._call()

        return counted


def analysed(
    docket: Docket | Path,
    out: Path,
    rows: int,
    sample: int = 5_000,
    by: Engine | None = None,
    progress: Progress | None = None,
) -> run.Outcome:
    """Analyse a docket, in this process if nothing else is given, so many comments at a time."""
    comments = of_files([docket], None) if isinstance(docket, Path) else docket
    with engine(1, "") as alone:
        return run.analyse(comments, out, by or alone, Limits(sample, rows), progress or Progress(print, 1e9))


def content(out: Path) -> dict[str, bytes]:
    """The files of a result, by name."""
    return {path.name: path.read_bytes() for path in sorted(out.iterdir()) if path.is_file()}
