"""The text of the PDFs, read with nothing but zlib, beside the prose of the pages.

Read are PDFs as this program writes them: objects in the open, fonts with a map to Unicode (ISO 32000-1, 7.3, 9.4).
Of any other nothing is said.
"""

from __future__ import annotations

import difflib
import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import islice, repeat

from brief.errors import Fault
from brief.figures.drawing.signs import in_fonts
from brief.site.verifying.facts import letters
from brief.site.verifying.stored import Element, Stored, at, fault, near

#: What reading one PDF may cost: bytes unpacked and looked through, signs taken out, steps of its maps of codes.
_MOST, _STEP = 40_000_000, 40
_MARK = "\0"
#: What a PDF has for a sign that cannot be set, and the signs of a page for which it has that.
_UNREADABLE, _NOT_SET = "\ufffd", re.compile("[\ufffd\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
#: Prose, without the notes in the margin; and the words of a figure, which paper has as its alternative text.
_PARAGRAPHS = (
    "//main//p[not(@class)][not(ancestor::*[contains(@class, 'notes') or contains(@class, 'exhibit__more')"
    " or contains(@class, 'reuse')])]"
)
#: The end of the name of the PDF that has all chapters.
_WHOLE = "-full.pdf"
#: What no brief has more of: signs of a paragraph that is compared sign by sign, and paragraphs.
_LONGEST, _MOST_PARAGRAPHS = 20_000, 20_000
_FEWEST, _ENDS, _ALIKE = 60, 24, 0.8
_OBJECT = re.compile(rb"(?:\A|[\r\n])(\d{1,7}) 0 obj\b")
_TOKEN = re.compile(
    # Each begins with a sign of its own, so that what lies between is passed over quickly.
    rb"/(?:ActualText|Alt|Lang|E)\s*(?:\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f]*>)|/Artifact\b"
    rb"|B(?<!\wB)(?:DC|MC)\b|E(?<!\wE)MC\b"
    rb"|/([A-Za-z0-9]+)\s+[\d.]+\s+Tf"
    rb"|\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*)\)|<([0-9A-Fa-f\s]+)>"
    # After a string without an end, a bracket that is escaped begins no other.
    rb"|\\.",
    re.DOTALL,
)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
_PAIR = re.compile(rb"<([0-9A-Fa-f]{1,8})>\s*<([0-9A-Fa-f]{1,1024})>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]{1,8})>\s*<([0-9A-Fa-f]{1,8})>\s*<([0-9A-Fa-f]{1,8})>")


class _Font:
    """A font of a PDF: the sign of each code, and what its strings say; the same few are drawn again and again."""

    def __init__(self, codes: dict[int, str]) -> None:
        self._codes = codes
        self._known: dict[bytes, str] = {}

    def drawn(self, string: re.Match[bytes]) -> str:
        """What a string of a page says."""
        whole = string[0]
        if whole not in self._known:
            codes = _unescaped(string[2]) if string[2] is not None else _hex(string[3])
            signs = struct.unpack_from(f">{len(codes) // 2}H", codes)
            self._known[whole] = "".join(map(self._codes.get, signs, repeat("")))
        return self._known[whole]


class _Pdf:
    def __init__(self, content: bytes) -> None:
        self.heads: dict[int, bytes] = {}
        self.streams: dict[int, bytes] = {}
        self.maps: dict[int, _Font] = {}
        self.left = _MOST
        at, end = 0, -1
        while match := _OBJECT.search(content, at):
            # Each search ends where the object does, and an end is looked for once: a file is gone through once.
            if end < match.end():
                end = content.find(b"endobj", match.end())
            if end < 0:
                break
            stream = content.find(b"stream", match.end(), end)
            head_end = stream if stream >= 0 else end
            number, head = int(match[1]), content[match.end() : head_end]
            self.heads[number], at = head, end
            if head_end == stream:
                length = re.search(rb"/Length (\d{1,9})(?! \d)", head)
                start = stream + len(b"stream")
                start += 2 if content[start : start + 2] == b"\r\n" else 1
                at = start + int(length[1]) if length else end
                if b"/FlateDecode" in head and b"/FontFile" not in head:
                    try:
                        self.streams[number] = zlib.decompressobj().decompress(content[start:at], self.left)
                    except zlib.error:
                        continue
                    self._spend(len(self.streams[number]))

    def _spend(self, cost: int) -> None:
        """Count what was read. Raises `ValueError` where a PDF costs more than any brief's."""
        self.left -= cost
        if self.left <= 0:
            raise ValueError("unpacked it is too large")

    def _refs(self, head: bytes, key: bytes) -> list[int]:
        self._spend(len(head))
        entry = re.search(rb"/" + key + rb"\s*(\[[^\[\]]*\]|\d+ 0 R)", head)
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

    def fonts(self, page: int) -> dict[bytes, _Font]:
        parts = [self.heads[page]]
        for number in self._refs(parts[0], b"Resources"):
            parts.append(self.heads.get(number, b""))
            self._spend(len(parts[-1]))
        listed = re.search(rb"/Font\s*<<([^<>]*)>>", b"".join(parts))
        named = {}
        for name, number in re.findall(rb"/([A-Za-z0-9]+) (\d+) 0 R", listed[1]) if listed else ():
            for unicode in self._refs(self.heads.get(int(number), b""), b"ToUnicode"):
                if unicode not in self.maps:
                    self.maps[unicode] = _Font(self._map(self.streams.get(unicode, b"")))
                named[name] = self.maps[unicode]
        return named

    def text(self, page: int) -> tuple[str, str]:
        """The words of a page, and those at its head and foot."""
        fonts, out, running, font = self.fonts(page), list[str](), list[str](), (none := _Font({}))
        left_out: list[bool] = []
        hidden = 0
        artifact = False
        # A page may name a stream many times: all that it names is counted before any of it is read.
        streams = [self.streams.get(number, b"") for number in self._refs(self.heads[page], b"Contents")]
        self._spend(sum(map(len, streams)))
        for stream in streams:
            for token in _TOKEN.finditer(stream):
                whole = token[0]
                if whole == b"/Artifact":
                    artifact = True
                elif whole in (b"BDC", b"BMC"):
                    left_out.append(artifact)
                    hidden += artifact
                    artifact = False
                elif whole == b"EMC":
                    hidden -= left_out.pop() if left_out else 0
                elif token[1] is not None:
                    font = fonts.get(token[1], none)
                elif not whole.startswith((b"/", b"\\")):
                    drawn = font.drawn(token)
                    (running if hidden else out).append(drawn)
                    self._spend(len(drawn))
        return "".join(out), "".join(running)

    def _map(self, cmap: bytes) -> dict[int, str]:
        codes: dict[int, str] = {}
        for block in _blocks(cmap, b"bfchar"):
            for code, text in _PAIR.findall(block):
                self._spend(_STEP)
                codes[int(code, 16)] = _hex(text).decode("utf-16-be", "replace")
        for block in _blocks(cmap, b"bfrange"):
            for first, last, text in _RANGE.findall(block):
                start, sign = int(first, 16), int(text, 16)
                # Every step counts, also one that gives a code that is known: a map may name a range again and again.
                for place in range(int(last, 16) - start + 1):
                    self._spend(_STEP)
                    codes[start + place] = chr((sign + place) % 0x110000)
        return codes


def _blocks(cmap: bytes, kind: bytes) -> Iterator[bytes]:
    """The parts of a map of codes between the two words of a kind."""
    for part in cmap.split(b"begin" + kind)[1:]:
        block, ends, _ = part.partition(b"end" + kind)
        if ends:
            yield block


def _hex(digits: bytes) -> bytes:
    plain = b"".join(digits.split())
    return bytes.fromhex(plain[: len(plain) // 2 * 2].decode("ascii"))


def _unescaped(text: bytes) -> bytes:
    if b"\\" not in text:
        return text
    parts = _ESCAPE.split(text)  # what is escaped stands at every other place
    parts[1::2] = map(_sign, parts[1::2])
    return b"".join(parts)


@cache
def _sign(body: bytes) -> bytes:
    """What stands behind a backslash, one of a few hundred, as the byte that it means."""
    return bytes([int(body, 8) & 255]) if body[:1].isdigit() and body[:1] < b"8" else _ESCAPED.get(body, body)


@lru_cache(maxsize=8)  # several checks read the same paper, and reading it takes longer than all else
def pages_of(content: bytes) -> tuple[tuple[str, str], ...]:
    """The words of each page of a PDF in the order they are drawn, and apart from them those at its head and foot.

    Raises `ValueError` for a PDF that is not written as this program writes one.
    """
    pdf = _Pdf(content)
    texts = tuple(pdf.text(page) for page in pdf.pages())
    if not any(text.strip() for text, _ in texts):
        raise ValueError("no text in it can be read")
    return texts


def text_of(content: bytes) -> tuple[str, ...]:
    """The words of a PDF, a text a page, without its heads and feet. Raises `ValueError` as `pages_of`."""
    return tuple(text for text, _ in pages_of(content))


def passages(stored: Stored) -> Iterator[tuple[str, str]]:
    """Each longer paragraph of prose with its place, as letters and digits."""
    for page, tree in stored.pages.items():
        for paragraph in tree.xpath(_PARAGRAPHS):
            # A paper names its sources in another way.
            for words in map(_printable, _with_marks(paragraph).split(_MARK)):
                if len(words) >= _FEWEST:
                    yield stored.named(at(page, near(paragraph))), words


def _printable(text: str) -> str:
    """The letters and digits of a text that the fonts of a PDF have: squares stand for the others."""
    row = letters(text)
    return row.translate({ord(sign): None for sign in set(row) if not in_fonts(sign)})


def _with_marks(paragraph: Element) -> str:
    """The text of a paragraph with a mark in the place of what a paper has in other words."""
    left_out = paragraph.xpath(".//*[contains(@class, 'bibtex-citation') or contains(@class, 'headerlink')]")
    inner = {descendant for element in left_out for descendant in element.iter()}
    words = []
    for text in paragraph.xpath(".//text()"):
        holder = text.getparent().getparent() if text.is_tail else text.getparent()
        words.append(_MARK if holder in inner else str(text))
    return "".join(words)


def faults_of_papers(stored: Stored, pages: Iterable[str]) -> tuple[dict[str, int], list[str], list[Fault]]:
    """How many paragraphs stand in each PDF, which PDFs cannot be read, which paragraphs stand there otherwise.

    In: the edition, and its pages that are chapters: the PDF of all chapters has each of their paragraphs. A paragraph
    that begins or ends in a PDF as on its page, and is another in between, was changed on one of the two.
    """
    counted: dict[str, int] = {}
    chapters = {stored.named(page) for page in pages}
    unread, wrong = [], []
    every = sorted(set(islice(passages(stored), _MOST_PARAGRAPHS)))
    clean = not any(_NOT_SET.search((stored.read(page) or b"").decode("utf-8", "replace")) for page in stored.pages)
    for name in sorted(name for name in stored.names if name.endswith(".pdf") and name not in stored.odd):
        try:
            text = "".join(text_of(stored.read(name) or b""))
            whole = _printable(text)
        except ValueError as error:
            # A PDF of the build is at the root and can be read; others belong to a chapter.
            if "/" in name:
                unread.append(f"{name} ({error})")
            else:
                what = f"the PDF cannot be read: {error}"
                wrong.append(fault(stored.named(name), what, "It was changed. Take the file from the publisher again."))
            continue
        if _UNREADABLE in text and clean:
            what = "the PDF has a sign that stands for one that could not be set, and no page has such a sign"
            wrong.append(fault(stored.named(name), what, "Build the site again with a newer program."))
        counted[name] = 0
        for place, words in every:
            if words in whole:
                counted[name] += 1
            elif (difference := _otherwise(words, whole)) is not None:
                wrong.append(
                    fault(place, f"{name} says it otherwise: “{difference}”", "The page or the PDF was changed.")
                )
            elif name.endswith(_WHOLE) and place.partition("#")[0] in chapters:
                what = f"{name} has no such paragraph: “{words[:60]}”"
                wrong.append(fault(place, what, "It was put in, or taken out of the PDF."))
        if every and not counted[name] and name.endswith(_WHOLE):
            wrong.append(fault(stored.named(name), "no paragraph of the pages stands in it", "It is another PDF."))
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
