"""Codings of a brief to a file that people code in, and from such a file into the brief."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as replace_in
from pathlib import Path
from typing import Any

import pandas as pd

from brief.coding import exchange
from brief.coding.keeping import Checker, coded_by, keep, opened
from brief.contract.journal import whole, writing
from brief.data import samples
from brief.data.brief import EARLIER, Brief
from brief.errors import BriefError, Fault, fail
from brief.findings import passes

SHEETS = (".csv", ".xlsx")
"""Formats whose faults have rows."""


def export(root: Path, path: Path, coder: str, sample_id: str) -> tuple[int, int]:
    """Write the comments of a brief, or of a sample, and one coder's codings of them, or everybody's, to a file.

    Texts are written as they may leave the store: authors, e-mail addresses and telephone numbers are not in them.
    Returns how many comments and codings were written. Raises `BriefError` where the file is there already.
    """
    brief, codebook = opened(root)
    write = exchange.module_for(path).write
    exchange.not_there(path)
    codings = brief.codings[brief.codings["coder_id"] == coder] if coder else brief.codings
    wanted = set(samples.read(root, sample_id).comments) if sample_id else None
    parts = [shown for _, shown in passes.published(brief)]
    if not parts:
        raise fail("there is no comment to write", "Add some first: brief add PATH.")
    comments = pd.concat(parts, ignore_index=True)
    if wanted is not None:
        comments = comments[comments["comment_id"].isin(wanted)]
    # Beside the text of today a coding of an earlier one would say what nobody read.
    codings = codings[codings["comment_id"].isin(set(comments["comment_id"])) & (codings["text_read"] != EARLIER)]
    with whole(path) as new:
        write(new, comments, codings, codebook)
    return len(comments), len(codings)


@dataclass(frozen=True)
class TakenIn:
    """What became of a file: readings taken in, comments it does not code, and by kind what was passed over."""

    readings: int
    uncoded: int
    passed_over: Mapping[str, int]


def take_in(root: Path, path: Path, coder: Mapping[str, Any], user: str | None, replace: bool) -> TakenIn:
    """Store the codings of a file as those of a coder.

    `coder`: the keys of an entry of `data/coders.yml`, used where there is none of that id yet; without a kind, a
    person. `user`: whose codings of the file, where it holds several; empty for those that name nobody. Raises
    `BriefError`, with `data/` untouched, for all that does not fit the brief.
    """
    with writing(root):
        return _take_in(root, path, coder, user, replace)


def _take_in(root: Path, path: Path, coder: Mapping[str, Any], user: str | None, replace: bool) -> TakenIn:
    brief, codebook = opened(root)
    coded_by(root, coder["id"])
    every = exchange.module_for(path).read(path, codebook)
    codings = _of_one(every, coder["id"], user, brief, path.name)
    passed_over = exchange.passed_over(every) | {"codings of others": len(every) - len(codings)}
    checker = Checker(codebook, brief.topic.edition.isoformat(), path.name)
    texts = _texts(brief)
    rows: dict[str, dict[str, str]] = {}
    for place, cells in zip(codings.index, codings.itertuples(index=False, name=None), strict=True):
        coding = dict(zip(exchange.COLUMNS, map(str, cells), strict=True))
        name, number = coding["comment_id"].strip(), int(place)
        row = checker.checked({**coding, "comment_id": name}, number)
        if name not in texts:
            checker.fault(f"there is no comment '{name[:60]}'", "Correct the id.", number, "comment_id")
        elif coding["text"] and _plain(coding["text"]) not in texts[name]:
            remedy = "Put the text back beside its id; were columns sorted apart?"
            checker.fault(f"the text beside '{name}' is not that comment's", remedy, number, "text")
        if name in rows:
            checker.fault(f"the comment '{name}' is coded twice", "Keep one.", number, "comment_id")
        if row is not None:
            rows[name] = row
    if checker.faults:
        sheet = path.suffix.lower() in SHEETS
        names: dict[int | None, str] = dict(zip(codings.index, codings["comment_id"], strict=True))
        raise BriefError(fault if sheet else _counted(fault, names) for fault in checker.faults)
    if not rows:
        there = ", ".join(f"{kind}: {count}" for kind, count in passed_over.items() if count)
        raise fail(
            f"the file holds no coding{f'; it holds {there}' if there else ''}",
            "Fill in at least the stance of a comment.",
            path.name,
        )
    if not any(row["themes"] for row in rows.values()):
        # A file in which no comment has a theme does not show that anybody looked for themes.
        rows = {name: {key: cell for key, cell in row.items() if key != "themes"} for name, row in rows.items()}
    known = brief.coders[brief.coders["coder_id"] == coder["id"]]
    kind = coder["kind"] or (known["kind"].iloc[0] if len(known) else "person")
    keep(root, {**coder, "kind": kind}, list(rows.values()), replace)
    return TakenIn(len(rows), len(texts) - len(rows), {kind: count for kind, count in passed_over.items() if count})


def _counted(fault: Fault, names: Mapping[int | None, str]) -> Fault:
    """A fault of a file without rows: its number counts the codings, and the comment is named by its id."""
    of = f" of '{names[fault.row][:60]}'" if fault.row in names else ""
    return replace_in(fault, what=f"coding {fault.row}{of}: {fault.what}", row=None)


def _of_one(codings: pd.DataFrame, coder: str, user: str | None, brief: Brief, file: str) -> pd.DataFrame:
    """The codings of one user of a file: the one named, else the only one, else the one who has the coder's name."""
    users = sorted(set(codings["coder_id"]))
    listed = ", ".join(f"'{user}'" for user in users)
    which = "Give --user with one of them" + (", or --user '' for those that name nobody." if "" in users else ".")
    if user is not None and user not in users and (user or users):
        raise fail(f"the file holds no codings of '{user}'", f"Give --user with one of: {listed or '(none)'}.", file)
    if user is None and len(users) > 1 and coder not in users:
        raise fail(f"the file holds codings of several: {listed}", which, file)
    if user is None and len(users) == 1 and users[0] != coder and users[0] in set(brief.coders["coder_id"]):
        # One coder's readings under two names would agree with themselves.
        what = f"the file holds codings of {listed}, who is another coder of this brief"
        raise fail(what, f"Give --coder {users[0]}, or --user {users[0]} if they are '{coder}'s after all.", file)
    wanted = user if user is not None else users[0] if len(users) == 1 else coder
    return codings[codings["coder_id"] == wanted]


def _texts(brief: Brief) -> dict[str, tuple[str, str]]:
    """Every comment's text by its id, as stored and as it leaves the store, without what programs change."""
    texts: dict[str, tuple[str, str]] = {}
    for stored, shown in passes.published(brief):
        for name, text, left in zip(stored["comment_id"], stored["text"], shown["text"], strict=True):
            texts[str(name)] = (_plain(str(text)), _plain(str(left)))
    return texts


def _plain(text: str) -> str:
    """A text without what programs change: kinds of white space, the mark of byte order."""
    return " ".join(text.replace("\ufeff", "").split())
