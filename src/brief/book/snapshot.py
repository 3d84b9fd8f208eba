"""Everything the site shows, computed once for one digest of data and package, and kept as plain files.

Chapters, site and downloads read the snapshot; a kernel that opens it imports no table or chart library.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brief.contract import inputs, journal
from brief.contract.frozen import build_folder, frozen
from brief.contract.kept_work import FOLDER, keeping
from brief.data import keys
from brief.errors import fail
from brief.findings.facts import Fact
from brief.findings.rows import Rows

if TYPE_CHECKING:
    import pandas as pd

    from brief.findings.findings import Findings

_KEPT = 6
_COMPARED = "compared.json"
"""The file of a snapshot that names the keys under which texts were compared with what came in."""
EXHIBIT_MIME = "application/vnd.brief.exhibit+json"


@dataclass(frozen=True)
class Exhibit:
    """A figure or table as a cell shows it: on the site by its id, in JupyterLab as the picture or the rows."""

    kind: str
    exhibit_id: str
    content: Mapping[str, Any]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = {EXHIBIT_MIME: {"kind": self.kind, "id": self.exhibit_id}}
        if "unavailable" in self.content:
            return bundle | {"text/plain": self.content["unavailable"]}
        if self.kind == "figure":
            return bundle | {"image/svg+xml": self.content["svg"], "text/plain": self.content["alt"]}
        rows = ["\t".join(row) for row in [self.content["columns"], *self.content["rows"]]]
        return bundle | {"text/plain": "\n".join([self.content["caption"], *rows])}


@dataclass(frozen=True)
class Snapshot:
    """The snapshot of one digest: the brief it is of, its folder, and what `facts.json` holds.

    Facts come first; figures and tables are drawn when one is first asked for. `findings` are at hand where the facts
    were computed just now, so that nothing is read twice.
    """

    root: Path
    folder: Path
    facts_json: Mapping[str, Any]
    findings: Findings | None = None

    @property
    def digest(self) -> str:
        """The digest of data and package that this was computed for."""
        return str(self.facts_json["digest"])

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """The facts by name."""
        return {entry["name"]: _fact(entry) for entry in self.facts_json["facts"]}

    @cached_property
    def content(self) -> Mapping[str, Any]:
        """Everything that the site shows: what is told, and the figures and tables."""
        self.draw()
        kept = (self.exhibits / "exhibits.json").read_text(encoding="utf-8")
        return {**self.facts_json, **json.loads(kept)}

    @property
    def exhibits(self) -> Path:
        """Where figures and tables are kept: in `files` what is published, in `rows` their whole data."""
        return self.folder / "exhibits"

    def figure(self, figure_id: str) -> Exhibit:
        """A figure, to be the last line of a cell. Raises `BriefError` for an id that no figure has."""
        return self._exhibit("figure", figure_id)

    def table(self, table_id: str) -> Exhibit:
        """A table, to be the last line of a cell. Raises `BriefError` for an id that no table has."""
        return self._exhibit("table", table_id)

    def frame(self, figure_id: str) -> pd.DataFrame:
        """The data of a figure as a frame, to look into them further."""
        import pandas as pd

        self.figure(figure_id)
        whole = json.loads((self.exhibits / "rows" / f"{figure_id}.json").read_text(encoding="utf-8"))
        return pd.DataFrame(whole["rows"], columns=whole["columns"])

    def _exhibit(self, kind: str, exhibit_id: str) -> Exhibit:
        known = self.content[f"{kind}s"]
        if exhibit_id not in known:
            raise fail(f"there is no {kind} named '{exhibit_id}'", f"Use one of: {', '.join(sorted(known))}.")
        return Exhibit(kind, exhibit_id, known[exhibit_id])

    def _findings_again(self) -> Findings:
        """What the facts were computed from, read once more. Raises `BriefError` where it has changed since."""
        from brief.book import computing

        copy = frozen(self.root)
        if inputs.snapshot_digest(copy) != self.digest:
            raise fail("the data have changed since the facts were computed", "Run it again from the first cell.")
        return computing.findings_at(copy)

    def draw(self) -> None:
        """Draw figures and tables, unless they are kept already."""
        if (self.exhibits / "exhibits.json").is_file():
            return
        from brief.book import exhibits

        findings = self.findings or self._findings_again()
        findings.looked_at.update(self.facts_json["looked_at"])
        with keeping(self.root), _aside(self.folder, self.exhibits) as aside:
            _write(aside / "exhibits.json", exhibits.draw(findings, self.facts, aside))


def _fact(entry: Mapping[str, Any]) -> Fact:
    value = dt.date.fromisoformat(entry["value"]) if entry["kind"] == "date" else entry["value"]
    named = {part: entry[part] for part in ("name", "definition", "source", "unit", "units", "made_by")}
    rows = entry.get("rows")
    counted = Rows(rows["number"], tuple(rows.get("ids", ())), rows.get("sha256", "")) if rows else None
    return Fact(**named, value=value, rows=counted)


def take(start: Path | None = None) -> Snapshot:
    """The snapshot of the brief that `start` (or the working folder) lies in: read if kept, else computed and kept.

    Raises `BriefError` with every fault of the data.
    """
    root = inputs.find_root(start or Path.cwd())
    journal.settle(root)
    digest, store = inputs.snapshot_digest(root), build_folder(root) / "brief"
    folder, findings = store / digest[:16], None
    own = [keys.name_of(key) for key in keys.at_hand(root)]
    if (folder / "facts.json").is_file():
        _compare(folder, root, own)
    else:
        from brief.book import computing

        # The digest is that of what is read: the brief may change while it is.
        copy = frozen(root)
        digest, store = inputs.snapshot_digest(copy), build_folder(copy) / "brief"
        folder = store / digest[:16]
        findings = computing.findings_at(copy)
        store.mkdir(parents=True, exist_ok=True)
        with keeping(copy), _aside(store, folder) as aside:
            _write(aside / "facts.json", {"digest": digest, **computing.compute(findings)})
            _write(aside / _COMPARED, dict.fromkeys(own, True))
        _forget_old(store, folder)
    with contextlib.suppress(OSError):
        os.utime(folder)
    return Snapshot(root, folder, json.loads((folder / "facts.json").read_text(encoding="utf-8")), findings)


def _compare(folder: Path, root: Path, own: Sequence[str]) -> None:
    """Compare the texts with what came in, where that was not done under a key that is at hand now.

    Raises `BriefError` with every fault of the data.
    """
    path = folder / _COMPARED
    known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if not set(own) <= set(known):
        from brief.data.loading import load

        load(root)
        # Where nothing can be written, it is compared anew the next time.
        with contextlib.suppress(OSError):
            new = path.with_name(f".{os.getpid()}-{_COMPARED}")
            _write(new, dict.fromkeys([*known, *own], True))
            new.replace(path)


@contextmanager
def _aside(folder: Path, target: Path) -> Iterator[Path]:
    """A new folder that becomes `target` when it is whole; where another process was first, what it made stays."""
    aside = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    try:
        yield aside
        try:
            aside.rename(target)
        except OSError:
            # Asked only now: between a look and the rename another process could be first.
            if not target.exists():
                raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, sort_keys=True), encoding="utf-8")


def _forget_old(store: Path, keep: Path) -> None:
    """Keep the newest few snapshots, so that going back to earlier data is quick and the folder stays small."""
    kept = sorted(
        (path for path in store.iterdir() if path.is_dir() and path.name != FOLDER),
        key=lambda path: path.stat().st_mtime,
    )
    for folder in kept[:-_KEPT]:
        if folder != keep:
            shutil.rmtree(folder, ignore_errors=True)
