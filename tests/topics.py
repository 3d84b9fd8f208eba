"""Briefs on an invented topic, as a maintainer would make them: `brief new`, then files in `data/`.

Those that several tests look at are built once for all processes of the tests.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

from brief.contract import tables, text_files
from brief.store import starter
from conftest import CASES, once, run_build

COLLECTION = "library-hours"
THEMES = ("cost", "safety")
TEXTS = [
    f"Close the library at six, says reader {n}. It {'costs' if n % 2 else 'saves'} too much." for n in range(1, 41)
]
#: How many comments a small brief has, and how many of them are coded.
SIZES = ((0, 0), (1, 0), (3, 3), (40, 15))
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


def built(root: Path) -> Path:
    """Build a brief, which must succeed; returns the folder of its pages."""
    ended = run_build(root)
    assert ended.returncode == 0, ended.stdout
    return root / "_build" / "html"


def built_library() -> Path:
    """The pages of the library's brief, built once for all tests: no test changes them."""
    return once("library", lambda folder: built(library(folder / "brief"))) / "brief" / "_build" / "html"


def built_asked(count: int, coded: int) -> Path:
    """The pages of a brief with the first of the texts, built once for all tests: no test changes them."""
    name = f"asked-{count}-{coded}"
    return once(name, lambda folder: built(asked(folder / "brief", TEXTS[:count], coded))) / "brief" / "_build" / "html"


def copied(site: Path, root: Path) -> Path:
    """A copy of a brief that was built, with what the build kept, for a test to change; returns its folder."""
    shutil.copytree(site.parents[1], root, ignore=shutil.ignore_patterns("__pycache__"), copy_function=shutil.copy2)
    return root


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
