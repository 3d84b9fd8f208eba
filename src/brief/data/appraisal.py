"""The options of a brief, the criteria, and how each option was assessed on each: read, checked, and compared once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from brief.analysis import options as comparing
from brief.contract import tables
from brief.contract.files import records
from brief.contract.kept_work import done_once
from brief.contract.noting import Noting
from brief.contract.plain_frames import frame_of, plain
from brief.contract.tables import ASKS, LEVELS, NOT_ASSESSED
from brief.data.bibliography import keys_of
from brief.errors import BriefError, Fault
from brief.prose.conditions import Value, parse

if TYPE_CHECKING:
    from brief.analysis.acceptability import Acceptability

OPTIONS, CRITERIA = "data/options/options.csv", "data/options/criteria.csv"
ASSESSMENTS = "data/options/assessments.csv"
FILES = {OPTIONS: tables.OPTIONS, CRITERIA: tables.CRITERIA, ASSESSMENTS: tables.ASSESSMENTS}
_CODERS, _BIB = "data/coders.yml", "data/sources.bib"
GAINED, LOST, _ = ASKS


@dataclass(frozen=True)
class Appraisal(Noting):
    """The rows of options, criteria and assessments: columns as in their files, no rows without a file."""

    FROM: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "options": (OPTIONS,),
        "criteria": (CRITERIA,),
        "assessments": (ASSESSMENTS,),
    }

    options: pd.DataFrame
    criteria: pd.DataFrame
    assessments: pd.DataFrame

    @cached_property
    def baseline(self) -> str | None:
        """The option that the others are compared with."""
        named = self.options.loc[self.options["baseline"] == "yes", "option_id"]
        return str(named.iloc[0]) if len(named) else None

    @property
    def rivals(self) -> list[list[str]]:
        """The options that do the same job, group by group, in the order of the file."""
        groups = self.options[self.options["rivals"] != ""].groupby("rivals", sort=False)["option_id"]
        return [list(names) for _, names in groups if len(names) > 1]

    @property
    def part_of(self) -> dict[str, str]:
        """For each criterion that is a part of another, that one."""
        parts = self.criteria[self.criteria["part_of"] != ""]
        return dict(zip(parts["criterion_id"], parts["part_of"], strict=True))

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Every option on every criterion, as `options.cells` gives them."""
        known = self.assessments[self.assessments["low"] != NOT_ASSESSED]
        high = known["high"].where(known["high"] != "", known["low"])
        places = {level: place for place, level in enumerate(LEVELS)}
        assessed = known.assign(low=known["low"].map(places), high=high.map(places))
        return comparing.cells(
            list(self.options["option_id"]),
            list(self.criteria["criterion_id"]),
            assessed,
            len(LEVELS),
            self.baseline,
        )

    def cells_of(self, options: Collection[str]) -> pd.DataFrame:
        """The cells of some options."""
        return self.cells[self.cells["option_id"].isin(options)].reset_index(drop=True)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """For each ordered pair of rivals whether the first dominates the second, as `options.dominance` tells."""
        parts = [comparing.dominance(self.cells_of(group)) for group in self.rivals]
        return pd.concat(parts, ignore_index=True) if parts else comparing.dominance(self.cells.iloc[0:0])

    @cached_property
    def questions(self) -> pd.DataFrame:
        """What would have to be known first to tell rivals apart, as `options.open_questions` tells."""
        among = {name for group in self.rivals for name in group}
        return comparing.open_questions(self.cells_of(among), self.pairs)

    def common(self, group: Collection[str]) -> list[str]:
        """The criteria on which every option of a group is assessed."""
        whole = self.cells_of(group).groupby("criterion_id", sort=False)["assessed"].all()
        return [str(name) for name in whole.index[whole]]

    @cached_property
    def ranked(self) -> list[list[str]]:
        """The groups of rivals that a criterion is assessed for as a whole: the others have nothing to rank by."""
        return [group for group in self.rivals if self.common(group)]

    @cached_property
    def acceptability(self) -> list[tuple[Acceptability, Acceptability]]:
        """For each group of rivals what follows over all weights, as `acceptability.accept` tells.

        First on the criteria that all of them are assessed on; then on all criteria, as if what is not assessed could
        be anything. A group that no criterion is assessed for as a whole is left out.
        """
        pairs = []
        for group in self.ranked:
            cells = self.cells_of(group)
            sure = cells[cells["criterion_id"].isin(self.common(group))]
            pairs.append((self._accepted(sure), self._accepted(cells)))
        return pairs

    def _accepted(self, cells: pd.DataFrame) -> Acceptability:
        """What follows of these cells over all weights, drawn once."""
        from brief.analysis.acceptability import Acceptability, accept

        def make() -> bytes:
            return json.dumps(vars(accept(cells, len(LEVELS), self.part_of)), default=plain).encode()

        parts = json.dumps([plain(cells[["option_id", "criterion_id", "low", "high"]]), dict(self.part_of)])
        drawn: dict[str, Any] = json.loads(done_once("weights", (parts,), make))
        return Acceptability(**drawn | {name: frame_of(drawn[name]) for name in ("ranks", "weights", "confidence")})

    def names(self) -> dict[str, str]:
        """The names of options and criteria by id."""
        options = zip(self.options["option_id"], self.options["name"], strict=True)
        return {**dict(options), **dict(zip(self.criteria["criterion_id"], self.criteria["name"], strict=True))}


def gains_and_harms(appraisal: Appraisal, criteria: Collection[str] | None = None) -> pd.DataFrame:
    """For each option but the baseline whether, where it is assessed, it may bring a gain and whether it may do harm.

    In: with `criteria`, only what is assessed on these counts. Out: option_id; gain, whether it is or may be better
    than the baseline on a criterion that asks what is gained; harm, whether it is or may be worse on any other; open,
    whether no harm is known but it is not assessed on each of those others.
    """
    asks = dict(zip(appraisal.criteria["criterion_id"], appraisal.criteria["asks"], strict=True))
    middle = len(LEVELS) // 2
    cells = appraisal.cells
    if criteria is not None:
        cells = cells[cells["criterion_id"].isin(criteria)]
    done = cells["assessed"].astype(bool)
    known = cells[done]
    for_gain = known["criterion_id"].map(asks) == GAINED
    better = known.loc[for_gain & (known["high"] > middle), "option_id"]
    worse = known.loc[~for_gain & (known["low"] < middle), "option_id"]
    gaps = cells.loc[~done & (cells["criterion_id"].map(asks) != GAINED), "option_id"]
    options = appraisal.options.loc[appraisal.options["option_id"] != appraisal.baseline, ["option_id"]]
    options_judged = options.assign(gain=options["option_id"].isin(better), harm=options["option_id"].isin(worse))
    return options_judged.assign(open=~options_judged["harm"] & options_judged["option_id"].isin(gaps)).reset_index(
        drop=True
    )


def used(appraisal: Appraisal) -> set[str]:
    """The source keys that its rows name."""
    frames = (appraisal.options, appraisal.criteria, appraisal.assessments)
    return {key for frame in frames for cell in frame["sources"] for key in keys_of(cell)}


def examine(appraisal: Appraisal, sources: Collection[str], coders: Collection[str]) -> Iterator[Fault]:
    """The faults of an appraisal: names that are not there, cells told twice, ranges turned round, no source."""
    options, criteria = set(appraisal.options["option_id"]), set(appraisal.criteria["criterion_id"])
    yield from _twice(appraisal.options, ["option_id"], OPTIONS, "option")
    yield from _twice(appraisal.criteria, ["criterion_id"], CRITERIA, "criterion")
    yield from _twice(appraisal.assessments, ["option_id", "criterion_id"], ASSESSMENTS, "assessment")
    for frame, file in zip((appraisal.options, appraisal.criteria, appraisal.assessments), FILES, strict=True):
        for row, cells in enumerate(records(frame), start=2):
            yield from _empty(cells, file, row)
            yield from _sources(cells, sources, file, row)
            yield from _condition(cells, file, row)
    yield from _baseline(appraisal.options, len(appraisal.assessments) > 0)
    parts = appraisal.part_of
    for row, criterion in enumerate(records(appraisal.criteria), start=2):
        whole = criterion["part_of"]
        if whole and (whole not in criteria or whole in parts or whole == criterion["criterion_id"]):
            remedy = "Name a criterion that is itself no part of another, or leave the cell empty."
            yield Fault(f"'{whole}' is no criterion that can have parts", remedy, CRITERIA, row, "part_of")
    for row, assessment in enumerate(records(appraisal.assessments), start=2):
        for column, known, where in (
            ("option_id", options, OPTIONS),
            ("criterion_id", criteria, CRITERIA),
            ("assessed_by", coders, _CODERS),
        ):
            if assessment[column] and assessment[column] not in known:
                remedy = f"Use an id of {where}, or add it there."
                what = f"there is no '{assessment[column]}'"
                yield Fault(what, remedy, ASSESSMENTS, row, column, looked_in=(where,))
        if assessment["option_id"] == appraisal.baseline:
            what = f"'{assessment['option_id']}' is the baseline, so it is assessed by definition"
            yield Fault(what, "Remove the row.", ASSESSMENTS, row, "option_id")
        yield from _range(assessment, row)


def _twice(frame: pd.DataFrame, keys: list[str], file: str, kind: str) -> Iterator[Fault]:
    listed = Counter(zip(*(frame[key] for key in keys), strict=True))
    for names in sorted(names for names, times in listed.items() if times > 1):
        yield Fault(f"the {kind} '{' on '.join(names)}' is there twice", "Keep one row.", file, None, keys[0])


def _empty(cells: Mapping[Any, Any], file: str, row: int) -> Iterator[Fault]:
    for column in FILES[file]:
        if column.required and column.kind == "text" and not cells[column.name].strip():
            remedy = f"Write it; where nobody has looked, write '{NOT_ASSESSED}'."
            yield Fault("the cell is empty", remedy, file, row, column.name)


def _sources(cells: Mapping[Any, Any], known: Collection[str], file: str, row: int) -> Iterator[Fault]:
    keys = keys_of(cells["sources"])
    for key in keys:
        if key not in known:
            what, remedy = f"there is no source '{key}'", f"Add it to {_BIB}, or correct the key."
            yield Fault(what, remedy, file, row, "sources", looked_in=(_BIB,))
    silent = cells.get("low") == NOT_ASSESSED or cells.get("buys") == cells.get("costs") == NOT_ASSESSED
    if not keys and not silent and not cells.get("holds_while"):
        remedy = f"Name a key of {_BIB} or a condition over facts under holds_while; or write '{NOT_ASSESSED}'."
        yield Fault("the row rests on nothing", remedy, file, row, "sources")


def _condition(cells: Mapping[Any, Any], file: str, row: int) -> Iterator[Fault]:
    if cells.get("holds_while"):
        try:
            parse(cells["holds_while"])
        except BriefError as error:
            yield from (Fault(fault.what, fault.remedy, file, row, "holds_while") for fault in error.faults)


def _baseline(options: pd.DataFrame, needed: bool) -> Iterator[Fault]:
    marked = int((options["baseline"] == "yes").sum())
    if marked > 1 or (needed and not marked):
        what = "more than one option is the baseline" if marked else "no option is the baseline"
        yield Fault(what, "Write yes under baseline for one option.", OPTIONS, None, "baseline", looked_in=(OPTIONS,))


def _range(assessment: Mapping[Any, Any], row: int) -> Iterator[Fault]:
    low, high = assessment["low"], assessment["high"]
    if low == NOT_ASSESSED and high:
        yield Fault("what is not assessed has no range", "Empty the cell.", ASSESSMENTS, row, "high")
    elif low in LEVELS and high in LEVELS and LEVELS.index(low) > LEVELS.index(high):
        remedy = "Write the worse level under low, the better one under high."
        yield Fault(f"the range '{low}' to '{high}' is turned round", remedy, ASSESSMENTS, row, "low")


def check_conditions(appraisal: Appraisal, given: Mapping[str, Value]) -> list[Fault]:
    """The faults of rows whose condition is not true of the facts, or names what is no fact."""
    faults: list[Fault] = []
    for frame, file in ((appraisal.options, OPTIONS), (appraisal.assessments, ASSESSMENTS)):
        for row, cells in enumerate(records(frame), start=2):
            if not cells["holds_while"]:
                continue
            condition = parse(cells["holds_while"])
            try:
                if condition.holds(given):
                    continue
                what = f"the row no longer holds: '{condition.text}' is false ({condition.values(given)})"
                remedy = "Assess it again for what is so now."
                faults.append(Fault(what, remedy, file, row, "holds_while", kind="outdated"))
            except BriefError as error:
                faults += [Fault(fault.what, fault.remedy, file, row, "holds_while") for fault in error.faults]
    return faults
