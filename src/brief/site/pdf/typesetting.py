"""Typesetting with Typst: a document as plain data in, a tagged PDF that meets PDF/UA-1 out; same data, same bytes.

The template reads the document as JSON and never evaluates a text of it, so no text can become markup. Fonts are those
of the package, those inside Typst, and those that the brief brings; nothing is read from the machine, and nothing
fetched. No text stops a PDF: a square stands for a sign that no font at hand has, and the paper says so.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brief.contract import inputs
from brief.contract.kept_work import done_once
from brief.errors import fail
from brief.figures.drawing import further_fonts, own_fonts
from brief.figures.drawing.signs import in_fonts, replaced
from brief.figures.drawing.text import FONTS as SANS
from brief.prose.catalogue import say
from brief.site.pdf.compiling import Refused, compiled

_HERE = Path(__file__).parent
_TEMPLATE = _HERE / "brief.typ"
_FONTS = [_HERE / "fonts", SANS, further_fonts.EMOJI]
_ATTEMPTS = 3
_MISSING = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_PARTS_AND_TEXTS = re.compile(r"\{\w+\}|[^{]+")
_BYTE_ORDER_MARK = "\ufeff"
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")


@dataclass(frozen=True)
class Typeset:
    """A PDF: its bytes, and how many pages it has."""

    content: bytes
    pages: int


def typeset(document: Mapping[str, Any], edition: dt.date, fonts: Path | None = None) -> Typeset:
    """Typeset a document of `brief.site.pdf.papers`, dated as the edition; `fonts` is a folder with further fonts.

    Raises `BriefError` where Typst refuses it, as it does a figure without an alternative text.
    """
    words = json.dumps(_words(), ensure_ascii=False, sort_keys=True)
    whole = json.dumps(document, ensure_ascii=False, sort_keys=True)

    def make() -> bytes:
        paper = _typeset(document, edition, fonts)
        return b"%d\n%b" % (paper.pages, paper.content)

    brought = inputs.digest_of(fonts, filter(Path.is_file, sorted(fonts.rglob("*")))) if fonts else ""
    pages, _, content = done_once("paper", (whole, words, edition.isoformat(), brought), make).partition(b"\n")
    return Typeset(content, int(pages))


def _typeset(document: Mapping[str, Any], edition: dt.date, fonts: Path | None) -> Typeset:
    squares = bool(document.get("squares"))
    whole: Any = _with_signs(dict(document), _other_than({_BYTE_ORDER_MARK}))
    missing: set[str] = set()
    for _ in range(_ATTEMPTS):
        try:
            return _compiled(whole, squares, edition, fonts)
        except Refused as error:
            absent = signs_without_glyph(error.diagnostic)
            if not absent - missing:
                break
            missing |= absent
        squares = True
        whole = _with_signs(whole, _other_than(missing))
    # What Typst does not name, as joined letters whose signs a PDF cannot tell: only what the package's fonts have.
    further = further_fonts.on_paper(fonts)
    plain = _with_signs(whole, lambda sign: in_fonts(sign) or sign in further)
    try:
        return _compiled(plain, squares or plain != whole, edition, fonts)
    except Refused as error:
        raise fail(
            f"the PDF cannot be made: {error.message}",
            "Correct what it names, for instance a figure without an alternative text.",
        ) from error


def _compiled(document: Any, squares: bool, edition: dt.date, fonts: Path | None) -> Typeset:
    folders = [*_FONTS, own_fonts.folder(), *([fonts] if fonts else [])]
    given = {
        "document": json.dumps(document, ensure_ascii=False, sort_keys=True),
        "words": json.dumps(_words(), ensure_ascii=False, sort_keys=True),
        "replaced": "yes" if squares else "no",
    }
    return Typeset(*compiled(str(_TEMPLATE), [*map(str, folders)], given, edition))


def _words() -> dict[str, str | list[str]]:
    """What the template itself says; a list holds texts and, between them, the names of what it puts in."""
    return {
        "page": _PARTS_AND_TEXTS.findall(say("Page {page} of {all}")),
        "source": _PARTS_AND_TEXTS.findall(say("Source: {source}")),
        "moved": _PARTS_AND_TEXTS.findall(say("{figure} is at the top of page {page}.")),
        "contents": say("Contents"),
        "squares": say(
            "Where this file cannot show a sign, as an emoji in a picture, a square stands for it. "
            "The website shows these signs."
        ),
    }


def _other_than(signs: set[str]) -> Callable[[str], bool]:
    return lambda sign: sign not in signs


def _with_signs(part: Any, has: Callable[[str], bool]) -> Any:
    """Plain data with a square in its texts for each sign that there is not."""
    if isinstance(part, str):
        return replaced(part, has)
    if isinstance(part, dict):
        return {name: _with_signs(inner, has) for name, inner in part.items()}
    return [_with_signs(inner, has) for inner in part] if isinstance(part, list) else part


def signs_without_glyph(diagnostic: str) -> set[str]:
    """The signs that Typst says no font at hand has, from its message."""
    texts = (_ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), text) for text in _MISSING.findall(diagnostic))
    return {sign for text in texts for sign in text if ord(sign) > 0x7F}
