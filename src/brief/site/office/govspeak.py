"""Markdown as GOV.UK's publisher takes it (govspeak): headings from the second level, footnotes, tables, images.

The publisher reads it with kramdown and with extensions of its own, which look for their signs before kramdown sees
them. So what could be such a sign stands as a character reference; a backslash would come too late.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from brief.site.office.handout import Handout, below, caption, text_of
from brief.site.pdf.blocks import Block, Run

NAME = "Markdown for GOV.UK"
ENDINGS = (".md",)

_DEEPEST = 6
#: Signs that mean something wherever they stand.
_ANYWHERE = re.compile(r"""[\\`*_{}\[\]<>|#$"'~^]|&(?=[#\w])|:(?=[\w-]+:)|(?<=[-.])[-.]""")
#: What means something where a line begins: marks of lists, headings, callouts, steps, definitions, images.
_AT_BEGIN = re.compile(r"(?m)^(\s*)([-+=:!%@(]|\d+(?=[.)])|[sx](?=\d*[.\[]))")
_BACKSLASH = re.compile(r"""[\\`*_#"'\]]|\[(?![\^\s]*[\w-]+:|\^)""")
_IN_ADDRESS = re.compile(r"""[\s<>()\[\]{}"'\\`|^$*_~]""")
_ITEM = "    "


def write(handout: Handout) -> bytes:
    """The handout as Markdown. The title is not in it: the publisher has a field of its own for that."""
    writer = _Writer(handout)
    parts = [writer.line([handout.meta["subtitle"]]), writer.line([handout.meta["edition"]])]
    parts += [part for part in writer.blocks(handout.blocks) if part]
    notes = [f"[^{number}]: {writer.line(handout.notes[place], cites=False)}" for place, number in writer.noted.items()]
    return ("\n\n".join([*parts, *notes]) + "\n").encode()


class _Writer:
    def __init__(self, handout: Handout) -> None:
        self.handout = handout
        self.noted: dict[str, int] = {}

    def blocks(self, blocks: Iterable[Block]) -> Iterator[str]:
        """The paragraphs, lists and tables that blocks become."""
        for block in blocks:
            yield from self.block(block)

    def block(self, block: Block) -> Iterator[str]:
        """What one block becomes."""
        kind = block["k"]
        if kind == "h":
            yield f"{'#' * min(block['level'] + 1, _DEEPEST)} {self.line(block['c'])}"
        elif kind == "p":
            yield self.line(block["c"])
        elif kind == "code":
            yield "  \n".join(_begun(escaped(line)) for line in block["text"].split("\n") if line.strip())
        elif kind == "list":
            yield "\n\n".join(self._items(block))
        elif kind == "terms":
            for item in block["items"]:
                yield _strong(self.line(item["t"]))
                yield from self.blocks(item["b"])
        elif kind in ("table", "picture"):
            yield from (_strong(self.line(words)) for words in map(_plain, caption(block)))
            yield from self._table(block) if kind == "table" else self._picture(block)
            yield from (self.line(words) for words in below(block))
        elif kind == "quote":
            yield "\n>\n".join(_led(part, "> ", "> ") for part in self.blocks(block["b"]) if part)
        elif kind != "pagebreak":
            yield from self.blocks(block["b"])

    def _items(self, block: Block) -> Iterator[str]:
        for number, item in enumerate(block["items"], block.get("start", 1)):
            mark = f"{number}." if block["ordered"] else "*"
            parts = [part for part in self.blocks(item["b"]) if part]
            yield _led("\n\n".join(parts), f"{mark:<{len(_ITEM)}}", _ITEM)

    def _table(self, block: Block) -> Iterator[str]:
        head = [self.line(words) for words in block["head"]]
        rows = [[" <br /> ".join(self._cell(cell)) for cell in row] for row in block["rows"]]
        lines = [head, ["---"] * len(head), *rows]
        yield "\n".join("| " + " | ".join(cells) + " |" for cells in lines)

    def _cell(self, cell: Block) -> Iterator[str]:
        """What stands in a cell, in one line: a table holds no lists."""
        for block in cell["b"]:
            if block["k"] in ("list", "terms"):
                for item in block["items"]:
                    yield from [self.line(item["t"]).replace("  \n", " ")] if "t" in item else []
                    yield from self._cell(item)
            elif "c" in block:
                yield self.line(block["c"]).replace("  \n", " ")
            elif "b" in block:
                yield from self._cell(block)
            elif block["k"] == "code":
                yield escaped(" ".join(block["text"].split()))

    def _picture(self, block: Block) -> Iterator[str]:
        # The publisher names an image by its file, which is put in beside the text, and takes its words from the text.
        yield f"[Image: {block['figure']}.png]"
        yield self.line([block["alt"]])

    def line(self, runs: Iterable[Run], cites: bool = True) -> str:
        """Runs as one paragraph; `cites` says whether sources that they name get footnotes."""
        return _begun("".join(self._runs(runs, cites)).strip())

    def _runs(self, runs: Iterable[Run], cites: bool) -> Iterator[str]:
        for run in runs:
            if isinstance(run, str):
                yield escaped(run)
            elif run["k"] == "br":
                yield "  \n"
            elif run["k"] == "image":
                yield escaped(run["alt"])
            else:
                yield from self._part(run, cites)

    def _part(self, run: dict[str, object], cites: bool) -> Iterator[str]:
        inside = "".join(self._runs(run.get("c", []), cites))  # type: ignore[arg-type]
        mark = {"strong": "**", "em": "*"}.get(str(run["k"]), "")
        if mark and inside.strip() and mark[0] not in inside.replace(r"\*", ""):
            before, after = inside[: -len(inside.lstrip())], inside[len(inside.rstrip()) :]
            yield f"{before}{mark}{inside.strip()}{mark}{after}"
        elif "url" in run and inside.strip():
            yield f"[{inside}]({_address(str(run['url']))})"
        else:
            yield inside
        place = str(run.get("to", ""))
        if cites and place in self.handout.notes:
            yield f"[^{self.noted.setdefault(place, len(self.noted) + 1)}]"


def escaped(text: str) -> str:
    """A text in which no sign is Markdown, of kramdown or of the publisher."""
    return _ANYWHERE.sub(_escape, text)


def _escape(sign: re.Match[str]) -> str:
    plain = _BACKSLASH.match(sign.string, sign.start())
    return f"\\{sign[0]}" if plain else f"&#{ord(sign[0])};"


def _begun(text: str) -> str:
    """A paragraph none of whose lines begins with a mark of a list, a heading or an extension."""

    def kept(mark: re.Match[str]) -> str:
        return f"{mark[1]}&#{ord(mark[2][0])};{mark[2][1:]}"

    return _AT_BEGIN.sub(kept, text)


def _address(url: str) -> str:
    return _IN_ADDRESS.sub(lambda sign: "".join(f"%{byte:02X}" for byte in sign[0].encode()), url)


def _plain(runs: list[Run]) -> list[Run]:
    return [text_of(runs)]


def _strong(line: str) -> str:
    return f"**{line}**" if "*" not in line.replace(r"\*", "") else line


def _led(text: str, first: str, rest: str) -> str:
    """A text with `first` before its first line and `rest` before each of the others that is not empty."""
    lines = text.split("\n")
    led = [
        (rest + line if line or rest.strip() else "").rstrip(" ") if number else first + line
        for number, line in enumerate(lines)
    ]
    return "\n".join(led)
