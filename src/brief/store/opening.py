"""Text files of strangers: what encoding they are in, and what an earlier program did to them.

An encoding is detected (charset-normalizer) where the file is neither marked nor UTF-8, and it is told, because a short
file leaves room for doubt. Damage by a program that read one encoding as another is repaired line by line, where the
repair is certain (ftfy: the text decodes again and becomes shorter), and that is told as well.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from brief.contract import text_files
from brief.contract.text_files import CONTROL, MOST_TEXT
from brief.errors import fail
from brief.store.unseen import TakenOut

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENCODINGS = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r")
_OF_MANY_SIGNS = ("cp932", "euc_jp", "gb18030", "big5", "euc_kr", "utf_16_le", "utf_16_be")
"""What text files are in today where they are not UTF-8: others are so rare that a match is more likely an error."""
_LABELS = {
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii", "windows-1252"), "cp1252"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j"), "cp932"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk"), "gb18030"),
    "euc-jp": "euc_jp",
    "windows-1251": "cp1251",
    "iso-8859-9": "cp1254",
}
"""What pages call an encoding, and what browsers read then."""
_NO_FILES = ("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined")
"""What Python calls encodings of text, and no file is in."""
MOST_TABLE = 100_000_000
"""So many bytes a table may have that is read as a whole."""
FEW_ZEROS = 0.05
"""A zero in a text is an error, and is taken out. A file with such a share of them is no text, or is UTF-16."""
_LOOKED_AT = 2_000_000
"""So many bytes are looked at to detect an encoding."""


@dataclass(frozen=True)
class Decoded:
    """A text as it can be stored, and what the preview tells of how it was read, in words."""

    text: str
    messages: tuple[str, ...] = ()


def decoded(path: Path, encoding: str = "", most: int = MOST_TEXT) -> Decoded:
    """A file as text, of so many bytes at most. `encoding` is what the caller says, where detection went wrong.

    A byte order mark is left out, and signs that no page can show. Raises `BriefError` as `content_of` does, for an
    encoding that is none or does not fit, and for bytes that fit none.
    """
    text, messages = _as_text(content_of(path, most), path.name, encoding)
    taken_out = TakenOut()
    # No line more: it could end a row of a table, or a comment.
    text, repaired = _repaired(taken_out.of(text, " "))
    return Decoded(text, (*messages, *taken_out.messages(), *repaired))


class Lines:
    """The lines of a text file of any size, each with its end, as often as they are asked for. A line feed ends one.

    In: the file, and its encoding where the caller says it. `messages` tells how the lines were read, once all of them
    were. Raises `BriefError` as `decoded` does, and for a line that is too long to be one.
    """

    def __init__(self, path: Path, encoding: str = "") -> None:
        self._path = path
        with text_files.opened(path, path.name) as file:
            head = file.read(_LOOKED_AT)
            self._encoding, self._told = _encoding_of(head, file, path.name, encoding)
        self._repairs, self._taken_out = _Repairs(), TakenOut()

    @property
    def messages(self) -> tuple[str, ...]:
        """What the preview tells of how they were read."""
        return (*self._told, *self._taken_out.messages(), *self._repairs.messages())

    def __iter__(self) -> Iterator[str]:
        self._repairs, self._taken_out = _Repairs(), TakenOut()
        with text_files.opened(self._path, self._path.name) as file:
            text = io.TextIOWrapper(file, encoding=self._encoding, newline="\n")
            number = 0
            while line := text.readline(text_files.LONGEST_LINE + 1):
                number += 1
                if len(line) > text_files.LONGEST_LINE:
                    what = f"the line has more than {text_files.LONGEST_LINE:,} signs"
                    raise fail(what, "Break it into several, or take out what is no text.", self._path.name, number)
                if number == 1:
                    line = line.removeprefix("\ufeff")
                line = self._taken_out.of(line, " ")
                yield line if line.isascii() else self._repairs.of(line)


def _encoding_of(head: bytes, file: IO[bytes], name: str, encoding: str) -> tuple[str, tuple[str, ...]]:
    """The encoding of a file, all of which fits it, and what is told of it; `head` is what was read of it already."""
    messages: tuple[str, ...] = ()
    refusal: Exception
    marked = next((called for mark, called in _MARKS if head.startswith(mark)), "")
    if encoding:
        _check_name(encoding, name)
        named, what = encoding, f"the file is not in the encoding {encoding}"
        refusal = fail(what, "Leave --encoding out, or give another.", name)
    elif marked:
        named, refusal = marked, fail(f"the file is marked as {marked} and is not", "Export it anew.", name)
    elif not _is_utf_16(head) and _fits("utf-8", head, file):
        return "utf-8", ()
    else:
        named, refusal = _detected(head, name), _unreadable(name)
        messages = (f"Encoding: {_called(named)}, detected; --encoding NAME says otherwise.",)
    if not _fits(named, head, file):
        raise refusal
    return named, messages


def _check_name(encoding: str, file: str) -> None:
    """Raises `BriefError` for the name of no encoding of text: for none at all, and for a code such as base64."""
    try:
        known = codecs.lookup(encoding)
    except (LookupError, ValueError):
        known = None
    # The codes of Python that make bytes of bytes, or text of text, say so themselves.
    if known is None or not getattr(known, "_is_text_encoding", True) or known.name in _NO_FILES:
        remedy = "Give one such as utf-8, utf-16, windows-1252, shift_jis or gb18030, or leave --encoding out."
        raise fail(f"there is no encoding of text called '{encoding}'", remedy, file)


def _fits(encoding: str, head: bytes, file: IO[bytes]) -> bool:
    """Whether all bytes of a file are text in an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(len(head))
    try:
        decoder.decode(head)
        while part := file.read(_LOOKED_AT):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def content_of(path: Path, most: int = MOST_TEXT) -> bytes:
    """The bytes of a file. Raises `BriefError` for what is no file, cannot be read, or has more than `most` bytes."""
    with text_files.opened(path, path.name) as file:
        if file.seek(0, 2) > most:
            what = f"the file has more than {most:,} bytes"
            raise fail(what, "Take out what is no text, or make several files of it.", path.name)
        file.seek(0)
        return file.read()


def decoded_markup(content: bytes, file: str, encoding: str = "", said: str = "") -> Decoded:
    """The bytes of a page as text. `encoding` is what the caller says, `said` what the page says of itself.

    What the page says is taken where its bytes are not UTF-8 and fit. Control characters become blanks: in markup they
    show nothing, and they often stand in scripts. Raises `BriefError` as `decoded` does.
    """
    name = _LABELS.get(said.lower(), said)
    messages: tuple[str, ...] = ()
    if not encoding and name and (not _is_utf_8(content) or name.lower().startswith("iso-2022")):
        try:
            content.decode(name)
        except (LookupError, UnicodeError):
            name = ""
        if name:
            encoding, messages = (
                name,
                (f"Encoding: {_called(name)}, as the page says; --encoding NAME says otherwise.",),
            )
    text, detected = _as_text(content, file, encoding)
    text, repaired = _repaired(CONTROL.sub(" ", text))
    return Decoded(text, (*messages, *detected, *repaired))


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def decoded_head(head: bytes) -> str:
    """The first bytes of a file as text, to recognise it by: what does not fit is left out."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return head.decode(name, "ignore")
    return head.decode("utf-8", "replace")


def _as_text(content: bytes, file: str, encoding: str) -> tuple[str, tuple[str, ...]]:
    if encoding:
        _check_name(encoding, file)
        try:
            return content.decode(encoding).removeprefix("\ufeff"), ()
        except UnicodeError:
            what, remedy = f"the file is not in the encoding {encoding}", "Leave --encoding out, or give another."
            raise fail(what, remedy, file) from None
    for mark, name in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(name).removeprefix("\ufeff"), ()
            except UnicodeError:
                raise fail(f"the file is marked as {name} and is not", "Export it anew.", file) from None
    try:
        if not _is_utf_16(content):
            return content.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    name = _detected(content, file)
    try:
        text = content.decode(name)
    except UnicodeError:
        raise _unreadable(file) from None
    return text.removeprefix("\ufeff"), (f"Encoding: {_called(name)}, detected; --encoding NAME says otherwise.",)


def _detected(content: bytes, file: str) -> str:
    """The likeliest encoding; of equals, the commonest. Raises `BriefError` where none fits."""
    from charset_normalizer import from_bytes

    if b"\0" in content[:_LOOKED_AT] and not _is_utf_16(content):
        raise _unreadable(file)
    part = content[:_LOOKED_AT]
    names = [*_ENCODINGS, *_OF_MANY_SIGNS] if not _is_utf_16(content) else ["utf_16_le", "utf_16_be"]
    matches = list(from_bytes(part, cp_isolation=names, threshold=0.3))
    if not matches:
        raise _unreadable(file)
    best = min(round(match.chaos, 2) for match in matches)
    fitting = {name for match in matches if round(match.chaos, 2) == best for name in match.could_be_from_charset}
    return next(name for name in names if name in fitting)


def _is_utf_16(content: bytes) -> bool:
    """Whether a file without a mark is UTF-16: in text of Latin letters every second byte is 0."""
    part = content[:2000]
    zeros = (part[::2].count(0), part[1::2].count(0))
    return len(part) >= 4 and max(zeros) > len(part) * 0.2 and min(zeros) < len(part) * 0.02


def _unreadable(file: str) -> Exception:
    return fail("its bytes are text in no encoding that is known here", "Save it as plain text in UTF-8.", file)


def _called(name: str) -> str:
    return name.replace("cp125", "windows-125").replace("_", "-")


def _repaired(text: str) -> tuple[str, tuple[str, ...]]:
    """The text, its lines repaired where an earlier program misread their encoding, and what was done."""
    if text.isascii():
        return text, ()
    repairs = _Repairs()
    lines = [line if line.isascii() else repairs.of(line) for line in text.split("\n")]
    return ("\n".join(lines) if repairs.count else text), repairs.messages()


class _Repairs:
    """Lines that an earlier program damaged, repaired one by one; how many, how, and the first of them."""

    def __init__(self) -> None:
        self.count, self._first = 0, ""
        self._steps = set[str]()

    def of(self, line: str) -> str:
        """The line, repaired where that is certain."""
        from ftfy import fix_encoding_and_explain
        from ftfy.badness import is_bad

        if not is_bad(line):
            return line
        end = "\n" if line.endswith("\n") else ""
        fixed, explanation = fix_encoding_and_explain(line.removesuffix("\n"))
        if fixed == line.removesuffix("\n") or CONTROL.search(fixed) is not None or "\n" in fixed:
            return line
        self.count += 1
        self._first = self._first or fixed
        self._steps.update(_steps(explanation))
        return fixed + end

    def messages(self) -> tuple[str, ...]:
        """What was done, in words."""
        if not self.count:
            return ()
        how = " or ".join(sorted(self._steps))
        return (f"Lines repaired, {how}: {self.count}, such as “{_shortened(self._first)}”.",)


def _steps(explanation: object) -> Iterator[str]:
    """How a line had been damaged, in words, from the plan by which it was repaired."""
    pairs = [(step[0], step[1]) for step in explanation] if isinstance(explanation, list) else []
    encoded = [_called(str(name).removeprefix("sloppy-")) for how, name in pairs if how == "encode"]
    yield f"UTF-8 that had been read as {encoded[0]}" if encoded else "signs that had been damaged"


def _shortened(line: str) -> str:
    line = " ".join(line.split())
    return line if len(line) <= 60 else f"{line[:60]}…"
