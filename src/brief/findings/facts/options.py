"""The facts about the options: how many there are, how much of them is assessed, and what follows without weights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from brief.analysis import options as comparing
from brief.analysis.acceptability import DRAWS
from brief.contract.tables import ASKS, LEVELS
from brief.data.appraisal import ASSESSMENTS, CRITERIA, OPTIONS, gains_and_harms
from brief.findings import naming
from brief.findings.facts import Fact, counting, provides_facts
from brief.prose.catalogue import message, noun, say
from brief.prose.language import listed, within

if TYPE_CHECKING:
    from brief.data.appraisal import Appraisal
    from brief.data.brief import Brief
    from brief.findings.findings import Findings

_OPTION, _CRITERION = noun("option", "options"), noun("criterion", "criteria")
_ASSESSMENT = noun("assessment", "assessments")
_MIDDLE = len(LEVELS) // 2
_SIDES = dict(zip(("gained", "lost", "fit"), ASKS, strict=True))
ASKED_FIRST = 3
"""So many criteria are named as those to ask about first, and all that are level with the last of them."""


@provides_facts
def about_the_options(findings: Findings) -> Iterator[Fact]:
    """Options, groups, criteria and assessments; what they gain and may lose; dominance; first places; who assessed."""
    brief = findings.brief
    yield from _counts(brief)
    yield from _sides(brief)
    yield from _without_weights(brief)
    yield from _assessors(brief)


def _counts(brief: Brief) -> Iterator[Fact]:
    appraisal = brief.appraisal
    yield counting("options", appraisal.options["option_id"], say("Options that are compared."), OPTIONS, *_OPTION)
    among = [name for group in appraisal.rivals for name in group]
    definition = say("Options that do the same job as another: its rivals.")
    yield counting("options-rivals", among, definition, OPTIONS, *_OPTION)
    yield from _named("options-rivals", appraisal, among, definition)
    changed = [name for name in among if name != appraisal.baseline]
    middle = [appraisal.baseline] if appraisal.baseline else []
    yield from _named("baseline", appraisal, middle, say("The option that others are compared with."))
    yield counting("rivals-changed", changed, say("Rivals without the baseline."), OPTIONS, *_OPTION)
    apart = [name for name in appraisal.options["option_id"] if name not in among]
    yield counting("options-without-rival", apart, say("Options that have no rival."), OPTIONS, *_OPTION)
    yield from _named("options-without-rival", appraisal, apart, say("Options that have no rival."))
    for name, rows in appraisal.options[appraisal.options["group"] != ""].groupby("group", sort=False):
        definition, group = (
            say("Options of the group '{name}'.", name=name),
            f"options-{str(name).lower().replace(' ', '-')}",
        )
        yield counting(group, rows["option_id"], definition, OPTIONS, *_OPTION)
        yield from _named(group, appraisal, rows["option_id"], definition)
    wholes = [name for name in appraisal.criteria["criterion_id"] if name not in appraisal.part_of]
    yield counting("criteria", wholes, say("Criteria that options are assessed on."), CRITERIA, *_CRITERION)
    parts = say("Criteria that are a part of another.")
    yield counting("criteria-parts", appraisal.part_of, parts, CRITERIA, *_CRITERION)
    for name, side in _SIDES.items():
        asking = appraisal.criteria.loc[appraisal.criteria["asks"] == side, "criterion_id"]
        definition = say("Criteria, parts included, that ask {side}.", side=say(side))
        yield counting(f"criteria-{name}", asking, definition, CRITERIA, *_CRITERION)
    compared = appraisal.cells[appraisal.cells["option_id"] != appraisal.baseline]
    pair = say("Pairs of an option and a criterion")
    pairs = compared["option_id"] + " " + compared["criterion_id"]
    yield counting("cells", pairs, say("{pair}, the baseline left out.", pair=pair), ASSESSMENTS, "pair", "pairs")
    done = compared["assessed"].astype("bool")
    yield counting(
        "assessed-cells", pairs[done], say("{pair} that are assessed.", pair=pair), ASSESSMENTS, *_ASSESSMENT
    )
    yield counting(
        "not-assessed-cells", pairs[~done], say("{pair} that are not.", pair=pair), ASSESSMENTS, *_ASSESSMENT
    )
    ranged = pairs[done & (compared["low"] < compared["high"])]
    yield counting("ranged-cells", ranged, say("{pair} assessed with a range.", pair=pair), ASSESSMENTS, *_ASSESSMENT)
    unknown = int((~compared.groupby("criterion_id")["assessed"].any()).sum())
    nowhere = say("Criteria on which no option is assessed.")
    yield Fact("criteria-not-assessed", unknown, nowhere, ASSESSMENTS, *_CRITERION)
    for criterion, known in compared.groupby("criterion_id", sort=False)["assessed"].sum().items():
        definition = say(
            "Options that are assessed on '{names}', the baseline left out.", names=appraisal.names()[str(criterion)]
        )
        yield Fact(f"assessed-on-{criterion}", int(known), definition, ASSESSMENTS, *_OPTION)
    common = [name for group in appraisal.rivals for name in appraisal.common(group)]
    shared = say("Criteria on which every rival is assessed.")
    yield counting("criteria-in-common", common, shared, ASSESSMENTS, *_CRITERION)
    yield from _named("criteria-in-common", appraisal, common, shared)
    # Only figures and tables need what is drawn: facts need how often.
    drawn = DRAWS if appraisal.ranked else 0
    yield Fact("draws", drawn, say("Draws of weights and of open values."), ASSESSMENTS, "draw", "draws")


def _named(name: str, appraisal: Appraisal, ids: Iterable[str], definition: str) -> Iterator[Fact]:
    """The names of options or criteria, as they stand inside a sentence."""
    names = appraisal.names()
    words = [within(names[option]) for option in ids]
    several = len(words) > 1 and any(" and " in word for word in words)
    joined = say("{most}, and {last}", most=", ".join(words[:-1]), last=words[-1]) if several else listed(words)
    yield Fact(
        f"{name}-named", joined or message("none"), say("{told}, by name.", told=definition.rstrip(".")), OPTIONS
    )


def _sides(brief: Brief) -> Iterator[Fact]:
    """How many options are better or worse than the baseline, at least and at most; what may be gained and lost."""
    appraisal = brief.appraisal
    names = appraisal.names()
    changed = appraisal.cells[appraisal.cells["option_id"] != appraisal.baseline]
    for row in naming.rows_of(comparing.beside_the_middle(changed, _MIDDLE)):
        for side in (message("better"), message("worse")):
            for end, sure in (("least", message("surely")), ("most", message("possibly"))):
                definition = say(
                    "Options {sure} {side} than the baseline on the criterion '{names}'.",
                    sure=say(sure),
                    side=side,
                    names=names[row["criterion_id"]],
                )
                name = f"{side}-on-{row['criterion_id']}-{end}"
                yield Fact(name, row[f"{side}_{end}"], definition, ASSESSMENTS, *_OPTION)
    judged = gains_and_harms(appraisal)
    gain = judged[judged["gain"]]
    definition = say(
        "Options that, where they are assessed, are or may be better on a criterion that asks what is gained."
    )
    yield Fact("options-that-may-gain", len(gain), definition, ASSESSMENTS, *_OPTION)
    definition = say("Of these, options that are or may be worse on a criterion that does not ask what is gained.")
    yield Fact("options-that-may-gain-and-harm", int(gain["harm"].sum()), definition, ASSESSMENTS, *_OPTION)
    definition = say(
        "Of these, options of which no harm is known and that are not assessed on everything that asks for it."
    )
    yield Fact("options-that-may-gain-harm-open", int(gain["open"].sum()), definition, ASSESSMENTS, *_OPTION)
    without = listed(names[name] for name in gain.loc[~gain["harm"], "option_id"]) or message("none")
    definition = say("Options that may bring a gain and have no harm among what is assessed.")
    yield Fact("options-without-assessed-harm", without, definition, ASSESSMENTS)


def _without_weights(brief: Brief) -> Iterator[Fact]:
    appraisal = brief.appraisal
    pairs, names = appraisal.pairs, appraisal.names()
    for verdict, name, definition in (
        ([comparing.ALWAYS], "options-dominated", say("whatever is not assessed yet turns out to be")),
        ([comparing.ALWAYS, comparing.SO_FAR], "options-dominated-so-far", say("on what is assessed for both")),
    ):
        beaten = pairs.loc[pairs["verdict"].isin(verdict), "worse"].nunique()
        meaning = say(
            "Options that a rival dominates, {told}: at least as good on each criterion, better on some.",
            told=definition,
        )
        yield Fact(name, int(beaten), meaning, ASSESSMENTS, *_OPTION)
    among = {name for group in appraisal.rivals for name in group}
    placed = comparing.places(appraisal.cells_of(among))
    leads = placed[placed["place"].isin([comparing.FIRST, comparing.FIRST_OR_LEVEL])]
    settled: list[str] = []
    for criterion in appraisal.criteria["criterion_id"] if among else []:
        first = [names[name] for name in leads.loc[leads["criterion_id"] == criterion, "option_id"]]
        settled += [str(criterion)] * bool(first)
        meaning = say(
            "The rivals that no other can pass on '{names}', whatever is still open.", names=names[str(criterion)]
        )
        yield Fact(f"first-on-{criterion}", listed(first) if first else message("open"), meaning, ASSESSMENTS)
    sure = say("Criteria on which some rival is first or level, whatever is still open.")
    yield counting("criteria-settled", settled, sure, ASSESSMENTS, *_CRITERION)
    yield from _named("criteria-settled", appraisal, settled, sure)
    still = len(appraisal.criteria) - len(settled) if among else 0
    yield Fact("criteria-open", still, say("Criteria on which it is open which rival leads."), ASSESSMENTS, *_CRITERION)
    asked = appraisal.questions
    asked = asked[asked["missing"].map(bool).astype(bool) & (asked["decides"] > 0)]
    # Those that are level with the last of them are named as well: nothing sets them apart.
    least = asked["decides"].iloc[:ASKED_FIRST].min()
    first = [names[name] for name in asked.loc[asked["decides"] >= least, "criterion_id"]]
    definition = say(
        "The criteria with something not assessed that could decide most comparisons of rivals; all that are level."
    )
    yield Fact("asked-first", listed(within(name) for name in first) or message("none"), definition, ASSESSMENTS)
    yield Fact("asked-first-number", len(first), say("How many criteria these are."), ASSESSMENTS, *_CRITERION)


def _assessors(brief: Brief) -> Iterator[Fact]:
    """Who assessed, as far as the list of coders tells."""
    who = set(brief.appraisal.assessments["assessed_by"])
    coders = brief.coders[brief.coders["coder_id"].isin(who)] if len(brief.coders) else brief.coders
    yield counting("assessors", who, say("Who filled in the assessments."), ASSESSMENTS, "assessor", "assessors")
    kinds = listed(dict.fromkeys(say(kind) for kind in coders["kind"])) if len(coders) else message("none")
    yield Fact("assessors-kind", kinds, say("What the assessors are."), "data/coders.yml")
    apart = bool(len(coders)) and all(bool(value) for value in coders["independent"])
    definition = say("Whether all assessors worked independently of whoever wrote the brief.")
    yield Fact("assessors-independent", apart, definition, "data/coders.yml")
