"""The facts of the model: its sizes, who reads what, how far a secret reaches, what could be noticed.

What varies with the script is told as a median over all drawn scripts, with the least and the most under the same name
and `-least` and `-most`. Facts of an option with several designs have a least and a most over all of them, and no
median: a sentence about the option can say "every" or "some", and nothing that holds of one design alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.findings import naming
from brief.findings.facts import Fact, provides_facts
from brief_access import analysis
from brief_access.exercises import COULD, EVADED, HANDED, LEAK, OPTIONS, WARRANT, WAYS, opens_nothing
from brief_access.model import Outcomes, outcomes
from brief_access.settings import FILE, read
from brief_access.words import LABELS

if TYPE_CHECKING:
    from brief.data.brief import Brief
    from brief.findings.findings import Findings

MODULE = "access"
_SOURCE = f"{FILE}; attempts to decrypt in the model"
_MESSAGE = ("message", "messages")
_ENDS = {"": "median of all draws", "_least": "least of all draws", "_most": "most of all draws"}
_TOLD = (
    (WARRANT, "named_before", "target-before", "of the person under warrant that are read, sent before it"),
    (WARRANT, "named_after", "target-after", "of the person under warrant that are read, sent after it"),
    (WARRANT, "partners", "partners", "that others wrote to the person under warrant and that are read"),
    (WARRANT, "others", "others", "between people whom the warrant does not name that are read on it"),
    (HANDED, "read", "handed", "that could be opened with what is handed over for the warrant"),
    (COULD, "read", "could", "that whoever holds the power could open"),
    (COULD, "others", "could-others", "between people whom no warrant names that whoever holds the power could open"),
    (EVADED, "read", "evaded", "read on the warrant where the person named has changed the program"),
)
"""What is told of each way: measure, part, end of the fact's name, and its definition."""
_KEYS = ["option", "way"]
_SHOWN = {
    "programs": ("Devices on which the program must be another than today", ("device", "devices")),
    "codes": ("Messages shown with a changed safety code in the script that is encrypted", _MESSAGE),
    "logged": ("Messages for which the public log shows a foreign key in the script that is encrypted", _MESSAGE),
}
_OF_A_WAY = ("target-before", "target-after", "handed", "could", "evaded")


def slug(words: str) -> str:
    """Words as the part of a fact's name: "copy of the ghost's device" is copy-of-the-ghosts-device."""
    return re.sub(r"[^a-z0-9]+", "-", words.replace("'", "").lower()).strip("-")


def _label(option: str) -> str:
    """How an option is called inside a sentence."""
    return LABELS[option].lower()


def of(brief: Brief) -> Outcomes:
    """The outcomes of the model of a brief."""
    return outcomes(read(brief.root))


@provides_facts(module=MODULE)
def about_access(findings: Findings) -> Iterator[Fact]:
    """All facts of the model, their names beginning with access-."""
    outcomes = of(findings.brief)
    yield from _sizes(outcomes)
    yield from _ways(outcomes)
    yield from _notices(outcomes)
    yield from _thefts(outcomes)
    yield from _apart(outcomes)


def _messages(name: str, value: int, definition: str) -> Fact:
    return Fact(name, value, definition, _SOURCE, *_MESSAGE)


def _ranged(name: str, row: Mapping[str, Any], part: str, definition: str) -> Iterator[Fact]:
    """Median, least and most of a part."""
    for end, end_words in _ENDS.items():
        yield _messages(name + end.replace("_", "-"), int(row[part + end]), f"{definition}; {end_words}.")


def _sizes(outcomes: Outcomes) -> Iterator[Fact]:
    given = outcomes.given
    yield Fact("access-people", given.people, "People in the model.", FILE, "person", "people")
    devices = "Devices in the model: a phone and a computer for each person."
    yield Fact("access-devices", 2 * given.people, devices, FILE, "device", "devices")
    pairs = "Conversations in the model, each of a pair of people."
    yield Fact("access-conversations", given.conversations, pairs, FILE, "conversation", "conversations")
    partners = "People who write with the person under warrant."
    yield Fact("access-partners", min(given.people - 1, 2), partners, FILE, "person", "people")
    draws = "Scripts that are drawn; counts are told as a median and a range over them."
    yield Fact("access-draws", given.draws, draws, FILE, "script", "scripts")
    reached = "People whose phones a means to hack reaches: an assumption."
    yield Fact("access-reached", given.reached, reached, FILE, "person", "people")
    yield _messages("access-messages", given.messages, "Messages in the model.")
    for name, moment, when in (
        ("warrant", given.warrant, "the warrant is given"),
        ("theft", given.leak, "a secret is stolen"),
        ("access-ends", given.access_ends, "access to a hacked phone ends"),
    ):
        yield _messages(f"access-sent-before-{name}", moment, f"Messages sent, by anybody, when {when}.")
    later = "Messages sent after the warrant, by anybody."
    yield _messages("access-messages-later", given.messages - given.warrant, later)
    bases = naming.rows_of(analysis.spread(outcomes.bases.assign(whole=""), ["whole"]))[0]
    for part, name, what in (
        ("named_before", "target-before", "of the person under warrant, sent or received before the warrant"),
        ("named_after", "target-after", "of the person under warrant, sent or received after the warrant"),
        ("partners", "partners", "that others wrote to the person under warrant"),
    ):
        yield from _ranged(f"access-messages-{name}", bases, part, f"Messages {what}")
    named = int(bases["read"]) - int(bases["others"])
    yield _messages("access-messages-target", named, "Messages of the person under warrant, sent or received.")
    yield _messages("access-messages-others", int(bases["others"]), "Messages of everybody else, sent or received.")
    definition = "Outcomes of attempts to read, on the script that is encrypted."
    yield Fact("access-attempts", len(outcomes.attempts), definition, _SOURCE, "attempt", "attempts")
    yield Fact("access-ways", len(WAYS), "Designs of the options that were run.", _SOURCE, "design", "designs")


def _ways(outcomes: Outcomes) -> Iterator[Fact]:
    """What each measure gives, for each option over all its designs, and for each design of those with several."""
    measured = outcomes.counts[outcomes.counts["measure"].isin([measure for measure, *_ in _TOLD])]
    rows = naming.rows_of(analysis.spread(measured, ["measure", *_KEYS]))
    for measure, part, name, what in _TOLD:
        spread = {(row["option"], row["way"]): row for row in rows if row["measure"] == measure}
        for option in OPTIONS:
            own = [row for (other, _), row in spread.items() if other == option]
            if len(own) == 1:
                yield from _ranged(f"access-{option}-{name}", own[0], part, f"Messages {what}: {_label(option)}")
                continue
            over = f"Messages {what}: {_label(option)}, over all its designs and all draws"
            yield _messages(
                f"access-{option}-{name}-least", min(row[f"{part}_least"] for row in own), f"{over}; least."
            )
            yield _messages(f"access-{option}-{name}-most", max(row[f"{part}_most"] for row in own), f"{over}; most.")
            ways = [way for way in WAYS if way.option == option] if name in _OF_A_WAY else []
            for way in ways:
                full = f"access-{option}-{slug(way.name)}-{name}"
                row, definition = spread[(option, way.name)], f"Messages {what}: {_label(option)}, {way.name}"
                if dict(way.trials())[measure].opens is opens_nothing or measure in (HANDED, EVADED):
                    yield _messages(full, row[part], f"{definition}.")
                else:
                    yield from _ranged(full, row, part, definition)


def _notices(outcomes: Outcomes) -> Iterator[Fact]:
    """What shows under each option over all its designs, and under each design where they differ in it."""
    seen = naming.rows_of(analysis.noticed(outcomes.seen))
    for option in OPTIONS:
        own = [row for row in seen if row["option"] == option]
        for kind, (what, nouns) in _SHOWN.items():
            values = [outcomes.programs[(option, row["way"])] if kind == "programs" else int(row[kind]) for row in own]
            if len(own) == 1:
                yield Fact(f"access-{option}-{kind}", values[0], f"{what}: {_label(option)}.", _SOURCE, *nouns)
                continue
            for end, value in (("least", min(values)), ("most", max(values))):
                over = f"{what}: {_label(option)}, over all its designs; the {end}."
                yield Fact(f"access-{option}-{kind}-{end}", value, over, _SOURCE, *nouns)
            for row, value in zip(own, values, strict=True) if len(set(values)) > 1 else ():
                name = f"access-{option}-{slug(str(row['way']))}-{kind}"
                yield Fact(name, value, f"{what}: {_label(option)}, {row['way']}.", _SOURCE, *nouns)


def thefts(outcomes: Outcomes) -> pd.DataFrame:
    """How far each stolen secret reaches: option, secret and the spread of `analysis.PARTS`."""
    return analysis.spread(outcomes.counts[outcomes.counts["measure"] == LEAK], ["option", "secret"])


def _thefts(outcomes: Outcomes) -> Iterator[Fact]:
    for row in naming.rows_of(thefts(outcomes)):
        name, what = f"access-leak-{slug(str(row['secret']))}", f"{row['secret']} ({_label(str(row['option']))})"
        yield from _ranged(name, row, "read", f"Messages that a thief reads with this: {what}")
        past = f"Messages sent before the theft that this opens, most of all draws: {what}."
        yield _messages(f"{name}-before-most", int(row["past_most"]), past)


def _apart(outcomes: Outcomes) -> Iterator[Fact]:
    """What belongs to no way by itself."""
    definition = "Messages that a provider reads which only watches, under all designs together."
    yield _messages("access-provider-read", outcomes.provider_read, definition)
    definition = "Messages that the two people of a conversation cannot read, under all designs together."
    yield _messages("access-participants-missed", outcomes.missed, definition)
    definition = "Messages with listed content that a scanner reports once a byte of the content is changed."
    yield _messages("access-scanning-altered-found", outcomes.altered_found, definition)
    yield _messages(
        "access-scanning-listed", outcomes.given.listed, "Messages that carry content on the scanner's list."
    )
    few = "Devices of those who write with the person under warrant: only their programs hide the added device."
    yield Fact("access-few-programs", outcomes.few, few, _SOURCE, "device", "devices")
    read_then = "Messages that the added device then reads, in the script that is encrypted."
    yield _messages("access-few-read", outcomes.few_read, read_then)
    yield _messages(
        "access-records", len(outcomes.records), "Messages whose sender, recipient, time and size are stored."
    )
    pairs = "Pairs of people whom the records show to have written to each other."
    yield Fact("access-records-pairs", analysis.pairs(outcomes.records), pairs, _SOURCE, "pair", "pairs")
    definition = "Scripts in which a thief with the keys of one conversation is shut out of a later message in it."
    yield Fact("access-recovered-draws", outcomes.recovered, definition, _SOURCE, "script", "scripts")
    accepted = "Whether a partner accepts a message that is written with a stolen identity key."
    yield Fact("access-identity-impersonates", outcomes.accepted, accepted, _SOURCE)
    yield Fact("access-identity-code-same", outcomes.code_same, "Whether the code then stays the same.", _SOURCE)
    opened = "Whether a partner's phone opens a session with pre-keys that the thief of an identity key has signed."
    yield Fact("access-identity-receives", outcomes.opened, opened, _SOURCE)
