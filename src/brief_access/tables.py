"""The tables of the model: what people could notice, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.figures import Table, table
from brief.findings import naming
from brief.findings.facts import Fact
from brief.prose.language import capital, counted, listed
from brief_access import analysis
from brief_access.exercises import OPTIONS
from brief_access.facts import MODULE, of
from brief_access.words import LABELS, SOURCE

if TYPE_CHECKING:
    from brief.findings.findings import Findings


@table("what-users-could-notice", module=MODULE)
def what_users_could_notice(findings: Findings, facts: Mapping[str, Fact]) -> Table:
    """What each option shows its users, compared with today: one row where its designs agree in that."""
    brief = findings.brief
    outcomes = of(brief)
    seen = naming.rows_of(analysis.noticed(outcomes.seen))
    rows = []
    # What a provider's own device shows today is what a ghost's shows.
    for option in OPTIONS[1:]:
        own = {str(row["way"]): row for row in seen if row["option"] == option}
        cells = {way: (str(outcomes.programs[(option, way)]), _shown(row)) for way, row in own.items()}
        if len(set(cells.values())) == 1:
            rows.append((LABELS[option], *next(iter(cells.values()))))
        else:
            rows += [(f"{LABELS[option]}: {way}", *what) for way, what in cells.items()]
    most = max(int(row["most_bytes"]) for row in seen)
    return Table(
        caption="What users could notice",
        data=pd.DataFrame(rows, columns=["Option", "Devices with a changed app", "What the app shows"]),
        source=SOURCE,
        note=(
            f"There are {2 * outcomes.given.people:,} devices, and people are assumed to run the same app. A "
            "provider that adds a device of its own today shows as a ghost does. Messages grow with key escrow and "
            f"with an added device, by up to {counted(most, 'byte', 'bytes')}. That a phone is gone, or behaves oddly, "
            "is not in the model."
        ),
        folded_on_phones=True,
    )


def _shown(row: Mapping[str, Any]) -> str:
    signs = {"the safety code": "codes", "the device list": "devices", "the public log": "logged"}
    return capital(listed(sign for sign, column in signs.items() if row[column])) or "Nothing"


@table("left-out", module=MODULE)
def left_out(findings: Findings, facts: Mapping[str, Fact]) -> Table:
    """What the model leaves out, and in which direction that matters."""
    return Table(
        caption="What the model leaves out",
        data=pd.DataFrame(_LEFT_OUT, columns=["Left out", "What it would change"]),
        source="The code of the model",
        folded_on_phones=True,
    )


_LEFT_OUT = (
    ("A passcode that its owner must disclose", "It would turn a locked phone or backup into an open one."),
    ("A desktop linked in secret", "Anyone with an open phone for a minute could link a further device and read on."),
    ("A report or a witness", "Anyone in a conversation can show its messages to others, under each option."),
    ("A harmful app", "A provider that ships one can read everything on the phones that run it, under each option."),
    ("Another government's route", "It leads to the same records under another law and with another delay."),
    (
        "Moving to another service",
        "Records and a changed app do not reach it. A phone that is taken or hacked may show what was written there.",
    ),
    ("Messages deleted on delivery", "Where no copy is kept, an escrow key opens nothing from the past."),
    ("Sealed sender", "Where a service cannot see who writes, its records show only who receives."),
    ("Groups", "Larger groups share keys in other ways, and a further member is harder to notice."),
    ("Signed lists of devices", "If phones vouch for their owner's other devices, a provider cannot simply add any."),
    (
        "A log that shows people different lists",
        "Here everybody sees the same log; a real one needs auditors for that.",
    ),
    ("Apps that start sessions anew", "They can let a thief with a copied phone back in."),
    ("Post-quantum keys", "Recorded messages could be read later if today's way of agreeing on keys is broken."),
    ("Traffic analysis, faults", "Watching the traffic, or a fault in a program, may tell more than is counted here."),
    ("Matching by likeness", "Scanners that match what looks alike miss less, and raise false alarms."),
    ("How likely a theft is", "The model says how far a secret reaches, not how well it is kept."),
    ("Law, cost and scale", "Who may order what, what it costs, and what it means for millions of people."),
)
