"""ZIP archives and the XML in them, read without trust and written the same way each time.

One guard for every archive that comes in: what it holds is counted before it is unpacked, and XML before it becomes a
tree, so that no file costs more than `MOST_BYTES` and `MOST_MARKS` allow.
"""

from __future__ import annotations

import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from brief.contract.text_files import opened
from brief.errors import fail

MOST_FILES = 100_000
MOST_BYTES = 60_000_000
"""Unpacked, of what is read of an archive; one that holds more is refused before it is unpacked."""
FEWER = "Export fewer comments at a time."
"""What to do about an archive of comments that holds more."""
MOST_MARKS = 800_000
"""So many tags an XML file may have: each takes more room as a part of a tree than it has bytes."""
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)
# The list of an archive's files stands at its end; each entry has 46 bytes and a name (APPNOTE.TXT, 4.3.12 and 4.3.16).
_END, _END_64, _ENTRY, _LONGEST_NAME = b"PK\x05\x06", b"PK\x06\x06", 46, 200
_TAIL = 65_536 + 22 + 20 + 56


def read(
    path: Path,
    name: str,
    wanted: Callable[[str], bool] = lambda file: True,
    most: int | None = None,
    remedy: str = FEWER,
) -> dict[str, bytes]:
    """The files of an archive by their names, those that are wanted; nothing is written to the disk.

    Raises `BriefError` for what is no archive (`name` says what it should be), names that lead out of it, and more than
    `MOST_FILES` files or `most` bytes (else `MOST_BYTES`); `remedy` says what to do about too many.
    """
    limit = _Limit(path.name, MOST_BYTES if most is None else most, remedy)
    try:
        with opened(path, path.name) as file:
            _not_too_many(file.read, file.seek, path, limit)
            with zipfile.ZipFile(file) as archive:
                return _unpacked(archive, path, name, wanted, limit)
    except _BROKEN as error:
        raise fail(f"this is not {name}: {error}", f"Export it anew as {name}.", path.name) from None


def read_bytes(content: bytes, file: str, name: str, most: int | None = None, remedy: str = FEWER) -> dict[str, bytes]:
    """The files of an archive that is at hand as bytes, such as one inside another; raises as `read` does."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(file).name
        path.write_bytes(content)
        return read(path, name, most=most, remedy=remedy)


@dataclass(frozen=True)
class _Limit:
    file: str
    most: int
    remedy: str

    def passed(self) -> Exception:
        what = f"unpacked it would hold more than {self.most // 1_000_000:,} MB or {MOST_FILES:,} files"
        return fail(what, self.remedy, self.file)


def _not_too_many(read_bytes: Callable[[int], bytes], seek: Callable[[int], int], path: Path, limit: _Limit) -> None:
    """Raise `BriefError` where the list of files is longer than any archive's that is read; it is not read for that."""
    size = path.stat().st_size
    seek(max(0, size - _TAIL))
    tail = read_bytes(_TAIL)
    seek(0)
    lengths = [
        struct.unpack_from(form, tail, place + skipped)[0]
        for mark, form, skipped in ((_END, "<L", 12), (_END_64, "<Q", 40))
        if (place := tail.rfind(mark)) >= 0 and place + skipped + struct.calcsize(form) <= len(tail)
    ]
    # What is too large for its field stands as all ones, and then in the longer record.
    if any(length > MOST_FILES * (_ENTRY + _LONGEST_NAME) and length != 0xFFFFFFFF for length in lengths):
        raise limit.passed()


def _unpacked(
    archive: zipfile.ZipFile, path: Path, name: str, wanted: Callable[[str], bool], limit: _Limit
) -> dict[str, bytes]:
    every = [entry for entry in archive.infolist() if not entry.is_dir()]
    listed = [entry for entry in every if wanted(entry.filename)]
    if len(every) > MOST_FILES or sum(entry.file_size for entry in listed) > limit.most:
        raise limit.passed()
    if len({entry.filename for entry in listed}) < len(listed):
        raise fail("the archive holds two files of one name", f"Export it anew as {name}.", path.name)
    for entry in every:
        parts = PurePosixPath(entry.filename.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or ":" in entry.filename:
            what = f"the archive holds a file '{entry.filename[:60]}' outside of it"
            raise fail(what, f"Export it anew as {name}.", path.name)
    return {entry.filename: _bytes(archive, entry) for entry in listed}


def _bytes(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """A file of an archive, no more of it unpacked than the size that is stated; a false one ends in an error."""
    with archive.open(entry) as content:
        return content.read(entry.file_size + 1)


def write(path: Path, files: Mapping[str, bytes]) -> None:
    """Write an archive: the same files give the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


class _NoDoctype(ElementTree.TreeBuilder):
    """Refuses a document type: with it come entities, which may grow without end or name files of this machine."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ValueError("it declares a document type")


def not_too_long(content: bytes, file: str, most: int = MOST_MARKS) -> None:
    """Raise `BriefError` for XML with more tags than are read."""
    if content.count(b"<") > most:
        raise fail(f"its XML has more than {most:,} tags", "Export fewer comments at a time.", file)


def parse(content: bytes, file: str) -> ElementTree.Element:
    """XML as a tree. Raises `BriefError` for what is not well-formed, too long, or declares a document type."""
    not_too_long(content, file)
    parser = ElementTree.XMLParser(target=_NoDoctype())
    try:
        parser.feed(content)
        tree = parser.close()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise fail(f"this XML cannot be read: {error}", "Export it anew.", file) from None
    assert isinstance(tree, ElementTree.Element)
    return tree
