"""Text files as they are: UTF-8, nothing translated, and the line told where something cannot be read or shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from brief.errors import BriefError, Fault

#: Signs that no text may hold: controls, and halves of a pair (surrogates).
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
CONTROL_REMEDY = "Take it out: a page cannot show it."
ENCODING_REMEDY = "Save the file as plain text in the encoding UTF-8."

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


def text_lines(path: Path, file: str) -> Iterator[str]:
    """The lines of a text file one by one, each with its end: only a line feed ends a line, nothing is translated.

    A byte order mark is left out. Raises `BriefError` with the line where the file is missing, not UTF-8, or holds a
    control character.
    """
    try:
        content = path.open("rb")
    except OSError:
        remedy = "Put it there, or take it out of data/brief.yml."
        raise BriefError(Fault("the file is missing", remedy, file)) from None
    with content:
        for number, line in enumerate(content, start=1):
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
    """A text file as it is. Raises `BriefError` as `text_lines`."""
    return "".join(text_lines(path, file))


def write_csv(rows: list[dict[str, Any]], columns: list[str]) -> str:
    """Rows as CSV text, every cell verbatim, with a line feed between rows.

    Written here because the csv module leaves a lone carriage return unquoted, which readers take for the end of a row.
    """
    lines = [columns, *([str(row.get(name, "")) for name in columns] for row in rows)]
    return "".join(",".join(_quoted(cell) for cell in line) + "\n" for line in lines)


def _quoted(cell: str) -> str:
    if any(sign in cell for sign in ',"\r\n') or cell != cell.strip():
        return '"' + cell.replace('"', '""') + '"'
    return cell
