"""The text of a page as blocks: plain data that the typesetter draws, in which no text is markup.

Pages and PDF are made from the same markup: what a template writes for the site is read here. A block has `k` for its
kind (`p`, `h`, `list`, `terms`, `table`, `quote`, `code`, `div`, `exhibit`) and, where the page has them, `id`, `cls`,
`lang` and `dir`. A run of text is a string, or a part with `k` (`strong`, `em`, `code`, `sup`, `sub`, `link`, `br`,
`image`, `span`) and its own runs in `c`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from brief.errors import fail
from brief.prose.plain import safe

Block = dict[str, Any]
Run = str | dict[str, Any]

_VOID = {"br", "hr", "img", "wbr", "col", "input", "link", "meta"}
_SILENT = {"script", "style", "svg", "button", "nav", "template", "form", "input", "select", "colgroup"}
#: Classes of what a page has for the screen alone.
_SCREEN_ONLY = {
    "notes",
    "reuse__figure",
    "headerlink",
    "downloads",
    "exhibit__more",
    "not-on-paper",
    "quoted-paragraph__number",
    "contents",
    "contents__caption",
    "register",
}
_INLINE = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "cite": "em", "dfn": "em", "code": "code"}
_INLINE |= {"sup": "sup", "sub": "sub"}
_TRANSPARENT = {
    "span",
    "mark",
    "time",
    "data",
    "small",
    "abbr",
    "q",
    "s",
    "u",
    "bdi",
    "kbd",
    "var",
    "label",
}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


@dataclass
class Element:
    """An element of a page with what it holds."""

    tag: str
    attributes: dict[str, str]
    inside: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """Its classes."""
        return self.attributes.get("class", "").split()

    def find(self, wanted: Callable[[Element], bool]) -> Iterator[Element]:
        """The elements below this one that are wanted, in the order of the page."""
        for child in self.inside:
            if isinstance(child, Element):
                if wanted(child):
                    yield child
                yield from child.find(wanted)

    def by_id(self, name: str) -> Element | None:
        """The element of this id, if there is one."""
        return next(self.find(lambda element: element.attributes.get("id") == name), None)

    def by_place(self, name: str) -> Element | None:
        """The element of this id; where an empty one bears it, as a further name of a section, what it stands in."""

        def is_place(element: Element) -> bool:
            inside = [child for child in element.inside if isinstance(child, Element)]
            names = [child.attributes.get("id") for child in inside if child.tag == "span" and not child.inside]
            return name in names or (element.attributes.get("id") == name and bool(element.inside))

        return next(self.find(is_place), None)

    def by_class(self, name: str) -> list[Element]:
        """The elements of this class."""
        return list(self.find(lambda element: name in element.classes))

    def text(self) -> str:
        """All text in it."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.inside)


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.open = [Element("main", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1].tag != tag:
            raise fail(
                f"its markup closes <{tag}> where <{self.open[-1].tag}> is open",
                "Correct the template or the raw markup that the page has there.",
                self.page,
            )
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read(html: str, page: str) -> Element:
    """The markup of a page's body as a tree. Raises `BriefError`, naming the page, where elements are not nested."""
    reader = _Reader(page)
    reader.feed(html)
    reader.close()
    return reader.open[0]


def blocks(element: Element) -> list[Block]:
    """What an element holds as blocks; text that stands loose in it becomes a paragraph."""
    opened: list[Block] = []
    loose: list[Element | str] = []

    def close() -> None:
        runs = _trimmed(_runs(loose, "verbatim" in element.classes))
        if runs:
            opened.append({"k": "p", "c": runs})
        loose.clear()

    for child in element.inside:
        if isinstance(child, str) or _is_inline(child):
            loose.append(child)
        else:
            close()
            opened += _block(child)
    close()
    return opened


def _is_inline(element: Element) -> bool:
    known = element.tag in _INLINE or element.tag in _TRANSPARENT or element.tag in ("a", "br", "wbr", "img")
    return known and not any(isinstance(child, Element) and not _is_inline(child) for child in element.inside)


def _left_out(element: Element) -> bool:
    return element.tag in _SILENT or bool(_SCREEN_ONLY.intersection(element.classes)) or "hidden" in element.attributes


def _block(element: Element) -> list[Block]:
    """The block or blocks that an element becomes; none where it is for the screen alone."""
    tag = element.tag
    if _left_out(element):
        return []
    if "data-exhibit" in element.attributes:
        return [{"k": "exhibit", "kind": element.attributes["data-exhibit"], "id": element.attributes["id"]}]
    if tag == "details" and (
        "fold--phone" in element.classes or any(element.find(lambda child: child.tag == "caption"))
    ):
        # What folds a table open says what its caption says; what folds on phones alone is open here.
        element = Element(tag, element.attributes, [child for child in element.inside if not _is_summary(child)])
    if tag in ("p", "summary", "figcaption", "caption", *_HEADINGS):
        block: Block = {"k": "p", "c": _trimmed(_runs(element.inside, "verbatim" in element.classes))}
        if tag in _HEADINGS:
            block = {"k": "h", "level": _HEADINGS[tag], "c": block["c"]}
        return [_with_attributes(block, element)] if block["c"] else []
    if tag in ("ul", "ol"):
        items = [_with_attributes({"b": blocks(item)}, item) for item in _children(element, "li")]
        return [_with_attributes({"k": "list", "ordered": tag == "ol", "items": items}, element)] if items else []
    if tag == "dl":
        return [_with_attributes({"k": "terms", "items": _terms(element)}, element)]
    if tag == "table":
        return [_with_attributes(_table(element), element)]
    if tag == "pre":
        lines = element.text().rstrip("\n").split("\n")
        return [_with_attributes({"k": "code", "text": "\n".join(safe(line.expandtabs(4)) for line in lines)}, element)]
    if tag == "hr":
        return []
    inside = blocks(element)
    if all("fold__title" in block.get("cls", ()) for block in inside):
        return []
    if tag == "blockquote":
        return [_with_attributes({"k": "quote", "b": inside}, element)]
    kept = _with_attributes({"k": "div", "b": inside}, element)
    return [kept] if len(kept) > 2 else inside


def _is_summary(child: Element | str) -> bool:
    return isinstance(child, Element) and child.tag == "summary"


def _children(element: Element, *tags: str) -> list[Element]:
    return [child for child in element.inside if isinstance(child, Element) and child.tag in tags]


def _terms(element: Element) -> list[Block]:
    """The pairs of a list of terms, whether or not each pair has an element of its own."""
    items: list[Block] = []
    for child in _children(element, "div", "dt", "dd"):
        if child.tag == "div":
            items += _terms(child)
        elif child.tag == "dt":
            items.append(_with_attributes({"t": _trimmed(_runs(child.inside)), "b": []}, child))
        elif items:
            items[-1]["b"] += blocks(child)
    return items


def _table(element: Element) -> Block:
    """A table: its caption, its columns, its rows; a cell that spans rows stands in the first of them."""
    caption: list[Run] = []
    head: list[list[Run]] = []
    rows: list[list[dict[str, Any]]] = []
    spans: dict[int, int] = {}
    for child in element.find(lambda element: element.tag in ("caption", "tr")):
        if child.tag == "caption":
            caption = _trimmed(_runs(child.inside))
            continue
        cells = _children(child, "th", "td")
        if not head and not rows and all(cell.tag == "th" for cell in cells):
            head = [_trimmed(_runs(cell.inside)) for cell in cells]
            continue
        row: list[dict[str, Any]] = []
        for cell in cells:
            while spans.get(len(row), 0):
                spans[len(row)] -= 1
                row.append({"b": []})
            spans[len(row)] = int(cell.attributes.get("rowspan", "1")) - 1
            row.append(_with_attributes({"b": blocks(cell)}, cell))
        while len(row) < len(head) and spans.get(len(row), 0):
            spans[len(row)] -= 1
            row.append({"b": []})
        rows.append(row)
    wide = max(len(head), *(len(row) for row in rows), 0)
    head += [[] for _ in range(wide - len(head))]
    return {"k": "table", "caption": caption, "head": head, "rows": [r + [{"b": []}] * (wide - len(r)) for r in rows]}


def _with_attributes(block: Block, element: Element) -> Block:
    """A block with the id, classes, language and direction of its element."""
    attributes = element.attributes
    if attributes.get("id"):
        block["id"] = attributes["id"]
    if element.classes:
        block["cls"] = element.classes
    if attributes.get("lang"):
        block["lang"] = primary(attributes["lang"])
    direction = attributes.get("dir", "")
    if direction == "auto":
        direction = "rtl" if starts_from_the_right(element.text()) else "ltr"
    if direction == "rtl":
        block["dir"] = direction
    return block


def starts_from_the_right(text: str) -> bool:
    """Whether the first letter of a text is one of a script that is read from the right."""
    for sign in text:
        kind = unicodedata.bidirectional(sign)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def _runs(inside: list[Element | str], verbatim: bool = False) -> list[Run]:
    """Elements and text as runs; white space as a page shows it."""
    runs: list[Run] = []
    for child in inside:
        if isinstance(child, str):
            runs += _lines(child) if verbatim else [safe(_spaces(child))]
        elif child.tag == "br":
            runs.append({"k": "br"})
        elif child.tag == "img" and not _left_out(child):
            runs.append({"k": "image", "src": child.attributes.get("src", ""), "alt": child.attributes.get("alt", "")})
        elif not _left_out(child) and "download" not in child.attributes:
            runs += _run(child, verbatim or "verbatim" in child.classes)
    return [run for run in runs if run != ""]


def _run(element: Element, verbatim: bool) -> list[Run]:
    runs = _runs(element.inside, verbatim)
    kind = _INLINE.get(element.tag, "link" if element.attributes.get("href") and element.tag == "a" else "span")
    run = _with_attributes({"k": kind, "c": runs}, element)
    if kind == "link":
        run["href"] = element.attributes["href"]
    return [run] if kind != "span" or len(run) > 2 else runs


def _lines(text: str) -> list[Run]:
    """Stored text, its line ends kept."""
    runs: list[Run] = []
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        runs += [{"k": "br"}, safe(line)] if number else [safe(line)]
    return runs


def _spaces(text: str) -> str:
    """Runs of white space as one space, as a browser shows them; a no-break space stays."""
    flat = " ".join(part for part in text.replace("\u00a0", "\ue000").split())
    edges = (" " if text[:1].isspace() else "", " " if flat and text[-1:].isspace() else "")
    return f"{edges[0]}{flat}{edges[1]}".replace("\ue000", "\u00a0")


def _trimmed(runs: list[Run]) -> list[Run]:
    """Runs without white space at either end; empty where there is nothing else."""
    runs = list(runs)
    while runs and isinstance(runs[0], str) and not runs[0].strip(" "):
        runs.pop(0)
    while runs and isinstance(runs[-1], str) and not runs[-1].strip(" "):
        runs.pop()
    if runs and isinstance(runs[0], str):
        runs[0] = runs[0].lstrip(" ")
    if runs and isinstance(runs[-1], str):
        runs[-1] = runs[-1].rstrip(" ")
    return runs


def primary(tag: str) -> str:
    """The language of a BCP 47 tag as paper takes it, without script and region: "en" of "en-GB"."""
    return tag.split("-")[0].lower()
