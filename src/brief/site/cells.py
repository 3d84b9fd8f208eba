"""Cells that do nothing but show exhibits: what they put out follows from their text and the exhibits there are."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path
from typing import Any

#: Tags by which a cell is run otherwise.
_OTHERWISE = {"raises-exception", "skip-execution"}


def only_show(cells: Iterable[Any], folder: Path) -> bool:
    """Whether the code cells of a chapter in this folder only import `brief`, take the edition and show exhibits.

    They may then run in one Python after those of other such chapters: none can change what another finds.
    """
    # What lies beside the chapter under that name would be imported instead.
    if (folder / "brief.py").exists() or (folder / "brief").exists():
        return False
    known: dict[str, str] = {}
    return all(_only_shows(cell, known) for cell in cells)


def _only_shows(cell: Any, known: dict[str, str]) -> bool:
    """Whether a cell is of that kind, given what the names stand for that cells before it have bound."""
    if _OTHERWISE.intersection(cell.metadata.get("tags", ())):
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
