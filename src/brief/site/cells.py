"""Cells that do nothing but show exhibits: what they put out is known from their text, without a Python to run it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from nbformat.v4 import new_output

from brief.book.snapshot import EXHIBIT_MIME, Snapshot

#: Tags by which a cell is run otherwise.
_OTHERWISE = {"raises-exception", "skip-execution"}
#: At its end, it keeps a kernel from putting out what the cell shows.
_SILENCED = ";"


def only_show(cells: Iterable[Any], folder: Path) -> bool:
    """Whether the code cells of a chapter in this folder only import `brief`, take the edition and show exhibits."""
    # What lies beside the chapter under that name would be imported instead.
    if (folder / "brief.py").exists() or (folder / "brief").exists():
        return False
    known: dict[str, str] = {}
    return all(_only_shows(cell, known) for cell in cells)


def _only_shows(cell: Any, known: dict[str, str]) -> bool:
    """Whether a cell is of that kind, given what the names stand for that cells before it have bound."""
    if _OTHERWISE.intersection(cell.metadata.get("tags", ())) or cell.source.rstrip().endswith(_SILENCED):
        return False
    try:
        statements = ast.parse(cell.source).body
    except (SyntaxError, ValueError):
        return False
    return all(_is_plain(statement, known) for statement in statements)


def _is_plain(statement: ast.stmt, known: dict[str, str]) -> bool:
    match statement:
        case ast.Import(names=[ast.alias(name="brief", asname=None)]):
            known["brief"] = "package"
            return True
        case ast.Assign(
            targets=[ast.Name(id=edition)],
            value=ast.Call(func=ast.Attribute(value=ast.Name(id="brief"), attr="take"), args=[], keywords=[]),
        ) if known.get("brief") == "package" and edition != "brief":
            known[edition] = "edition"
            return True
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=ast.Name(id=edition), attr="figure" | "table"),
                args=[ast.Constant(value=str())],
                keywords=[],
            )
        ):
            return known.get(edition) == "edition"
    return False


def show(cells: Sequence[Any], snapshot: Snapshot) -> None:
    """Give the cells of a chapter, which only show exhibits, the outputs that a kernel would give them.

    Without the picture: a page takes the exhibit by its name. Raises `BriefError` for an exhibit that there is not.
    """
    for number, cell in enumerate(cells, start=1):
        cell["execution_count"], cell["outputs"] = number, []
        statements = ast.parse(cell.source).body
        for statement in statements:
            match statement:
                case ast.Expr(
                    value=ast.Call(func=ast.Attribute(attr=kind), args=[ast.Constant(value=str(exhibit_id))])
                ):
                    shown = snapshot.figure(exhibit_id) if kind == "figure" else snapshot.table(exhibit_id)
                    # A kernel puts out the value of a cell's last line alone.
                    if statement is statements[-1]:
                        data = {EXHIBIT_MIME: {"kind": shown.kind, "id": shown.exhibit_id}}
                        cell["outputs"] = [new_output("execute_result", data=data, execution_count=number)]
