"""What may be shown of a comment: pseudonyms for its author and for authors named in it, and no address or number."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from brief.prose.addresses import addresses
from brief.prose.catalogue import message, say
from brief.prose.folding import fold
from brief.prose.names import Names
from brief.prose.telephones import telephones

EMAIL_REMOVED = message("[e-mail address removed]")
PHONE_REMOVED = message("[telephone number removed]")
WORDS_REMOVED = message("[words removed]")
ANONYMOUS = message("Commenter")
EVERY_COMMENT = "*"
"""Stands for the id in a decision that holds for all comments."""
MASK, KEEP = "mask", "keep"
_LENGTH = 6
_Place = tuple[int, int, str]


@dataclass(frozen=True)
class Decision:
    """What a maintainer decided about words of a comment, or of every one: `MASK` or `KEEP`."""

    comment_id: str
    words: str
    decision: str


@dataclass(frozen=True)
class Span:
    """A stretch of a text, and what is shown in its place."""

    start: int
    end: int
    shown: str


def pseudonym(first: str) -> str:
    """A stable name for an author, made from the id of the first comment by that author.

    Nothing of the name is in it, so nobody can find the name by trying, and no key is needed.
    """
    if not first:
        return ANONYMOUS
    code = hashlib.sha256(first.encode("utf-8", "surrogatepass")).digest()
    return f"{ANONYMOUS} {base64.b32encode(code).decode()[:_LENGTH]}"


def said(shown: str) -> str:
    """What stands for a name or for masked words, in the language that is spoken."""
    first, _, code = shown.partition(" ")
    return say("Commenter {code}", code=code) if first == ANONYMOUS and code else say(shown)


@dataclass(frozen=True)
class Masking:
    """How the texts of a brief are masked: all authors, each with the id of the first comment, and the decisions of the
    maintainers.
    """

    authors: Mapping[str, str] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()

    @cached_property
    def pseudonyms(self) -> Mapping[str, str]:
        """What stands for each author; empty for no name."""
        return {"": "", **{name: pseudonym(first) for name, first in sorted(self.authors.items()) if name}}

    @cached_property
    def names(self) -> Names:
        """The table of the authors' names."""
        return Names({name: shown for name, shown in self.pseudonyms.items() if name}, ANONYMOUS)

    @cached_property
    def _decided(self) -> Mapping[str, Sequence[Decision]]:
        by_comment: dict[str, list[Decision]] = {}
        for decision in self.decisions:
            by_comment.setdefault(decision.comment_id, []).append(decision)
        return by_comment

    def shown(self, text: str, comment_id: str = "", language: str = "") -> str:
        """The text as it may leave the store: what is masked is replaced, everything else stands verbatim.

        What stands in its place is in the language that is spoken.
        """
        parts, place = [], 0
        for span in self.spans(text, comment_id, language):
            parts += [text[place : span.start], said(span.shown)]
            place = span.end
        return "".join([*parts, text[place:]]) if parts else text

    def spans(self, text: str, comment_id: str = "", language: str = "") -> list[Span]:
        """What is masked in a text, in its order, none within another.

        `language` is that of the text: it decides in which regions a telephone number is looked up.
        """
        own = self._decided.get(comment_id, ()) if comment_id else ()
        words = {decision.words for decision in own}
        rules = [*own, *(decision for decision in self._decided.get(EVERY_COMMENT, ()) if decision.words not in words)]
        masked = [
            Span(*place, WORDS_REMOVED)
            for decision in rules
            if decision.decision == MASK
            for place in places(decision.words, text)
        ]
        kept = [place for decision in rules if decision.decision == KEEP for place in places(decision.words, text)]
        by_rule = [span for span in self._by_rule(text, language) if not _within(span, kept, text)]
        spans: list[Span] = []
        for span in sorted([*masked, *by_rule], key=lambda span: (span.start, -span.end)):
            if not spans or span.start >= spans[-1].end:
                spans.append(span)
            elif span.end > spans[-1].end:
                spans[-1] = Span(spans[-1].start, span.end, spans[-1].shown)
        return spans

    def _by_rule(self, text: str, language: str) -> Iterator[Span]:
        folded = fold(text)
        mail = [(start, end, EMAIL_REMOVED) for start, end in addresses(folded.text)]
        phones = ((start, end, PHONE_REMOVED) for start, end in telephones(folded.text, language))
        taken = [*mail, *_clear_of(phones, mail)]
        taken.sort()
        names = self.names.found(folded.text) if self.authors else ()
        for start, end, shown in (*taken, *_clear_of(names, taken)):
            yield Span(*folded.place(start, end), shown)


def masked(text: str, language: str = "") -> str:
    """The text with e-mail addresses and telephone numbers replaced by words that say so."""
    return Masking().shown(text, language=language)


def publishable(comments: pd.DataFrame, masking: Masking, languages: Sequence[str] | None = None) -> pd.DataFrame:
    """The comments as they may leave the store.

    In: any frame with author and text, and, where decisions are to hold, comment_id; how texts are masked; the language
    of each text, where it is known. Out: the same frame with `author` as a pseudonym (empty stays empty) and `text`
    masked.
    """
    ids = comments["comment_id"] if "comment_id" in comments else [""] * len(comments)
    spoken = languages if languages is not None else [""] * len(comments)
    texts = [
        masking.shown(str(text), str(name), language)
        for text, name, language in zip(comments["text"], ids, spoken, strict=True)
    ]
    authors = [said(masking.pseudonyms.get(name) or (name and ANONYMOUS)) for name in comments["author"]]
    return comments.assign(
        author=pd.Series(authors, index=comments.index, dtype="str"),
        text=pd.Series(texts, index=comments.index, dtype="str"),
    )


def places(words: str, text: str) -> Iterator[tuple[int, int]]:
    """Where words stand in a text, as they are and not within longer words."""
    if not words:
        return
    before = r"(?<!\w)" if _is_spelt(words[0]) else ""
    after = r"(?!\w)" if _is_spelt(words[-1]) else ""
    for match in re.finditer(f"{before}{re.escape(words)}{after}", text):
        yield match.span()


def _is_spelt(sign: str) -> bool:
    """Whether a sign is of a script that parts words by spaces."""
    return sign.isalnum() and sign < "\u0e00"


def _within(span: Span, kept: Sequence[tuple[int, int]], text: str) -> bool:
    """Whether words to be kept cover a stretch; the @ before a name need not be among them."""
    start = span.start + (text[span.start] in "@#\uff20")
    return any(begins <= start and span.end <= ends for begins, ends in kept)


def _clear_of(places: Iterable[_Place], taken: Sequence[_Place]) -> Iterator[_Place]:
    """Those stretches that overlap none of the others; both come in their order."""
    at = 0
    for place in places:
        while at < len(taken) and taken[at][1] <= place[0]:
            at += 1
        if at == len(taken) or taken[at][0] >= place[1]:
            yield place
