"""Reading chapters: the facts they name, the statements they make, the exhibits they show, the numbers left bare.

A chapter is MyST Markdown. It is read here as tokens, never run; what a fault says of it carries the chapter's line.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from brief.contract.text_files import read_text
from brief.errors import BriefError, Fault, fail
from brief.prose.catalogue import packaged
from brief.prose.language import months_of
from brief.prose.mentions import ROLES, Mention, parse_mention
from brief.prose.quotations import Quotation, in_quotation_marks, parse_quotation

_DIRECTIVE = re.compile(r"^\{(?P<name>[\w-]+)\}\s*(?P<argument>.*)$")
_OPTION = re.compile(r"^:(?P<key>[\w-]+):\s*(?P<value>.*)$")
_STATES = re.compile(r"\{(?:statement|include)\}")
#: What a part of `brief new` says in a comment until somebody has written it.
_DRAFT = re.compile(r"^(?:<!--|%)\s*Still to be written:\s*(.*?)\s*(?:-->\s*)?$", re.MULTILINE)
_CELL_LINES = 8
#: Directives that bring markup in unread: nothing could be checked in it.
_RAW = ("raw", "eval-rst", "parsed-literal", "literalinclude", "html_meta", "iframe", "only", "ifconfig")
#: Directives whose argument and body are no prose; those of any other are.
_NO_PROSE = ("include", "code", "code-block", "figure", "image", "bibliography")
#: What sets a formula: a browser would ask another site for the script that draws it, and paper has none.
_FORMULAS = ("math", "eq")
#: Options of directives that a reader sees or hears.
_SEEN = ("alt", "caption", "title", "heading")
#: Roles whose content is a name or an address; the content of any other is prose.
_NAMING = re.compile(r"cite.*|quote|figure|table|ref|doc|numref|download")

_DAY = r"\b\d{4}-\d{2}-\d{2}\b|\b\d{4}年\d{1,2}月(?:\d{1,2}日)?"
_NUMERAL = re.compile(r"(?<![\w-])[+-]?\d[\d,.]*(?:st|nd|rd|th|%|\b)")
_NUMBER_WORDS = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|dozens?"
    r"|half|halves|thirds|quarters?|twice|thrice|per ?cent|percentage)\b",
    re.IGNORECASE,
)
_QUANTIFIERS = re.compile(
    r"\b(?:most|mostly|majority|minority|nobody|no one|none|everybody|everyone|several|many|few|fewer|all of)\b",
    re.IGNORECASE,
)


@cache
def _dates() -> re.Pattern[str]:
    """Dates as prose writes them, in each language that the program has a catalogue of."""
    months = "|".join(sorted(name for language in packaged() for name in months_of(language)))
    return re.compile(rf"\b(?:\d{{1,2}}\.? )?(?:{months}) \d{{4}}\b|{_DAY}")


@dataclass(frozen=True)
class Named:
    """A fact, figure or table that a chapter names, and the line where it does."""

    name: str
    line: int
    mention: Mention | None = None


@dataclass(frozen=True)
class Alternative:
    """A sentence with the condition under which it may be printed; no condition is "otherwise"."""

    condition: str | None
    mentions: tuple[Mention, ...]
    text: str
    line: int
    links: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Statement:
    """A sentence that draws a conclusion, with its alternatives in order."""

    statement_id: str
    chapter: str
    line: int
    alternatives: tuple[Alternative, ...]


@dataclass
class Chapter:
    """What a chapter holds, as far as a check wants to know.

    `needs` is the condition without which it leaves the contents; `to_write` says what a part is still to say; `links`
    are those that stand in no statement; `sections` are the names that links and the PDF find its sections by.
    """

    file: str
    title: str = ""
    question: str = ""
    notes: str = ""
    needs: str = ""
    to_write: str = ""
    mentions: list[Named] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    figures: list[Named] = field(default_factory=list)
    tables: list[Named] = field(default_factory=list)
    references: list[Named] = field(default_factory=list)
    table_references: list[Named] = field(default_factory=list)
    includes: list[Named] = field(default_factory=list)
    quotations: list[tuple[Quotation, int]] = field(default_factory=list)
    sources: list[Named] = field(default_factory=list)
    links: list[Named] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    words: int = 0
    text: str = ""


@dataclass(frozen=True)
class BareWord:
    """A number or a quantifier over data that stands in prose without a fact or a condition."""

    word: str
    kind: str


def _without(text: str, allowed: Iterable[str]) -> str:
    for phrase in allowed:
        text = text.replace(phrase, " ")
    return text


def bare_numbers(text: str, allowed: Iterable[str] = (), quantifiers: bool = True) -> list[BareWord]:
    """Numerals, number words and (unless under a condition) quantifiers in a text; dates and `allowed` set aside."""
    text = _dates().sub(" ", _without(text, allowed))
    words = [BareWord(match.group().strip(), "number") for match in _NUMERAL.finditer(text)]
    words += [BareWord(match.group(), "number") for match in _NUMBER_WORDS.finditer(text)]
    if quantifiers:
        words += [BareWord(match.group(), "quantifier") for match in _QUANTIFIERS.finditer(text)]
    return words


@cache
def _parser() -> MarkdownIt:
    """The same parser that the site uses, with the same extensions."""
    from markdown_it.renderer import RendererHTML
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    extensions = {"colon_fence", "deflist", "attrs_inline", "attrs_block"}
    return create_md_parser(MdParserConfig(enable_extensions=extensions), RendererHTML)


def read_exceptions(path: Path) -> dict[str, str]:
    """The phrases in which a number may stand bare, each with its reason, as `book/exceptions.yml` lists them.

    Raises `BriefError` where it holds anything else.
    """
    if not path.exists():
        return {}
    file = f"{path.parent.name}/{path.name}"
    listed = keys_in(read_text(path, file), file) or []
    if not isinstance(listed, list) or not all(
        isinstance(entry, dict) and {"text", "reason"} <= {*entry} for entry in listed
    ):
        raise fail("here a list of phrases is expected", "Give each a text: and a reason:.", file)
    return {str(entry["text"]): str(entry["reason"]) for entry in listed}


def keys_in(text: str, file: str) -> Any:
    """YAML of the book as plain data. Raises `BriefError` with the line where it is not YAML."""
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        # What tells the line takes longer to load than the chapters to be read, and is needed only here.
        from brief.contract.files import parse_yaml

        return parse_yaml(text, file)


def read_chapter(path: Path, root: Path, allowed: Iterable[str] = ()) -> Chapter:
    """Read one chapter. What is wrong with it is in `Chapter.faults`; nothing is raised."""
    file = path.relative_to(root).as_posix()
    try:
        return _read(file, read_text(path, file), tuple(allowed))
    except BriefError as error:
        return Chapter(file=file, faults=[*error.faults])


@lru_cache(maxsize=128)
def _read(file: str, text: str, allowed: tuple[str, ...]) -> Chapter:
    """A chapter of these words. Nobody changes one that was read, so the same words are read once."""
    chapter = Chapter(file=file, text=text)
    try:
        _ChapterReader(chapter, allowed).read(text)
    except BriefError as error:
        chapter.faults += error.faults
    return chapter


class _ChapterReader:
    def __init__(self, chapter: Chapter, allowed: tuple[str, ...]) -> None:
        self.chapter, self.allowed = chapter, allowed

    def fault(self, what: str, remedy: str, line: int) -> None:
        self.chapter.faults.append(Fault(what, remedy, self.chapter.file, line))

    def read(self, text: str) -> None:
        if draft := _DRAFT.search(text):
            self.chapter.to_write = draft[1]
        tokens = _parser().parse(text)
        if tokens and tokens[0].type == "front_matter":
            self.front_matter(tokens.pop(0))
        self.blocks(tokens, 0, under_condition=False)

    def front_matter(self, token: Token) -> None:
        # An empty line in place of the first, so that faults name lines of the file.
        meta = self.keys(keys_in(f"\n{token.content}", self.chapter.file), "the front matter")
        page = self.keys(meta.get("brief"), "the key brief")
        html_meta = self.keys(self.keys(meta.get("myst"), "the key myst").get("html_meta"), "the key html_meta")
        self.chapter.question = str(page.get("question", ""))
        self.chapter.notes = str(page.get("notes", ""))
        self.chapter.needs = str(page.get("needs", ""))
        if self.chapter.notes not in ("", "sources"):
            self.fault(f"notes: {self.chapter.notes} is not known", "Write notes: sources, or leave it out.", 1)
        for text in (self.chapter.question, str(html_meta.get("description", ""))):
            self.plain(text, 1, under_condition=False)

    def keys(self, mapping: Any, named: str) -> dict[Any, Any]:
        if mapping is not None and not isinstance(mapping, dict):
            self.fault(f"{named} holds no keys", "Write key: value, one a line.", 1)
        return mapping if isinstance(mapping, dict) else {}

    def blocks(self, tokens: list[Token], offset: int, under_condition: bool) -> list[Mention]:
        """Walk block tokens; `offset` is the line before the first. Returns the facts named in them."""
        named: list[Mention] = []
        heading = ""
        for token in tokens:
            line = offset + (token.map[0] if token.map else 0) + 1
            if token.type == "heading_open":
                heading = token.tag
                self.chapter.sections += [str(token.attrs["id"])] if "id" in token.attrs else []
            elif token.type == "myst_target":
                self.chapter.sections.append(token.content)
            elif token.type == "inline":
                if heading == "h1" and not self.chapter.title:
                    self.chapter.title = token.content
                if heading:
                    self.chapter.sections += _name_of(token)
                heading = ""
                named += self.inline(token.children or [], line, under_condition)
            elif token.type in ("fence", "colon_fence"):
                named += self.fence(token, line, under_condition)
            elif token.type == "html_block" and not token.content.lstrip().startswith("<!--"):
                self.fault("raw HTML stands in the chapter", "Write it in Markdown or with a directive.", line)
            elif token.type == "blockquote_open":
                self.fault("a block quotation is not checked", "Quote with {quote}`PLACE | words`.", line)
            elif token.type == "code_block":
                self.plain(token.content, line, under_condition)
        return named

    def inline(self, children: list[Token], line: int, under_condition: bool) -> list[Mention]:
        named: list[Mention] = []
        run = ""
        for child in children:
            if child.type == "text":
                run += child.content
            elif child.type in ("softbreak", "hardbreak"):
                run += "\n"
            elif child.type == "image":
                self.plain(child.content, line, under_condition)
            elif child.type == "myst_role":
                here = line + run.count("\n")
                run += " \u00a7 "
                named += self.role(child.meta["name"], child.content, here)
                if child.meta["name"] not in (*ROLES, *_FORMULAS) and not _NAMING.fullmatch(child.meta["name"]):
                    self.plain(child.content, here, under_condition)
            elif child.type == "link_open":
                self.chapter.links.append(Named(str(child.attrs.get("href", "")), line + run.count("\n")))
                self.plain(str(child.attrs.get("title", "")), line, under_condition)
            elif child.type == "html_inline" and not child.content.startswith("<!--"):
                self.fault("raw HTML stands in the chapter", "Write it in Markdown.", line)
        self.plain(run, line, under_condition)
        return named

    def role(self, name: str, body: str, line: int) -> list[Mention]:
        if name in _FORMULAS:
            self.formula(line)
            return []
        if name in ("figure", "table"):
            pointing = self.chapter.references if name == "figure" else self.chapter.table_references
            pointing.append(Named(body.strip(), line))
        if name.startswith("cite"):
            self.chapter.sources += [Named(key.strip(), line) for key in body.split(",")]
        if name == "quote":
            try:
                self.chapter.quotations.append((parse_quotation(body), line))
            except BriefError as error:
                self.chapter.faults += [Fault(f.what, f.remedy, self.chapter.file, line) for f in error.faults]
        if name not in ROLES:
            return []
        try:
            mention = parse_mention(name, body)
        except BriefError as error:
            self.chapter.faults += [Fault(f.what, f.remedy, self.chapter.file, line) for f in error.faults]
            return []
        self.chapter.mentions.append(Named(mention.name, line, mention))
        return [mention]

    def formula(self, line: int) -> None:
        remedy = "Say it in words, or show it as a picture with an alternative text."
        self.fault("a formula cannot be set, on a page or on paper", remedy, line)

    def plain(self, text: str, line: int, under_condition: bool) -> None:
        self.chapter.words += len(text.split())
        for words, at in in_quotation_marks(_without(text, self.allowed)):
            self.fault(
                f"the words {' '.join(words.split())} stand in quotation marks and are not checked",
                "Quote them with {quote}`PLACE | words`; for a term write *term*.",
                line + text.count("\n", 0, at),
            )
        for number, part in enumerate(text.split("\n")):
            for bare in bare_numbers(part, self.allowed, quantifiers=not under_condition):
                remedy = (
                    "Name a fact ({fact}`name`, {count}`name`), or list the phrase in book/exceptions.yml."
                    if bare.kind == "number"
                    else "Put the sentence under a condition ({statement}), or word it without a claim over data."
                )
                self.fault(f"the {bare.kind} '{bare.word}' stands bare in the prose", remedy, line + number)

    def fence(self, token: Token, line: int, under_condition: bool) -> list[Mention]:
        match = _DIRECTIVE.match(token.info.strip())
        if match is None:
            return []
        name, argument = match["name"], match["argument"].strip()
        if name == "code-cell":
            self.cell(token.content, line)
            return []
        if name in _FORMULAS:
            self.formula(line)
            return []
        if name in _RAW:
            self.fault(f"the directive {{{name}}} brings in what is not checked", "Write it in Markdown.", line)
            return []
        options, body, skipped = _options(token.content)
        start = line + skipped
        if name == "include":
            self.chapter.includes.append(Named(argument, line))
        if name == "statement":
            self.statement(argument, options, body, line, start)
            return []
        if name == "key-messages":
            for inner in _parser().parse(body):
                other = inner.type in ("fence", "colon_fence") and not _STATES.match(inner.info.strip())
                if inner.type == "inline" or other:
                    at = start + (inner.map[0] if inner.map else 0) + 1
                    self.fault(
                        "a key message stands under no condition", "Put it into a {statement} with a condition.", at
                    )
        for option in _SEEN:
            self.plain(options.get(option, ""), line, under_condition)
        if name not in _NO_PROSE:
            self.plain(argument, line, under_condition)
            return self.blocks(_parser().parse(body), start, under_condition)
        return []

    def statement(self, name: str, options: dict[str, str], body: str, line: int, start: int) -> None:
        self.plain(options.get("heading", ""), line, under_condition=True)
        parts: list[Alternative] = []
        for condition, text, at in alternatives(options, body):
            here, before = start + at, len(self.chapter.links)
            named = self.blocks(_parser().parse(text), here, under_condition=True)
            links = tuple(self.chapter.links[before:])
            del self.chapter.links[before:]
            parts.append(Alternative(condition, tuple(named), text, here + 1, links))
        if not name or not parts:
            self.fault(
                "a statement has no name or no condition",
                "Write `:::{statement} name` and `:when: condition` under it, or `:::{when} condition` blocks inside.",
                line,
            )
        self.chapter.statements.append(Statement(name, self.chapter.file, line, tuple(parts)))

    def cell(self, code: str, line: int) -> None:
        if len([row for row in code.splitlines() if row.strip()]) > _CELL_LINES:
            self.fault(
                "the cell is longer than a few lines",
                "Move what it computes into the package, where it is tested.",
                line,
            )
        try:
            tree = ast.parse("\n".join("" if row.startswith(":") else row for row in code.splitlines()))
        except SyntaxError as error:
            self.fault(f"the cell is not Python: {error.msg}", "Correct the cell.", line + (error.lineno or 0))
            return
        for kind, name, row in _exhibits(tree):
            (self.chapter.figures if kind == "figure" else self.chapter.tables).append(Named(name, line + row))


def _name_of(heading: Token) -> Iterator[str]:
    """The name that the site gives to the section of a heading; none where it depends on a fact."""
    from docutils.nodes import make_id

    parts = heading.children or []
    if not any(part.type == "myst_role" for part in parts):
        yield make_id("".join(part.content for part in parts))


def _exhibits(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """Calls such as `edition.figure("voice-strip")`: kind, id and row in the cell, in reading order."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        named: Any = call.args[0] if call.args else None
        assert isinstance(call.func, ast.Attribute)
        if call.func.attr in ("figure", "table") and isinstance(named, ast.Constant):
            yield call.func.attr, str(named.value), call.lineno


def _options(content: str) -> tuple[dict[str, str], str, int]:
    """The options of a directive, its body, and how many lines stand before the body."""
    options: dict[str, str] = {}
    rows = content.split("\n")
    at = 0
    while at < len(rows) and (match := _OPTION.match(rows[at])):
        options[match["key"]] = match["value"].strip()
        at += 1
    return options, "\n".join(rows[at:]), at


def alternatives(options: dict[str, str], body: str) -> list[tuple[str | None, str, int]]:
    """The alternatives of a statement: condition (None for "otherwise"), text, lines before the text in the body."""
    if "when" in options:
        return [(options["when"], body, 0)]
    parts: list[tuple[str | None, str, int]] = []
    for token in _parser().parse(body):
        match = _DIRECTIVE.match(token.info.strip()) if token.type in ("fence", "colon_fence") else None
        if match and match["name"] in ("when", "otherwise") and token.map:
            condition = match["argument"].strip() if match["name"] == "when" else None
            parts.append((condition, token.content, token.map[0] + 1))
    return parts
