"""A published edition as it lies in a folder or in a ZIP archive, read without trust and without following links."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from lxml import etree, html

from brief.contract import archives, manifest
from brief.contract.json_files import MOST_VALUES
from brief.contract.text_files import no_file
from brief.errors import BriefError, Fault, fail

Element = Any
#: So many bytes a file may have that is read for what it says; of a larger one only the digest is taken.
MOST_READ = 40_000_000
#: So many bytes an archive of a brief may hold, unpacked: its files are kept in memory, those of a folder are not.
MOST_UNPACKED = 250_000_000
_UNPACK = "Unpack it, and name the folder instead: brief verify FOLDER."
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Stored:
    """The files of an edition, and the pages among them as trees.

    `place` is what a message puts before the name of a file; `odd` are files that are no files (links, pipes), each
    with a sentence that says so.
    """

    place: str
    paths: Mapping[str, Path] = field(default_factory=dict)
    held: Mapping[str, bytes] = field(default_factory=dict)
    odd: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """Every file, odd ones included."""
        return {*self.paths, *self.held, *self.odd}

    def size_and_digest(self, name: str, wanted: int) -> tuple[int, str]:
        """Size and SHA-256 of a file; the digest is empty where the size is not the wanted one."""
        if name in self.held:
            return len(self.held[name]), manifest.digest(self.held[name])
        size = self.paths[name].stat().st_size
        if size != wanted:
            return size, ""
        total = hashlib.sha256()
        with self.paths[name].open("rb") as content:
            while part := content.read(_CHUNK):
                total.update(part)
        return size, total.hexdigest()

    def read(self, name: str) -> bytes | None:
        """The bytes of a file; None where it is not there. Raises `BriefError` for one that is too large to be read."""
        if name in self.held:
            return self.held[name]
        if name not in self.paths:
            return None
        with self.paths[name].open("rb") as content:
            read = content.read(MOST_READ + 1)
        if len(read) > MOST_READ:
            raise fail(f"the file has more than {MOST_READ:,} bytes", "No brief has such a file.", self.named(name))
        return read

    def named(self, name: str) -> str:
        """A file as a message names it."""
        return f"{self.place}{name}"

    def text(self, name: str) -> str | None:
        """The text of a file; None where it is not there. Raises `BriefError` for what is no UTF-8."""
        content = self.read(name)
        try:
            return content.decode("utf-8") if content is not None else None
        except UnicodeDecodeError:
            raise fail(
                "the file is not in UTF-8", "Take the file from the publisher again.", self.named(name)
            ) from None

    def json(self, name: str) -> Any:
        """A file of JSON as plain data; None where it is not there. Raises `BriefError` for what is none."""
        text = self.text(name)
        if text is None:
            return None
        try:
            if sum(text.count(sign) for sign in "[{,") > MOST_VALUES:
                raise ValueError(f"it holds more than {MOST_VALUES:,} values")
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            what = f"this is no JSON that can be read: {str(error)[:80]}"
            raise fail(what, "Take the file from the publisher again.", self.named(name)) from None

    @cached_property
    def has_pages(self) -> bool:
        """Whether the edition has pages at its root, be they readable or not."""
        return any(_is_page(name) for name in self.names)

    @property
    def pages(self) -> dict[str, Element]:
        """The pages at the root of the edition by their names, as trees; `unreadable` tells of the others."""
        return self._read_pages[0]

    @property
    def unreadable(self) -> list[Fault]:
        """A finding for each page that cannot be read: nothing that stands on it was compared."""
        return self._read_pages[1]

    @cached_property
    def _read_pages(self) -> tuple[dict[str, Element], list[Fault]]:
        pages: dict[str, Element] = {}
        wrong: list[Fault] = []
        for name in sorted(filter(_is_page, self.names - set(self.odd))):
            try:
                pages[name] = _tree(self.text(name) or "")
            except BriefError as error:
                wrong += error.faults
            except (etree.LxmlError, ValueError) as error:
                what = f"the page cannot be read: {str(error)[:80]}"
                wrong.append(fault(self.named(name), what, "Take the file from the publisher again."))
        return pages, wrong


def _is_page(name: str) -> bool:
    return name.endswith(".html") and "/" not in name


def _tree(text: str) -> Element:
    """A page as the tree that a browser makes of it."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    return html.document_fromstring(text.encode("utf-8"), parser=parser)


def of_folder(folder: Path, place: str = "") -> Stored:
    """The edition in a folder. Raises `BriefError` for a folder with more files than a manifest can name."""
    paths, odd = {}, {}
    try:
        listed = list(manifest.paths(folder))
    except ValueError as error:
        raise fail(str(error), "Name the folder of a brief.", place or folder.name) from None
    for name, path in listed:
        what = "this is a link" if path.is_symlink() else no_file(path)
        if what is None:
            paths[name] = path
        else:
            odd[name] = what
    for name in (manifest.NAME, manifest.SIGNATURE):
        own = folder / name
        if own.is_symlink() or (own.exists() and no_file(own)):
            odd[name] = "this is a link or no file"
        elif own.is_file():
            paths[name] = own
    return Stored(place, paths, {}, odd)


def of_archive(path: Path) -> Stored:
    """The edition in a ZIP archive, at its root or in its only folder. Raises `BriefError` for what is no archive."""
    held = archives.read(path, "a ZIP archive", _is_of_edition, MOST_UNPACKED, _UNPACK)
    # A file at the root is in no folder, also where it is the only one.
    tops = {name.partition("/")[0] if "/" in name else "" for name in held}
    if len(tops) == 1 and "" not in tops:
        held = {name.partition("/")[2]: content for name, content in held.items()}
    return Stored("", {}, {name: content for name, content in held.items() if name.partition("/")[0] not in _NOT})


_NOT = manifest.NOT_OF_THE_EDITION


def _is_of_edition(name: str) -> bool:
    """Whether a file of an archive counts: its earlier editions and what file managers add are not even unpacked."""
    parts = name.split("/")
    return not {*parts} & {*manifest.OF_FILE_MANAGERS} and "editions" not in parts[:2]


def within(stored: Stored, name: str) -> dict[str, bytes]:
    """The files of an archive of the edition, none where it is not there. Raises `BriefError` for no archive."""
    content = stored.read(name)
    if content is None:
        return {}
    return archives.read_bytes(content, name, "a ZIP archive", MOST_UNPACKED, "No brief has such an archive.")


def fault(place: str, what: str, remedy: str) -> Fault:
    """A finding: where it is, what differs, what follows from it."""
    return Fault(what, remedy, place)


def squeezed(element: Element) -> str:
    """The words of an element, one space between them."""
    return " ".join("".join(element.itertext()).split())


def at(page: str, anchor: str) -> str:
    """A place on a page: the page alone where nothing near it has an anchor."""
    return f"{page}#{anchor}" if anchor else page


def near(element: Element) -> str:
    """The anchor of an element, or of the nearest one around it that has one; empty where none has."""
    above = element
    while above is not None and not above.get("id"):
        above = above.getparent()
    return str(above.get("id")) if above is not None else ""
