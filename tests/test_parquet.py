"""Comments kept as Parquet: one file or a folder of them, with the contract, the guards and the facts of CSV.

A case is a folder in `tests/cases/parquet`: `.jsonl` files, each of which becomes a Parquet file in the place of the
comments of `tests/cases/base`; `expected.txt` holds what the check tells.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import pandas as pd
import pyarrow
import pyarrow.parquet
import pytest

from brief.contract import comment_files, parquet_files, text_files
from brief.contract import files as contract_files
from brief.data.loading import check_data, load
from brief.errors import BriefError
from brief.findings.facts import compute_facts
from brief.findings.findings import Findings
from conftest import CASES

Project = Callable[..., Path]
NAME = "the-gazette-2021-03-01"
PLACE = f"data/comments/{NAME}.parquet"
CSV = f"data/comments/{NAME}.csv"
HOSTILE = sorted(path.name for path in (CASES / "parquet").iterdir())


def told(root: Path) -> str:
    return "".join(f"{fault}\n" for fault in check_data(root))


def without_csv(root: Path) -> Path:
    (root / CSV).unlink()
    return root


def write(path: Path, rows: list[dict[str, Any]] | pyarrow.Table, **how: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pyarrow.Table.from_pylist(rows) if isinstance(rows, list) else rows
    pyarrow.parquet.write_table(table, path, **how)


def _records(path: Path) -> Iterator[object]:
    return parquet_files.records(path, path.name)


def laid(root: Path, case: str) -> Path:
    """The base with the comments of a case in place of its own."""
    folder = CASES / "parquet" / case
    for path in sorted(folder.rglob("*.csv")):
        (root / "data" / "comments" / path.relative_to(folder)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, root / "data" / "comments" / path.relative_to(folder))
    for path in sorted(folder.rglob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        write(root / "data" / "comments" / path.relative_to(folder).with_suffix(".parquet"), rows)
    return without_csv(root)


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_wrong_with_a_table_is_told_with_its_file(project: Project, case: str) -> None:
    said = told(laid(project("base"), case))
    expected = CASES / "parquet" / case / "expected.txt"
    if not expected.is_file():
        expected.write_text(said, encoding="utf-8")
        pytest.fail(f"{expected.name} was missing and is written now: read it, then keep it")
    assert said == expected.read_text(encoding="utf-8")
    assert (said == "") == case.startswith("sound-")


def stored(root: Path) -> list[dict[str, str]]:
    return contract_files.records(contract_files.read_csv(root / CSV, CSV))


def as_folder(root: Path) -> None:
    """The comments of the base in three files, by a column that only the folders name."""
    rows = stored(root)
    for number, row in enumerate(rows):
        cells = {name: cell for name, cell in row.items() if name != "position"}
        write(root / PLACE / f"position={row['position']}" / f"part-{number}.parquet", [cells])
    (root / PLACE / "_SUCCESS").write_bytes(b"")


def as_file(root: Path) -> None:
    write(root / PLACE, stored(root))


def as_numbers(root: Path) -> None:
    """One file whose numbers are numbers, with nothing where nothing is given."""
    rows = [{**row, "position": int(row["position"]), "likes": None} for row in stored(root)]
    write(root / PLACE, rows)


def comments_of(root: Path) -> list[dict[str, Any]]:
    batches = list(load(root).comments())
    rows = pd.concat(batches, ignore_index=True).fillna({"likes": 0}).to_dict("records")
    return [{str(name): cell for name, cell in row.items()} for row in rows]


def values_of(root: Path) -> dict[str, Any]:
    """What each fact says, but for the digest of the files."""
    kept = compute_facts(Findings(load(root)))
    return {name: fact.value for name, fact in kept.items() if name != "data-digest"}


@pytest.mark.parametrize("write_as", [as_folder, as_file, as_numbers])
def test_parquet_holds_the_same_comments_as_csv(project: Project, write_as: Callable[[Path], None]) -> None:
    root = project("base")
    before = comments_of(root)
    write_as(root)
    without_csv(root)
    assert told(root) == ""
    after = comments_of(root)
    assert [{name: row[name] for name in before[0]} for row in after] == before


def test_the_same_facts_are_counted(project: Project) -> None:
    root = project("base")
    facts = values_of(root)
    as_folder(root)
    without_csv(root)
    assert values_of(root) == facts


@pytest.mark.parametrize("write_as", [as_folder, as_file])
def test_both_at_once_is_a_fault(project: Project, write_as: Callable[[Path], None]) -> None:
    root = project("base")
    write_as(root)
    assert f"{PLACE}: there is a CSV file of the same name\n    -> Keep one of the two.\n" in told(root)


def test_a_link_out_of_the_brief_is_refused(project: Project, tmp_path: Path) -> None:
    root = project("base")
    as_folder(root)
    without_csv(root)
    write(tmp_path / "elsewhere.parquet", [{"comment_id": "a-1", "text": "A"}])
    (root / PLACE / "more.parquet").symlink_to(tmp_path / "elsewhere.parquet")
    assert f"{PLACE}/more.parquet: this is a link, which may lead anywhere" in told(root)
    (root / PLACE / "more.parquet").unlink()
    (root / PLACE / "more").symlink_to(tmp_path, target_is_directory=True)
    assert f"{PLACE}/more: this is a link, which may lead anywhere" in told(root)


def test_a_row_group_that_is_too_large_is_not_unpacked(project: Project) -> None:
    root = without_csv(project("base"))
    rows = [{"comment_id": f"a-{number}", "text": "long " * 200_000} for number in range(101)]
    write(root / PLACE, rows, use_dictionary=False, compression="zstd")
    assert "one of its row groups would have more than 100,000,000 bytes unpacked" in told(root)
    write(root / PLACE, rows, use_dictionary=True)
    assert "its texts would have more than 100,000,000 signs in 101 rows" in told(root)


def test_half_a_character_is_no_text(project: Project) -> None:
    root = without_csv(project("base"))
    halves = pyarrow.array([b"whole", b"\xed\xa0\xbd"], pyarrow.binary())
    for texts in (halves, halves.view(pyarrow.string())):
        names = pyarrow.array(["a-1", "a-2"])
        write(root / PLACE, pyarrow.table({"comment_id": names, "text": texts}))
        assert f"{PLACE}: this is not Parquet that holds texts: " in told(root)


def test_controls_are_seen_by_their_bytes_as_by_their_signs() -> None:
    for number in (*range(256), 0x85, 0x2028, 0xD800, 0xDFFF, 0xE000, 0x10FFFF):
        text = f"caf\u00e9 {chr(number)}"
        assert text_files.has_control(text) == bool(text_files.CONTROL.search(text))


def test_a_control_character_is_told_with_its_row(project: Project) -> None:
    root = without_csv(project("base"))
    write(root / PLACE, [{"comment_id": "a-1", "text": "A"}, {"comment_id": "a-2", "text": "A\x07"}])
    assert f"{PLACE}, row 3, column text: the control character U+0007 stands in the text" in told(root)


@pytest.mark.parametrize("number", [0, 1, 7])
def test_a_table_is_read_as_it_was_written(tmp_path: Path, number: int) -> None:
    rows = [[f"a-{place}", "\r\n,é\u2028" * place] for place in range(number)]
    paths = [tmp_path / "once.parquet", tmp_path / "again.parquet"]
    for path in paths:
        parquet_files.write(path, ["comment_id", "text"], rows)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    read = [list(row) for rows, _ in parquet_files.batches(paths[0], "", 3) for row in rows.itertuples(index=False)]
    assert read == rows


def test_a_folder_of_too_many_files_is_refused(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project("base")
    as_folder(root)
    monkeypatch.setattr(comment_files, "MOST_FILES", 2)
    with pytest.raises(BriefError, match="more than 2 files"):
        comment_files.paths(root, NAME)


@pytest.mark.parametrize("read", [lambda path: parquet_files.batches(path, path.name, 100), _records])
def test_a_large_file_is_not_held_while_it_is_read(tmp_path: Path, read: Callable[[Path], Iterator[object]]) -> None:
    """Of a hundred parts only a few lie in memory at a time."""
    path, count = tmp_path / "large.parquet", 60_000
    texts = [token_hex(200) for _ in range(count)]
    write(path, pyarrow.table({"comment_id": [f"c{n}" for n in range(count)], "text": texts}), row_group_size=600)
    before, most, rows = pyarrow.total_allocated_bytes(), 0, 0
    for _ in read(path):
        rows += 1
        most = max(most, pyarrow.total_allocated_bytes() - before)
    assert rows >= 100 and most < path.stat().st_size / 2
