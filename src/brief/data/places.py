"""What stands below `data/`: files where files are expected, folders where folders are, and nothing else.

A folder in place of an optional file would be taken for no file at all, and a pipe would be waited for without end.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from brief.contract import text_files
from brief.contract.comment_files import ENDING, FOLDER
from brief.contract.inputs import EDITIONS
from brief.contract.tables import CONTRACT
from brief.errors import Fault

_FILES = (*(name.partition(",")[0] for name in CONTRACT if "*" not in name), "data/sources.bib")
_FOLDERS = (*(name.partition("/*")[0] for name in CONTRACT if "*" in name), "data/options", EDITIONS)
_ENDINGS = (".csv", ".parquet", ".md", ".yml", ".bib", ".json")


def examine(root: Path) -> Iterator[Fault]:
    """The faults of what stands at the places of files and folders. Hidden names are left out."""
    for file in dict.fromkeys(_FILES):
        if what := text_files.no_file(root / file):
            yield Fault(what, text_files.NO_FILE_REMEDY, file)
    for folder in dict.fromkeys(_FOLDERS):
        if (root / folder).exists() and not (root / folder).is_dir():
            yield Fault("this is a file, not a folder", "Move it away, and make a folder of this name.", folder)
    for top in ("data", "book"):
        for path in sorted((root / top).rglob("*")):
            file = path.relative_to(root).as_posix()
            if not any(part.startswith(".") for part in path.relative_to(root).parts):
                yield from _name(file)
                yield from _kind(path, file)


def _name(file: str) -> Iterator[Fault]:
    if text_files.CONTROL.search(file):
        what = "the name of the file holds a control character, or is not in UTF-8"
        yield Fault(what, "Rename it with letters, digits and hyphens.", file)


def _kind(path: Path, file: str) -> Iterator[Fault]:
    if path.is_symlink() and not path.exists():
        yield Fault("this link leads nowhere", "Put the file there that it should lead to, or take it away.", file)
    elif (what := text_files.no_file(path)) and (
        not path.is_dir() or (path.suffix in _ENDINGS and not _is_table(file))
    ):
        yield Fault(what, text_files.NO_FILE_REMEDY, file)


def _is_table(file: str) -> bool:
    """Whether a folder may hold the comments of a collection as Parquet files, or be a part of such a folder."""
    return Path(file).suffix == ENDING and Path(file).parent.as_posix() == FOLDER
