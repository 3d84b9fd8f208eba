"""Telephone numbers in a text.

Three rules find them: the forms that nothing else has (a plus sign, a zero in front, 555-123-4567); numbers that the
library `phonenumbers` knows as valid, and grouped as they are there, in a region where the language of the text is
spoken; and any seven digits behind a word such as "call". Numbers of other kinds, which look alike, are left out first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_BETWEEN = r"(?:[ \t]|[().-]){0,3}"
_DATE_OR_FRACTION = r"\d{1,2}([-./])\d{1,2}\1\d{2,4}(?!\d)|0\.\d"
#: A number begins with + or 0 (also in brackets) and has eight digits or more, parted by spaces, hyphens, dots or
#: brackets; or it is written as in North America. Years, amounts, ISO dates and numbers with separated thousands begin
#: otherwise, and nothing within a longer number counts.
_PLAIN = re.compile(
    rf"(?<!\w)(?<!\d[.,/:-])(?!{_DATE_OR_FRACTION})"
    rf"(?:(?:\+ ?|\(?0)\d?(?:{_BETWEEN}\d){{7,31}}|(?:1[ .-])?\(?[2-9]\d\d\)?[ .-]\d{{3}}[ .-]\d{{4}})(?!\w)"
)
#: Anything that may be a number: seven digits or more, in groups.
_CANDIDATE = re.compile(r"(?<!\w)(?<!\d[.,/:-])[+(]?\d(?:[ .()/-]{0,3}\d){6,31}(?!\w)")
_ENOUGH = re.compile(r"\d(?:[\s.()/+-]{0,3}\d){6}")
_CUE = re.compile(
    r"(?:\b(?:tel|phone|telephone|fax|mobile|mob|cell|call|ring|dial|text|sms|messenger|number is|"
    r"contact|helpline|hotline|telefon|fon|handy|mobil|anrufen|ruf|rufen|anruf|t[eé]l[eé]phone|appel\w*|portable|"
    r"tel[eé]fono|ll[aá]m\w*|m[oó]vil|celular|telefono|chiam\w*|cellulare|telefone|ligue|telem[oó]vel|bel|mobiel|"
    r"dzwo\w*|zadzwo\w*|ring|soita|puhelin|zavolej\w*)\b|тел|телефон|звон|電話|电话|手机|携帯|전화|هاتف|טלפון|\u260e|\u260f"
    r"|\U0001f4de|\U0001f4f1|\U0001f4f2)[^\d\n=]{0,24}\Z",
    re.IGNORECASE,
)
#: Words before numbers that are not those of people.
_LABEL = re.compile(
    r"(?:\b(?:isbn(?:-1[03])?|issn|ismn|arxiv|doi|pmid|pmcid|oclc|orcid|ean|gtin|upc|barcode|ref|reference|case|order|"
    r"invoice|account|acct|iban|sort code|vat|ust-?id|serial|version|ver|release|build|patent|docket|file|ticket|id|"
    r"article|art|section|sec|sect|regulation|directive|az|aktenzeichen|bestell\w*|rechnung\w*|"
    r"konto\w*|kunden\w*|num[eé]ro de dossier|dossier|lot|grid|charity|company|registered|nhs|passport|hash|commit|"
    r"coordinates|lat|lon|latitude|longitude|edition|pp?|page|vol)\b|§|№|#)[^\d\n+]{0,12}\Z",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\s?(?:%|‰|€|£|\$|¥|₹|°|(?:percent|per cent|prozent|euros?|eur|gbp|usd|chf|dollars?|pounds?|yen|rupees|złotych|zł|"
    r"kč|kr|million|millions|mio|billion|bn|people|persons|residents|inhabitants|votes|voters|homes|households|km|metres|"
    r"meters|miles|kg|tonnes|kwh|mwh|bytes|mb|gb|users|personen|einwohner|menschen|habitants|habitantes|personas)\b)",
    re.IGNORECASE,
)
_MONEY = re.compile(r"(?:[€£$¥₹]|\b(?:eur|gbp|usd|chf|rs|inr)\.?) ?\Z", re.IGNORECASE)
_WEB = re.compile(
    r"(?:https?://|www\.|\b[\w-]{1,63}\.[a-z]{2,10}/)[^\s<>\"]+|\b10\.\d{4,9}/\S+|\barxiv:\S+", re.IGNORECASE
)
_YEAR = r"(?:1[5-9]|20)\d\d"
#: Whole numbers that are something else wherever they stand.
_OTHERWISE = (
    rf"{_YEAR}(?:[ ./-]{{1,3}}{_YEAR})+",  # 2017-2018
    r"\d{4}[./-](?:0?[1-9]|1[0-2])[./-](?:0?[1-9]|[12]\d|3[01])(?: .*)?",  # 2017-09-20
    r"\d\d?[./-]\d\d?[./-](?:\d\d){1,2}(?:[ -]+\d\d?[./-]\d\d?[./-](?:\d\d){1,2})*",  # 20.09.2017 - 21.09.2017
    r"\d\d?\.\d\d?\.? ?- ?\d\d?\.\d\d?\.(?:\d\d){1,2}",  # 03.06-07.06.2015
    r"[0-2]?\d[.]?[0-5]\d ?- ?[0-2]?\d[.]?[0-5]\d",  # 09.00-17.30
    r"(?:\d{1,3}\.){3}\d{1,3}",  # 192.168.0.1
    r"\d{4}-\d{4}-\d{4}-\d{4}",  # an ORCID
    r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}",  # arXiv
    r"[1-9]\d{0,2}(?:[ .]\d{3}){2,}",  # 21.700.000
    r"\d{1,3}\.\d{4,}|\d{5,}\.\d{1,3}",  # 51.507351, 1234567.0
)
_OTHER = re.compile("|".join(f"(?:{form})" for form in _OTHERWISE))
#: What also stands behind "call", and is no number to call.
_DATE_OR_HOURS = re.compile(
    "|".join([*_OTHERWISE[:4], _OTHERWISE[5], r"[0-2]?\d[.]?(?:00|15|30|45) ?- ?[0-2]?\d[.]?(?:00|15|30|45)"])
)
#: The regions that a language is spoken in, the more people the earlier; those with loose forms are left out.
REGIONS = {
    "en": ("GB", "US", "IE", "AU", "NZ", "IN", "ZA"),
    "de": ("DE", "AT", "CH"),
    "fr": ("FR", "BE", "CH"),
    "es": ("ES", "MX", "AR", "CO"),
    "pt": ("BR", "PT"),
    "it": ("IT", "CH"),
    "nl": ("NL", "BE"),
    "pl": ("PL",),
    "cs": ("CZ",),
    "sk": ("SK",),
    "hu": ("HU",),
    "el": ("GR",),
    "sv": ("SE", "FI"),
    "da": ("DK",),
    "nb": ("NO",),
    "no": ("NO",),
    "nn": ("NO",),
    "fi": ("FI",),
    "tr": ("TR",),
    "ru": ("RU",),
    "uk": ("UA",),
    "he": ("IL",),
    "ar": ("EG", "SA", "AE"),
    "hi": ("IN",),
    "ja": ("JP",),
    "ko": ("KR",),
    "zh": ("CN", "TW", "HK"),
    "vi": ("VN",),
    "id": ("ID",),
}


def telephones(text: str, language: str = "") -> Iterator[tuple[int, int]]:
    """The stretches of a folded text that are telephone numbers, in their order.

    `language` is that of the text as a BCP 47 tag; without one, English is taken.
    """
    if not _ENOUGH.search(text):
        return
    web = [address.span() for address in _WEB.finditer(text)]
    after = 0
    regions = _regions(language)
    for candidate in sorted(
        [*_PLAIN.finditer(text), *_CANDIDATE.finditer(text)], key=lambda match: (match.start(), -match.end())
    ):
        start, end = candidate.start(), candidate.end()
        if start < after or any(begins <= start < ends for begins, ends in web):
            continue
        for begins, ends in _numbers(text, start, end, regions, candidate.re is _PLAIN):
            after = ends
            yield begins, ends


def _numbers(text: str, start: int, end: int, regions: tuple[str, ...], plain: bool) -> Iterator[tuple[int, int]]:
    """The telephone numbers in a stretch of digits: all of it, or what the library finds within."""
    written = text[start:end].strip(" .-/")
    before = text[max(0, start - 40) : start]
    if _MONEY.search(before) or _UNIT.match(text, end):
        return
    cued = _CUE.search(before) is not None
    if cued and _DATE_OR_HOURS.fullmatch(written):
        return
    other = _LABEL.search(before) or _OTHER.fullmatch(written.strip("()")) or _has_check_digit(written)
    if other and not cued and not written.startswith("+"):
        return
    if plain or cued:
        yield start, end
        return
    # Bare digits may be anything, groups of three may be an amount, and no number has more digits than fifteen.
    if written.isdigit() or sum(map(str.isdigit, written)) > 15 or re.fullmatch(r"\d{1,3}(?:[ .]\d{3})+", written):
        return
    import phonenumbers

    for region in regions:
        numbers = phonenumbers.PhoneNumberMatcher(written, region, phonenumbers.Leniency.STRICT_GROUPING, 10)
        number = next(iter(numbers), None)
        if number is not None and number.end - number.start > len(written) - 3:
            yield start, end
            return


def _regions(language: str) -> tuple[str, ...]:
    """The regions that a language tag stands for: its own region first, if it names one."""
    first, *rest = (language or "en").split("-")
    named = tuple(part.upper() for part in rest if len(part) == 2 and part.isalpha())
    return tuple(dict.fromkeys((*named, *REGIONS.get(first.lower(), ()))))


def _has_check_digit(written: str) -> bool:
    """Whether a number is grouped as an ISBN, an ISSN or a bar code is, and ends in the digit that these end in."""
    digits = [int(sign) for sign in written if sign.isdigit()]
    grouped = re.fullmatch(r"[\d -]+", written) is not None
    if re.fullmatch(r"\d{4}-\d{4}", written):
        return sum(digit * weight for digit, weight in zip(digits, range(8, 0, -1), strict=True)) % 11 == 0
    if len(digits) == 10 and grouped and re.fullmatch(r"\d{1,5}([- ])\d{1,7}\1\d{1,6}\1\d", written):
        return sum(digit * weight for digit, weight in zip(digits, range(10, 0, -1), strict=True)) % 11 == 0
    if len(digits) in (12, 13) and grouped and (written.isdigit() or written.startswith(("978", "979"))):
        padded = [0] * (13 - len(digits)) + digits
        return sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(padded)) % 10 == 0
    return False
