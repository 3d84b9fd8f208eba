"""Typesetting with Typst: a document as plain data in, a tagged PDF that meets PDF/UA-1 out; same data, same bytes.

The template reads the document as JSON and never evaluates a text of it, so no text can become markup. Fonts are those
of the package and those inside Typst; nothing is read from the machine, and nothing fetched.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst

from brief.errors import fail
from brief.figures.drawing.text import FONTS as SANS

_HERE = Path(__file__).parent
_TEMPLATE = _HERE / "brief.typ"
_FONTS = [_HERE / "fonts", SANS]
_ATTEMPTS = 3
#: Stands for a sign that no font at hand has; PDF/UA forbids the empty box that a viewer would show.
NO_GLYPH = "\u25a1"
_MISSING = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")


@dataclass(frozen=True)
class Typeset:
    """A PDF: its bytes, and how many pages it has."""

    content: bytes
    pages: int


def typeset(document: Mapping[str, Any], edition: dt.date) -> Typeset:
    """Typeset a document of `brief.site.pdf.papers`, dated as the edition.

    Raises `BriefError` where Typst refuses it, as it does a figure without an alternative text.
    """
    stamp = dt.datetime(edition.year, edition.month, edition.day, tzinfo=dt.UTC)
    text = json.dumps(document, ensure_ascii=False, sort_keys=True)
    missing: set[str] = set()
    for _ in range(_ATTEMPTS):
        compiler = typst.Compiler(
            str(_TEMPLATE),
            root=str(_HERE),
            font_paths=[str(folder) for folder in _FONTS],
            ignore_system_fonts=True,
            sys_inputs={"document": text, "replaced": "yes" if missing else "no"},
        )
        try:
            content = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=stamp)
        except typst.TypstError as error:
            found = signs_without_glyph(error.diagnostic)
            if not found - missing:
                raise fail(
                    f"the PDF cannot be made: {error.message}",
                    "Correct what it names, for instance a figure without an alternative text.",
                ) from error
            missing |= found
            text = text.translate({ord(sign): NO_GLYPH for sign in missing})
            continue
        pages = int(json.loads(compiler.query("<pages>", field="value", one=True)))
        return Typeset(bytes(content), pages)  # type: ignore[arg-type]
    raise fail("the PDF cannot be made: its fonts lack too many signs", "Report this with the text that caused it.")


def signs_without_glyph(diagnostic: str) -> set[str]:
    """The signs that Typst says no font at hand has, from its message."""
    told = (_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) for text in _MISSING.findall(diagnostic))
    return {sign for text in told for sign in text if ord(sign) > 0x7F}
