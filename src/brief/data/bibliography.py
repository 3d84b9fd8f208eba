"""The sources of the brief as `data/sources.bib` holds them; kept light, since every build imports it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from brief.contract.text_files import read_text
from brief.errors import BriefError, Fault, fail
from brief.prose.language import listed

SOURCES = "data/sources.bib"
MOST_SIGNS = 2_000_000
"""BibTeX is read slowly."""


def read_sources(root: Path) -> dict[str, dict[str, str]]:
    """The sources by key: author, title, how published, year, note, url; those that are there. Sorted by key.

    Raises `BriefError` where the file is not BibTeX.
    """
    path = root / SOURCES
    if not path.is_file():
        return {}
    from pybtex.exceptions import PybtexError

    text = read_text(path, SOURCES)
    if len(text) > MOST_SIGNS:
        raise fail(f"the file has more than {MOST_SIGNS:,} signs", "Keep the sources that are used.", SOURCES)
    try:
        return {key: dict(fields) for key, fields in _parsed(text).items()}
    except PybtexError as error:
        row = _row_of(str(error), text)
        raise BriefError(Fault(f"this is not BibTeX: {error}", "Correct the entry.", SOURCES, row)) from None


@lru_cache(maxsize=8)
def _parsed(text: str) -> dict[str, dict[str, str]]:
    """The sources in a text of BibTeX, for copies of them: a command reads the same file again and again."""
    from pybtex.database import parse_string

    parsed = parse_string(text, "bibtex")
    sources: dict[str, dict[str, str]] = {}
    for key, entry in sorted(parsed.entries.items()):
        fields = {name.lower(): value.replace("{", "").replace("}", "") for name, value in entry.fields.items()}
        names = [_name(person) for person in entry.persons.get("author", [])]
        sources[key] = {"author": listed(names), **fields}
    return sources


def _row_of(message: str, text: str) -> int | None:
    """The first line with the words that a message about a name quotes; None for messages that quote none."""
    quoted = message.partition("'")[2].rpartition("'")[0]
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if quoted and quoted in line), None)


def _name(person: Any) -> str:
    """A person's or an organisation's name as it is read: first names, then last."""
    parts = [*person.first_names, *person.middle_names, *person.prelast_names, *person.last_names]
    return " ".join(" ".join(parts).replace("{", "").replace("}", "").split())


def short_name(fields: Mapping[str, str]) -> str:
    """A source as it stands in a sentence: who, and the year where it is known."""
    year = fields.get("year", "")
    return f"{fields['author']}, {year}" if year else fields["author"]


def keys_of(cell: str) -> list[str]:
    """The source keys in a cell."""
    return [key.strip() for key in cell.split(";") if key.strip()]


def names_of(sources: Mapping[str, Mapping[str, str]], cell: str) -> list[str]:
    """The sources in a cell as they stand in a sentence, in its order."""
    return [short_name(sources[key]) for key in keys_of(cell)]
