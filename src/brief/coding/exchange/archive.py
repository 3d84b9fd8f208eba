"""ZIP archives and the XML in them, read without trust and written the same way each time."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from brief.errors import fail

MOST_BYTES = 400_000_000
"""Unpacked; an archive that holds more is refused before it is unpacked."""
MOST_FILES = 400_000
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)


def read(path: Path, name: str) -> dict[str, bytes]:
    """The files of an archive by their names; nothing is written to the disk.

    Raises `BriefError` for what is no archive (`name` says what it should be), names that lead out of it, and more than
    `MOST_BYTES` or `MOST_FILES`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            listed = [one for one in archive.infolist() if not one.is_dir()]
            if len(listed) > MOST_FILES or sum(one.file_size for one in listed) > MOST_BYTES:
                raise fail(
                    f"unpacked it would hold more than {MOST_BYTES:,} bytes or {MOST_FILES:,} files",
                    "Export fewer comments at a time.",
                    path.name,
                )
            for one in listed:
                parts = PurePosixPath(one.filename.replace("\\", "/"))
                if parts.is_absolute() or ".." in parts.parts or ":" in one.filename:
                    what = f"the archive holds a file '{one.filename[:60]}' outside of it"
                    raise fail(what, f"Export it anew as {name}.", path.name)
            # No more is unpacked than the sizes above say: zipfile stops there.
            return {one.filename: archive.read(one) for one in listed}
    except _BROKEN as error:
        raise fail(f"this is not {name}: {error}", f"Export it anew as {name}.", path.name) from None


def write(path: Path, files: Mapping[str, bytes]) -> None:
    """Write an archive: the same files give the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


class _NoDoctype(ElementTree.TreeBuilder):
    """Refuses a document type: with it come entities, which may grow without end or name files of this machine."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ValueError("it declares a document type")


def parse(content: bytes, file: str) -> ElementTree.Element:
    """XML as a tree. Raises `BriefError` for what is not well-formed, or declares a document type or entities."""
    parser = ElementTree.XMLParser(target=_NoDoctype())
    try:
        parser.feed(content)
        tree = parser.close()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise fail(f"this XML cannot be read: {error}", "Export it anew.", file) from None
    assert isinstance(tree, ElementTree.Element)
    return tree
