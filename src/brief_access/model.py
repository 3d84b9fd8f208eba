"""The outcomes of the model for one set of sizes, computed once: attempts, what could be noticed, records. No keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pandas as pd

from brief_access.attempts import VARIANTS, impersonated, played, tried
from brief_access.runs import Run, changed_devices
from brief_access.settings import Settings

STATUS_QUO = "status-quo"


@dataclass(frozen=True)
class Outcomes:
    """What came out of the model.

    `attempts`: columns of `attempts.COLUMNS`. `seen`: option, variant, message, of_target, when, code_changed,
    devices_changed, extra_bytes, reported. `records`: message, sender, recipient, bytes. `programs`: by option and
    variant, on how many devices the program must be another. `accepted` and `code_same`: whether a partner accepts
    what is written with a stolen identity key, and with an unchanged code.
    """

    given: Settings
    attempts: pd.DataFrame
    seen: pd.DataFrame
    records: pd.DataFrame
    programs: Mapping[tuple[str, str], int]
    accepted: bool
    code_same: bool


@cache
def outcomes(given: Settings) -> Outcomes:
    """Play the conversations under every design and try to read them. Keys are new each time, outcomes are not."""
    runs = played(given)
    accepted, code_same = impersonated(runs[STATUS_QUO])
    return Outcomes(
        given,
        tried(runs, given),
        _seen(runs, given),
        _records(runs[STATUS_QUO]),
        {(option, variant): changed_devices(runs[design]) for option, variant, design, _, _ in VARIANTS},
        accepted,
        code_same,
    )


def _seen(runs: Mapping[str, Run], given: Settings) -> pd.DataFrame:
    """What the programs show and what leaves the devices, beside the same message under the status quo."""
    rows = [
        (option, variant, *row)
        for option, variant, design, _, _ in VARIANTS
        for row in _seen_in(runs[design], runs[STATUS_QUO], given)
    ]
    names = ("message", "of_target", "when", "code_changed", "devices_changed", "extra_bytes", "reported")
    return pd.DataFrame(rows, columns=["option", "variant", *names])


def _seen_in(run: Run, plain: Run, given: Settings) -> Iterator[tuple[object, ...]]:
    first = {notice.conversation: notice for notice in reversed(run.notices)}
    for message, notice, envelope, usual in zip(run.messages, run.notices, run.envelopes, plain.envelopes, strict=True):
        before = first[notice.conversation]
        yield (
            message.number,
            message.of_target,
            "before" if message.number < given.warrant else "after",
            notice.code != before.code,
            notice.devices != before.devices,
            envelope.size - usual.size,
            envelope.report is not None,
        )


def _records(run: Run) -> pd.DataFrame:
    """What the provider's store shows without any key: who wrote to whom, when, and how much."""
    rows = [(one.number, one.sender, one.recipient, one.size) for one in run.envelopes]
    return pd.DataFrame(rows, columns=["message", "sender", "recipient", "bytes"])
