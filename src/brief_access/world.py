"""Who writes to whom in the model: people with devices, a script to play, and messages as a provider stores them.

A script is drawn from a seed and is the same under every option. Everybody has a phone and a computer; messages go to
every device of both people, as in services with several devices.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from brief_access.protocol import (
    Bundle,
    CannotRead,
    Identity,
    Opening,
    PreKeys,
    PublicIdentity,
    Session,
    Wrap,
    new_key,
    seal,
    unseal,
)
from brief_access.settings import Settings

TARGET = 0
"""The person whom the warrant names."""
PHONE, COMPUTER = "phone", "computer"
_ON_COMPUTER = 0.5
LISTED, ADDED = b"a picture that is on the list", b"a leaflet that somebody has added to the list"


@dataclass(frozen=True)
class Message:
    """A message of the script: its number is its time; the conversation is the pair of people who write in it."""

    number: int
    conversation: tuple[int, int]
    sender: int
    device: str
    text: bytes

    @property
    def of_target(self) -> bool:
        """Whether the person whom the warrant names wrote it or receives it."""
        return TARGET in self.conversation

    @property
    def sent_from(self) -> str:
        """The device that it is sent from."""
        return device_name(self.sender, self.device)


@lru_cache(maxsize=512)
def script(given: Settings) -> tuple[Message, ...]:
    """The messages in the order in which they are sent; the same settings give the same script."""
    drawn = random.Random(given.seed)
    pairs = [tuple(sorted((person, (person + 1) % given.people))) for person in range(given.conversations)]
    turns = [pair for pair in pairs for _ in range(given.messages_each)]
    drawn.shuffle(turns)
    special = _spread(len(turns), given.listed + given.added)
    drawn.shuffle(special)
    content = dict.fromkeys(special[: given.listed], LISTED) | dict.fromkeys(special[given.listed :], ADDED)
    messages = []
    for number, (person, other) in enumerate(turns):
        sender = drawn.choice((person, other))
        device = COMPUTER if drawn.random() < _ON_COMPUTER else PHONE
        said = f"message {number} " + "and so on " * drawn.randrange(1, 12)
        messages.append(Message(number, (person, other), sender, device, content.get(number, said.encode())))
    return tuple(messages)


def _spread(whole: int, wanted: int) -> list[int]:
    """So many numbers below `whole`, at even distances."""
    return [(2 * place + 1) * whole // (2 * wanted) for place in range(wanted)]


@dataclass(frozen=True)
class Escrow:
    """Public keys to which every message's key is wrapped as well; `scheme` says which of them for a message.

    `single`: one key for all; `shares`: two, each for a share of the message's key; `periods`: one after the other;
    `people`: one for each person, and a message is wrapped for both people of its conversation; `people-shares`: the
    same with two shares for each person.
    """

    scheme: str
    public: Mapping[str, X25519PublicKey]
    period_length: int = 1

    def labels(self, message: Message) -> list[tuple[str, ...]]:
        """Which of the keys a message is wrapped to; where there are two in a group, each gets a share."""
        if self.scheme == "periods":
            return [(period_key(message.number // self.period_length),)]
        if self.scheme == "people":
            return [(person_key(person),) for person in message.conversation]
        if self.scheme == "people-shares":
            return [person_shares(person) for person in message.conversation]
        return [tuple(self.public)]


def period_key(number: int) -> str:
    """The label of the escrow key of a period."""
    return f"period {number}"


def person_key(person: int) -> str:
    """The label of the escrow key of a person."""
    return f"person {person}"


def person_shares(person: int) -> tuple[str, str]:
    """The labels of the two shares of a person's escrow key."""
    return f"person {person}, first share", f"person {person}, second share"


@dataclass(frozen=True)
class Envelope:
    """A message as the provider stores it: what it knows of it, and what it cannot read."""

    number: int
    sender: int
    recipient: int
    sender_device: str
    sender_identity: PublicIdentity
    payload: bytes
    wraps: Mapping[str, Wrap]
    escrow: Mapping[str, bytes]
    report: bytes | None

    @property
    def about(self) -> bytes:
        """What every layer is bound to: change a part of it, and nothing opens."""
        return f"{self.number}|{self.sender}|{self.recipient}|{self.sender_device}".encode()

    @property
    def size(self) -> int:
        """Its length in bytes, without a report, which travels by itself."""
        return len(self.payload) + sum(wrap.size for wrap in self.wraps.values()) + sum(map(len, self.escrow.values()))


@dataclass
class Device:
    """A device: identity, pre-keys, a session for each other device, and a history that is encrypted at rest."""

    name: str
    owner: int
    identity: Identity = field(default_factory=Identity)
    prekeys: PreKeys = field(default_factory=PreKeys)
    sessions: dict[str, Session] = field(default_factory=dict)
    history: dict[int, bytes] = field(default_factory=dict)
    history_key: bytes = field(default_factory=new_key)

    @property
    def bundle(self) -> Bundle:
        """What the directory hands out to somebody who wants to write to it."""
        return self.prekeys.bundle(self.identity)

    def wrap(self, to: Device, key: bytes, about: bytes) -> Wrap:
        """A message's key for another device, with which a session is opened where there is none."""
        if to.name in self.sessions:
            return self.sessions[to.name].seal(key, about)
        self.sessions[to.name], wrap = Session.start(self.identity, to.bundle, key, about)
        return wrap

    def keep(self, number: int, text: bytes) -> None:
        """Store a text in the history."""
        self.history[number] = seal(text, self.history_key, str(number).encode())

    def recall(self, number: int) -> bytes:
        """A text of the history. Raises `CannotRead` where it is not in it, or under another key."""
        if number not in self.history:
            raise CannotRead
        return unseal(self.history[number], self.history_key, str(number).encode())

    def receive(self, envelope: Envelope) -> bytes:
        """Decrypt a message as it comes in. Raises `CannotRead` where it was not sent to this device."""
        if self.name not in envelope.wraps:
            raise CannotRead
        return unseal(envelope.payload, self.key_from(envelope, envelope.wraps[self.name]), envelope.about)

    def key_from(self, envelope: Envelope, wrap: Wrap) -> bytes:
        """The message's key from a wrap, with all that this device holds. Raises `CannotRead`."""
        peer = envelope.sender_device
        if wrap.opening is None and peer in self.sessions:
            return self.sessions[peer].open(wrap, envelope.about)
        # Nobody has opened a session with us: what can be tried is to take the ratchet's public key for an opening.
        opening = wrap.opening or Opening(envelope.sender_identity, wrap.sealed.header.ratchet_pub, b"")
        session, key = Session.accept(self.identity, self.prekeys, opening, wrap, envelope.about)
        self.sessions[peer] = session
        return key

    def copy(self) -> Device:
        """The device as somebody takes it away who copies all of it: keys, sessions, history."""
        image = copy(self)
        image.prekeys = PreKeys(self.prekeys.signed, dict(self.prekeys.single))
        image.sessions = {peer: session.copy() for peer, session in self.sessions.items()}
        image.history = dict(self.history)
        return image


def device_name(person: int, kind: str) -> str:
    """The name of a device in the directory."""
    return f"{kind} of {person}"


def devices_of(person: int) -> tuple[str, str]:
    """The names of a person's devices."""
    return device_name(person, PHONE), device_name(person, COMPUTER)


def partner_phones(messages: Iterable[Message]) -> tuple[str, str]:
    """The phones of the target and of the first person whom the target writes with."""
    pair = next(message.conversation for message in messages if message.of_target)
    other = next(person for person in pair if person != TARGET)
    return device_name(TARGET, PHONE), device_name(other, PHONE)


def digest(text: bytes) -> bytes:
    """What a list of content holds of a text."""
    return hashlib.sha256(text).digest()


def key_pairs(labels: Iterable[str]) -> dict[str, X25519PrivateKey]:
    """A new key pair for each label."""
    return {label: X25519PrivateKey.generate() for label in labels}
