"""Quotations: words in prose that must stand in the stored text of the very paragraph or comment they name.

A quotation is checked whole word by whole word, case exact. Typographic quotation marks and apostrophes are taken for
plain ones, and any white space for a space. An ellipsis marks an omission; then each part has three words or more, and
the parts stand in the text in their order, and no negation is left out between them. An ellipsis at the end leaves out
no "because", "unless" or "but" of the same sentence.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from brief.errors import BriefError, fail
from brief.prose.plain import words_of
from brief.scripts import is_unspaced

ELLIPSIS = re.compile(r"\s*(?:\[\s*)?(?:…|\.\.\.)(?:\s*\])?\s*")
FEWEST_WORDS = 3
_FOLD = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "})
_IN_MARKS = re.compile(
    r"[\u201c\u201f\u201e][^\u201c\u201d]+[\u201c\u201d]|\"[^\"]+\"|\u00ab[^\u00bb]+\u00bb|\u00bb[^\u00ab]+\u00ab"
    r"|[\u2039\u300c\u300e][^\u203a\u300d\u300f]+[\u203a\u300d\u300f]"
    r"|(?<![\w\u00a7])[\u2018\u201a'](?=\S)(?:[^\u2018\u2019']|(?<=\w)[\u2019'](?=\w))+[\u2018\u2019'](?!\w)"
)
_ENDS_SHORT = re.compile(rf"(?:{ELLIPSIS.pattern})$")
_SENTENCE_END = re.compile(r"[.?!][\"'\u2019\u201d]?(?=\s|$)")
_WORD = re.compile(r"\w")
_NEGATION = re.compile(r"\b(?:not|never|no|nobody|nor|neither|none|cannot|without|unable|\w+n't)\b", re.IGNORECASE)

#: Words after which a sentence gives its ground, its condition or its other side, in the languages of `page_words`.
#: Those that are common words of another of these languages count after a comma alone.
_TURN = re.compile(
    r"\b(?:because|unless|but|except|although|though|however|provided|if"
    r"|weil|aber|sondern|außer|sofern|falls|wenn|obwohl|jedoch|allerdings"
    r"|parce|mais|sauf|sinon|quoique|pourvu|cependant|toutefois"
    r"|porque|pero|sino|excepto|aunque|salvo"
    r"|perché|poiché|però|tranne|benché|sebbene|purché"
    r"|omdat|maar|tenzij|behalve|hoewel|mits|indien"
    r"|porém|exceto|embora|contudo"
    r"|à moins|a menos|a meno|es sei denn|bien que)\b"
    r"|,\s+(?:denn|doch|car|si|se|ma|want|als|mas|pois)\b"
    r"|ただし|しかし|けれど|けど|なぜなら|ので|でも",
    re.IGNORECASE,
)
_MARKS = frozenset(
    "\"'\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u300c\u300d\u300e\u300f"
)


@dataclass(frozen=True)
class Quotation:
    """Words said to stand at a place: the item (`ARTICLE#p3` or a comment's id) and the words as they are written."""

    item: str
    words: str

    @property
    def anchor(self) -> str:
        """The id under which the quoted words are marked on the page: the same for the same place and words."""
        return f"quoted-{hashlib.sha256(f'{self.item} {self.words}'.encode()).hexdigest()[:10]}"


def parse_quotation(body: str) -> Quotation:
    """Read the inside of the role: `place | words`. Raises `BriefError` for another form."""
    item, bar, words = body.partition("|")
    if not bar or not item.strip() or not words.strip():
        raise fail(
            f"{{quote}}`{body}` names no place and words",
            "Write {quote}`ARTICLE#p3 | the words` or {quote}`COMMENT-ID | the words`.",
        )
    return Quotation(item.strip(), " ".join(words.split()))


def find(words: str, text: str) -> list[tuple[int, int]]:
    """Where the parts of a quotation stand in a text: start and end of each, in the text as it is stored.

    An empty list where they do not all stand there as whole words in their order. Raises `BriefError` for a part beside
    an omission that is shorter than three words, for an omission that leaves out a negation, and for one at the end
    that cuts a sentence before its ground, its condition or its other side.
    """
    parts = [part for part in ELLIPSIS.split(words) if part]
    if not parts:
        raise fail("the quotation holds no words", "Write the words that are quoted.")
    if len(parts) > 1:
        for part in parts:
            if words_of(part) < FEWEST_WORDS:
                raise fail(
                    f"'{part}' beside an ellipsis has fewer than three words",
                    "Quote more on either side of the omission, so that it cannot turn the meaning.",
                )
    folded, places = _folded(text)
    spans: list[tuple[int, int]] = []
    start = 0
    for part in parts:
        at = _whole(_folded(part)[0].strip(), folded, start)
        if at is None:
            return []
        if spans and (dropped := _NEGATION.search(folded[start : at[0]])):
            raise fail(
                f"the omission leaves out '{dropped.group()}'",
                "Quote the words with their negation, or quote the parts separately.",
            )
        spans.append((places[at[0]], places[at[1] - 1] + 1))
        start = at[1]
    if _ENDS_SHORT.search(words) and (turn := _TURN.search(rest_of_sentence(text, spans[-1][1]))):
        raise fail(
            f"the ellipsis at the end cuts the sentence before '{turn.group().lstrip(', ')}'",
            "Quote the sentence to its end, or end before the sentence that is cut.",
        )
    return spans


def rest_of_sentence(text: str, end: int) -> str:
    """What a sentence of a text still says after a place in it; empty where the place is the sentence's end."""
    ended = _SENTENCE_END.search(text, max(end - 2, 0))
    return text[end : ended.end()] if ended and ended.end() > end else ("" if ended else text[end:])


def _folded(text: str) -> tuple[str, list[int]]:
    """The text with quotation marks and white space folded, and for each of its signs the place in the text."""
    out: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text.translate(_FOLD)):
        if sign.isspace():
            if out and out[-1] == " ":
                continue
            sign = " "
        out.append(sign)
        places.append(place)
    return "".join(out), places


def _whole(part: str, text: str, start: int) -> tuple[int, int] | None:
    """The first place from `start` where a part stands as whole words."""
    at = text.find(part, start)
    while at >= 0:
        end = at + len(part)
        cut_before = at > 0 and _one_word(text[at - 1], part[0])
        cut_after = end < len(text) and _one_word(part[-1], text[end])
        if not cut_before and not cut_after:
            return at, end
        at = text.find(part, at + 1)
    return None


def _one_word(before: str, after: str) -> bool:
    """Whether a word goes on from one sign to the next; where no spaces part words, that cannot be told."""
    return bool(_WORD.match(before) and _WORD.match(after)) and not is_unspaced(before + after)


def sentence_around(text: str, span: tuple[int, int]) -> str:
    """The full sentence or sentences of a text that hold a span."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    first = max((end for end in ends if end <= span[0]), default=0)
    last = min((end for end in ends if end >= span[1]), default=len(text))
    return text[first:last].strip()


def nearest(words: str, texts: Mapping[str, str]) -> tuple[str, str]:
    """The stored words most like a quotation, and the item they stand in; empty where nothing is like it."""
    wanted = _folded(words)[0].split()
    best: tuple[float, str, str] = (0.0, "", "")
    for item, text in texts.items():
        have = text.split()
        plain = [_folded(word)[0] for word in have]
        matcher = difflib.SequenceMatcher(None, plain, wanted, autojunk=False)
        longest = matcher.find_longest_match()
        at = max(0, longest.a - longest.b) if longest.size else 0
        window = " ".join(plain[at : at + len(wanted)])
        likeness = difflib.SequenceMatcher(None, window, " ".join(wanted), autojunk=False).ratio()
        if likeness > best[0]:
            best = (likeness, item, " ".join(have[at : at + len(wanted)]))
    return (best[1], best[2]) if best[0] > 0.4 else ("", "")


def but_for_marks(words: str, text: str) -> str:
    """The stored words that a quotation would stand for if quotation marks did not count; empty where it would not."""
    if ELLIPSIS.search(words):
        return ""
    kept = [place for place, sign in enumerate(text) if sign not in _MARKS]
    folded, places = _folded("".join(text[place] for place in kept))
    wanted = _folded("".join(sign for sign in words if sign not in _MARKS))[0].strip()
    at = _whole(wanted, folded, 0) if wanted else None
    if at is None:
        return ""
    first, last = kept[places[at[0]]], kept[places[at[1] - 1]]
    while first > 0 and text[first - 1] in _MARKS:
        first -= 1
    while last + 1 < len(text) and text[last + 1] in _MARKS:
        last += 1
    return text[first : last + 1]


def check(quotation: Quotation, texts: Mapping[str, str]) -> None:
    """Check a quotation against the texts by item. Raises `BriefError` that names the nearest words and their place."""
    if quotation.item not in texts:
        near = difflib.get_close_matches(quotation.item, list(texts), n=3)
        hint = f" Near it: {', '.join(near)}." if near else ""
        raise fail(
            f"the quotation “{quotation.words}” names the place '{quotation.item}', where no text is shown",
            f"Name a paragraph as ARTICLE#p3 or a comment that is shown.{hint}",
        )
    try:
        spans = find(quotation.words, texts[quotation.item])
    except BriefError as error:
        fault = error.faults[0]
        raise fail(f"the quotation “{quotation.words}”: {fault.what}", fault.remedy) from None
    if spans:
        return
    if stored := but_for_marks(quotation.words, texts[quotation.item]):
        raise fail(
            f"the words “{quotation.words}” stand in {quotation.item} with other quotation marks",
            f"Only the marks differ. Stored: {stored}. Write the marks inside the quotation as they are stored.",
        )
    item, words = nearest(quotation.words, texts)
    hint = f"Nearest, in {item}: “{words}”." if item else "Nothing in the stored texts is like it."
    raise fail(
        f"the words “{quotation.words}” do not stand in {quotation.item}",
        f"{hint} Quote the words as they are stored, and name the place where they stand.",
    )


def in_quotation_marks(text: str) -> list[tuple[str, int]]:
    """Words in quotation marks in a piece of prose, also over the end of a line, each with the place where it opens.

    Double and single marks, plain and typographic, and those of other languages; an apostrophe opens nothing, as it
    stands after a letter.
    """
    return [(match.group(), match.start()) for match in _IN_MARKS.finditer(text)]
