"""The one pre-pass over data and chapters, before a cell runs; `brief check` and the build share it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from brief.book.contents import Book, check_book, check_quotations, read_book
from brief.book.records import faults_of_records
from brief.book.snapshot import Snapshot, take
from brief.errors import BriefError, Fault


@dataclass(frozen=True)
class Checked:
    """What the pre-pass found: the faults, and where the data are sound the snapshot and the book."""

    faults: tuple[Fault, ...]
    book: Book
    snapshot: Snapshot | None


def examine(root: Path, draft: bool = False) -> Checked:
    """Check the brief at `root`. A draft forgives statements that no longer hold, and nothing else."""
    from brief.data import places

    book = read_book(root)
    # What stands at the places of files is seen here: the copy that is read has nothing but files.
    around = [*places.examine(root), *faults_of_records(root)]
    try:
        snapshot = take(root)
    except BriefError as error:
        return Checked((*error.faults, *around, *check_alone(book, root)), book, None)
    faults = [*around, *check_book(book, snapshot.facts, snapshot.facts_json)]
    if draft:
        faults = [fault for fault in faults if fault.kind != "outdated"]
    faults = list(BriefError(faults).faults)
    return Checked(tuple(faults), book if faults else book.standing(snapshot.facts), snapshot)


def check_alone(book: Book, root: Path) -> list[Fault]:
    """The faults of the chapters that can be seen without facts: of the prose itself, and of what it quotes.

    Where a text could not be read, nothing is said of quotations: one broken file would be told many times over.
    """
    # Only here: a build without a fault reads neither data nor tables again.
    from brief.book.computing import texts_of
    from brief.data.examining import examine as examine_data

    data = examine_data(root)
    texts = texts_of(data.brief) if data.brief is not None and data.texts_read else None
    faults = list(book.faults)
    for chapter in [*book.chapters.values(), *book.parts.values()]:
        faults += chapter.faults
        faults += check_quotations(chapter, texts) if texts is not None else []
    return faults


def to_write(checked: Checked) -> dict[str, str]:
    """What is still to be written in a brief without a fault, by its place: what `brief new` left to be filled in."""
    from brief.prose.catalogue import OWN, primary
    from brief.store import catalogues, starter

    if checked.faults or checked.snapshot is None:
        return {}
    root, language = checked.snapshot.root, str(checked.snapshot.facts_json["topic"]["language"])
    unfilled = starter.unfilled_in(root, language)
    placeholders = {f"data/brief.yml, {place}": what for place, what in unfilled.items()}
    if number := len(catalogues.left(root, language)):
        placeholders[f"{OWN}/{primary(language)}.po"] = f"{number} messages, which stand in English on the pages"
    return placeholders | checked.book.to_write()


def unshown(checked: Checked) -> list[str]:
    """The codings of comments that no page shows, in words; none while there is a fault."""
    from brief.data import unshown as codings

    return codings.lines(checked.snapshot.facts_json["unshown"]) if checked.snapshot is not None else []


def check(root: Path) -> list[Fault]:
    """Every fault of the brief at `root`, in the order of the files; an empty list where there is none."""
    return list(BriefError(examine(root).faults).faults)
