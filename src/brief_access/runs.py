"""The same conversations, played under each design: who has which program, who is in the directory, what is copied."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from brief_access.settings import Settings
from brief_access.world import (
    ADDED,
    LISTED,
    PHONE,
    TARGET,
    Client,
    Device,
    Envelope,
    Escrow,
    Message,
    Notice,
    Provider,
    deliver,
    device_name,
    digest,
    keys,
    people_with_devices,
    script,
    send,
)

GHOST = "ghost"
AUTHORITY = -1


@dataclass(frozen=True)
class Design:
    """How an option is built: the escrow's scheme, how the ghost comes in, what is scanned for, who cheats.

    `ghost_in`: the conversations of the "target", or "all". `altered`: who sends listed content changes a byte of it.
    """

    name: str
    escrow: str = ""
    cheats: bool = False
    ghost_in: str = ""
    checks_codes: bool = False
    hides_devices: bool = False
    scans_for: tuple[bytes, ...] | None = None
    altered: bool = False


DESIGNS = (
    Design("status-quo"),
    Design("escrow-single", escrow="single"),
    Design("escrow-shares", escrow="shares"),
    Design("escrow-epochs", escrow="epochs"),
    Design("escrow-people", escrow="people"),
    Design("escrow-cheated", escrow="single", cheats=True),
    Design("ghost-shown", ghost_in="target"),
    Design("ghost-checked", ghost_in="target", checks_codes=True),
    Design("ghost-hidden", ghost_in="target", hides_devices=True),
    Design("ghost-everywhere", ghost_in="all", hides_devices=True),
    Design("scan-listed", scans_for=(LISTED,)),
    Design("scan-added", scans_for=(LISTED, ADDED)),
    Design("scan-altered", scans_for=(LISTED,), altered=True),
)


@dataclass
class Run:
    """What is left of the conversations once they have been played.

    `images` holds copies of the devices by the moment at which they were taken ("warrant", "leak", "end" and
    "access ends"); `secrets` the private keys of the escrow and of those who receive reports.
    """

    design: Design
    messages: tuple[Message, ...]
    provider: Provider = field(default_factory=Provider)
    secrets: dict[str, X25519PrivateKey] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    images: dict[str, dict[str, Device]] = field(default_factory=dict)

    @property
    def envelopes(self) -> list[Envelope]:
        """Every envelope of the store, in the order of the messages."""
        return self.provider.store

    @property
    def conversations(self) -> list[tuple[int, int]]:
        """The pairs of people who write, in order."""
        return sorted({message.conversation for message in self.messages})

    def image(self, moment: str, name: str) -> Device:
        """A copy of a device as it was at a moment, to try with: trying does not change the copy that is kept."""
        return self.images[moment][name].copy()


def play(design: Design, given: Settings) -> Run:
    """Play the script under a design. Raises `CannotRead` where a message does not reach a device it was sent to."""
    run = Run(design, script(given))
    if design.altered:
        run.messages = tuple(map(_altered, run.messages))
    client = _client(design, given, run.secrets)
    clients = [client] * given.people
    if design.cheats:
        clients[TARGET] = replace(client, cheats=True)
    for device in people_with_devices(given.people, clients):
        run.provider.devices[device.name] = device
    for conversation in run.conversations if design.checks_codes else ():
        run.provider.compare_codes(conversation)
    moments = {"warrant": given.warrant, "leak": given.leak, "access ends": given.access_ends, "end": given.messages}
    for message in (*run.messages, None):
        number = message.number if message else given.messages
        if number == given.warrant and design.ghost_in:
            _insert_ghost(run)
        for moment, at in moments.items():
            if at == number:
                run.images[moment] = {name: device.copy() for name, device in run.provider.devices.items()}
        if message:
            envelope, notice = send(message, run.provider)
            run.provider.store.append(envelope)
            run.notices.append(notice)
            deliver(envelope, run.provider)
    return run


def _altered(message: Message) -> Message:
    """The message with its last byte changed where it carries listed content."""
    if message.text != LISTED:
        return message
    return replace(message, text=message.text[:-1] + bytes([message.text[-1] ^ 1]))


def _client(design: Design, given: Settings, secrets: dict[str, X25519PrivateKey]) -> Client:
    escrow = None
    if design.escrow:
        length = -(-given.messages // given.epochs)
        labels = {
            "single": ["escrow"],
            "shares": ["first share", "second share"],
            "epochs": [f"epoch {number}" for number in range(given.epochs)],
            "people": [f"person {number}" for number in range(given.people)],
        }[design.escrow]
        secrets |= keys(labels)
        escrow = Escrow(design.escrow, {label: secrets[label].public_key() for label in labels}, length)
    scans_for, reports_to = None, None
    if design.scans_for is not None:
        secrets |= keys(["reports"])
        scans_for, reports_to = frozenset(map(digest, design.scans_for)), secrets["reports"].public_key()
    return Client(escrow, design.checks_codes, design.hides_devices, scans_for, reports_to)


def _insert_ghost(run: Run) -> None:
    for conversation in run.conversations:
        if run.design.ghost_in == "all" or TARGET in conversation:
            run.provider.inserted[conversation] = [GHOST]
    run.provider.devices[GHOST] = Device(GHOST, AUTHORITY)


def partner_phone(messages: tuple[Message, ...]) -> tuple[str, str]:
    """The phones of the target and of the first person whom the target writes with."""
    pair = next(message.conversation for message in messages if message.of_target)
    other = next(one for one in pair if one != TARGET)
    return device_name(TARGET, PHONE), device_name(other, PHONE)


def changed_devices(run: Run) -> int:
    """How many devices of people run a program that the status quo does not."""
    return sum(device.client.changed for device in run.provider.devices.values() if device.owner != AUTHORITY)
