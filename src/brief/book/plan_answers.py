"""What the plan says its questions are answered by: that there are such figures, tables and statements."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from brief.contract.text_files import read_text
from brief.errors import Fault
from brief.prose.mentions import unknown_name_remedy


def faults_of(
    root: Path, planned: Sequence[Mapping[str, Any]], known: Mapping[str, Collection[str]]
) -> Iterator[Fault]:
    """The questions of the plan that are said to be answered by what there is not.

    In: the folder of the brief, the points of its plan as a snapshot has them, and the names there are of each kind.
    """
    answered = [entry for entry in planned if entry["answered_by"]]
    if not answered:
        return
    # Only here: they load tables, and the chapters of a brief without a plan are read without any.
    from brief.contract.files import line_of_item
    from brief.data.plan import PLAN

    text = read_text(root / PLAN, PLAN)
    for entry in answered:
        kind, _, name = entry["answered_by"].partition(" ")
        if name not in known[kind]:
            row = line_of_item(text, "questions", int(entry["place"]))
            remedy = unknown_name_remedy(name, known[kind])
            remedy = remedy.replace("a name that `brief facts` lists", f"the name of a {kind}")
            yield Fault(f"no {kind} is named '{name}'", remedy, PLAN, row, "answered_by")
