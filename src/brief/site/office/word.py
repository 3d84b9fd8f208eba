"""Word (.docx): headings, lists, tables, quotations and footnotes as Word's own, figures as pictures with their words.

Footnotes are a part of the file that python-docx does not write; it is made here (ECMA-376, 17.11).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

from brief.errors import fail
from brief.prose.catalogue import spoken
from brief.site.office.handout import HEAD, Handout, archived, below, caption, without_places
from brief.site.office.marks import Marks, side
from brief.site.pdf.blocks import Block, Run

NAME = "Word"
ENDINGS = (".docx",)

Xml = Any
_DEEPEST_LIST, _DEEPEST_HEADING = 3, 9
_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
#: What Word draws between the text and its notes; a file without it is mended when it is opened.
_SEPARATORS = "".join(
    f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{drawn}/></w:r></w:p></w:footnote>'
    for kind, number, drawn in (
        ("separator", -1, "separator"),
        ("continuationSeparator", 0, "continuationSeparator"),
    )
)

#: What of the library's pattern is left out, by the ends of the relations that lead to it.
_NOT_OURS = ("/thumbnail", "/extended-properties")
#: What may stand after the direction among the properties of a paragraph.
_AFTER_BIDI = tuple(f"w:{name}" for name in ("adjustRightInd", "spacing", "ind", "jc", "outlineLvl", "rPr", "sectPr"))


def write(handout: Handout) -> bytes:
    """The handout as a Word file. Raises `BriefError` where the library that writes it is not installed."""
    try:
        import docx  # noqa: F401
    except ImportError:
        raise fail(
            "python-docx is not installed", "Install it: pip install -e '.[office]'; or pip install python-docx."
        ) from None
    return _Writer(handout).written()


class _Writer:
    def __init__(self, handout: Handout) -> None:
        import docx
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.opc.part import XmlPart
        from docx.oxml import OxmlElement, parse_xml
        from docx.oxml.ns import qn

        self.handout = handout
        self.element, self.qn = OxmlElement, qn
        self.relations = RELATIONSHIP_TYPE
        self.file = docx.Document()
        package = self.file.part.package
        # The library's pattern brings a picture of an empty page, and the name of a program that did not write this.
        for relation in [key for key, held in package.rels.items() if held.reltype.endswith(_NOT_OURS)]:
            del package.rels[relation]
        notes = parse_xml(f"<w:footnotes {_NAMES}>{_SEPARATORS}</w:footnotes>")
        self.notes = XmlPart(PackURI("/word/footnotes.xml"), _FOOTNOTES, notes, package)
        self.file.part.relate_to(self.notes, RELATIONSHIP_TYPE.FOOTNOTES)
        self.bookmarks = {place: f"place_{number}" for number, place in enumerate(sorted(handout.targets), 1)}
        self.waiting: list[str] = []
        self.set = 0
        self.noted: set[str] = set()
        self.page_break = False

    def written(self) -> bytes:
        """The file with everything in it."""
        handout, body = self.handout, self.file.element.body
        self._describe()
        self._styles()
        end = body.sectPr
        body.remove(end)
        for part, style in HEAD:
            self.paragraph(body, [handout.meta[part]], style)
        self.blocks(body, handout.blocks)
        body.append(end)
        whole = BytesIO()
        self.file.save(whole)
        with zipfile.ZipFile(whole) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        return archived(parts, handout.date, "[Content_Types].xml")

    def _describe(self) -> None:
        from docx.shared import Mm

        meta, known = self.handout.meta, self.file.core_properties
        known.title, known.subject, known.author = (str(meta[part])[:255] for part in ("title", "question", "author"))
        known.keywords = ", ".join(meta["keywords"])[:255]
        known.comments, known.language = f"{meta['label']}. {meta['edition']}"[:255], meta["lang"]
        known.created = known.modified = self.handout.date
        known.last_modified_by, known.revision, known.version = known.author, 1, "-".join(map(str, meta["date"]))
        page = self.file.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = Mm(18)
        page.top_margin = page.bottom_margin = Mm(22)

    def _styles(self) -> None:
        from docx.enum.style import WD_STYLE_TYPE
        from docx.shared import Pt, RGBColor

        styles = self.file.styles
        for language in styles.element.iter(self.qn("w:lang")):
            for kind in ("w:val", "w:eastAsia", "w:bidi"):
                language.set(self.qn(kind), self.handout.language)
        styles["Normal"].font.name, styles["Normal"].font.size = "Arial", Pt(10)
        if spoken().direction == "rtl":
            rule = styles["Normal"].element.get_or_add_pPr()
            rule.insert_element_before(self.element("w:bidi"), *_AFTER_BIDI)
        for name in ("Normal", "Title", *(f"Heading {level}" for level in range(1, _DEEPEST_HEADING + 1))):
            fonts = styles[name].element.get_or_add_rPr().get_or_add_rFonts()
            for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
                fonts.attrib.pop(self.qn(f"w:{kind}Theme"), None)
                fonts.set(self.qn(f"w:{kind}"), "Arial")
        for name in ("Title", "Subtitle", "Caption", *(f"Heading {level}" for level in range(1, 10))):
            # The pale blue of the library's pattern has too little contrast on white.
            styles[name].font.color.rgb = RGBColor(0x1A, 0x2B, 0x45)
        styles["Subtitle"].font.italic = False
        self._new("Term", WD_STYLE_TYPE.PARAGRAPH).font.bold = True
        styles["Term"].paragraph_format.keep_with_next = True
        styles["Term"].paragraph_format.space_after = Pt(0)
        for name, family in (("Code", WD_STYLE_TYPE.PARAGRAPH), ("Code Words", WD_STYLE_TYPE.CHARACTER)):
            self._new(name, family).font.name = "Courier New"
        cell = self._new("Cell", WD_STYLE_TYPE.PARAGRAPH)
        cell.font.size, cell.paragraph_format.space_after = Pt(8), Pt(0)
        self._new("footnote text", WD_STYLE_TYPE.PARAGRAPH).font.size = Pt(8)
        self._new("footnote reference", WD_STYLE_TYPE.CHARACTER).font.superscript = True
        link = self._new("Hyperlink", WD_STYLE_TYPE.CHARACTER)
        link.font.color.rgb, link.font.underline = RGBColor(0x1F, 0x4E, 0x9E), True

    def _new(self, name: str, kind: Any) -> Any:
        style = self.file.styles.add_style(name, kind, builtin=name[0].islower() or name == "Hyperlink")
        if hasattr(style, "paragraph_format"):
            style.base_style = self.file.styles["Normal"]
        return style

    def style(self, name: str) -> str:
        """The id of a style by its name."""
        return str(self.file.styles[name].style_id)

    def blocks(self, holder: Xml, blocks: Iterable[Block], style: str = "", depth: int = 0) -> None:
        """Append blocks to what holds them: the body or a cell; `style` is that of their paragraphs."""
        for block in blocks:
            self.block(holder, block, style, depth)

    def block(self, holder: Xml, block: Block, style: str, depth: int) -> None:
        """Append one block."""
        kind = block["k"]
        if block.get("id") in self.bookmarks:
            self.waiting.append(self.bookmarks[block["id"]])
        if kind == "pagebreak":
            self.page_break = True
        elif kind == "h":
            level = min(block["level"], _DEEPEST_HEADING)
            self.paragraph(holder, block["c"], f"Heading {level}", block)
        elif kind == "p":
            self.paragraph(holder, block["c"], style, block)
        elif kind == "code":
            for line in block["text"].split("\n"):
                self.paragraph(holder, [line], "Code")
        elif kind == "list":
            self.list(holder, block, depth)
        elif kind == "terms":
            for item in block["items"]:
                self.item_begins(item)
                self.paragraph(holder, item["t"], "Term", item)
                self.blocks(holder, item["b"], style, depth)
        elif kind == "table":
            for words in caption(block):
                self.paragraph(holder, words, "Caption", kept=True)
            self.table(holder, block)
            for words in below(block):
                self.paragraph(holder, words, "Cell")
            self.paragraph(holder, [], "Cell")
        elif kind == "picture":
            for words in caption(block):
                self.paragraph(holder, words, "Caption", kept=True)
            picture = {"k": "image", **{part: block[part] for part in ("svg", "alt", "width", "height")}}
            self.paragraph(holder, [picture], "", kept=True)
            for words in below(block):
                self.paragraph(holder, words, "Cell")
        else:
            self.blocks(holder, block["b"], "Quote" if kind == "quote" else style, depth)

    def item_begins(self, item: Block) -> None:
        """Keep the place of an item for the paragraph that comes next."""
        if item.get("id") in self.bookmarks:
            self.waiting.append(self.bookmarks[item["id"]])

    def list(self, holder: Xml, block: Block, depth: int) -> None:
        """Append a list; a numbered one counts from its own beginning."""
        depth = min(depth + 1, _DEEPEST_LIST)
        suffix = f" {depth}" if depth > 1 else ""
        named = "List Number" if block["ordered"] else "List Bullet"
        numbering = self._counted_anew(f"{named}{suffix}", block.get("start", 1)) if block["ordered"] else None
        for item in block["items"]:
            self.item_begins(item)
            first, *rest = item["b"] or [{"k": "p", "c": []}]
            if first["k"] != "p":
                first, rest = {"k": "p", "c": []}, item["b"]
            paragraph = self.paragraph(holder, first["c"], f"{named}{suffix}", {**first, **side(item)})
            if numbering is not None:
                paragraph.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = numbering
            self.blocks(holder, rest, f"List Continue{suffix}", depth)

    def _counted_anew(self, style: str, start: int) -> int:
        numbering = self.file.part.numbering_part.element
        used = self.file.styles[style].element.pPr.numPr.numId.val
        pattern = next(number for number in numbering.num_lst if number.numId == used)
        number = numbering.add_num(pattern.abstractNumId.val)
        number.add_lvlOverride(ilvl=0).add_startOverride(start)
        return int(number.numId)

    def table(self, holder: Xml, block: Block) -> None:
        """Append a table whose first row Word repeats on each page and reads out as the head."""
        table = self._below(holder, "w:tbl")
        look = self._below(table, "w:tblPr")
        self._below(look, "w:tblStyle", val=self.style("Table Grid"))
        if spoken().direction == "rtl":
            self._below(look, "w:bidiVisual")
        self._below(look, "w:tblW", w="5000", type="pct")
        self._below(look, "w:tblLayout", type="fixed")
        margins = self._below(look, "w:tblCellMar")
        for side_of_cell in ("top", "bottom"):
            self._below(margins, f"w:{side_of_cell}", w="60", type="dxa")
        self._below(look, "w:tblLook", val="0020", firstRow="1", lastRow="0", firstColumn="0", lastColumn="0")
        words = "".join(str(run) for run in block["headline"] if isinstance(run, str))
        if words:
            self._below(look, "w:tblCaption", val=words[:255])
        grid = self._below(table, "w:tblGrid")
        for width in block["widths"]:
            self._below(grid, "w:gridCol", w=str(_twips(width)))
        head: list[Block] = [{"b": [{"k": "p", "c": [{"k": "strong", "c": words}]}]} for words in block["head"]]
        for number, cells in enumerate([head, *block["rows"]]):
            row = self._below(table, "w:tr")
            kept = self._below(row, "w:trPr")
            if not number or block["whole"][number - 1]:
                self._below(kept, "w:cantSplit")
            if not number:
                self._below(kept, "w:tblHeader")
            for cell, width in zip(cells, block["widths"], strict=True):
                drawn = self._below(row, "w:tc")
                box = self._below(drawn, "w:tcPr")
                self._below(box, "w:tcW", w=str(_twips(width)), type="dxa")
                if not number:
                    self._below(box, "w:shd", val="clear", color="auto", fill="E8ECF2")
                self.item_begins(cell)
                self.blocks(drawn, [{**inner, **side(cell)} for inner in cell["b"]], "Cell")
                if not len(drawn) or drawn[-1].tag != self.qn("w:p"):
                    self.paragraph(drawn, [], "Cell")

    def _below(self, holder: Xml, name: str, /, **attributes: str) -> Xml:
        """Append an element to another and return it."""
        element = self.element(name)
        for attribute, value in attributes.items():
            element.set(self.qn(f"w:{attribute}"), value)
        holder.append(element)
        return element

    def paragraph(
        self, holder: Xml, runs: Iterable[Run], style: str, block: Mapping[str, Any] | None = None, kept: bool = False
    ) -> Xml:
        """Append a paragraph; `block` tells its direction and language, `kept` that no page parts it from the next."""
        block = block or {}
        paragraph = self._below(holder, "w:p")
        properties = paragraph.get_or_add_pPr()
        if style:
            paragraph.style = self.style(style)
        if kept:
            properties.keepNext_val = True
        if self.page_break and style.startswith("Heading"):
            properties.pageBreakBefore_val, self.page_break = True, False
        if "dir" in block:
            properties.insert_element_before(self.element("w:bidi"), *_AFTER_BIDI)
        for name in self.waiting:
            self._bookmark(paragraph, name)
        self.waiting = []
        self.runs(paragraph, runs, Marks.of(block), self.file.part)
        return paragraph

    def _bookmark(self, paragraph: Xml, name: str) -> None:
        self.set += 1
        self._below(paragraph, "w:bookmarkStart", id=str(self.set), name=name)
        self._below(paragraph, "w:bookmarkEnd", id=str(self.set))

    def runs(self, holder: Xml, runs: Iterable[Run], marks: Marks, part: Any) -> None:
        """Append runs to a paragraph or a link; `part` is the part of the file in which they stand."""
        for run in runs:
            if isinstance(run, str):
                self._words(holder, run, marks)
            elif run["k"] == "br":
                self._below(self._below(holder, "w:r"), "w:br")
            elif run["k"] == "image":
                self._picture(holder, run)
            else:
                if run.get("id") in self.bookmarks:
                    self._bookmark(holder, self.bookmarks[run["id"]])
                self._part(holder, run, marks.within(run), part)

    def _part(self, holder: Xml, run: dict[str, Any], marks: Marks, part: Any) -> None:
        inside = run.get("c", [])
        if holder.tag == self.qn("w:hyperlink") or not ("url" in run or "to" in run):
            self.runs(holder, inside, marks, part)
            return
        link = self._below(holder, "w:hyperlink")
        if "url" in run:
            link.set(self.qn("r:id"), part.relate_to(run["url"], self.relations.HYPERLINK, is_external=True))
        else:
            link.set(self.qn("w:anchor"), self.bookmarks[run["to"]])
        self.runs(link, inside, replace(marks, link=True), part)
        if run.get("to") in self.handout.notes and part is self.file.part and run["to"] not in self.noted:
            self._footnote(holder, run["to"])

    def _footnote(self, holder: Xml, place: str) -> None:
        """Append a footnote with the entry of a source, where the source is cited first."""
        self.noted.add(place)
        number = str(len(self.noted))
        reference = self._below(holder, "w:r")
        self._below(self._below(reference, "w:rPr"), "w:rStyle", val=self.style("footnote reference"))
        self._below(reference, "w:footnoteReference", id=number)
        paragraph = self._below(self._below(self.notes.element, "w:footnote", id=number), "w:p")
        paragraph.style = self.style("footnote text")
        mark = self._below(paragraph, "w:r")
        self._below(self._below(mark, "w:rPr"), "w:rStyle", val=self.style("footnote reference"))
        self._below(mark, "w:footnoteRef")
        self.runs(paragraph, [" ", *without_places(self.handout.notes[place])], Marks(), self.notes)

    def _words(self, holder: Xml, text: str, marks: Marks) -> None:
        from docx.text.run import Run as WordRun

        element = self._below(holder, "w:r")
        run = WordRun(element, self.file)
        run.text = text
        if marks.code or marks.link:
            element.style = self.style("Code Words" if marks.code else "Hyperlink")
        run.bold, run.italic = marks.bold or None, marks.italic or None
        if marks.raised:
            setattr(run.font, marks.raised, True)
        if marks.dir:
            run.font.rtl = True
        if marks.lang:
            kinds = ("val", "eastAsia", "bidi")
            self._below(element.get_or_add_rPr(), "w:lang", **dict.fromkeys(kinds, marks.lang))

    def _picture(self, holder: Xml, picture: Mapping[str, Any]) -> None:
        from docx.shared import Mm
        from docx.text.run import Run as WordRun

        run = WordRun(self._below(holder, "w:r"), self.file)
        drawn = run.add_picture(BytesIO(self.handout.pictures[picture["svg"]]), width=Mm(picture["width"]))
        drawn._inline.docPr.set("descr", picture["alt"])


def _twips(millimetres: float) -> int:
    return round(millimetres / 25.4 * 1440)
