"""What a provider says about whose devices are whose, and how a program can check it: compared codes, a public log.

The log stands for an auditable directory of keys (key transparency): everybody sees the same list of keys, a program
sends only to a device whose key it can prove to be on the list, and everybody sees what stands there under their own
name. It is a Merkle tree as of one moment, without the proofs of consistency that tie one moment to the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from brief_access.protocol import PublicIdentity, safety_code
from brief_access.world import TARGET, Escrow, Message, devices_of

GHOST = "ghost"
"""The device that the provider adds to conversations."""

Proof = tuple[tuple[bool, bytes], ...]
"""The way from an entry to the root of the log: at each step whether the neighbour stands on the left, and its hash."""


@dataclass(frozen=True)
class Client:
    """What the program on a device does beside encrypting. With nothing set it is the program of the status quo.

    `checks_codes`: it sends only to devices whose codes the two people have compared. `checks_log`: it sends only to
    devices whose keys it finds in the public log. `hides_devices`: it neither counts nor shows devices that the
    provider asks it to hide. `scans_for`: digests of content that it reports. `cheats`: it wraps a wrong key for the
    escrow.
    """

    escrow: Escrow | None = None
    checks_codes: bool = False
    checks_log: bool = False
    hides_devices: bool = False
    scans_for: frozenset[bytes] | None = None
    reports_to: X25519PublicKey | None = None
    cheats: bool = False

    @property
    def changed(self) -> bool:
        """Whether the option needs this program to be another than that of the status quo."""
        return self.escrow is not None or self.hides_devices or self.scans_for is not None


@dataclass(frozen=True)
class Notice:
    """What the program shows to the person who sends a message.

    The code and the devices of the conversation, and `foreign`: how many keys the public log has under the names of
    the two people that are not theirs.
    """

    conversation: tuple[int, int]
    code: str
    devices: tuple[str, ...]
    foreign: int


def entry(account: int, name: str, identity: PublicIdentity) -> bytes:
    """What the log holds for a device: the hash of an account, the device's name and its public keys."""
    return hashlib.sha256(b"\0" + f"{account}|{name}|".encode() + identity.agree + identity.sign).digest()


class PublicLog:
    """A list of keys that everybody sees alike: its entries, and a root that stands for all of them."""

    def __init__(self, entries: Mapping[tuple[int, str], bytes]) -> None:
        self.entries = dict(entries)
        rows = [sorted(self.entries.values()) or [b""]]
        while len(rows[-1]) > 1:
            last = rows[-1] + rows[-1][-1:] * (len(rows[-1]) % 2)
            rows.append([_node(*last[at : at + 2]) for at in range(0, len(last), 2)])
        self._rows = rows

    @property
    def root(self) -> bytes:
        """What everybody compares."""
        return self._rows[-1][0]

    def proof(self, of: bytes) -> Proof:
        """How an entry leads to the root; for something that is not in the log the best that a provider can try."""
        row = self._rows[0]
        place = row.index(of) if of in row else 0
        steps = []
        for row in self._rows[:-1]:
            beside = min(place ^ 1, len(row) - 1)
            steps.append((place % 2 == 1, row[beside]))
            place //= 2
        return tuple(steps)


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def proven(of: bytes, proof: Proof, root: bytes) -> bool:
    """Whether a proof leads from an entry to the root."""
    for on_the_left, beside in proof:
        of = _node(beside, of) if on_the_left else _node(of, beside)
    return of == root


@dataclass(frozen=True)
class Directory:
    """Whose devices are whose, as the provider says.

    `added_to`: the conversations to which it adds a device, from message `since` on; `entered`: whether that device
    stands in the public log, under the name of one of the two people.
    """

    identities: Mapping[str, PublicIdentity]
    people: int
    added_to: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    since: int = 0
    entered: bool = False

    def listed(self, message: Message) -> list[str]:
        """The devices that a message should go to, as the directory says."""
        return [*self.own(message.conversation), *self.added(message)]

    def own(self, conversation: tuple[int, int]) -> list[str]:
        """The devices of the two people: those whose codes they compare when they meet."""
        return [name for person in conversation for name in devices_of(person)]

    def added(self, message: Message) -> list[str]:
        """The device that the provider has added, where it has."""
        return [GHOST] if message.conversation in self.added_to and message.number >= self.since else []

    @cached_property
    def log(self) -> PublicLog:
        """The public log of keys once the device has been added."""
        accounts = [(person, name) for person in range(self.people) for name in devices_of(person)]
        if self.entered:
            accounts += [(_account(conversation), GHOST) for conversation in self.added_to]
        return PublicLog({(person, name): entry(person, name, self.identities[name]) for person, name in accounts})

    def in_log(self, name: str, conversation: tuple[int, int]) -> bool:
        """Whether the provider can prove that a device stands in the log under one of the two names."""
        owners = [person for person in conversation if name in devices_of(person)] or [_account(conversation)]
        wanted = entry(owners[0], name, self.identities[name])
        return proven(wanted, self.log.proof(wanted), self.log.root)

    def foreign(self, conversation: tuple[int, int]) -> int:
        """How many keys stand in the log under the two names that are not those of their own devices."""
        return sum(person in conversation and name not in devices_of(person) for person, name in self.log.entries)


def _account(conversation: tuple[int, int]) -> int:
    """Under whose name a device is added: the person under warrant, or the first of the two."""
    return TARGET if TARGET in conversation else conversation[0]


def addressed(message: Message, client: Client, directory: Directory) -> tuple[str, ...]:
    """The devices that a program sends a message to, the sending device apart."""
    names = directory.listed(message)
    if client.checks_codes:
        names = [name for name in names if name in directory.own(message.conversation)]
    if client.checks_log:
        names = [name for name in names if directory.in_log(name, message.conversation)]
    return tuple(name for name in names if name != message.sent_from)


def noticed(message: Message, client: Client, directory: Directory) -> Notice:
    """What a program shows to whoever sends a message."""
    hidden = directory.added(message) if client.hides_devices else []
    names = tuple(name for name in directory.listed(message) if name not in hidden)
    code = safety_code(directory.identities[name] for name in names)
    foreign = directory.foreign(message.conversation) if client.checks_log and directory.added(message) else 0
    return Notice(message.conversation, code, names, foreign)
