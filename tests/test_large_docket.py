"""A docket of any size: rows wait on the disk, and a collection may be kept as Parquet."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from brief.cli import main
from brief.contract import files as contract_files
from brief.data import ledger
from brief.data.loading import check_data, load
from brief.errors import BriefError
from brief.findings.findings import Findings
from brief.findings.provenance import BY_HAND, provenance
from brief.store import adding, planning, rows, sources, stored
from brief.store.rows import Rows
from brief.store.withdrawing import withdraw
from conftest import CASES

Project = Callable[..., Path]
ANSWERS = {"collection": "letters", "question": "Should it close?"}
PARQUET, CSV = "data/comments/letters.parquet", "data/comments/letters.csv"
LETTERS = [("a-1", "Ada", "Keep it open."), ("a-2", "Ben", "Close it."), ("a-3", "", "Who pays?\nWe do.")]


def export(path: Path, letters: list[tuple[str, str, str]]) -> Path:
    lines = [json.dumps(dict(zip(("id", "author", "text"), letter, strict=True))) for letter in letters]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def kept(root: Path) -> list[dict[str, str]]:
    (file,) = stored.files_of(root, "letters")
    return list(file.rows())


def events(root: Path) -> list[tuple[str, str]]:
    recorded = contract_files.read_csv(root / ledger.FILE, ledger.FILE)
    rows_of_it = zip(recorded["event"], recorded["item"], strict=True)
    return [(event, item) for event, item in rows_of_it if "gazette" not in item and item != "library.txt"]


@pytest.fixture(params=[20_000_000, 0], ids=["in memory", "on the disk"])
def held(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "_LARGE", request.param)


def test_rows_are_the_same_in_memory_and_on_the_disk(held: None) -> None:
    cells = [["a", "1"], ["b", "\0"], ["c", ""]]
    table = Rows(["name", "number"], iter(cells))
    assert len(table) == 3 and [list(row) for row in table.cells()] == cells
    assert table[1] == {"name": "b", "number": "\0"} and table[-1]["name"] == "c"
    assert list(table.column("name")) == ["a", "b", "c"]
    assert table.frame().to_dict("list") == {"name": ["a", "b", "c"], "number": ["1", "\0", ""]}
    part = table.only(["number"], ["count"])
    assert list(part) == [{"count": "1"}, {"count": "\0"}, {"count": ""}] and part[0] == {"count": "1"}
    assert list(part.column("count")) == ["1", "\0", ""]
    with pytest.raises(IndexError):
        table[3]


def test_rows_of_long_texts_wait_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty megabytes of text, of which a tenth is held."""
    monkeypatch.setattr(rows, "_LARGE", 1_000_000)

    def long(number: int) -> Iterator[list[str]]:
        return ([str(place), f"{place} " * 10_000] for place in range(number))

    tracemalloc.start()
    table = Rows(["id", "text"], long(600))
    assert sum(len(text) for text in table.column("text")) > 20_000_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(table) == 600 and peak < 6_000_000


def test_a_table_is_read_the_same_from_the_disk(held: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in sorted((CASES / "sources" / "recognised" / "delimited_table").iterdir()):
        if path.suffix in (".csv", ".tsv") and ".expected" not in path.name:
            found = sources.read(path, {})
            with monkeypatch.context() as few:
                few.setattr(rows, "_LARGE", 20_000_000)
                again = sources.read(path, {})
            assert (list(found.comments), found.messages, found.guesses) == (
                list(again.comments),
                again.messages,
                again.guesses,
            ), path.name


def test_a_collection_is_kept_as_parquet_where_that_is_asked_for(project: Project, tmp_path: Path, held: None) -> None:
    root = project("base")
    plan = adding.add(root, export(tmp_path / "letters.jsonl", LETTERS), ANSWERS | {"parquet": True})
    assert plan.added == PARQUET and "Kept as Parquet" in " ".join(plan.messages)
    assert [row["text"] for row in kept(root)] == [text for _, _, text in LETTERS]
    assert events(root) == [("key", "fingerprints"), ("raw", "letters.jsonl"), ("table", "data/comments/letters")]
    assert check_data(root) == [] and not (root / CSV).exists()
    assert BY_HAND not in provenance(Findings(load(root)))["how"].to_list()


def test_many_comments_are_kept_as_parquet_unasked(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "PARQUET_FROM", 3)
    root = project("base")
    adding.add(root, export(tmp_path / "letters.jsonl", LETTERS), ANSWERS)
    assert (root / PARQUET).is_file()
    few = export(tmp_path / "few.jsonl", [("b-1", "", "One more."), ("b-0", "", "And one.")])
    adding.add(root, few, {"collection": "notes", "question": "Should it close?"})
    assert (root / "data/comments/notes.csv").is_file()
    adding.add(
        root,
        export(tmp_path / "more.jsonl", [("b-2", "", "Two more."), ("b-3", "", "Three."), ("b-4", "", "Four.")]),
        {"collection": "notes"},
    )
    assert (root / "data/comments/notes.csv").is_file(), "a collection keeps its form"


def test_a_newer_export_is_merged_into_either_alike(project: Project, tmp_path: Path, held: None) -> None:
    newer = [("a-2", "Ben", "Close it, please."), ("a-1", "Ada", "Keep it open."), ("a-4", "", "New here.")]
    outcomes: list[Any] = []
    root = project("base")
    for name, options in (("letters", {}), ("notes", {"parquet": True})):
        first, second = export(tmp_path / "first.jsonl", LETTERS), export(tmp_path / "second.jsonl", newer)
        if name == "notes":
            first, second = (
                export(path, [(f"n{number}", by, text) for number, by, text in letters])
                for path, letters in ((first, LETTERS), (second, newer))
            )
        answers = {"collection": name, "question": "Should it close?"}
        adding.add(root, first, answers | options)
        plan = adding.add(root, second, {"collection": name})
        assert adding.add(root, second, {"collection": name}).changes_nothing
        (file,) = stored.files_of(root, name)
        cells = [{key: cell for key, cell in row.items() if key != "comment_id"} for row in file.rows()]
        outcomes.append((plan.counts, [text for _, *text in plan.edited], cells))
        assert check_data(root) == []
    assert outcomes[0] == outcomes[1]
    assert outcomes[0][0] == {"new": 1, "changed": 1, "gone": 1, "as before": 1}


def test_a_collection_moves_to_parquet_when_that_is_asked_for(project: Project, tmp_path: Path) -> None:
    root = project("base")
    path = export(tmp_path / "letters.jsonl", LETTERS)
    adding.add(root, path, ANSWERS)
    before = kept(root)
    plan = adding.add(root, path, {"collection": "letters", "parquet": True})
    assert plan.counts == {"as before": 3} and not plan.changes_nothing
    assert kept(root) == before and not (root / CSV).exists() and check_data(root) == []
    edited = export(tmp_path / "letters-2.jsonl", [LETTERS[0], ("a-2", "Ben", "Close it at six."), LETTERS[2]])
    adding.add(root, edited, {"collection": "letters"})
    assert ("edit", "a-2") in events(root) and check_data(root) == []


def test_another_text_in_a_table_is_a_fault_and_a_withdrawal_is_none(project: Project, tmp_path: Path) -> None:
    root = project("base")
    adding.add(root, export(tmp_path / "letters.jsonl", LETTERS), ANSWERS | {"parquet": True})
    withdraw(root, "a-1", "asked for")
    assert check_data(root) == [] and kept(root)[0]["text"] == ""
    cells = kept(root)
    stored.write(root / PARQUET, list(cells[0]), [{**row, "text": row["text"].upper()} for row in cells])
    assert "the texts of this table are not those that came in" in str(check_data(root)[0])


def test_a_folder_of_parquet_is_not_changed_by_adding(project: Project, tmp_path: Path) -> None:
    root = project("base")
    adding.add(root, export(tmp_path / "letters.jsonl", LETTERS), ANSWERS | {"parquet": True})
    (root / PARQUET).rename(tmp_path / "part.parquet")
    (root / PARQUET).mkdir()
    (tmp_path / "part.parquet").rename(root / PARQUET / "part.parquet")
    assert check_data(root) == []
    with pytest.raises(BriefError, match="kept in a folder of Parquet files"):
        adding.add(root, export(tmp_path / "more.jsonl", LETTERS[:2]), {"collection": "letters"})


def test_a_dry_run_writes_nothing(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project("base")
    monkeypatch.chdir(root)
    path = str(export(tmp_path / "letters.jsonl", LETTERS))
    options = ["--collection", "letters", "--question", "Should it close?", "--parquet", "--dry-run"]
    result = CliRunner().invoke(main, ["add", path, *options])
    assert result.exit_code == 0 and "Comments to store: new 3." in result.output
    assert "Nothing is written: this was a dry run." in result.output and not (root / PARQUET).exists()


def test_lines_of_json_are_read_as_the_list_of_them(tmp_path: Path) -> None:
    nested = [
        {"id": 7, "text": "A", "replies": [{"id": 8, "text": "B"}], "user": {"name": "Ada"}},
        {"id": 9, "text": "C", "tags": ["x", "y"]},
    ]
    lines, whole = tmp_path / "same.jsonl", tmp_path / "same.json"
    lines.write_text("".join(f"{json.dumps(value)}\n" for value in nested), encoding="utf-8")
    whole.write_text(json.dumps(nested), encoding="utf-8")
    assert list(sources.read(lines, {}).comments) == list(sources.read(whole, {}).comments)
    lines.write_text(json.dumps(nested[0]) + "\n" + json.dumps(nested[1]) + "\n{broken\n", encoding="utf-8")
    with pytest.raises(BriefError, match="line 3: this line is not JSON"):
        sources.read(lines, {})
