"""What a brief got of the general files: from which version of the program, and the digest of each as it was delivered.

With it a newer program knows which of them nobody has changed since.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from brief.contract.json_files import read_json
from brief.errors import fail

FILE = "book/delivered.json"
_AGAIN = "Take the file back from the repository. Without it, brief update replaces no file that differs."
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Delivered(NamedTuple):
    """A file as it was delivered: the version of the program that it came with, and its SHA-256."""

    version: str
    sha256: str


def digest(content: bytes) -> str:
    """The SHA-256 of a file, whatever line ends a clone has given it."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def of(files: Mapping[str, bytes], version: str) -> dict[str, Delivered]:
    """The record of files that come with a version of the program."""
    return {name: Delivered(version, digest(content)) for name, content in files.items()}


def read(root: Path) -> dict[str, Delivered]:
    """What was delivered to the brief at `root`; empty where there is no record, as in a brief of an early version.

    Raises `BriefError` for a file that is no such record.
    """
    if not (root / FILE).is_file():
        return {}
    content = read_json(root / FILE, FILE, _AGAIN)
    entries = content.items() if isinstance(content, dict) else [("", None)]
    known = {}
    for name, entry in entries:
        if not (isinstance(entry, dict) and _SHA256.fullmatch(str(entry.get("sha256"))) and entry.get("version")):
            raise fail("this is no record of what was delivered", _AGAIN, FILE)
        known[str(name)] = Delivered(str(entry["version"]), str(entry["sha256"]))
    return known


def text(known: Mapping[str, Delivered]) -> str:
    """The record as its file."""
    listed = {name: delivered._asdict() for name, delivered in known.items()}
    return json.dumps(listed, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
