"""The styles of an OpenDocument file: those that its paragraphs, lists and tables name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

Xml = Any
NAMES = {
    prefix: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"
    for prefix, name in (
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("table", "table"),
        ("draw", "drawing"),
        ("fo", "xsl-fo-compatible"),
        ("svg", "svg-compatible"),
        ("meta", "meta"),
        ("manifest", "manifest"),
    )
} | {"xlink": "http://www.w3.org/1999/xlink", "dc": "http://purl.org/dc/elements/1.1/"}
_INK = "#1a2b45"
_SIZES = {1: "18pt", 2: "14pt", 3: "12pt", 4: "11pt", 5: "10pt", 6: "10pt"}


def xml(name: str, **attributes: str) -> Xml:
    """An element by its name with a prefix, with attributes named in the same way."""
    return etree.Element(_name(name), {_name(key): value for key, value in attributes.items()}, nsmap=NAMES)


def styles(language: str, direction: str) -> Xml:
    """The part `styles.xml` of a text in a language, written from the left ("ltr") or from the right ("rtl")."""
    root = xml("office:document-styles", **{"office:version": "1.3"})
    faces = _below(root, "office:font-face-decls")
    for face in ("Arial", "Courier New"):
        _below(faces, "style:font-face", **{"style:name": face, "svg:font-family": f"'{face}'"})
    named = _below(root, "office:styles")
    default = _below(named, "style:default-style", **{"style:family": "paragraph"})
    if direction == "rtl":
        _below(default, "style:paragraph-properties", **{"style:writing-mode": "rl-tb", "fo:text-align": "start"})
    words = {"style:font-name": "Arial", "style:font-name-asian": "Arial", "fo:font-size": "10pt"}
    for kind in ("fo:{}", "style:{}-asian", "style:{}-complex"):
        words |= {kind.format("language"): language, kind.format("country"): "none"}
    _below(default, "style:text-properties", **words)
    _paragraph(named, "Standard", {"fo:margin-bottom": "2.5mm", "fo:line-height": "125%"}, parent="")
    head = {"fo:font-size": "26pt", "fo:color": _INK, "fo:font-weight": "bold"}
    _paragraph(named, "Title", {"fo:margin-bottom": "4mm"}, head)
    _paragraph(named, "Subtitle", {"fo:margin-bottom": "4mm"}, {"fo:font-size": "13pt", "fo:color": _INK})
    for level, size in _SIZES.items():
        look = {"fo:font-size": size, "fo:font-weight": "bold", "fo:color": _INK}
        space = {"fo:margin-top": "5mm", "fo:margin-bottom": "2mm", "fo:keep-with-next": "always"}
        _paragraph(named, f"Heading_20_{level}", space, look, level=level)
    _paragraph(named, "Heading_20_1_20_Break", {"fo:break-before": "page"}, parent="Heading_20_1", level=1)
    kept = {"fo:keep-with-next": "always", "fo:margin-bottom": "1mm"}
    _paragraph(named, "Caption", kept, {"fo:font-weight": "bold", "fo:font-size": "9pt", "fo:color": _INK})
    _paragraph(named, "Picture", {"fo:keep-with-next": "always", "fo:line-height": "100%"})
    _paragraph(named, "Term", kept, {"fo:font-weight": "bold"})
    _paragraph(named, "Quotations", {"fo:margin-left": "8mm", "fo:margin-right": "8mm"}, {"fo:font-style": "italic"})
    _paragraph(named, "Code", {"fo:margin-bottom": "0mm"}, {"style:font-name": "Courier New", "fo:font-size": "9pt"})
    _paragraph(named, "Cell", {"fo:margin-bottom": "1mm"}, {"fo:font-size": "8pt"})
    _paragraph(named, "Head_20_Words", {}, {"fo:font-weight": "bold"}, parent="Cell")
    _paragraph(named, "Footnote", {"fo:margin-bottom": "1mm"}, {"fo:font-size": "8pt"})
    for name in ("Standard", "Quotations", "Cell"):
        side = {"style:writing-mode": "rl-tb", "fo:text-align": "start"}
        _paragraph(named, f"{name}_20_Right", side, parent=name)
    _lists(named)
    _below(named, "text:notes-configuration", **{"text:note-class": "footnote", "style:num-format": "1"})
    _page(root)
    return root


def tables(holder: Xml) -> None:
    """Append the looks of tables and their cells: programs take these from the part with the text alone."""
    grid = _below(holder, "style:style", **{"style:name": "Grid", "style:family": "table"})
    width = {"style:width": "174mm", "table:align": "left", "fo:margin-bottom": "2mm"}
    _below(grid, "style:table-properties", **width)
    for name, ground in (("Box", {}), ("Head", {"fo:background-color": "#e8ecf2"})):
        style = _below(holder, "style:style", **{"style:name": name, "style:family": "table-cell"})
        line = {"fo:border": "0.5pt solid #848b91", "fo:padding": "1mm"}
        _below(style, "style:table-cell-properties", **line, **ground)


def _lists(holder: Xml) -> None:
    for name in ("Points", "Numbers"):
        style = _below(holder, "text:list-style", **{"style:name": name})
        for level in range(1, 7):
            if name == "Points":
                kind = {"text:level": str(level), "text:bullet-char": "\u2022"}
                drawn = _below(style, "text:list-level-style-bullet", **kind)
            else:
                kind = {"text:level": str(level), "style:num-format": "1", "style:num-suffix": "."}
                drawn = _below(style, "text:list-level-style-number", **kind)
            mode = {"text:list-level-position-and-space-mode": "label-alignment"}
            place = _below(drawn, "style:list-level-properties", **mode)
            side = {"fo:text-indent": "-6mm", "fo:margin-left": f"{6 * level}mm", "text:label-followed-by": "listtab"}
            _below(place, "style:list-level-label-alignment", **side)


def _page(root: Xml) -> None:
    layouts = _below(root, "office:automatic-styles")
    layout = _below(layouts, "style:page-layout", **{"style:name": "A4"})
    sides = {"fo:margin-left": "18mm", "fo:margin-right": "18mm", "fo:margin-top": "22mm", "fo:margin-bottom": "22mm"}
    size = {"fo:page-width": "210mm", "fo:page-height": "297mm"}
    _below(layout, "style:page-layout-properties", **size, **sides)
    master = _below(root, "office:master-styles")
    _below(master, "style:master-page", **{"style:name": "Standard", "style:page-layout-name": "A4"})


def _paragraph(
    holder: Xml,
    name: str,
    space: Mapping[str, str],
    words: Mapping[str, str] | None = None,
    parent: str = "Standard",
    level: int = 0,
) -> None:
    above = {"style:parent-style-name": parent} if parent else {}
    outline = {"style:default-outline-level": str(level)} if level else {}
    display = {"style:display-name": name.replace("_20_", " ")}
    kind = {"style:name": name, **display, "style:family": "paragraph", **above, **outline}
    style = _below(holder, "style:style", **kind)
    if space:
        _below(style, "style:paragraph-properties", **space)
    if words:
        _below(style, "style:text-properties", **words)


def _below(holder: Xml, name: str, **attributes: str) -> Xml:
    element = xml(name, **attributes)
    holder.append(element)
    return element


def _name(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{NAMES[prefix]}}}{local}"
