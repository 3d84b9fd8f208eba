"""Tasks of Label Studio (JSON): the texts that were given out to be coded. Codings are not taken in here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brief.prose.catalogue import message
from brief.store import jsons
from brief.store.exports import Export
from brief.store.fields import by_name
from brief.store.sources import NOT_MINE, Found, Likeness

NAME = "tasks of Label Studio (JSON)"
ANSWERS = ("map", "dates", "encoding")

_OF_TASKS = ("annotations", "predictions", "completions", "drafts", "total_annotations", "is_labeled", "inner_id")


def recognises(path: Path, head: bytes) -> Likeness:
    """By its fields: each task has data, and what was made of them."""
    value = jsons.looked_at(path, head)
    tasks = value if isinstance(value, list) else []
    if tasks and all(_is_task(task) for task in tasks):
        marked = any(name in task for task in tasks for name in _OF_TASKS)
        return Likeness(0.97 if marked else 0.6, "its records are tasks with data")
    return NOT_MINE


def _is_task(value: Any) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("data"), Mapping) and "kind" not in value


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """The data of each task; its id is the task's where the data have none."""
    document = jsons.read(path, str(answers.get("encoding", "")))
    export = Export(path.name, messages=list(document.messages))
    coded = 0
    for task in document.value:
        row = jsons.flat(task["data"])
        if "comment_id" not in by_name(row) and task.get("id") is not None:
            row["comment_id"] = jsons.scalar(task["id"])
        export.rows.append(row)
        coded += bool(task.get("annotations") or task.get("completions"))
    if coded:
        export.messages.append(
            f"Tasks with codings, which are not taken in here: {coded}. See brief import-codings --help."
        )
    return export.found(message("Tasks of Label Studio, in their order."))
