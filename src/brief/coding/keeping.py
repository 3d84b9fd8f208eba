"""Keeping what a coder read: each reading is checked with the codebook and stored as the coder's file, or none is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from brief.analysis.coding import coder_shown, theme_ids
from brief.contract import files as contract_files
from brief.contract import tables, text_files
from brief.contract.columns import is_date
from brief.contract.journal import writing
from brief.data.brief import EARLIER, Brief
from brief.data.loading import load
from brief.data.shapes import Code, Codebook
from brief.errors import Fault, fail
from brief.findings import passes
from brief.store.changes import Changes, changing

CODERS = "data/coders.yml"
_ALWAYS = ("comment_id", "codebook_version", "stance", "coded_at")


class Checker:
    """Checks readings with a codebook, and completes them: the codebook's version, and the day where none is given."""

    def __init__(self, codebook: Codebook, today: str, file: str) -> None:
        self.today, self.file, self.version = today, file, codebook.version
        self.faults: list[Fault] = []
        self.ids = {
            "stance": _by_name(codebook.stances),
            "stance_in_thread": _by_name(codebook.stances),
            "themes": _by_name(codebook.themes),
            "certainty": _by_name(codebook.certainties),
        }
        self.allowed = {column.name: column.values for column in tables.CODINGS if column.values}

    def fault(self, what: str, remedy: str, row: int | None = None, column: str = "") -> None:
        """Tell a fault of the file that is checked."""
        self.faults.append(Fault(what, remedy, self.file, row, column))

    def checked(self, cells: Mapping[str, str], row: int) -> dict[str, str] | None:
        """A reading as a row of a codings file; None, and its faults told, where it has any.

        A code may be given by its id or its label, in any case of letters.
        """
        before = len(self.faults)
        kept = {name: cells.get(name, "") for name in (column.name for column in tables.CODINGS)}
        if "themes" not in cells:
            # Who says nothing of themes has not looked for any: the file then has no column of themes.
            del kept["themes"]
        kept["codebook_version"] = kept["codebook_version"] or self.version
        kept["coded_at"] = kept["coded_at"] or self.today
        for column in self.ids:
            if column not in kept:
                continue
            parts = theme_ids(kept[column]) if column == "themes" else [kept[column]]
            kept[column] = ";".join(self._id(part, column, row) for part in parts)
        if not kept["stance"]:
            self.fault("the stance is missing", self._remedy("stance"), row, "stance")
        for column, values in self.allowed.items():
            kept[column] = kept[column].strip()
            if kept[column] and kept[column] not in values:
                self.fault(f"'{kept[column][:60]}' cannot stand here", f"Write {values[0]}, or nothing.", row, column)
        if not is_date(kept["coded_at"]):
            what = f"'{kept['coded_at'][:60]}' is not a date"
            self.fault(what, "Write year-month-day, as 2017-09-20.", row, "coded_at")
        if kept["codebook_version"] != self.version:
            what = (
                f"it was coded with version {kept['codebook_version'][:60]} and the codebook is version {self.version}"
            )
            self.fault(what, "Code it again with the codebook of today.", row, "codebook_version")
        for column, cell in kept.items():
            if text_files.CONTROL.search(cell):
                self.fault("a control character stands in the text", text_files.CONTROL_REMEDY, row, column)
        return kept if len(self.faults) == before else None

    def _id(self, text: str, column: str, row: int) -> str:
        name = text.strip()
        known = self.ids[column]
        if name and name.casefold() not in known:
            self.fault(f"'{name[:60]}' is not in the codebook", self._remedy(column), row, column)
        return known.get(name.casefold(), name)

    def _remedy(self, column: str) -> str:
        return f"Use one of: {', '.join(dict.fromkeys(self.ids[column].values())) or '(none is defined)'}."


def _by_name(codes: Iterable[Code]) -> dict[str, str]:
    """The ids of codes by everything that they may be called."""
    listed = tuple(codes)
    labels = {code.label.strip().casefold(): code.id for code in listed}
    return labels | {code.id: code.id for code in listed}


def coded_by(root: Path, coder: str) -> list[dict[str, str]]:
    """The rows of a coder's file; none where there is no file. Raises `BriefError` for a name that no file can have."""
    if tables.ID.fullmatch(coder) is None:
        remedy = "Name the coder with lower-case letters, digits and single hyphens, beginning with a letter."
        raise fail(f"'{coder}' is not an identifier", remedy)
    file = f"data/codings/{coder}.csv"
    return contract_files.records(contract_files.read_csv(root / file, file)) if (root / file).is_file() else []


def keep(root: Path, coder: Mapping[str, Any], rows: Sequence[Mapping[str, str]], replace: bool) -> None:
    """Store readings as the file of a coder and describe the coder in `data/coders.yml`, or neither.

    Where the only coder so far is printed without being named in `data/brief.yml`, that name is written there: a second
    coder changes nothing that the brief says.
    `coder`: the keys of an entry there; one that is described already stays as it is. `rows`: as `Checker.checked`
    gives them. Raises `BriefError`, with `data/` untouched, where a comment has another reading by that coder and
    `replace` is not asked for, where the coder is described as of another kind, or where the result would have a fault.
    """
    with writing(root):
        # Read here: a program may have coded for hours, and others have changed the brief meanwhile.
        _keep(load(root), coder, rows, replace)


def _keep(brief: Brief, coder: Mapping[str, Any], rows: Sequence[Mapping[str, str]], replace: bool) -> None:
    name = str(coder["id"])
    described = brief.coders[brief.coders["coder_id"] == name]
    if len(described) and described["kind"].iloc[0] != coder["kind"]:
        what = f"the coder '{name}' is described as '{described['kind'].iloc[0]}', not as '{coder['kind']}'"
        raise fail(what, "Give another --coder, or the right --kind.", CODERS)
    before = {row["comment_id"]: row for row in coded_by(brief.root, name)}
    new = {row["comment_id"]: dict(row) for row in rows}
    outdated = {comment_id for comment_id, row in before.items() if row.get("text_read") == EARLIER}
    other = [
        comment_id
        for comment_id, row in new.items()
        if comment_id in before and comment_id not in outdated and not _same(before[comment_id], row)
    ]
    if other and not replace:
        what = f"'{name}' has read {len(other)} of these comments otherwise, such as '{other[0]}'"
        raise fail(what, "Give --replace to replace those readings.", f"data/codings/{name}.csv")
    kept = before | {
        comment_id: row
        for comment_id, row in new.items()
        if comment_id in other or comment_id in outdated or comment_id not in before
    }
    order = {comment_id: place for place, comment_id in enumerate(passes.ids(brief))}
    ordered = sorted(kept.values(), key=lambda row: (order.get(row["comment_id"], len(order)), row["comment_id"]))
    stored = {column for row in before.values() for column in row}
    used = {column for row in ordered for column, cell in row.items() if cell or column == "themes"}
    columns = tables.in_order([*_ALWAYS, *stored, *used], tables.CODINGS)
    with changing(brief.root) as changes:
        changes.write(f"data/codings/{name}.csv", text_files.write_csv(ordered, columns))
        if described.empty:
            _describe(changes, coder)
        printed = coder_shown(brief.codings, brief.topic.coder)
        if brief.topic.coder is None and printed not in (None, name):
            changes.topic("coder", str(printed))


def _same(row: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two rows say the same of a comment, whenever it was said."""
    names = {*row, *other} - {"coded_at"}
    return all(row.get(name, "") == other.get(name, "") for name in names)


def _describe(changes: Changes, coder: Mapping[str, Any]) -> None:
    """Add a coder to `data/coders.yml`; what stands there already, comments included, stays."""
    path = changes.staged / CODERS
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 120
    yaml.indent(mapping=2, sequence=2, offset=0)
    listed = yaml.load(path.read_text(encoding="utf-8")) if path.is_file() else None
    listed = yaml.load("[]") if listed is None else listed
    listed.fa.set_block_style()
    listed.append(dict(coder))
    out = StringIO()
    yaml.dump(listed, out)
    changes.write(CODERS, out.getvalue())


def opened(root: Path) -> tuple[Brief, Codebook]:
    """A sound brief and its codebook. Raises `BriefError` where there is none to code with."""
    brief = load(root)
    if brief.codebook is None:
        raise fail("there is no codebook to code with", "Write data/codebook.yml.")
    return brief, brief.codebook
