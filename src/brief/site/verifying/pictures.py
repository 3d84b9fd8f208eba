"""The pictures of an edition: a figure says the same as a picture, on a page of its own and on its page."""

from __future__ import annotations

import json
from collections.abc import Iterator

from lxml import etree, html

from brief.errors import BriefError, Fault
from brief.site.tracing.numbers import NUMBER
from brief.site.verifying.facts import letters
from brief.site.verifying.stored import Element, Stored, fault, squeezed

_SAME = "The picture contradicts the figure on its page: one of them was changed."
_PARTS = ("exhibit__headline", "exhibit__subtitle", "exhibit__note")


def faults_of_pictures(stored: Stored) -> tuple[int, list[Fault]]:
    """How many figures were compared with their picture, its specification and their own page; what differs."""
    count = 0
    wrong: list[Fault] = []
    for tree in stored.pages.values():
        for figure in tree.xpath("//figure[starts-with(@id, 'figure-')]"):
            count += 1
            name = str(figure.get("id")).removeprefix("figure-")
            try:
                wrong += _of_words(stored, figure)
                wrong += _of_svg(stored, figure, name)
                wrong += _of_specification(stored, figure, name)
                wrong += _of_own_page(stored, figure, name)
            except BriefError as error:
                wrong += error.faults
    return count, wrong


def _of_words(stored: Stored, figure: Element) -> Iterator[Fault]:
    """What the picture shows in words stands twice: for programs that read aloud, and to be opened."""
    said = " ".join(_alternative(figure).split())
    shown = [squeezed(paragraph) for paragraph in figure.xpath(".//*[@class='exhibit__more']//details/p")]
    if said not in shown:
        place = stored.named(f"{_page_of(stored, figure)}#{figure.get('id')}")
        yield fault(place, "the alternative text is not what the figure shows in words", _SAME)


def _of_svg(stored: Stored, figure: Element, name: str) -> Iterator[Fault]:
    place = f"figures/{name}.svg"
    text = stored.text(place)
    if text is None:
        return
    try:
        picture = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        yield fault(stored.named(place), f"this is no picture that can be read: {str(error)[:80]}", _SAME)
        return
    text = f"{' '.join(figure.itertext())} {_alternative(figure)}"
    whole, numbers = letters(text), set(NUMBER.findall(text))
    for line in map(str, picture.itertext()):
        # A line is a part of a sentence, or the beginning of one that is too long for its place.
        if letters(line) not in whole or not numbers.issuperset(NUMBER.findall(line)):
            what = f"“{line.strip()[:40]}” stands in the picture, and not at the figure"
            yield fault(stored.named(place), what, _SAME)
            return


def _of_specification(stored: Stored, figure: Element, name: str) -> Iterator[Fault]:
    place = f"figures/{name}.json"
    inside = figure.xpath(".//div[contains(@class, 'picture--wide')]/script")
    if not inside or place not in stored.names:
        return
    try:
        same = json.loads("".join(inside[0].itertext())) == stored.json(place)
    except (ValueError, RecursionError):
        same = False
    if not same:
        yield fault(stored.named(place), "the specification is not the one of the figure on its page", _SAME)


def _of_own_page(stored: Stored, figure: Element, name: str) -> Iterator[Fault]:
    place = f"figures/{name}.html"
    text = stored.text(place)
    if not text:
        return
    own = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    for part in _PARTS:
        here, there = ([squeezed(each) for each in tree.xpath(f".//*[@class='{part}']")][:1] for tree in (figure, own))
        if here != there:
            yield fault(stored.named(place), "its words are not those of the figure on its page", _SAME)
            return
    if _alternative(figure) != _alternative(own) or _drawn(figure) != _drawn(own):
        yield fault(stored.named(place), "its picture is not that of the figure on its page", _SAME)


def _alternative(tree: Element) -> str:
    return str(next(iter(tree.xpath(".//*[@role='img']/@aria-label")), ""))


def _drawn(tree: Element) -> list[str]:
    pictures = tree.xpath(".//div[contains(@class, 'picture--')]/*[local-name()='svg']")
    return [squeezed(picture) for picture in pictures[:2]]


def _page_of(stored: Stored, figure: Element) -> str:
    return next((page for page, tree in stored.pages.items() if tree in figure.iterancestors()), "")
