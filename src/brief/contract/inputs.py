"""What a build is made from, and the digests that tell whether it has changed.

Kept light: a build that has nothing to do imports this module and no table, chart or template.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from brief.contract import modules
from brief.errors import fail

#: The folder of the whole package, wherever in it this module lies: the digest of the code covers every room.
PACKAGE = Path(str(sys.modules[__name__.partition(".")[0]].__file__)).parent
EDITIONS = "data/editions"
_TEMPORARY = ("~", ".tmp", ".pyc")
_UNTRACKED = ("??", "!!")
CHAPTER_FILES = ("_config.yml", "_toc.yml")
#: The folders that packages are installed in, and the endings of what an installer leaves beside each package.
_PACKAGES, _LEFT = ("site-packages", "dist-packages"), (".dist-info", ".egg-info")


def find_root(start: Path) -> Path:
    """The project that `start` lies in: the nearest folder upwards with `data/brief.yml`.

    Raises `BriefError` where there is none.
    """
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / "data" / "brief.yml").is_file():
            return folder
    raise fail(
        f"'{start.name or start}' lies in no brief: no folder upwards holds data/brief.yml",
        "Go to the folder of a brief, or make one with `brief new DIR`.",
    )


def files(folder: Path) -> Iterator[Path]:
    """Every file that counts as an input below a folder, sorted by its path; hidden and temporary ones left out."""
    return map(folder.joinpath, sorted(_names(folder), key=lambda name: name.split("/")))


def _names(folder: Path | str, before: str = "") -> Iterator[str]:
    """The paths of these files below a folder. Folders that are links are not gone into; a link to a file is one."""
    with contextlib.suppress(OSError), os.scandir(folder) as there:
        for entry in there:
            if _is_hidden(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _names(entry.path, f"{before}{entry.name}/")
            elif not entry.name.endswith(_TEMPORARY) and entry.is_file():
                yield before + entry.name


def file_digest(path: Path) -> str:
    """The SHA-256 of the bytes of a file, hexadecimal; the file is not held as a whole."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of(root: Path, paths: Iterable[Path], *words: str) -> str:
    """SHA-256 over the names (relative to `root`) and bytes of files, and over some words; hexadecimal."""
    total = hashlib.sha256()
    for word in words:
        total.update(f"{word}\n".encode())
    for path in paths:
        total.update(f"{path.relative_to(root).as_posix()} {file_digest(path)}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()


def digests(root: Path) -> Iterator[tuple[str, str]]:
    """The SHA-256 of each data file, by its path in the brief."""
    for path in files(root / "data"):
        yield path.relative_to(root).as_posix(), file_digest(path)


def data_digest(root: Path) -> str:
    """The digest of all data files but the records of editions, which hold it."""
    kept = root / EDITIONS
    return digest_of(root, (path for path in files(root / "data") if kept not in path.parents))


@cache
def code_digest() -> str:
    """The digest of this package's files, of the modules' beside it, and of everything installed it may run with."""
    of_modules = [f"{name} {digest_of(place, files(place))}" for name, place in modules.folders().items()]
    return digest_of(PACKAGE, files(PACKAGE), f"python {sys.version_info[:3]}", *of_modules, *installed())


def installed() -> list[str]:
    """Every package at hand as name-version: any may have a hand in the bytes, also one that another one brought.

    Read from the names of the folders that installers leave, since to open what they hold takes too long.
    """
    places = {Path(place) for place in sys.path if Path(place).name in _PACKAGES and Path(place).is_dir()}
    return sorted({path.stem for place in places for path in place.iterdir() if path.suffix in _LEFT})


def snapshot_digest(root: Path) -> str:
    """The digest of everything that facts, figures and tables are computed from: data and package."""
    return hashlib.sha256(f"{data_digest(root)} {code_digest()}".encode()).hexdigest()


def site_digest(root: Path, at: dict[str, str | bool] | None, draft: bool = False) -> str:
    """The digest of everything that the site is made from: snapshot, chapters, configuration, and the commit `at`."""
    chapters = [path for name in CHAPTER_FILES if (path := root / name).is_file()]
    chapters += [*files(root / "book"), *files(root / EDITIONS)]
    return digest_of(root, chapters, snapshot_digest(root), json.dumps(at), f"draft {draft}")


def _counts(name: str) -> bool:
    """Whether a file of that name is an input; see `files`."""
    return not any(map(_is_hidden, name.split("/"))) and not name.endswith(_TEMPORARY)


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name == "__pycache__"


def commit(root: Path) -> dict[str, str | bool] | None:
    """The commit that is checked out, and whether it differs from what a build reads; None outside a repository.

    It differs where a tracked file has changed, and where an input is there that git does not track.
    """
    git = ["git", "-C", str(root)]
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    try:
        top = subprocess.run([*git, "rev-parse", "--show-prefix", "HEAD"], capture_output=True, text=True, check=True)
        changed = subprocess.run(
            [*git, "status", "--porcelain", "--untracked-files=all", "--ignored=matching"],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    prefix, name = top.stdout.split("\n")[:2]
    # A brief that only lies inside somebody's repository is not that repository's commit.
    if prefix:
        return None
    ours = tuple(
        f"{mark} {sign}{place}"
        for mark in _UNTRACKED
        for sign in ("", '"')
        for place in ("data/", "book/", *CHAPTER_FILES)
    )
    listed = changed.stdout.splitlines()
    differing = [
        line
        for line in listed
        if not line.startswith(_UNTRACKED) or (line.startswith(ours) and _counts(line[3:].strip('"').rstrip("/")))
    ]
    return {"name": name, "changed": bool(differing)}
