"""What was planned before it was looked at: `data/plan.yml`, and what the history of the repository says of it.

`data/plan-history.csv` is the record of that history, which `brief record-plan` writes: a build reads no history, so
that the same data give the same bytes, in an archive as well.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from brief.contract import checking, tables
from brief.contract.files import line_of_item, no_rows, records
from brief.contract.text_files import read_text
from brief.errors import Fault
from brief.prose.folding import is_invisible

PLAN, HISTORY = "data/plan.yml", "data/plan-history.csv"
QUESTION, CODER, SAMPLE, FIGURE, TABLE = "question", "coder", "sample", "figure", "table"
KINDS = {"questions": QUESTION, "coders": CODER, "samples": SAMPLE, "figures": FIGURE, "tables": TABLE}
"""The lists of the plan, and what each of their parts is."""
PLANNED, DROPPED, DATA = "planned", "dropped", "data"
BEFORE, BEFORE_READING, AFTER, UNDATED = "before", "before the reading", "after", "not recorded"
"""When a part of the plan was committed: before any comments; after some, and before the codings or the sample that it
concerns; after these; or the record does not say it."""
COMMENTS, CODINGS, SAMPLES = "data/comments/", "data/codings/", "data/samples/"
_ENDINGS = {COMMENTS: (".csv", ".parquet"), CODINGS: (".csv",), SAMPLES: (".yml",)}
_ANSWERS = re.compile(r"(figure|table|statement) [a-z][a-z0-9-]*")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_REMEDY = "Write it anew from the history: brief record-plan."
_ENTRIES = ("kind", "id", "plan", "answered_by", "place", "state", "since", "commit")
_FORMER = ("kind", "id", "plan", "since", "until", "dropped")


@dataclass(frozen=True)
class Plan:
    """What was planned.

    `entries`: kind, id, plan, answered_by, place (in its list, from 0), state (as `BEFORE` and so on), since and commit
    (empty where the record does not have it). `former` are the versions that no longer stand: kind, id, plan, since,
    until (dates), dropped (whether nothing took its place).
    """

    entries: pd.DataFrame = field(default_factory=lambda: no_rows(*_ENTRIES))
    former: pd.DataFrame = field(default_factory=lambda: no_rows(*_FORMER))

    def state(self, kind: str, name: str) -> str:
        """When a figure or another thing of that name was planned; empty where it was not."""
        own = self.entries[(self.entries["kind"] == kind) & (self.entries["id"] == name)]
        return str(own["state"].iloc[0]) if len(own) else ""


class Examiner(Protocol):
    """What the check of all data offers to the check of the plan."""

    root: Path
    unread: set[str]
    faults: list[Fault]

    def csv(self, file: str, columns: tuple[tables.Column, ...], needed: bool = True) -> pd.DataFrame:
        """A CSV file with every column of the contract."""

    def yaml(self, file: str) -> Any:
        """A YAML file as plain data."""


def item(kind: str, name: str) -> str:
    """What a part of the plan is called in the record: "question how-many"."""
    return f"{kind} {name}"


def digest(named: str, planned: str) -> str:
    """The SHA-256 of a part of the plan, by what it is called and what is planned."""
    return hashlib.sha256(f"{named}\n{planned}".encode("utf-8", "surrogatepass")).hexdigest()


def one_line(text: Any) -> str:
    """A sentence of the plan without its line ends: to wrap it anew does not change the plan."""
    return " ".join(str(text).split())


def parts(content: Any) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    """The parts of a plan with their kind and their place in its list; what is none is left out."""
    for key, kind in KINDS.items():
        listed = content.get(key) if isinstance(content, Mapping) else None
        for place, part in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(part, Mapping):
                yield kind, place, part


def data_files(root: Path) -> list[str]:
    """The files of comments, codings and samples that are there now."""
    paths = (path for folder in _ENDINGS for path in (root / folder).glob("*"))
    return sorted(file for path in paths if is_data(file := path.relative_to(root).as_posix()))


def data_item(file: str) -> str:
    """What a path belongs to: a file of comments, codings or a sample, or a folder of Parquet; else empty."""
    parts = file.split("/")
    whole = "/".join(parts[:3]) if len(parts) > 3 and parts[2].endswith(".parquet") else file
    return whole if is_data(whole) else ""


def is_data(file: str) -> bool:
    """Whether a path of a brief is a file of comments, codings or a sample."""
    folder, _, name = file.rpartition("/")
    return file.endswith(_ENDINGS.get(f"{folder}/", ())) and not name.startswith((".", "README"))


def examine(examiner: Examiner) -> Plan:
    """The plan, with what the record says of it; what is wrong with either is told. Both files may be absent."""
    recorded = examiner.csv(HISTORY, tables.PLAN_HISTORY, needed=False)
    examiner.faults += _of_record(recorded)
    entries = []
    if (examiner.root / PLAN).is_file():
        content = examiner.yaml(PLAN)
        if PLAN not in examiner.unread:
            faults = list(_of_plan(content, read_text(examiner.root / PLAN, PLAN)))
            examiner.faults += faults
            entries = [] if faults else list(parts(content))
    return dated(entries, recorded, data_files(examiner.root))


def dated(entries: Sequence[tuple[str, int, Mapping[str, Any]]], recorded: pd.DataFrame, now: Collection[str]) -> Plan:
    """A plan with its dates. In: its parts, the record, and the files of data that are there now."""
    history = records(recorded)
    known = {row["item"] for row in history if row["event"] == DATA}
    rows = []
    for kind, place, part in entries:
        name, planned = str(part["id"]), one_line(part["plan"])
        own = [row for row in history if row["item"] == item(kind, name)]
        last = own[-1] if own and own[-1]["sha256"] == digest(item(kind, name), planned) else None
        state = _state(kind, name, set(last["before"].split(";")), known, {*known, *now}) if last else UNDATED
        since = (last["committed_on"], last["commit"]) if last and state != UNDATED else ("", "")
        rows.append((kind, name, planned, str(part.get("answered_by") or ""), place, state, *since))
    standing = {item(kind, str(part["id"])): one_line(part["plan"]) for kind, _, part in entries}
    former = [
        row for named in dict.fromkeys(row["item"] for row in history) for row in _former(named, history, standing)
    ]
    return Plan(
        pd.DataFrame(rows, columns=list(_ENTRIES)) if rows else no_rows(*_ENTRIES),
        pd.DataFrame(former, columns=list(_FORMER)) if former else no_rows(*_FORMER),
    )


def _state(kind: str, name: str, later: Collection[str], known: Collection[str], every: Collection[str]) -> str:
    """When a part was planned. `later` are the files that came after it, `known` those of the record, `every` as well
    those that are here now.
    """
    comments = {file for file in every if file.startswith(COMMENTS)}
    if kind == CODER:
        own = {file for file in every if file == f"{CODINGS}{name}.csv"}
    elif kind == SAMPLE:
        own = {file for file in every if file == f"{SAMPLES}{name}.yml"}
    else:
        own = {file for file in every if file.startswith(CODINGS)}
    if not (comments | own) <= set(known):
        return UNDATED
    if comments <= set(later):
        return BEFORE
    is_to_come = kind in (CODER, SAMPLE) and not own
    return BEFORE_READING if is_to_come or (own and own <= set(later)) else AFTER


def _former(named: str, history: Sequence[Mapping[str, str]], standing: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """The versions of a part that no longer stand, each with the day it was planned and the day it ended."""
    kind, _, name = named.partition(" ")
    own = [row for row in history if row["item"] == named and row["event"] != DATA]
    for row, following in pairwise(own):
        if row["event"] == PLANNED:
            dropped = following["event"] == DROPPED
            yield kind, name, row["plan"], row["committed_on"], following["committed_on"], dropped
    if own and own[-1]["event"] == PLANNED and own[-1]["plan"] != standing.get(named):
        # It was changed, or taken out, after the history was last recorded.
        yield kind, name, own[-1]["plan"], own[-1]["committed_on"], "", named not in standing


def _of_plan(content: Any, text: str) -> Iterator[Fault]:
    """What is wrong with a plan, each with its line."""
    if not isinstance(content, Mapping):
        yield Fault("here keys are expected", f"Write {', '.join(KINDS)}, and below each a list.", PLAN, 1)
        return
    for key, listed in content.items():
        if key not in KINDS:
            yield Fault(f"the key '{key}' is unknown", f"Use these keys: {', '.join(KINDS)}.", PLAN, _line(text, key))
        elif listed is not None and not isinstance(listed, list):
            yield Fault("here a list is expected", "Write - before each item.", PLAN, _line(text, key), key)
    seen: set[str] = set()
    for key, kind in KINDS.items():
        listed = content.get(key)
        for place, part in enumerate(listed if isinstance(listed, list) else ()):
            line = line_of_item(text, key, place)
            if not isinstance(part, Mapping):
                yield Fault("here keys are expected", "Write key: value, one a line.", PLAN, line, key)
                continue
            yield from _of_part(part, tables.QUESTION_KEYS if kind == QUESTION else tables.PLANNED_KEYS, line)
            named = item(kind, str(part.get("id")))
            if named in seen:
                yield Fault(f"the {kind} '{part.get('id')}' is planned twice", "Keep one of them.", PLAN, line, "id")
            seen.add(named)


def _of_part(part: Mapping[str, Any], columns: tuple[tables.Column, ...], line: int | None) -> Iterator[Fault]:
    """What is wrong with a part of a plan, which begins in that line."""
    known = {column.name: column for column in columns}
    for name in part:
        if name not in known:
            yield Fault(f"the key '{name}' is unknown", f"Use these keys: {', '.join(known)}.", PLAN, line)
    for name, column in known.items():
        value = part.get(name)
        if value is None or (isinstance(value, str) and is_invisible(value)):
            if column.required:
                yield Fault("the key is missing or empty", "Add it.", PLAN, line, name)
        elif wrong := checking.wrong_value(value, column):
            yield Fault(*wrong, PLAN, line, name)
        elif name == "answered_by" and not _ANSWERS.fullmatch(str(value)):
            what = f"'{value}' names no figure, table or statement"
            yield Fault(what, "Write figure ID, table ID or statement NAME.", PLAN, line, name)


def _line(text: str, key: Any) -> int | None:
    """The line in which a key of the whole plan stands."""
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if line.startswith(f"{key}:")), None)


def _of_record(recorded: pd.DataFrame) -> Iterator[Fault]:
    """What cannot be as `brief record-plan` wrote it."""
    files = set(recorded.loc[recorded["event"] == DATA, "item"])
    for place, row in enumerate(records(recorded), start=2):
        if not _COMMIT.fullmatch(row["commit"]):
            yield Fault(f"'{row['commit'][:60]}' is no commit", _REMEDY, HISTORY, place, "commit")
        if row["event"] == PLANNED and row["sha256"] != digest(row["item"], row["plan"]):
            yield Fault("the row is not as it was recorded", _REMEDY, HISTORY, place, "sha256")
        if row["event"] == DATA and not is_data(row["item"]):
            what = f"'{row['item'][:60]}' is no file of comments, codings or a sample"
            yield Fault(what, _REMEDY, HISTORY, place, "item")
        if row["event"] != DATA and row["item"].partition(" ")[0] not in KINDS.values():
            yield Fault(f"'{row['item'][:60]}' is no part of a plan", _REMEDY, HISTORY, place, "item")
        for file in filter(None, row["before"].split(";")):
            if file not in files:
                yield Fault(f"the record has no row for '{file[:60]}'", _REMEDY, HISTORY, place, "before")
