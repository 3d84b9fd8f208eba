"""What every format is made from: the document of all chapters with its sources as notes and its pictures as PNG."""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from io import BytesIO
from typing import Any

from brief.figures.drawing.render import png
from brief.prose.catalogue import message, say
from brief.site.pdf.blocks import Block, Run
from brief.site.state import SOURCES_CHAPTER

#: Where a long word may be broken on paper: a text that is edited has no such marks.
_GAP = "\u200b"
_SOURCE = message("Source: {source}")
#: What stands above the text, in the order of the PDF, each with its style.
HEAD = (("label", "Caption"), ("edition", "Caption"), ("title", "Title"), ("subtitle", "Subtitle"))
#: The part of an OpenDocument file that is read without unpacking.
_UNPACKED = "mimetype"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class Handout:
    """A brief that is handed over: `meta` says what it is, `blocks` what it holds, `notes` the entry of each source."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.meta: dict[str, Any] = _plain(document["meta"])
        self.front: list[Block] = _plain(document["front"])
        self.body: list[Block] = _plain(document["body"])
        self.targets = frozenset(document["targets"])

    @property
    def blocks(self) -> list[Block]:
        """Everything below the title, in its order."""
        return [*self.front, *self.body]

    @property
    def language(self) -> str:
        """The language of the brief."""
        return str(self.meta["lang"])

    @property
    def date(self) -> dt.datetime:
        """The date of the edition: the one moment that a file tells of."""
        year, month, day = self.meta["date"]
        return dt.datetime(year, month, day)

    @cached_property
    def notes(self) -> dict[str, list[Run]]:
        """The entry of each source that the text can cite, by its place."""
        return {
            item["id"]: list(_entry(item))
            for block in _all(self.body)
            for item in [block, *block.get("items", [])]
            if str(item.get("id", "")).startswith(f"{SOURCES_CHAPTER}#") and item.get("id") in self.targets
            if item.get("k") != "h"
        }

    @cached_property
    def pictures(self) -> dict[str, bytes]:
        """Each picture as PNG, by what it is drawn from."""
        return {drawn: packed(png(drawn)) for drawn in dict.fromkeys(_drawings(self.blocks))}


def caption(block: Block) -> list[list[Run]]:
    """What stands above a figure or table: its number, its headline, its subtitle, as far as it has them."""
    named = [[{"k": "strong", "c": [block["named"]]}]] if block["named"] else []
    return [*named, *(block[part] for part in ("headline", "subtitle") if block[part])]


def below(block: Block) -> list[list[Run]]:
    """What stands below a figure or table: its note and its source."""
    before, after = say(_SOURCE, source="\0").split("\0")
    source = [[run for run in (before, *block["source"], after) if run]] if block["source"] else []
    return [*([block["note"]] if block["note"] else []), *source]


def text_of(runs: Iterable[Run]) -> str:
    """The words of runs, a line break as a space."""
    words = (
        run if isinstance(run, str) else " " if run["k"] == "br" else text_of(run.get("c", [run.get("alt", "")]))
        for run in runs
    )
    return "".join(words)


def packed(picture: bytes) -> bytes:
    """A PNG with the same pixels in a third of the bytes: the renderer is quick about packing them."""
    at, chunks, pixels = len(_SIGNATURE), [], b""
    while at < len(picture):
        size = int.from_bytes(picture[at : at + 4])
        kind, content = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + size]
        at += size + 12
        if kind == b"IDAT":
            pixels += content
        else:
            chunks.append((kind, content))
    chunks.insert(-1, (b"IDAT", zlib.compress(zlib.decompress(pixels))))
    return _SIGNATURE + b"".join(
        len(content).to_bytes(4) + kind + content + zlib.crc32(kind + content).to_bytes(4) for kind, content in chunks
    )


def without_places(runs: Iterable[Run]) -> list[Run]:
    """Runs without ids: their place is in the text, and a note only repeats them."""
    return [
        run
        if isinstance(run, str)
        else {name: without_places(part) if name == "c" else part for name, part in run.items() if name != "id"}
        for run in runs
    ]


def archived(parts: Mapping[str, bytes], date: dt.datetime, first: str) -> bytes:
    """The parts of an office file as a ZIP archive, all of one date; programs know the kind by the part `first`."""
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name in sorted(parts, key=lambda name: (name != first, name)):
            entry = zipfile.ZipInfo(name, (date.year, date.month, date.day, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            file.writestr(entry, parts[name], zipfile.ZIP_STORED if name == _UNPACKED else zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def _plain(part: Any) -> Any:
    if isinstance(part, str):
        return part.replace(_GAP, "")
    if isinstance(part, dict):
        return {name: _plain(inner) for name, inner in part.items()}
    return [_plain(inner) for inner in part] if isinstance(part, list) else part


def _all(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks with those inside them."""
    for block in blocks:
        yield block
        yield from _all(block.get("b", []))
        for item in block.get("items", []):
            yield from _all(item["b"])


def _entry(item: Block) -> Iterator[Run]:
    """The words of an entry as runs of one paragraph."""
    for number, paragraph in enumerate(block for block in _all([{"k": "div", **item}]) if "c" in block):
        yield from [" "] * bool(number)
        yield from paragraph["c"]


def _drawings(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "svg" in part:
            yield part["svg"]
        for inner in part.values():
            yield from _drawings(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _drawings(inner)
