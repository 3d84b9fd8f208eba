"""The book as a whole: its chapters in order, and the numbers of its figures and tables."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from brief.book import paper_fonts, plan_answers, unread
from brief.book.chapters import Alternative, Chapter, Named, Statement, keys_in, read_chapter, read_exceptions
from brief.contract.text_files import read_text
from brief.errors import BriefError, Fault
from brief.findings.facts import Fact, values
from brief.prose import quotations
from brief.prose.catalogue import catalogue_of
from brief.prose.conditions import parse
from brief.prose.mentions import unknown_name_remedy
from brief.prose.quotations import Quotation

_BRIEF = "data/brief.yml"
EXCEPTIONS = "book/exceptions.yml"
_MOST_EXCEPTIONS = 10


@dataclass(frozen=True)
class Book:
    """The chapters of `_toc.yml` in their order, each with the parts it includes, and the caption of its group."""

    root: Path
    chapters: Mapping[str, Chapter]
    parts: Mapping[str, Chapter]
    exceptions: Mapping[str, str]
    faults: tuple[Fault, ...]
    captions: Mapping[str, str] = field(default_factory=dict)

    def whole(self, docname: str) -> list[Chapter]:
        """A chapter and the parts it includes."""
        chapter = self.chapters[docname]
        folder = Path(chapter.file).parent
        included = [(folder / named.name).as_posix() for named in chapter.includes]
        return [chapter, *(self.parts[name] for name in included if name in self.parts)]

    @cached_property
    def figure_numbers(self) -> dict[str, tuple[int, str]]:
        """For each figure shown: its number in the order of the book, and the chapter that shows it first."""
        return _numbered((docname, chapter.figures) for docname, chapter in self.chapters.items())

    @cached_property
    def table_numbers(self) -> dict[str, tuple[int, str]]:
        """For each table shown: its number in the order of the book, and the chapter that shows it first."""
        return _numbered((docname, chapter.tables) for docname, chapter in self.chapters.items())

    def statements(self) -> Iterator[tuple[str, Statement]]:
        """Every statement with the chapter whose page it stands on, in the order of the book."""
        for docname in self.chapters:
            for chapter in self.whole(docname):
                for statement in chapter.statements:
                    yield docname, statement

    def quotations(self) -> list[Quotation]:
        """Every quotation of the book, each once, in the order of the chapters."""
        every = [
            quotation
            for chapter in [*self.chapters.values(), *self.parts.values()]
            for quotation, _ in chapter.quotations
        ]
        return list(dict.fromkeys(every))

    def standing(self, facts: Mapping[str, Fact]) -> Book:
        """The book as a reader gets it: without the chapters whose data are not there, and that say nothing else."""
        kept = {name: chapter for name, chapter in self.chapters.items() if not self._is_empty(name, facts)}
        return replace(self, chapters=kept)

    def _is_empty(self, docname: str, facts: Mapping[str, Fact]) -> bool:
        needs, parts = self.chapters[docname].needs, self.whole(docname)[1:]
        return bool(needs) and not parse(needs).holds(values(facts)) and not any(part.words for part in parts)

    def to_write(self) -> dict[str, str]:
        """The parts that are still to be written, by their files: what each is to say."""
        parts = [part for docname in self.chapters for part in self.whole(docname)]
        return {part.file: part.to_write for part in parts if part.to_write}

    def words(self, docname: str) -> int:
        """How many words of prose a page has, parts included."""
        return sum(chapter.words for chapter in self.whole(docname))


def _numbered(shown: Iterator[tuple[str, list[Named]]]) -> dict[str, tuple[int, str]]:
    numbers: dict[str, tuple[int, str]] = {}
    for docname, named in shown:
        for exhibit in named:
            numbers.setdefault(exhibit.name, (len(numbers) + 1, docname))
    return numbers


def read_book(root: Path) -> Book:
    """Read every chapter of a book. What is wrong is in the faults of the book and of its chapters."""
    faults: list[Fault] = []
    try:
        exceptions = read_exceptions(root / EXCEPTIONS)
    except BriefError as error:
        faults += error.faults
        exceptions = {}
    if len(exceptions) > _MOST_EXCEPTIONS:
        faults.append(
            Fault(
                "the list of exceptions is longer than ten",
                "Name facts instead, or reword the sentences.",
                EXCEPTIONS,
            )
        )
    chapters: dict[str, Chapter] = {}
    captions = _captions(root, faults)
    for docname in captions:
        path = root / f"{docname}.md"
        if path.is_file():
            chapters[docname] = read_chapter(path, root, exceptions)
        else:
            faults.append(
                Fault(f"the chapter {docname}.md does not exist", "Write it, or take it out of the list.", "_toc.yml")
            )
    parts = {}
    for path in sorted((root / "book").rglob("*.md")):
        name = path.relative_to(root).as_posix()
        if name.removesuffix(".md") not in chapters:
            parts[name] = read_chapter(path, root, exceptions)
    faults += _unused(root, exceptions, [*chapters.values(), *parts.values()])
    for chapter in chapters.values():
        for named in chapter.includes:
            if (Path(chapter.file).parent / named.name).as_posix() not in parts:
                faults.append(
                    Fault(
                        f"the part {named.name} does not exist",
                        "Write it or correct its name.",
                        chapter.file,
                        named.line,
                    )
                )
    return Book(root, chapters, parts, exceptions, tuple(faults), captions)


def _captions(root: Path, faults: list[Fault]) -> dict[str, str]:
    """The chapters in their order, each with the caption that `_toc.yml` groups it under; the first one has none."""
    path = root / "_toc.yml"
    if not path.is_file():
        faults.append(Fault("the table of contents is missing", "Copy one with `brief new DIR`.", "_toc.yml"))
        return {}
    try:
        toc = keys_in(read_text(path, "_toc.yml"), "_toc.yml")
    except BriefError as error:
        faults += error.faults
        return {}
    try:
        captions = {str(toc["root"]): ""}
        for group in [toc, *toc.get("parts", [])]:
            captions |= {str(entry["file"]): str(group.get("caption", "")) for entry in group.get("chapters", [])}
    except (AttributeError, KeyError, TypeError):
        remedy = "Give it root: NAME, and under chapters: a line - file: NAME for each."
        faults.append(Fault("this is no table of contents", remedy, "_toc.yml"))
        return {}
    return captions


def contents_of(path: Path, chapters: Collection[str]) -> str:
    """The table of contents at `path`, as YAML, with these of its chapters; a group without one leaves it as well."""
    toc = keys_in(read_text(path, "_toc.yml"), "_toc.yml")
    for group in [toc, *toc.get("parts", [])]:
        if "chapters" in group:
            group["chapters"] = [entry for entry in group["chapters"] if entry["file"] in chapters]
    if "parts" in toc:
        toc["parts"] = [group for group in toc["parts"] if group.get("chapters")]
    return yaml.safe_dump(toc, allow_unicode=True, sort_keys=False)


def _unused(root: Path, exceptions: Mapping[str, str], chapters: list[Chapter]) -> Iterator[Fault]:
    text = "\n".join(chapter.text for chapter in chapters)
    for phrase in exceptions:
        if phrase not in text:
            yield Fault(f"the exception '{phrase}' is used nowhere", "Take it out of the list.", EXCEPTIONS)


def check_book(book: Book, facts: Mapping[str, Fact], content: Mapping[str, Any]) -> list[Fault]:
    """Every fault of the chapters: unknown names, sentences that no longer hold, numbers left bare, wrong quotations.

    `content` is what the snapshot tells: the ids of figures and tables, sources by key, the texts that can be quoted by
    item (a paragraph as `ARTICLE#p3`, a comment by its id), and the keys of the sources that the data use.
    """
    faults = [*book.faults, *_redirects(book, content["topic"].get("redirects", {}))]
    faults += _parts_of_pdf(book, content)
    faults += plan_answers.faults_of(book.root, content["plan"], _named(book, content))
    faults += paper_fonts.faults_of(book.root, content["topic"]["pdf_fonts"], _written(book, content))
    for chapter in [*book.chapters.values(), *book.parts.values()]:
        faults += chapter.faults
        faults += _unknown(chapter.file, chapter.mentions, facts, "fact")
        faults += _unknown(chapter.file, chapter.figures, content["figure_ids"], "figure")
        faults += _unknown(chapter.file, chapter.tables, content["table_ids"], "table")
        faults += _unknown(chapter.file, chapter.references, book.figure_numbers, "figure")
        faults += _unknown(chapter.file, chapter.table_references, book.table_numbers, "table")
        faults += _unknown(chapter.file, chapter.sources, content["sources"], "source")
        for named in chapter.mentions:
            if named.mention and named.name in facts:
                try:
                    named.mention.text(facts)
                except BriefError as error:
                    faults += [Fault(f.what, f.remedy, chapter.file, named.line) for f in error.faults]
        faults += check_quotations(chapter, content["texts"])
        for statement in chapter.statements:
            faults += check_statement(statement, facts)
    faults += _needs(book, facts)
    cited = {named.name for chapter in [*book.chapters.values(), *book.parts.values()] for named in chapter.sources}
    for key in sorted(set(content["sources"]) - cited - set(content["sources_used"])):
        faults.append(Fault(f"the source '{key}' is used nowhere", "Cite it, or take it out.", "data/sources.bib"))
    seen: dict[str, str] = {}
    for _, statement in book.statements():
        if statement.statement_id in seen:
            faults.append(
                Fault(
                    f"two statements are named '{statement.statement_id}'",
                    f"Rename this one or the one in {seen[statement.statement_id]}.",
                    statement.chapter,
                    statement.line,
                )
            )
        seen[statement.statement_id] = statement.chapter
    # What is printed is known only where every condition can be read.
    return faults or _links_astray(book, facts)


def _needs(book: Book, facts: Mapping[str, Fact]) -> Iterator[Fault]:
    """What is wrong with the conditions that chapters need to stand in the contents."""
    for chapter in book.chapters.values():
        try:
            if chapter.needs:
                parse(chapter.needs).holds(values(facts))
        except BriefError as error:
            yield from (Fault(f.what, f.remedy, chapter.file, 1) for f in error.faults)


def _links_astray(book: Book, facts: Mapping[str, Fact]) -> list[Fault]:
    """The links to chapters that leave the contents; one in a sentence that is not printed leads nobody astray."""
    faults: list[Fault] = []
    standing = book.standing(facts)
    for docname in standing.chapters:
        for chapter in book.whole(docname):
            printed = [part for statement in chapter.statements if (part := chosen(statement, facts))]
            for link in [*chapter.links, *(link for part in printed for link in part.links)]:
                target = posixpath.normpath(posixpath.join(posixpath.dirname(chapter.file), link.name.split("#")[0]))
                if target.removesuffix(".md") in book.chapters.keys() - standing.chapters.keys():
                    what = f"the link leads to {target}, which has no data yet and is left out"
                    remedy = "Take the link out, or put it into a statement whose condition asks for the data."
                    faults.append(Fault(what, remedy, chapter.file, link.line))
    return faults


_OWN_PAGES = {"search", "404"}
"""Pages of the site that are no chapters."""


def _redirects(book: Book, redirects: Mapping[str, str]) -> Iterator[Fault]:
    """What is wrong with the pages that were renamed: the old name is free, and the new one is a page."""
    pages = {"index" if place == 0 else name.removeprefix("book/") for place, name in enumerate(book.chapters)}
    for old, new in redirects.items():
        if old in pages | _OWN_PAGES:
            remedy = "Take the line out, or rename the page."
            yield Fault(f"the page '{old}' exists, so it leads nowhere else", remedy, _BRIEF, None, "redirects")
        if new not in pages:
            remedy = f"Name one of: {', '.join(sorted(pages))}."
            yield Fault(f"'{old}' leads to '{new}', which is no page", remedy, _BRIEF, None, "redirects")


def _written(book: Book, content: Mapping[str, Any]) -> Iterator[str]:
    """What a brief is written in: its title and question, its chapters, and what the program says in its language."""
    topic = content["topic"]
    yield from (topic[key] for key in ("title", "subtitle", "question", "audience", "publisher"))
    yield from (chapter.text for chapter in [*book.chapters.values(), *book.parts.values()])
    for forms in catalogue_of(topic["language"], book.root).messages.values():
        yield from forms


def _parts_of_pdf(book: Book, content: Mapping[str, Any]) -> Iterator[Fault]:
    """The parts of the short PDF that there are not; what is there and has no data yet is no fault."""
    known: dict[str, Collection[str]] = {
        **_named(book, content),
        "section": {
            f"{docname}#{name}"
            for docname in book.chapters
            for chapter in book.whole(docname)
            for name in chapter.sections
        },
    }
    for place, part in enumerate(content["topic"]["pdf"]):
        kind, _, name = part.partition(" ")
        if name not in known.get(kind, ()):
            near = get_close_matches(part, sorted(f"{kind} {name}" for kind in known for name in known[kind]), 1, 0.0)
            remedy = (
                "Name what there is: figure ID, table ID, statement NAME or section CHAPTER#HEADING"
                f"{f', as {near[0]}' if near else ''}. A line (NAME)= above a heading names it as well."
            )
            # What tells the line takes longer to load than the chapters to be read, and is needed only here.
            from brief.contract.files import line_of_item

            row = line_of_item(read_text(book.root / _BRIEF, _BRIEF), "pdf", place)
            yield Fault(f"the PDF has no part '{part}'", remedy, _BRIEF, row, "pdf")


def _named(book: Book, content: Mapping[str, Any]) -> dict[str, Collection[str]]:
    """The figures, tables and statements that there are, by their names."""
    statements = {statement.statement_id for _, statement in book.statements()}
    return {"figure": content["figure_ids"], "table": content["table_ids"], "statement": statements}


def check_quotations(chapter: Chapter, texts: Mapping[str, str]) -> list[Fault]:
    """The faults of a chapter's quotations; `texts` are what can be quoted, by item."""
    faults: list[Fault] = []
    for quotation, line in chapter.quotations:
        try:
            quotations.check(quotation, texts)
        except BriefError as error:
            faults += [Fault(f.what, f.remedy, chapter.file, line) for f in error.faults]
    return faults


def _unknown(file: str, named: list[Named], known: Collection[str], kind: str) -> Iterator[Fault]:
    for mention in named:
        if mention.name not in known:
            remedy = unknown_name_remedy(mention.name, known)
            if kind != "fact":
                remedy = remedy.replace(
                    "a name that `brief facts` lists", f"one of the {kind}s: {', '.join(sorted(known))}"
                )
            yield Fault(f"there is no {kind} named '{mention.name}'", remedy, file, mention.line)


def check_statement(statement: Statement, facts: Mapping[str, Fact]) -> list[Fault]:
    """The faults of one statement; that none of its conditions holds is one of them."""
    faults: list[Fault] = []
    given = values(facts)
    for part in statement.alternatives:
        if part.condition is None:
            continue
        try:
            condition = parse(part.condition)
            unknown = sorted(name for name in condition.names if name not in facts)
            for name in unknown:
                remedy = unknown_name_remedy(name, facts)
                faults.append(
                    Fault(f"the condition names '{name}', which is no fact", remedy, statement.chapter, part.line)
                )
            loose = sorted({mention.name for mention in part.mentions} - condition.names)
            if loose:
                faults.append(
                    Fault(
                        f"the sentence names {', '.join(loose)}, which its condition '{condition.text}' does not",
                        "Say in the condition what must be true of it for the sentence to hold.",
                        statement.chapter,
                        part.line,
                    )
                )
            if not unknown:
                condition.holds(given)
                for idle in condition.idle(given):
                    faults.append(
                        Fault(
                            f"'{idle}' is true whatever the data say, so it carries no sentence",
                            "Say what must be true for the sentence to hold, or give it an alternative.",
                            statement.chapter,
                            part.line,
                        )
                    )
        except BriefError as error:
            faults += [Fault(f.what, f.remedy, statement.chapter, part.line) for f in error.faults]
    if not faults:
        faults += unread.faults(statement, facts)
    if not faults and statement.alternatives and chosen(statement, facts) is None:
        listed = "; ".join(
            f"'{part.condition}' is false ({parse(part.condition or '').values(given)})"
            for part in statement.alternatives
        )
        faults.append(
            Fault(
                f"the statement '{statement.statement_id}' no longer holds: {listed}",
                "Reword it for the new data, give it an alternative under another condition, or see it in place with "
                "`brief build --draft`.",
                statement.chapter,
                statement.line,
                kind="outdated",
            )
        )
    return faults


def chosen(statement: Statement, facts: Mapping[str, Fact]) -> Alternative | None:
    """The first alternative whose condition is true of the facts; None where none is."""
    given = values(facts)
    for part in statement.alternatives:
        if part.condition is None or parse(part.condition).holds(given):
            return part
    return None
