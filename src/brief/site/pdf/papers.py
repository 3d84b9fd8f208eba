"""What stands on paper: the short brief and the full one, put together from the pages of the site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from brief.errors import Fault
from brief.figures.drawing.palette import colour
from brief.figures.drawing.text import clip
from brief.prose.catalogue import message, say, word
from brief.prose.language import long_date
from brief.prose.plain import safe
from brief.site.exhibits import is_folded, opened
from brief.site.pdf.blocks import Block, Element, Run, blocks, primary
from brief.site.pdf.fitting import loosened, measures, paragraph, shortened, words_of_blocks, words_of_runs
from brief.site.pdf.pictures import embedded, picture
from brief.site.state import SOURCES_CHAPTER, Build

#: In millimetres: the greatest height of a picture; in the short paper a text stands below it.
_HIGHEST, _HIGHEST_SHORT = 218.0, 170.0
#: Letters of what is not parted between pages: a section of the short paper, a claim, a comment, a row of a table.
_HELD_TOGETHER = 1_500
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
    level: int = 0

    def blocks(self, made: Iterable[Block], docname: str, shift: int = 0) -> list[Block]:
        """Blocks of a page, ready for the paper. Headings sink by `shift` and never skip a level."""
        ready: list[Block] = []
        for one in made:
            ready += self.block(one, docname, shift)
        return ready

    def block(self, one: Block, docname: str, shift: int) -> list[Block]:
        kind = one["k"]
        if kind == "exhibit":
            return self.exhibit(one["kind"], one["id"], docname)
        one = dict(one)
        if "id" in one:
            one["id"] = self.place(docname, one["id"])
        if "quoted-article__text" in one.get("cls", ()):
            return [{"k": "p", "c": [say(_NOT_HERE)]}]
        if kind == "h":
            self.level = one["level"] = max(1, min(one["level"] + shift, self.level + 1))
        if "c" in one:
            one["c"] = self.runs(one["c"], docname)
        if kind == "quote":
            one["b"] = shortened(one["b"], self.excerpts)
        if "b" in one:
            one["b"] = self.blocks(one["b"], docname, shift)
            one["whole"] = _short(one["b"])
        if kind in ("list", "terms"):
            one["items"] = [self.item(item, docname, shift) for item in one["items"]]
        if kind == "table":
            one = self.table(one, docname)
        return [one]

    def item(self, item: Block, docname: str, shift: int) -> Block:
        made = {**item, "b": self.blocks(item["b"], docname, shift)}
        if "id" in made:
            made["id"] = self.place(docname, made["id"])
        if "t" in made:
            made["t"] = self.runs(made["t"], docname)
        return made

    def table(self, one: Block, docname: str) -> Block:
        rows = [[self.item(cell, docname, 0) for cell in row] for row in one["rows"]]
        head = [self.runs(cell, docname) for cell in one["head"]]
        words = {"named": "", "headline": self.runs(one["caption"], docname), "subtitle": [], "note": [], "source": []}
        return {**one, **words, "head": head, "rows": rows, "whole": _short_rows(rows), **measures(head, rows)}

    def exhibit(self, kind: str, name: str, docname: str) -> list[Block]:
        """A figure or a table of the registry; nothing where its data are missing."""
        kept = self.build.snapshot.content[f"{kind}s"][name]
        if "unavailable" in kept:
            return []
        named = f"{kind.capitalize()} {self.number(kind, name)}" if self.whole else ""
        words: Block = {"id": self.place(docname, f"{kind}-{name}"), "named": named}
        words |= {part: [safe(kept[part])] if kept.get(part) else [] for part in ("note", "source", "subtitle")}
        if kind == "table" and (is_folded(kept) or kept["folded_on_phones"]):
            said = say(
                "{named} is on the site and in the archive of the data: {caption}.",
                named=named,
                caption=kept["caption"],
            )
            return [{"k": "p", "c": [safe(said)], "id": words["id"]}] if self.whole else []
        if kind == "table":
            shown = opened(kept)
            rows = [[{"b": [paragraph(cell)] if cell else []} for cell in row] for row in shown["rows"]]
            head: list[list[Run]] = [[clip(column, _HEAD, _RUNNING_SIZE)] for column in shown["columns"]]
            made = {**words, "k": "table", "headline": [safe(kept["caption"])], "head": head, "rows": rows}
            return [{**made, "whole": _short_rows(rows), **measures(head, rows)}]
        words |= {"headline": [safe(kept["headline"])], "alt": safe(kept["alt"])}
        return [{**words, **picture(kept, _HIGHEST if self.whole else _HIGHEST_SHORT), "k": "picture"}]

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
        made = {**run, "c": self.runs(run.get("c", []), docname)}
        if "id" in made:
            made["id"] = self.place(docname, made["id"])
        if made["k"] == "code":
            made["text"] = loosened("".join(words_of_runs(run["c"])), everywhere=True)
        if made["k"] == "link":
            href = made.pop("href")
            if href.startswith(("https://", "http://", "mailto:")):
                made["url"] = href
            else:
                made |= self.inner_link(href, docname)
        return made

    def inner_link(self, href: str, docname: str) -> dict[str, str]:
        page, _, anchor = href.partition("#")
        target = docname if not page else _docname(page, self.pages)
        if target == SOURCES_CHAPTER and anchor and anchor not in self.cited:
            self.cited.append(anchor)
        place = self.place(target, anchor)
        self.targets.add(place)
        return {"to": place}


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
        setting.level = 1
        body.append({"k": "pagebreak"})
        body.append({"k": "h", "level": 1, "c": [safe(page.title)], "id": f"{page.docname}#"})
        if page.question:
            body.append({"k": "p", "cls": ["kicker"], "c": [safe(page.question)]})
        made = [one for one in _content(page) if not (one["k"] == "h" and one["level"] == 1)]
        body += kept_with_next(without_empty(setting.blocks(made, page.docname)))
    first = next(iter(pages.values()))
    front = setting.blocks(_answer(build, first), first.docname)
    return _document(build, setting, front, body)


def without_empty(made: list[Block]) -> list[Block]:
    """Blocks without the headings of sections that hold nothing on paper."""
    kept: list[Block] = []
    for one in reversed(made):
        follows = kept[-1] if kept else {"k": "h", "level": 0}
        if one["k"] != "h" or follows["k"] != "h" or follows["level"] > one["level"]:
            kept.append(one)
    return kept[::-1]


def kept_with_next(made: list[Block]) -> list[Block]:
    """Blocks, with a paragraph that stands between a heading and what it heads marked so that no page parts them."""
    kept = list(made)
    for place in range(1, len(made) - 1):
        before, one, after = made[place - 1 : place + 2]
        heads = after["k"] in ("table", "list", "terms") or {"claim", "comment"}.intersection(after.get("cls", ()))
        if before["k"] == "h" and one["k"] == "p" and heads:
            kept[place] = {**one, "cls": [*one.get("cls", ()), "kept"]}
    return kept


def _short(made: Iterable[Block]) -> bool:
    """Whether blocks are short enough to stand on one page whatever happens."""
    return sum(map(len, words_of_blocks(made))) <= _HELD_TOGETHER


def _content(page: Page) -> list[Block]:
    """The blocks of a page with its sections opened, without the cover, which stands on the first page."""
    return [one for one in _opened(blocks(page.tree)) if "cover" not in one.get("cls", ())]


def _opened(made: Iterable[Block]) -> Iterator[Block]:
    for one in made:
        if one["k"] == "div" and not {"cover", "claim", "comment", "margin"}.intersection(one.get("cls", ())):
            if "quoted-article__text" in one.get("cls", ()):
                yield one
                continue
            inside = list(_opened(one["b"]))
            if "id" in one and inside and "id" not in inside[0] and inside[0]["k"] != "exhibit":
                inside[0] = {**inside[0], "id": one["id"]}
            yield from inside
        else:
            yield one


def short_paper(build: Build, pages: Mapping[str, Page], parts: Iterable[str]) -> dict[str, Any]:
    """The document of two to four pages: question, answer, key messages, then the parts that the topic names."""
    setting = _Setting(build, pages, whole=False)
    first = next(iter(pages.values()))
    front = setting.blocks(_answer(build, first), first.docname)
    body: list[Block] = []
    messages = [one for found in first.tree.by_class("key-messages") for one in blocks(found)]
    listed = [item for one in messages if one["k"] == "list" for item in one["items"]]
    if listed:
        body.append({"k": "h", "level": 1, "c": [say("Key messages")]})
        body.append(_in_columns([setting.item(item, first.docname, 0) for item in listed]))
    for part in parts:
        kind, name = part.split(" ", 1)
        if kind == "section":
            setting.level = 0
            made = without_empty(setting.blocks(section(pages, name), name.partition("#")[0], shift=-1))
            body += kept_with_next(made)
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

    for one in body:
        if one["k"] == "h" and one["level"] == 1:
            yield from section()
        if one["k"] in ("picture", "table", "messages"):
            yield from section()
            yield one
        else:
            held.append(one)
    yield from section()


def _statement(setting: _Setting, name: str, body: list[Block]) -> list[Block]:
    """A statement under the title of its chapter; nothing where it is not printed."""
    for page in setting.pages.values():
        found = page.tree.by_id(f"statement-{name}")
        if found is not None:
            made = [one for one in _opened(blocks(found)) if one["k"] != "h"]
            title: Block = {"k": "h", "level": 1, "c": [safe(page.title)]}
            headings = [one["c"] for one in body if one["k"] == "h"]
            before = [] if headings[-1:] == [title["c"]] else [title]
            return [*before, *setting.blocks(made, page.docname)]
    return []


def _answer(build: Build, first: Page) -> list[Block]:
    question = safe(build.snapshot.content["topic"]["question"])
    answer = [one for found in first.tree.by_class("cover__answer") for one in blocks(found)]
    inside: list[Block] = [
        {"k": "h", "level": 1, "cls": ["label"], "c": [say("The question")]},
        {"k": "p", "cls": ["lead"], "c": [question]},
    ]
    if answer:
        inside += [{"k": "h", "level": 1, "cls": ["label"], "c": [say("The short answer")]}, *answer]
    return [{"k": "div", "cls": ["panel"], "b": inside}]


def _in_columns(items: list[Block]) -> Block:
    """Numbered items in two columns of about the same length, read down the first and then the second."""
    sizes = [len(" ".join(words_of_blocks(item["b"]))) for item in items]
    split = min(range(1, len(items) + 1), key=lambda place: (abs(sum(sizes[:place]) - sum(sizes[place:])), place))
    columns = [items[:split], items[split:]]
    starts = (1, split + 1)
    made = [
        {"k": "list", "ordered": True, "items": part, "start": start}
        for part, start in zip(columns, starts, strict=True)
        if part
    ]
    return {"k": "messages", "columns": made}


def section(pages: Mapping[str, Page], name: str) -> list[Block]:
    """The blocks of a section, named "book/methods#how-this-was-made". Empty where there is none."""
    docname, _, anchor = name.partition("#")
    found = pages[docname].tree.by_id(anchor) if docname in pages else None
    return list(_opened(blocks(found))) if found is not None else []


def _sources(setting: _Setting) -> list[Block]:
    """The sources that the short paper cites, with their entries."""
    page = setting.pages.get(SOURCES_CHAPTER)
    if page is None or not setting.cited:
        return []
    items = []
    for anchor in sorted(setting.cited):
        found = page.tree.by_id(anchor)
        if found is not None:
            items.append(setting.item({"b": blocks(found), "id": anchor}, SOURCES_CHAPTER, 0))
    listed: Block = {"k": "list", "ordered": False, "cls": ["sources"], "items": items}
    return [{"k": "h", "level": 1, "c": [say("Sources cited here")]}, listed] if items else []


def _document(build: Build, setting: _Setting, front: list[Block], body: list[Block]) -> dict[str, Any]:
    content = build.snapshot.content
    topic = content["topic"]
    edition = build.snapshot.facts["edition-date"].value
    everything = [*front, *body, *_about(build)]
    there: set[str] = set()
    for number, one in enumerate(_pictures(everything)):
        one["number"] = number
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
    squares = any("squares" in one for one in _pictures(everything))
    whole = {"meta": meta, "short": not setting.whole, "targets": kept, "squares": squares}
    return {**whole, "front": front, "body": everything[len(front) :]}


def _about(build: Build) -> list[Block]:
    """Where the paper comes from: the edition, its data, who publishes it, how to correct and reuse it."""
    content = build.snapshot.content
    topic = content["topic"]
    date = long_date(build.snapshot.facts["edition-date"].value)  # type: ignore[arg-type]
    told = [
        (say("Published by"), topic["publisher"]),
        (word("readers", "For"), topic["audience"]),
        (say("Edition"), say("{date}, data {digest}", date=date, digest=content["data_digest"][:12])),
        (say("Found a mistake?"), topic["contact"].removeprefix("mailto:")),
        (say("Reuse"), say("Our text and figures: CC BY 4.0. The article and the comments belong to their authors.")),
    ]
    if topic["site_url"]:
        told.append((say("Website"), topic["site_url"]))
    items = [{"t": [term], "b": [{"k": "p", "c": [safe(text)]}]} for term, text in told]
    about: list[Block] = [{"k": "h", "level": 1, "c": [say("About this edition")]}, {"k": "terms", "items": items}]
    return [{"k": "div", "cls": ["together"], "b": about}]


def _pictures(made: Iterable[Block]) -> Iterator[Block]:
    for one in made:
        if one["k"] == "picture":
            yield one
        yield from _pictures(one.get("b", []))


def _name_once(one: Any, there: set[str]) -> None:
    """Take the id from what stands a second time; `there` then holds all ids."""
    if isinstance(one, dict):
        if one.get("id") in there:
            one.pop("id")
        elif one.get("id") is not None:
            there.add(one["id"])
        for inner in one.values():
            _name_once(inner, there)
    elif isinstance(one, list):
        for inner in one:
            _name_once(inner, there)


def _forget_dead_links(one: Any, there: set[str]) -> None:
    """Take the target from links that lead to what this paper does not hold: their words stay."""
    if isinstance(one, dict):
        if one.get("to") is not None and one["to"] not in there:
            one.pop("to")
        for inner in one.values():
            _forget_dead_links(inner, there)
    elif isinstance(one, list):
        for inner in one:
            _forget_dead_links(inner, there)


def faults_of(parts: Iterable[str], build: Build, pages: Mapping[str, Page]) -> list[Fault]:
    """What is wrong with the parts that `data/brief.yml` names: a figure, table or section that there is not."""
    faults = []
    for row, part in enumerate(parts, start=1):
        kind, _, name = part.partition(" ")
        known = set(build.snapshot.content[f"{kind}s"]) if kind in ("figure", "table") else set()
        if kind == "statement":
            known = {statement.statement_id for _, statement in build.book.statements()}
        if kind == "section" and section(pages, name):
            continue
        if name not in known:
            remedy = "Name what there is: figure ID, table ID, statement NAME or section CHAPTER#HEADING."
            faults.append(Fault(f"the PDF has no part '{part}'", remedy, "data/brief.yml", row, "pdf"))
    return faults
