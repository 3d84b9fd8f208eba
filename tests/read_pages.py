"""The text of a chapter as a reader meets it, without a build: prose, the sentences that hold, figures and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from markdown_it.token import Token

from brief import figures
from brief.book.chapters import _DIRECTIVE, _exhibits, _options, _parser, alternatives
from brief.book.contents import Book
from brief.figures import Figure, Table
from brief.findings.facts import Fact, values
from brief.findings.findings import Findings
from brief.prose.conditions import parse
from brief.prose.language import opens_sentence
from brief.prose.mentions import ROLES, parse_mention

#: Directives whose body is prose.
_PROSE = ("cover", "key-messages", "margin", "fold", "when", "otherwise")


class Reader:
    """Reads chapters of a book with the facts and findings of a brief; what has no data is not shown."""

    def __init__(self, book: Book, facts: Mapping[str, Fact], findings: Findings | None) -> None:
        self.book, self.facts, self.findings = book, facts, findings
        self.given = values(facts)

    def paragraphs(self, docname: str) -> list[str]:
        """What a page says: a heading, a paragraph, an item of a list, or a string of a figure or table each."""
        chapter = self.book.chapters[docname]
        return [chapter.question, *self._of(chapter.text, Path(chapter.file).parent)]

    def codes(self, docname: str) -> list[str]:
        """What a page prints in the font of code."""
        found: list[str] = []
        for one in self.book.whole(docname):
            for token in _parser().parse(one.text):
                children = token.children or [] if token.type == "inline" else []
                found += [child.content for child in children if child.type == "code_inline"]
        return found

    def _of(self, text: str, folder: Path) -> Iterator[str]:
        tokens = _parser().parse(text)
        for token in tokens:
            if token.type == "inline":
                yield self._inline(token.children or [])
            elif token.type in ("fence", "colon_fence") and (match := _DIRECTIVE.match(token.info.strip())):
                yield from self._directive(match["name"], match["argument"].strip(), token, folder)

    def _directive(self, name: str, argument: str, token: Token, folder: Path) -> Iterator[str]:
        options, body, _ = _options(token.content)
        if name == "include":
            yield from self._of(self.book.parts[(folder / argument).as_posix()].text, folder)
        elif name == "statement":
            holding = [
                part
                for condition, part, _ in alternatives(options, body)
                if condition is None or parse(condition).holds(self.given)
            ]
            if holding and holding[0].strip():
                yield from [options["heading"]] if "heading" in options else []
                yield from self._of(holding[0], folder)
        elif name == "code-cell":
            yield from self._exhibits(token.content)
        elif name in _PROSE:
            yield from [argument] if name == "fold" else []
            yield from self._of(body, folder)

    def _exhibits(self, code: str) -> Iterator[str]:
        import ast

        for kind, name, _ in _exhibits(ast.parse(code)):
            if self.findings is None:
                continue
            modules = self.findings.brief.topic.modules
            makers = figures.figures(modules) if kind == "figure" else figures.tables(modules)
            made = makers[name](self.findings, self.facts)
            if isinstance(made, Figure):
                yield from (made.headline, made.note)
            elif isinstance(made, Table):
                yield from (made.caption, made.note)

    def _inline(self, children: list[Token]) -> str:
        text = ""
        for child in children:
            if child.type in ("text", "code_inline"):
                text += child.content
            elif child.type in ("softbreak", "hardbreak"):
                text += " "
            elif child.type == "myst_role":
                name, body = child.meta["name"], child.content
                if name in ROLES:
                    text += parse_mention(name, body).text(self.facts, opens=opens_sentence(text))
                elif name == "quote":
                    text += "\u201c" + body.split("|", 1)[1].strip() + "\u201d"
                elif name in ("figure", "table"):
                    text += f"{name.capitalize()} 1"
        return re.sub(r"\s+([.,;])", r"\1", " ".join(text.split()))


def sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph."""
    return [one for one in re.split(r"(?<=[.?!:])\s+(?=[\u201c\u2018(]?[A-Z0-9])", paragraph) if one.strip()]
