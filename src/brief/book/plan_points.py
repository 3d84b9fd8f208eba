"""The plan beside the book: what was planned and is not there, what is shown and was not planned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from brief.errors import Fault

if TYPE_CHECKING:
    from brief.book.check import Checked
    from brief.data.brief import Brief


def points(root: Path, checked: Checked) -> list[Fault]:
    """What differs from the plan, each with what to do; none of it is a fault, and none where there is no plan.

    `checked` is what the check of the brief at `root` found, which is to have no fault.
    """
    if checked.snapshot is None or not checked.snapshot.facts_json["plan"]:
        return []
    from brief.data.loading import load

    brief = load(root)
    return [*_undated(brief), *_not_there(brief, checked), *_not_planned(brief, checked)]


def _undated(brief: Brief) -> Iterator[Fault]:
    from brief.data.plan import HISTORY, UNDATED

    names = list(brief.plan.entries.loc[brief.plan.entries["state"] == UNDATED, "id"])
    if names:
        what = f"whether it was planned before the data is not recorded of: {', '.join(names)}"
        yield Fault(what, "Commit plan and data, then: brief record-plan.", HISTORY)


def _not_there(brief: Brief, checked: Checked) -> Iterator[Fault]:
    """What is planned and has no answer, no codings, no file, or stands on no page."""
    from brief.data import plan
    from brief.findings import naming

    shown = _shown(checked)
    read = set(brief.codings["coder_id"])
    for entry in naming.rows_of(brief.plan.entries):
        kind, name = entry["kind"], entry["id"]
        if kind == plan.QUESTION and entry["answered_by"] not in shown:
            by = f"{entry['answered_by']}, which is shown nowhere" if entry["answered_by"] else "nothing"
            what = f"the question '{name}' is answered by {by}"
            yield Fault(what, "Show the answer, and name it: answered_by: table ID.", plan.PLAN, None, name)
        elif kind == plan.CODER and name not in read:
            what = f"the coder '{name}' is planned and has coded nothing"
            yield Fault(what, "Take in the codings: brief import-codings FILE --coder NAME.", plan.PLAN, None, name)
        elif kind == plan.SAMPLE and not (brief.root / f"{plan.SAMPLES}{name}.yml").is_file():
            what = f"the sample '{name}' is planned and not drawn"
            yield Fault(what, "Draw it: brief sample -n NUMBER.", plan.PLAN, None, name)
        elif kind in (plan.FIGURE, plan.TABLE) and f"{kind} {name}" not in shown:
            what = f"the {kind} '{name}' is planned and shown nowhere"
            yield Fault(what, f'Show it in a chapter: edition.{kind}("{name}").', plan.PLAN, None, name)


def _not_planned(brief: Brief, checked: Checked) -> Iterator[Fault]:
    """The figures that rest on comments and that nobody planned; their pages call them exploratory."""
    from brief.data import plan
    from brief.findings import planning

    assert checked.snapshot is not None
    content = checked.snapshot.content
    for name in checked.book.figure_numbers:
        kept = content["figures"][name]
        if "unavailable" not in kept and not brief.plan.state(plan.FIGURE, name):
            looked_at = content["looked_at_by_exhibits"][kept["made_by"]]
            if planning.is_of_comments(brief.root, looked_at):
                what = f"the figure '{name}' is shown and was not planned: its page calls it exploratory"
                yield Fault(what, "Nothing is to be done; a plan that is written now does not come before.", plan.PLAN)


def _shown(checked: Checked) -> set[str]:
    """What stands on a page, as the plan names it: figures and tables with their data, statements that hold."""
    from brief.book.contents import chosen

    assert checked.snapshot is not None
    content, book = checked.snapshot.content, checked.book
    shown = {
        f"{kind} {name}"
        for kind, numbers in (("figure", book.figure_numbers), ("table", book.table_numbers))
        for name in numbers
        if "unavailable" not in content[f"{kind}s"][name]
    }
    for _, statement in book.statements():
        part = chosen(statement, checked.snapshot.facts)
        if part is not None and part.text.strip():
            shown.add(f"statement {statement.statement_id}")
    return shown
