"""What stands in an edition more than once: data as files, in archives and as tables of pages; all must be the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from brief.contract import manifest
from brief.contract.manifest import NAME
from brief.contract.text_files import unguarded
from brief.errors import BriefError, Fault
from brief.prose.language import ungrouped
from brief.site.metadata import ARCHIVE
from brief.site.verifying.stored import Element, Stored, fault, squeezed, within

_SAME = "Two copies of the same data contradict each other: one of them was changed."
_LONGEST_CELL = 10_000_000


def faults_of_archive(stored: Stored, name: str, files: Mapping[str, bytes]) -> Iterator[Fault]:
    """Whether the files of an archive are those of the manifest inside it."""
    if NAME not in files:
        yield fault(stored.named(name), "the archive holds no manifest", _SAME)
        return
    try:
        listed = manifest.parse(files[NAME].decode("utf-8"))
    except ValueError as error:
        yield fault(stored.named(f"{name}: {NAME}"), f"the manifest cannot be read: {error}", _SAME)
        return
    now = manifest.again(listed, files).files
    for path in sorted({*now, *listed.files}):
        if now.get(path) != listed.files.get(path):
            how = "missing" if path not in now else "added" if path not in listed.files else "changed"
            yield fault(stored.named(f"{name}: {path}"), f"in the archive this file is {how}", _SAME)


def faults_of_copies(stored: Stored) -> tuple[int, list[Fault]]:
    """How many files were compared with their copies in archives and the digests that describe them; what differs."""
    wrong: list[Fault] = []
    held: dict[str, bytes] = {}
    for name in sorted(name for name in stored.names if name.endswith(".zip") and name not in stored.odd):
        try:
            files = within(stored, name)
        except BriefError as error:
            wrong += error.faults
            continue
        if name == ARCHIVE:
            held = files
            wrong += faults_of_archive(stored, name, files)
    count = 0
    for path in sorted(set(held) - {NAME, "README.txt", "datapackage.json"}):
        count += 1
        now = stored.read(path)
        whole = path.startswith("figures/") and _is_shortened(stored, path, held)
        if now is None:
            wrong.append(fault(stored.named(path), f"{ARCHIVE} has this file, the site has not", _SAME))
        elif now != held[path] and not whole:
            wrong.append(fault(stored.named(path), f"the file is not the one in {ARCHIVE}", _SAME))
        wrong += _in_own_archive(stored, path, held[path])
    for place, described, contents in (
        ("", stored.json("datapackage.json"), None),
        (f"{ARCHIVE}: ", _json(held), held),
    ):
        wrong += _described(stored, place, described, contents)
    return count, wrong


def _json(held: Mapping[str, bytes]) -> object:
    if "datapackage.json" not in held:
        return None
    return Stored(f"{ARCHIVE}: ", {}, dict(held)).json("datapackage.json")


def _is_shortened(stored: Stored, path: str, held: Mapping[str, bytes]) -> bool:
    """Whether the archive's table lacks columns of the site's: texts of articles are in no archive."""
    site, ours = (_rows(content) for content in (stored.read(path) or b"", held[path]))
    return bool(site and ours) and len(site[0]) > len(ours[0]) and set(ours[0]) <= set(site[0])


def _in_own_archive(stored: Stored, path: str, content: bytes) -> Iterator[Fault]:
    own = path.removesuffix(".csv") + ".zip"
    try:
        inside = within(stored, own).get(path.rpartition("/")[2]) if path.endswith(".csv") else None
    except BriefError:
        return
    if inside is not None and inside != content:
        yield fault(stored.named(own), f"its table is not the one in {ARCHIVE}", _SAME)


def _described(stored: Stored, place: str, package: object, contents: Mapping[str, bytes] | None) -> Iterator[Fault]:
    listed = package.get("resources") if isinstance(package, dict) else None
    for resource in listed if isinstance(listed, list) else ():
        path, table = (
            (str(resource.get(key, "")) for key in ("path", "hash")) if isinstance(resource, dict) else ("", "")
        )
        content = contents.get(path) if contents is not None else stored.read(path)
        if content is None or table != f"sha256:{manifest.digest(content)}":
            yield fault(
                stored.named(f"{place}{path}"), f"the file is not the one that {place}datapackage.json describes", _SAME
            )


def _rows(content: bytes) -> list[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with io.StringIO(content.decode("utf-8"), newline="") as text:
            return [[" ".join(unguarded(cell).split()) for cell in row] for row in csv.reader(text)]
    except (ValueError, csv.Error):
        return []


def faults_of_tables(stored: Stored) -> tuple[int, list[Fault]]:
    """How many tables of pages were compared with their files, cell by cell; what differs."""
    count = 0
    wrong: list[Fault] = []
    for page, tree in stored.pages.items():
        for box in tree.xpath("//*[starts-with(@id, 'table-') or starts-with(@id, 'figure-')]"):
            name = box.get("id")
            path = f"figures/{name if name.startswith('table-') else name.removeprefix('figure-')}.csv"
            tables = box.xpath(".//table")
            content = stored.read(path)
            if len(tables) != 1 or content is None:
                continue
            count += 1
            wrong += _table(stored, f"{page}#{name}", tables[0], path, _rows(content))
    return count, wrong


def _table(stored: Stored, place: str, table: Element, path: str, rows: list[list[str]]) -> Iterator[Fault]:
    shown = [[squeezed(cell) for cell in row.xpath("./th | ./td")] for row in table.xpath("./thead/tr | ./tbody/tr")]
    if not shown or not rows:
        yield fault(stored.named(place), f"the table or {path} holds no rows", _SAME)
        return
    # A page may leave out columns and further rows, which its file has.
    columns = [rows[0].index(name) if name in rows[0] else -1 for name in shown[0]]
    if -1 in columns:
        yield fault(stored.named(place), f"a column of the table is not one of {path}", _SAME)
        return
    for number, row in enumerate(shown[1:], start=2):
        there = (
            [rows[number - 1][at] for at in columns]
            if number <= len(rows) and len(rows[number - 1]) == len(rows[0])
            else []
        )
        # A page sets whole numbers with thousands separated.
        same = [other in (cell, ungrouped(cell)) for cell, other in zip(row, there, strict=False)]
        if len(row) != len(there) or not all(same):
            cell = same.index(False) if False in same else 0
            difference = f"row {number}, column “{shown[0][cell]}”: the page has “{row[cell][:60] if row else ''}”"
            yield fault(stored.named(place), f"{difference}, {path} has “{there[cell][:60] if there else ''}”", _SAME)
