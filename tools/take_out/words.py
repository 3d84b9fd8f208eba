"""Words in the texts of files: where they stand, and the file without them."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

MARK = "[withdrawn]"
#: So many words in a row are somebody's words; fewer are anybody's.
_LEAST, _FEW = 6, 3
_WORD = re.compile(r"[^\W_]+")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_CELL = re.compile(r'"(?:[^"]|"")*"|[^,\r\n"]+')
_MARKUP = re.compile(r"<!--.*?-->|<[^>]*>|[^<]+", re.DOTALL)
_VALUE = re.compile(r"=\s*(\"[^\"]*\"|'[^']*')")
_QUOTING = ("a", "mark", "q", "blockquote", "em")
_LISTS = (".json", ".geojson", ".jsonld")
_PAGES = (".html", ".htm", ".svg", ".xml", ".xhtml")


class Words:
    """What is to be taken out of an edition: the texts of comments, and names that are not to be shown."""

    def __init__(
        self,
        texts: Iterable[str],
        names: Iterable[str],
        shown: Callable[[set[tuple[str, ...]], int], set[tuple[str, ...]]],
    ) -> None:
        self.texts = [tuple(words_of(text)) for text in texts]
        self.whole = {" ".join(words) for words in self.texts}
        self._runs: dict[int, set[tuple[str, ...]]] = {}
        for words, least in [*((text, _LEAST) for text in self.texts), *((tuple(words_of(name)), 2) for name in names)]:
            length = min(least, len(words)) if least == _LEAST else len(words)
            if length >= (_FEW if least == _LEAST else 2):
                runs = {words[at : at + length] for at in range(len(words) - length + 1)}
                # What the site of today shows is said by somebody else as well.
                self._runs.setdefault(length, set()).update(runs - shown(runs, length))

    def ranges(self, stream: list[str], quoting: list[bool]) -> Iterator[tuple[int, int, int, bool]]:
        """The stretches of a stream of texts that hold the words: text, start, end, whether it goes on from before."""
        tokens = [
            (at, match.start(), match.end(), match[0].casefold())
            for at, text in enumerate(stream)
            for match in _words_in(text)
        ]
        plain = [token[3] for token in tokens]
        marked = bytearray(len(tokens))
        for length, runs in self._runs.items():
            for at in range(len(plain) - length + 1):
                if tuple(plain[at : at + length]) in runs:
                    marked[at : at + length] = b"\1" * length
        at = 0
        while at < len(tokens):
            leaf, end = tokens[at][0], at
            while end < len(tokens) and tokens[end][0] == leaf:
                end += 1
            if self._is_piece(plain[at:end], stream[leaf], quoting[leaf]):
                marked[at:end] = b"\1" * (end - at)
            at = end
        for at, (leaf, start, stop, _) in enumerate(tokens):
            if marked[at]:
                goes_on = at > 0 and bool(marked[at - 1])
                yield leaf, start, stop, goes_on

    def _is_piece(self, words: list[str], text: str, quoted: bool) -> bool:
        """Whether a text is the whole of a comment, its beginning cut short, or a quotation of it."""
        joined = " ".join(words)
        if joined in self.whole:
            return True
        clipped = text.rstrip().endswith(("\u2026", "...")) and len(words) > 1
        return any(
            (clipped and tuple(words) == text[: len(words)])
            or (quoted and len(words) > 1 and f" {joined} " in f" {' '.join(text)} ")
            for text in self.texts
        )


def _words_in(text: str) -> Iterator[re.Match[str]]:
    return _WORD.finditer(text)


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return [word.casefold() for word in _WORD.findall(text)]


# Texts of files ------------------------------------------------------------------------------------------------------

_Leaf = tuple[int, int, str, Callable[[str], str], bool]


def _streams(name: str, text: str) -> list[list[_Leaf]]:
    """The texts within a file, in rows that are read on.

    Of each: where it begins and ends, the text, how it is written, whether it is quoted.
    """
    ending = Path(name).suffix.lower()
    if ending in _PAGES:
        return _of_markup(text)
    if ending in _LISTS:
        return _of_json(text)
    if ending == ".csv":
        return [[_cell(match)] for match in _CELL.finditer(text)]
    return [[(0, len(text), text, str, False)]]


def _of_json(text: str, place: int = 0, in_a_page: bool = False) -> list[list[_Leaf]]:
    """The texts of JSON: all values in a row, each key alone."""
    values: list[_Leaf] = []
    keys: list[_Leaf] = []
    for match in _STRING.finditer(text):
        try:
            value = str(json.loads(match[0], strict=False))
        except ValueError:
            continue
        leaf = (place + match.start(), place + match.end(), value, _as_json(match[0], in_a_page), False)
        (keys if text[match.end() : match.end() + 20].lstrip().startswith(":") else values).append(leaf)
    return [values, *([key] for key in keys)]


def _as_json(before: str, in_a_page: bool) -> Callable[[str], str]:
    def written(text: str) -> str:
        new = json.dumps(text, ensure_ascii=before.isascii())
        for sign in "<>&" if in_a_page else "":
            new = new.replace(sign, f"\\u{ord(sign):04x}")
        return new

    return written


def _cell(match: re.Match[str]) -> _Leaf:
    quoted = match[0].startswith('"')
    text = match[0][1:-1].replace('""', '"') if quoted else match[0]
    return (*match.span(), text, (lambda new: '"{}"'.format(new.replace('"', '""'))) if quoted else str, False)


def _of_markup(text: str) -> list[list[_Leaf]]:
    flow: list[_Leaf] = []
    alone: list[list[_Leaf]] = []
    tag = ""
    for match in _MARKUP.finditer(text):
        if tag == "script" and not match[0].startswith("<"):
            alone += _of_json(match[0], match.start(), in_a_page=True)
        elif not match[0].startswith("<"):
            flow.append(
                (*match.span(), html.unescape(match[0]), lambda new: html.escape(new, quote=False), tag in _QUOTING)
            )
        elif match[0].startswith("<!--"):
            alone.append([(*match.span(), match[0], str, False)])
        else:
            tag = re.match(r"</?\s*([\w-]*)", match[0])[1].lower()  # type: ignore[index]
            for value in _VALUE.finditer(match[0]):
                start, end = match.start() + value.start(1) + 1, match.start() + value.end(1) - 1
                alone.append([(start, end, html.unescape(value[1][1:-1]), html.escape, False)])
    return [flow, *alone]


def without(name: str, text: str, words: Words) -> str:
    """The text of a file with the words taken out; as it is where they do not stand in it."""
    edits: list[tuple[int, int, str]] = []
    for stream in _streams(name, text):
        texts = [leaf[2] for leaf in stream]
        cuts: dict[int, list[tuple[int, int, str]]] = {}
        for leaf, start, end, goes_on in words.ranges(texts, [leaf[4] for leaf in stream]):
            before = cuts.setdefault(leaf, [])
            if goes_on and before:
                before[-1] = (before[-1][0], end, before[-1][2])
            else:
                before.append((start, end, "" if goes_on else MARK))
        for leaf, ranges in cuts.items():
            new, at = "", 0
            for start, end, mark in ranges:
                while end < len(texts[leaf]) and texts[leaf][end] in ".,;:!?\u2026\u201d\u2019\"')":
                    end += 1
                new, at = new + texts[leaf][at:start] + mark, end
            edits.append((stream[leaf][0], stream[leaf][1], stream[leaf][3](new + texts[leaf][at:])))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text
