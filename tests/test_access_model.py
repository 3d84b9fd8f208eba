"""The model of access: each property is shown by an attempt on real ciphertext that succeeds or fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

from brief_access import analysis, model
from brief_access import attempts as by
from brief_access.course import Course
from brief_access.directory import GHOST, PublicLog, entry, proven
from brief_access.exercises import COULD, EVADED, HANDED, LEAK, OPTIONS, STATUS_QUO, THEFTS, WARRANT, WAYS
from brief_access.model import Outcomes, drawn, opened_by, outcomes, tried
from brief_access.protocol import CannotRead, Identity, PreKeys, Session, Wrap, new_key, unseal
from brief_access.runs import DESIGNS, SCHEMES, Run, evaded, play
from brief_access.runs import played as played_all
from brief_access.settings import Settings, read
from brief_access.world import PHONE, TARGET, device_name, person_key, person_shares, script
from conftest import ROOT

GIVEN = Settings(
    people=4,
    messages_each=10,
    warrant=12,
    leak=20,
    access_ends=28,
    periods=4,
    listed=4,
    added=4,
    reached=2,
    seed=7,
    draws=30,
)
COURSE = Course(GIVEN)
LATER = COURSE.since(GIVEN.warrant)
PHONE_OF_TARGET = device_name(TARGET, PHONE)
ABOUT = b"what it is about"
WORKING = ("hidden", "shown", "entered")
STOPPED = ("compared", "left-out")


@pytest.fixture(scope="module")
def played() -> dict[str, Run]:
    return played_all(GIVEN)


@pytest.fixture(scope="module")
def found() -> Outcomes:
    return outcomes(GIVEN)


def opened(run: Run, take: by.Taking, given: Settings = GIVEN) -> frozenset[int]:
    """The messages that a key opens."""
    return opened_by(take(run, given), run)


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


# Whoever takes part, and a provider -----------------------------------------------------------------------------------


@pytest.mark.parametrize("design", [design.name for design in DESIGNS])
def test_a_provider_that_only_watches_reads_nothing_under_any_design(played: dict[str, Run], design: str) -> None:
    assert opened(played[design], by.nothing) == frozenset()


@pytest.mark.parametrize("design", [design.name for design in DESIGNS])
def test_each_message_is_read_by_both_of_its_people(played: dict[str, Run], design: str) -> None:
    for sending in (True, False):
        assert opened(played[design], by.taking_part(sending)) == COURSE.all


def test_a_provider_that_adds_a_device_reads_on_unless_codes_are_compared(played: dict[str, Run]) -> None:
    """The programs are those of today: nothing about them has to change."""
    run = played["ghost-shown-all"]
    assert run.changed_devices == 0
    assert opened(run, by.copied("end", GHOST)) == LATER
    assert opened(played["ghost-compared-all"], by.copied("end", GHOST)) == frozenset()


def test_a_public_log_stops_a_device_that_is_left_out_and_shows_one_that_is_entered(played: dict[str, Run]) -> None:
    left_out, entered = played["ghost-left-out-all"], played["ghost-entered-all"]
    assert opened(left_out, by.copied("end", GHOST)) == frozenset()
    assert opened(entered, by.copied("end", GHOST)) == LATER
    assert {notice.foreign > 0 for notice in entered.notices[GIVEN.warrant :]} == {True}
    assert not any(notice.foreign for notice in (*left_out.notices, *entered.notices[: GIVEN.warrant]))


def test_a_proof_leads_from_an_entry_to_the_root_and_from_nothing_else() -> None:
    for size in (1, 2, 3, 5, 8, 13):
        entries = {(one, "phone"): entry(one, "phone", Identity().public) for one in range(size)}
        log = PublicLog(entries)
        assert all(proven(one, log.proof(one), log.root) for one in entries.values())
        foreign = entry(0, "ghost", Identity().public)
        assert not proven(foreign, log.proof(foreign), log.root)
        assert PublicLog({**entries, (0, "ghost"): foreign}).root != log.root


# The options ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", WORKING)
def test_a_ghost_reads_what_follows_and_nothing_from_before_it_came(played: dict[str, Run], how: str) -> None:
    ghost = by.copied("end", GHOST)
    assert opened(played[f"ghost-{how}-named"], ghost) == COURSE.named & LATER
    assert opened(played[f"ghost-{how}-all"], ghost) == LATER


@pytest.mark.parametrize("how", STOPPED)
def test_where_codes_or_the_log_are_checked_a_ghost_gets_nothing(played: dict[str, Run], how: str) -> None:
    for scope in ("named", "all"):
        assert opened(played[f"ghost-{how}-{scope}"], by.copied("end", GHOST)) == frozenset()


def test_a_ghost_shows_in_code_and_list_unless_the_program_hides_it(found: Outcomes) -> None:
    table = analysis.noticed(found.seen)
    table = table[table["option"] == "ghost-participant"].set_index("way")
    after = len(COURSE.named & LATER)
    shown, hidden = table.loc["notice shown"], table.loc["notice hidden"]
    assert (shown["codes"], shown["devices"], shown["heavier"]) == (after, after, after)
    assert (hidden["codes"], hidden["devices"], hidden["heavier"]) == (0, 0, after)


def test_a_few_changed_programs_hide_a_ghost_as_well_as_all(played: dict[str, Run]) -> None:
    few, everybody = played["ghost-few"], played["ghost-hidden-named"]
    assert opened(few, by.copied("end", GHOST)) == opened(everybody, by.copied("end", GHOST))
    assert 0 < few.changed_devices < everybody.changed_devices == 2 * GIVEN.people
    for run in (few, everybody):
        first = {notice.conversation: notice.code for notice in reversed(run.notices)}
        assert {first[notice.conversation] == notice.code for notice in run.notices} == {True}


def test_an_escrow_share_alone_opens_nothing_and_both_open_all_that_is_theirs(played: dict[str, Run]) -> None:
    for run in (played["escrow-shares"], played["escrow-people-shares"]):
        for share in run.secrets:
            assert opened(run, by.escrowed(share)) == frozenset()
        assert opened(run, by.escrowed()) == COURSE.all
    own = opened(played["escrow-people-shares"], by.escrowed(*person_shares(TARGET)))
    assert own == COURSE.named
    mixed = by.escrowed(person_shares(TARGET)[0], person_shares(1)[1])
    assert opened(played["escrow-people-shares"], mixed) == frozenset(), "shares of two people are no key"


def test_an_escrow_key_opens_what_was_wrapped_to_it_and_nothing_else(played: dict[str, Run]) -> None:
    assert opened(played["escrow-single"], by.escrowed("escrow")) == COURSE.all
    assert opened(played["escrow-people"], by.escrowed(person_key(TARGET))) == COURSE.named
    periods = played["escrow-periods"]
    by_period = [opened(periods, by.escrowed(label)) for label in periods.secrets]
    assert frozenset().union(*by_period) == COURSE.all
    assert sum(map(len, by_period)) == GIVEN.messages, "no message belongs to a second period"


def test_keys_of_the_periods_covered_open_nothing_from_earlier_periods(played: dict[str, Run]) -> None:
    begins = GIVEN.warrant - GIVEN.warrant % GIVEN.period_length
    assert opened(played["escrow-periods"], by.covered_periods) == COURSE.since(begins)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_program_that_wraps_a_wrong_key_closes_what_its_owner_sends(played: dict[str, Run], scheme: str) -> None:
    run = played[evaded(f"escrow-{scheme}")]
    assert COURSE.sent_by_named and opened(run, by.escrowed()) == COURSE.all - COURSE.sent_by_named


def test_the_scanner_reveals_nothing_without_a_match(played: dict[str, Run]) -> None:
    for design, wanted in (("scan-listed", GIVEN.listed), ("scan-added", GIVEN.listed + GIVEN.added)):
        run = played[design]
        read_of = opened(run, by.reports)
        assert len(read_of) == wanted
        assert read_of == {envelope.number for envelope in run.envelopes if envelope.report is not None}
    assert opened(played["scan-altered"], by.reports) == frozenset(), "a changed byte is no match"
    still = opened(played[evaded("scan-listed")], by.reports)
    assert still == opened(played["scan-listed"], by.reports) - COURSE.sent_by_named


def test_a_phone_that_is_kept_reads_nothing_more_and_a_copy_reads_on(played: dict[str, Run]) -> None:
    run = played["status-quo"]
    before = COURSE.named - LATER
    assert opened(run, by.stored("warrant", TARGET, locked=True)) == frozenset()
    assert opened(run, by.stored("warrant", TARGET)) == before
    copied = opened(run, by.copied("warrant", PHONE_OF_TARGET))
    assert before < copied <= COURSE.named
    assert opened(run, by.copied("warrant", PHONE_OF_TARGET, history_from=None)) == copied - before
    hacked = opened(run, by.copied("access ends", PHONE_OF_TARGET))
    assert hacked >= COURSE.named - COURSE.since(GIVEN.access_ends)
    assert opened(run, by.watched) == hacked & LATER


def test_a_backup_opens_for_its_keeper_unless_its_owner_has_the_key(played: dict[str, Run]) -> None:
    run = played["status-quo"]
    assert opened(run, by.stored("end", TARGET)) == COURSE.named
    assert opened(run, by.stored("end")) == COURSE.all
    assert opened(run, by.stored("end", locked=True)) == frozenset()


# Thieves --------------------------------------------------------------------------------------------------------------


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


def test_an_identity_key_opens_nothing_for_a_thief_who_only_listens(played: dict[str, Run], found: Outcomes) -> None:
    assert opened(played["status-quo"], by.identity_only) == frozenset()
    assert found.accepted and found.code_same and found.opened


def test_an_identity_key_with_the_directory_reads_what_is_sent_to_its_owner(played: dict[str, Run]) -> None:
    got = opened(played["status-quo"], by.identity_with_directory)
    later = COURSE.named & COURSE.since(GIVEN.leak)
    assert got == {one.number for one in script(GIVEN) if one.number in later and one.sent_from != PHONE_OF_TARGET}
    assert got


# The protocol ---------------------------------------------------------------------------------------------------------


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
    key = by.escrowed("escrow")(run, GIVEN)
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


def test_a_message_opens_with_its_own_key_only() -> None:
    with pytest.raises(CannotRead):
        unseal(b"\0" * 40, new_key(), ABOUT)


# One yardstick, many draws --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 8, 2017, 90_001])
def test_what_the_script_says_is_what_the_keys_open(seed: int) -> None:
    """`tried` compares every key with its rule, message by message."""
    given = replace(GIVEN, seed=seed)
    assert tried(played_all(given), given)["read"].any()


def test_a_key_that_opens_something_else_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(THEFTS[0].trial, opens=lambda course: course.all)
    monkeypatch.setattr(model, "THEFTS", (replace(THEFTS[0], trial=wrong),))
    with pytest.raises(RuntimeError, match="keys of one conversation: other messages open"):
        tried(played_all(GIVEN), GIVEN)


def test_every_way_is_measured_alike(found: Outcomes) -> None:
    ways = found.counts[found.counts["measure"] != LEAK].groupby(["option", "way"])
    assert set(ways.groups) == {(way.option, way.name) for way in WAYS}
    assert set(found.counts.loc[found.counts["measure"] != LEAK, "option"]) == set(OPTIONS)
    for _, rows in ways:
        assert set(rows["measure"]) == {WARRANT, HANDED, COULD, EVADED}
        assert rows.groupby("measure").size().eq(GIVEN.draws).all()


def test_a_warrant_reads_no_more_than_is_handed_over_and_that_no_more_than_the_power_could(found: Outcomes) -> None:
    keys = ["option", "way", "draw"]
    parts = {
        one: found.counts[found.counts["measure"] == one].set_index(keys)["read"] for one in (WARRANT, HANDED, COULD)
    }
    assert (parts[WARRANT] <= parts[HANDED]).all() and (parts[HANDED] <= parts[COULD]).all()
    limited = found.counts[(found.counts["measure"] == WARRANT) & (found.counts["option"] != "client-side-scanning")]
    assert not limited["others"].any(), "only a scanner reports people whom no warrant names"
    today = found.counts[(found.counts["measure"] == WARRANT) & (found.counts["option"] == STATUS_QUO)]
    assert not today["read"].any()


def test_whoever_holds_all_keys_of_an_escrow_could_open_everything_in_every_design(found: Outcomes) -> None:
    could = found.counts[(found.counts["measure"] == COULD) & (found.counts["option"] == "key-escrow")]
    assert could["way"].nunique() == len(SCHEMES) and could["read"].eq(GIVEN.messages).all()


def test_parts_add_up_and_what_partners_wrote_is_among_the_messages_of_the_person_named(found: Outcomes) -> None:
    for frame in (found.counts, found.bases):
        named = frame["named_before"] + frame["named_after"]
        assert (named + frame["others"] == frame["read"]).all()
        assert (frame["past"] + frame["later"] == frame["read"]).all()
        assert (frame["partners"] <= named).all()
    assert found.bases["read"].eq(GIVEN.messages).all()


def test_the_spread_is_of_counts_that_there_are(found: Outcomes) -> None:
    table = analysis.spread(found.counts)
    for part in analysis.PARTS:
        assert (table[f"{part}_least"] <= table[part]).all() and (table[part] <= table[f"{part}_most"]).all()
    single = analysis.spread(drawn(replace(GIVEN, draws=1))[0])
    assert (single["read_least"] == single["read_most"]).all()


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
    least = Settings(2, 1, 0, 0, 0, 1, 0, 0, 1, 1, 1)
    small = outcomes(least)
    assert not small.counts["others"].any() and small.provider_read == small.missed == 0


def test_the_brief_has_sizes_that_hold() -> None:
    given = read(ROOT)
    assert given.messages > 50 and given.draws >= 200
