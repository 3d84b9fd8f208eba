"""The outcomes of the model for one set of sizes, computed once: who reads what, what could be noticed. No keys.

One script is encrypted, and every key is tried on it. For further scripts, drawn in the same way, the counts follow
from who wrote when; they are told only if that gives for the encrypted script just what the keys have opened.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from typing import Any

import pandas as pd

from brief.contract.kept_work import done_once
from brief.contract.plain_frames import frame_of, plain
from brief_access import analysis
from brief_access.attempts import Key, impersonated, nothing, nothing_but_added, taking_part
from brief_access.course import NONE, Course, Numbers
from brief_access.exercises import LEAK, THEFTS, WAYS, Trial
from brief_access.protocol import CannotRead
from brief_access.runs import Run, played
from brief_access.settings import Settings

STATUS_QUO = "status-quo"
_FRAMES = ("attempts", "counts", "bases", "seen", "records")


@dataclass(frozen=True)
class Outcomes:
    """What came out of the model.

    `attempts`: option, way, measure, secret, message, read, a row for each message on which a key was tried.
    `counts`: option, way, measure, secret, draw and `analysis.PARTS`; `bases`: draw and the same parts of all messages
    there are. `recovered`: in how many draws a thief who has copied the keys of one conversation is shut out of it
    again. `seen`: as `analysis.noticed` takes it. `records`:
    message, sender, recipient, bytes. `programs`: by option and way, on how many devices the program must be another;
    `few`: the same where only the programs of those who write with the person named hide the added device, and
    `few_read` what is then read. `provider_read` and `missed`: messages that a provider reads which only watches, and
    that a recipient or sender cannot read, under all designs together. `altered_found`: listed content that is
    reported once a byte of it is changed. `accepted`, `code_same`, `opened`: as `attempts.impersonated`.
    """

    given: Settings
    attempts: pd.DataFrame
    counts: pd.DataFrame
    bases: pd.DataFrame
    recovered: int
    seen: pd.DataFrame
    records: pd.DataFrame
    programs: Mapping[tuple[str, str], int]
    few: int
    few_read: int
    provider_read: int
    missed: int
    altered_found: int
    accepted: bool
    code_same: bool
    opened: bool


@cache
def outcomes(given: Settings) -> Outcomes:
    """The outcomes for these settings, played once: what follows does not depend on the keys, which are new each time.

    Raises `RuntimeError` as `play_all`.
    """
    settings = json.dumps(asdict(given), sort_keys=True)
    return _read(given, done_once("access", (settings,), lambda: _written(play_all(given))))


def _written(outcomes: Outcomes) -> bytes:
    """Everything but the settings as JSON."""
    values = {part.name: getattr(outcomes, part.name) for part in fields(Outcomes) if part.name != "given"}
    values["programs"] = [[*key, number] for key, number in outcomes.programs.items()]
    return json.dumps(values, default=plain).encode()


def _read(given: Settings, written: bytes) -> Outcomes:
    values: dict[str, Any] = json.loads(written)
    programs = {(option, way): number for option, way, number in values["programs"]}
    return Outcomes(given, **values | {name: frame_of(values[name]) for name in _FRAMES} | {"programs": programs})


def play_all(given: Settings) -> Outcomes:
    """Play the conversations under every design and try to read them. Keys are new each time, outcomes are not.

    Raises `RuntimeError` where a key opens other messages than the script says it must.
    """
    runs = played(given)
    attempts = tried(runs, given)
    counts, bases, recovered = drawn(given)
    few = runs["ghost-few"]
    accepted, code_same, opened = impersonated(runs[STATUS_QUO])
    shared = {id(run.traffic): run for run in runs.values()}
    ends = [opened_by(taking_part(sending)(run, given), run) for run in shared.values() for sending in (True, False)]
    altered = next(way.handed for way in WAYS if way.reports)
    return Outcomes(
        given,
        attempts,
        counts,
        bases,
        recovered,
        _seen(runs),
        _records(runs[STATUS_QUO]),
        {(way.option, way.name): runs[way.shown_in].changed_devices for way in WAYS},
        few.changed_devices,
        len(opened_by(_added(few, given), few)),
        len(watched_by_provider(runs, given)),
        sum(given.messages - len(read) for read in ends),
        len(opened_by(altered.key(runs["scan-altered"], given), runs["scan-altered"])),
        accepted,
        code_same,
        opened,
    )


def _added(run: Run, given: Settings) -> Key:
    return next(way.handed for way in WAYS if way.secret == "added device").key(run, given)


def watched_by_provider(runs: Mapping[str, Run], given: Settings) -> set[tuple[str, int]]:
    """What a provider reads that only watches: each traffic, and what each design adds to it. Design and message."""
    traffics = {id(run.traffic): (run, nothing) for run in runs.values()}
    added = [(run, nothing_but_added) for run in runs.values() if run.secrets]
    return {
        (run.design.name, number)
        for run, take in (*traffics.values(), *added)
        for number in opened_by(take(run, given), run)
    }


def opened_by(key: Key, run: Run, among: Numbers | None = None) -> Numbers:
    """The messages that a key opens, of those on which it is tried."""
    numbers = set()
    for message, envelope in zip(run.messages, run.envelopes, strict=True):
        if among is None or message.number in among:
            try:
                got = key(envelope)
            except CannotRead:
                continue
            if got != message.text:
                raise RuntimeError("what was decrypted is not what was sent")
            numbers.add(message.number)
    return frozenset(numbers)


def trials() -> Iterator[tuple[str, str, str, str, Trial]]:
    """Everything that is tried: option, way, measure, secret, and the trial. A theft has no way."""
    for way in WAYS:
        for measure, trial in way.trials():
            yield way.option, way.name, measure, way.secret, trial
    for theft in THEFTS:
        yield theft.option, "", LEAK, theft.secret, theft.trial


def tried(runs: Mapping[str, Run], given: Settings) -> pd.DataFrame:
    """The attempts to read, as `Outcomes.attempts`."""
    course, rows = Course(given), []
    known: dict[tuple[str, object, bool], Numbers] = {}
    for option, way, measure, secret, trial in trials():
        run = runs[trial.design]
        among = course.named if trial.limited else course.all
        tries = (trial.design, trial.key)
        if (*tries, False) not in known:
            known[(*tries, trial.limited)] = opened_by(trial.key(run, given), run, among)
        # Where a key has been tried on everything, a warrant only takes some of the messages out of those.
        opened = known.get((*tries, trial.limited), known.get((*tries, False), NONE) & among)
        if opened != trial.expected(course):
            raise RuntimeError(f"{option}, {way}, {measure}, {secret}: other messages open than the script says")
        rows += [(option, way, measure, secret, number, number in opened) for number in sorted(among)]
    return pd.DataFrame(rows, columns=[*analysis.BY, "message", "read"])


def drawn(given: Settings) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """For each script drawn from the seed on what each key opens and what there is; and in how many a session recovers.

    These are `counts`, `bases` and `recovered` of `Outcomes`.
    """
    everything = list(trials())
    rows: list[tuple[object, ...]] = []
    there: list[tuple[int, ...]] = []
    recovered = 0
    for draw in range(given.draws):
        course = Course(replace(given, seed=given.seed + draw))
        there.append((draw, *analysis.parts_of(course.all, course, given.warrant)))
        recovered += course.recovers()
        known: dict[object, Numbers] = {}
        for option, way, measure, secret, trial in everything:
            if trial.opens not in known:
                known[trial.opens] = trial.opens(course)
            opened = known[trial.opens] & course.named if trial.limited else known[trial.opens]
            moment = given.leak if measure == LEAK else given.warrant
            rows.append((option, way, measure, secret, draw, *analysis.parts_of(opened, course, moment)))
    columns = ["draw", *analysis.PARTS]
    counts, bases = pd.DataFrame(rows, columns=[*analysis.BY, *columns]), pd.DataFrame(there, columns=columns)
    return counts, bases, recovered


def _seen(runs: Mapping[str, Run]) -> pd.DataFrame:
    """What the programs show and what leaves the devices, beside the same message under the status quo."""
    rows = [(way.option, way.name, *row) for way in WAYS for row in _seen_in(runs[way.shown_in], runs[STATUS_QUO])]
    names = ("message", "code_changed", "devices_changed", "foreign", "extra_bytes", "reported")
    return pd.DataFrame(rows, columns=["option", "way", *names])


def _seen_in(run: Run, plain: Run) -> Iterator[tuple[object, ...]]:
    first = {notice.conversation: notice for notice in reversed(run.notices)}
    for notice, envelope, usual in zip(run.notices, run.envelopes, plain.envelopes, strict=True):
        before = first[notice.conversation]
        yield (
            envelope.number,
            notice.code != before.code,
            notice.devices != before.devices,
            notice.foreign,
            envelope.size - usual.size,
            envelope.report is not None,
        )


def _records(run: Run) -> pd.DataFrame:
    """What the provider's store shows without any key: who wrote to whom, when, and how much."""
    rows = [(envelope.number, envelope.sender, envelope.recipient, envelope.size) for envelope in run.envelopes]
    return pd.DataFrame(rows, columns=["message", "sender", "recipient", "bytes"])
