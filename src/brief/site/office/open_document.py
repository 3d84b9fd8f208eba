"""OpenDocument text (.odt): the same as the Word file, written from the standard (ODF 1.3) without a library.

Few elements are needed, and every one of them can be set: the libraries at hand write the clock into a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from lxml import etree

from brief.prose.catalogue import spoken
from brief.site.office.handout import HEAD, Handout, archived, below, caption, without_places
from brief.site.office.marks import Marks, side
from brief.site.office.open_styles import NAMES, styles, tables, xml
from brief.site.pdf.blocks import Block, Run

NAME = "OpenDocument"
ENDINGS = (".odt",)

Xml = Any
_KIND = "application/vnd.oasis.opendocument.text"
_DEEPEST_HEADING = 6
_SPACES = re.compile(r"( {2,})")


def write(handout: Handout) -> bytes:
    """The handout as an OpenDocument file."""
    return _Writer(handout).written()


class _Writer:
    def __init__(self, handout: Handout) -> None:
        self.handout = handout
        self.places = {place: f"place_{number}" for number, place in enumerate(sorted(handout.targets), 1)}
        self.waiting: list[str] = []
        self.noted: set[str] = set()
        self.looks: dict[Marks, str] = {}
        self.pictures: dict[str, bytes] = {}
        self.columns: dict[str, str] = {}
        self.page_break = False

    def written(self) -> bytes:
        """The file with everything in it."""
        handout = self.handout
        content = xml("office:document-content", **{"office:version": "1.3"})
        looks = self._below(content, "office:automatic-styles")
        text = self._below(self._below(content, "office:body"), "office:text")
        for part, style in HEAD:
            self.paragraph(text, [handout.meta[part]], style)
        self.blocks(text, handout.blocks)
        self._draw_looks(looks)
        parts = {
            "mimetype": _KIND.encode(),
            "content.xml": _bytes(content),
            "styles.xml": _bytes(styles(handout.language, spoken().direction)),
            "meta.xml": _bytes(self._meta()),
            **self.pictures,
        }
        parts["META-INF/manifest.xml"] = _bytes(_manifest(parts))
        return archived(parts, handout.date, "mimetype")

    def _meta(self) -> Xml:
        meta, date = self.handout.meta, self.handout.date.isoformat()
        root = xml("office:document-meta", **{"office:version": "1.3"})
        holder = self._below(root, "office:meta")
        described = {
            "dc:title": meta["title"],
            "dc:subject": meta["question"],
            "dc:description": f"{meta['label']}. {meta['edition']}",
            "meta:initial-creator": meta["author"],
            "dc:creator": meta["author"],
            "meta:creation-date": date,
            "dc:date": date,
            "dc:language": meta["lang"],
        }
        for name, words in described.items():
            self._below(holder, name).text = words
        for keyword in meta["keywords"]:
            self._below(holder, "meta:keyword").text = keyword
        return root

    def _below(self, holder: Xml, name: str, **attributes: str) -> Xml:
        element = xml(name, **attributes)
        holder.append(element)
        return element

    def blocks(self, holder: Xml, blocks: Iterable[Block], style: str = "Standard") -> None:
        """Append blocks to what holds them; `style` is that of their paragraphs."""
        for block in blocks:
            self.block(holder, block, style)

    def block(self, holder: Xml, block: Block, style: str) -> None:
        """Append one block."""
        kind = block["k"]
        self.item_begins(block)
        if kind == "pagebreak":
            self.page_break = True
        elif kind == "h":
            self.paragraph(holder, block["c"], f"Heading_20_{min(block['level'], _DEEPEST_HEADING)}", block)
        elif kind == "p":
            self.paragraph(holder, block["c"], style, block)
        elif kind == "code":
            for line in block["text"].split("\n"):
                self.paragraph(holder, [line], "Code")
        elif kind == "list":
            drawn = self._below(holder, "text:list", **{"text:style-name": "Numbers" if block["ordered"] else "Points"})
            for number, item in enumerate(block["items"]):
                self.item_begins(item)
                start = {"text:start-value": str(block["start"])} if not number and "start" in block else {}
                inside = [{**inner, **side(item)} for inner in item["b"]]
                self.blocks(self._below(drawn, "text:list-item", **start), _outside_tables(inside), style)
                # A list holds no table: what stands in one comes below its list.
                self.blocks(holder, [inner for inner in inside if inner["k"] in _BESIDE_LISTS], style)
        elif kind == "terms":
            for item in block["items"]:
                self.item_begins(item)
                self.paragraph(holder, item["t"], "Term", item)
                self.blocks(holder, item["b"], style)
        elif kind in ("table", "picture"):
            for words in caption(block):
                self.paragraph(holder, words, "Caption")
            if kind == "table":
                self.table(holder, block)
            else:
                picture = {"k": "image", **{part: block[part] for part in ("svg", "alt", "width", "height")}}
                self.paragraph(holder, [picture], "Picture")
            for words in below(block):
                self.paragraph(holder, words, "Cell")
        else:
            self.blocks(holder, block["b"], "Quotations" if kind == "quote" else style)

    def item_begins(self, item: Block) -> None:
        """Keep the place of a block for the paragraph that comes next."""
        if item.get("id") in self.places:
            self.waiting.append(self.places[item["id"]])

    def table(self, holder: Xml, block: Block) -> None:
        """Append a table; its first row is the head, on each page again."""
        table = self._below(holder, "table:table", **{"table:name": f"Table{len(holder)}", "table:style-name": "Grid"})
        title = "".join(run for run in block["headline"] if isinstance(run, str))
        if title:
            self._below(table, "table:title").text = title
        for width in block["widths"]:
            name = self.columns.setdefault(f"{width}mm", f"Column{len(self.columns) + 1}")
            self._below(table, "table:table-column", **{"table:style-name": name})
        head: list[Block] = [{"b": [{"k": "p", "c": words}]} for words in block["head"]]
        self._row(self._below(table, "table:table-header-rows"), head, "Head", "Head_20_Words")
        for row in block["rows"]:
            self._row(table, row, "Box", "Cell")

    def _row(self, holder: Xml, cells: Iterable[Block], style: str, words: str) -> None:
        row = self._below(holder, "table:table-row")
        for cell in cells:
            kind = {"table:style-name": style, "office:value-type": "string"}
            drawn = self._below(row, "table:table-cell", **kind)
            self.item_begins(cell)
            self.blocks(drawn, [{**inner, **side(cell)} for inner in cell["b"]] or [{"k": "p", "c": []}], words)

    def paragraph(self, holder: Xml, runs: Iterable[Run], style: str, block: Mapping[str, Any] | None = None) -> None:
        """Append a paragraph or heading; `block` tells its direction and language."""
        block = block or {}
        heading = style.startswith("Heading")
        named = f"{style}_20_Break" if self.page_break and style == "Heading_20_1" else style
        named = f"{named}_20_Right" if block.get("dir") == "rtl" and style in _RIGHT else named
        paragraph = self._below(holder, "text:h" if heading else "text:p", **{"text:style-name": named})
        if heading:
            paragraph.set(_name("text:outline-level"), style.rpartition("_")[2])
            self.page_break = False
        for name in self.waiting:
            self._below(paragraph, "text:bookmark", **{"text:name": name})
        self.waiting = []
        self.runs(paragraph, runs, Marks.of(block), cites=True)

    def runs(self, holder: Xml, runs: Iterable[Run], marks: Marks, cites: bool = False) -> None:
        """Append runs to a paragraph or a link; `cites` says whether a source that they name gets its footnote."""
        for run in runs:
            if isinstance(run, str):
                self._words(holder, run, marks)
            elif run["k"] == "br":
                self._below(holder, "text:line-break")
            elif run["k"] == "image":
                self._picture(holder, run)
            else:
                if run.get("id") in self.places:
                    self._below(holder, "text:bookmark", **{"text:name": self.places[run["id"]]})
                self._part(holder, run, marks.within(run), cites)

    def _part(self, holder: Xml, run: dict[str, Any], marks: Marks, cites: bool) -> None:
        if holder.tag == _name("text:a") or not ("url" in run or "to" in run):
            self.runs(holder, run.get("c", []), marks, cites)
            return
        href = run["url"] if "url" in run else f"#{self.places[run['to']]}"
        link = self._below(holder, "text:a", **{"xlink:type": "simple", "xlink:href": href})
        self.runs(link, run.get("c", []), replace(marks, link=True))
        place = run.get("to", "")
        if cites and place in self.handout.notes and place not in self.noted:
            self.noted.add(place)
            number = str(len(self.noted))
            note = self._below(holder, "text:note", **{"text:id": f"note{number}", "text:note-class": "footnote"})
            self._below(note, "text:note-citation").text = number
            words = self._below(self._below(note, "text:note-body"), "text:p", **{"text:style-name": "Footnote"})
            self.runs(words, without_places(self.handout.notes[place]), Marks())

    def _words(self, holder: Xml, text: str, marks: Marks) -> None:
        if marks != Marks():
            name = self.looks.setdefault(replace(marks, dir=""), f"T{len(self.looks) + 1}")
            holder = self._below(holder, "text:span", **{"text:style-name": name})
        for piece in _SPACES.split(text):
            if piece.strip(" ") or piece in ("", " "):
                _append(holder, piece)
            else:
                self._below(holder, "text:s", **{"text:c": str(len(piece))})

    def _picture(self, holder: Xml, picture: Mapping[str, Any]) -> None:
        drawn = list(self.handout.pictures)
        number = drawn.index(picture["svg"]) + 1
        name = f"Pictures/picture-{number}.png"
        self.pictures[name] = self.handout.pictures[picture["svg"]]
        size = {f"svg:{side}": f"{picture[side]}mm" for side in ("width", "height")}
        where = {"draw:name": f"picture-{number}", "text:anchor-type": "as-char", "draw:style-name": "Frame"}
        frame = self._below(holder, "draw:frame", **where, **size)
        source = {"xlink:href": name, "xlink:type": "simple", "xlink:show": "embed", "xlink:actuate": "onLoad"}
        self._below(frame, "draw:image", **source)
        self._below(frame, "svg:desc").text = picture["alt"]

    def _draw_looks(self, holder: Xml) -> None:
        tables(holder)
        for width, name in self.columns.items():
            style = self._below(holder, "style:style", **{"style:name": name, "style:family": "table-column"})
            self._below(style, "style:table-column-properties", **{"style:column-width": width})
        frame = self._below(holder, "style:style", **{"style:name": "Frame", "style:family": "graphic"})
        self._below(
            frame, "style:graphic-properties", **{"style:vertical-pos": "top", "style:vertical-rel": "baseline"}
        )
        for marks, name in self.looks.items():
            style = self._below(holder, "style:style", **{"style:name": name, "style:family": "text"})
            self._below(style, "style:text-properties", **_look(marks))


#: What no item of a list may hold.
_BESIDE_LISTS = ("table", "picture")
#: The styles of paragraphs that have a sister for scripts that are read from the right.
_RIGHT = ("Standard", "Quotations", "Cell")


def _outside_tables(blocks: list[Block]) -> list[Block]:
    return [block for block in blocks if block["k"] not in _BESIDE_LISTS] or [{"k": "p", "c": []}]


def _look(marks: Marks) -> dict[str, str]:
    look = {"fo:font-weight": "bold", "style:font-weight-complex": "bold"} if marks.bold else {}
    look |= {"fo:font-style": "italic"} if marks.italic else {}
    look |= {"style:text-position": f"{marks.raised} 60%"} if marks.raised else {}
    look |= {"style:font-name": "Courier New"} if marks.code else {}
    look |= {"fo:color": "#1f4e9e", "style:text-underline-style": "solid"} if marks.link else {}
    for kind in ("fo:{}", "style:{}-asian", "style:{}-complex") if marks.lang else ():
        look |= {kind.format("language"): marks.lang, kind.format("country"): "none"}
    return look


def _name(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{NAMES[prefix]}}}{local}"


def _append(holder: Xml, text: str) -> None:
    if len(holder):
        holder[-1].tail = (holder[-1].tail or "") + text
    else:
        holder.text = (holder.text or "") + text


def _manifest(parts: Iterable[str]) -> Xml:
    root = xml("manifest:manifest", **{"manifest:version": "1.3"})
    kinds = {"/": _KIND} | {name: "image/png" if name.endswith(".png") else "text/xml" for name in sorted(parts)}
    for name, kind in kinds.items():
        if name != "mimetype":
            root.append(xml("manifest:file-entry", **{"manifest:full-path": name, "manifest:media-type": kind}))
    return root


def _bytes(root: Xml) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
