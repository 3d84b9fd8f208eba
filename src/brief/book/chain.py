"""What facts, figures and tables rest on: the function that computed each, and the files that it looked at."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from brief.book.snapshot import Snapshot
from brief.contract import inputs
from brief.errors import fail
from brief.prose.mentions import unknown_name_remedy

TRACE = "trace.json"
"""The file of a site that has the chains, and where each number stands."""


def of(snapshot: Snapshot, root: Path) -> dict[str, Any]:
    """The chains of a brief, as plain data; `root` is where the data lie that the snapshot was taken of.

    `functions` has for each function the `files` that it looked at and the `facts` that it computed; `exhibits` the
    function and the file of each figure and table. A function looks at every row of a file, since it has to leave out
    those that do not count; `rows` has those that a fact counts. `files` has the size of each file, its SHA-256, and
    its rows where it is a table.
    """
    content = snapshot.content
    looked_at = {**content["looked_at"], **content["looked_at_by_exhibits"]}
    exhibits = {
        f"{kind}-{name}": {"made_by": kept["made_by"], "data": data_file(kind, name)}
        for kind in ("figure", "table")
        for name, kept in content[f"{kind}s"].items()
        if "unavailable" not in kept
    }
    facts: dict[str, list[str]] = {exhibit["made_by"]: [] for exhibit in exhibits.values()}
    for name, fact in snapshot.facts.items():
        facts.setdefault(fact.made_by, []).append(name)
    functions = {name: {"files": _files(root, looked_at[name]), "facts": facts[name]} for name in sorted(facts)}
    listed = sorted({file for function in functions.values() for file in function["files"]})
    return {
        "files": {file: _described(root / file) for file in listed},
        "functions": functions,
        "exhibits": exhibits,
        "rows": rows_of(snapshot),
    }


def rows_of(snapshot: Snapshot) -> dict[str, Any]:
    """For each fact that counts rows, in which file or folder they are, how many, and which."""
    counted = {name: fact for name, fact in snapshot.facts.items() if fact.rows is not None}
    return {name: {"of": fact.source, **fact.rows.as_json()} for name, fact in counted.items() if fact.rows}


def data_file(kind: str, name: str) -> str:
    """The file of the site that has the data of a figure or table."""
    return f"figures/{name}.csv" if kind == "figure" else f"figures/table-{name}.csv"


def _files(root: Path, named: Iterable[str]) -> list[str]:
    """The files that are there, those of named folders among them; the records of editions are no data."""
    files: set[str] = set()
    for name in named:
        path = root / name
        within = inputs.files(path) if path.is_dir() else [path] if path.is_file() else []
        files |= {file.relative_to(root).as_posix() for file in within}
    return sorted(file for file in files if not file.startswith(f"{inputs.EDITIONS}/"))


def _described(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    described: dict[str, Any] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    if path.suffix == ".csv":
        with io.StringIO(content.decode("utf-8-sig", "replace"), newline="") as text:
            described["rows"] = sum(1 for _ in csv.reader(text)) - 1
    return described


def in_words(snapshot: Snapshot, root: Path, name: str, site: Path) -> str:
    """The chain of a fact, a figure, a table or one of its cells, in words; with its places where `site` is built.

    `name`: that of a fact, `figure-x` or `table-x`, or a cell as the trace names it, `figures/x.csv#cell=2,3`. Raises
    `BriefError` for what there is not.
    """
    if name in snapshot.facts:
        fact = snapshot.facts[name]
        heading = [
            f"{name} = {fact.as_json()['printed']}{f' {fact.units}' if fact.units else ''}",
            f"    {fact.definition}",
        ]
        heading += [f"Counts {fact.rows.in_words()}", f"    of {fact.source}"] if fact.rows else []
        made_by, looked_at = fact.made_by, snapshot.facts_json["looked_at"][fact.made_by]
    else:
        heading, made_by, looked_at = _exhibit(snapshot, root, name)
    looked = "which looked at every row of" if looked_at else "which looked at no file"
    lines = [*heading, f"Computed by {made_by},", looked]
    for file in _files(root, looked_at):
        kept = _described(root / file)
        rows = f", rows: {kept['rows']}" if "rows" in kept else ""
        lines.append(f"    {file}{rows}, SHA-256 {kept['sha256']}")
    return "\n".join([*lines, *_places(site, root, name)])


def _exhibit(snapshot: Snapshot, root: Path, name: str) -> tuple[list[str], str, list[str]]:
    chain = of(snapshot, root)
    path, _, cell = name.partition("#cell=")
    by_file = {exhibit["data"]: exhibit_id for exhibit_id, exhibit in chain["exhibits"].items()}
    exhibit_id = by_file.get(path, name)
    if exhibit_id not in chain["exhibits"]:
        known = [*snapshot.facts, *chain["exhibits"]]
        raise fail(f"there is no fact, figure or table named '{name}'", unknown_name_remedy(name, known))
    kind, _, plain = exhibit_id.partition("-")
    kept = snapshot.content[f"{kind}s"][plain]
    heading = [f"{exhibit_id}: {kept['headline' if kind == 'figure' else 'caption']}"]
    if cell:
        file = snapshot.exhibits / "files" / Path(chain["exhibits"][exhibit_id]["data"]).name
        heading = [*_cell(file, name, cell), *(f"    {line}" for line in heading)]
    looked_at = {**snapshot.content["looked_at"], **snapshot.content["looked_at_by_exhibits"]}[kept["made_by"]]
    return heading, kept["made_by"], looked_at


def _cell(file: Path, name: str, cell: str) -> list[str]:
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.reader(text))
    place = re.fullmatch(r"([1-9]\d{0,8}),([1-9]\d{0,8})", cell)
    row, column = (int(place[1]), int(place[2])) if place else (0, 0)
    if not 0 < row <= len(rows) or not 0 < column <= len(rows[0]):
        remedy = f"Write #cell=ROW,COLUMN, up to {len(rows)},{len(rows[0])}. The header is row 1."
        raise fail(f"'{name}' is no cell of its table", remedy)
    return [f"{name} = {rows[row - 1][column - 1]}", f"    {rows[0][column - 1]}, {rows[row - 1][0]}"]


def _places(site: Path, root: Path, name: str) -> list[str]:
    """Where a number stands on the site that is built; none where it is not, or is of other data."""
    if not (site / TRACE).is_file():
        return ["To see where it stands, build the site first: brief build."]
    traced = json.loads((site / TRACE).read_text(encoding="utf-8"))
    if any(not (root / file).is_file() or _described(root / file) != kept for file, kept in traced["files"].items()):
        return ["The site was built of other data. To see where this stands, build it again: brief build."]
    # A table's own numbers are its cells.
    cells = f"{traced['exhibits'][name]['data']}#cell=" if name in traced["exhibits"] else "\0"
    places: dict[str, list[str]] = {}
    for page, numbers in traced["numbers"].items():
        for anchor, printed, what in numbers:
            if what == name or what.startswith(cells):
                places.setdefault(f"{page}#{anchor}" if anchor else page, []).append(printed)
    for paper, numbers in traced["papers"].items():
        for at, printed, what in numbers:
            if what == name or what.startswith(cells):
                places.setdefault(f"{paper}, page {at}", []).append(printed)
    if not places:
        return ["Stands on no page and in no PDF."]
    return ["Stands at", *(f"    {where}: {', '.join(dict.fromkeys(printed))}" for where, printed in places.items())]
