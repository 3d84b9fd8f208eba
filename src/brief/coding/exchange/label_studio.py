"""Label Studio: tasks with an annotation a coding, as JSON, and the labelling configuration beside it, as XML.

The choices carry the ids of the codebook as aliases, which is what Label Studio stores; labels and definitions are what
the coder sees. Format: labelstud.io/guide/task_format, tags Choices, Choice, TextArea.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd

from brief.coding import exchange
from brief.contract.json_files import read_json
from brief.contract.tables import CODINGS
from brief.data.shapes import Code, Codebook
from brief.errors import fail

NAME, ENDINGS = "Label Studio", (".json",)
BESIDE = (".xml",)

_CHOICES = ("stance", "stance_in_thread", "themes", "certainty", "irony", "boundary")
_TEXTS = ("note", "coder_id", "codebook_version", "checked_by", "coded_at")
_HIDDEN = _TEXTS[1:]
_HEADINGS = {
    "stance_in_thread": "Stance, read with its neighbours, where it differs",
    "themes": "Themes",
    "certainty": "Certainty",
    "irony": "Irony",
    "boundary": "Does a new comment begin here?",
}
_AGAIN = "Export it anew from Label Studio, in the format JSON (not JSON-MIN)."


def write(path: Path, comments: pd.DataFrame, codings: pd.DataFrame, codebook: Codebook) -> None:
    """Write tasks, and beside them the labelling configuration in a file of the same name with the ending .xml.

    See `exchange`.
    """
    coded = exchange.by_comment(codings)
    cells = zip(comments["comment_id"], comments["position"], comments["text"], strict=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write("[")
        for number, (name, position, text) in enumerate(cells, start=1):
            task = {
                "id": number,
                "data": {"comment_id": name, "position": None if pd.isna(position) else int(position), "text": text},
                "annotations": [{"result": list(_results(row))} for row in coded.get(name, ())],
            }
            out.write(("," if number > 1 else "") + "\n" + json.dumps(task, ensure_ascii=False))
        out.write("\n]\n")
    path.with_suffix(".xml").write_text(configuration(codebook), encoding="utf-8", newline="")


def _results(row: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """What an annotation holds: a result for each column that is not empty."""
    for name in (*_CHOICES, *_TEXTS):
        if row[name]:
            chosen = row[name].split(";") if name == "themes" else [row[name]]
            kind, value = ("choices", {"choices": chosen}) if name in _CHOICES else ("textarea", {"text": chosen})
            yield {
                "id": f"{row['coder_id']}-{row['comment_id']}-{name}",
                "from_name": name,
                "to_name": "text",
                "type": kind,
                "value": value,
            }


def configuration(codebook: Codebook) -> str:
    """The labelling configuration for a codebook."""
    view = ElementTree.Element("View")
    # Without it Label Studio trims the spaces of a text.
    ElementTree.SubElement(view, "Style").text = ".htx-text{ white-space: pre-wrap; }"
    ElementTree.SubElement(view, "Text", {"name": "text", "value": "$text", "valueType": "text"})
    shown = {"stance": codebook.stances, "stance_in_thread": codebook.stances}
    shown |= {"themes": codebook.themes, "certainty": codebook.certainties}
    for name, codes in shown.items():
        listed = [(code.id, code.label, code.definition) for code in codes]
        _add_choices(view, name, _HEADINGS.get(name, codebook.question), listed)
    for name in ("irony", "boundary"):
        (column,) = (column for column in CODINGS if column.name == name)
        _add_choices(view, name, _HEADINGS[name], [(value, value, column.description) for value in column.values])
    ElementTree.SubElement(view, "Header", {"value": "Note"})
    _add_text(view, "note")
    hidden = ElementTree.SubElement(view, "View", {"style": "display: none"})
    for name in _HIDDEN:
        _add_text(hidden, name)
    ElementTree.indent(view)
    return ElementTree.tostring(view, encoding="unicode") + "\n"


def _add_choices(view: ElementTree.Element, name: str, heading: str, listed: Sequence[tuple[str, str, str]]) -> None:
    if listed:
        ElementTree.SubElement(view, "Header", {"value": heading})
        several = "multiple" if name == "themes" else "single"
        options = {"name": name, "toName": "text", "choice": several, "required": str(name == "stance").lower()}
        choices = ElementTree.SubElement(view, "Choices", options)
        for alias, label, hint in listed:
            ElementTree.SubElement(choices, "Choice", {"value": label, "alias": alias, "hint": hint})


def _add_text(view: ElementTree.Element, name: str) -> None:
    options = {"name": name, "toName": "text", "rows": "3", "maxSubmissions": "1", "editable": "true"}
    ElementTree.SubElement(view, "TextArea", options)


def read(path: Path, codebook: Codebook) -> pd.DataFrame:
    """The codings of an export of Label Studio in the format JSON; see `exchange`.

    An annotation that does not name its coder is its user's (`completed_by`), of the day it was last changed. What was
    skipped, not submitted, or only predicted by a model is passed over and counted. Raises `BriefError` for what is no
    such export.
    """
    tasks = read_json(path, path.name, _AGAIN)
    if not isinstance(tasks, list):
        raise fail("this is no list of tasks", _AGAIN, path.name)
    rows: list[dict[str, str]] = []
    passed_over: Counter[str] = Counter()
    for number, task in enumerate(tasks, start=1):
        try:
            rows += _readings(task, codebook, passed_over)
        except (AttributeError, KeyError, TypeError):
            what = f"task {number} is not of the form that Label Studio exports"
            raise fail(
                what, f"{_AGAIN} Each task has data with comment_id and text, and annotations.", path.name
            ) from None
    return exchange.frame(enumerate(rows, start=1), passed_over)


def _readings(task: Mapping[str, Any], codebook: Codebook, passed_over: Counter[str]) -> Iterator[dict[str, str]]:
    data = task["data"]
    passed_over["predictions of a model"] += len(task.get("predictions") or ())
    passed_over["annotations that were not submitted"] += len(task.get("drafts") or ())
    for annotation in task["annotations"]:
        if annotation.get("was_cancelled"):
            passed_over["annotations that were skipped"] += 1
            continue
        moment = str(annotation.get("updated_at") or annotation.get("created_at") or "")
        row = {"coder_id": _user(annotation.get("completed_by")), "coded_at": moment[:10]}
        row |= {"comment_id": str(data["comment_id"]), "text": str(data["text"])}
        for result in annotation["result"]:
            name, value = result["from_name"], result["value"]
            if name in _CHOICES:
                row[name] = ";".join(_ids(name, _several(value["choices"]), codebook))
            elif name in _TEXTS:
                row[name] = "\n".join(_several(value["text"]))
            else:
                passed_over["answers to what the codebook does not ask"] += 1
        yield row


def _several(value: Any) -> list[str]:
    """One text, or several: both stand in an export where one answer was given."""
    return [value] if isinstance(value, str) else [str(text) for text in value]


def _ids(name: str, chosen: Sequence[str], codebook: Codebook) -> list[str]:
    """The ids of what was chosen: Label Studio stores an alias, or the label where it knows no alias."""
    kinds: dict[str, tuple[Code, ...]] = {"themes": codebook.themes, "certainty": codebook.certainties}
    codes = kinds.get(name, codebook.stances)
    labels = {code.label: code.id for code in codes} | {code.id: code.id for code in codes}
    return [labels.get(label, label) for label in chosen]


def _user(completed_by: Any) -> str:
    if isinstance(completed_by, Mapping):
        return str(completed_by.get("email") or completed_by.get("id") or "")
    return "" if completed_by is None else str(completed_by)
