"""Catalogues of what the program says: every message and every passage of the general chapters, to be translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from brief.contract import inputs, text_files
from brief.contract.tables import CONTRACT
from brief.data.claims import CHAIN_KINDS
from brief.errors import Fault, fail
from brief.prose import catalogue, extraction, passages
from brief.prose.extraction import Said
from brief.store import starter

#: The columns whose allowed words stand on pages.
_SHOWN = {
    "data/coders.yml": ("kind",),
    "data/codings/*.csv": ("boundary",),
    "data/claims.csv": ("kind", "said", "holds"),
    "data/timeline.csv": ("kind",),
    "data/replies.csv": ("answered",),
    "data/decisions.csv": ("decision",),
    "data/options/criteria.csv": ("asks",),
    "data/options/assessments.csv": ("low",),
}
_NAME = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@cache
def said() -> tuple[Said, ...]:
    """Every message of the program, and every passage that a new brief begins with."""
    return (*extraction.messages(inputs.PACKAGE, _values()), *_passages())


def _values() -> Iterator[str]:
    for file, names in _SHOWN.items():
        yield from (value for column in CONTRACT[file] if column.name in names for value in column.values)
    yield from CHAIN_KINDS


def _passages() -> Iterator[Said]:
    for name, text in starter.texts().items():
        words_of_page = passages.of_chapter(text) if name.endswith(".md") else passages.of_yaml(text)
        yield from (Said(words, "", "", name) for words in words_of_page)


def refresh(path: Path) -> tuple[int, int, list[Fault]]:
    """Write a catalogue with every message: what it had translated stays, and so do a translator's comments and marks.

    Returns how many there are, how many are empty, and what is wrong with the translations, by their lines.

    The language is the name of the file, as in de.po. Raises `BriefError` for another name, and for a
    catalogue that cannot be read, which stays as it is.
    """
    language = path.stem
    if path.suffix != ".po" or not _NAME.fullmatch(language):
        raise fail(f"'{path.name}' is not the name of a catalogue", "Name it by its language, as de.po.")
    known = text_files.read_text(path, path.name) if path.is_file() else ""
    text = extraction.refreshed(known, language, said())
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.tmp")
    new.write_text(text, encoding="utf-8", newline="\n")
    new.replace(path)
    empty = len(extraction.left_to_translate(text, language, said()))
    return len(said()), empty, extraction.faults_of(text, language, path.name)


def left(root: Path, language: str) -> list[str]:
    """The messages, in English, that the catalogue of a brief's language has not translated; none for English."""
    path = catalogue.file_of(language, root)
    if path is None:
        return []
    return extraction.left_to_translate(text_files.read_text(path, path.name), path.stem, said())
