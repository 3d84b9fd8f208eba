"""Briefs on an invented topic, as a maintainer would make them: `brief new`, then files in `data/`."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

from brief.contract import tables, text_files
from brief.store import starter
from conftest import CASES

COLLECTION = "library-hours"
THEMES = ("cost", "safety")
STANCES = ("against", "for", "no-position", "against", "cannot-tell")


def library(folder: Path) -> Path:
    """The library of `tests/cases/base` as a brief of its own."""
    starter.new(folder)
    shutil.rmtree(folder / "data")
    shutil.copytree(CASES / "base" / "data", folder / "data")
    return folder


def asked(folder: Path, texts: list[str], coded: int = 0, **columns: list[str]) -> Path:
    """A brief without an article: a question and comments, the first `coded` of them coded."""
    starter.new(folder)
    data = folder / "data"
    topic = yaml.safe_load((data / "brief.yml").read_text(encoding="utf-8"))
    topic |= {"title": "Evening hours", "question": "Should the library close at six?"}
    if texts:
        topic["collections"] = [{"id": COLLECTION, "question": topic["question"], "how": "Asked at the desk."}]
        rows = [{"comment_id": f"{COLLECTION}-{n}", "position": n, "text": text} for n, text in enumerate(texts, 1)]
        for name, cells in columns.items():
            for row, cell in zip(rows, cells, strict=True):
                row[name] = cell
        names = tables.in_order([name for row in rows for name in row], tables.COMMENTS)
        write(data / "comments" / f"{COLLECTION}.csv", text_files.write_csv(rows, names))
    codebook = yaml.safe_load((data / "codebook.yml").read_text(encoding="utf-8"))
    codebook["themes"] = [{"id": name, "label": name.title(), "definition": f"It is about {name}."} for name in THEMES]
    write(data / "codebook.yml", yaml.safe_dump(codebook, allow_unicode=True))
    if coded:
        code(data, [STANCES[n % len(STANCES)] for n in range(coded)])
    write(data / "brief.yml", yaml.safe_dump(topic, allow_unicode=True))
    return folder


def code(data: Path, stances: list[str], note: str = "") -> None:
    """One coder's codings of the first comments."""
    coder = {"id": "ann", "name": "Reader A", "kind": "person", "blind": True, "independent": True, "how": "Read once."}
    write(data / "coders.yml", yaml.safe_dump([coder]))
    rows = [
        {
            "comment_id": f"{COLLECTION}-{number}",
            "codebook_version": "1",
            "stance": stance,
            "themes": THEMES[number % 2],
            "certainty": "clear",
            "note": note,
            "coded_at": "2026-01-01",
        }
        for number, stance in enumerate(stances, start=1)
    ]
    write(data / "codings" / "ann.csv", text_files.write_csv(rows, list(rows[0])))


def write(path: Path, text: str) -> None:
    """Write text with its line ends as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
