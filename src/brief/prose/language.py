"""How numbers, plurals, lists and dates read in English."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SENTENCE_OPENS = re.compile('(?:^|[.?!]["\u201d\u2019)]?\\s+)\\Z')


def number_word(number: int, zero: str = "no") -> str:
    """A small whole number as a word ("seven"), from ten on as a numeral with thousands separated ("1,234")."""
    if number == 0:
        return zero
    return _WORDS[number] if 0 < number < len(_WORDS) else f"{number:,}"


def counted(number: int, noun: str, nouns: str) -> str:
    """A number with its noun: "one block", "seven blocks", "no blocks"."""
    return f"{number_word(number)} {noun if number == 1 else nouns}"


def listed(items: Iterable[str]) -> str:
    """A list as it stands in a sentence: "a", "a and b", "a, b and c"."""
    words = list(items)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def capital(text: str) -> str:
    """The text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def long_date(day: dt.date) -> str:
    """A date as it is written in prose: 20 September 2017."""
    return f"{day.day} {day:%B %Y}"


def moment(text: str) -> str:
    """A day or moment in ISO 8601 as people write it: "1 May 2020", "1 May 2020, 10:12 UTC"; "" for no text."""
    if "T" not in text:
        return long_date(dt.date.fromisoformat(text)) if text else ""
    when = dt.datetime.fromisoformat(text)
    zone = when.strftime("%Z")
    return f"{long_date(when.date())}, {when:%H:%M}{f' {zone}' if zone else ''}"


def language_name(tag: str, spoken: str) -> str:
    """What the language of a tag is called in another one: "German"; the tag itself where that is not known."""
    # Here, because most briefs are in one language.
    from babel import Locale, UnknownLocaleError

    try:
        return capital(Locale.parse(tag, sep="-").get_display_name(Locale.parse(spoken, sep="-")) or tag)
    except (UnknownLocaleError, ValueError):
        return tag


def size_of(count: int) -> str:
    """A size in bytes as readers know it: "640 bytes", "2 KB", "1.3 MB"."""
    if count < 1000:
        return f"{count} bytes"
    return f"{count / 1000:.0f} KB" if count < 999_500 else f"{count / 1_000_000:.1f} MB"


def formatted(value: int | str | bool | dt.date | None) -> str:
    """A fact's value as a reader sees it."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, dt.date):
        return long_date(value)
    return value


def opens_sentence(before: str) -> bool:
    """True where the text so far ends a sentence, or there is none yet."""
    return bool(_SENTENCE_OPENS.search(before))
