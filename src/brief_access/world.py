"""Who writes to whom in the model: people with devices, a provider with a directory and a store, a script to play.

The script is drawn once from a seed and is the same under every option. Everybody has a phone and a computer; messages
go to every device of both people, as in services with several devices.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import cache

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
    safety_code,
    seal,
    split,
    unseal,
    wrap_to,
)
from brief_access.settings import Settings

TARGET = 0
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


@cache
def script(given: Settings) -> tuple[Message, ...]:
    """The messages in the order in which they are sent; the same settings give the same script."""
    drawn = random.Random(given.seed)
    pairs = [tuple(sorted((one, (one + 1) % given.people))) for one in range(given.conversations)]
    turns = [pair for pair in pairs for _ in range(given.messages_each)]
    drawn.shuffle(turns)
    special = _spread(len(turns), given.listed + given.added)
    drawn.shuffle(special)
    content = dict.fromkeys(special[: given.listed], LISTED) | dict.fromkeys(special[given.listed :], ADDED)
    found = []
    for number, (one, other) in enumerate(turns):
        sender = drawn.choice((one, other))
        device = COMPUTER if drawn.random() < _ON_COMPUTER else PHONE
        said = f"message {number} " + "and so on " * drawn.randrange(1, 12)
        found.append(Message(number, (one, other), sender, device, content.get(number, said.encode())))
    return tuple(found)


def _spread(whole: int, wanted: int) -> list[int]:
    """So many numbers below `whole`, at even distances."""
    return [(2 * place + 1) * whole // (2 * wanted) for place in range(wanted)]


@dataclass(frozen=True)
class Escrow:
    """Public keys to which every message's key is wrapped as well; `scheme` says which of them for a message.

    `single`: one key for all; `shares`: two, each for a share of the message's key; `epochs`: one after the other;
    `people`: one for each person, and a message is wrapped for both people of its conversation.
    """

    scheme: str
    public: Mapping[str, X25519PublicKey]
    epoch_length: int = 1

    def labels(self, message: Message) -> list[str]:
        """Which of the keys a message is wrapped to."""
        if self.scheme == "epochs":
            return [f"epoch {message.number // self.epoch_length}"]
        if self.scheme == "people":
            return [f"person {one}" for one in message.conversation]
        return list(self.public)


@dataclass(frozen=True)
class Client:
    """What the program on a device does beside encrypting. With nothing set it is the program of the status quo.

    `checks_codes`: it sends only to devices whose codes the two people have compared. `hides_devices`: it neither
    counts nor shows devices that the provider asks it to hide. `scans_for`: digests of content that it reports.
    `cheats`: a changed program that wraps a wrong key for the escrow.
    """

    escrow: Escrow | None = None
    checks_codes: bool = False
    hides_devices: bool = False
    scans_for: frozenset[bytes] | None = None
    reports_to: X25519PublicKey | None = None
    cheats: bool = False

    @property
    def changed(self) -> bool:
        """Whether the option needs this program to be another than that of the status quo."""
        return self.escrow is not None or self.hides_devices or self.scans_for is not None


@dataclass(frozen=True)
class Envelope:
    """A message as the provider stores it: what it must know to deliver, and what it cannot read."""

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
    client: Client = field(default_factory=Client)
    identity: Identity = field(default_factory=Identity)
    prekeys: PreKeys = field(default_factory=PreKeys)
    sessions: dict[str, Session] = field(default_factory=dict)
    history: dict[int, bytes] = field(default_factory=dict)
    history_key: bytes = field(default_factory=new_key)
    compared: dict[tuple[int, int], frozenset[str]] = field(default_factory=dict)

    def keep(self, number: int, text: bytes) -> None:
        """Store a text in the history."""
        self.history[number] = seal(text, self.history_key, str(number).encode())

    def recall(self, number: int) -> bytes:
        """A text of the history. Raises `CannotRead` where it is not in it."""
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


@dataclass
class Provider:
    """The provider: whose devices are whose, a bundle for each that asks, and every envelope that was sent."""

    devices: dict[str, Device] = field(default_factory=dict)
    inserted: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    store: list[Envelope] = field(default_factory=list)

    def listed(self, conversation: tuple[int, int]) -> list[str]:
        """The devices that a message of a conversation should go to, as the directory says."""
        own = [name for name, device in self.devices.items() if device.owner in conversation]
        return own + self.inserted.get(conversation, [])

    def compare_codes(self, conversation: tuple[int, int]) -> None:
        """Let both people of a conversation compare codes in person: from now on they know each other's devices."""
        listed = frozenset(self.listed(conversation))
        for name in listed:
            self.devices[name].compared[conversation] = listed

    def hidden(self, conversation: tuple[int, int]) -> frozenset[str]:
        """The devices of the conversation that a client is asked not to show."""
        return frozenset(self.inserted.get(conversation, []))

    def identity(self, name: str) -> PublicIdentity:
        """The public identity of a device."""
        return self.devices[name].identity.public

    def bundle(self, name: str) -> Bundle:
        """A bundle of a device for somebody who wants to write to it."""
        device = self.devices[name]
        return device.prekeys.bundle(device.identity)


@dataclass(frozen=True)
class Notice:
    """What the program shows to the person who sends a message: the code and the devices of the conversation."""

    number: int
    conversation: tuple[int, int]
    code: str
    devices: tuple[str, ...]


def send(message: Message, provider: Provider) -> tuple[Envelope, Notice]:
    """Encrypt a message on its device for every device it should go to; keep it in the sender's history."""
    device = provider.devices[device_name(message.sender, message.device)]
    client = device.client
    listed = provider.listed(message.conversation)
    hidden = provider.hidden(message.conversation) if client.hides_devices else frozenset()
    seen = [name for name in listed if name not in hidden]
    notice = Notice(message.number, message.conversation, safety_code(map(provider.identity, seen)), tuple(seen))
    to = [name for name in listed if name in device.compared[message.conversation]] if client.checks_codes else listed
    key = new_key()
    recipient = next(one for one in message.conversation if one != message.sender)
    bare = Envelope(message.number, message.sender, recipient, device.name, device.identity.public, b"", {}, {}, None)
    about = bare.about
    wraps = {name: _wrap(device, name, key, about, provider) for name in to if name != device.name}
    escrow = _escrowed(message, client, key, about) if client.escrow else {}
    report = None
    if client.scans_for is not None and hashlib.sha256(message.text).digest() in client.scans_for:
        assert client.reports_to is not None
        report = wrap_to(client.reports_to, message.text, about)
    device.keep(message.number, message.text)
    payload = seal(message.text, key, about)
    envelope = Envelope(
        message.number, message.sender, recipient, device.name, device.identity.public, payload, wraps, escrow, report
    )
    return envelope, notice


def _wrap(device: Device, to: str, key: bytes, about: bytes, provider: Provider) -> Wrap:
    if to in device.sessions:
        return device.sessions[to].seal(key, about)
    device.sessions[to], wrap = Session.start(device.identity, provider.bundle(to), key, about)
    return wrap


def _escrowed(message: Message, client: Client, key: bytes, about: bytes) -> dict[str, bytes]:
    escrow = client.escrow
    assert escrow is not None
    labels = escrow.labels(message)
    told = new_key() if client.cheats else key
    parts = split(told) if escrow.scheme == "shares" else (told,) * len(labels)
    return {label: wrap_to(escrow.public[label], part, about) for label, part in zip(labels, parts, strict=True)}


def device_name(person: int, kind: str) -> str:
    """The name of a device in the directory."""
    return f"{kind} of {person}"


def deliver(envelope: Envelope, provider: Provider) -> None:
    """Let each device that an envelope is for decrypt it and keep it. Raises `CannotRead` where one cannot."""
    for name in envelope.wraps:
        device = provider.devices[name]
        device.keep(envelope.number, device.receive(envelope))


def people_with_devices(people: int, clients: Iterable[Client]) -> Iterator[Device]:
    """A phone and a computer for each person, with the person's program."""
    for person, client in zip(range(people), clients, strict=True):
        for kind in (PHONE, COMPUTER):
            yield Device(device_name(person, kind), person, client)


def digest(text: bytes) -> bytes:
    """What a list of content holds of a text."""
    return hashlib.sha256(text).digest()


def keys(labels: Iterable[str]) -> dict[str, X25519PrivateKey]:
    """A new key pair for each label."""
    return {label: X25519PrivateKey.generate() for label in labels}
