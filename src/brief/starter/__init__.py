"""A brief on another topic: the same chapters, the same configuration, empty data."""

from __future__ import annotations

import shutil
from pathlib import Path

from brief import inputs
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
    for path in (*(_CLONE / "book").glob("*.md"), _CLONE / "_config.yml", _CLONE / "_toc.yml"):
        _copy(path, folder / path.relative_to(_CLONE))
    for path in inputs.files(_HERE / "topic"):
        _copy(path, folder / "book" / "topic" / path.name)
    for path in inputs.files(_HERE / "data"):
        _copy(path, folder / "data" / path.name)
    for name in ("articles", "comments", "codings"):
        (folder / "data" / name).mkdir(exist_ok=True)
    return [path.relative_to(folder).as_posix() for path in inputs.files(folder)]


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
