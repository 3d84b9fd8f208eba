"""The model of access: each property is shown by an attempt on real ciphertext that succeeds or fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from brief_access import analysis
from brief_access.attempts import ABUSE, LEAK, MATCHED, NOT_READ, copied, escrowed, exercises, nothing, reports, tried
from brief_access.attempts import played as played_all
from brief_access.model import outcomes
from brief_access.protocol import CannotRead, Identity, PreKeys, Session, Wrap, new_key, unseal
from brief_access.runs import DESIGNS, GHOST, Run, play
from brief_access.settings import Settings, read
from brief_access.world import PHONE, TARGET, Envelope, device_name, script
from conftest import ROOT

GIVEN = Settings(
    people=4,
    messages_each=10,
    warrant=12,
    leak=20,
    access_ends=28,
    epochs=4,
    listed=4,
    added=4,
    unpatched=1,
    seed=7,
)
PHONE_OF_TARGET = device_name(TARGET, PHONE)
ABOUT = b"what it is about"


@pytest.fixture(scope="module")
def played() -> dict[str, Run]:
    return dict(played_all(GIVEN))


def opened(run: Run, key: Callable[[Envelope], bytes]) -> set[int]:
    """The messages that a key opens."""
    found = set()
    for message, envelope in zip(run.messages, run.envelopes, strict=True):
        try:
            assert key(envelope) == message.text
            found.add(message.number)
        except CannotRead:
            continue
    return found


def numbers(run: Run, since: int = 0, target: bool | None = None) -> set[int]:
    """The messages from a moment on, of the person under warrant or of the others or of all."""
    return {one.number for one in run.messages if one.number >= since and target in (None, one.of_target)}


def two_sessions() -> tuple[Session, Session]:
    ann, ben, keys = Identity(), Identity(), PreKeys()
    first = new_key()
    session, wrap = Session.start(ann, keys.bundle(ben), first, ABOUT)
    assert wrap.opening is not None
    other, key = Session.accept(ben, keys, wrap.opening, wrap, ABOUT)
    assert key == first
    return session, other


def passes(sender: Session, recipient: Session) -> Wrap:
    """Send a key and receive it; returns what was sent."""
    key = new_key()
    wrap = sender.seal(key, ABOUT)
    assert recipient.open(wrap, ABOUT) == key
    return wrap


@pytest.mark.parametrize("design", [design.name for design in DESIGNS])
def test_the_provider_reads_nothing_under_any_design(played: dict[str, Run], design: str) -> None:
    assert opened(played[design], nothing(played[design], GIVEN)) == set()


@pytest.mark.parametrize("design", [design.name for design in DESIGNS])
def test_each_message_is_kept_by_both_of_its_people(played: dict[str, Run], design: str) -> None:
    run = played[design]
    for message in run.messages:
        owners = {
            device.owner
            for device in run.provider.devices.values()
            if message.number in device.history and device.recall(message.number) == message.text
        }
        assert set(message.conversation) <= owners


def test_a_ghost_cannot_read_what_was_sent_before_it_came(played: dict[str, Run]) -> None:
    run = played["ghost-hidden"]
    assert opened(run, copied("end", GHOST)(run, GIVEN)) == numbers(run, GIVEN.warrant, target=True)
    everywhere = played["ghost-everywhere"]
    assert opened(everywhere, copied("end", GHOST)(everywhere, GIVEN)) == numbers(everywhere, GIVEN.warrant)


def test_a_ghost_shows_in_code_and_list_unless_the_program_hides_it(played: dict[str, Run]) -> None:
    table = analysis.noticed(outcomes(GIVEN).seen).set_index("variant")
    after = len(numbers(played["status-quo"], GIVEN.warrant, target=True))
    shown, hidden = table.loc["notice shown, codes not checked"], table.loc["notice suppressed"]
    assert (shown["codes"], shown["devices"], shown["heavier"]) == (after, after, after)
    assert (hidden["codes"], hidden["devices"], hidden["heavier"]) == (0, 0, after)


def test_where_codes_are_checked_the_ghost_gets_nothing(played: dict[str, Run]) -> None:
    run = played["ghost-checked"]
    assert opened(run, copied("end", GHOST)(run, GIVEN)) == set()


@pytest.mark.parametrize("moment", ["warrant", "access ends"])
def test_a_copied_device_opens_no_conversation_that_it_is_not_in(played: dict[str, Run], moment: str) -> None:
    run = played["status-quo"]
    read = opened(run, copied(moment, PHONE_OF_TARGET)(run, GIVEN))
    assert read <= numbers(run, target=True)
    when = GIVEN.warrant if moment == "warrant" else GIVEN.access_ends
    assert read >= numbers(run, target=True) - numbers(run, when), "its history is whole"


def test_an_escrow_share_alone_opens_nothing_and_both_open_all(played: dict[str, Run]) -> None:
    run = played["escrow-shares"]
    for share in run.secrets:
        assert opened(run, escrowed(share)(run, GIVEN)) == set()
    assert opened(run, escrowed("all")(run, GIVEN)) == numbers(run)


def test_an_escrow_key_opens_what_was_wrapped_to_it_and_nothing_else(played: dict[str, Run]) -> None:
    single, epochs, people = (played[f"escrow-{scheme}"] for scheme in ("single", "epochs", "people"))
    assert opened(single, escrowed("escrow")(single, GIVEN)) == numbers(single)
    assert opened(people, escrowed(f"person {TARGET}")(people, GIVEN)) == numbers(people, target=True)
    by_epoch = [opened(epochs, escrowed(label)(epochs, GIVEN)) for label in epochs.secrets]
    assert set().union(*by_epoch) == numbers(epochs)
    assert sum(map(len, by_epoch)) == GIVEN.messages, "no message belongs to a second period"


def test_a_program_that_wraps_a_wrong_key_closes_what_its_owner_sends(played: dict[str, Run]) -> None:
    run = played["escrow-cheated"]
    sent = {message.number for message in run.messages if message.sender == TARGET}
    assert sent and opened(run, escrowed("escrow")(run, GIVEN)) == numbers(run) - sent


def test_the_scanner_reveals_nothing_without_a_match(played: dict[str, Run]) -> None:
    for design, wanted in (("scan-listed", GIVEN.listed), ("scan-added", GIVEN.listed + GIVEN.added)):
        run = played[design]
        read = opened(run, reports(run, GIVEN))
        assert len(read) == wanted
        assert read == {envelope.number for envelope in run.envelopes if envelope.report is not None}
    altered = played["scan-altered"]
    assert opened(altered, reports(altered, GIVEN)) == set(), "a changed byte is no match"


def test_a_conversation_heals_after_a_diffie_hellman_step() -> None:
    ann, ben = two_sessions()
    passes(ben, ann)
    earlier = passes(ann, ben)
    thief = ann.copy()
    with pytest.raises(CannotRead):
        thief.open_own(earlier, ABOUT)  # what was sent before stays closed: its key is gone
    sent = passes(ann, ben)
    assert len(thief.open_own(sent, ABOUT)) == len(new_key())
    answer = ben.seal(new_key(), ABOUT)
    assert thief.copy().open(answer, ABOUT) == ann.open(answer, ABOUT)
    # Ann has now answered with a key that was made after the theft; from Ben's next answer on the thief is out.
    after = passes(ann, ben)
    healed = passes(ben, ann)
    for wrap, attempt in ((after, thief.copy().open_own), (healed, thief.copy().open)):
        with pytest.raises(CannotRead):
            attempt(wrap, ABOUT)


def test_a_changed_header_fails() -> None:
    ann, ben = two_sessions()
    wrap = ann.seal(new_key(), ABOUT)
    header = wrap.sealed.header
    changed = header._replace(previous_sending_chain_length=header.previous_sending_chain_length + 1)
    with pytest.raises(CannotRead):
        ben.open(Wrap(wrap.sealed._replace(header=changed)), ABOUT)
    with pytest.raises(CannotRead):
        ben.open(wrap, b"about something else")
    assert ben.open(wrap, ABOUT), "untouched, it opens still"


def test_a_changed_envelope_fails(played: dict[str, Run]) -> None:
    run = played["escrow-single"]
    envelope = run.envelopes[0]
    key = escrowed("escrow")(run, GIVEN)
    assert key(envelope)
    flipped = bytes([envelope.payload[-1] ^ 1])
    for changed in (
        replace(envelope, payload=envelope.payload[:-1] + flipped),
        replace(envelope, sender=envelope.recipient),
        replace(envelope, number=1),
    ):
        with pytest.raises(CannotRead):
            key(changed)


def test_a_pre_key_that_its_owner_has_not_signed_is_refused() -> None:
    mallory, ben = PreKeys().bundle(Identity()), PreKeys().bundle(Identity())
    with pytest.raises(CannotRead):
        Session.start(Identity(), replace(ben, signed=mallory.signed), new_key(), ABOUT)


def test_an_identity_key_alone_impersonates_and_opens_nothing() -> None:
    found = outcomes(GIVEN)
    rows = found.attempts[found.attempts["secret"] == "identity key of a phone"]
    assert set(rows["outcome"]) == {NOT_READ} and len(rows) == GIVEN.messages
    assert found.accepted and found.code_same


def test_every_outcome_comes_from_an_attempt_and_leak_and_abuse_are_apart() -> None:
    found = outcomes(GIVEN).attempts
    assert len(found) == GIVEN.messages * len(list(exercises()))
    hows = found.groupby("secret")["how"].unique()
    assert [secret for secret, how in hows.items() if {LEAK, ABUSE} <= set(how)] == []
    assert set(found.loc[found["outcome"] == MATCHED, "option"]) == {"client-side-scanning"}


def test_new_keys_give_the_same_outcomes() -> None:
    one, other = (tried(played_all(GIVEN), GIVEN) for _ in range(2))
    assert one.equals(other)
    first, again = (play(DESIGNS[0], GIVEN).envelopes[0] for _ in range(2))
    assert first.payload != again.payload and first.size == again.size


def test_the_script_is_drawn_once_from_its_seed() -> None:
    again = replace(GIVEN)
    assert script(GIVEN) == script(again)
    assert [one.text for one in script(GIVEN)] != [one.text for one in script(replace(GIVEN, seed=8))]


def test_the_smallest_model_holds_as_well() -> None:
    least = Settings(2, 1, 0, 0, 0, 1, 0, 0, 0, 1)
    found = outcomes(least)
    assert analysis.healing(found.attempts, "state of a session")["read"] in (0, 1)
    assert set(analysis.counts(found.attempts)["others_before_of"]) == {0}


def test_a_message_opens_with_its_own_key_only() -> None:
    with pytest.raises(CannotRead):
        unseal(b"\0" * 40, new_key(), ABOUT)


def test_the_brief_has_sizes_that_hold() -> None:
    assert read(ROOT).messages > 50
