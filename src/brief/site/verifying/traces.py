"""The trace of an edition: every number that it lists stands at its place, and no other number stands on the pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from brief.errors import BriefError, Fault
from brief.prose.language import ungrouped
from brief.site import tracing
from brief.site.tracing.numbers import NUMBER, Block, Number, Walk, numbers, words
from brief.site.tracing.paper import Beside
from brief.site.verifying.facts import Known, is_printed
from brief.site.verifying.stored import Stored, at, fault

_CELL = re.compile(r"(figures/[^#]+)#cell=(\d{1,9}),(\d{1,9})")
_CHANGED = "The page, the file or the trace was changed."
_PARTS = ("files", "functions", "exhibits", "pages", "numbers", "papers")


def chapters(stored: Stored) -> list[str]:
    """The pages that the trace names as chapters; none where there is no trace, or where it cannot be read."""
    try:
        traced = read(stored)
    except BriefError:
        return []
    return [str(page) for page in traced["pages"]] if traced is not None else []


class Traced(NamedTuple):
    """What was compared: numbers of pages and of PDFs; why there was nothing to compare; and what is wrong."""

    pages: int
    papers: int
    missing: str
    wrong: list[Fault]


def read(stored: Stored) -> Mapping[str, Any] | None:
    """The trace of an edition; None for one from before there were traces. Raises `BriefError` for one that is none."""
    traced = stored.json(tracing.FILE)
    if traced is None:
        return None
    parts = _PARTS if isinstance(traced, dict) and traced.get("form") != tracing.FORM else (*_PARTS, "rows")
    if not isinstance(traced, dict) or not all(isinstance(traced.get(part), dict) for part in parts):
        raise BriefError(fault(stored.named(tracing.FILE), "this is no trace of numbers", _CHANGED))
    return traced


def faults_of_trace(stored: Stored, facts: Mapping[str, Known]) -> Traced:
    """Compare the trace with the facts, the pages, the files of figures and tables, and the PDFs."""
    try:
        traced = read(stored)
    except BriefError as error:
        return Traced(0, 0, "", list(error.faults))
    if traced is None:
        return Traced(0, 0, f"there is no {tracing.FILE}", [])
    if traced.get("form") != tracing.FORM:
        # Other programs wrote another list: what it lacks was not put in.
        return Traced(0, 0, f"{tracing.FILE} has another form than the one that this program writes", [])
    wrong = [*_of_functions(stored, traced, facts), *_of_rows(stored, traced, facts)]
    rows = tracing.rows_of(stored.read)
    walk = Walk(rows)
    blocks: list[Block] = []
    mains = []
    counts = [0, 0]
    for page, chapter in traced["pages"].items():
        main = stored.pages[page].xpath("//main") if page in stored.pages else []
        listed = list(_entries(traced["numbers"].get(page), (str, str, str)))
        # Without pages there is an archive of data alone: then only facts and cells are compared.
        if main:
            own = walk.blocks(main[0], str(chapter))
            ours = numbers(own)
            blocks += own
            mains.append(main[0])
            wrong += _compared(ours, [Number(*entry) for entry in listed], stored, page)
        elif stored.has_pages:
            wrong.append(fault(stored.named(str(page)), "the trace names this page, and it cannot be read", _CHANGED))
        counts[0] += len(listed)
        for entry in listed:
            wrong += _of_entry(Number(*entry), stored, page, facts, rows)
    about = tracing.beside(mains, {name: fact.printed for name, fact in facts.items()}, _titles(stored))
    for name, entries in traced["papers"].items() if stored.has_pages else ():
        listed = list(_entries(entries, (int, str, str)))
        counts[1] += len(listed)
        wrong += _of_paper(stored, str(name), listed, blocks, about)
    return Traced(counts[0], counts[1], "", wrong)


def faults_of_data(stored: Stored, root_files: Mapping[str, str]) -> Iterator[Fault]:
    """The files of the brief that are not those that the trace names, by their SHA-256."""
    traced = read(stored)
    for file, kept in traced["files"].items() if traced is not None else ():
        if not isinstance(kept, dict) or root_files.get(file) != kept.get("sha256"):
            what = f"{str(file)[:80]} is not the file of the data that the trace names"
            yield fault(stored.named(tracing.FILE), what, "The edition was changed, or is of other data.")


def _of_functions(stored: Stored, traced: Mapping[str, Any], facts: Mapping[str, Known]) -> Iterator[Fault]:
    named = [
        str(name)
        for function in traced["functions"].values()
        if isinstance(function, dict) and isinstance(function.get("facts"), list)
        for name in function["facts"]
    ]
    for name in sorted({*named} ^ {*facts}):
        lacks = "the trace lacks the fact" if name in facts else "facts.json lacks the fact of the trace"
        yield fault(stored.named(tracing.FILE), f"{lacks} {name[:80]}", _CHANGED)


def _of_rows(stored: Stored, traced: Mapping[str, Any], facts: Mapping[str, Known]) -> Iterator[Fault]:
    """Whether the rows that a fact counts are as many as the fact says, and each once."""
    for name, rows in traced["rows"].items():
        if name not in facts:
            continue
        number, ids = (rows.get("number"), rows.get("ids")) if isinstance(rows, dict) else (None, None)
        are_named = isinstance(ids, list) and len(ids) == len(set(map(str, ids))) == number
        if number != facts[name].value or not (are_named or (ids is None and rows.get("sha256"))):
            what = f"the trace counts other rows for {name[:80]} than the fact, which is {facts[name].printed}"
            yield fault(stored.named(tracing.FILE), what, _CHANGED)


def faults_of_rows(stored: Stored, anew: Mapping[str, Any]) -> Iterator[Fault]:
    """The facts that count other rows in the trace than the data of the brief give; `anew` is from `chain.rows_of`."""
    traced = read(stored)
    for name, rows in anew.items() if traced is not None and traced.get("form") == tracing.FORM else ():
        if traced is not None and traced["rows"].get(name) != rows:
            what = f"the trace counts other rows for {name} than the data give"
            yield fault(stored.named(tracing.FILE), what, "The edition was changed, or is of other data.")


def _entries(listed: object, kinds: tuple[type, ...]) -> Iterator[tuple[Any, ...]]:
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, list) and len(entry) == len(kinds) and all(map(isinstance, entry, kinds)):
            yield tuple(entry)


def _compared(ours: list[Number], theirs: list[Number], stored: Stored, page: str) -> Iterator[Fault]:
    lacking, added = Counter(theirs) - Counter(ours), Counter(ours) - Counter(theirs)
    for number in lacking:
        what = f"the trace has “{number.printed[:40]}” here, as {number.of[:80]}; the page has it no more"
        yield fault(stored.named(at(page, number.place)), what, _CHANGED)
    for number in added:
        what = f"“{number.printed[:40]}” is a number that the trace does not have here"
        yield fault(stored.named(at(page, number.place)), what, _CHANGED)


def _of_entry(number: Number, stored: Stored, page: str, facts: Mapping[str, Known], rows: Any) -> Iterator[Fault]:
    """Whether a number of the trace is the fact or the cell that it is said to be."""
    place = stored.named(at(page, number.place))
    if cell := _CELL.fullmatch(number.of):
        table, row, column = rows(cell[1]), int(cell[2]) - 1, int(cell[3]) - 1
        text = table[row][column] if 0 <= row < len(table) and 0 <= column < len(table[row]) else ""
        if not {number.printed, ungrouped(number.printed)}.intersection(NUMBER.findall(text)):
            yield fault(place, f"“{number.printed[:40]}” does not stand in {number.of}", _CHANGED)
    elif (
        number.of in facts and not NUMBER.fullmatch(number.printed) and not is_printed(number.printed, facts[number.of])
    ):
        yield fault(place, f"the trace says “{number.printed[:40]}”, the fact is {facts[number.of].printed}", _CHANGED)


def _titles(stored: Stored) -> list[str]:
    """The titles of the chapters, as each page names them in its head."""
    links = [link for tree in stored.pages.values() for link in tree.xpath("//header//span[@class='chapters__title']")]
    return list(dict.fromkeys(words(link) for link in links))


def _of_paper(
    stored: Stored, name: str, listed: Iterable[tuple[Any, ...]], blocks: list[Block], about: Beside
) -> Iterator[Fault]:
    try:
        ours: Counter[tuple[Any, ...]] = Counter(tracing.on_paper(stored.read(name) or b"", blocks, about))
    except ValueError:
        # That it cannot be read is a finding of its own.
        return
    theirs = Counter(listed)
    for page, printed, of in theirs - ours:
        what = f"the trace has “{printed[:40]}” on page {page}, as {of[:80]}; it does not stand there"
        yield fault(stored.named(name), what, "The PDF, the page or the trace was changed.")
    for page, printed, of in ours - theirs:
        what = f"“{printed[:40]}” on page {page}, {of[:80]}, is a number that the trace does not have there"
        yield fault(stored.named(name), what, "The PDF, the page or the trace was changed.")
