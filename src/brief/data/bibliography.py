"""The sources of the brief as `data/sources.bib` holds them; kept light, since every build imports it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from brief.contract.text_files import read_text
from brief.errors import BriefError, Fault, fail
from brief.prose.catalogue import say
from brief.prose.language import listed

SOURCES = "data/sources.bib"
MOST_SIGNS = 2_000_000
"""BibTeX is read slowly."""


def read_sources(root: Path) -> dict[str, dict[str, str]]:
    """The sources by key: author, title, how published, year, note, url; those that are there. Sorted by key.

    Sources that would share a label have a `letter`, as `letters` gives them.

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
        entries = _entries(text)
    except PybtexError as error:
        row = _row_of(str(error), text)
        raise BriefError(Fault(f"this is not BibTeX: {error}", "Correct the entry.", SOURCES, row)) from None
    sources: dict[str, dict[str, str]] = {}
    letter = letters(entries.values())
    for key, entry in sorted(entries.items()):
        fields = {name.lower(): _bare(value) for name, value in entry.fields.items()}
        lettered = {"letter": letter[key]} if key in letter else {}
        sources[key] = {"author": _who(entry), **fields, **lettered}
    return sources


@lru_cache(maxsize=8)
def _entries(text: str) -> Mapping[str, Any]:
    """The entries in a text of BibTeX, to be looked at only: a command reads the same file again and again, slowly."""
    from pybtex.database import parse_string

    entries: Mapping[str, Any] = parse_string(text, "bibtex").entries
    return entries


def letters(entries: Iterable[Any]) -> dict[str, str]:
    """The letter of each source whose label is another's too, by its key, in the order of the list of sources.

    `entries` are those of pybtex, in the order of the file. A label is who and the year: all names in full in tables,
    last names in a citation. Sources that share either kind share one row of letters: a letter is the same in both.
    """
    from pybtex.style.sorting.author_year_title import SortingStyle

    place: dict[str, tuple[Any, ...]] = {}
    bearers: dict[tuple[str, str, str], list[str]] = {}
    for number, entry in enumerate(entries):
        kind, year = _bare(entry.fields.get("keywords", "")), _bare(entry.fields.get("year", ""))
        place[entry.key] = (not kind, kind, *SortingStyle().sorting_key(entry), number)
        for form, who in (("full", _who(entry)), ("cited", _cited(entry))):
            bearers.setdefault((form, who.casefold(), year.casefold()), []).append(entry.key)
    rows = {key: {key} for key in place}
    for keys in bearers.values():
        row = set().union(*(rows[key] for key in keys))
        rows |= dict.fromkeys(row, row)
    ordered = {key: sorted(row, key=place.__getitem__) for key, row in rows.items() if len(row) > 1}
    return {key: _letter(row.index(key)) for key, row in ordered.items()}


def _letter(number: int) -> str:
    """The letters a to z, then za to zz and so on: they sort in the order in which they are given."""
    return "z" * (number // 26) + chr(ord("a") + number % 26)


def _bare(text: str) -> str:
    return " ".join(text.replace("{", "").replace("}", "").split())


def _people(entry: Any) -> list[Any]:
    return list(entry.persons.get("author") or entry.persons.get("editor") or [])


def _who(entry: Any) -> str:
    """Whose a source is: its authors, else its editors, else its title."""
    return listed([_name(person) for person in _people(entry)]) or _bare(entry.fields.get("title", ""))


def _cited(entry: Any) -> str:
    """Whose a source is as a citation has it: the last names of two, or of the first of more."""
    last = [_bare(" ".join([*person.prelast_names, *person.last_names])) for person in _people(entry)]
    return " and ".join(last if len(last) < 3 else [last[0], "others"]) or _who(entry)


def _row_of(message: str, text: str) -> int | None:
    """The first line with the words that a message about a name quotes; None for messages that quote none."""
    quoted = message.partition("'")[2].rpartition("'")[0]
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if quoted and quoted in line), None)


def _name(person: Any) -> str:
    """A person's or an organisation's name as it is read: first names, then last."""
    parts = [*person.first_names, *person.middle_names, *person.prelast_names, *person.last_names]
    return _bare(" ".join(parts))


def short_name(fields: Mapping[str, str]) -> str:
    """A source as it stands in a sentence: who, and the year where it is known; no other source of the brief has it."""
    year = lettered_year(fields)
    return f"{fields['author']}, {year}" if year else fields["author"]


def lettered_year(fields: Mapping[str, str]) -> str:
    """The year of a source with its letter, if it has one; empty where neither year nor letter is there."""
    year, letter = fields.get("year", ""), fields.get("letter", "")
    return f"{year}{letter}" if year or not letter else say("undated ({letter})", letter=letter)


def keys_of(cell: str) -> list[str]:
    """The source keys in a cell."""
    return [key.strip() for key in cell.split(";") if key.strip()]


def names_of(sources: Mapping[str, Mapping[str, str]], cell: str) -> list[str]:
    """The sources in a cell as they stand in a sentence, in its order."""
    return [short_name(sources[key]) for key in keys_of(cell)]
