"""Text files as they are: UTF-8, nothing translated, and the line told where something cannot be read or shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from brief.errors import BriefError, Fault

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
CONTROL_REMEDY = "Take it out: a page cannot show it."
ENCODING_REMEDY = "Save the file as plain text in the encoding UTF-8."


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
