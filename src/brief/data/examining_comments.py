"""Every comment of a brief checked, batch by batch: its cells, its id, its text beside what the ledger recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from brief.contract import checking, comment_files, files, tables
from brief.data import ledger, privacy, threads
from brief.data.brief import HIDDEN, WITHDRAWN, WITHOUT_TEXT
from brief.data.shapes import Collection
from brief.errors import BriefError, Fault
from brief.prose.folding import is_invisible
from brief.prose.placeholders import is_placeholder

_BATCH = 50_000


class Examiner(Protocol):
    """What the check of all data offers to the check of comments, and what it is given of them."""

    root: Path
    faults: list[Fault]
    unread: set[str]
    quoted: dict[str, str]
    authors: dict[str, str]
    columns: set[str]
    decided: privacy.Decided

    def fault(self, what: str, remedy: str, file: str, row: int | None = None, column: str = "") -> None:
        """Note a fault."""

    def changed(
        self,
        recorded: Mapping[str, ledger.Recorded],
        item: str,
        text: str,
        file: str,
        where: str,
        row: int | None = None,
    ) -> None:
        """Note a fault where a text is not the one that was recorded."""


def examine(
    examiner: Examiner, collections: Iterable[Collection], recorded: Mapping[str, ledger.Recorded]
) -> dict[str, str]:
    """Check every comment; returns the status by comment id."""
    comments = _Comments(examiner, recorded)
    for collection in collections:
        comments.read(collection)
    if "comments" in examiner.unread:
        examiner.faults += threads.faults_of(comments.answers, None)
    else:
        examiner.faults += threads.faults_of(comments.answers, comments.places)
    return comments.statuses


class _Comments:
    def __init__(self, examiner: Examiner, recorded: Mapping[str, ledger.Recorded]) -> None:
        self.examiner, self.recorded = examiner, recorded
        self.places: dict[str, tuple[str, int]] = {}
        self.statuses: dict[str, str] = {}
        self.answers: list[threads.Answer] = []

    def read(self, collection: Collection) -> None:
        """Check the comments of a collection."""
        examiner, name = self.examiner, collection.collection_id
        place = comment_files.stored(examiner.root, name)
        file = f"{comment_files.FOLDER}/{place.name}"
        if place.suffix == comment_files.ENDING and place.with_suffix(".csv").exists():
            examiner.fault("there is a CSV file of the same name", "Keep one of the two.", file)
        if collection.comments and not place.exists():
            what = f"the comments of '{name}' have not been copied from their address"
            examiner.fault(what, f"Give: brief fetch {name}. A build uses no network.", file)
            examiner.unread.add("comments")
            return
        known, texts = self.recorded.get(ledger.table_item(name)), ledger.TableDigest()
        try:
            for batch, own, first in comment_files.batches(examiner.root, name, _BATCH):
                examiner.columns.update(map(str, batch.columns))
                examiner.faults += checking.check_frame(batch, tables.COMMENTS, own, first)
                if "comment_id" not in batch or "text" not in batch:
                    examiner.unread.add("comments")
                    return
                if known is not None:
                    texts.update(batch["comment_id"], batch["text"])
                for row, comment in enumerate(files.records(batch), start=first):
                    self.comment(comment, own, row)
        except BriefError as error:
            examiner.faults += error.faults
            examiner.unread.add("comments")
            return
        if known is not None and known.is_of(texts.hexdigest()) is False:
            what = "the texts of this table are not those that came in"
            remedy = f"Put the table back, or record the edit: brief record-edit {name} --note WHY."
            examiner.fault(what, remedy, file)

    def comment(self, comment: Mapping[str, str], file: str, row: int) -> None:
        examiner, recorded = self.examiner, self.recorded
        name, text, status = comment["comment_id"], comment["text"], comment.get("status", "")
        if name in self.places:
            before = "{}, row {}".format(*self.places[name])
            what = f"the comment '{name}' is there already ({before})"
            examiner.fault(what, "Give it another id.", file, row, "comment_id")
            recorded = {}
        self.places.setdefault(name, (file, row))
        self.statuses[name] = WITHOUT_TEXT if status not in HIDDEN and is_placeholder(text) else status
        if comment.get("parent_id"):
            self.answers.append(threads.Answer(comment["parent_id"], name, file, row))
        if comment.get("author"):
            examiner.authors.setdefault(comment["author"], name)
        examiner.decided.read(name, text)
        if name in examiner.quoted:
            examiner.quoted[name] = text
        if status == WITHDRAWN:
            for column in ("text", "author"):
                if comment.get(column):
                    examiner.fault(f"a withdrawn comment still has its {column}", "Empty the cell.", file, row, column)
        elif (known := recorded.get(name)) and known.event == ledger.WITHDRAWAL and text:
            examiner.fault(
                f"the comment '{name}' was withdrawn and its text is here again",
                "Empty the cell and write withdrawn under status; if it may be shown after all: "
                f"brief record-edit {name} --note WHY.",
                file,
                row,
                "text",
            )
        elif status != WITHDRAWN and is_invisible(text):
            examiner.fault(
                "the comment has no text",
                f"Write it, remove the row, or withdraw it: brief withdraw {name} --note WHY.",
                file,
                row,
                "text",
            )
        else:
            examiner.changed(recorded, name, text, file, "", row)
