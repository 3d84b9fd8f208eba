"""HTML of strangers as a tree, and what a reader sees of it: blocks of text, no scripts, no styles, no hidden parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree, html

Element = Any
"""An element of lxml, which has no types."""

_UNSEEN = frozenset(
    (
        *("script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "head"),
        *("title", "meta", "link", "select", "option", "textarea", "input", "canvas", "video", "audio"),
        *("map", "datalist"),
    )
)
_PARAGRAPHS = frozenset(
    (
        *("p", "div", "section", "article", "main", "header", "footer", "aside", "nav", "h1", "h2", "h3"),
        *("h4", "h5", "h6", "ul", "ol", "dl", "blockquote", "pre", "figure", "figcaption", "table"),
        *("form", "fieldset", "address", "hr", "details", "summary", "body", "html", "center", "hgroup"),
        *("tbody", "thead"),
    )
)
_LINES = frozenset((*("li", "tr", "dt", "dd"),))
_HIDING = frozenset(
    (
        *("screen-reader-text", "sr-only", "visually-hidden", "visuallyhidden", "u-visually-hidden"),
        *("element-invisible", "assistive-text", "is-hidden", "hidden"),
    )
)
_XML = re.compile(r"\A\s*<\?xml[^>]*\?>")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_DEEPEST = 2000


@dataclass(frozen=True)
class Block:
    """A paragraph as a page shows it: its text, how many of its signs are words of links, what element it stands in."""

    text: str
    linked: int
    element: Element


def tree(text: str) -> Element:
    """The tree of a page, however broken its markup is. Comments of the markup are no part of it."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    root = html.document_fromstring(_XML.sub("", text).encode("utf-8", "replace"), parser=parser)
    return _from_view_of_source(root, parser)


def _from_view_of_source(root: Element, parser: Any) -> Element:
    """The page itself, where somebody saved a browser's view of its source."""
    lines = root.xpath("//td[contains(concat(' ', @class, ' '), ' line-content ')]")
    if len(lines) < 3:
        return root
    source = "\n".join("".join(line.itertext()) for line in lines)
    return html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)


def tokens(element: Element) -> frozenset[str]:
    """The classes of an element, in small letters."""
    return frozenset((element.get("class") or "").lower().split())


def parts(element: Element) -> frozenset[str]:
    """The words that its classes and its id are made of."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return frozenset(re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", names).lower()))


def is_hidden(element: Element) -> bool:
    """Whether a reader sees nothing of it, as far as the markup tells."""
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:
        return True
    if element.get("hidden") is not None or _HIDDEN_STYLE.search(element.get("style") or ""):
        return True
    return not _HIDING.isdisjoint(tokens(element))


def blocks(element: Element, skip: Callable[[Element], bool] = lambda _: False) -> Iterator[Block]:
    """What is seen of an element, paragraph by paragraph; parts that `skip` names are left out.

    A line break within a paragraph stays one; two of them end it, as an end of a line of a list does.
    """
    gathered = _Gathered(element)
    # No recursion: a page may be nested as deeply as it likes.
    stack: list[tuple[Element, bool]] = [(element, False)]
    while stack:
        inner, leaving = stack.pop()
        tag = inner.tag if isinstance(inner.tag, str) else ""
        if leaving:
            if tag in _PARAGRAPHS or tag in _LINES:
                yield from gathered.ended(inner)
            gathered.links -= tag == "a"
            if inner is not element and inner.tail:
                gathered.add(inner.tail)
            continue
        if is_hidden(inner) or (inner is not element and skip(inner)):
            if tag in _PARAGRAPHS or tag in _LINES:
                yield from gathered.ended(inner)
            if inner is not element and inner.tail:
                gathered.add(inner.tail)
            continue
        if tag in _PARAGRAPHS or tag in _LINES:
            yield from gathered.ended(inner)
        gathered.links += tag == "a"
        if tag == "br":
            gathered.add("\x00")
        elif tag == "img":
            gathered.add(_sign(inner))
        if inner.text:
            gathered.add(inner.text.replace("\n", "\x00") if tag == "pre" else inner.text)
        stack.append((inner, True))
        stack += [(child, False) for child in reversed(inner)]
    yield from gathered.ended(element)


class _Gathered:
    """The text of the paragraph that is being read."""

    def __init__(self, element: Element) -> None:
        self.links, self._linked, self._texts, self._element = 0, 0, list[str](), element

    def add(self, text: str) -> None:
        self._texts.append(text)
        if self.links > 0:
            self._linked += len(text.strip())

    def ended(self, following: Element) -> Iterator[Block]:
        """The paragraph, in pieces where two line breaks stand in it; what follows stands in another element."""
        text, linked, element = "".join(self._texts), self._linked, self._element
        self._texts, self._linked, self._element = [], 0, following
        lines = [" ".join(line.split()) for line in text.split("\x00")]
        for piece in re.split(r"\n{2,}", "\n".join(lines).strip("\n")):
            if piece.strip():
                yield Block(piece.strip("\n"), linked, element)


def text_of(element: Element, skip: Callable[[Element], bool] = lambda _: False) -> str:
    """All that is seen of an element, with a blank line between paragraphs and none between lines of a list."""
    pieces = list[str]()
    for block in blocks(element, skip):
        joint = "\n" if pieces and _in_list(block.element) else "\n\n"
        pieces.append((joint if pieces else "") + block.text)
    return "".join(pieces)


def line_of(element: Element) -> str:
    """What is seen of an element, on one line."""
    return " ".join(" ".join(block.text for block in blocks(element)).split())


def _in_list(element: Element) -> bool:
    return isinstance(element.tag, str) and element.tag in _LINES and element.getprevious() is not None


def _sign(picture: Element) -> str:
    """The sign that a picture stands for, where pages draw emoji as pictures."""
    sign = picture.get("alt") or ""
    drawn = {"emoji", "smiley", "smilies", "emoticon", "twemoji"} & parts(picture)
    return sign if drawn and 0 < len(sign) <= 12 else ""


def ancestors(element: Element) -> Iterator[Element]:
    """The elements around one, the nearest first."""
    return iter(element.iterancestors())


def plain(markup: str) -> str:
    """The text of a piece of HTML, such as a title or a comment in the data of a page."""
    if "<" not in markup and "&" not in markup:
        return markup.strip()
    try:
        return text_of(html.fragment_fromstring(markup, create_parent="div"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
