"""The comments of an export beside what is stored: the rows as they will be, their ledger, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from brief.analysis import coding, gate
from brief.contract import comment_files, parquet_files, tables, text_files
from brief.contract import files as contract_files
from brief.data import keys, ledger
from brief.data.brief import EARLIER, GONE, READER, WITHDRAWN, Brief
from brief.errors import BriefError, Fault, counted_in, fail
from brief.prose.placeholders import is_placeholder
from brief.store import stored
from brief.store.merging import Index, Merging, Survey
from brief.store.reconciling import Reconciled, reconciled
from brief.store.rows import Row, Rows
from brief.store.stored import StoredFile

ALL, MORE = "all", "more"
"""Whether an export holds the whole thread anew, or further comments beside those that are stored."""
_EDITED = "a newer export has another text"
_ORDER = ("new", "changed", "gone", "as before", "withdrawn")
_UNLIKE_NAMED = 3
_ID_SHOWN = 60
_EDITED_SHOWN = 20
"""So many changed comments are shown with both texts."""
_NEARLY_TOLD = (
    "Comments without an id count as edited where their text is nearly the same as one that is missing; "
    "--holds more says that they are further ones."
)

PARQUET_FROM = 100_000
"""From so many comments on, a new collection is kept as Parquet, where the package for that is installed."""


@dataclass(frozen=True)
class Table:
    """A file of comments as it will be: columns and rows, which are made anew whenever they are asked for.

    `as_before` says that the stored file holds the same; `instead_of` names a stored file that it takes the place of.
    """

    columns: Sequence[str]
    rows: Iterable[Row]
    as_before: bool
    instead_of: str = ""


@dataclass(frozen=True)
class Planned:
    """What comes of an export: the file of comments, rows of the ledger, files of codings that are marked.

    `counts` has the states in the order in which they are told: new, changed, gone, as before, withdrawn. `edited` are
    the first of the changed ones: id, the stored text, the export's. `shown`: the rows that are new or changed,
    `latest` the last day that they tell. `guesses` and `messages` are for the preview; `unlike` says how the new
    comments do not look like those that are stored.
    """

    file: str
    table: Table
    codings: Mapping[str, str]
    rows: Sequence[Row]
    counts: Mapping[str, int]
    edited: Sequence[tuple[str, str, str]]
    shown: Iterable[Row]
    latest: str
    guesses: Sequence[str]
    messages: Sequence[str]
    unlike: Sequence[gate.Unlike]


def planned(
    brief: Brief,
    name: str,
    comments: Rows,
    source: str,
    holds: str = "",
    *,
    page: bool = False,
    again: bool = False,
    without_key: bool = False,
    parquet: bool = False,
) -> Planned:
    """What taking the comments of an export into a collection would change.

    In: the brief, the collection's name, rows as `sources.read` gives them, the name of their file; `holds` is `ALL` or
    `MORE` where the caller says it; a page holds all of its comments. `again` says that this very file was taken in
    before: then nothing is gone because of it. `without_key` accepts that withdrawn texts are not recognised; `parquet`
    asks for that form. Raises `BriefError` for an id that stands twice with different texts, for a collection in a
    folder of Parquet files, and where the key is missing that recognises what was withdrawn.
    """
    there = _there(brief, name)
    before = stored.rows_of(there)
    recorded = ledger.current(brief.ledger, keys.at_hand(brief.root))
    taken_back = _taken_back(recorded, source, without_key)
    incoming, twice = _distinct(comments, source)
    matched = reconciled(before, incoming, lambda old, new: _same_text(old, new, taken_back))
    index = Index(before)
    thread = bytearray(b"\1") * len(before) if page or holds == ALL else _thread(index, matched)
    whole, guesses = _holds(holds, page, again, index, matched, thread)
    if not whole:
        matched = _without_nearly(matched)
    merging = Merging(brief, name, before, index, incoming, matched, recorded, taken_back, source)
    merging.order(whole, {place for place in matched.gone if whole and thread[place]})
    survey = Survey(merging, there)
    file, as_parquet = _kept_in(name, there, survey.rows, parquet)
    moved = there is not None and there.file != file
    messages = [f"Rows that stand twice in the file, taken once: {twice}."] if twice else []
    if merging.lost:
        messages.append(f"Answers to comments that are not in the file, kept without what they answer: {merging.lost}.")
    if merging.renamed:
        original, here = merging.renamed_as
        first = f"“{original[:_ID_SHOWN]}{'…' if len(original) > _ID_SHOWN else ''}” as {here}"
        why = "so that each stands once and in an address"
        messages.append(f"Ids written anew, {why}: {merging.renamed}, such as {first}.")
    if as_parquet and (there is None or moved):
        messages.append("Kept as Parquet, which no spreadsheet opens; the ledger has one fingerprint of all texts.")
    return Planned(
        file=file,
        table=Table(
            survey.columns, merging, survey.as_before and not moved, there.file if there is not None and moved else ""
        ),
        codings=dict(_codings_marked(brief, merging.changed_ids)),
        rows=list(_entries(brief, name, merging, survey, recorded, as_parquet)),
        counts={state: merging.counts[state] for state in _ORDER if merging.counts[state]},
        edited=merging.edited(_EDITED_SHOWN),
        shown=merging.shown(),
        latest=merging.latest,
        guesses=[*guesses, *([_NEARLY_TOLD] if matched.nearly else [])],
        messages=messages,
        unlike=_unlike(brief, before, merging),
    )


def _there(brief: Brief, name: str) -> StoredFile | None:
    """The file in which a collection is stored; None for a new one. Raises `BriefError` for a folder of files."""
    if comment_files.stored(brief.root, name).is_dir():
        what = "this collection is kept in a folder of Parquet files"
        remedy = "Change it with the program that wrote it, then give brief fetch or brief record-edit."
        raise fail(what, remedy, f"{comment_files.FOLDER}/{name}{comment_files.ENDING}")
    return next(iter(stored.files_of(brief.root, name)), None)


def _kept_in(name: str, there: StoredFile | None, rows: int, parquet: bool) -> tuple[str, bool]:
    """The file that the comments will be in, and whether it is Parquet: a collection keeps its form, unless asked.

    Raises `BriefError` where Parquet is asked for, and the package for it is missing.
    """
    if parquet and not parquet_files.is_installed():
        raise fail("writing Parquet needs the package pyarrow", parquet_files.INSTALL)
    large = there is None and rows >= PARQUET_FROM and parquet_files.is_installed()
    as_parquet = parquet or large or (there is not None and there.is_parquet)
    return f"{comment_files.FOLDER}/{name}{comment_files.ENDING if as_parquet else '.csv'}", as_parquet


def _entries(
    brief: Brief,
    name: str,
    merging: Merging,
    survey: Survey,
    recorded: Mapping[str, ledger.Recorded],
    as_parquet: bool,
) -> Iterator[Row]:
    """The rows of the ledger: one for each comment that is new or changed; of Parquet, one for all texts of the table,
    and one for a changed comment that has a row of its own.
    """
    day = brief.topic.edition.isoformat()
    own = merging.changed_ids & set(recorded) if as_parquet else None
    for row in merging.shown() if own is None or own else ():
        comment = row["comment_id"]
        if own is None or comment in own:
            event, note = ("edit", _EDITED) if comment in merging.changed_ids else ("comment", "")
            yield ledger.entry(day, event, comment, ledger.fingerprint(row["text"]), note)
    if as_parquet:
        yield ledger.entry(day, ledger.TABLE, ledger.table_item(name), survey.digest)


def _unlike(brief: Brief, before: Rows, merging: Merging) -> list[gate.Unlike]:
    """How the new comments do not look like the stored ones of the collection."""
    there, batch = gate.Chosen(), gate.Chosen()
    for row in before:
        if row.get("status") not in (WITHDRAWN, GONE):
            there.add(row, is_placeholder(row["text"]))
    if there.every < gate.FEWEST:
        return []
    for row in merging.shown():
        if row["comment_id"] not in merging.changed_ids:
            batch.add(row, is_placeholder(row["text"]))
    frames = there.frame(), batch.frame()
    stances = _stances_told(brief, *frames) if min(map(len, frames)) >= gate.FEWEST else None
    return gate.unlike(*frames, (there.without, batch.without), stances, (there.every, batch.every))


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


def _distinct(incoming: Rows, source: str) -> tuple[Rows, int]:
    """The rows without those that stand twice under one id, and how many those are.

    Raises `BriefError` for two texts under one id.
    """
    if "comment_id" not in incoming.columns:
        return incoming, 0
    first: dict[str, int] = {}
    again, faults = set[int](), []
    for place, name in enumerate(incoming.column("comment_id")):
        if name and first.setdefault(name, place) != place:
            again.add(place)
            here, before = incoming[place], incoming[first[name]]
            if here != before:
                row = incoming.number(first[name])
                where = "in the file" if row is None else f"in {counted_in(source)} {row}"
                what = f"the id '{name[:60]}' stands {where} already, {_difference(here, before)}"
                remedy = "Take one of the two out, or leave the ids out: --map comment_id=."
                faults.append(Fault(what, remedy, source, incoming.number(place), "comment_id"))
    if faults:
        raise BriefError(faults)
    if not again:
        return incoming, 0
    kept = (row for place, row in enumerate(incoming.cells()) if place not in again)
    return Rows(incoming.columns, kept), len(again)


def _difference(row: Row, other: Row) -> str:
    """In what two rows of one id differ, in words."""
    if row["text"] != other["text"]:
        return "with other words"
    unlike = [name for name in row if row[name] != other[name]]
    more = f" and {len(unlike) - _UNLIKE_NAMED} columns more" if len(unlike) > _UNLIKE_NAMED else ""
    return f"with the same words and another {', '.join(unlike[:_UNLIKE_NAMED])}{more}"


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


def _thread(index: Index, matched: Reconciled) -> bytearray:
    """By the place of a stored comment, whether it came in with the file of one that the export holds."""
    files = {index.files[place] for place in matched.stored if place is not None}
    return bytearray(file in files for file in index.files)


def _holds(
    said: str, page: bool, again: bool, index: Index, matched: Reconciled, thread: bytearray
) -> tuple[bool, list[str]]:
    """Whether the export holds the whole thread anew, and how that was guessed, where it was."""
    hidden = (WITHDRAWN, GONE)
    there = sum(bool(here) and status not in hidden for here, status in zip(thread, index.statuses, strict=True))
    if said or page or again or not index.ids:
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
