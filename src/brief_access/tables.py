"""The tables of the model: what a secret opens, what people could notice, what each option brings, what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.figures import Table, table
from brief.findings import published as base
from brief.findings.facts import Fact
from brief.prose.language import capital, counted
from brief_access import analysis
from brief_access.attempts import ABUSE, LEAK, MATCHED, RECORDS, SCANNING, STATUS_QUO, WARRANT
from brief_access.facts import MODULE, of
from brief_access.words import LABELS, NOT_RUN, SOURCE, of_messages

if TYPE_CHECKING:
    from brief.findings.findings import Findings
    from brief_access.model import Outcomes

_HOW = {
    WARRANT: "The authority, on a warrant",
    LEAK: "A thief, after a leak",
    ABUSE: "Somebody who abuses the authority",
}


@table("what-a-secret-opens", module=MODULE)
def what_a_secret_opens(findings: Findings, facts: Mapping[str, Fact]) -> Table:
    """Option by option and secret by secret: who holds it and what it opens, to choose from."""
    brief = findings.brief
    found = of(brief)
    taken = found.attempts["how"].isin([WARRANT, LEAK, ABUSE])
    rows = []
    for row in base.records(analysis.counts(found.attempts[taken])):
        before, after = (row[f"target_{when}"] + row[f"others_{when}"] for when in ("before", "after"))
        before_of, after_of = (row[f"target_{when}_of"] + row[f"others_{when}_of"] for when in ("before", "after"))
        rows.append(
            (
                LABELS[row["option"]],
                capital(str(row["secret"])),
                _HOW[row["how"]],
                capital(str(row["variant"])),
                of_messages(before, before_of),
                of_messages(after, after_of),
                _whose(row),
            )
        )
    names = [
        "Option",
        "Secret",
        "Who holds it",
        "Way to build it",
        "Read, from before",
        "Read, from afterwards",
        "Whose",
    ]
    return Table(
        caption="What each secret opens",
        data=pd.DataFrame(rows, columns=names),
        source=SOURCE,
        note=(
            "Before and afterwards: of the warrant, or of the leak. A thief is taken to have recorded everything that "
            "was sent, so that the secret is all that is missing."
        ),
        column_notes={
            "Secret": "What is held beside everything public and everything that was sent.",
            "Whose": "Whose messages are among those read.",
        },
        choose=("Option", "Secret"),
    )


def _whose(row: Mapping[str, Any]) -> str:
    target = row["target_before"] + row["target_after"]
    others = row["others_before"] + row["others_after"]
    if not target and not others:
        return "Nobody's"
    if not others:
        return "The person under warrant, with partners"
    return "Other people" if not target else "The person under warrant and other people"


@table("what-users-could-notice", module=MODULE)
def what_users_could_notice(findings: Findings, facts: Mapping[str, Fact]) -> Table:
    """For each way to build an option, what the program shows and what leaves the device beside the status quo."""
    brief = findings.brief
    found = of(brief)
    whole = found.given.messages
    rows = [
        (
            LABELS[row["option"]],
            capital(row["variant"]),
            of_messages(found.programs[(row["option"], row["variant"])], 2 * found.given.people),
            of_messages(row["codes"], whole),
            of_messages(row["devices"], whole),
            of_messages(row["heavier"], whole),
            counted(row["most_bytes"], "byte", "bytes"),
            str(row["reports"]),
        )
        for row in base.records(analysis.noticed(found.seen))
    ]
    names = [
        "Option",
        "Way to build it",
        "Other program",
        "Other code",
        "Other devices",
        "Larger",
        "By at most",
        "Reports",
    ]
    return Table(
        caption="What people could notice",
        data=pd.DataFrame(rows, columns=names),
        source=SOURCE,
        note=(
            "Other program: devices whose program must be changed. Other code, other devices: messages that show "
            "another safety code, or list of devices, than at first. Larger: than the same message under the status "
            "quo; only somebody who looks at what leaves the device sees it. That a phone is gone, or that it behaves "
            "oddly, is not in the model."
        ),
        column_notes={
            "Larger": "Messages that carry more bytes than the same message under the status quo.",
            "Reports": "Messages whose content the program has reported.",
        },
    )


@table("what-each-option-brings", module=MODULE)
def what_each_option_brings(findings: Findings, facts: Mapping[str, Fact]) -> Table:
    """What the investigator gets from each option that the status quo does not give; and what was not run."""
    brief = findings.brief
    found = of(brief)
    rows = [
        (
            LABELS[row["option"]],
            capital(row["variant"]),
            of_messages(row["others_before"] + row["others_after"], row["others_before_of"] + row["others_after_of"]),
            _brought(found, row),
        )
        for row in base.records(analysis.on_warrant(found.attempts))
    ]
    not_run = "not run"
    rows += [(label, "", not_run, _NOT_RUN[name]) for name, label in NOT_RUN.items()]
    names = ["Option", "Way to build it", "Of others", "What it brings"]
    return Table(
        caption="What each option brings the investigator",
        data=pd.DataFrame(rows, columns=names),
        source=SOURCE,
        note=(
            "Compared with the status quo, in the model. Of others: messages of people whom the warrant does not name "
            "that can be read as well. Cost, law and scale are not modelled."
        ),
        column_notes={"Of others": "Messages of people whom the warrant does not name that can be read as well."},
    )


_NOT_RUN = {
    "other-government": (
        "The same records as communications data, asked for by another government; the law and the delay differ, the "
        "cryptography does not."
    ),
    "displacement": "What people write on another service is out of reach of each option here.",
}


def _brought(found: Outcomes, row: Mapping[str, Any]) -> str:
    """What an option brings, in words that follow from the counts."""
    if row["option"] == RECORDS:
        seen = counted(len(found.records), "message", "messages")
        pairs = counted(analysis.pairs(found.records), "pair", "pairs")
        return f"No content; who wrote to whom, when and how much, for {seen} between {pairs} of people."
    before, after = int(row["target_before"]), int(row["target_after"])
    if row["option"] == SCANNING:
        own = found.attempts[(found.attempts["how"] == WARRANT) & (found.attempts["outcome"] == MATCHED)]
        matched = int((own["variant"] == row["variant"]).sum())
        return f"{capital(counted(matched, 'match', 'matches'))} with the list, from whoever sent them; nothing else."
    if not before and not after:
        return "No content." if row["option"] == STATUS_QUO else "No content: the same as under the status quo."
    told_before = f"What was sent before the warrant ({of_messages(before, row['target_before_of'])})"
    told_after = f"what is sent after the warrant ({of_messages(after, row['target_after_of'])})"
    if before and after:
        return f"{told_before}, and {told_after}."
    return f"{told_before}, and nothing after it." if before else f"{capital(told_after)}, and nothing from before."


@table("left-out", module=MODULE)
def left_out(findings: Findings, facts: Mapping[str, Fact]) -> Table:
    """What the model leaves out, and in which direction that matters."""
    return Table(
        caption="What the model leaves out",
        data=pd.DataFrame(_LEFT_OUT, columns=["Left out", "What it would change"]),
        source="src/brief_access",
    )


_LEFT_OUT = (
    ("Backups", "A copy of messages kept elsewhere may be read there, whatever protects them on the way."),
    ("Groups", "Larger groups share keys in other ways, and a further member is harder to notice."),
    ("Key transparency", "A public log of keys would show an added device to outsiders, unless programs ignore it."),
    (
        "Signed lists of devices",
        "A phone may vouch for its owner's other devices; then a provider cannot simply add any.",
    ),
    ("Keys for the age of quantum computers", "Recorded traffic could be read later if today's key agreement breaks."),
    ("Hidden senders", "Some services hide from themselves who writes; the records would show less."),
    ("Traffic analysis", "Who looks at when and how much is sent may learn more than the records tell."),
    ("Side channels and faults", "Programs leak in ways that a model of their cryptography does not have."),
    ("Matching by likeness", "Real scanners match what looks alike; they miss less, and raise false alarms."),
    ("Locked devices", "The phone is taken to be unlocked; whether it can be opened is a question of its own."),
    ("Messages that delete themselves", "What a device no longer holds cannot be read from it."),
    ("How likely a leak is", "The model says how far a secret reaches, not how well it is kept."),
    ("Law, cost and scale", "Who may order what, what it costs and what it means for very large numbers of people."),
)
