"""Dockets to analyse, as files, and what a run writes of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd

import generate
from brief.contract.text_files import write_csv
from conftest import CASES, ROOT

COMMAND = [sys.executable, "-c", "from brief.cli import main\nif __name__ == '__main__':\n    main()"]
CHAINS = list(pd.read_csv(CASES / "analysis" / "word-chains.csv")["text"])


def drawn(size: int, **kinds: float) -> pd.DataFrame:
    """Comments whose campaigns are known: comment_id, posted_at, text."""
    docket = generate.Docket(ROOT / "benchmarks" / "grammars", CHAINS, generate.Kinds(letters=3, **kinds), seed=1)  # type: ignore[arg-type]
    return docket.rows(0, size)[0]


def written(path: Path, rows: pd.DataFrame) -> Path:
    path.write_text(write_csv(rows.to_dict("records"), list(rows.columns)), encoding="utf-8", newline="")
    return path


def started(here: Path, *arguments: str) -> subprocess.Popen[str]:
    """`brief analyse` in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    pipe = subprocess.PIPE
    command = [*COMMAND, "analyse", *arguments]
    return subprocess.Popen(command, cwd=here, env=environment, stdout=pipe, stderr=subprocess.STDOUT, text=True)


def ended(process: subprocess.Popen[str]) -> str:
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return said


def content(out: Path) -> dict[str, bytes]:
    """The files of a result, by name."""
    return {path.name: path.read_bytes() for path in sorted(out.iterdir()) if path.is_file()}
