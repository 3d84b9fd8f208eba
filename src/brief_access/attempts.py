"""What somebody can try to read with: keys that open envelopes or fail to, all on the stored ciphertext."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import combinations

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from brief_access.protocol import CannotRead, PreKeys, Session, join, safety_code, seal, unseal, unwrap
from brief_access.runs import Run
from brief_access.settings import Settings
from brief_access.world import PHONE, TARGET, Device, Envelope, device_name, devices_of, partner_phones, period_key

#: Something that tries to open an envelope: the text, or `CannotRead`.
Key = Callable[[Envelope], bytes]
#: How somebody comes by it, from a run.
Taking = Callable[[Run, Settings], Key]

TARGETS_PHONE = device_name(TARGET, PHONE)


def nothing(run: Run, given: Settings) -> Key:
    """Keys of one's own, everything public, and all that the provider stores: a stranger to every conversation."""
    return partial(_pry, Device("stranger", TARGET), [X25519PrivateKey.generate()])


def nothing_but_added(run: Run, given: Settings) -> Key:
    """The same, tried only on what a design adds to the messages: wraps for the escrow, reports."""
    return partial(_pry_added, [X25519PrivateKey.generate()])


def _pry(device: Device, private: list[X25519PrivateKey], envelope: Envelope) -> bytes:
    """Try the wrap for a device (or for another, the first there is) and all that is added, with the keys at hand."""
    wrap = envelope.wraps.get(device.name) or next(iter(envelope.wraps.values()))
    try:
        return unseal(envelope.payload, device.key_from(envelope, wrap), envelope.about)
    except CannotRead:
        return _pry_added(private, envelope)


def _pry_added(private: list[X25519PrivateKey], envelope: Envelope) -> bytes:
    for wrapped in (*envelope.escrow.values(), *([envelope.report] if envelope.report else [])):
        for key in private:
            try:
                return unseal(envelope.payload, unwrap(key, wrapped, envelope.about), envelope.about)
            except CannotRead:
                continue
    raise CannotRead


# Devices --------------------------------------------------------------------------------------------------------------


def copied(moment: str, *names: str, history_from: int | None = 0) -> Taking:
    """Copies of devices as they were at a moment: history, sessions and keys.

    `history_from`: a program that deletes has left only what is not older; None where it has left nothing.
    """

    def take(run: Run, given: Settings) -> Key:
        images = [run.image(moment, name) for name in names]
        for image in images:
            kept = image.history if history_from is not None else {}
            image.history = {number: text for number, text in kept.items() if number >= (history_from or 0)}
        return partial(_with_devices, images)

    return take


def watched(run: Run, given: Settings) -> Key:
    """Access to the target's phone while it lasts, where the program deletes what it has shown."""
    return copied("access ends", TARGETS_PHONE, history_from=given.warrant)(run, given)


def stored(moment: str, *people: int, locked: bool = False) -> Taking:
    """What the phones of people have stored, without their sessions: a phone that is kept, or a backup of it.

    `locked`: without the key under which it is stored.
    """

    def take(run: Run, given: Settings) -> Key:
        images = []
        for person in people or range(given.people):
            whole = run.image(moment, device_name(person, PHONE))
            kept = Device(whole.name, person, history=whole.history)
            images.append(
                kept if locked else Device(whole.name, person, history=whole.history, history_key=whole.history_key)
            )
        return partial(_with_devices, images)

    return take


def _with_devices(images: list[Device], envelope: Envelope) -> bytes:
    for image in images:
        for attempt in (_recalled, _received, _sent):
            try:
                return attempt(image, envelope)
            except CannotRead:
                continue
    if any(image.name in envelope.wraps for image in images):
        raise CannotRead
    return _pry(images[0], [], envelope)


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


def taking_part(sending: bool) -> Taking:
    """For each message the devices of the person who sent it, or of the person who receives it."""

    def take(run: Run, given: Settings) -> Key:
        def read(envelope: Envelope) -> bytes:
            person = envelope.sender if sending else envelope.recipient
            texts = {run.traffic.devices[name].recall(envelope.number) for name in devices_of(person)}
            return texts.pop()

        return read

    return take


def reached(run: Run, given: Settings) -> Key:
    """The phones of all whom a means to hack reaches, until the end: the person named and the next, an assumption."""
    return copied("end", *(device_name(person, PHONE) for person in range(given.reached)))(run, given)


# Keys of a session and of a device ------------------------------------------------------------------------------------


def session_only(run: Run, given: Settings) -> Key:
    """The state of one session, of the target's phone with a partner's phone, as it was at the leak."""
    own, other = partner_phones(run.messages)
    whole = run.image("leak", own)
    sessions = {peer: session for peer, session in whole.sessions.items() if peer == other}
    return partial(_with_devices, [Device(own, TARGET, sessions=sessions)])


def identity_only(run: Run, given: Settings) -> Key:
    """The long-term identity key of the target's phone and nothing else: a thief who only listens."""
    identity = run.traffic.devices[TARGETS_PHONE].identity
    return partial(_with_devices, [Device(TARGETS_PHONE, TARGET, identity)])


def identity_with_directory(run: Run, given: Settings) -> Key:
    """The same key in the hands of a thief who also decides what the directory hands out.

    From the leak on the others are given the thief's pre-keys under the stolen identity, as after a change of phones:
    what their devices send to the phone, they send once more, in a new session with the thief.
    """
    thief = Device(TARGETS_PHONE, TARGET, run.traffic.devices[TARGETS_PHONE].identity)
    senders: dict[str, Device] = {}

    def read(envelope: Envelope) -> bytes:
        name = envelope.sender_device
        if envelope.number < given.leak or thief.name not in envelope.wraps:
            return _pry(thief, [], envelope)
        if name not in senders:
            senders[name] = run.image("end", name)
            senders[name].sessions.pop(thief.name, None)
            thief.sessions.pop(name, None)
        key = X25519PrivateKey.generate().private_bytes_raw()
        wrap = senders[name].wrap(thief, key, envelope.about)
        sealed = seal(senders[name].recall(envelope.number), key, envelope.about)
        return unseal(sealed, thief.key_from(envelope, wrap), envelope.about)

    return read


def impersonated(run: Run) -> tuple[bool, bool, bool]:
    """What the holder of the target's identity key can do in the owner's name.

    Gives whether a partner's phone accepts a new session from it, whether the code of that pair stays the same with
    it, and whether the partner's phone opens a session with pre-keys that the thief has signed.
    """
    own, other = partner_phones(run.messages)
    stolen, partner = run.traffic.devices[own].identity, run.image("end", other)
    key, about = b"k" * 32, b"a message in another's name"
    _, wrap = Session.start(stolen, partner.bundle, key, about)
    assert wrap.opening is not None
    try:
        accepted = Session.accept(partner.identity, partner.prekeys, wrap.opening, wrap, about)[1] == key
    except CannotRead:
        accepted = False
    code = safety_code(run.directory.identities[name] for name in (own, other))
    same = safety_code([wrap.opening.identity, partner.identity.public]) == code
    try:
        Session.start(partner.identity, PreKeys().bundle(stolen), key, about)
        opened = True
    except CannotRead:
        opened = False
    return accepted, same, opened


# Escrow and reports ---------------------------------------------------------------------------------------------------


def escrowed(*labels: str) -> Taking:
    """Private keys of the escrow, by their labels; without any, every key there is."""

    def take(run: Run, given: Settings) -> Key:
        return partial(_from_escrow, {label: run.secrets[label] for label in labels or run.secrets})

    return take


def period_of(number: int, given: Settings) -> int:
    """The period that a message belongs to, and for a moment after the last message the last period."""
    return min(number, given.messages - 1) // given.period_length


def covered_periods(run: Run, given: Settings) -> Key:
    """The escrow keys of the periods that the warrant covers: the one in which it is given, and all later ones."""
    first, last = (period_of(number, given) for number in (given.warrant, given.messages))
    return escrowed(*(period_key(number) for number in range(first, last + 1)))(run, given)


def period_at_leak(run: Run, given: Settings) -> Key:
    """The escrow key in use when the leak happens."""
    return escrowed(period_key(period_of(given.leak, given)))(run, given)


def _from_escrow(private: Mapping[str, X25519PrivateKey], envelope: Envelope) -> bytes:
    """Unwrap the message's key with what is held: a wrap, or two shares of it; a share alone is tried as a key."""
    parts = []
    for label, wrapped in envelope.escrow.items():
        # Where the key for a wrap is not held, one that is held is tried in its place.
        held = private.get(label) or next(iter(private.values()))
        try:
            parts.append(unwrap(held, wrapped, envelope.about))
        except CannotRead:
            continue
    for key in [*parts, *(join(*two) for two in combinations(parts, 2))]:
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
