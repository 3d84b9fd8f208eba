"""Dates as exports and pages write them, as far as they can be read without a guess."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable
from email.utils import parsedate_to_datetime
from functools import lru_cache

_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(\.\d+)?\s?(Z|UTC|[+-]\d\d:?\d\d)?)?")
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})\b,?(?:\s+(?:at\s+)?(.*))?")
_TIME = re.compile(
    r"(\d{1,2})[:.h](\d\d)(?::(\d\d)(?:\.\d+)?)?(?:\s*([ap])\.?m\.?)?(?:\s*(?:uhr|h|hrs))?\s*(z|utc|[+-]\d\d:?\d\d)?",
    re.I,
)
_SECONDS, _THOUSANDTHS = re.compile(r"1\d{9}(?:\.\d+)?"), re.compile(r"1\d{12}")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
ORDERS = ("day-first", "month-first")
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "ja")


def dates_of(texts: Iterable[str], order: str = "", language: str = "") -> dict[str, str]:
    """The dates of a column by the text they stand in, ISO 8601.

    A day alone stays a day, a time stays with it where it can be read (`has_lost_time`). `order` is one of `ORDERS`,
    for 03/04/2020; without it, such dates are not read. Texts that leave a choice or have no year ("yesterday",
    "August 15") are not in the result.
    """
    languages = [language.split("-")[0], *LANGUAGES] if language else list(LANGUAGES)
    read = {text: _date(text, order, languages) for text in sorted({text.strip() for text in texts if text.strip()})}
    return {text: date for text, date in read.items() if date}


def orders(texts: Iterable[str]) -> dict[str, str]:
    """The orders of numeric dates that a column tells by numbers above 12, each with the first text that tells it; both
    where it contradicts itself.
    """
    hints: dict[str, str] = {}
    for text in dict.fromkeys(text.strip() for text in texts):
        if match := _NUMERIC.fullmatch(text):
            if int(match[1]) > 12:
                hints.setdefault("day-first", text)
            if int(match[3]) > 12 and match[2] != ".":
                hints.setdefault("month-first", text)
    return hints


def needs_order(text: str) -> bool:
    """Whether a text is a numeric date that is not read before it is said whether the day or the month stands first."""
    match = _NUMERIC.fullmatch(text.strip())
    return match is not None and match[2] != "."


def has_lost_time(text: str, date: str) -> bool:
    """Whether a text has a time that the date which was read of it lacks."""
    return len(date) == 10 and re.search(r"\d[:h]\d\d", text) is not None


def _date(text: str, order: str, languages: list[str]) -> str:
    """A date in ISO 8601; empty where it cannot be read for certain."""
    try:
        if match := _ISO.fullmatch(text):
            return _checked(match)
        if _SECONDS.fullmatch(text):
            return _moment(dt.datetime.fromtimestamp(int(float(text)), dt.UTC))
        if _THOUSANDTHS.fullmatch(text):
            return _moment(dt.datetime.fromtimestamp(int(text) // 1000, dt.UTC))
        if match := _NUMERIC.fullmatch(text):
            if match[2] != "." and not order:
                return ""
            first, second = int(match[1]), int(match[3])
            day, month = (second, first) if order == "month-first" and match[2] != "." else (first, second)
            return dt.date(int(match[4]), month, day).isoformat() + _time(match[5] or "")
    except (ValueError, OverflowError):
        return ""
    return _in_words(text, tuple(languages))


def _time(text: str) -> str:
    """What stands behind a numeric date as a time of ISO 8601; empty where it is none that can be read."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return ""
    hour, half = int(match[1]), (match[4] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else 24
    if hour > 23 or int(match[2]) > 59 or int(match[3] or 0) > 59:
        return ""
    zone = (match[5] or "").upper().replace("UTC", "Z")
    return f"T{hour:02}:{match[2]}{f':{match[3]}' if match[3] else ''}{zone}"


def _checked(match: re.Match[str]) -> str:
    """A date that is written as ISO 8601 or nearly so; ValueError where there is no such day or hour."""
    day, hour, _, zone = match.groups()
    if hour is None:
        return dt.date.fromisoformat(day).isoformat()
    zone = {"UTC": "Z"}.get(zone or "", zone or "")
    text = f"{day}T{hour}{zone}"
    dt.datetime.fromisoformat(text)
    return text


@lru_cache(maxsize=10_000)
def _in_words(text: str, languages: tuple[str, ...]) -> str:
    """A date with a month in words, or as mail writes it."""
    if len(text) > 60 or (_YEAR.search(text) is None and not re.search(r"'\d\d\b", text)):
        return ""
    try:
        # The reader of mail takes 3:14 PM for the night.
        if re.search(r"\d\s?[ap]\.?m\b", text, re.I) is None:
            return _moment(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError):
        pass
    import dateparser

    # No other day than the one that is written: neither "last week" nor a month without its day.
    settings = {"PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["day", "month", "year"], "DATE_ORDER": "DMY"}
    moment = dateparser.parse(text, languages=list(dict.fromkeys(_known(languages))), settings=settings)
    if moment is None:
        return ""
    return _moment(moment) if re.search(r"\d{1,2}[:h.]\d\d", text) else moment.date().isoformat()


def _known(languages: Iterable[str]) -> Iterable[str]:
    from dateparser.data.languages_info import language_order

    return (name for name in languages if name in language_order)


def _moment(moment: dt.datetime) -> str:
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")


def order_of(hints: Collection[str]) -> str:
    """The order of numeric dates, of those that were told; empty where none was, or both."""
    return next(iter(hints)) if len(hints) == 1 else ""


def days(dates: Iterable[str]) -> tuple[str, str]:
    """The first and the last day of dates as `read` gives them; two empty texts where there are none."""
    every = sorted(date[:10] for date in dates if date)
    return (every[0], every[-1]) if every else ("", "")
