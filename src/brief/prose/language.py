"""How numbers, plurals, lists and dates read in the language of the brief."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from brief.prose.catalogue import noun_for, primary, say, say_again, spoken, word

if TYPE_CHECKING:
    from babel import Locale

NUMBERS = ("no", "one")
"""The numbers that prose has as words: with more, a page would have words and numerals side by side. A catalogue has
them under the context "number"."""
_SENTENCE_OPENS = re.compile('(?:^|[.?!]["\u201d\u2019)]?\\s+|[\u3002\uff1f\uff01]\u300d?)\\Z')
#: Thousands separated, by whichever sign a language has for it, or as in India.
_GROUPED = re.compile("[1-9][0-9]{0,2}(?:[.,'\u00a0\u202f\u2019][0-9]{2,3})*[.,'\u00a0\u202f\u2019][0-9]{3}")
_CAPITAL_NOUNS = ("de", "lb")


def number_word(number: int, zero: str = "no") -> str:
    """None and one as words, from two on a numeral with thousands separated ("7", "1,234")."""
    if number == 0:
        return word("number", zero)
    return word("number", NUMBERS[number]) if 0 < number < len(NUMBERS) else numeral(number)


def numeral(number: int) -> str:
    """A whole number in digits, with thousands separated: "1,234"."""
    from babel.numbers import format_decimal

    return f"{number:,}" if abs(number) < 1000 else format_decimal(int(number), locale=spoken().locale)


def ungrouped(text: str) -> str:
    """A whole number as files have it: "1234" for "1,234" or "1.234"; any other text as it is."""
    return re.sub(r"\D", "", text) if _GROUPED.fullmatch(text) else text


def decimal(number: float, places: int) -> str:
    """A number with so many decimals: "0.50"."""
    point = str(spoken().locale.number_symbols["latn"]["decimal"])
    return f"{number:.{places}f}".replace(".", point)


def counted(number: int, noun: str, nouns: str) -> str:
    """A number with its noun: "one block", "7 blocks", "no blocks"."""
    named = noun_for(number, noun, nouns)
    whole = named if "{number}" in named else word("number", "{number} {noun}")
    return whole.replace("{number}", number_word(number)).replace("{noun}", named)


def only_noun(noun: str, nouns: str) -> tuple[str, str]:
    """The noun of one and of several without a number, in the language of the brief."""
    singular, several = (noun_for(number, noun, nouns).replace("{number}", "").strip() for number in (1, 2))
    return singular, several


def listed(items: Iterable[str]) -> str:
    """A list as it stands in a sentence: "a", "a and b", "a, b and c"."""
    from babel.lists import format_list

    return format_list(list(items), locale=spoken().locale)


def quoted(words: str) -> str:
    """Words in quotation marks."""
    return say("“{title}”", title=words)


def capital(text: str) -> str:
    """The text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def within(text: str) -> str:
    """A label as it stands within a sentence: its first letter is small, but where nouns have capitals."""
    return text if primary(spoken().tag) in _CAPITAL_NOUNS else text[:1].lower() + text[1:]


def long_date(day: dt.date, locale: Locale | None = None) -> str:
    """A date as it is written in prose, in the language that is spoken or in another one: 20 September 2017."""
    from babel.dates import format_date

    return format_date(day, "long", locale=locale or spoken().locale)


def month_of(day: dt.date) -> str:
    """The month of a date as it is written in prose: September 2017."""
    from babel.dates import format_skeleton

    return format_skeleton("yMMMM", day, locale=spoken().locale)


def months_of(language: str) -> list[str]:
    """The names of the months as they stand in dates of a language."""
    from babel import Locale

    return [str(name) for name in Locale.parse(language).months["format"]["wide"].values()]


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
        return say("{count} bytes", count=count)
    return f"{count / 1000:.0f} KB" if count < 999_500 else f"{decimal(count / 1_000_000, 1)} MB"


def formatted(value: int | str | bool | dt.date | None) -> str:
    """A fact's value as a reader sees it."""
    if value is None:
        return say("not known")
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, int):
        return numeral(value)
    if isinstance(value, dt.date):
        return long_date(value)
    return say_again(value)


def opens_sentence(before: str) -> bool:
    """True where the text so far ends a sentence, or there is none yet."""
    return bool(_SENTENCE_OPENS.search(before))
