"""What stands on paper: the short brief and the full one, put together from the pages of the site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from brief.data.bibliography import short_name
from brief.figures.drawing.palette import colour
from brief.figures.drawing.text import clip
from brief.prose.catalogue import message, say, word
from brief.prose.language import long_date
from brief.prose.plain import safe
from brief.site.exhibits import is_folded, opened
from brief.site.pdf.blocks import Block, Element, Run, blocks, primary
from brief.site.pdf.fitting import loosened, measures, paragraph, shortened, words_of_blocks, words_of_runs
from brief.site.pdf.levels import Levels
from brief.site.pdf.messages import key_messages
from brief.site.pdf.pictures import embedded, picture
from brief.site.state import SOURCES_CHAPTER, Build

#: In millimetres: the greatest height of a picture; in the short paper a text stands below it.
_HIGHEST, _HIGHEST_SHORT = 218.0, 170.0
#: Letters of what is not parted between pages: a section of the short paper, a claim, a comment, a row of a table.
_HELD_TOGETHER = 1_500
#: Bytes of a table that phones fold, up to which paper has it whole.
_SHORT_TABLE = 4_000
#: In points: the room for what stands at the head and foot of each page, and its letters.
_RUNNING, _RUNNING_SIZE = 350.0, 7.5
#: In points: what the head of a column may take, which stands on each page of its table.
_HEAD = 700.0
_NOT_HERE = message(
    "The text itself is not part of this file. The original has it, and the website as far as its rights allow."
)


@dataclass
class Page:
    """A page of the site as it was written: its chapter, its title, the question that it answers, its markup."""

    docname: str
    title: str
    question: str
    tree: Element


@dataclass
class _Setting:
    """Turns what pages hold into what a paper may hold: figures drawn, links that lead somewhere, texts cut."""

    build: Build
    pages: Mapping[str, Page]
    whole: bool
    cited: list[str] = field(default_factory=list)
    targets: set[str] = field(default_factory=set)
    levels: Levels = field(default_factory=Levels)

    def blocks(self, blocks: Iterable[Block], docname: str, shift: int = 0) -> list[Block]:
        """Blocks of a page, ready for the paper. Headings sink by `shift` and never skip a level."""
        ready: list[Block] = []
        for block in blocks:
            ready += self.block(block, docname, shift)
        return ready

    def block(self, block: Block, docname: str, shift: int) -> list[Block]:
        kind = block["k"]
        if kind == "exhibit":
            return self.exhibit(block["kind"], block["id"], docname)
        block = dict(block)
        if "id" in block:
            block["id"] = self.place(docname, block["id"])
        if "quoted-article__text" in block.get("cls", ()):
            return [{"k": "p", "c": [say(_NOT_HERE)]}]
        if kind == "h":
            block["level"] = self.levels.of(block["level"] + shift)
        if "c" in block:
            block["c"] = self.runs(block["c"], docname)
        if kind == "quote":
            block["b"] = shortened(block["b"], self.excerpts)
        if "b" in block:
            block["b"] = self.blocks(block["b"], docname, shift)
            block["whole"] = _short(block["b"])
        if kind in ("list", "terms"):
            block["items"] = [self.item(item, docname, shift) for item in block["items"]]
        if kind == "table":
            block = self.table(block, docname)
        return [block]

    def item(self, item: Block, docname: str, shift: int) -> Block:
        kept = {**item, "b": self.blocks(item["b"], docname, shift)}
        if "id" in kept:
            kept["id"] = self.place(docname, kept["id"])
        if "t" in kept:
            kept["t"] = self.runs(kept["t"], docname)
        return kept

    def table(self, table: Block, docname: str) -> Block:
        rows = [[self.item(cell, docname, 0) for cell in row] for row in table["rows"]]
        head = [self.runs(cell, docname) for cell in table["head"]]
        headline = self.runs(table["caption"], docname)
        words = {"named": "", "headline": headline, "subtitle": [], "note": [], "source": []}
        return {**table, **words, "head": head, "rows": rows, "whole": _short_rows(rows), **measures(head, rows)}

    def exhibit(self, kind: str, name: str, docname: str) -> list[Block]:
        """A figure or a table of the registry; nothing where its data are missing."""
        kept = self.build.snapshot.content[f"{kind}s"][name]
        if "unavailable" in kept:
            return []
        numbered = message("Figure {number}") if kind == "figure" else message("Table {number}")
        named = say(numbered, number=self.number(kind, name)) if self.whole else ""
        words: Block = {"id": self.place(docname, f"{kind}-{name}"), "named": named}
        words |= {part: [safe(kept[part])] if kept.get(part) else [] for part in ("note", "source", "subtitle")}
        if kind == "table" and _is_left_out(kept):
            said = say(
                "{named} is on the site and in the archive of the data: “{caption}”.",
                named=named,
                caption=kept["caption"],
            )
            return [{"k": "p", "c": [safe(said)], "id": words["id"]}] if self.whole else []
        if kind == "table":
            shown = opened(kept)
            rows = [[{"b": [paragraph(cell)] if cell else []} for cell in row] for row in shown["rows"]]
            head: list[list[Run]] = [[clip(column, _HEAD, _RUNNING_SIZE)] for column in shown["columns"]]
            table = {**words, "k": "table", "headline": [safe(kept["caption"])], "head": head, "rows": rows}
            return [{**table, "whole": _short_rows(rows), **measures(head, rows)}]
        words |= {"headline": [safe(kept["headline"])], "alt": safe(kept["alt"])}
        return [
            {
                **words,
                **picture(kept, _HIGHEST if self.whole else _HIGHEST_SHORT, self.build.further_signs),
                "k": "picture",
                "figure": name,
            }
        ]

    def number(self, kind: str, name: str) -> int:
        return self.build.number(kind, name)

    @property
    def excerpts(self) -> bool:
        return bool(self.build.snapshot.content["topic"]["rights"] == "excerpt")

    def place(self, docname: str, anchor: str) -> str:
        return f"{docname}#{anchor}"

    def runs(self, runs: list[Run], docname: str) -> list[Run]:
        """Runs with long words loosened, and links that lead to a place in this paper, to the web, or nowhere."""
        return [loosened(run) if isinstance(run, str) else self.part(run, docname) for run in runs]

    def part(self, run: dict[str, Any], docname: str) -> dict[str, Any]:
        if run["k"] in ("br", "image"):
            return embedded(self.build.source, run, docname) if run["k"] == "image" else dict(run)
        kept = {**run, "c": self.runs(run.get("c", []), docname)}
        if "id" in kept:
            kept["id"] = self.place(docname, kept["id"])
        if kept["k"] == "code":
            kept["text"] = loosened("".join(words_of_runs(run["c"])), everywhere=True)
        if kept["k"] == "link":
            href = kept.pop("href")
            if href.startswith(("https://", "http://", "mailto:")):
                kept["url"] = href
            else:
                kept |= self.inner_link(href, docname)
        return kept

    def inner_link(self, href: str, docname: str) -> dict[str, str]:
        page, _, anchor = href.partition("#")
        target = docname if not page else _docname(page, self.pages)
        if target == SOURCES_CHAPTER and anchor and anchor not in self.cited:
            self.cited.append(anchor)
        place = self.place(target, anchor)
        self.targets.add(place)
        return {"to": place}


def _is_left_out(kept: Mapping[str, Any]) -> bool:
    """Whether paper only names a table: a register, or a long one that folds on phones."""
    return is_folded(kept) or bool(kept["folded_on_phones"] and kept["size"] > _SHORT_TABLE)


def _short_rows(rows: Iterable[list[Block]]) -> list[bool]:
    return [all(_short(cell["b"]) for cell in row) for row in rows]


def _docname(page: str, pages: Mapping[str, Page]) -> str:
    name = page.removesuffix(".html")
    return next((docname for docname in pages if docname.removeprefix("book/") == name), name)


def full_paper(build: Build, pages: Mapping[str, Page]) -> dict[str, Any]:
    """The document of all chapters, in the order of the book."""
    setting = _Setting(build, pages, whole=True)
    body: list[Block] = []
    for page in pages.values():
        setting.levels = Levels([(1, 1)])
        body.append({"k": "pagebreak"})
        body.append({"k": "h", "level": 1, "c": [safe(page.title)], "id": f"{page.docname}#"})
        if page.question:
            body.append({"k": "p", "cls": ["kicker"], "c": [safe(page.question)]})
        opened = [block for block in _content(page) if not (block["k"] == "h" and block["level"] == 1)]
        body += kept_with_next(without_empty(setting.blocks(opened, page.docname)))
    first = next(iter(pages.values()))
    front = setting.blocks(_answer(build, first), first.docname)
    return _document(build, setting, front, body)


def without_empty(content: list[Block]) -> list[Block]:
    """Blocks without the headings of sections that hold nothing on paper."""
    kept: list[Block] = []
    for block in reversed(content):
        follows = kept[-1] if kept else {"k": "h", "level": 0}
        if block["k"] != "h" or follows["k"] != "h" or follows["level"] > block["level"]:
            kept.append(block)
    return kept[::-1]


def kept_with_next(content: list[Block]) -> list[Block]:
    """Blocks, with a paragraph that stands between a heading and what it heads marked so that no page parts them."""
    kept = list(content)
    for place in range(1, len(content) - 1):
        before, block, after = content[place - 1 : place + 2]
        heads = after["k"] in ("table", "list", "terms") or {"claim", "comment"}.intersection(after.get("cls", ()))
        heads = heads or (before["k"] == after["k"] == "h" and after["level"] > before["level"])
        if before["k"] == "h" and block["k"] == "p" and heads:
            kept[place] = {**block, "cls": [*block.get("cls", ()), "kept"]}
    return kept


def _short(content: Iterable[Block]) -> bool:
    """Whether blocks are short enough to stand on one page whatever happens."""
    return sum(map(len, words_of_blocks(content))) <= _HELD_TOGETHER


def _content(page: Page) -> list[Block]:
    """The blocks of a page with its sections opened, without the cover, which stands on the first page."""
    return [block for block in _opened(blocks(page.tree)) if "cover" not in block.get("cls", ())]


def _opened(content: Iterable[Block]) -> Iterator[Block]:
    for block in content:
        if block["k"] == "div" and not {"cover", "claim", "comment", "margin"}.intersection(block.get("cls", ())):
            if "quoted-article__text" in block.get("cls", ()):
                yield block
                continue
            inside = list(_opened(block["b"]))
            if "id" in block and inside and "id" not in inside[0] and inside[0]["k"] != "exhibit":
                inside[0] = {**inside[0], "id": block["id"]}
            yield from inside
        else:
            yield block


def short_paper(build: Build, pages: Mapping[str, Page], parts: Iterable[str]) -> dict[str, Any]:
    """The document of two to four pages: question, answer, key messages, then the parts that the topic names."""
    setting = _Setting(build, pages, whole=False)
    first = next(iter(pages.values()))
    front = setting.blocks(_answer(build, first), first.docname)
    body: list[Block] = []
    if messages := key_messages(first.tree, lambda item: setting.item(item, first.docname, 0)):
        body += [{"k": "h", "level": 1, "c": [say("Key messages")]}, *messages]
    for part in parts:
        kind, name = part.split(" ", 1)
        if kind == "section":
            setting.levels = Levels()
            opened = without_empty(setting.blocks(section(pages, name), name.partition("#")[0], shift=-1))
            body += kept_with_next(opened)
        elif kind == "statement":
            body += _statement(setting, name, body)
        elif name in build.snapshot.content[f"{kind}s"]:
            body += setting.exhibit(kind, name, first.docname)
    body += _sources(setting)
    return _document(build, setting, front, [*_held_together(body), {"k": "flush"}])


def _held_together(body: Iterable[Block]) -> Iterator[Block]:
    """The blocks of the short paper, the text of each short section in one block that stays on a page."""
    held: list[Block] = []

    def section() -> Iterator[Block]:
        if len(held) > 1 and _short(held):
            yield {"k": "div", "cls": ["together"], "b": list(held)}
        else:
            yield from held
        held.clear()

    for block in body:
        if block["k"] == "h" and block["level"] == 1:
            yield from section()
        if block["k"] in ("picture", "table", "messages"):
            yield from section()
            yield block
        else:
            held.append(block)
    yield from section()


def _statement(setting: _Setting, name: str, body: list[Block]) -> list[Block]:
    """A statement under the title of its chapter; nothing where it is not printed."""
    for page in setting.pages.values():
        element = page.tree.by_id(f"statement-{name}")
        if element is not None:
            opened = [block for block in _opened(blocks(element)) if block["k"] != "h"]
            title: Block = {"k": "h", "level": 1, "c": [safe(page.title)]}
            headings = [block["c"] for block in body if block["k"] == "h"]
            before = [] if headings[-1:] == [title["c"]] else [title]
            return [*before, *setting.blocks(opened, page.docname)]
    return []


def _answer(build: Build, first: Page) -> list[Block]:
    question = safe(build.snapshot.content["topic"]["question"])
    answer = [block for element in first.tree.by_class("cover__answer") for block in blocks(element)]
    inside: list[Block] = [
        {"k": "h", "level": 1, "cls": ["label"], "c": [say("The question")]},
        {"k": "p", "cls": ["lead"], "c": [question]},
    ]
    if answer:
        inside += [{"k": "h", "level": 1, "cls": ["label"], "c": [say("The short answer")]}, *answer]
    return [{"k": "div", "cls": ["panel"], "b": inside}]


def section(pages: Mapping[str, Page], name: str) -> list[Block]:
    """The blocks of a section, named "book/methods#how-this-was-made". Empty where there is none."""
    docname, _, anchor = name.partition("#")
    element = pages[docname].tree.by_place(anchor) if docname in pages else None
    return list(_opened(blocks(element))) if element is not None else []


def _sources(setting: _Setting) -> list[Block]:
    """The sources that the short paper cites, with their entries."""
    page = setting.pages.get(SOURCES_CHAPTER)
    if page is None or not setting.cited:
        return []
    items = []
    known = setting.build.snapshot.content["sources"]
    # By the names that they are cited by, and so by their letters; an address that is no source's stays for last.
    names = {f"source-{key}": short_name(fields).casefold() for key, fields in known.items()}
    for anchor in sorted(setting.cited, key=lambda anchor: (anchor not in names, names.get(anchor, anchor))):
        element = page.tree.by_id(anchor)
        if element is not None:
            items.append(setting.item({"b": blocks(element), "id": anchor}, SOURCES_CHAPTER, 0))
    listed: Block = {"k": "list", "ordered": False, "cls": ["sources"], "items": items}
    return [{"k": "h", "level": 1, "c": [say("Sources cited here")]}, listed] if items else []


def _document(build: Build, setting: _Setting, front: list[Block], body: list[Block]) -> dict[str, Any]:
    content = build.snapshot.content
    topic = content["topic"]
    edition = build.snapshot.facts["edition-date"].value
    everything = [*front, *body, *_about(build)]
    there: set[str] = set()
    for number, drawn in enumerate(_pictures(everything)):
        drawn["number"] = number
    _name_once(everything, there)
    _forget_dead_links(everything, there)
    label = say("Policy brief") if not setting.whole else say("Policy brief, full length")
    meta = {
        "title": safe(topic["title"]),
        "subtitle": safe(topic["subtitle"]),
        "question": safe(topic["question"]),
        "author": safe(topic["publisher"]),
        "lang": primary(topic["language"]),
        "keywords": [say("policy brief"), safe(topic["brief_id"]), content["data_digest"][:12]],
        "date": [int(part) for part in topic["edition"].split("-")],
        "edition": say("Edition of {date}", date=long_date(edition)),  # type: ignore[arg-type]
        # On every page, so on one line: a long one would leave the page no room.
        "running": clip(topic["title"], _RUNNING, _RUNNING_SIZE),
        "footer": clip(topic["site_url"] or topic["publisher"], _RUNNING, _RUNNING_SIZE),
        "label": say("{label} (draft)", label=label) if build.draft else label,
        "colours": {
            "ink": colour("ink"),
            "soft": colour("soft"),
            "line": colour("line"),
            "accent": colour("series-1"),
            "mark": colour("series-3"),
            "on-series": colour("on-series"),
            "pale": "#f3f4f5",
        },
    }
    kept = sorted(there & setting.targets)
    squares = any("squares" in drawn for drawn in _pictures(everything))
    whole = {"meta": meta, "short": not setting.whole, "targets": kept, "squares": squares}
    return {**whole, "front": front, "body": everything[len(front) :]}


def _about(build: Build) -> list[Block]:
    """Where the paper comes from: the edition, its data, who publishes it, how to correct and reuse it."""
    content = build.snapshot.content
    topic = content["topic"]
    date = long_date(build.snapshot.facts["edition-date"].value)  # type: ignore[arg-type]
    terms = [
        (say("Published by"), topic["publisher"]),
        (word("readers", "For"), topic["audience"]),
        (say("Edition"), say("{date}, data {digest}", date=date, digest=content["data_digest"][:12])),
        (say("Found a mistake?"), topic["contact"].removeprefix("mailto:")),
        (say("Reuse"), say("Our text and figures: CC BY 4.0. The article and the comments belong to their authors.")),
    ]
    if topic["site_url"]:
        terms.append((say("Website"), topic["site_url"]))
    items = [{"t": [term], "b": [{"k": "p", "c": [safe(text)]}]} for term, text in terms]
    about: list[Block] = [{"k": "h", "level": 1, "c": [say("About this edition")]}, {"k": "terms", "items": items}]
    return [{"k": "div", "cls": ["together"], "b": about}]


def _pictures(content: Iterable[Block]) -> Iterator[Block]:
    for block in content:
        if block["k"] == "picture":
            yield block
        yield from _pictures(block.get("b", []))


def _name_once(part: Any, there: set[str]) -> None:
    """Take the id from what stands a second time; `there` then holds all ids."""
    if isinstance(part, dict):
        if part.get("id") in there:
            part.pop("id")
        elif part.get("id") is not None:
            there.add(part["id"])
        for inner in part.values():
            _name_once(inner, there)
    elif isinstance(part, list):
        for inner in part:
            _name_once(inner, there)


def _forget_dead_links(part: Any, there: set[str]) -> None:
    """Take the target from links that lead to what this paper does not hold: their words stay."""
    if isinstance(part, dict):
        if part.get("to") is not None and part["to"] not in there:
            part.pop("to")
        for inner in part.values():
            _forget_dead_links(inner, there)
    elif isinstance(part, list):
        for inner in part:
            _forget_dead_links(inner, there)
