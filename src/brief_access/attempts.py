"""Who tries to read what, with which secret: every outcome is that of an attempt on the stored ciphertext."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from brief_access.protocol import CannotRead, Identity, Session, join, safety_code, unseal, unwrap
from brief_access.runs import DESIGNS, GHOST, Run, partner_phone, play
from brief_access.settings import Settings
from brief_access.world import COMPUTER, PHONE, TARGET, Device, Envelope, device_name

READ, NOT_READ, MATCHED = "read", "not read", "matched"
"""The outcomes: *matched* is a message that a scanner reported, and that was read from the report."""

COLUMNS = ("option", "variant", "reader", "how", "secret", "message", "of_target", "when", "outcome")
OWN, WARRANT, LEAK, ABUSE = "own key", "warrant", "leak", "abuse"
#: Something that tries to open an envelope: the text, or `CannotRead`.
Key = Callable[[Envelope], bytes]


@dataclass(frozen=True)
class Exercise:
    """Somebody who tries to read every message of a run, and with what.

    `how`: with keys of their own, on a warrant, after a secret has leaked, or by abuse of an authority. `since`: the
    moment that divides the messages into those before and after.
    """

    option: str
    variant: str
    design: str
    reader: str
    how: str
    secret: str
    since: str
    key: Callable[[Run, Settings], Key]


# What one can try with ----------------------------------------------------------------------------------------------


def nothing(run: Run, given: Settings) -> Key:
    """Keys of one's own, everything public, and all that the provider stores: a stranger to every conversation."""
    stranger = Device("stranger", TARGET)
    own = X25519PrivateKey.generate()
    return partial(_pry, stranger, [own])


def _pry(device: Device, private: list[X25519PrivateKey], envelope: Envelope) -> bytes:
    """Try the wrap for a device (or for another, the first there is) and all for the escrow, with the keys at hand."""
    wrap = envelope.wraps.get(device.name) or next(iter(envelope.wraps.values()))
    try:
        return unseal(envelope.payload, device.key_from(envelope, wrap), envelope.about)
    except CannotRead:
        pass
    for wrapped in (*envelope.escrow.values(), *([envelope.report] if envelope.report else [])):
        for one in private:
            try:
                return unseal(envelope.payload, unwrap(one, wrapped, envelope.about), envelope.about)
            except CannotRead:
                continue
    raise CannotRead


def copied(moment: str, *names: str) -> Callable[[Run, Settings], Key]:
    """Copies of devices as they were at a moment: history, sessions and keys."""

    def take(run: Run, given: Settings) -> Key:
        images = [run.image(moment, name) for name in names if name in run.images[moment]]
        return partial(_with_devices, images)

    return take


def _with_devices(images: list[Device], envelope: Envelope) -> bytes:
    for image in images:
        for attempt in (_recalled, _received, _sent):
            try:
                return attempt(image, envelope)
            except CannotRead:
                continue
        try:
            return _pry(image, [], envelope)
        except CannotRead:
            continue
    raise CannotRead


def _recalled(image: Device, envelope: Envelope) -> bytes:
    return image.recall(envelope.number)


def _received(image: Device, envelope: Envelope) -> bytes:
    return image.receive(envelope)


def _sent(image: Device, envelope: Envelope) -> bytes:
    """Read what the copied device itself sends later, from the sending chain that was copied with it."""
    if envelope.sender_device == image.name:
        for peer, wrap in envelope.wraps.items():
            if peer in image.sessions:
                try:
                    key = image.sessions[peer].open_own(wrap, envelope.about)
                    return unseal(envelope.payload, key, envelope.about)
                except CannotRead:
                    continue
    raise CannotRead


def of_person(person: int, moment: str = "end") -> Callable[[Run, Settings], Key]:
    """Both devices of a person."""
    return copied(moment, device_name(person, PHONE), device_name(person, COMPUTER))


def taking_part(sending: bool) -> Callable[[Run, Settings], Key]:
    """For each message the devices of the person who sent it, or of the person who receives it."""

    def take(run: Run, given: Settings) -> Key:
        people = {person: of_person(person)(run, given) for person in range(given.people)}
        return lambda envelope: people[envelope.sender if sending else envelope.recipient](envelope)

    return take


def session_only(run: Run, given: Settings) -> Key:
    """The state of one session, of the target's phone with a partner's phone, as it was at the leak."""
    own, other = partner_phone(run.messages)
    whole = run.image("leak", own)
    sessions: dict[str, Session] = {peer: one for peer, one in whole.sessions.items() if peer == other}
    return partial(_with_devices, [Device(own, TARGET, sessions=sessions)])


def identity_only(run: Run, given: Settings) -> Key:
    """The long-term identity key of the target's phone and nothing else."""
    name = device_name(TARGET, PHONE)
    return partial(_with_devices, [Device(name, TARGET, identity=run.images["leak"][name].identity)])


def escrowed(*labels: str) -> Callable[[Run, Settings], Key]:
    """Private keys of the escrow, by their labels; "all" is every key there is."""

    def take(run: Run, given: Settings) -> Key:
        wanted = list(run.secrets) if labels == ("all",) else list(labels)
        return partial(_from_escrow, {label: run.secrets[label] for label in wanted if label in run.secrets})

    return take


def epoch_at_leak(run: Run, given: Settings) -> Key:
    """The escrow key in use when the leak happens."""
    number = min(given.leak, given.messages - 1) // -(-given.messages // given.epochs)
    return escrowed(f"epoch {number}")(run, given)


def _from_escrow(private: Mapping[str, X25519PrivateKey], envelope: Envelope) -> bytes:
    """Unwrap the message's key with what is held: one wrap, or both shares of it; a share alone is tried as a key."""
    parts = []
    for label, wrapped in envelope.escrow.items():
        for held in [private[label]] if label in private else private.values():
            try:
                parts.append(unwrap(held, wrapped, envelope.about))
            except CannotRead:
                continue
    candidates = list(parts)
    if len(parts) == 2:
        candidates.append(join(*parts))
    for key in candidates:
        try:
            return unseal(envelope.payload, key, envelope.about)
        except CannotRead:
            continue
    raise CannotRead


def reports(run: Run, given: Settings) -> Key:
    """The private key of those to whom scanners report."""
    private = run.secrets["reports"]

    def read(envelope: Envelope) -> bytes:
        if envelope.report is not None:
            return unwrap(private, envelope.report, envelope.about)
        # Without a report there is the message itself to try.
        return _pry(Device("reports", TARGET), [private], envelope)

    return read


def unpatched(run: Run, given: Settings) -> Key:
    """Access, until the end, to the devices of all whom a leaked exploit reaches: the last people, an assumption."""
    people = range(given.people - given.unpatched, given.people)
    names = [device_name(person, kind) for person in people for kind in (PHONE, COMPUTER)]
    return copied("end", *names)(run, given)


# What is tried ------------------------------------------------------------------------------------------------------

STATUS_QUO, ESCROW, GHOSTS, SCANNING = "status-quo", "key-escrow", "ghost-participant", "client-side-scanning"
SEIZED, HACKED, RECORDS = "seized-device", "equipment-interference", "communications-data"
OPTIONS = (STATUS_QUO, ESCROW, GHOSTS, SCANNING, SEIZED, HACKED, RECORDS)
AUTHORITY, THIEF, PROVIDER, SENDER, RECIPIENT = "authority", "thief", "provider", "sender", "recipient"
_TARGETS_PHONE = device_name(TARGET, PHONE)

#: Each way to build an option: option, variant, design, and what the authority holds once it has a warrant.
VARIANTS: tuple[tuple[str, str, str, str, Callable[[Run, Settings], Key]], ...] = (
    (STATUS_QUO, "as it is", "status-quo", "no secret", nothing),
    (ESCROW, "single key", "escrow-single", "escrow key", escrowed("all")),
    (ESCROW, "key in shares", "escrow-shares", "both shares", escrowed("all")),
    (ESCROW, "rotating key", "escrow-epochs", "keys of all periods", escrowed("all")),
    (ESCROW, "key for each person", "escrow-people", "key of a person", escrowed(f"person {TARGET}")),
    (ESCROW, "single key, changed program", "escrow-cheated", "escrow key", escrowed("all")),
    (GHOSTS, "notice suppressed", "ghost-hidden", "ghost's device", copied("end", GHOST)),
    (GHOSTS, "notice shown, codes not checked", "ghost-shown", "ghost's device", copied("end", GHOST)),
    (GHOSTS, "codes checked", "ghost-checked", "ghost's device", copied("end", GHOST)),
    (SCANNING, "content on the list", "scan-listed", "reports", reports),
    (SCANNING, "something added to the list", "scan-added", "reports", reports),
    (SCANNING, "content changed by a byte", "scan-altered", "reports", reports),
    (SEIZED, "phone, unlocked", "status-quo", "copy of the phone", copied("warrant", _TARGETS_PHONE)),
    (HACKED, "phone, while access lasts", "status-quo", "access to the phone", copied("access ends", _TARGETS_PHONE)),
    (RECORDS, "the provider's store", "status-quo", "records of the store", nothing),
)
#: What a thief may come to hold, or somebody in authority may abuse: option, variant, design, how, secret, since, key.
SECRETS: tuple[tuple[str, str, str, str, str, str, Callable[[Run, Settings], Key]], ...] = (
    (STATUS_QUO, "as it is", "status-quo", LEAK, "state of a session", "leak", session_only),
    (STATUS_QUO, "as it is", "status-quo", LEAK, "identity key of a phone", "leak", identity_only),
    (ESCROW, "single key", "escrow-single", LEAK, "escrow key", "leak", escrowed("escrow")),
    (ESCROW, "key in shares", "escrow-shares", LEAK, "single share", "leak", escrowed("first share")),
    (ESCROW, "key in shares", "escrow-shares", LEAK, "both shares", "leak", escrowed("all")),
    (ESCROW, "rotating key", "escrow-epochs", LEAK, "key of a period", "leak", epoch_at_leak),
    (ESCROW, "key for each person", "escrow-people", LEAK, "key of a person", "leak", escrowed("person 0")),
    (GHOSTS, "notice suppressed", "ghost-hidden", LEAK, "copy of the ghost's device", "leak", copied("leak", GHOST)),
    (
        GHOSTS,
        "notice suppressed",
        "ghost-everywhere",
        ABUSE,
        "control over who is added",
        "warrant",
        copied("end", GHOST),
    ),
    (SCANNING, "content on the list", "scan-listed", LEAK, "key for reports", "leak", reports),
    (SCANNING, "something added to the list", "scan-added", ABUSE, "control over what is listed", "warrant", reports),
    (SEIZED, "phone, unlocked", "status-quo", LEAK, "copy of the phone", "leak", copied("warrant", _TARGETS_PHONE)),
    (HACKED, "phone, while access lasts", "status-quo", LEAK, "exploit for devices", "leak", unpatched),
    (RECORDS, "the provider's store", "status-quo", LEAK, "records of the store", "leak", nothing),
)


def exercises() -> Iterator[Exercise]:
    """Everything that is tried."""
    for option, variant, design, secret, key in VARIANTS:
        for reader, own in ((SENDER, taking_part(True)), (RECIPIENT, taking_part(False)), (PROVIDER, nothing)):
            yield Exercise(option, variant, design, reader, OWN, "keys of their own", "warrant", own)
        yield Exercise(option, variant, design, AUTHORITY, WARRANT, secret, "warrant", key)
    for option, variant, design, how, secret, since, key in SECRETS:
        yield Exercise(option, variant, design, THIEF if how == LEAK else "insider", how, secret, since, key)


def tried(runs: Mapping[str, Run], given: Settings) -> pd.DataFrame:
    """The table of attempts, a row an exercise and message; columns `COLUMNS`. `when` is "before" or "after"."""
    rows = []
    known: dict[tuple[str, str, str], list[str]] = {}
    for one in exercises():
        run = runs[one.design]
        # Options that leave the programs alone share a run: what was tried in it for one is not tried again.
        same = (one.design, one.reader, one.secret)
        if same not in known:
            key = one.key(run, given)
            scans = one.key is reports
            both = zip(run.envelopes, run.messages, strict=True)
            known[same] = [_outcome(key, envelope, message.text, scans) for envelope, message in both]
        since = {"warrant": given.warrant, "leak": given.leak}[one.since]
        for message, outcome in zip(run.messages, known[same], strict=True):
            when = "before" if message.number < since else "after"
            fixed = (one.option, one.variant, one.reader, one.how, one.secret)
            rows.append((*fixed, message.number, message.of_target, when, outcome))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _outcome(key: Key, envelope: Envelope, text: bytes, reported: bool) -> str:
    try:
        got = key(envelope)
    except CannotRead:
        return NOT_READ
    assert got == text, "what was decrypted is not what was sent"
    return MATCHED if reported else READ


def played(given: Settings) -> Mapping[str, Run]:
    """The conversations under every design, by its name."""
    return {design.name: play(design, given) for design in DESIGNS}


def impersonated(run: Run) -> tuple[bool, bool]:
    """Whether the holder of the target's identity key alone can write to a partner as the target.

    Gives whether the partner's phone accepts a new session from it, and whether the code of that pair stays the same.
    """
    own, other = partner_phone(run.messages)
    stolen: Identity = run.images["end"][own].identity
    partner = run.image("end", other)
    bundle = partner.prekeys.bundle(partner.identity)
    key, about = b"k" * 32, b"a message in another's name"
    _, wrap = Session.start(stolen, bundle, key, about)
    assert wrap.opening is not None
    try:
        accepted = Session.accept(partner.identity, partner.prekeys, wrap.opening, wrap, about)[1] == key
    except CannotRead:
        accepted = False
    code = safety_code([run.provider.identity(own), run.provider.identity(other)])
    return accepted, safety_code([wrap.opening.identity, partner.identity.public]) == code
