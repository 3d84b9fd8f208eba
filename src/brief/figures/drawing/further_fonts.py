"""Fonts beside those of the texts: of emoji, and those that a brief brings for a script that the package lacks."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont, TTLibError

from brief.errors import fail

EMOJI = Path(__file__).parent / "emoji"
"""The folder of the font of emoji."""
_ENDINGS = (".otc", ".otf", ".ttc", ".ttf")


def files(folder: Path) -> list[Path]:
    """The fonts of a folder, sorted by name; none where there is no such folder."""
    return [path for path in sorted(folder.glob("*")) if path.suffix.lower() in _ENDINGS and path.is_file()]


@cache
def signs(folder: Path | None) -> frozenset[str]:
    """The signs that some font of a folder has; none without a folder. Raises as `signs_of`."""
    return frozenset().union(*(signs_of(path, path.name) for path in files(folder))) if folder else frozenset()


def on_paper(folder: Path | None) -> frozenset[str]:
    """The signs that texts of the PDFs have beside those of their fonts: emoji, and those of a folder.

    Pictures have no emoji: there Typst knows no font but the one that is named. Raises as `signs_of`.
    """
    return signs(EMOJI) | signs(folder)


def signs_of(path: Path, file: str) -> frozenset[str]:
    """The signs of a font, or of all in a collection. Raises `BriefError` where it cannot be read."""
    try:
        is_collection = path.read_bytes()[:4] == b"ttcf"
        fonts = TTCollection(path, lazy=True).fonts if is_collection else [TTFont(path, lazy=True)]
        held = frozenset(chr(code) for font in fonts for code in font.getBestCmap() or ())
        if not held:
            raise ValueError("it has no signs")
    except (TTLibError, OSError, ValueError, KeyError, LookupError, AssertionError) as error:
        what = f"this is no font that can be read: {error}"
        raise fail(what, "Put a TrueType or OpenType font there, or take the file out.", file) from None
    return held
