"""Stored comments and those of an export made one table: which row becomes which, and the rows as they will be.

First each incoming row gets its name, by its id, author, date and the digest of its text. The rows themselves are made
when they are asked for, one by one, so that no more than one text is held, however many there are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import zip_longest
from sys import intern

from slugify import slugify

from brief.contract import comment_files, tables
from brief.data import ledger
from brief.data.brief import GONE, WITHDRAWN, Brief
from brief.store.reconciling import ORIGINAL, ORIGINAL_PARENT, Reconciled
from brief.store.rows import Row, Rows
from brief.store.stored import StoredFile

_LONGEST_ID = 100
_BATCH = 50_000


class Index:
    """What is held of stored rows: by their places, the id, the status, the file that each came in with."""

    def __init__(self, rows: Rows) -> None:
        self.ids: list[str] = []
        self.statuses: list[str] = []
        self.files: list[str] = []
        for row in rows:
            self.ids.append(row["comment_id"])
            self.statuses.append(intern(row.get("status", "")))
            # What stands behind a comma is the place in the file.
            self.files.append(intern(row.get("source", "").partition(", ")[0]))


class Merging(Iterable[Row]):
    """The rows of a comments file as they will be. `order` comes first; then they can be passed over, again and again.

    `counts` says how many became what; `changed_ids` are the comments with another text, `lost` how many answer what is
    not here, `latest` the last day that a new or changed one tells.
    """

    def __init__(
        self,
        brief: Brief,
        name: str,
        before: Rows,
        index: Index,
        incoming: Rows,
        matched: Reconciled,
        recorded: Collection[str],
        taken_back: ledger.Withdrawn,
        source: str,
    ) -> None:
        self._before, self._index, self._incoming, self._matched = before, index, incoming, matched
        self._source, self._name = source, name
        self._changed = set(matched.changed)
        self.counts: Counter[str] = Counter()
        self.lost, self.latest = 0, ""
        #: The first id of the export that no file may have, and what it is called here; and how many there are.
        self.renamed, self.renamed_as = 0, ("", "")
        self._taken = {*index.ids, *_names_elsewhere(brief, name)}
        self._last = last_number([*index.ids, *recorded], name)
        #: By the place of an incoming row, what it is called here; None where it is left out.
        self._names = [self._named(place, row, taken_back) for place, row in enumerate(incoming)]
        olds = ((place, matched.stored[place]) for place in matched.changed)
        self.changed_ids = {index.ids[old] for place, old in olds if old is not None and self._is_changed(place, old)}
        self._parents = dict(self._called_here()) if "parent_id" in incoming.columns else {}
        self._count_lost()
        self._whole, self._gone, self._kept = False, frozenset[int](), bytearray(len(before))
        self._first_position = 0

    def order(self, whole: bool, gone: Collection[int]) -> None:
        """Say how the rows will stand: a whole thread as in the export, then those of other files and those that are
        gone; else the new ones behind the stored ones.
        """
        self._whole, self._gone = whole, frozenset(gone)
        for old in self._matched.stored:
            if old is not None:
                self._kept[old] = 1
        statuses = self._index.statuses
        self.counts["gone"] = sum(statuses[place] not in (WITHDRAWN, GONE) for place in self._gone)
        if not whole:
            numbers = (int(row["position"]) for row in self._before if row.get("position"))
            self._first_position = max(numbers, default=len(self._before))

    def __iter__(self) -> Iterator[Row]:
        return self._of_whole() if self._whole else self._with_more()

    def shown(self) -> Iterable[Row]:
        """The rows that are new or changed, as they come in the export; without the place that they will have."""
        return _Shown(self)

    def edited(self, most: int) -> list[tuple[str, str, str]]:
        """The first of the changed rows: id, the stored text, the export's."""
        pairs = ((place, self._matched.stored[place]) for place in self._matched.changed)
        first = [(place, old) for place, old in pairs if old is not None and self._is_changed(place, old)][:most]
        return [
            (self._index.ids[old], self._before[old]["text"], self._incoming[place]["text"]) for place, old in first
        ]

    def _of_whole(self) -> Iterator[Row]:
        position = 0
        for _, row in self.made():
            position += 1
            yield {**row, "position": str(position)}
        for place, stored in enumerate(self._before):
            if not self._kept[place] and place not in self._gone:
                position += 1
                yield {**stored, "position": str(position) if stored.get("position") else ""}
        for place in sorted(self._gone):
            stored = self._before[place]
            yield stored if stored.get("status") == WITHDRAWN else {**stored, "status": GONE, "position": ""}

    def _with_more(self) -> Iterator[Row]:
        places = {old: place for place, old in enumerate(self._matched.stored) if old is not None}
        for old, stored in enumerate(self._before):
            place = places.get(old)
            here = None if place is None else self._made(place, self._incoming[place])
            yield stored if here is None else here
        number = self._first_position
        for place, row in enumerate(self._incoming):
            if self._matched.stored[place] is None and (here := self._made(place, row)) is not None:
                number += 1
                yield {**here, "position": here.get("position") or str(number)}

    def is_shown(self, place: int) -> bool:
        """Whether an incoming row is new or changed."""
        old = self._matched.stored[place]
        return self._names[place] is not None if old is None else self._is_changed(place, old)

    def _is_changed(self, place: int, old: int) -> bool:
        return place in self._changed and self._index.statuses[old] != WITHDRAWN

    def made(self) -> Iterator[tuple[int, Row]]:
        """Each incoming row that stays, by its place, as it will be."""
        for place, row in enumerate(self._incoming):
            if (here := self._made(place, row)) is not None:
                yield place, here

    def _made(self, place: int, row: Row) -> Row | None:
        """An incoming row as it will be; None for one that was withdrawn."""
        old, name = self._matched.stored[place], self._names[place]
        if name is None:
            return None
        if old is None:
            comment = {**row, "comment_id": name, "source": row.get("source") or self._source}
            if row.get("comment_id") and row["comment_id"] != name:
                comment[ORIGINAL] = row["comment_id"]
        else:
            stored = self._before[old]
            if stored.get("status") == WITHDRAWN:
                return stored
            given = {name: cell for name, cell in row.items() if name not in ("comment_id", "parent_id", ORIGINAL)}
            comment = {**stored, **given, "status": row.get("status", "")}
            known = self._source if place in self._changed else stored.get("source", "")
            comment["source"] = row.get("source") or known
        if (parent := row.get("parent_id", "")) and comment.get("status") != WITHDRAWN:
            # What is answered gets the name that it has here; what is not here is kept as the export says it.
            here = self._parents.get(parent)
            comment |= {"parent_id": here} if here is not None else {"parent_id": "", ORIGINAL_PARENT: parent}
        return comment

    # Names -----------------------------------------------------------------------------------------------------------

    def _named(self, place: int, row: Row, taken_back: ledger.Withdrawn) -> str | None:
        """What an incoming row is called here; None for one that was withdrawn and is not stored."""
        old = self._matched.stored[place]
        if old is not None:
            is_withdrawn = self._index.statuses[old] == WITHDRAWN
            state = "changed" if place in self._changed else "as before"
            self.counts["withdrawn" if is_withdrawn else state] += 1
            if self._is_changed(place, old):
                self._note_day(row)
            return self._index.ids[old]
        if taken_back.items_of(row["text"]) and row.get("status") != WITHDRAWN:
            self.counts["withdrawn"] += 1
            return None
        self.counts["new"] += 1
        self._note_day(row)
        return self._id(row.get("comment_id", ""))

    def _note_day(self, row: Row) -> None:
        self.latest = max(self.latest, row.get("posted_at", "")[:10], row.get("edited_at", "")[:10])

    def _id(self, original: str) -> str:
        """A name for a new comment: its own where that is safe and free, else one of the collection's name."""
        if original and tables.ID.fullmatch(original) and original not in self._taken:
            name = original
        elif original:
            stem = slugify(f"{self._name}-{original}")[:_LONGEST_ID].strip("-") or self._name
            stem = stem if stem[0].isalpha() else f"a-{stem}"
            name, number = stem, 1
            while name in self._taken:
                number += 1
                name = f"{stem}-{number}"
            self.renamed += 1
            self.renamed_as = self.renamed_as if self.renamed > 1 else (original, name)
        else:
            self._last += 1
            name = f"{self._name}-{self._last}"
        self._taken.add(name)
        return name

    def _called_here(self) -> Iterator[tuple[str, str]]:
        """What each comment is called by the export, and here."""
        for row in self._before:
            yield row.get(ORIGINAL) or row["comment_id"], row["comment_id"]
        for place, row in enumerate(self._incoming):
            name = self._names[place]
            if name is not None and self._matched.stored[place] is None:
                yield row.get("comment_id") or name, name

    def _count_lost(self) -> None:
        if "parent_id" not in self._incoming.columns:
            return
        for place, row in enumerate(self._incoming):
            old = self._matched.stored[place]
            status = self._index.statuses[old] if old is not None else row.get("status", "")
            if self._names[place] is not None and status != WITHDRAWN and row.get("parent_id"):
                self.lost += row["parent_id"] not in self._parents


class _Shown(Iterable[Row]):
    def __init__(self, merging: Merging) -> None:
        self._merging = merging

    def __iter__(self) -> Iterator[Row]:
        return (row for place, row in self._merging.made() if self._merging.is_shown(place))


class Survey:
    """What has to be known of all rows before they are written: columns, digest, whether all is as it was."""

    def __init__(self, merging: Merging, there: StoredFile | None) -> None:
        before = there.rows() if there is not None else iter(())
        known = there.columns if there is not None else ()
        used = dict.fromkeys([*known, "comment_id", "position", "source"])
        texts = ledger.TableDigest()
        self.rows, same = 0, there is not None
        for row, old in zip_longest(merging, before):
            same = same and row is not None and old is not None and _is_same(row, old)
            if row is None:
                break
            self.rows += 1
            used.update((name, None) for name, cell in row.items() if cell and name not in used)
            texts.update([row["comment_id"]], [row["text"]])
        self.columns = tables.in_order([*used, "text"], tables.COMMENTS)
        self.digest = texts.hexdigest()
        self.as_before = same and list(known) == self.columns


def _is_same(row: Row, old: Row) -> bool:
    return all(row.get(name, "") == old.get(name, "") for name in {**row, **old})


def last_number(names: Iterable[str], collection_id: str) -> int:
    """The highest number that a comment of a collection has, or had: no id is given twice."""
    numbered = (re.fullmatch(re.escape(collection_id) + r"-([0-9]{1,9})", name) for name in names)
    return max((int(match[1]) for match in numbered if match), default=0)


def _names_elsewhere(brief: Brief, name: str) -> Iterator[str]:
    """The ids of the comments of other collections."""
    for collection in brief.collections:
        if collection.collection_id != name:
            for part in comment_files.batches(brief.root, collection.collection_id, _BATCH):
                yield from part.rows["comment_id"]
