"""What a file is that nobody reads, in words: so much is seen of it, and what to do with it."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from brief.store.opening import FEW_ZEROS

_KINDS = (
    (b"%PDF", "it is a PDF; copy its text into a file, or export the comments from where they were written"),
    (b"\x89PNG", "it is a picture (PNG)"),
    (b"\xff\xd8\xff", "it is a picture (JPEG)"),
    (b"GIF8", "it is a picture (GIF)"),
    (b"RIFF", "it is a picture, a sound or a film (RIFF)"),
    (
        b"\xd0\xcf\x11\xe0",
        "it is a file of an old Office (.xls, .doc), or one with a password; save it as .xlsx or CSV",
    ),
    (b"\x1f\x8b", "it is a compressed file (gzip); unpack it first"),
    (b"BZh", "it is a compressed file (bzip2); unpack it first"),
    (b"\xfd7zXZ", "it is a compressed file (xz); unpack it first"),
    (b"\x28\xb5\x2f\xfd", "it is a compressed file (zstandard); unpack it first"),
    (b"7z\xbc\xaf", "it is an archive (7-Zip); unpack it first"),
    (b"Rar!", "it is an archive (RAR); unpack it first"),
    (b"SQLite format 3", "it is a database (SQLite); export the table of comments as CSV"),
    (b"{\\rtf", "it is a document (RTF); save it as plain text"),
    (b"$FL2", "it is a file of SPSS; export it as CSV"),
)
_OFFICE = {
    "project.qde": "it is a project of a coding tool (REFI-QDA); see brief import-codings --help",
    "word/": "it is a Word file (.docx); save it as plain text",
    "ppt/": "it is a presentation (.pptx)",
    "META-INF/manifest.xml": "it is a file of LibreOffice or a book; save tables as .xlsx or CSV, texts as plain text",
}
_SHOWN = 5


def seen(path: Path, head: bytes) -> str:
    """What a file is, by its first bytes and, of an archive, by what it holds."""
    if head.startswith(b"PK"):
        return _archive(path)
    for mark, words in _KINDS:
        if head.startswith(mark):
            return words
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:40]
    shown = repr(start.decode("utf-8", "replace")[:24])
    if start.startswith(b"<"):
        return f"it is XML or HTML that begins with {shown}"
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return f"it is no text; it begins with {shown}"
    return f"it begins with {shown}"


def is_no_text(head: bytes) -> bool:
    """Whether the first bytes of a file are those of no text."""
    if head.startswith((b"PK\x03\x04", *(mark for mark, _ in _KINDS))):
        return True
    # UTF-16 has zeros too: in one half of its bytes.
    zeros = head[::2].count(0), head[1::2].count(0)
    return min(zeros) > 0 and sum(zeros) > len(head) * FEW_ZEROS and not head.startswith((b"\xff\xfe", b"\xfe\xff"))


def _archive(path: Path) -> str:
    """What a ZIP archive is: a file of an office program, or an archive with some files in it."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "it is a ZIP archive that is broken"
    for part, words in _OFFICE.items():
        if any(name.startswith(part) for name in names):
            return words
    listed = ", ".join(PurePosixPath(name).name[:60] for name in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"it is a ZIP archive that holds {listed}{more}; unpack it first" if names else "it is an empty ZIP archive"
