"""What was decided on the arguments of the comments and on claims, why, and where it is answered."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pandas as pd

from brief.errors import Fault
from brief.prose.folding import is_invisible

DECISIONS = "data/decisions.csv"
DECIDED_ON = ("data/replies.csv", "data/claims.csv")
"""The files whose arguments and claims are decided on."""


def faults_of(decisions: pd.DataFrame, arguments: Collection[str], claims: Collection[str]) -> Iterator[Fault]:
    """Decisions without a reason or without anybody who made them, on what is not there or is decided twice.

    `arguments` and `claims` are their ids.
    """
    for column, remedy in (("why", "Give the reason."), ("decided_by", "Name the person or office that decided.")):
        for row, cell in enumerate(decisions[column], start=2):
            if is_invisible(cell):
                yield Fault("the cell is empty", remedy, DECISIONS, row, column)
    both = set(arguments) & set(claims)
    for row, about in enumerate(decisions["about"], start=2):
        if about in both:
            what = f"an argument and a claim are both called '{about}'"
            remedy = "Rename one of them in data/replies.csv or data/claims.csv."
            yield Fault(what, remedy, DECISIONS, row, "about")
        elif about and about not in {*arguments, *claims}:
            remedy = "Use an argument_id of data/replies.csv or a claim_id of data/claims.csv."
            what = f"there is no argument and no claim '{about}'"
            yield Fault(what, remedy, DECISIONS, row, "about", looked_in=DECIDED_ON)
    for name in decisions["about"][decisions["about"].duplicated()].unique():
        yield Fault(f"'{name}' is decided twice", "Keep the decision that holds.", DECISIONS, None, "about")
