"""What a page offers to download is there, as large as it says, and can be read by the programs that it is for."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

from bs4 import BeautifulSoup, Tag

from check_site import CannotRun, Result, Site

_SIZE = re.compile(r"([\d.,]+) (bytes?|KB|MB)\)?$")
_UNITS = {"byte": 1, "bytes": 1, "KB": 1_000, "MB": 1_000_000}
_PNG = b"\x89PNG\r\n\x1a\n"
_FORMULA = ("=", "+", "@", "\t", "\r")
_RUNS = {"script", "foreignObject", "iframe", "image", "use", "style", "a"}


def check(site: Site) -> Result:
    """Follow every link that is marked as a download. Raises `CannotRun` where there is none."""
    offered: dict[str, list[tuple[str, str]]] = {}
    for name in site.pages:
        for link in BeautifulSoup(site.text(name), "html.parser").select("a[download][href]"):
            to = (site.folder / name).parent / unquote(str(link["href"]))
            offered.setdefault(str(to.resolve()), []).append((name, _words(link)))
    if not offered:
        raise CannotRun("no page offers a download")
    findings = []
    for path, links in sorted(offered.items()):
        findings += [f"{links[0][0]}: {Path(path).name}: {what}" for what in _faults(Path(path), links)]
    return Result.of("downloads", f"{len(offered)} files behind {sum(map(len, offered.values()))} links", findings)


def _words(link: Tag) -> str:
    return " ".join(link.get_text(" ").split()).replace(" )", ")")


def _faults(path: Path, links: list[tuple[str, str]]) -> Iterator[str]:
    if not path.is_file():
        yield "is not there"
        return
    size = path.stat().st_size
    for _, words in links:
        if stated := _SIZE.search(words):
            wrote = float(stated[1].replace(",", "")) * _UNITS[stated[2]]
            if abs(wrote - size) > max(_UNITS[stated[2]], 0.06 * size):
                yield f"has {size} bytes; the page says {stated[0]}"
    try:
        yield from _READERS.get(path.suffix, _any)(path)
    except (ValueError, KeyError, ElementTree.ParseError, zipfile.BadZipFile, csv.Error) as error:
        yield f"cannot be read: {error}"


def _any(path: Path) -> Iterator[str]:
    if path.stat().st_size == 0:
        yield "is empty"


def _table(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, strict=True))
    if not rows or len({len(row) for row in rows}) != 1:
        yield "is no table: its rows differ in length"
    for place, row in enumerate(rows, start=1):
        if any(cell.startswith(_FORMULA) for cell in row):
            yield f"row {place}: a spreadsheet would take a cell for a formula"


def _chart(path: Path) -> Iterator[str]:
    chart = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(chart, dict) and "vega-lite" in str(chart.get("$schema", "")):
        import vl_convert

        vl_convert.vegalite_to_vega(chart)
        if '"url"' in json.dumps(chart):
            yield "asks for data from elsewhere"


def _drawing(path: Path) -> Iterator[str]:
    for element in ElementTree.parse(path).getroot().iter():
        if element.tag.rpartition("}")[2] in _RUNS or any(name.lower().startswith("on") for name in element.attrib):
            yield f"holds <{element.tag.rpartition('}')[2]}>"


def _picture(path: Path) -> Iterator[str]:
    if not path.read_bytes().startswith(_PNG):
        yield "is no PNG"


def _archive(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        if bad := archive.testzip():
            yield f"{bad} in it is damaged"
        if not any(name.startswith("README") for name in archive.namelist()):
            yield "has no README"


_READERS: dict[str, Callable[[Path], Iterator[str]]] = {
    ".csv": _table,
    ".json": _chart,
    ".svg": _drawing,
    ".png": _picture,
    ".zip": _archive,
}
