"""The article in the text of a page as a browser copies it: the headline below the navigation, and its paragraphs.

Lines that are the page's own (navigation, cookie notices, captions, boxes with links) are kept apart one by one: a
person sees what was left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from brief.store import dates, page_words
from brief.store.page_words import date_in, is_button, words
from brief.store.pasted_heads import Line, is_sentence

_TITLE = r"(?:\s*[:\uff1a|>»].*)?"
_BYLINE = re.compile(
    r"(?:(?:by|von|par|por|door|text|words by|written by|texte|文|取材・文|執筆)\s*[:\uff1a]?\s+|[文著][:\uff1a])"
    r"(?P<name>[^.!?:]{2,70}?)"
    r"(?:\s*[,|·•\u2013—-]\s+(?P<rest>.{2,60}))?",
    re.I,
)
_WRITER = re.compile(r"(.{2,12})(?:記者|編集委員)")
_LEAST_WORDS = 3
_LONGEST_TITLE = 220


@dataclass
class PastedArticle:
    """Headline, paragraphs, what the page tells of the article, and the places of the lines that each is made of."""

    headline: str = ""
    paragraphs: list[str] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    used: list[int] = field(default_factory=list)
    framing: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)


def is_notice(text: str) -> bool:
    """Whether a line is the page's own wherever it stands: navigation, a notice, a caption, an advertisement."""
    text = text.strip("【】[]■▼▶•*· ")
    if len(text) <= 110 and (words("notices").fullmatch(text) or is_button(text) or page_words.tells_of_more(text)):
        return True
    if words("cookies").search(text) or _is_caption(text):
        return True
    return len(text) <= 200 and bool(words("related", "", _TITLE).fullmatch(text) or words("letters").search(text))


def _is_caption(text: str) -> bool:
    return len(text) <= 300 and words("captions").fullmatch(text) is not None


def first_paragraph(lines: Sequence[Line]) -> int:
    """The place of the first line that is a sentence of an article; the number of lines where there is none."""
    return next(
        (place for place, line in enumerate(lines) if is_sentence(line.text) and not is_notice(line.text)), len(lines)
    )


def article(lines: Sequence[Line], end: int, title: str = "") -> PastedArticle | None:
    """The article among the first `end` lines; None where no headline or no paragraph is there.

    `title` are words of the headline as the caller gives them: the article begins where they stand.
    """
    first = min(first_paragraph(lines[:end]), end)
    pasted = PastedArticle()
    head = _headline(lines, first, end, title, pasted)
    if head is None:
        return None
    pasted.headline = " ".join(lines[head].text.split())
    pasted.used.append(head)
    pasted.left += range(head)
    first = next(
        (
            place
            for place in range(head + 1, end)
            if is_sentence(lines[place].text) and not is_notice(lines[place].text)
        ),
        head + 1,
    )
    roles = {place: _role(lines, place, head, first) for place in range(head + 1, end)}
    _captions(lines, roles)
    _boxes(lines, roles)
    _links_below(lines, roles, first)
    for place, role in roles.items():
        if role == "text":
            joined = (
                bool(pasted.used)
                and place - 1 == pasted.used[-1] != head
                and not lines[place].gap
                and _is_cut(lines[place - 1].text)
            )
            if joined:
                pasted.paragraphs[-1] += f"\n{lines[place].text}"
            else:
                pasted.paragraphs.append(lines[place].text)
            pasted.used.append(place)
        elif role == "frame":
            _frame(lines[place].text, pasted)
            pasted.framing.append(place)
        else:
            pasted.left.append(place)
    if not pasted.paragraphs:
        return None
    _dated(pasted, lines)
    return pasted


# The headline --------------------------------------------------------------------------------------------------------


def _headline(lines: Sequence[Line], first: int, end: int, title: str, pasted: PastedArticle) -> int | None:
    """The line of the headline: as the caller says, else the likeliest line above the first paragraph."""
    if title:
        wanted = _folded(title)
        same = [place for place in range(end) if _folded(lines[place].text) == wanted]
        same = same or [place for place in range(end) if wanted and _folded(lines[place].text).startswith(wanted)]
        if same:
            return _nearest(same, first)
    weights = {place: _weight(lines, place, first) for place in range(min(first, end))}
    weights = {place: weight for place, weight in weights.items() if weight > 0}
    if not weights:
        short = [
            place
            for place in range(min(first, end))
            if not is_notice(lines[place].text) and not date_in(lines[place].text)
        ]
        return short[-1] if short else None
    most = max(weights.values())
    best = [place for place, weight in weights.items() if weight == most]
    place = best[-1]
    while place - 1 in best:
        place -= 1
    if place > 0:
        pasted.guesses.append(
            f"The headline is “{_short(lines[place].text)}”, and the article begins there; "
            "--title 'words' says otherwise."
        )
    return place


def _nearest(same: Sequence[int], first: int) -> int:
    """Of lines with the words of the headline the one right above the article."""
    above = [place for place in same if place < first]
    return above[-1] if above else same[0]


def _weight(lines: Sequence[Line], place: int, first: int) -> int:
    """How much a line is like a headline; 0 or less where it is none."""
    text = lines[place].text
    wide = page_words.is_wide(text)
    words = len(text.split())
    if (
        len(text) > _LONGEST_TITLE
        or is_notice(text)
        or date_in(text)
        or _is_byline(text)
        or not (words >= _LEAST_WORDS or wide)
    ):
        return 0
    below = [line.text for line in lines[place + 1 : first + 1] if not is_notice(line.text)][:3]
    weight = 2 if words > 3 or wide else 1
    if any(_is_byline(line) or date_in(line) for line in below[:3]):
        weight += 3
    elif place + 1 == first:
        weight += 2
    if re.search(r"[.。]$", text) or len(text) > 130:
        weight -= 2
    if re.search(r"\s[|>\u203a»/]\s|\s[\u2013—-]\s\S+(?:\s\S+)?$", text) or re.match(r"[•*·-]\s", text):
        weight -= 3
    if lines[place].gap:
        weight += 1
    if place + 8 < first and not any(_is_byline(line) or date_in(line) for line in below):
        weight -= 1
    return weight


def _is_byline(text: str) -> bool:
    match = _BYLINE.fullmatch(text) if len(text) < 110 else None
    if match is not None:
        return len(match["name"].split()) <= 8
    return bool(_WRITER.fullmatch(text))


# What each line is ---------------------------------------------------------------------------------------------------


def _role(lines: Sequence[Line], place: int, head: int, first: int) -> str:
    """What a line below the headline is: text, frame (author or date), or left out."""
    text = lines[place].text
    if _folded(text) == _folded(lines[head].text):
        return "left"
    if place < first:
        if date_in(text) or _is_byline(text) or _dated_byline(text):
            return "frame"
        if is_notice(text):
            return "left"
        near = [line.text for line in lines[place + 1 : place + 3]]
        if page_words.is_name(text) and len(text.split()) > 1 and any(date_in(line) for line in near):
            return "frame"
        return "text" if len(text.split()) >= 5 or page_words.is_wide(text) or re.search(r"[.!?。]$", text) else "left"
    if is_notice(text) or (date_in(text) and len(text) > 4):
        return "left"
    return (
        "left"
        if _is_byline(text) and len(text) < 60 and not re.search(r"[.!?]$", text) and place - head < 6
        else "text"
    )


def _dated_byline(text: str) -> bool:
    """A line with the date and the author, in whatever order, and little else."""
    return (
        len(text) < 120
        and page_words.DATE.search(text) is not None
        and len(page_words.DATE.sub("", text).split()) <= 8
        and not is_sentence(text)
    )


def _captions(lines: Sequence[Line], roles: dict[int, str]) -> None:
    """Leave out what belongs to a caption: the words below “Image caption,” and a picture's description above."""
    for place, role in roles.items():
        text = lines[place].text
        if role == "text" and not is_sentence(text):
            above, below = lines[place - 1].text, lines[place + 1].text if place + 1 in roles else ""
            labelled = re.fullmatch(r"(?:image|media|bild)\s?(?:caption|source|unterschrift|quelle)[,:]?", above, re.I)
            if labelled or (below and not lines[place + 1].gap and _is_caption(below)):
                roles[place] = "left"


def _boxes(lines: Sequence[Line], roles: dict[int, str]) -> None:
    """Leave out the lines of a box with links or a newsletter: short ones below its heading."""
    inside = False
    for place, role in roles.items():
        text = lines[place].text
        if role == "left" and (
            words("related", "", _TITLE).fullmatch(text.strip("【】[]■▼▶•*· ")) or words("letters").search(text)
        ):
            inside = not re.search(r"[:::]\s*\S", text) or bool(words("letters").search(text))
        elif (
            inside
            and role == "text"
            and not is_sentence(text)
            and len(text) < 160
            and not (re.search(r"[.!?。]\W*$", text) and len(text.split()) > 5)
        ):
            roles[place] = "left"
        elif role == "text":
            inside = False


def _links_below(lines: Sequence[Line], roles: dict[int, str], first: int) -> None:
    """Leave out lines below the last sentence that are no sentences, such as subjects and other stories."""
    for place in sorted(roles, reverse=True):
        if roles[place] != "text":
            continue
        text = lines[place].text
        if place <= first or re.search(r"[.!?…:;。!?」”\"\u2019)]$", text):
            break
        roles[place] = "left"


def _is_cut(text: str) -> bool:
    """Whether a line ends within a sentence, as lines of a set width do."""
    return not re.search(r"[.!?…:。!?」”\"\u2019)»]$", text) or len(text) < 30


# What the page tells -------------------------------------------------------------------------------------------------


def _frame(text: str, pasted: PastedArticle) -> None:
    """Author and date of a line below the headline."""
    if date := page_words.DATE.search(text):
        pasted.known.setdefault("published", date.group())
    name = _BYLINE.fullmatch(text)
    author = name["name"] if name else ""
    if writer := _WRITER.fullmatch(text):
        author = writer[1]
    if not name and not writer and not date_in(text):
        author = text
    author = page_words.DATE.sub("", author).strip(" ,|·•-\u2013—")
    author = re.sub(r"\s+(?:on|am|le|el|op)$", "", re.sub(r"^(?:by|von|par|por|door)\s+", "", author, flags=re.I))
    if author and "author" not in pasted.known and page_words.is_name(author[:40]):
        pasted.known["author"] = author


def _dated(pasted: PastedArticle, lines: Sequence[Line]) -> None:
    """The date in ISO form, where it can be read for certain, and the language where it is plain."""
    language = language_of(" ".join(pasted.paragraphs))
    said = pasted.known.pop("published", "")
    read = dates.dates_of([said], dates.order_of(dates.orders([said])), language)
    if day := read.get(said.strip(), "")[:10]:
        pasted.known["published"] = day
    elif said:
        pasted.guesses.append(f"The article's date “{said}” is not read for certain; --published 2020-01-31 says it.")
    if language:
        pasted.known["language"] = language


_COMMON = {
    "en": "the of and to in that is was for it with on said his her they are be has have",
    "de": "der die das und ist nicht mit von den dem ein eine auf für sich auch wird im zu sie",
    "fr": "le la les des et est une dans pour que qui sur pas du au avec ce il elle sont",
    "es": "el la los las y es una en para que por con del se no su lo al como más",
    "nl": "de het een en van is dat op te zijn voor met niet aan er om ook maar door naar",
    "it": "il la di che e un per non sono con del della è le gli nel alla una anche più",
    "pt": "o a os as de que e não uma com para do da em no na se por mais foi",
}


def language_of(text: str) -> str:
    """The language of a text by its commonest words; empty where they do not tell it."""
    if len(re.findall(r"[\u3040-\u30ff]", text)) > len(text) / 10:
        return "ja"
    words = re.findall(r"[^\W\d_]+", text.casefold())
    if len(words) < 12:
        return ""
    counts = sorted(
        ((sum(word in set(common.split()) for word in words), name) for name, common in _COMMON.items()), reverse=True
    )
    (most, name), (next_most, _) = counts[0], counts[1]
    return name if most > len(words) * 0.12 and most > next_most * 1.25 else ""


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
