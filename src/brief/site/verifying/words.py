"""Quotations of an edition, each found again in the stored text of the article or comment that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from brief.errors import BriefError, Fault
from brief.prose.quotations import Quotation, find
from brief.site.verifying.stored import Stored, at, fault, near, squeezed

#: The subject that a claim lacks in its text stands before it, in square brackets.
_ADDED = re.compile(r"\A\[[^\[\]]{1,80}\]\s+")
_CHANGED = "The quotation was changed, or the text that it is of."


@dataclass(frozen=True)
class Text:
    """A stored text as a page shows it: the page, the words, the anchors of its quotations, whether it is cut short."""

    page: str
    words: str
    anchors: frozenset[str]
    excerpt: bool


def texts(stored: Stored) -> dict[str, Text]:
    """The texts that are quoted, by item: paragraphs of articles and comments."""
    texts = {}
    for page, tree in stored.pages.items():
        for box in tree.xpath("//div[@data-item] | //article[@class='comment']"):
            words = box.xpath("./*[contains(@class, 'verbatim')]")
            if words:
                anchors = frozenset(str(anchor) for anchor in box.xpath(".//*[@class='at']/@id"))
                text = "".join(words[0].itertext())
                item = box.get("data-item") or box.get("id") or ""
                texts[item] = Text(page, text, anchors, box.get("data-excerpt") is not None)
    return texts


def faults_of_quotations(stored: Stored, known: Mapping[str, Text]) -> tuple[int, int, list[Fault]]:
    """How many quotations were found again, how many could not be looked for, and which are wrong."""
    quotations, left, wrong = 0, 0, []
    for page, tree in stored.pages.items():
        for element in tree.xpath("//*[contains(concat(' ', @class, ' '), ' quote ')]"):
            words = _ADDED.sub("", squeezed(element).removeprefix("\u201c").removesuffix("\u201d"))
            anchor = (element.get("href") or "").partition("#")[2]
            place = stored.named(at(page, anchor or near(element)))
            texts_here = list(_of(words, anchor, known))
            if texts_here == [None]:
                left += 1
            elif texts_here:
                wrong.append(fault(place, f"the quotation “{words[:80]}” {texts_here[0]}", _CHANGED))
            else:
                quotations += 1
    return quotations, left, wrong


def _of(words: str, anchor: str, known: Mapping[str, Text]) -> Iterator[str | None]:
    """What is wrong with a quotation; None where the text that would tell is not shown in full."""
    if not anchor:
        # A key message carries no link: the words must stand in some text.
        if not any(_stands(words, text) for text in known.values()):
            yield None if any(text.excerpt for text in known.values()) else "stands in none of the stored texts"
        return
    items = [item for item, text in known.items() if anchor in text.anchors]
    if not items:
        yield "leads to no stored text" if known else None
    elif all(Quotation(item, words).anchor != anchor for item in items):
        yield f"is not the one that is marked in {items[0]}: its words make another mark"
    elif not any(_stands(words, known[item]) for item in items):
        yield None if any(known[item].excerpt for item in items) else f"does not stand in the stored text of {items[0]}"


def _stands(words: str, text: Text) -> bool:
    try:
        return bool(find(words, text.words))
    except BriefError:
        return False
