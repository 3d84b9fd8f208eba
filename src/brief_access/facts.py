"""The facts of the model: its sizes, who reads what, how far a secret reaches, what could be noticed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from brief.findings import published as base
from brief.findings.facts import Fact, provides_facts
from brief_access import analysis
from brief_access.attempts import ABUSE, PROVIDER, RECIPIENT
from brief_access.model import Outcomes, outcomes
from brief_access.settings import FILE, read

if TYPE_CHECKING:
    from brief.data.brief import Brief
    from brief.findings.findings import Findings

MODULE = "access"
_SOURCE = f"{FILE}; attempts to decrypt in brief_access"
_MESSAGE = ("message", "messages")


def slug(words: str) -> str:
    """Words as the part of a fact's name: "copy of the ghost's device" is copy-of-the-ghosts-device."""
    return re.sub(r"[^a-z0-9]+", "-", words.replace("'", "").lower()).strip("-")


def of(brief: Brief) -> Outcomes:
    """The outcomes of the model of a brief."""
    return outcomes(read(brief.root))


@provides_facts
def about_access(findings: Findings) -> Iterator[Fact]:
    """All facts of the model, their names beginning with access-; none where the topic does not switch it on."""
    brief = findings.brief
    if MODULE not in brief.topic.modules:
        return
    found = of(brief)
    yield from _sizes(found)
    yield from _readers(found)
    yield from _secrets(found)
    yield from _notices(found)


def _messages(name: str, value: int, definition: str) -> Fact:
    return Fact(name, value, definition, _SOURCE, *_MESSAGE)


def _sizes(found: Outcomes) -> Iterator[Fact]:
    given = found.given
    yield Fact("access-people", given.people, "People in the model.", FILE, "person", "people")
    devices = "Devices in the model: a phone and a computer for each person."
    yield Fact("access-devices", 2 * given.people, devices, FILE, "device", "devices")
    pairs = "Conversations in the model, each of a pair of people."
    yield Fact("access-conversations", given.conversations, pairs, FILE, "conversation", "conversations")
    yield _messages("access-messages", given.messages, "Messages in the model.")
    row = analysis.on_warrant(found.attempts).iloc[0]
    for whose, who in (("target", "of the person under warrant"), ("others", "of everybody else")):
        both = int(row[f"{whose}_before_of"] + row[f"{whose}_after_of"])
        yield _messages(f"access-messages-{whose}", both, f"Messages {who}, sent or received.")
        for when in ("before", "after"):
            number = int(row[f"{whose}_{when}_of"])
            yield _messages(f"access-messages-{whose}-{when}", number, f"Messages {who} {when} the warrant.")
    yield Fact("access-attempts", len(found.attempts), "Outcomes of attempts to read.", _SOURCE, "attempt", "attempts")


def _readers(found: Outcomes) -> Iterator[Fact]:
    """What the authority reads, by option (its first variant) and by each further variant; and who else reads."""
    seen: set[str] = set()
    for row in base.records(analysis.on_warrant(found.attempts)):
        name = str(row["option"])
        if name in seen:
            name = f"{name}-{slug(str(row['variant']))}"
        seen.add(str(row["option"]))
        told = f"{row['option']} ({row['variant']})"
        for when in ("before", "after"):
            told_when = f"Messages of the person under warrant that the authority reads, sent {when} it: {told}."
            yield _messages(f"access-{name}-target-{when}", int(row[f"target_{when}"]), told_when)
        others = int(row["others_before"] + row["others_after"])
        yield _messages(
            f"access-{name}-others", others, f"Messages of everybody else that the authority reads: {told}."
        )
        programs = found.programs[(str(row["option"]), str(row["variant"]))]
        told = f"Devices on which the program must be another than under the status quo: {told}."
        yield Fact(f"access-{name}-programs", programs, told, _SOURCE, "device", "devices")
    provider = analysis.own(found.attempts, PROVIDER)
    told = "Messages that the provider reads with what it holds, under all variants together."
    yield _messages("access-provider-read", int(provider["read"].sum()), told)
    recipient = analysis.own(found.attempts, RECIPIENT)
    told = "Messages that recipients cannot read, under all variants together."
    yield _messages("access-recipient-missed", int((recipient["messages"] - recipient["read"]).sum()), told)
    yield Fact("access-variants", len(provider), "Ways to build the options that were run.", _SOURCE, "way", "ways")
    yield _messages("access-records", len(found.records), "Messages whose sender, recipient, time and size are stored.")
    pairs = "Pairs of people whom the records show to have written to each other."
    yield Fact("access-records-pairs", analysis.pairs(found.records), pairs, _SOURCE, "pair", "pairs")


def _secrets(found: Outcomes) -> Iterator[Fact]:
    for row in base.records(analysis.reach(found.attempts)):
        kind = "abuse" if row["how"] == ABUSE else "leak"
        name = f"access-{kind}-{slug(str(row['secret']))}"
        told = f"{row['secret']} ({row['option']}, {row['variant']}; {kind})"
        yield _messages(name, int(row["read"]), f"Messages that this opens: {told}.")
        yield _messages(f"{name}-before", int(row["before"]), f"Messages from before that this opens: {told}.")
        yield _messages(f"{name}-after", int(row["after"]), f"Messages from afterwards that this opens: {told}.")
    healed = analysis.healing(found.attempts, "state of a session")
    told = "Messages sent after the last that a thief reads who holds the state of a session."
    yield _messages("access-healed-later", healed["later"], told)
    accepted = "Whether a partner accepts a message that is written with a stolen identity key."
    yield Fact("access-identity-impersonates", found.accepted, accepted, _SOURCE)
    yield Fact("access-identity-code-same", found.code_same, "Whether the code then stays the same.", _SOURCE)


def _notices(found: Outcomes) -> Iterator[Fact]:
    seen: set[str] = set()
    for row in base.records(analysis.noticed(found.seen)):
        name = str(row["option"])
        if name in seen:
            name = f"{name}-{slug(str(row['variant']))}"
        seen.add(str(row["option"]))
        told = f"{row['option']} ({row['variant']})"
        yield _messages(f"access-{name}-codes", int(row["codes"]), f"Messages shown with a changed code: {told}.")
        yield _messages(f"access-{name}-heavier", int(row["heavier"]), f"Messages that are larger: {told}.")
