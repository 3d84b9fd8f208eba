"""Small files that would cost much, each made when it is needed: how to make it, who reads it, and what is to be said.

`INPUTS` has them by name. The benchmark `bad_input.py` measures what each costs; a test reads the messages.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

CHECK = ("check",)
_SHEET = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_SHEET_ENDS = "</sheetData></worksheet>"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BLOCK = 1 << 26


@dataclass(frozen=True)
class Costly:
    """An input: the file that is made in a brief, the command that reads it, and words of what it says."""

    file: str
    make: Callable[[Path], object]
    command: tuple[str, ...]
    says: str


def _text(*parts: tuple[str, int]) -> Callable[[Path], object]:
    """A file of texts, each so many times; put together only when the file is made."""
    return lambda path: path.write_text("".join(text * times for text, times in parts), encoding="utf-8")


def _wide(path: Path) -> None:
    path.write_text(",".join(["text", *(f"c{number}" for number in range(999_999))]) + "\n", encoding="utf-8")


def _keys(path: Path) -> None:
    path.write_text("".join(f"key-{number}: {number}\n" for number in range(100_000)), encoding="utf-8")


def _json_keys(path: Path) -> None:
    path.write_text(json.dumps({f"key-{number}": number for number in range(100_000)}), encoding="utf-8")


def _aliases(path: Path) -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def _faults(path: Path) -> None:
    rows = "".join(f"c1,Keep it open until {number}.\n" for number in range(100_001))
    path.write_text(f"comment_id,text\n{rows}", encoding="utf-8")


def _sources(path: Path) -> None:
    entry = "@misc{key%d, author={{The Gazette}}, title={A title of a source}, year={2020}}\n"
    path.write_text("".join(entry % number for number in range(60_000)), encoding="utf-8")


# Archives -------------------------------------------------------------------------------------------------------------


def _zeros(times: int) -> bytes:
    """A deflated stream of zeros, `times` blocks of 64 MB: a block that ends by itself can stand many times."""
    made = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = made.compress(bytes(_BLOCK)) + made.flush(zlib.Z_FULL_FLUSH)
    return block * times + zlib.compressobj(9, zlib.DEFLATED, -15).flush()


def _archive(files: Mapping[str, bytes], lying: Mapping[str, tuple[bytes, int]] | None = None) -> bytes:
    """A ZIP archive; of `lying` files the deflated bytes and the size that is stated are given."""
    held = [(name, content, len(content), 0) for name, content in files.items()]
    held += [(name, content, size, 8) for name, (content, size) in (lying or {}).items()]
    body, listed = bytearray(), bytearray()
    for name, content, size, method in held:
        crc = zlib.crc32(content) if method == 0 else 0
        said = struct.pack("<4H3L2H", 0, method, 0, 0, crc, len(content), size, len(name), 0)
        place = len(body)
        body += b"PK\x03\x04" + struct.pack("<H", 20) + said + name.encode() + content
        listed += b"PK\x01\x02" + struct.pack("<2H", 20, 20) + said + struct.pack("<3H2L", 0, 0, 0, 0, place)
        listed += name.encode()
    return bytes(body + listed + _end(len(held), len(listed), len(body)))


def _end(number: int, length: int, place: int) -> bytes:
    return b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, min(number, 65_535), min(number, 65_535), length, place, 0)


def _many_files(path: Path) -> None:
    """A million entries, all of them the same file of no bytes."""
    named = b"a.txt"
    one = struct.pack("<6H3L5H2L", 20, 20, 0, 0, 0, 0, 0, 0, 0, len(named), 0, 0, 0, 0, 0, 0)
    first = b"PK\x03\x04" + struct.pack("<5H3L2H", 20, 0, 0, 0, 0, 0, 0, 0, len(named), 0) + named
    entries = (b"PK\x01\x02" + one + named) * 1_000_000
    record = b"PK\x06\x06" + struct.pack("<Q2H2L4Q", 44, 45, 45, 0, 0, 10**6, 10**6, len(entries), len(first))
    locator = b"PK\x06\x07" + struct.pack("<LQL", 0, len(first) + len(entries), 1)
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    path.write_bytes(first + entries + record + locator + end)


def _project(*parts: tuple[bytes, int]) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(_archive({"project.qde": b"".join(text * n for text, n in parts)}))


def _tags(number: int) -> Callable[[Path], object]:
    return _project((b'<Project xmlns="urn:QDA-XML:project:1.0">', 1), (b"<a/>", number), (b"</Project>", 1))


def _gigabytes(stated: int) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(_archive({}, {"project.qde": (_zeros(32), stated)}))


def _workbook(rows: Callable[[], str], words: int = 0, bomb: bool = False) -> Callable[[Path], object]:
    """A workbook of these rows, with so many shared words; put together only when the file is made."""
    return lambda path: path.write_bytes(_packed(rows(), words, bomb))


def _packed(sheet: str, words: int, bomb: bool) -> bytes:
    more = {"xl/sharedStrings.xml": _STRINGS % (b"<si/>" * words)} if words else {}
    types = [("/xl/workbook.xml", "sheet.main"), ("/xl/worksheets/sheet1.xml", "worksheet")]
    types += [("/xl/sharedStrings.xml", "sharedStrings")] if more else []
    listed = "".join(f'<Override PartName="{name}" ContentType="{_MAIN}.{kind}+xml"/>' for name, kind in types)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{listed}</Types>',
        "_rels/.rels": _leading(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        f'xmlns:r="{_OFFICE}"><sheets><sheet name="Codings" sheetId="1" r:id="r0"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _leading(
            ("worksheet", "worksheets/sheet1.xml"), *([("sharedStrings", "sharedStrings.xml")] if more else [])
        ),
    }
    held = {name: content.encode() for name, content in parts.items()} | more
    lying = {"xl/worksheets/sheet1.xml": (_zeros(32), 32 * _BLOCK)} if bomb else {}
    held |= {} if bomb else {"xl/worksheets/sheet1.xml": (_SHEET + sheet + _SHEET_ENDS).encode()}
    return _archive(held, lying)


def _leading(*parts: tuple[str, str]) -> str:
    each = (f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{to}"/>' for n, (kind, to) in enumerate(parts))
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(each)}</Relationships>'


def _row(number: int, *cells: str, column: str = "") -> str:
    made = (
        f'<c r="{column or chr(65 + place)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for place, cell in enumerate(cells)
    )
    return f'<row r="{number}">{"".join(made)}</row>'


_HEADER = _row(1, "comment_id", "stance")
_STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</sst>'


def _far() -> str:
    return _HEADER + _row(10**9, "far", "for")


def _wide_rows() -> str:
    return _HEADER + "".join(_row(number, "far", column="XFD") for number in range(2, 100_002))


def _import(ending: str, make: Callable[[Path], object], says: str) -> Costly:
    return Costly(f"codings{ending}", make, ("import-codings", f"codings{ending}", "--coder", "second"), says)


INPUTS: dict[str, Costly] = {
    "a table of a million columns": Costly(
        "wide.csv", _wide, ("add", "wide.csv"), "the table has 1,000,000 columns, and 1,000 at most are read"
    ),
    "a sheet of a million columns": _import(".csv", _wide, "the table has 1,000,000 columns, and 1,000 at most"),
    "a line of 200 MB": Costly(
        "long.csv",
        _text(("text\n", 1), ("a", 200_000_000)),
        ("add", "long.csv"),
        "the line has more than 10,000,000 signs",
    ),
    "a cell that never ends": Costly(
        "open.csv", _text(('text\n"', 1), ("a\n", 30_000_000)), ("add", "open.csv"), "field larger than field limit"
    ),
    "a page of 60 MB": Costly(
        "page.txt", _text(("words\n\n", 9_000_000)), ("add", "page.txt"), "the file has more than 5,000,000 bytes"
    ),
    "a fault in each of 100,000 rows": Costly("many.csv", _faults, ("add", "many.csv"), "and 99980 more. Put these"),
    "100,000 keys of YAML": Costly(
        "data/glossary.yml", _keys, CHECK, "the file holds more than 20,000 keys and values"
    ),
    "aliases that multiply": Costly("data/glossary.yml", _aliases, CHECK, "*a0 repeats what stands elsewhere"),
    "YAML nested 100,000 deep": Costly(
        "data/glossary.yml", _text(("- [", 1), ("[", 100_000)), CHECK, "nested more than 20 deep"
    ),
    "BibTeX of 60,000 sources": Costly("data/sources.bib", _sources, CHECK, "the file has more than 2,000,000 signs"),
    "100,000 keys of JSON": _import(".json", _json_keys, "this is no list of tasks"),
    "JSON nested 100,000 deep": _import(".json", _text(("[", 100_000), ("]", 100_000)), "it is nested too deep"),
    "JSON of ten million lists": _import(
        ".json", _text(("[", 1), ("[],", 9_999_999), ("[]]", 1)), "more than 2,000,000 values"
    ),
    "JSON of 60 MB": _import(".json", _text(('["', 1), ("a", 60_000_000), ('"]', 1)), "more than 40,000,000 bytes"),
    "a row numbered a billion": _import(".xlsx", _workbook(_far), "the sheet has more than 1,048,576 rows"),
    "100,000 rows as wide as may be": _import(".xlsx", _workbook(_wide_rows), "or 2,000,000 cells"),
    "a sheet that unpacks to 2 GB": _import(".xlsx", _workbook(str, bomb=True), "more than 60 MB"),
    "a workbook of 1,500,000 words": _import(
        ".xlsx", _workbook(lambda: _HEADER, words=1_500_000), "its XML has more than 400,000 tags"
    ),
    "comments in a row numbered a billion": Costly(
        "far.xlsx", _workbook(_far), ("add", "far.xlsx"), "more than 1,048,576 rows"
    ),
    "comments in a sheet of 2 GB": Costly(
        "bomb.xlsx", _workbook(str, bomb=True), ("add", "bomb.xlsx"), "more than 60 MB"
    ),
    "a saved page nested 1,000,000 deep": Costly(
        "deep.html",
        _text(("<html><body><h1>Words</h1>", 1), ("<div>", 1_000_000)),
        ("add", "deep.html"),
        "neither an article nor comments were found",
    ),
    "a feed nested 1,000,000 deep": Costly(
        "deep.xml", _text(("<rss>", 1), ("<a>", 1_000_000)), ("add", "deep.xml"), "this kind of file is not known here"
    ),
    "a project that unpacks to 2 GB": _import(".qdpx", _gigabytes(32 * _BLOCK), "more than 60 MB"),
    "one that states 1,000 bytes of 2 GB": _import(".qdpx", _gigabytes(1_000), "this is not a project of REFI-QDA"),
    "an archive of a million files": _import(".qdpx", _many_files, "or 100,000 files"),
    "a project of two million tags": _import(".qdpx", _tags(2_000_000), "its XML has more than 800,000 tags"),
    "a project as large as may be": _import(".qdpx", _tags(790_000), "the file holds no coding"),
    "XML nested 390,000 deep": _import(
        ".qdpx", _project((b"<a>", 390_000), (b"</a>", 390_000)), "its outermost element is a"
    ),
}

if __name__ == "__main__":
    INPUTS[sys.argv[1]].make(Path(sys.argv[2]))
