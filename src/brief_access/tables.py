"""The tables of the model: what people could notice, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from brief import shown as base
from brief.facts import Fact
from brief.figures import Table, table
from brief.language import capital, counted
from brief_access import analysis
from brief_access.exercises import STATUS_QUO
from brief_access.facts import MODULE, of
from brief_access.words import LABELS, SOURCE

if TYPE_CHECKING:
    from brief.project import Brief


@table("what-users-could-notice", module=MODULE)
def what_users_could_notice(brief: Brief, facts: Mapping[str, Fact]) -> Table:
    """For each way to build an option, what the app shows and what leaves the device, compared with today."""
    found = of(brief)
    rows = []
    for row in base.records(analysis.noticed(found.seen)):
        misused = ", if the provider adds a device" if row["option"] == STATUS_QUO else ""
        rows.append(
            (
                LABELS[row["option"]],
                capital(str(row["way"])) + misused,
                str(found.programs[(row["option"], row["way"])]),
                _yes(row["codes"]),
                _yes(row["devices"]),
                _yes(row["logged"]),
                f"By up to {counted(row['most_bytes'], 'byte', 'bytes')}" if row["heavier"] else "No",
            )
        )
    names = [
        "Option",
        "Design",
        "Devices needing a changed app",
        "Safety code changes",
        "Device list changes",
        "Public log shows a foreign key",
        "Messages grow",
    ]
    return Table(
        caption="What users could notice",
        data=pd.DataFrame(rows, columns=names),
        source=SOURCE,
        note=(
            f"Of {2 * found.given.people:,} devices. Everybody is assumed to run the same app. That messages grow is "
            "seen only by somebody who looks at what leaves the device. That a phone is gone, or behaves oddly, is not "
            "in the model."
        ),
        column_notes={
            "Safety code changes": "The app shows a code that differs from the first one.",
            "Messages grow": "Messages are larger than the same messages today.",
        },
    )


def _yes(count: int) -> str:
    return "Yes" if count else "No"


@table("left-out", module=MODULE)
def left_out(brief: Brief, facts: Mapping[str, Fact]) -> Table:
    """What the model leaves out, and in which direction that matters."""
    return Table(
        caption="What the model leaves out",
        data=pd.DataFrame(_LEFT_OUT, columns=["Left out", "What it would change"]),
        source="src/brief_access",
    )


_LEFT_OUT = (
    ("A passcode that its owner must disclose", "It would turn a locked phone or backup into an open one."),
    ("A desktop linked in secret", "Anyone with an open phone for a minute could link a further device and read on."),
    ("A report or a witness", "Anyone in a conversation can show its messages to others, under each option."),
    ("A harmful app", "A provider that ships one can read everything on the phones that run it, under each option."),
    ("Another government's route", "It leads to the same records under another law and with another delay."),
    ("Moving to another service", "What people write there is out of reach of each option here."),
    ("An app changed for a few people only", "Most options were run with the same app for everybody."),
    ("Messages deleted on delivery", "Where the provider keeps no copy, an escrow key opens nothing from the past."),
    ("Messages that delete themselves", "What a phone no longer holds cannot be read from it."),
    ("Groups", "Larger groups share keys in other ways, and a further member is harder to notice."),
    ("Signed lists of devices", "A phone may vouch for its owner's other devices; a provider cannot then add any."),
    (
        "A log that two people see differently",
        "The public log here is the same for everybody; a real one is audited for that.",
    ),
    ("Apps that start sessions anew", "An app that lets a copied phone start a new session lets its thief back in."),
    ("Post-quantum keys", "Recorded messages could be read later if today's way of agreeing on keys is broken."),
    ("Sealed sender", "Some services hide from themselves who writes; the records would show less."),
    ("Traffic analysis", "Watching when and how much is sent may tell more than the records do."),
    ("Faults and side channels", "Programs leak in ways that a model of their cryptography does not have."),
    ("Matching by likeness", "Scanners that match what looks alike miss less, and raise false alarms."),
    ("How likely a theft is", "The model says how far a secret reaches, not how well it is kept."),
    ("Law, cost and scale", "Who may order what, what it costs, and what it means for millions of people."),
)
