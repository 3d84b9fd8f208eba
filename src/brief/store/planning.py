"""The comments of an export beside what is stored: the rows as they will be, their ledger, and what became of each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from slugify import slugify

from brief.analysis import coding, gate
from brief.contract import files as contract_files
from brief.contract import tables, text_files
from brief.data import keys, ledger
from brief.data.brief import EARLIER, GONE, READER, WITHDRAWN, Brief
from brief.errors import BriefError, Fault, fail
from brief.prose.placeholders import is_placeholder
from brief.store.changes import comments_of
from brief.store.reconciling import ORIGINAL, ORIGINAL_PARENT, Reconciled, reconciled

ALL, MORE = "all", "more"
"""Whether an export holds the whole thread anew, or further comments beside those that are stored."""
_EDITED = "a newer export has another text"
_LONGEST_ID = 100
_NEARLY_TOLD = (
    "Comments without an id count as edited where their text is nearly the same as one that is missing; "
    "--holds more says that they are further ones."
)

Row = dict[str, str]


@dataclass(frozen=True)
class Planned:
    """What comes of an export: the text of the comments file, rows of the ledger, files of codings that are marked.

    `counts` has the states in the order in which they are told: new, changed, gone, as before, withdrawn. `edited` are
    the changed ones: id, the stored text, the export's. `shown`: the rows that are new or changed. `guesses` and
    `messages` are for the preview; `unlike` says how the new comments do not look like those that are stored.
    """

    files: Mapping[str, str]
    rows: Sequence[Row]
    counts: Mapping[str, int]
    edited: Sequence[tuple[str, str, str]] = ()
    shown: Sequence[Row] = ()
    guesses: Sequence[str] = ()
    messages: Sequence[str] = field(default_factory=list)
    unlike: Sequence[gate.Unlike] = ()


def planned(
    brief: Brief,
    name: str,
    comments: pd.DataFrame,
    source: str,
    holds: str = "",
    *,
    page: bool = False,
    again: bool = False,
    without_key: bool = False,
) -> Planned:
    """What taking the comments of an export into a collection would change.

    In: the brief, the collection's name, rows as `sources.read` gives them, the name of their file; `holds` is `ALL` or
    `MORE` where the caller says it; a page holds all of its comments. `again` says that this very file was taken in
    before: then nothing is gone because of it. `without_key` accepts that withdrawn texts are not recognised. Raises
    `BriefError` for an id that stands twice with different texts, for a collection in a Parquet file, and where the
    key is missing that recognises what was withdrawn.
    """
    before, columns = comments_of(brief.root, name)
    recorded = ledger.current(brief.ledger, keys.at_hand(brief.root))
    taken_back = _taken_back(recorded, source, without_key)
    incoming, twice = _distinct(contract_files.records(comments), source)
    matched = reconciled(before, incoming, lambda old, new: _same_text(old, new, taken_back))
    thread = set(range(len(before))) if page or holds == ALL else _thread(before, matched)
    whole, guesses = _holds(holds, page, again, before, matched, thread)
    if not whole:
        matched = _without_nearly(matched)
    making = _Making(brief, name, before, incoming, matched, [*recorded], taken_back, source)
    gone = {place for place in matched.gone if whole and place in thread}
    rows = making.rows(whole, gone)
    gone = {place for place in gone if before[place].get("status") not in (WITHDRAWN, GONE)}
    used = [*columns, "comment_id", "position", "source", *(column for row in rows for column in row if row[column])]
    names = tables.in_order([*used, "text"], tables.COMMENTS)
    day = brief.topic.edition.isoformat()
    entries = [ledger.entry(day, *event) for event in making.entries()]
    files = {f"data/comments/{name}.csv": text_files.write_csv(rows, names)}
    files |= dict(_codings_marked(brief, {edited[0] for edited in making.edited}))
    counts = Counter(making.states) + Counter(gone=len(gone))
    messages = [f"Rows that stand twice in the file, taken once: {twice}."] if twice else []
    if making.lost:
        messages.append(f"Answers to comments that are not in the file, kept without what they answer: {making.lost}.")
    order = ("new", "changed", "gone", "as before", "withdrawn")
    return Planned(
        files=files,
        rows=entries,
        counts={state: counts[state] for state in order if counts[state]},
        edited=making.edited,
        shown=making.shown,
        guesses=[*guesses, *([_NEARLY_TOLD] if matched.nearly else [])],
        messages=messages,
        unlike=_unlike(brief, before, making),
    )


class _Making:
    """Makes the rows of a comments file from stored and incoming ones."""

    def __init__(
        self,
        brief: Brief,
        name: str,
        before: Sequence[Row],
        incoming: Sequence[Row],
        matched: Reconciled,
        recorded: Sequence[str],
        taken_back: ledger.Withdrawn,
        source: str,
    ) -> None:
        self.before, self.incoming, self.matched, self.source = before, incoming, matched, source
        self.states: list[str] = []
        self.edited: list[tuple[str, str, str]] = []
        self.shown: list[Row] = []
        self.lost = 0
        here = {row["comment_id"] for row in before}
        self._taken = here | {name for name in (names[0] for names in brief.texts()) if name not in here}
        self._name, self._last = name, last_number([*here, *recorded], name)
        self._taken_back = taken_back
        self._ids = {row.get(ORIGINAL) or row["comment_id"]: row["comment_id"] for row in before}
        self._withdrawn = {row["comment_id"] for row in before if row.get("status") == WITHDRAWN}
        self._changed = set(matched.changed)

    def rows(self, whole: bool, gone: set[int]) -> list[Row]:
        """The rows as they will be: of a whole thread in the export's order, then those of other files and those that
        are gone.
        """
        kept: dict[int, Row] = {}
        new: list[Row] = []
        rows = [self._row(place, row) for place, row in enumerate(self.incoming)]
        for old, row in zip(self.matched.stored, rows, strict=True):
            if old is not None and row is not None:
                kept[old] = row
            elif row is not None:
                new.append(row)
        self._answers(zip(self.incoming, rows, strict=True))
        if whole:
            order = [row for row in rows if row is not None]
            for position, row in enumerate(order, start=1):
                row["position"] = str(position)
            others = [dict(row) for place, row in enumerate(self.before) if place not in kept and place not in gone]
            for position, row in enumerate(others, start=len(order) + 1):
                row["position"] = str(position) if row.get("position") else ""
            return [*order, *others, *(self._gone(self.before[place]) for place in sorted(gone))]
        place = max((int(row["position"]) for row in self.before if row.get("position")), default=len(self.before))
        for number, row in enumerate(new, start=1):
            row["position"] = row.get("position") or str(place + number)
        return [*(kept.get(place, row) for place, row in enumerate(self.before)), *new]

    def entries(self) -> Iterator[tuple[str, str, str, str]]:
        """The rows of the ledger: event, comment, fingerprint, note."""
        changed = {name for name, _, _ in self.edited}
        for row in self.shown:
            event, note = ("edit", _EDITED) if row["comment_id"] in changed else ("comment", "")
            yield event, row["comment_id"], ledger.fingerprint(row["text"]), note

    def _row(self, place: int, row: Row) -> Row | None:
        old = self.matched.stored[place]
        return self._new(row) if old is None else self._kept(place, old, row)

    def _new(self, row: Row) -> Row | None:
        """A comment that comes in; None for one that was withdrawn."""
        if self._taken_back.items_of(row["text"]) and row.get("status") != WITHDRAWN:
            self.states.append("withdrawn")
            return None
        comment = {**row, "comment_id": self._id(row.get("comment_id", "")), "source": row.get("source") or self.source}
        if row.get("comment_id") and row["comment_id"] != comment["comment_id"]:
            comment[ORIGINAL] = row["comment_id"]
        self._ids[row.get("comment_id") or comment["comment_id"]] = comment["comment_id"]
        self.states.append("new")
        self.shown.append(comment)
        return comment

    def _kept(self, place: int, old: int, row: Row) -> Row:
        """A comment that is stored: what the export says of it now, under the id that it has here."""
        stored = self.before[old]
        if stored.get("status") == WITHDRAWN:
            self.states.append("withdrawn")
            return dict(stored)
        given = {name: cell for name, cell in row.items() if name not in ("comment_id", "parent_id", ORIGINAL)}
        comment = {**stored, **given, "status": row.get("status", "")}
        comment["source"] = row.get("source") or (self.source if place in self._changed else stored.get("source", ""))
        if place in self._changed:
            self.states.append("changed")
            self.edited.append((comment["comment_id"], stored["text"], row["text"]))
            self.shown.append(comment)
        else:
            self.states.append("as before")
        return comment

    def _gone(self, row: Row) -> Row:
        """A stored comment that a newer export of its thread does not hold."""
        return dict(row) if row.get("status") == WITHDRAWN else {**row, "status": GONE, "position": ""}

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
        else:
            self._last += 1
            name = f"{self._name}-{self._last}"
        self._taken.add(name)
        return name

    def _answers(self, rows: Iterable[tuple[Row, Row | None]]) -> None:
        """Give what a comment answers the name that it has here; what is not here is kept as the export says it."""
        for row, here in rows:
            if here is None or not (parent := row.get("parent_id", "")) or here.get("status") == WITHDRAWN:
                continue
            if parent in self._ids:
                here["parent_id"] = self._ids[parent]
            else:
                here |= {"parent_id": "", ORIGINAL_PARENT: parent}
                self.lost += 1


def _unlike(brief: Brief, before: Sequence[Row], making: _Making) -> list[gate.Unlike]:
    """How the new comments do not look like the stored ones of the collection."""
    changed = {name for name, _, _ in making.edited}
    new = [row for row in making.shown if row["comment_id"] not in changed]
    frames, without = [], []
    for rows in ([row for row in before if row.get("status") not in (WITHDRAWN, GONE)], new):
        full = [row for row in rows if not is_placeholder(row["text"])]
        without.append(len(rows) - len(full))
        cells = {name: [row.get(name, "") for row in full] for name in ("comment_id", "text", "author", "posted_at")}
        frames.append(pd.DataFrame(cells, dtype="str"))
    stances = _stances_told(brief, *frames) if min(map(len, frames)) >= gate.FEWEST else None
    return gate.unlike(frames[0], frames[1], (without[0], without[1]), stances)


def _stances_told(brief: Brief, store: pd.DataFrame, batch: pd.DataFrame) -> tuple[pd.Series, pd.Series] | None:
    """What a model tells of the stances of stored and new comments; None where too few are coded by a reader."""
    from brief.analysis import machine_coding

    coder = coding.coder_shown(brief.codings, brief.topic.coder)
    readers = brief.coders.loc[brief.coders["kind"] == READER, "coder_id"] if len(brief.coders) else ()
    own = brief.codings[brief.codings["coder_id"] == coder]
    if coder not in set(readers) or len(own) < machine_coding.FEWEST_CODED:
        return None
    # A reading of another text than the stored one teaches nothing.
    stances = dict(zip(own["comment_id"], own["stance"].where(own["text_read"] != EARLIER, ""), strict=True))
    rows = [(name, text, stances[name]) for name, text, _ in brief.texts() if stances.get(name)]
    hand = pd.DataFrame(rows, columns=["comment_id", "text", "stance"], dtype="str")
    return machine_coding.stances_told(hand, store, batch)


def last_number(names: Iterable[str], collection_id: str) -> int:
    """The highest number that a comment of a collection has, or had: no id is given twice."""
    numbered = (re.fullmatch(re.escape(collection_id) + r"-([0-9]{1,9})", name) for name in names)
    return max((int(match[1]) for match in numbered if match), default=0)


def _distinct(incoming: Sequence[Row], source: str) -> tuple[list[Row], int]:
    """The rows without those that stand twice under one id, and how many those are.

    Raises `BriefError` for two texts under one id.
    """
    first: dict[str, tuple[int, Row]] = {}
    kept, faults = [], []
    for place, row in enumerate(incoming, start=2):
        name = row.get("comment_id", "")
        if name and name in first:
            if row != first[name][1]:
                what = f"the id '{name[:60]}' stands in row {first[name][0]} already, with other words"
                remedy = "Take one of the two out, or leave the ids out: --map comment_id=."
                faults.append(Fault(what, remedy, source, place, "comment_id"))
            continue
        first[name] = (place, row)
        kept.append(dict(row))
    if faults:
        raise BriefError(faults)
    return kept, len(incoming) - len(kept)


def _same_text(old: Mapping[str, str], new: Mapping[str, str], taken_back: ledger.Withdrawn) -> bool:
    """Whether a stored comment has an incoming text; of a withdrawn one only the fingerprint is left."""
    if old.get("status") == WITHDRAWN:
        return old["comment_id"] in taken_back.items_of(new["text"])
    return old["text"] == new["text"]


def _taken_back(recorded: Mapping[str, ledger.Recorded], source: str, without_key: bool) -> ledger.Withdrawn:
    """The texts that were withdrawn. Raises `BriefError` where some cannot be recognised, and that is not accepted."""
    withdrawn = ledger.Withdrawn(recorded)
    if withdrawn.unknown and not without_key:
        what = f"comments were withdrawn, and the key that recognises {withdrawn.unknown} of them is not at hand"
        remedy = (
            f"Put the key back into {keys.FILE}, or into {keys.ENVIRONMENT}. If it is lost: take withdrawn comments out"
            " of the file yourself, then give --without-key."
        )
        raise fail(what, remedy, source)
    return withdrawn


def _thread(before: Sequence[Row], matched: Reconciled) -> set[int]:
    """The places of stored comments that came in with the files of those that the export holds."""
    files = {_file(before[place]) for place in matched.stored if place is not None}
    return {place for place, row in enumerate(before) if _file(row) in files}


def _file(row: Mapping[str, str]) -> str:
    """The file that a comment came in with; what stands behind a comma is its place there."""
    return row.get("source", "").partition(", ")[0]


def _holds(
    said: str, page: bool, again: bool, before: Sequence[Row], matched: Reconciled, thread: set[int]
) -> tuple[bool, list[str]]:
    """Whether the export holds the whole thread anew, and how that was guessed, where it was."""
    there = sum(before[place].get("status") not in (WITHDRAWN, GONE) for place in thread)
    if said or page or again or not before:
        return said == ALL or (page and said != MORE), []
    # One found by a text that is nearly the same is no evidence: two short letters are easily alike.
    same = matched.found - len(matched.nearly)
    if same and same * 2 >= there:
        message = "The file holds the same comments anew: what it no longer has is gone; --holds more says otherwise."
        return True, [message] if matched.found < len(matched.stored) or matched.gone else []
    return False, ["The file holds further comments: nothing stored is gone; --holds all says otherwise."]


def _without_nearly(matched: Reconciled) -> Reconciled:
    """The same, without comments that were found by a text that is nearly the same: they are further ones."""
    stored = tuple(None if place in matched.nearly else old for place, old in enumerate(matched.stored))
    return Reconciled(stored, tuple(place for place in matched.changed if place not in matched.nearly), matched.gone)


def _codings_marked(brief: Brief, changed: set[str]) -> Iterator[tuple[str, str]]:
    """The files of codings in which a comment is coded whose text is another now, with a mark that it was."""
    for path in sorted((brief.root / "data" / "codings").glob("*.csv")) if changed else ():
        file = f"data/codings/{path.name}"
        frame = contract_files.read_csv(path, file)
        rows = contract_files.records(frame)
        if any(row["comment_id"] in changed for row in rows):
            marked = [{**row, "text_read": EARLIER} if row["comment_id"] in changed else row for row in rows]
            names = tables.in_order([*map(str, frame.columns), "text_read"], tables.CODINGS)
            yield file, text_files.write_csv(marked, names)
