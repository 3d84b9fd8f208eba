"""All comments to be browsed, where there are more than their page lists: entries, what to choose them by, a table."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from brief.book import listing
from brief.book.snapshot_files import ENTRIES, PARQUET, TABLE
from brief.contract import parquet_files
from brief.data import threads
from brief.figures.drawing.downloads import csv_for_spreadsheets
from brief.findings import naming
from brief.findings.findings import Findings
from brief.prose.catalogue import message, say

_READ, _COLLECTION, _CAMPAIGN = "classified", "collection", "campaign"
_CHOSEN_BY = {
    _READ: message("Classified or not"),
    _COLLECTION: message("Where it was written"),
    _CAMPAIGN: message("Campaign"),
}
_CAMPAIGNS_NAMED = 100
"""So many campaigns can be chosen one by one, the largest."""
_AT_ONCE = 5_000
"""So many rows of the table are written at a time."""
#: The columns of the table before and after the attributes, with what each holds. The first names the comment, and the
#: last has its text: by these a comment that was withdrawn is taken out of earlier editions.
BEFORE = {
    "Comment": message("The id of the comment. It stays the same in later editions."),
    "Called": message("What the comment is called on the pages."),
    "Collection": message("The id of the collection that it belongs to."),
    "In reply to": message("The id of the comment that it answers."),
    "By": message("A pseudonym for its author."),
    "Posted": message("When it was posted."),
    "Language": message("Its language, where it is not that of its collection."),
    "Likes": message("How many people liked it."),
    "Votes for": message("How many people agreed with it."),
    "Votes against": message("How many people disagreed with it."),
    "Stance": message("The stance that it takes, as classified."),
    "Certainty": message("How certain that classification is."),
    "Themes": message("The themes that it raises, as classified."),
}
AFTER = {
    "Campaign": message("The number of the campaign that it is part of."),
    "Entry": message("The id of the comment under which the pages show its words."),
    "Text": message("Its text, as the pages show it."),
}


class _Entry(NamedTuple):
    """Where the comment stands that is shown, how deep below others, and where those in the same words stand."""

    place: int
    depth: int
    copies: Sequence[int]


def keep(findings: Findings, folder: Path) -> dict[str, Any] | None:
    """Write `ENTRIES` and the tables to a folder; returns how many comments and entries there are, and the choices.

    None, and nothing is written, where the page of the comments lists every one of them.
    """
    if len(findings.comments) <= naming.LISTED:
        return None
    folder.mkdir()
    numbers = _campaign_numbers(findings)
    entries = _entries(findings, numbers)
    counts: dict[str, Counter[str]] = {}
    with (folder / ENTRIES).open("w", encoding="utf-8") as file:
        for entry in _as_kept(findings, entries, numbers):
            for number, groups in entry["kinds"] or [(1 + len(entry["copied"]), entry["groups"])]:
                for name, values in groups.items():
                    counts.setdefault(name, Counter()).update(dict.fromkeys(values, number))
            file.write(json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n")
    _write_tables(findings, entries, numbers, folder)
    own = listing.names_of_choices(findings)
    first = {name: own[name] for name in (listing.STANCE, listing.THEMES)}
    names = first | {name: say(label) for name, label in _CHOSEN_BY.items()} | own
    beside = [[naming.attribute_label(name), ""] for name in findings.attributes_beside]
    before, after = ([[name, say(note)] for name, note in part.items()] for part in (BEFORE, AFTER))
    return {
        "comments": len(findings.comments),
        "entries": len(entries),
        "choices": listing.offered(findings, names, counts),
        "columns": [*before, *beside, *after],
    }


def _campaign_numbers(findings: Findings) -> list[int]:
    """The number of the campaign of each comment, the largest campaign being the first; 0 for none."""
    assigned, described = findings.campaigns
    number = {name: place for place, name in enumerate(described["campaign_id"], start=1)}
    by_comment = dict(zip(assigned["comment_id"], assigned["campaign_id"], strict=True))
    return [number.get(by_comment.get(name, ""), 0) for name in findings.comments["comment_id"]]


def _entries(findings: Findings, numbers: Sequence[int]) -> list[_Entry]:
    """What is shown one by one, replies under what they answer.

    Comments of a campaign in the same words, case and white space aside, are one entry: the first of them that was
    classified, else the first. What answers another comment, or is answered, stands for itself.
    """
    comments = findings.comments
    parents = [str(name) for name in comments["parent_id"]]
    names = [str(name) for name in comments["comment_id"]]
    answered = set(parents)
    same: dict[tuple[int, str], list[int]] = {}
    shown: list[int] = []
    for place, (number, digest) in enumerate(zip(numbers, comments["digest"], strict=True)):
        alone = not number or parents[place] or names[place] in answered
        members = [] if alone else same.setdefault((number, str(digest)), [])
        members.append(place)
        if len(members) == 1:
            shown.append(place)
    coded = comments["coded"].to_list()
    copies: dict[int, Sequence[int]] = {}
    for members in same.values():
        best = next((place for place in members if coded[place]), members[0])
        copies[members[0]] = [best, *(place for place in members if place != best)]
    heads = [copies.get(place, [place])[0] for place in shown]
    copied = {members[0]: members[1:] for members in copies.values()}
    order = threads.arranged([(names[place], parents[place]) for place in heads])
    return [_Entry(heads[at], depth, copied.get(heads[at], ())) for at, depth in order]


def _as_kept(findings: Findings, entries: Sequence[_Entry], numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Each entry as `listing.as_listed` gives its comment, with what the pages of all comments tell beside.

    `groups` has all values of its comments; where these differ, `kinds` has those of each kind of comment.
    """
    comments, spoken = findings.comments, findings.brief.languages()
    names, posted = comments["comment_id"].to_list(), comments["posted_at"].to_list()
    sizes = [0, *findings.campaigns[1]["submissions"]]
    groups_of, further = listing.Groups(findings), _Further(findings)
    listed = listing.as_listed(findings, [(entry.place, entry.depth) for entry in entries])
    for entry, comment in zip(entries, listed, strict=True):
        number = numbers[entry.place]
        collection = str(comments["collection_id"].iat[entry.place])
        groups = [comment["groups"] | further.groups(collection, bool(comment["coding"]), number)]
        if entry.copies:
            rows = naming.rows_of(comments.iloc[list(entry.copies)])
            groups += [_of_copy(groups_of, further, row, spoken, number) for row in rows]
        yield comment | {
            "groups": _united(groups),
            "kinds": _kinds(groups),
            "copied": [names[place] for place in entry.copies],
            "campaign": number,
            "sent": int(sizes[number]),
            "posted": str(posted[entry.place])[:10],
        }


class _Further:
    """What entries can be chosen by beside that of `listing.Groups`."""

    def __init__(self, findings: Findings) -> None:
        self._places, self._coded = naming.places_of(findings.brief), findings.coder is not None

    def groups(self, collection: str, coded: bool, campaign: int) -> dict[str, list[str]]:
        """The values of a comment."""
        values = {_COLLECTION: [self._places.get(collection, collection)]}
        if self._coded:
            values[_READ] = [say("Classified") if coded else say(naming.NOT_CODED_LABEL)]
        named = say("Campaign {number}", number=campaign) if campaign <= _CAMPAIGNS_NAMED else say("Another campaign")
        return values | {_CAMPAIGN: [named if campaign else say("Not part of a campaign")]}


def _of_copy(
    groups_of: listing.Groups, further: _Further, row: Mapping[str, Any], spoken: Mapping[str, str], number: int
) -> dict[str, list[str]]:
    tag = row["language"] or spoken.get(row["collection_id"], "")
    return groups_of(row, tag) | further.groups(row["collection_id"], bool(row["coded"]), number)


def _united(groups: Iterable[Mapping[str, list[str]]]) -> dict[str, list[str]]:
    """The values of an entry: all that one of its comments has."""
    values: dict[str, dict[str, None]] = {}
    for own in groups:
        for name, cells in own.items():
            values.setdefault(name, {}).update(dict.fromkeys(cells))
    return {name: list(cells) for name, cells in values.items()}


def _kinds(groups: Sequence[Mapping[str, list[str]]]) -> list[tuple[int, Mapping[str, list[str]]]]:
    """How many comments of an entry have the same values, and these; none where all have the same.

    Two values that no comment has together are not to be found together.
    """
    kinds = Counter(json.dumps(own, sort_keys=True) for own in groups)
    return [(count, json.loads(own)) for own, count in kinds.items()] if len(kinds) > 1 else []


def _write_tables(findings: Findings, entries: Sequence[_Entry], numbers: Sequence[int], folder: Path) -> None:
    """Every comment as a row, with what readers see of it: as CSV, and as Parquet where the package for it is there."""
    columns = [*BEFORE, *map(naming.attribute_label, findings.attributes_beside), *AFTER]
    with ExitStack() as files:
        sheet = files.enter_context((folder / TABLE).open("w", encoding="utf-8", newline=""))
        put = None
        if parquet_files.is_installed():
            put = files.enter_context(parquet_files.writing(folder / PARQUET, columns))
        for number, table in enumerate(_parts(findings, entries, numbers)):
            table.columns = pd.Index(columns)
            text = csv_for_spreadsheets(table)
            sheet.write(text if number == 0 else text.partition("\n")[2])
            if put is not None:
                for row in table.astype("object").where(table.notna(), "").itertuples(index=False, name=None):
                    put([str(cell) for cell in row])


def _parts(findings: Findings, entries: Sequence[_Entry], numbers: Sequence[int]) -> Iterator[pd.DataFrame]:
    """The rows of all comments, some at a time."""
    comments, words = findings.comments, listing.Words(findings.brief)
    names = comments["comment_id"].to_list()
    heads = list(names)
    for entry in entries:
        for place in entry.copies:
            heads[place] = names[entry.place]
    for start in range(0, len(comments), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        rows = comments.iloc[part]
        coded = rows["coded"].astype("bool")
        columns = [
            *(rows[name] for name in ("comment_id", "label", "collection_id", "parent_id", "author", "posted_at")),
            *(rows[name] for name in ("language", "likes", "votes_for", "votes_against")),
            rows["stance"].map(words.stance).where(coded, ""),
            rows["certainty"].map(words.certainty),
            rows["themes"].map(lambda cell: "; ".join(words.themes(cell))),
            *(rows[name] for name in findings.attributes_beside),
            pd.Series([number or pd.NA for number in numbers[part]], rows.index, dtype="Int64"),
            pd.Series(heads[part], rows.index, dtype="str"),
            rows["text"],
        ]
        yield pd.concat(columns, axis=1)
