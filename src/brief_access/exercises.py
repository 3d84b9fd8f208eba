"""What is tried: each way to build each option, by one yardstick; and each secret that could be stolen.

Every way is measured alike. *Warrant*: what is read of the person named, with what the warrant gives. *Handed*: what
could be opened with just that, the rules aside. *Could*: what could be opened by whoever holds the power itself: all
keys, the directory, the list, the means to hack. *Evaded*: what the warrant still gives where the person named has
changed the program. Each has a key that is tried, and what the script says that it must open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from brief_access import attempts as by
from brief_access.attempts import Taking
from brief_access.course import NONE, Course, Numbers, listed_content, widened_content
from brief_access.directory import GHOST
from brief_access.runs import evaded
from brief_access.world import TARGET, person_key, person_shares

STATUS_QUO, ESCROW, GHOSTS, SCANNING = "status-quo", "key-escrow", "ghost-participant", "client-side-scanning"
SEIZED, HACKED, BACKUPS, RECORDS = "seized-device", "equipment-interference", "backups", "communications-data"
OPTIONS = (STATUS_QUO, ESCROW, GHOSTS, SCANNING, SEIZED, HACKED, BACKUPS, RECORDS)
WARRANT, HANDED, COULD, EVADED, LEAK = "warrant", "handed", "could", "evaded", "leak"

#: Which messages a key must open, from the script.
Rule = Callable[[Course], Numbers]


@dataclass(frozen=True)
class Trial:
    """A key that is tried on every message of a run, and what it must open.

    `scope`: the messages that it is tried on by the rules, which are all unless a warrant limits them.
    """

    design: str
    key: Taking
    opens: Rule
    limited: bool = False

    def expected(self, course: Course) -> Numbers:
        """The messages that it must open."""
        opened = self.opens(course)
        return opened & course.named if self.limited else opened


@dataclass(frozen=True)
class Way:
    """A way to build an option. `shown_in`: the run whose programs tell what people could notice."""

    option: str
    name: str
    secret: str
    handed: Trial
    could: Trial
    evaded: Trial
    shown_in: str
    reports: bool = False

    def trials(self) -> Iterator[tuple[str, Trial]]:
        """The four measures. A scanner's reports are what it is for, so no warrant limits them."""
        yield HANDED, self.handed
        yield COULD, self.could
        for measure, trial in ((WARRANT, self.handed), (EVADED, self.evaded)):
            yield measure, replace(trial, limited=not self.reports)


@dataclass(frozen=True)
class Theft:
    """A secret that somebody steals who has recorded everything that was sent."""

    option: str
    secret: str
    trial: Trial


def opens_nothing(course: Course) -> Numbers:
    """What a key opens that opens nothing, whoever writes and when."""
    return NONE


def _all(course: Course) -> Numbers:
    return course.all


def _later(course: Course) -> Numbers:
    return course.since(course.given.warrant)


def _named_later(course: Course) -> Numbers:
    return course.named & _later(course)


def _before_and_read_on(course: Course) -> Numbers:
    moment = course.given.warrant
    return course.on_phone(moment) | course.reads_on(by.TARGETS_PHONE, moment)


def _read_on(course: Course) -> Numbers:
    return course.reads_on(by.TARGETS_PHONE, course.given.warrant)


def _while_access_lasts(course: Course) -> Numbers:
    ends = course.given.access_ends
    return course.on_phone(ends) | course.reads_on(by.TARGETS_PHONE, ends)


def _watched(course: Course) -> Numbers:
    given = course.given
    return course.on_phone(given.access_ends, given.warrant) | course.reads_on(by.TARGETS_PHONE, given.access_ends)


def _covered(course: Course) -> Numbers:
    given = course.given
    return course.of_periods(by.period_of(given.warrant, given), by.period_of(given.messages, given))


def _period_at_leak(course: Course) -> Numbers:
    period = by.period_of(course.given.leak, course.given)
    return course.of_periods(period, period)


_NOTHING = Trial("status-quo", by.nothing, opens_nothing)


def _plainly(misused: Trial, name: str, secret: str) -> Way:
    return Way(STATUS_QUO, name, secret, _NOTHING, misused, _NOTHING, misused.design)


def _added(scope: str, how: str, opens: Rule) -> Trial:
    return Trial(f"ghost-{how}-{scope}", by.copied("end", GHOST), opens)


def _escrow(name: str, scheme: str, secret: str, key: Taking, opens: Rule) -> Way:
    design = f"escrow-{scheme}"
    return Way(
        ESCROW,
        name,
        secret,
        Trial(design, key, opens),
        Trial(design, by.escrowed(), _all),
        Trial(evaded(design), key, lambda course: opens(course) - course.sent_by_named),
        design,
    )


def _ghost(name: str, how: str, works: bool) -> Way:
    trial = _added("named", how, _named_later if works else opens_nothing)
    still = Trial(evaded(trial.design), trial.key, lambda course: _named_later(course) - course.sent_by_named)
    return Way(
        GHOSTS,
        name,
        "added device",
        trial,
        _added("all", how, _later if works else opens_nothing),
        still if works else trial,
        trial.design,
    )


def _phone(option: str, name: str, secret: str, key: Taking, opens: Rule, evaded_by: Trial = _NOTHING) -> Way:
    trial = Trial("status-quo", key, opens)
    return Way(option, name, secret, trial, trial, evaded_by, "status-quo")


CODES_COMPARED, LEFT_OUT, ENTERED = "codes compared", "public log, device left out", "public log, device entered"
WAYS: tuple[Way, ...] = (
    _plainly(_added("all", "shown", _later), "codes not compared", "control over the directory"),
    _plainly(_added("all", "compared", opens_nothing), CODES_COMPARED, "control over the directory"),
    _plainly(_added("all", "left-out", opens_nothing), LEFT_OUT, "control over the directory"),
    _plainly(_added("all", "entered", _later), ENTERED, "control over the directory"),
    _escrow("one key for all", "single", "escrow key", by.escrowed(), _all),
    _escrow("one key in two shares", "shares", "both shares", by.escrowed(), _all),
    _escrow("a key for each period", "periods", "keys of the periods covered", by.covered_periods, _covered),
    _escrow(
        "a key for each person",
        "people",
        "key of the person named",
        by.escrowed(person_key(TARGET)),
        lambda course: course.named,
    ),
    _escrow(
        "each person's key in two shares",
        "people-shares",
        "both shares of the key of the person named",
        by.escrowed(*person_shares(TARGET)),
        lambda course: course.named,
    ),
    _ghost("notice hidden", "hidden", works=True),
    _ghost("notice shown", "shown", works=True),
    _ghost(CODES_COMPARED, "compared", works=False),
    _ghost(LEFT_OUT, "left-out", works=False),
    _ghost(ENTERED, "entered", works=True),
    Way(
        SCANNING,
        "exact copies of listed content",
        "reports",
        Trial("scan-listed", by.reports, listed_content),
        Trial("scan-added", by.reports, widened_content),
        Trial(evaded("scan-listed"), by.reports, lambda course: listed_content(course) - course.sent_by_named),
        "scan-listed",
        reports=True,
    ),
    _phone(SEIZED, "kept, locked", "locked phone", by.stored("warrant", TARGET, locked=True), opens_nothing),
    _phone(
        SEIZED,
        "kept, unlocked",
        "what is on the phone",
        by.stored("warrant", TARGET),
        lambda course: course.on_phone(course.given.warrant),
    ),
    _phone(
        SEIZED,
        "copied unlocked, then returned",
        "copy of the phone",
        by.copied("warrant", by.TARGETS_PHONE),
        _before_and_read_on,
        Trial("status-quo", by.copied("warrant", by.TARGETS_PHONE, history_from=None), _read_on),
    ),
    Way(
        HACKED,
        "while access lasts",
        "access to the phone",
        Trial("status-quo", by.copied("access ends", by.TARGETS_PHONE), _while_access_lasts),
        Trial("status-quo", by.reached, lambda course: course.of_people(range(course.given.reached))),
        Trial("status-quo", by.watched, _watched),
        "status-quo",
    ),
    Way(
        BACKUPS,
        "readable by its keeper",
        "backup of the phone",
        Trial("status-quo", by.stored("end", TARGET), lambda course: course.named),
        Trial("status-quo", by.stored("end"), _all),
        _NOTHING,
        "status-quo",
    ),
    _phone(
        BACKUPS, "locked with its owner's key", "locked backup", by.stored("end", TARGET, locked=True), opens_nothing
    ),
    Way(RECORDS, "who, when and how much", "records", _NOTHING, _NOTHING, _NOTHING, "status-quo"),
)

THEFTS: tuple[Theft, ...] = (
    Theft(STATUS_QUO, "keys of one conversation", Trial("status-quo", by.session_only, Course.session_copy)),
    Theft(STATUS_QUO, "identity key of a phone", Trial("status-quo", by.identity_only, opens_nothing)),
    Theft(
        STATUS_QUO,
        "identity key, with control over the directory",
        Trial("status-quo", by.identity_with_directory, Course.sent_to_phone),
    ),
    Theft(ESCROW, "escrow key", Trial("escrow-single", by.escrowed(), _all)),
    Theft(ESCROW, "single share", Trial("escrow-shares", by.escrowed("first share"), opens_nothing)),
    Theft(ESCROW, "both shares", Trial("escrow-shares", by.escrowed(), _all)),
    Theft(ESCROW, "key of a period", Trial("escrow-periods", by.period_at_leak, _period_at_leak)),
    Theft(
        ESCROW,
        "key of a person",
        Trial("escrow-people", by.escrowed(person_key(TARGET)), lambda course: course.named),
    ),
    Theft(
        ESCROW,
        "single share of a person's key",
        Trial("escrow-people-shares", by.escrowed(person_shares(TARGET)[0]), opens_nothing),
    ),
    Theft(GHOSTS, "copy of the added device", Trial("ghost-hidden-named", by.copied("leak", GHOST), Course.ghost_copy)),
    Theft(SCANNING, "key for reports", Trial("scan-listed", by.reports, listed_content)),
    Theft(
        SEIZED, "copy of the phone", Trial("status-quo", by.copied("warrant", by.TARGETS_PHONE), _before_and_read_on)
    ),
    Theft(
        HACKED,
        "means to hack phones",
        Trial("status-quo", by.reached, lambda course: course.of_people(range(course.given.reached))),
    ),
    Theft(BACKUPS, "all readable backups", Trial("status-quo", by.stored("end"), _all)),
    Theft(BACKUPS, "all locked backups", Trial("status-quo", by.stored("end", locked=True), opens_nothing)),
    Theft(RECORDS, "records of the provider", _NOTHING),
)
