"""What is wrong with the fonts that a brief brings for its PDFs, before anything is typeset."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from brief.errors import BriefError, Fault

_BRIEF, _KEY = "data/brief.yml", "pdf_fonts"
_FOLDER = "book"
#: Letters, numbers and marks of punctuation: a square in their place makes a word unreadable.
_READ = ("L", "N", "P")
_NAMED = 12


def faults_of(root: Path, named: str, texts: Iterable[str]) -> Iterator[Fault]:
    """The faults of the folder of fonts that `data/brief.yml` names; none where it names none.

    In: the brief's folder; the folder as it is named; what the brief is written in. All its signs have to be in a font.
    """
    if not named:
        return
    # What takes long to load is needed by those briefs alone that bring fonts.
    from brief.figures.drawing import further_fonts
    from brief.figures.drawing.signs import in_fonts

    parts = Path(named).parts
    if len(parts) < 2 or parts[0] != _FOLDER or ".." in parts:
        remedy = (
            f"Put the fonts into a folder of {_FOLDER}/ and name it, as {_FOLDER}/fonts: a build reads nothing else."
        )
        yield Fault(f"the fonts do not lie in {_FOLDER}/: '{named}'", remedy, _BRIEF, None, _KEY)
        return
    fonts = further_fonts.files(root / named)
    if not fonts:
        remedy = (
            "Put fonts there (TTF, OTF, TTC), or leave the key out: then there is no PDF where letters are missing."
        )
        yield Fault(f"there is no font in '{named}'", remedy, _BRIEF, None, _KEY)
        return
    known: set[str] = set()
    unread = False
    for path in fonts:
        try:
            known |= further_fonts.signs_of(path, path.relative_to(root).as_posix())
        except BriefError as error:
            unread = True
            yield from error.faults
    written = {sign for text in texts for sign in text if unicodedata.category(sign).startswith(_READ)}
    missing = sorted(sign for sign in written - known if not in_fonts(sign))
    if missing and not unread:
        few = " ".join(missing[:_NAMED]) + (" …" if len(missing) > _NAMED else "")
        what = f"the fonts in '{named}' lack {len(missing)} of the signs that the brief is written in: {few}"
        yield Fault(what, "Add a font that has them.", _BRIEF, None, _KEY)
