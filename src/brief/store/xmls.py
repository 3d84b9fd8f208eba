"""XML of strangers, read without trust: no document type, no entities of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from brief.errors import fail
from brief.store.opening import content_of, decoded_head

_ILLEGAL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(x?)([0-9A-Fa-f]{1,6});")
_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)([^>]*)", re.DOTALL)


def root_tag(head: bytes) -> tuple[str, str]:
    """The name of the first element and its attributes, from the first bytes of a file; empty where it is no XML."""
    text = decoded_head(head).lstrip("\ufeff \t\r\n")
    if not text.startswith("<"):
        return "", ""
    match = _ROOT.search(re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))
    return (match[1], match[2]) if match else ("", "")


def read(path: Path) -> tuple[Element, tuple[str, ...]]:
    """The tree of a file, and what was done to read it, in words. Raises `BriefError` with the line where it is no XML,
    and for a document type, with which come entities that grow without end or name files of this machine.
    """
    common, reader = import_module("defusedxml.common"), import_module("defusedxml.ElementTree")

    content = content_of(path).lstrip(b"\xef\xbb\xbf \t\r\n")
    messages: tuple[str, ...] = ()
    try:
        try:
            return reader.fromstring(content, forbid_dtd=True), messages
        except ParseError:
            # Some platforms write control characters that XML forbids; nothing else is repaired.
            repaired = _without_controls(content)
            if repaired == content:
                raise
            tree = reader.fromstring(repaired, forbid_dtd=True)
            return tree, ("Control characters, which no XML may hold, were taken out.",)
    except common.DefusedXmlException:
        what = "it declares a document type, which no such export needs"
        raise fail(what, "Export it anew.", path.name) from None
    except ParseError as error:
        what, remedy = f"this XML cannot be read: {error}", "Export it anew; it may have been cut off."
        raise fail(what, remedy, path.name) from None
    except (LookupError, ValueError) as error:
        raise fail(f"this XML cannot be read: {error}", "Export it anew.", path.name) from None


def _without_controls(content: bytes) -> bytes:
    """The bytes without control characters, and without references to them; UTF-16 is left as it is."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content

    def kept(reference: re.Match[bytes]) -> bytes:
        if reference[2] is None:
            return b""
        number = int(reference[2], 16 if reference[1] else 10) if reference[1] or reference[2].isdigit() else 32
        return b"" if number < 32 and number not in (9, 10, 13) else reference[0]

    return _ILLEGAL.sub(kept, content)


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rsplit("}", 1)[-1]


def children(element: Element, name: str) -> Iterator[Element]:
    """The children of a name, in any namespace."""
    return (child for child in element if local(child) == name)


def child(element: Element, name: str) -> Element | None:
    """The first child of a name."""
    return next(children(element, name), None)


def text(element: Element | None, *names: str) -> str:
    """The text of a descendant, a name a step; empty where it is not there."""
    for name in names:
        element = child(element, name) if element is not None else None
    return "".join(element.itertext()).strip() if element is not None else ""


def attribute(element: Element | None, name: str) -> str:
    """An attribute, in any namespace."""
    there = element.attrib if element is not None else {}
    return next((value.strip() for key, value in there.items() if key.rsplit("}", 1)[-1] == name), "")
