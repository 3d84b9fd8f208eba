"""A brief on another topic: the same chapters, the same configuration, empty data."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path

import yaml

from brief.contract import inputs
from brief.errors import fail

_HERE = Path(__file__).parent
_CLONE = inputs.PACKAGE.parents[1]


def new(folder: Path) -> list[str]:
    """Make a brief in `folder`, which must not exist or be empty. Returns the files made, relative to it.

    The general chapters come from the clone that the package is installed from; the parts about a topic, and the
    data, are starters that say what to write. Raises `BriefError` for a folder in use.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise fail(f"'{folder.name}' is there already and is not an empty folder", "Name a new one.")
    if not (_CLONE / "book").is_dir():
        raise fail(
            "the general chapters are not at hand", "Install the package from a clone: pip install -r requirements.txt."
        )
    of_modules = {path for path in (_CLONE / "book").glob("*.md") if module_of(path)}
    for path in (*(_CLONE / "book").glob("*.md"), _CLONE / "_config.yml"):
        if path not in of_modules:
            _copy(path, folder / path.relative_to(_CLONE))
    (folder / "_toc.yml").write_text(contents_without(of_modules), encoding="utf-8")
    for path in inputs.files(_HERE / "topic"):
        _copy(path, folder / "book" / "topic" / path.name)
    for path in inputs.files(_HERE / "data"):
        _copy(path, folder / "data" / path.name)
    for name in ("articles", "comments", "codings"):
        (folder / "data" / name).mkdir(exist_ok=True)
    return [path.relative_to(folder).as_posix() for path in inputs.files(folder)]


def module_of(chapter: Path) -> str:
    """The module that a topic must switch on for a chapter to make sense, as its front matter says; else ""."""
    front = chapter.read_text(encoding="utf-8").split("\n---\n", 1)[0]
    page = yaml.safe_load(front.removeprefix("---\n")).get("brief", {}) if front.startswith("---\n") else {}
    return str(page.get("module", ""))


def contents_without(chapters: Collection[Path]) -> str:
    """The table of contents of the clone, without the lines of some chapters."""
    left_out = {f"book/{path.stem}" for path in chapters}
    lines = (_CLONE / "_toc.yml").read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if line.rpartition("file:")[2].strip() not in left_out)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
