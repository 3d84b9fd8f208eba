"""The text of the PDFs, read with nothing but zlib, beside the prose of the pages.

Read are PDFs as this program writes them: objects in the open, fonts with a map to Unicode (ISO 32000-1, 7.3, 9.4).
Of any other nothing is said.
"""

from __future__ import annotations

import difflib
import re
import zlib
from collections.abc import Iterator
from itertools import islice

from brief.errors import Fault
from brief.site.verifying.facts import letters
from brief.site.verifying.stored import Element, Stored, fault

_MOST = 40_000_000
_MARK = "\0"
#: What no brief has more of: signs of a paragraph that is compared sign by sign, paragraphs, codes and bytes of a font.
_LONGEST, _MOST_PARAGRAPHS, _MOST_CODES, _LONGEST_MAP = 20_000, 20_000, 65_536, 1_000_000
_FEWEST, _ENDS, _ALIKE = 60, 24, 0.8
_OBJECT = re.compile(rb"(?:\A|[\r\n])(\d{1,7}) 0 obj\b")
_TOKEN = re.compile(
    rb"/(?:ActualText|Alt|Lang|E)\s*(?:\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f]*>)|/Artifact\b|\b(?:BDC|BMC|EMC)\b"
    rb"|/([A-Za-z0-9]+)\s+[\d.]+\s+Tf"
    rb"|\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*)\)|<([0-9A-Fa-f\s]+)>",
    re.DOTALL,
)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


class _Pdf:
    def __init__(self, content: bytes) -> None:
        self.heads: dict[int, bytes] = {}
        self.streams: dict[int, bytes] = {}
        self.maps: dict[int, dict[int, str]] = {}
        at, left = 0, _MOST
        while match := _OBJECT.search(content, at):
            end, stream = content.find(b"endobj", match.end()), content.find(b"stream", match.end())
            if end < 0:
                break
            head_end = stream if 0 <= stream < end else end
            number, head = int(match[1]), content[match.end() : head_end]
            self.heads[number], at = head, end
            if head_end == stream:
                length = re.search(rb"/Length (\d{1,9})(?! \d)", head)
                start = stream + len(b"stream")
                start += 2 if content[start : start + 2] == b"\r\n" else 1
                at = start + int(length[1]) if length else end
                if b"/FlateDecode" in head and b"/FontFile" not in head:
                    try:
                        self.streams[number] = zlib.decompressobj().decompress(content[start:at], left)
                    except zlib.error:
                        continue
                    left -= len(self.streams[number])
                    if left <= 0:
                        raise ValueError("unpacked it is too large")

    def _refs(self, head: bytes, key: bytes) -> list[int]:
        entry = re.search(rb"/" + key + rb"\s*(\[[^\]]*\]|\d+ 0 R)", head)
        return [int(number) for number in re.findall(rb"(\d+) 0 R", entry[1])] if entry else []

    def pages(self) -> list[int]:
        roots = [n for number, head in self.heads.items() if b"/Catalog" in head for n in self._refs(head, b"Pages")]
        numbers: list[int] = []
        waiting, known = roots[::-1], set()
        while waiting:
            number = waiting.pop()
            if number in known:
                continue
            known.add(number)
            head = self.heads.get(number, b"")
            kids = self._refs(head, b"Kids")
            waiting += kids[::-1]
            if not kids and b"/Contents" in head:
                numbers.append(number)
        return numbers

    def fonts(self, page: int) -> dict[bytes, dict[int, str]]:
        head = self.heads[page]
        resources = head + b"".join(self.heads.get(number, b"") for number in self._refs(head, b"Resources"))
        listed = re.search(rb"/Font\s*<<(.*?)>>", resources, re.DOTALL)
        named = {}
        for name, number in re.findall(rb"/([A-Za-z0-9]+) (\d+) 0 R", listed[1]) if listed else ():
            for unicode in self._refs(self.heads.get(int(number), b""), b"ToUnicode"):
                if unicode not in self.maps:
                    self.maps[unicode] = _map(self.streams.get(unicode, b""))
                named[name] = self.maps[unicode]
        return named

    def text(self, page: int) -> str:
        maps, out, font = self.fonts(page), [], {}
        left_out: list[bool] = []
        artifact = False
        for number in self._refs(self.heads[page], b"Contents"):
            for token in _TOKEN.finditer(self.streams.get(number, b"")):
                whole = token[0]
                if whole == b"/Artifact":
                    artifact = True
                elif whole in (b"BDC", b"BMC"):
                    left_out.append(artifact)
                    artifact = False
                elif whole == b"EMC":
                    del left_out[-1:]
                elif token[1] is not None:
                    font = maps.get(token[1], {})
                elif not any(left_out) and not whole.startswith(b"/"):
                    codes = _unescaped(token[2]) if token[2] is not None else _hex(token[3])
                    out.append(
                        "".join(font.get(codes[at] << 8 | codes[at + 1], "") for at in range(0, len(codes) - 1, 2))
                    )
        return "".join(out)


def _hex(digits: bytes) -> bytes:
    plain = b"".join(digits.split())
    return bytes.fromhex(plain[: len(plain) // 2 * 2].decode("ascii"))


def _unescaped(text: bytes) -> bytes:
    def sign(match: re.Match[bytes]) -> bytes:
        body = match[1]
        return bytes([int(body, 8) & 255]) if body[:1].isdigit() and body[:1] < b"8" else _ESCAPED.get(body, body)

    return _ESCAPE.sub(sign, text)


def _map(cmap: bytes) -> dict[int, str]:
    codes: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, text in _PAIR.findall(block):
            codes[int(code, 16)] = _hex(text).decode("utf-16-be", "replace")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap[:_LONGEST_MAP], re.DOTALL):
        for first, last, text in _RANGE.findall(block):
            start, left = int(first, 16), _MOST_CODES - len(codes)
            for place in range(min(int(last, 16) - start + 1, left)):
                codes[start + place] = chr((int(text, 16) + place) % 0x110000)
    return codes


def text_of(content: bytes) -> list[str]:
    """The words of a PDF, a text a page, in the order they are drawn; running heads left out.

    Raises `ValueError` for a PDF that is not written as this program writes one.
    """
    pdf = _Pdf(content)
    texts = [pdf.text(page) for page in pdf.pages()]
    if not any(text.strip() for text in texts):
        raise ValueError("no text in it can be read")
    return texts


def passages(stored: Stored) -> Iterator[tuple[str, str]]:
    """Each longer paragraph of prose with its place, as letters and digits."""
    for page, tree in stored.pages.items():
        for paragraph in tree.xpath("//main//p[not(@class)][not(ancestor::*[contains(@class, 'notes')])]"):
            above = paragraph
            while not above.get("id") and above.getparent() is not None:
                above = above.getparent()
            # A paper names its sources in another way.
            for words in map(letters, _with_marks(paragraph).split(_MARK)):
                if len(words) >= _FEWEST:
                    yield stored.named(f"{page}#{above.get('id') or ''}"), words


def _with_marks(paragraph: Element) -> str:
    """The text of a paragraph with a mark in the place of what a paper has in other words."""
    left_out = paragraph.xpath(".//*[contains(@class, 'bibtex-citation') or contains(@class, 'headerlink')]")
    inner = {descendant for element in left_out for descendant in element.iter()}
    words = []
    for text in paragraph.xpath(".//text()"):
        holder = text.getparent().getparent() if text.is_tail else text.getparent()
        words.append(_MARK if holder in inner else str(text))
    return "".join(words)


def faults_of_papers(stored: Stored) -> tuple[dict[str, int], list[str], list[Fault]]:
    """How many paragraphs stand in each PDF, which PDFs cannot be read, which paragraphs stand there otherwise.

    A paragraph that begins or ends in a PDF as on its page, and is another in between, was changed on one of the two.
    """
    counted: dict[str, int] = {}
    unread, wrong = [], []
    every = sorted(set(islice(passages(stored), _MOST_PARAGRAPHS)))
    for name in sorted(name for name in stored.names if name.endswith(".pdf") and name not in stored.odd):
        try:
            whole = letters("".join(text_of(stored.read(name) or b"")))
        except ValueError as error:
            unread.append(f"{name} ({error})")
            continue
        counted[name] = 0
        for place, words in every:
            if words in whole:
                counted[name] += 1
            elif (difference := _otherwise(words, whole)) is not None:
                wrong.append(
                    fault(place, f"{name} says it otherwise: “{difference}”", "The page or the PDF was changed.")
                )
    return counted, unread, wrong


def _otherwise(words: str, whole: str) -> str | None:
    """What a PDF has in the place of a paragraph; None where it has nothing that is nearly the paragraph."""
    begins = whole.find(words[:_ENDS])
    if begins < 0:
        # Changed in its first words, perhaps: then the end stands there.
        ends = whole.find(words[-_ENDS:])
        begins = ends + _ENDS - len(words) if ends >= 0 else -1
    if begins < 0 or len(words) > _LONGEST:
        return None
    there = whole[begins : begins + len(words)]
    if difflib.SequenceMatcher(None, words, there, autojunk=False).ratio() < _ALIKE:
        return None
    at = next((at for at, (word, other) in enumerate(zip(words, there, strict=False)) if word != other), 0)
    return there[max(0, at - 30) : at + 30]
