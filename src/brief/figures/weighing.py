"""The places that options can take under some weights, as a table; and what a script needs to let a reader set them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import gcd, lcm
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.analysis import weighing
from brief.data.appraisal import GAINED, LOST
from brief.figures import SILENT, Table, Unavailable, table
from brief.figures.appraisal import assessed_by, tilt
from brief.findings import naming
from brief.findings.facts import Fact
from brief.prose.catalogue import message, say
from brief.prose.language import capital, listed

if TYPE_CHECKING:
    from brief.data.appraisal import Appraisal
    from brief.findings.findings import Findings

_MOST = 4
EVERYTHING, ALIKE, ONLY_GAIN, ONLY_LOSS = (
    message("All criteria equal"),
    message("Gain and loss alike"),
    message("Only gain"),
    message("Only loss"),
)
#: What the page's script says.
_WORDS = {
    "start": message("Start from"),
    "own": message("Your own weights"),
    "criteria": message("Criteria"),
    "of": message("{weight} of {most}"),
    "nothing": message("Nothing counts: move a slider."),
    "to": message("{best} to {worst}"),
    "settled": message("Ranks that each option can take:"),
    "unsettled": message("These weights settle nothing yet. Ranks that each option can take:"),
}
_KNOWN = message(
    "Only criteria on which each of these options is assessed count: {names}. A criterion shares its weight with "
    "its parts."
)
WHY = {
    EVERYTHING: message("Every criterion counts the same, since weights were not given."),
    ALIKE: message("What is gained counts as much as what is lost, whatever the number of criteria. {known}"),
    ONLY_GAIN: message("What is lost does not count. {known}"),
    ONLY_LOSS: message("What is gained does not count. {known}"),
}
"""How each way to weigh is made, and why."""


@table("under-some-weights")
def under_some_weights(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """For each rival its best and worst place under some weights of the criteria."""
    brief = findings.brief
    appraisal = brief.appraisal
    groups = appraisal.rivals
    if not groups or not len(appraisal.criteria):
        return SILENT
    names, settings = appraisal.names(), settings_of(appraisal)
    if not settings:
        return SILENT
    columns: dict[str, list[str]] = {"Option": [names[name] for group in groups for name in group]}
    for title, weights in settings.items():
        columns[title] = []
        for group in groups:
            positions = naming.rows_of(weighing.positions(appraisal.cells_of(group), weights))
            columns[title] += [places(position["best"], position["worst"]) for position in positions]
    return Table(
        caption=say("Which rank each option can take, by what counts"),
        data=pd.DataFrame(columns),
        source=assessed_by(brief),
        note=(
            say(
                "Ranks are among options that do the same job. Each step between levels counts the same, "
                "which is an assumption. What is not assessed may be anything, so a wide range shows what is "
                "not known. {told}{tilt}",
                told=_weights_explained(appraisal, settings),
                tilt=tilt(appraisal),
            )
        ).strip(),
        column_notes={title: _why(appraisal, title) for title in settings},
        folded_on_phones=True,
        weighs=_for_script(appraisal, settings),
    )


def places(best: int, worst: int) -> str:
    """A range of places in words: "1", "1 to 3"."""
    return str(best) if best == worst else say("{best} to {worst}", best=best, worst=worst)


def settings_of(appraisal: Appraisal) -> dict[str, dict[str, int]]:
    """Some ways to weigh, by what they count: a weight for each criterion.

    Gains and losses are those on criteria that every rival is assessed on.
    """
    criteria = list(appraisal.criteria["criterion_id"])
    gains, losses = (_assessed_for_all(appraisal, side) for side in (GAINED, LOST))
    settings: dict[str, dict[str, int]] = {EVERYTHING: dict.fromkeys(criteria, 1)} if criteria else {}
    if gains and losses:
        settings[ALIKE] = balanced(*(alike(criteria, side, appraisal.part_of) for side in (gains, losses)))
    for title, side in ((ONLY_GAIN, gains), (ONLY_LOSS, losses)):
        if side:
            settings[title] = alike(criteria, side, appraisal.part_of)
    return settings


def _assessed_for_all(appraisal: Appraisal, side: str) -> list[str]:
    common = {name for group in appraisal.rivals for name in appraisal.common(group)}
    asked = appraisal.criteria.loc[appraisal.criteria["asks"] == side, "criterion_id"]
    return [str(name) for name in asked if name in common]


def _weights_explained(appraisal: Appraisal, settings: Mapping[str, Mapping[str, int]]) -> str:
    """Why the weights are as they are, and on which criteria gain and loss are taken, where they are."""
    names = appraisal.names()
    known = [*_assessed_for_all(appraisal, GAINED), *_assessed_for_all(appraisal, LOST)]
    if ALIKE not in settings:
        return ""
    return say(
        "“{everything}” counts each criterion the same, since weights were not given. “{alike}” counts what "
        "is gained as much as what is lost, whatever the number of criteria. A criterion shares its weight "
        "with its parts. Gain and loss use only criteria on which all are assessed: {names}. ",
        everything=say(EVERYTHING),
        alike=say(ALIKE),
        names=listed(names[name] for name in known),
    )


def balanced(gains: Mapping[str, int], losses: Mapping[str, int]) -> dict[str, int]:
    """Two sets of weights together, each with half of the whole weight, in the smallest whole numbers."""
    first, second = sum(gains.values()), sum(losses.values())
    both = {name: gains[name] * second + losses[name] * first for name in gains}
    least = gcd(*both.values())
    return {name: weight // least for name, weight in both.items()}


def alike(criteria: Collection[str], chosen: Collection[str], part_of: Mapping[str, str]) -> dict[str, int]:
    """The same weight for each criterion that is chosen; one with parts shares its weight with them. 0 for others."""
    heads = {name: part_of[name] if part_of.get(name) in chosen else name for name in chosen}
    sizes = {head: list(heads.values()).count(head) for head in heads.values()}
    whole = lcm(*sizes.values()) if sizes else 1
    return {name: whole // sizes[heads[name]] if name in heads else 0 for name in criteria}


def _why(appraisal: Appraisal, title: str) -> str:
    """What the weights of a setting stand on."""
    sides = {ONLY_GAIN: (GAINED,), ONLY_LOSS: (LOST,)}.get(title, (GAINED, LOST))
    names = appraisal.names()
    known = [names[name] for side in sides for name in _assessed_for_all(appraisal, side)]
    return say(WHY[title], known=say(_KNOWN, names=listed(known)))


def _for_script(appraisal: Appraisal, settings: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    criteria, names = list(appraisal.criteria["criterion_id"]), appraisal.names()
    options = []
    for place, group in enumerate(appraisal.rivals):
        for name, rows in appraisal.cells_of(group).groupby("option_id", sort=False):
            by_criterion = rows.set_index("criterion_id")
            low, high = ([int(by_criterion[end][criterion]) for criterion in criteria] for end in ("low", "high"))
            options.append({"name": names[str(name)], "group": place, "low": low, "high": high})
    asks = [capital(say(side)) for side in appraisal.criteria["asks"]]
    return {
        "words": {name: say(words) for name, words in _WORDS.items()},
        "most": max([_MOST, *(weight for weights in settings.values() for weight in weights.values())]),
        "criteria": [{"name": names[name], "asks": side} for name, side in zip(criteria, asks, strict=True)],
        "options": options,
        "settings": [
            {"name": say(title), "why": _why(appraisal, title), "weights": [weights[name] for name in criteria]}
            for title, weights in settings.items()
        ],
    }
