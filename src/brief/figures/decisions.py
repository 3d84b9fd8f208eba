"""What was decided on the arguments of the comments and on claims, with the reason, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from brief.figures import SILENT, Table, Unavailable, table
from brief.findings import naming
from brief.findings.facts import Fact
from brief.prose.catalogue import message, say
from brief.prose.folding import is_invisible
from brief.prose.language import capital, long_date, quoted
from brief.prose.plain import shown

if TYPE_CHECKING:
    from brief.data.claims import ClaimRegister
    from brief.findings.findings import Findings

UNDECIDED = message("No decision recorded")


def decided(register: ClaimRegister) -> dict[str, str]:
    """By the id of an argument or claim: what was decided on it, and why, in a sentence or a few."""
    return {row["about"]: _in_short(row) for row in naming.rows_of(register.decisions)}


def _in_short(row: Mapping[str, str]) -> str:
    return say("{decision}: {why}", decision=capital(say(row["decision"])), why=shown(row["why"]))


@table("decisions")
def decisions(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Each decision: on what, what and why, what changed, who decided and when, where it stands; as in their file."""
    register = findings.brief.claim_register
    rows = register.decisions
    if rows.empty:
        return SILENT
    names = {
        **dict(zip(register.claims["claim_id"], map(quoted, register.claims["quote"]), strict=True)),
        **dict(zip(register.replies["argument_id"], register.replies["argument"], strict=True)),
    }
    listed = [{column: shown(cell) for column, cell in row.items()} for row in naming.rows_of(rows)]
    data = pd.DataFrame(
        {
            "On what": [names.get(row["about"], row["about"]) for row in listed],
            "Decision and reason": [_in_short(row) for row in listed],
            "What changed": [
                say("Nothing recorded") if is_invisible(row["changed"]) else row["changed"] for row in listed
            ],
            "Decided": [", ".join((row["decided_by"], _day(row["decided_on"]))) for row in listed],
            "Where it stands": [" ".join(filter(None, (row["stands_in"], row["url"]))) for row in listed],
        }
    )
    return Table(
        caption=say("What was decided, and why"),
        data=data,
        source=say("The list of decisions of this brief"),
        note=say("The list is as those who decided gave it. The program checks that each decision has its reason."),
        folded_on_phones=True,
    )


def _day(text: str) -> str:
    return long_date(pd.Timestamp(text).date())
