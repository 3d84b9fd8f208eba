"""The whole brief as one HTML file: styles, fonts and pictures inside, no script, nothing asked for from anywhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from brief.prose.catalogue import say, spoken
from brief.site.office.handout import Handout, below, caption, text_of
from brief.site.pdf.blocks import Block, Run
from brief.site.policy import policy

NAME = "one HTML file"
ENDINGS = (".html",)

_STYLES = Path(__file__).with_name("single_page.css")
_FONTS = Path(__file__).parents[1] / "theme" / "static" / "fonts"
_DEEPEST = 6
_TAGS = {"strong": "strong", "em": "em", "code": "code", "sup": "sup", "sub": "sub"}
#: Millimetres on paper from which a picture needs more room than a phone has.
_WIDE = 120
_HASH = "'sha256-{}'"
#: Classes that the file's own styles know.
_KNOWN = frozenset(
    ("claim", "claim__words", "comment", "kicker", "label", "lead", "panel", "quiet", "sources", "together", "verbatim")
)


def write(handout: Handout) -> bytes:
    """The handout as one HTML file."""
    return _Writer(handout).written().encode()


class _Writer:
    def __init__(self, handout: Handout) -> None:
        self.handout = handout
        self.places = {place: f"place-{number}" for number, place in enumerate(sorted(handout.targets), 1)}
        self.chapters: list[tuple[str, str]] = []

    def written(self) -> str:
        """The file."""
        meta = self.handout.meta
        styles = _STYLES.read_text(encoding="utf-8")
        for font in sorted(_FONTS.glob("*.woff2")):
            styles = styles.replace(f"url({font.name})", f"url(data:font/woff2;base64,{_coded(font.read_bytes())})")
        digest = base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode()
        none = "'none'"
        allowed = policy(
            script_src=none,
            style_src=_HASH.format(digest),
            img_src="data:",
            font_src="data:",
            connect_src=none,
            form_action=none,
        )
        body = "".join(self.blocks(self.handout.blocks))
        contents = "".join(f'<li><a href="#{place}">{title}</a></li>' for place, title in self.chapters)
        return (
            f'<!DOCTYPE html>\n<html lang="{escape(meta["lang"])}" dir="{spoken().direction}">\n<head>\n'
            '<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{escape(allowed)}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="referrer" content="no-referrer">\n'
            f'<title>{escape(meta["title"])}</title>\n<meta name="description" content="{escape(meta["question"])}">\n'
            f'<meta name="author" content="{escape(meta["author"])}">\n<style>{styles}</style>\n</head>\n<body>\n'
            f'<header><p class="label">{escape(meta["label"])}</p><h1>{escape(meta["title"])}</h1>'
            f'<p class="lead">{escape(meta["subtitle"])}</p><p class="quiet">{escape(meta["edition"])}</p></header>\n'
            f'<nav aria-labelledby="contents"><h2 id="contents">{escape(say("Contents"))}</h2>\n'
            f"<ol>{contents}</ol></nav>\n"
            f"<main>{body}</main>\n</body>\n</html>\n"
        )

    def blocks(self, blocks: Iterable[Block]) -> Iterator[str]:
        """The elements that blocks become."""
        for block in blocks:
            yield from self.block(block)

    def block(self, block: Block) -> Iterator[str]:
        """The elements that one block becomes."""
        kind = block["k"]
        if kind == "h":
            yield self._heading(block)
        elif kind == "p":
            yield f"<p{self._attributes(block)}>{self.line(block['c'])}</p>\n"
        elif kind == "code":
            yield f'<pre tabindex="0"{self._attributes(block)}><code>{escape(block["text"])}</code></pre>\n'
        elif kind == "list":
            yield from self._list(block)
        elif kind == "terms":
            yield f"<dl{self._attributes(block)}>"
            for item in block["items"]:
                yield f"<dt{self._attributes(item)}>{self.line(item['t'])}</dt>"
                yield f"<dd>{''.join(self.blocks(item['b']))}</dd>"
            yield "</dl>\n"
        elif kind == "table":
            yield from self._table(block)
        elif kind == "picture":
            yield f"<figure{self._attributes(block)}><figcaption>{self._captions(block)}</figcaption>"
            if block["width"] > _WIDE:
                # On a phone its letters would be too small: there it is moved sideways.
                yield f'<div class="wide wide--picture" role="region" tabindex="0" aria-label="{_named(block)}">'
                yield f"{self._image(block)}</div>"
            else:
                yield self._image(block)
            yield "".join(f'<p class="quiet">{self.line(words)}</p>' for words in below(block)) + "</figure>\n"
        elif kind != "pagebreak":
            tag = "blockquote" if kind == "quote" else "div"
            yield f"<{tag}{self._attributes(block)}>{''.join(self.blocks(block['b']))}</{tag}>\n"

    def _heading(self, block: Block) -> str:
        chapter = block["level"] == 1 and str(block.get("id", "")).endswith("#")
        if chapter:
            place = self.places.setdefault(block["id"], f"chapter-{len(self.chapters) + 1}")
            self.chapters.append((place, escape(text_of(block["c"]))))
        tag = f"h{min(block['level'] + 1, _DEEPEST)}"
        return f"<{tag}{self._attributes(block)}>{self.line(block['c'])}</{tag}>\n"

    def _list(self, block: Block) -> Iterator[str]:
        tag = "ol" if block["ordered"] else "ul"
        start = f' start="{block["start"]}"' if block.get("start", 1) != 1 else ""
        yield f"<{tag}{start}{self._attributes(block)}>"
        for item in block["items"]:
            yield f"<li{self._attributes(item)}>{''.join(self.blocks(item['b']))}</li>"
        yield f"</{tag}>\n"

    def _table(self, block: Block) -> Iterator[str]:
        yield f'<div class="wide" role="region" tabindex="0" aria-label="{_named(block)}">'
        yield f"<table{self._attributes(block)}>"
        yield f"<caption>{self._captions(block)}</caption>" if caption(block) else ""
        yield "<thead><tr>"
        for words in block["head"]:
            yield f'<th scope="col">{self.line(words)}</th>' if words else "<td></td>"
        yield "</tr></thead><tbody>"
        for row in block["rows"]:
            cells = (f"<td{self._attributes(cell)}>{''.join(self.blocks(cell['b']))}</td>" for cell in row)
            yield f"<tr>{''.join(cells)}</tr>"
        yield "</tbody></table></div>\n"
        yield "".join(f'<p class="quiet">{self.line(words)}</p>\n' for words in below(block))

    def _captions(self, block: Block) -> str:
        return "".join(f"<span>{self.line(words)}</span>" for words in caption(block))

    def line(self, runs: Iterable[Run], linked: bool = False) -> str:
        """Runs as markup; `linked` says that they stand in a link, which holds no other."""
        return "".join(escape(run) if isinstance(run, str) else self._part(run, linked) for run in runs)

    def _part(self, run: dict[str, Any], linked: bool) -> str:
        if run["k"] == "br":
            return "<br>"
        if run["k"] == "image":
            return self._image(run)
        href = ""
        if not linked and "url" in run:
            href = f' href="{escape(run["url"])}" rel="noreferrer"'
        elif not linked and run.get("to") in self.places:
            href = f' href="#{self.places[run["to"]]}"'
        inside, attributes = self.line(run.get("c", []), linked or bool(href)), self._attributes(run)
        tag = "a" if href else _TAGS.get(run["k"], "span" if attributes else "")
        return f"<{tag}{href}{attributes}>{inside}</{tag}>" if tag else inside

    def _image(self, picture: Mapping[str, Any]) -> str:
        source = _coded(self.handout.pictures[picture["svg"]])
        return f'<img src="data:image/png;base64,{source}" alt="{escape(picture["alt"])}">'

    def _attributes(self, block: Mapping[str, Any]) -> str:
        place = self.places.get(block.get("id", ""))
        known = " ".join(name for name in block.get("cls", ()) if name in _KNOWN)
        own = {"id": place, "class": known, "lang": block.get("lang"), "dir": block.get("dir")}
        return "".join(f' {name}="{escape(words)}"' for name, words in own.items() if words)


def _named(block: Block) -> str:
    """What a region that can be moved sideways is called: as its figure or table is, or by what the table tells."""
    return escape(" ".join(map(text_of, caption(block) or block["head"])))


def _coded(content: bytes) -> str:
    return base64.b64encode(content).decode()
