"""Texts of comments that are HTML, as plain text: no word is lost, and nothing of it is markup any more.

Paragraphs become blank lines, links their words with the address behind them where it is another. What looks like a tag
and is none in HTML ("<lane>") is kept as the writer's words; scripts and styles are no words.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from brief.store.rows import Rows

_PARAGRAPHS = frozenset(
    (
        *("p", "div", "section", "article", "aside", "header", "footer", "main", "nav", "figure", "figcaption"),
        *("blockquote", "pre", "table", "form", "fieldset", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "hr"),
    )
)
_LINES = frozenset(("br", "li", "tr", "dt", "dd", "option"))
_INLINE = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i"),
        *("ins", "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong"),
        *("sub", "sup", "time", "tt", "u", "var", "wbr", "nobr", "center", "tbody", "thead", "tfoot", "td", "th"),
        *("caption", "col", "colgroup", "details", "summary", "audio", "video", "source", "track", "picture", "img"),
        *("iframe", "object", "embed", "param", "canvas", "svg", "path", "html", "body", "head", "title", "button"),
        *("input", "select", "textarea", "address", "meter", "progress", "map", "area", "noscript", "link", "meta"),
        *("base", "slot"),
    )
)
_HIDDEN = frozenset(("script", "style", "template"))
_PAIRS = (("<!--", "-->"), ("<![cdata[", "]]>"), *((f"<{name}", f"</{name}") for name in sorted(_HIDDEN)))
_KNOWN = _PARAGRAPHS | _LINES | _INLINE | _HIDDEN
_BREAKS = re.compile(r"<\s*/?\s*(?:p|br|div|li)\b", re.IGNORECASE)
#: Pairs of tags, breaks and links: what no plain text has by chance.
_CERTAIN = re.compile(
    r"<br\s*/?>|</(?:p|div|span|em|strong|blockquote|li|ul|ol)>|<p(?:\s[^<>]*)?>|<a\s[^<>]*href[^<>]*>", re.I
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_SHARE = 0.5


def plain(text: str) -> str:
    """An HTML text as plain text."""
    if "<" not in text and "&" not in text:
        return text.strip()
    reader = _Reader(keeps_lines=_BREAKS.search(text) is None)
    reader.feed(_closed(text))
    reader.close()
    return reader.text()


def _closed(text: str) -> str:
    """The text, where what opens and never closes is no markup but words: a tag, a hidden comment, a script.

    So no words behind it are lost, and the parser never searches for an end again and again.
    """
    for opening, closing in _PAIRS:
        low = text.lower()
        end = low.rfind(closing) + 1
        if low.find(opening, end) >= 0:
            text = text[:end] + re.sub(re.escape(opening), lambda tag: f"&lt;{tag[0][1:]}", text[end:], flags=re.I)
    end = text.rfind(">") + 1
    return text[:end] + text[end:].replace("<", "&lt;")


def plain_rows(rows: Rows) -> tuple[Rows, tuple[str, ...]]:
    """Rows whose texts are HTML in some of their columns, as plain text there; and what was done, in words.

    A column is HTML where half of the cells that hold a sign of markup hold certain markup: a single "<b>" in a
    sentence makes none.
    """
    signs, tagged = dict.fromkeys(rows.columns, 0), dict.fromkeys(rows.columns, 0)
    for frame in rows.frames():
        for name in rows.columns:
            cells = frame[name]
            cells = cells[cells.str.contains("<", regex=False) | cells.str.contains(_ENTITY)]
            if len(cells):
                signs[name] += len(cells)
                tagged[name] += int(cells.str.contains(_CERTAIN).sum())
    changed = [name for name in rows.columns if tagged[name] and tagged[name] >= signs[name] * _SHARE]
    left = [f"{name} ({tagged[name]})" for name in rows.columns if tagged[name] and name not in changed]
    if changed:
        frames = rows.mapped(lambda frame: frame.assign(**{name: frame[name].map(plain) for name in changed}))
        rows = Rows.from_frames(rows.columns, frames)
    messages = [f"HTML made plain text: {', '.join(changed)}."] if changed else []
    messages += [f"Texts that hold HTML, kept as they stand: {', '.join(left)}."] if left else []
    return rows, tuple(messages)


class _Reader(HTMLParser):
    """Collects the text of HTML: words, breaks between them, addresses of links."""

    def __init__(self, *, keeps_lines: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._keeps_lines = keeps_lines
        self._parts: list[str] = []
        self._hidden = 0
        self._links: list[tuple[str, int]] = []
        self._as_is = 0

    def text(self) -> str:
        """The plain text: no white space at the end of lines, one blank line between paragraphs."""
        while self._links:
            self._end_link()
        text = "".join(self._parts)
        text = re.sub(r"[ \t\u00a0]*\n[ \t]*" if not self._as_is else r"[ \t]*\n", "\n", text)
        return re.sub(r"\n{3,}", "\n\n", text).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _KNOWN:
            self._add(self.get_starttag_text() or "")
            return
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in _PARAGRAPHS:
            self._add("\n\n")
        elif tag in _LINES:
            self._add("\n- " if tag == "li" else "\n")
        elif tag in ("td", "th"):
            self._add("\t")
        elif tag == "img":
            self._add(dict(attrs).get("alt") or "")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self._parts)))
        elif tag in ("iframe", "embed", "video", "audio") and _ADDRESS.match(dict(attrs).get("src") or ""):
            self._add(f" {dict(attrs)['src']} ")
        if tag == "pre":
            self._as_is += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in _KNOWN and tag not in ("br", "hr", "img", "p", "li"):
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _KNOWN:
            self._add(f"</{tag}>")
        elif tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _PARAGRAPHS:
            self._add("\n\n")
        elif tag == "a" and self._links:
            self._end_link()

    def handle_data(self, data: str) -> None:
        if not (self._keeps_lines or self._as_is):
            data = re.sub(r"[ \t\r\n]+", " ", data)
            if data.startswith(" ") and (not self._parts or self._parts[-1].endswith(("\n", " "))):
                data = data[1:]
        self._add(data)

    def unknown_decl(self, data: str) -> None:
        self._add(data.removeprefix("CDATA["))

    def _add(self, text: str) -> None:
        if text and not self._hidden:
            self._parts.append(text)

    def _end_link(self) -> None:
        """The words of a link, and its address behind them where they are not the address themselves."""
        address, start = self._links.pop()
        words = "".join(self._parts[start:])
        shown = words.strip()
        if not _ADDRESS.match(address):
            return
        if _bare(shown) == _bare(address) or not shown:
            self._parts[start:] = [address if not shown else words]
        elif shown.endswith(("...", "…")) and _bare(address).startswith(_bare(shown.rstrip(".…"))):
            # The page shortens an address that is its own words.
            self._parts[start:] = [words.replace(shown, address)]
        else:
            self._parts.append(f" ({address})")


def _bare(address: str) -> str:
    return _ADDRESS.sub("", html.unescape(address)).rstrip("/").casefold().removeprefix("www.")
