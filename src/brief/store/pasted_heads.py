"""The lines of a page as a browser copies it, and the heads of comments among them: who wrote, when, to whom.

A head is a line with a name above one with a date, both on one line, or "Ann says:".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from brief.store import page_words
from brief.store.page_words import any_of, date_in, is_button, is_name, likes_in, pieces, words

_MOST_ABOVE = 5
"""So many lines may stand between a name and the date below it."""
LONG = 80
"""A line of so many signs is a sentence of somebody, no name and no button."""
_SAYS = re.compile(
    rf"(.{{1,40}}?)(?:\s+{any_of('says')}|\s*さん(?:のコメント)?)\s*(?:,?\s*(?:on|am|le|el|op|at)\s+(.{{4,50}}?))?\s*[:\uff1a]",
    re.I,
)
_BEFORE_NAME = re.compile(
    r"(?:#?\d{1,5}[.):]?\s+)?(?:(?:comment|kommentar|commentaire|comentario|reactie)?\s*(?:number \d+\s*)?"
    r"(?:posted |written |geschrieben |publié |geplaatst )?"
    r"(?:by|von|par|por|door)\s+)?",
    re.I,
)
_BETWEEN = re.compile(
    r"\s*,\s*|\s+[-\u2013—]\s+|\s*\(|:\s+|"
    r"\s+(?:on|am|le|el|op|at|um|om|schrieb am|wrote on|a écrit le|escribió el)\s+|\s+",
    re.I,
)
_ANSWER = re.compile(
    rf"(.{{1,40}}?)\s*{any_of('answers')}\s*@?(.{{1,40}}?)[:.]?|(.{{1,30}}?)\s*さんへの返信|返信先[:\uff1a]?\s*@?(.{{1,30}}?)",
    re.I,
)
ANSWER_ALONE = re.compile(
    rf"(?:↳\s*)?{any_of('answer lines')}\s+@?(.{{1,40}}?)(?:[\u2019']s comment)?[:.]?"
    r"|(.{1,30}?)\s*さんへの返信|返信先[:\uff1a]?\s*@?(.{1,30}?)",
    re.I,
)


@dataclass(frozen=True)
class Line:
    """A line that is not blank: its text, how far it is indented, how many blank lines stand before it."""

    text: str
    indent: int
    gap: int


@dataclass(frozen=True)
class Head:
    """The lines with which a comment begins, from `first` to before `last`, and what they tell."""

    first: int
    last: int
    author: str
    date: str
    style: str
    answered: str = ""
    likes: str = ""
    framed: bool = False
    subject: str = ""


def lines_of(text: str) -> list[Line]:
    """The lines of a text that are not blank."""
    lines, gap = list[Line](), 0
    for row in text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if not row.strip():
            gap += 1
            continue
        lines.append(Line(row.strip(), len(row.expandtabs(4)) - len(row.expandtabs(4).lstrip()), gap))
        gap = 0
    return lines


def is_sentence(text: str) -> bool:
    """Whether a line is of an article or a letter: long, with a sentence in it."""
    wide = len(re.findall(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", text))
    long = len(text) >= LONG or wide >= LONG / 2.5
    return long and re.search(r"[.!?…。!?」”\"'\u2019»)][\s\"”\u2019»]*$", text) is not None


def heads(lines: Sequence[Line]) -> Iterator[Head]:
    """Every place that may be the head of a comment."""
    place = 0
    while place < len(lines):
        head = (
            _says(lines, place)
            or _on_one_line(lines, place)
            or _name_above_date(lines, place)
            or _date_above_name(lines, place)
        )
        if head is None:
            place += 1
            continue
        yield head
        place = head.last


def _says(lines: Sequence[Line], place: int) -> Head | None:
    """“Ann says:”, with the date on the same line or below."""
    text = lines[place].text
    match = _SAYS.fullmatch(text) or (
        _SAYS.fullmatch(f"{text}:") if place + 1 < len(lines) and date_in(lines[place + 1].text) else None
    )
    if match is None or not is_name(match[1]):
        return None
    date, last = date_in(match[2] or ""), place + 1
    if not date and last < len(lines) and (date := _date_among(lines[last].text)):
        last += 1
    return Head(place, last, match[1].strip(), date, "says")


def _date_among(text: str) -> str:
    """The date of a line that holds, beside it, buttons and likes alone."""
    if date := date_in(text):
        return date
    texts = pieces(text)
    dated = [date for piece in texts if (date := date_in(piece))]
    rest = [piece for piece in texts if not date_in(piece)]
    return dated[0] if len(dated) == 1 and len(texts) > 1 and all(is_button(piece) for piece in rest) else ""


def _on_one_line(lines: Sequence[Line], place: int) -> Head | None:
    """A name and a date on one line, in either order."""
    text = lines[place].text
    if len(text) > 110 or date_in(text):
        return None
    texts = pieces(text)
    dates = [date_in(piece) for piece in texts]
    if len(texts) > 1 and any(dates):
        names = [piece for piece, date in zip(texts, dates, strict=True) if not date and not is_button(piece)]
        if 1 <= len(names) <= 2 and is_name(names[0]):
            return _named(place, place + 1, names[0], next(filter(None, dates)), "one line", texts)
    bare = text[_BEFORE_NAME.match(text).end() :]  # type: ignore[union-attr]
    for gap in _BETWEEN.finditer(bare):
        name, rest = bare[: gap.start()], bare[gap.end() :].rstrip(":").removesuffix(")").strip()
        if len(rest) < 3 or not (is_name(name) or (len(name) <= LONG and is_name(name.split(", ")[0]))):
            continue
        date = _date_among(rest)
        if date and (gap.group().strip() or (len(date) > 4 and not re.fullmatch(r"[\d.]+", date))):
            return _named(place, place + 1, name, date, "one line", [], framed=bare != text)
    turned = re.fullmatch(r"(.{4,50}?)\s+(?:by|von|par|por|door)\s+(.{1,40}?):?", text)
    if turned is not None and date_in(turned[1]) and is_name(turned[2]):
        return _named(place, place + 1, turned[2], date_in(turned[1]), "date first", [])
    return None


def _named(
    first: int, last: int, name: str, date: str, style: str, rest: Sequence[str], *, framed: bool = False
) -> Head:
    """A head, its name parted from points, a place and the name of the person who is answered."""
    likes = next(filter(None, map(likes_in, rest)), "")
    name = re.sub(r"^\[\W\]\s*", "", name)
    if pointed := re.fullmatch(r"(\S+)\s+(\d+) points?", name):
        name, likes = pointed[1], pointed[2]
    name = name.split(", ")[0]
    apart = re.split(r"\s{2,}", name)
    if len(apart) == 2 and all(map(is_name, apart)):
        return Head(first, last, apart[0], date, style, apart[1], likes, framed)
    if match := _ANSWER.fullmatch(name):
        own, answered = (match[1] or "").strip(), next(filter(None, match.groups()[1:]), "").strip()
        if own and is_name(own):
            return Head(first, last, own, date, style, answered, likes, framed)
    return Head(first, last, name.strip(), date, style, "", likes, framed)


def _name_above_date(lines: Sequence[Line], place: int) -> Head | None:
    """A name, and within a few lines of buttons and pictures a date."""
    text = lines[place].text
    answer = _ANSWER.fullmatch(text)
    if not is_name(text) and not (answer and answer[1] and is_name(answer[1])):
        return None
    answered, likes = "", ""
    for later in range(place + 1, min(place + 5, len(lines))):
        line = lines[later].text
        if lines[later].gap > 2:
            return None
        if date := _date_among(line):
            head = _named(place, later + 1, text, date, "two lines", [line])
            return replace(head, answered=head.answered or answered, likes=head.likes or likes)
        if match := ANSWER_ALONE.fullmatch(line):
            answered = next(filter(None, match.groups()), "")
        elif line.casefold() == text.casefold() or is_button(line):
            likes = likes or likes_in(line)
        else:
            return None
    return None


def _date_above_name(lines: Sequence[Line], place: int) -> Head | None:
    """A date, and right below it a name."""
    if place + 2 >= len(lines) or not date_in(lines[place].text) or lines[place + 1].gap:
        return None
    name = lines[place + 1].text
    if not is_name(name) or lines[place + 2].gap > 1:
        return None
    return _named(place, place + 2, name, date_in(lines[place].text), "date above", [])


def of_one_shape(lines: Sequence[Line], heads: Sequence[Head]) -> list[Head]:
    """The heads of the shape that recurs; a line of pictures or of the place before a head belongs to it."""
    if not heads:
        return []
    shapes = Counter("two" if head.style in ("two lines", "date above") else head.style for head in heads)
    main = shapes.most_common(1)[0][0]
    kept = [
        head
        for head in heads
        if shapes["two" if head.style in ("two lines", "date above") else head.style] * 5 >= shapes[main]
    ]
    moved = [_with_line_above(lines, head, kept[number - 1] if number else None) for number, head in enumerate(kept)]
    other = [new.author != old.author for old, new in zip(kept, moved, strict=True)]
    if sum(other) * 5 >= len(kept) * 4 and len(kept) > 1:
        return moved
    # A name between another one and the date, by which somebody writes in the thread, is that of who is answered.
    known = {old.author for old, is_other in zip(kept, other, strict=True) if not is_other}
    return [
        new if not is_other else replace(new, answered=old.author) if old.author in known else old
        for old, new, is_other in zip(kept, moved, other, strict=True)
    ]


def _with_line_above(lines: Sequence[Line], head: Head, before: Head | None) -> Head:
    """A head with the lines above it, where the name stands above others, such as a place, a rank, a picture's name."""
    first, least = head.first, before.last if before is not None else 0
    if lines[first].gap > 1 or head.framed:
        return head
    while first - 1 >= least and head.first - first < _MOST_ABOVE and (first == head.first or not lines[first].gap):
        text = lines[first - 1].text
        known = is_name(text) or re.fullmatch(r"[\d,.]+", text) or words("pictures").fullmatch(text)
        if not known or (lines[first].gap and text != head.author):
            break
        first -= 1
    above = lines[first - 1].text if first else ""
    ends = first == 0 or is_button(above) or page_words.heading_of_comments(above) is not None
    if first == head.first or not ends or head.style not in ("one line", "two lines"):
        text = lines[head.first - 1].text if head.first > least else ""
        is_his = text.casefold() == head.author.casefold() or words("pictures").fullmatch(text) is not None
        return replace(head, first=head.first - 1) if text and is_his else head
    names = [line.text for line in lines[first : head.first] if is_name(line.text)]
    names = [name for name in names if not words("pictures").fullmatch(name)]
    names = [name for name in names if not _are_initials(name, [*names, head.author])]
    return replace(head, first=first, author=names[0] if names else head.author)


def _are_initials(text: str, names: Sequence[str]) -> bool:
    """Whether a text is the first signs of a name, as pages show them where there is no picture."""
    return len(text) <= 3 and any(
        name != text and text.casefold() in ("".join(word[0] for word in name.split()).casefold(), name[:1].casefold())
        for name in names
        if name
    )


def with_subjects(lines: Sequence[Line], heads: Sequence[Head]) -> list[Head]:
    """The heads with the numbered lines above them, where most have one: a subject that is a part of the comment."""
    numbered = [
        re.fullmatch(r"#?\d+\.(?:\s+(.*))?", lines[head.first - 1].text) if head.first else None for head in heads
    ]
    if len(heads) < 2 or sum(match is not None for match in numbered) * 5 < len(heads) * 3:
        return list(heads)
    return [
        replace(head, first=head.first - 1, subject=match[1] or "") if match is not None else head
        for head, match in zip(heads, numbered, strict=True)
    ]
