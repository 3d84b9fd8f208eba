"""The sizes of the model, as `data/access.yml` gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brief.contract import files as contract_files
from brief.contract.checking import wrong_value
from brief.contract.columns import Column
from brief.errors import BriefError, Fault

FILE = "data/access.yml"
_MOST_MESSAGES = 1_000
_MOST_DRAWS = 1_000

KEYS = (
    Column("people", "whole number", "How many people write; each with a phone and a computer, in a circle."),
    Column("messages_each", "whole number", "How many messages each of their conversations has."),
    Column("warrant", "whole number", "The warrant is given before this message, counted from 0."),
    Column("leak", "whole number", "A secret leaks before this message; not before the warrant."),
    Column("access_ends", "whole number", "Access to a hacked device ends before this message; not before the leak."),
    Column("periods", "whole number", "How many escrow keys are used one after the other, where they rotate."),
    Column("listed", "whole number", "How many messages carry content on the scanner's list."),
    Column("added", "whole number", "How many messages carry content that is added to the list."),
    Column("reached", "whole number", "Whose phones a means to hack opens, so many people: an assumption."),
    Column("seed", "whole number", "The seed of the conversations; keys are new in each run."),
    Column("draws", "whole number", "Over how many drawn conversations, from this seed on, counts are told."),
)
CONTRACT: Mapping[str, tuple[Column, ...]] = {FILE: KEYS}


@dataclass(frozen=True)
class Settings:
    """The sizes and times of the model; times are numbers of messages, counted from 0."""

    people: int
    messages_each: int
    warrant: int
    leak: int
    access_ends: int
    periods: int
    listed: int
    added: int
    reached: int
    seed: int
    draws: int

    @property
    def conversations(self) -> int:
        """How many pairs write: each person with the next in a circle."""
        return self.people if self.people > 2 else 1

    @property
    def messages(self) -> int:
        """How many messages are sent in all."""
        return self.conversations * self.messages_each

    @property
    def period_length(self) -> int:
        """How many messages an escrow key is used for, where keys rotate."""
        return max(-(-self.messages // self.periods), 1)


def read(root: Path) -> Settings:
    """The settings of the brief at `root`. Raises `BriefError` with every fault of the file."""
    keys = contract_files.read_yaml(root / FILE, FILE)
    if not isinstance(keys, Mapping):
        raise BriefError(Fault("here keys are expected", "Write key: value, one a line.", FILE))
    if faults := list(_wrong_keys(keys)):
        raise BriefError(faults)
    settings = Settings(**{column.name: int(keys[column.name]) for column in KEYS})
    if faults := list(_wrong_sizes(settings)):
        raise BriefError(faults)
    return settings


def _wrong_keys(keys: Mapping[str, Any]) -> Iterator[Fault]:
    known = [column.name for column in KEYS]
    for name in keys:
        if name not in known:
            yield Fault(f"the key '{name}' is unknown", f"Use these keys: {', '.join(known)}.", FILE)
    for column in KEYS:
        value = keys.get(column.name)
        if value is None or value == "":
            yield Fault("the key is missing or empty", "Add it.", FILE, None, column.name)
        elif wrong := wrong_value(value, column):
            yield Fault(*wrong, FILE, None, column.name)


def _wrong_sizes(given: Settings) -> Iterator[Fault]:
    whole = given.messages
    limits = (
        ("people", 2, _MOST_MESSAGES),
        ("messages_each", 1, max(_MOST_MESSAGES // max(given.conversations, 1), 1)),
        ("warrant", 0, whole),
        ("leak", given.warrant, whole),
        ("access_ends", given.leak, whole),
        ("periods", 1, max(whole, 1)),
        ("listed", 0, whole),
        ("added", 0, max(whole - given.listed, 0)),
        ("reached", 1, given.people),
        ("draws", 1, _MOST_DRAWS),
    )
    for name, least, most in limits:
        # Where nothing would do, another key is wrong, and is told.
        if least <= most and not least <= getattr(given, name) <= most:
            yield Fault(
                f"{getattr(given, name)} is out of range for a model of {whole} messages",
                f"Write a number from {least} to {most}.",
                FILE,
                None,
                name,
            )
