"""The manifest of an edition: every file of its folder with size and SHA-256, its date, and the edition before it.

A text that `sha256sum --check manifest.txt` reads; what that program does not know stands in comments. The same files
give the same bytes. Nothing but Python is needed: `tools/take_out/manifest.py` is this file, where sites are published.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Dict, Iterator, List, Mapping, Optional, Tuple  # noqa: UP035  # the Python of a host may be older

NAME = "manifest.txt"
SIGNATURE = "manifest.txt.minisig"
#: What stands in a published folder and belongs to its host or to the publication, not to the edition.
NOT_OF_THE_EDITION = (".brief-digest", ".brief-publication", ".nojekyll", "CNAME", ".well-known", ".git", "editions")
#: What the host's file managers lay into any folder, and what they add to an archive.
OF_FILE_MANAGERS = (".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX")
MOST_FILES = 100_000
_FIRST = "# Manifest of a brief, form 1: sha256sum --check manifest.txt"
_DATE = r"(\d{4}-\d{2}-\d{2})"
_HEAD = {
    "edition": re.compile(rf"# edition: {_DATE}"),
    "previous": re.compile(rf"# edition before: {_DATE} ([0-9a-f]{{64}})"),
    "former": re.compile(rf"# made anew: with the edition of {_DATE}, instead of ([0-9a-f]{{64}})"),
}
_SIZE, _FILE = re.compile(r"# (\d{1,15}) bytes:"), re.compile(r"([0-9a-f]{64})  (.+)")
_ODD = re.compile(r"[\x00-\x1f\x7f\\]")


@dataclass(frozen=True)
class Manifest:
    """What a manifest says.

    `files` holds size and SHA-256 by path. `previous` is the date and the digest of the manifest of the edition before,
    where one lay beside. `former` are the manifests that this one took the place of, each with the date of the edition
    that a comment was withdrawn with.
    """

    edition: str
    files: Mapping[str, Tuple[int, str]]  # noqa: UP006
    previous: Optional[Tuple[str, str]] = None  # noqa: UP006, UP045
    former: Tuple[Tuple[str, str], ...] = field(default=())  # noqa: UP006

    def text(self) -> str:
        """The manifest as a file. Raises `ValueError` for a name that cannot stand in one."""
        lines: List[str] = [_FIRST, f"# edition: {self.edition}"]  # noqa: UP006
        if self.previous:
            lines.append("# edition before: {} {}".format(*self.previous))
        lines += ["# made anew: with the edition of {}, instead of {}".format(*former) for former in self.former]
        for name, (size, digest) in sorted(self.files.items()):
            if _ODD.search(name):
                raise ValueError(f"the name of a file holds a sign that no manifest can hold: {name!r}")
            lines += [f"# {size} bytes:", f"{digest}  {name}"]
        return "\n".join(lines) + "\n"


def parse(text: str) -> Manifest:
    """Read a manifest. Raises `ValueError` for a text that `Manifest.text` would not write in this way."""
    lines = text.split("\n")
    edition, previous, at = "", None, 1
    former: List[Tuple[str, str]] = []  # noqa: UP006
    files: Dict[str, Tuple[int, str]] = {}  # noqa: UP006
    while at < len(lines):
        heads = {name: pattern.fullmatch(lines[at]) for name, pattern in _HEAD.items()}
        if heads["edition"]:
            edition = heads["edition"][1]
        elif heads["previous"]:
            previous = (heads["previous"][1], heads["previous"][2])
        elif heads["former"]:
            former.append((heads["former"][1], heads["former"][2]))
        else:
            break
        at += 1
    while at + 1 < len(lines):
        size, file = _SIZE.fullmatch(lines[at]), _FILE.fullmatch(lines[at + 1])
        if not size or not file or len(files) >= MOST_FILES:
            raise ValueError(f"line {at + 1} is not one of a manifest")
        files[file[2]] = (int(size[1]), file[1])
        at += 2
    manifest = Manifest(edition, files, previous, tuple(former))
    if not edition or manifest.text() != text:
        raise ValueError("it is not in the form that a build writes it in")
    return manifest


def digest(content: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def of(edition: str, contents: Mapping[str, bytes]) -> Manifest:
    """The manifest of files at hand; its own, and the signature of it, are left out."""
    named = {name: content for name, content in contents.items() if name not in (NAME, SIGNATURE)}
    files = {name: (len(content), digest(content)) for name, content in named.items()}
    return Manifest(edition, files)


def again(before: Manifest, contents: Mapping[str, bytes]) -> Manifest:
    """The manifest of the same edition over other contents."""
    return replace(before, files=of(before.edition, contents).files)


def paths(folder: Path) -> Iterator[Tuple[str, Path]]:  # noqa: UP006
    """Every file of the edition in a folder by its path in it, sorted; links are told and not followed.

    Raises `ValueError` for more files than a manifest can name, before they are all listed.
    """
    paths: Dict[str, Path] = {}  # noqa: UP006
    for place, folders, names in os.walk(folder):
        here = Path(place)
        folders[:] = [name for name in folders if name not in OF_FILE_MANAGERS]
        names = [name for name in names if name not in OF_FILE_MANAGERS]
        if here == folder:
            folders[:] = [name for name in folders if name not in NOT_OF_THE_EDITION]
            names = [name for name in names if name not in (*NOT_OF_THE_EDITION, NAME, SIGNATURE)]
        linked = [name for name in folders if (here / name).is_symlink()]
        for name in (*names, *linked):
            paths[(here / name).relative_to(folder).as_posix()] = here / name
            if len(paths) > MOST_FILES:
                raise ValueError(f"the folder holds more than {MOST_FILES:,} files")
    yield from sorted(paths.items())


def of_folder(edition: str, folder: Path) -> Manifest:
    """The manifest of the edition in a folder."""
    files: Dict[str, Tuple[int, str]] = {}  # noqa: UP006
    for name, path in paths(folder):
        content = path.read_bytes()
        files[name] = (len(content), digest(content))
    return Manifest(edition, files)
