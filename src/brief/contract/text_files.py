"""Text files as they are: UTF-8, nothing translated, and the line told where something cannot be read or shown."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import IO, Any

from brief.contract.noting import note
from brief.errors import BriefError, Fault

#: Signs that no text may hold: controls, and halves of a pair (surrogates).
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_CONTROLS = bytes(byte for byte in range(128) if CONTROL.match(chr(byte)))
CONTROL_REMEDY = "Take it out: a page cannot show it."
NO_FILE_REMEDY = "Move it away, and put the file there."
ENCODING_REMEDY = "Save the file as plain text in the encoding UTF-8."

LONGEST_LINE = 10_000_000
"""So many bytes a line may have; one that is longer is refused before all of it is read."""
MOST_TEXT = 50_000_000
"""So many bytes a text may have that is read as a whole."""

# Tab and carriage return are skipped by spreadsheets before they look; the wide signs count in East Asian versions.
_RUNS = "=+\\-@\t\r\uff1d\uff0b\uff0d\uff20"
_GUARD = re.compile(f"'*[{_RUNS}]")
_GUARDED = re.compile(f"''*[{_RUNS}]")


def guarded(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula; `unguarded` gives the cell back.

    A cell that begins with a sign that starts a formula gets an apostrophe in front, as spreadsheets themselves mark
    text; one that has apostrophes before such a sign gets one more. So nothing runs, and nothing is lost.
    """
    return f"'{cell}" if _GUARD.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before `guarded`."""
    return cell[1:] if _GUARDED.match(cell) else cell


def has_control(text: str) -> bool:
    """Whether `CONTROL` finds something in a text, of a long one several times faster."""
    try:
        content = text.encode()
    except UnicodeEncodeError:
        return True
    return len(content.translate(None, _CONTROLS)) < len(content)


def opened(path: Path, file: str) -> IO[bytes]:
    """A file to read the bytes of. Raises `BriefError` where it is missing, or is a folder, a pipe or a device."""
    try:
        if not path.exists():
            raise BriefError(Fault("the file is missing", "Put it there, or take it out of data/brief.yml.", file))
        if (what := no_file(path)) is not None:
            raise BriefError(Fault(what, NO_FILE_REMEDY, file))
        note(str(path))
        return path.open("rb")
    except OSError as error:
        what = f"the file cannot be read: {(error.strerror or str(error)).lower()}"
        raise BriefError(Fault(what, "See to its rights, then try again.", file)) from None


def no_file(path: Path) -> str | None:
    """What stands at a path instead of a file; None for a file, and where nothing is."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return None
    if stat.S_ISREG(mode):
        return None
    # A pipe would be waited for without end, and what comes from a device cannot be read twice.
    return "this is a folder, not a file" if stat.S_ISDIR(mode) else "this is a pipe or a device, not a file"


def text_lines(path: Path, file: str) -> Iterator[str]:
    """The lines of a text file one by one, each with its end: only a line feed ends a line, nothing is translated.

    A byte order mark is left out. Raises `BriefError` with the line where the file is missing, not UTF-8, or holds a
    control character or a line longer than `LONGEST_LINE`; and as `opened`.
    """
    with opened(path, file) as content:
        number = 0
        while line := content.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                what = f"the line has more than {LONGEST_LINE:,} bytes"
                raise BriefError(Fault(what, "Break it into several, or take out what is no text.", file, number))
            plain = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            try:
                text = plain.decode("utf-8")
            except UnicodeDecodeError as error:
                what = f"the byte {plain[error.start]:#04x} is not UTF-8"
                raise BriefError(Fault(what, ENCODING_REMEDY, file, number)) from None
            if (control := CONTROL.search(text)) is not None:
                what = f"the control character U+{ord(control.group()):04X} stands in the text"
                raise BriefError(Fault(what, CONTROL_REMEDY, file, number))
            yield text


def read_text(path: Path, file: str) -> str:
    """A text file as it is. Raises `BriefError` as `text_lines`, and for more than `MOST_TEXT`."""
    with opened(path, file) as content:
        if content.seek(0, 2) > MOST_TEXT:
            what = f"the file has more than {MOST_TEXT:,} bytes"
            raise BriefError(Fault(what, "Take out what is no text, or make several files of it.", file))
    return "".join(text_lines(path, file))


def write_csv(rows: list[dict[str, Any]], columns: list[str]) -> str:
    """Rows as CSV text, every cell verbatim, with a line feed between rows."""
    return "".join(csv_lines(columns, ([str(row.get(name, "")) for name in columns] for row in rows)))


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a CSV file, its header first, every cell verbatim.

    Written here because the csv module leaves a lone carriage return unquoted, which readers take for the end of a row.
    """
    for cells in chain([columns], rows):
        yield ",".join(map(_quoted, cells)) + "\n"


def _quoted(cell: str) -> str:
    if any(sign in cell for sign in ',"\r\n') or cell != cell.strip():
        return '"' + cell.replace('"', '""') + '"'
    return cell
