"""The words by which pages frame what people wrote: buttons, dates, bylines, headings of comments; in six languages.

They stand in `page_words.txt`. Each is compared with a whole line, or with a whole piece of a line between dots and
strokes, unless its section says otherwise: a word of a sentence is never taken for a button.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_COUNT = r"\d[\d.,]*[kKmM]?"


@cache
def _sections() -> dict[str, tuple[str, ...]]:
    """The lines of each section of the list of words."""
    sections: dict[str, list[str]] = {}
    name = ""
    for line in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            name = line.removeprefix("= ")
        elif line and not line.startswith("# "):
            sections.setdefault(name, []).append(line)
    return {name: tuple(lines) for name, lines in sections.items()}


def any_of(section: str) -> str:
    """The patterns of a section as one."""
    return f"(?:{'|'.join(line.replace('{n}', _COUNT) for line in _sections()[section])})"


@cache
def words(section: str, before: str = "", after: str = "") -> re.Pattern[str]:
    """The patterns of a section as one that ignores case, between two others."""
    return re.compile(before + any_of(section) + after, re.I)


def folded(line: str) -> str:
    """A line as buttons are compared: without case, signs, pictures and numbers."""
    return " ".join(re.sub(r"[\W\d_]+", " ", line.casefold()).split())


@cache
def _buttons() -> frozenset[str]:
    return frozenset(map(folded, _sections()["buttons"]))


_PIECES = re.compile(r"\s*[·•|‧∙\t]\s*|\s{2,}|\s/\s")
_LIKES_AFTER = re.compile(rf"\(?\+?({_COUNT})\)?\s*(?:x\s*)?{any_of('likes')}", re.I)
_LIKES_BEFORE = re.compile(rf"(?:{any_of('likes')}|up)\s*[:(x]?\s*\+?({_COUNT})\)?", re.I)


def pieces(line: str) -> list[str]:
    """The pieces of a line between dots, strokes and wide gaps."""
    return [piece for piece in _PIECES.split(line.strip()) if piece]


def likes_in(line: str) -> str:
    """How many likes a line tells of, if that is what one of its pieces says; empty otherwise."""
    for piece in pieces(line):
        if match := _LIKES_AFTER.fullmatch(piece) or _LIKES_BEFORE.fullmatch(piece):
            number = match[1].strip(".,")
            if re.fullmatch(r"\d+|\d{1,3}([.,]\d{3})+", number):
                return re.sub(r"\D", "", number)
    return ""


def is_button(line: str) -> bool:
    """Whether a line holds nothing but buttons, numbers, pictures and, beside buttons, a date."""
    if not line.strip():
        return False
    line_pieces = pieces(line)
    if not any(map(str.isalnum, line)) or _NUMBERS.fullmatch(line):
        return re.fullmatch(r"[\s·•|‧∙/▲▼▴▾»⋮…↑↓—-]+", line) is not None or _NUMBERS.fullmatch(line) is not None
    buttons = [_is_button(piece) for piece in line_pieces]
    if all(buttons):
        return True
    if any(folded(piece) in _buttons() for piece in line_pieces):
        return all(button or bool(date_in(piece)) for piece, button in zip(line_pieces, buttons, strict=True))
    single = line.split()
    return len(single) > 1 and all(folded(word) in _buttons() and not word.endswith((".", "!", "?")) for word in single)


_NUMBERS = re.compile(r"\s*[+#-]?\d[\d.,]*[kKmM]?(?:\s*\([\d\s/+,.-]+\))?\s*")


def _is_button(piece: str) -> bool:
    if words("orders").fullmatch(piece):
        return True
    if re.search(r"[.?]$", piece) and not re.search(r"(\.\.\.|…)$", piece):
        return False
    return folded(piece) in _buttons() or bool(re.fullmatch(rf"[+-]?\(?{_COUNT}\)?", piece)) or bool(likes_in(piece))


# Dates ---------------------------------------------------------------------------------------------------------------

_MONTHS, _WEEKDAYS, _UNITS = any_of("months"), any_of("weekdays"), any_of("units")
_TIME = (
    r"\d{1,2}\s?(?:[:.h]\s?\d{2}(?::\d{2})?)?\s?(?:[ap]\.?m\.?)?"
    r"(?:\s?(?:uhr|h|hrs|uur|utc|gmt|[cbe][e]?s?t|[ep][sd]t|\+\d{4}))?"
)
_YEAR = r"(?:,?\s+(?:de\s+|del\s+)?|[,.]\s?)(?:19|20)\d\d|\s'\d\d"
_DAY = (
    rf"\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s+(?:of\s+|de\s+)?(?:{_MONTHS})\.?(?:{_YEAR})?"
    rf"|(?:{_MONTHS})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?:{_YEAR})?"
    r"|\d{4}-\d\d-\d\dT\d\d:[\d:.]+(?:Z|[+-]\d\d:?\d\d)?|\d{4}-\d\d-\d\d|\d{4}/\d{1,2}/\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})"
    r"|(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{1,2}/\d{1,2}(?=\s?[(\(])"
)
_NUMBER = r"(?:\d+|an?|one|ein(?:e[rm]?)?|une?|un[ao]?|een)"
_AGO = (
    rf"(?:about\s+|over\s+)?{_NUMBER}\s?(?:{_UNITS})\.?\s+(?:ago|geleden)|vor\s+(?:etwa\s+)?{_NUMBER}\s(?:{_UNITS})|"
    rf"(?:il\s+y\s+a|hace)\s+(?:environ\s+|unos\s+)?{_NUMBER}\s(?:{_UNITS})|\d+\s?[smhdwy]|"
    r"\d+\s?(?:秒|分|時間|日|週間|か月|ヶ月|カ月|ヵ月|年)前|"
    r"just now|yesterday|today|gestern|heute|hier|aujourd[\u2019']hui|ayer|hoy|gisteren|vandaag|昨日|今日"
)
_CLOCK = rf"(?:\s?(?:,|-|\u2013|—|@|\||·|at|um|à|a las|om|kl))?\s*(?:at\s+|um\s+|à\s+|a las\s+|om\s+)?(?:{_TIME})"
_DATE = (
    rf"(?:(?:{_WEEKDAYS})\.?,?\s+)?(?:{_DAY})(?:\s?[(\(][月火水木金土日][)\)])?(?:{_CLOCK})?"
    rf"|(?:{_AGO})(?:\s+(?:at|um|à|a las|om)\s+{_TIME})?"
    rf"|\d{{1,2}}[:.]\d{{2}}\s?(?:[ap]\.?m\.?)?(?:\s?uhr)?,?\s+(?:on\s+|am\s+)?(?:{_DAY})"
)
_BEFORE_DATE = (
    r"(?:(?:posted|published|updated|commented|first published|last updated|last modified|veröffentlicht|aktualisiert|"
    r"stand|erstellt|publié|mis à jour|publicado|actualizado|geplaatst|gepubliceerd|投稿日?時?|公開|配信)[:\s]*)?"
    r"(?:(?:on|at|am|vom|le|el|op|um|à)\s+)?"
)
_AFTER_DATE = r"(?:\s*[·•|,(-]*\s*(?:edited|bearbeitet|modifié|editado|bewerkt|編集済み?|配信|公開|更新)\)?)?"
DATE = re.compile(rf"(?<!\w)(?:{_DATE})(?!\w)", re.I)
"""A date within a line."""
_ONLY_DATE = re.compile(rf"{_BEFORE_DATE}({_DATE}){_AFTER_DATE}\.?", re.I)


def date_in(line: str) -> str:
    """The date that is all that a line says; empty for any other line."""
    line = " ".join(line.split())
    if len(line) > 80 or (match := _ONLY_DATE.fullmatch(line)) is None:
        return ""
    return match[1]


# Names ---------------------------------------------------------------------------------------------------------------

_LONGEST_NAME = 40
_MOST_WORDS = 5


def is_name(text: str) -> bool:
    """Whether a text may be what a person calls herself on a page."""
    text = text.strip()
    if not 0 < len(text) <= _LONGEST_NAME or len(text.split()) > _MOST_WORDS or is_button(text) or date_in(text):
        return False
    if re.search(r"[!?…:;,。、!?]$|[“”\"«»„「」]|https?:|\.\s", text) and not re.search(r"\b\w\.(\s|$)", text):
        return False
    if text.endswith(".") and not re.search(r"(?:^|[\s.])\w{1,2}\.$", text):
        return False
    return any(sign.isalnum() for sign in text) or len(text) <= 6


def is_wide(text: str) -> bool:
    """Whether a text is of a script in which few signs say much, and says something."""
    return len(re.findall(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", text)) >= 8


# Headings and ends of comments ---------------------------------------------------------------------------------------

_COMMENT_WORDS = any_of("comments")
_HEADING = re.compile(
    r"(?:(?:all|top|alle|tous les|todos los|view|show|the|join the|die|les|los|de)\s+)?"
    rf"(?:(?:there (?:is|are)|insgesamt)\s+)?(?:\(?({_COUNT})\)?\s*件?の?\s*)?"
    rf"(?:{_COMMENT_WORDS})(?:\s*[(\uff08:\[]?\s*({_COUNT})\s*件?\s*[)\uff09\]]?)?[:.]?|"
    rf"({_COUNT}) (?:thoughts?|responses?|comments?|replies|gedanken|réflexions|pensamientos|gedachten) "
    r"(?:on|to|about|zu|sur|en|over) .{1,200}|"
    rf"コメント\s*[(\uff08]?({_COUNT})\s*件?[)\uff09]?|({_COUNT})\s*件のコメント",
    re.I,
)


def heading_of_comments(line: str) -> int | None:
    """How many comments a heading tells of, 0 where it tells no number; None where the line is no such heading."""
    match = _HEADING.fullmatch(" ".join(line.split()))
    if match is None:
        return None
    number = re.sub(r"\D", "", next((group for group in match.groups() if group), ""))
    return int(number or 0)


def is_answers(line: str) -> bool:
    """Whether a heading is of the answers to one comment."""
    return re.search(r"repl(?:y|ies)|antwort|réponse|respuesta|antwoord|返信", line, re.I) is not None


def tells_of_more(line: str) -> bool:
    """Whether a line is a button that leads to further comments."""
    line = " ".join(line.split())
    return len(line) <= 80 and words("more", "", r"\W*").fullmatch(line) is not None


def is_end(line: str) -> bool:
    """Whether a line begins what stands below comments: forms, other stories, the page's foot."""
    line = " ".join(line.split())
    return len(line) <= 120 and words("ends", "", r"[\s:→↑^]*").fullmatch(line) is not None
