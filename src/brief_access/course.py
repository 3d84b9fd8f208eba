"""Which messages a key must open, from the script alone: who wrote when, and on which device.

Outcomes depend on the random keys in nothing, and on the seed only through the script. So what the cryptography does
for one script is worked out here for many, without running it; each build compares both for the script that it
encrypts, and a test for further ones.

A session of two devices changes its keys with each turn of the talk between them. Whoever copies the state of one side
can follow the messages of the turn that is on; then the other side's, as far as they answer keys that were copied.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from brief_access.attempts import TARGETS_PHONE
from brief_access.settings import Settings
from brief_access.world import ADDED, LISTED, TARGET, Message, devices_of, partner_phones, script

Numbers = frozenset[int]
NONE: Numbers = frozenset()


@dataclass(frozen=True)
class Course:
    """A script, and what follows from it for those who hold a key."""

    given: Settings

    @cached_property
    def messages(self) -> tuple[Message, ...]:
        """The messages in the order in which they are sent."""
        return script(self.given)

    def where(self, holds: Callable[[Message], bool]) -> Numbers:
        """The numbers of the messages for which something holds."""
        return frozenset(message.number for message in self.messages if holds(message))

    @cached_property
    def all(self) -> Numbers:
        """Every message."""
        return frozenset(range(len(self.messages)))

    @cached_property
    def named(self) -> Numbers:
        """Messages of the person under warrant, sent or received."""
        return self.where(lambda message: message.of_target)

    @cached_property
    def sent_by_named(self) -> Numbers:
        """Messages that the person under warrant wrote."""
        return self.where(lambda message: message.sender == TARGET)

    def since(self, moment: int) -> Numbers:
        """Messages sent from a moment on."""
        return frozenset(range(moment, len(self.messages)))

    def of_people(self, people: Iterable[int]) -> Numbers:
        """Messages in the conversations of some people."""
        wanted = set(people)
        return self.where(lambda message: bool(wanted & set(message.conversation)))

    def matching(self, *texts: bytes) -> Numbers:
        """Messages with just these texts."""
        return self.where(lambda message: message.text in texts)

    def of_periods(self, first: int, last: int) -> Numbers:
        """Messages of some periods of a key that rotates."""
        first_number, beyond = (number * self.given.period_length for number in (first, last + 1))
        return self.all & frozenset(range(first_number, beyond))

    # Copies of sessions ---------------------------------------------------------------------------------------------

    @cached_property
    def _turns(self) -> dict[tuple[str, str], list[tuple[int, str, int]]]:
        """For each pair of devices that write to each other: number, sending device and turn of each message."""
        by_pair: dict[tuple[str, str], list[tuple[int, str, int]]] = defaultdict(list)
        for message in self.messages:
            own = message.sent_from
            for person in message.conversation:
                for peer in devices_of(person):
                    if peer != own:
                        turns = by_pair[(min(own, peer), max(own, peer))]
                        before = turns[-1] if turns else (-1, own, 0)
                        turns.append((message.number, own, before[2] + (before[1] != own)))
        return by_pair

    def reads_on(self, device: str, moment: int, peer: str = "") -> Numbers:
        """Later messages that a copy of a device's sessions opens, or of its session with a single peer."""
        numbers: set[int] = set()
        for pair, turns in self._turns.items():
            if device not in pair or (peer and peer not in pair):
                continue
            past = [turn for turn in turns if turn[0] < moment]
            if past:
                _, last, turn = past[-1]
                # The copied side has its next turn's keys already once it has received; the answer to them opens too.
                until = turn + (1 if last == device else 2)
                numbers |= {number for number, _, turn_sent in turns if number >= moment and turn_sent <= until}
        return frozenset(numbers)

    def on_phone(self, moment: int, since: int = 0) -> Numbers:
        """What the phone of the person under warrant holds at a moment."""
        return self.named & frozenset(range(since, moment))

    def ghost_copy(self) -> Numbers:
        """What a copy of the added device opens that is taken at the leak: its history, and sessions open by then."""
        given, heard = (
            self.given,
            [message for message in self.messages if message.of_target and message.number >= self.given.warrant],
        )
        open_with = {message.sent_from for message in heard if message.number < given.leak}
        return frozenset(message.number for message in heard if message.sent_from in open_with)

    def session_copy(self) -> Numbers:
        """What the state of one session opens that is copied at the leak."""
        own, other = partner_phones(self.messages)
        return self.reads_on(own, self.given.leak, other)

    def recovers(self) -> bool:
        """Whether that session carries a later message which the copied state does not open."""
        own, other = partner_phones(self.messages)
        turns = self._turns.get((min(own, other), max(own, other)), [])
        later = {number for number, _, _ in turns if number >= self.given.leak}
        return bool(later - self.session_copy())

    def sent_to_phone(self) -> Numbers:
        """What other devices send to the phone of the person under warrant after the leak."""
        later = self.named & self.since(self.given.leak)
        return later - self.where(lambda message: message.sent_from == TARGETS_PHONE)


def listed_content(course: Course) -> Numbers:
    """Messages that a scanner reports."""
    return course.matching(LISTED)


def widened_content(course: Course) -> Numbers:
    """Messages that it reports once something has been added to its list."""
    return course.matching(LISTED, ADDED)
