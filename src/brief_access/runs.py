"""The same conversations, played under each design: who has which program, who is in the directory, what is copied.

Designs that send the same messages to the same devices share one encrypted traffic: its ratchets run once, and each
design adds what is its own, such as a wrap for the escrow or a report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from brief_access.directory import GHOST, Client, Directory, Notice, addressed, noticed
from brief_access.protocol import Identity, new_key, seal, split, wrap_to
from brief_access.settings import Settings
from brief_access.world import (
    ADDED,
    LISTED,
    PHONE,
    TARGET,
    Device,
    Envelope,
    Escrow,
    Message,
    device_name,
    devices_of,
    digest,
    key_pairs,
    period_key,
    person_key,
    person_shares,
    script,
)

AUTHORITY = -1
NAMED, ALL, FEW = "named", "all", "few"
CODES, LOG = "codes", "log"
_COPIED = (device_name(TARGET, PHONE), GHOST)
"""The devices of which copies are kept as they were at each moment; of the others, as they are at the end."""


@dataclass(frozen=True)
class Design:
    """How an option is built: the escrow's scheme, how a device comes in, what is scanned for, what is checked.

    `ghost_in`: the conversations of the "named" person, or "all". `hides`: whether the programs of "all", or of the
    "few" who write with the person named, hide that device. `checks`: "codes" or the public "log"; `entered`: whether
    the added device stands in that log. `altered`: whoever sends listed content changes a byte of it. `evades`: the
    person named has changed the program: it wraps a wrong key, reports nothing, and sends to compared devices only.
    """

    name: str
    escrow: str = ""
    ghost_in: str = ""
    hides: str = ""
    checks: str = ""
    entered: bool = False
    scans_for: tuple[bytes, ...] | None = None
    altered: bool = False
    evades: bool = False


SCHEMES = ("single", "shares", "periods", "people", "people-shares")
_PLAIN = (
    Design("status-quo"),
    *(Design(f"escrow-{scheme}", escrow=scheme) for scheme in SCHEMES),
    *(
        Design(f"ghost-{name}-{scope}", ghost_in=scope, **how)
        for scope in (NAMED, ALL)
        for name, how in (
            ("hidden", {"hides": ALL}),
            ("shown", {}),
            ("compared", {"checks": CODES}),
            ("left-out", {"checks": LOG}),
            ("entered", {"checks": LOG, "entered": True}),
        )
    ),
    Design("ghost-few", ghost_in=NAMED, hides=FEW),
    Design("scan-listed", scans_for=(LISTED,)),
    Design("scan-added", scans_for=(LISTED, ADDED)),
    Design("scan-altered", scans_for=(LISTED,), altered=True),
)
_EVADED = ("escrow-", "scan-listed", "ghost-hidden-named", "ghost-shown-named", "ghost-entered-named")


def evaded(name: str) -> str:
    """The name of a design in which the person named has changed the program."""
    return f"{name}, changed program"


DESIGNS = (
    *_PLAIN,
    *(replace(way, name=evaded(way.name), evades=True) for way in _PLAIN if way.name.startswith(_EVADED)),
)


@dataclass
class Traffic:
    """Messages encrypted for the devices that they go to: keys, wraps, and the devices that sent and received them.

    `images` holds copies of devices by the moment at which they were taken: "warrant", "leak" and "access ends".
    """

    routes: tuple[tuple[str, ...], ...]
    devices: dict[str, Device]
    envelopes: list[Envelope] = field(default_factory=list)
    keys: list[bytes] = field(default_factory=list)
    images: dict[str, dict[str, Device]] = field(default_factory=dict)


@dataclass
class Run:
    """What is left of the conversations once they have been played under a design.

    `secrets`: the private keys of the escrow and of those who receive reports.
    """

    design: Design
    messages: tuple[Message, ...]
    directory: Directory
    traffic: Traffic
    clients: tuple[Client, ...]
    secrets: Mapping[str, X25519PrivateKey]
    envelopes: list[Envelope]
    notices: list[Notice]

    def image(self, moment: str, name: str) -> Device:
        """A copy of a device as it was at a moment, to try with: trying does not change the copy that is kept."""
        kept = self.traffic.devices if moment == "end" else self.traffic.images[moment]
        return kept[name].copy()

    @property
    def changed_devices(self) -> int:
        """How many devices of people run a program that the status quo does not."""
        return sum(len(devices_of(person)) for person, client in enumerate(self.clients) if client.changed)


def played(given: Settings, designs: tuple[Design, ...] = DESIGNS) -> dict[str, Run]:
    """The conversations under every design, by its name.

    Raises `CannotRead` where a message does not reach a device that it was sent to.
    """
    identities = {name: Identity() for person in range(given.people) for name in devices_of(person)}
    identities[GHOST] = Identity()
    known: dict[tuple[object, ...], Traffic] = {}
    return {design.name: _play(design, given, identities, known) for design in designs}


def play(design: Design, given: Settings) -> Run:
    """The conversations under one design."""
    return played(given, (design,))[design.name]


def _play(
    design: Design, given: Settings, identities: Mapping[str, Identity], known: dict[tuple[object, ...], Traffic]
) -> Run:
    messages = script(given)
    if design.altered:
        messages = tuple(map(_altered, messages))
    clients, secrets = _clients(design, given)
    conversations = {message.conversation for message in messages}
    added_to = {pair for pair in conversations if design.ghost_in == ALL or TARGET in pair} if design.ghost_in else ()
    directory = Directory(
        {name: identity.public for name, identity in identities.items()},
        given.people,
        frozenset(added_to),
        given.warrant,
        design.entered,
    )
    routes = tuple(addressed(message, clients[message.sender], directory) for message in messages)
    same = (routes, design.altered)
    if same not in known:
        known[same] = _sent(messages, routes, given, identities)
    traffic = known[same]
    envelopes = [
        _completed(message, envelope, key, clients[message.sender])
        for message, envelope, key in zip(messages, traffic.envelopes, traffic.keys, strict=True)
    ]
    notices = [noticed(message, clients[message.sender], directory) for message in messages]
    return Run(design, messages, directory, traffic, clients, secrets, envelopes, notices)


def _altered(message: Message) -> Message:
    """The message with its last byte changed where it carries listed content."""
    if message.text != LISTED:
        return message
    return replace(message, text=message.text[:-1] + bytes([message.text[-1] ^ 1]))


def _clients(design: Design, given: Settings) -> tuple[tuple[Client, ...], Mapping[str, X25519PrivateKey]]:
    """Each person's program, and the private keys of those for whom it wraps or to whom it reports."""
    secrets: dict[str, X25519PrivateKey] = {}
    escrow, scans_for, reports_to = None, None, None
    if design.escrow:
        secrets |= key_pairs(_labels(design.escrow, given))
        public = {label: private.public_key() for label, private in secrets.items()}
        escrow = Escrow(design.escrow, public, given.period_length)
    if design.scans_for is not None:
        secrets |= key_pairs(["reports"])
        scans_for, reports_to = frozenset(map(digest, design.scans_for)), secrets["reports"].public_key()
    usual = Client(escrow, design.checks == CODES, design.checks == LOG, False, scans_for, reports_to)
    near = {person for pair in {message.conversation for message in script(given)} if TARGET in pair for person in pair}
    clients = [
        replace(usual, hides_devices=design.hides == ALL or (design.hides == FEW and person in near))
        for person in range(given.people)
    ]
    if design.evades:
        clients[TARGET] = replace(usual, cheats=bool(design.escrow), checks_codes=True, scans_for=None)
    return tuple(clients), secrets


def _labels(scheme: str, given: Settings) -> list[str]:
    people = range(given.people)
    return {
        "single": ["escrow"],
        "shares": ["first share", "second share"],
        "periods": [period_key(number) for number in range(given.periods)],
        "people": [person_key(person) for person in people],
        "people-shares": [label for person in people for label in person_shares(person)],
    }[scheme]


def _sent(
    messages: tuple[Message, ...],
    routes: tuple[tuple[str, ...], ...],
    given: Settings,
    identities: Mapping[str, Identity],
) -> Traffic:
    """Send each message to the devices of its route, which decrypt and keep it."""
    owners = {name: person for person in range(given.people) for name in devices_of(person)}
    traffic = Traffic(
        routes, {name: Device(name, owners.get(name, AUTHORITY), identity) for name, identity in identities.items()}
    )
    moments = {"warrant": given.warrant, "leak": given.leak, "access ends": given.access_ends}
    for number in range(len(messages) + 1):
        for moment, at in moments.items():
            if at == number:
                traffic.images[moment] = {name: traffic.devices[name].copy() for name in _COPIED}
        if number == len(messages):
            break
        message, device = messages[number], traffic.devices[messages[number].sent_from]
        key = new_key()
        recipient = next(person for person in message.conversation if person != message.sender)
        bare = Envelope(number, message.sender, recipient, device.name, device.identity.public, b"", {}, {}, None)
        wraps = {name: device.wrap(traffic.devices[name], key, bare.about) for name in routes[number]}
        envelope = replace(bare, payload=seal(message.text, key, bare.about), wraps=wraps)
        device.keep(number, message.text)
        for name in routes[number]:
            traffic.devices[name].keep(number, traffic.devices[name].receive(envelope))
        traffic.envelopes.append(envelope)
        traffic.keys.append(key)
    return traffic


def _completed(message: Message, envelope: Envelope, key: bytes, client: Client) -> Envelope:
    """An envelope with what the sender's program adds under a design: wraps for the escrow, a report."""
    escrow: dict[str, bytes] = {}
    if client.escrow:
        given_key = new_key() if client.cheats else key
        for group in client.escrow.labels(message):
            parts = split(given_key) if len(group) > 1 else (given_key,)
            for label, part in zip(group, parts, strict=True):
                escrow[label] = wrap_to(client.escrow.public[label], part, envelope.about)
    report = None
    if client.scans_for is not None and digest(message.text) in client.scans_for:
        assert client.reports_to is not None
        report = wrap_to(client.reports_to, message.text, envelope.about)
    return replace(envelope, escrow=escrow, report=report)
