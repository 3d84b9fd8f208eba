"""Comments that are kept elsewhere: a command copies them, and builds and checks read the copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import fsspec
import pytest
from click.testing import CliRunner

from brief.cli import main
from brief.contract import files as contract_files
from brief.contract.inputs import data_digest
from brief.data import ledger
from brief.data.loading import check_data, load
from brief.errors import BriefError
from brief.store.fetching import fetch
from brief.store.removing import remove
from brief.store.withdrawing import withdraw
from test_parquet import CSV, NAME, PLACE, stored, write

Project = Callable[..., Path]
MEMORY = "memory://dockets/docket"


def with_address(root: Path, address: str) -> Path:
    topic = root / "data" / "brief.yml"
    text = topic.read_text(encoding="utf-8")
    topic.write_text(text.replace(f"- id: {NAME}\n", f"- id: {NAME}\n  comments: {address}\n"), encoding="utf-8")
    (root / CSV).unlink()
    return root


def told(root: Path) -> str:
    return "".join(f"{fault}\n" for fault in check_data(root))


def texts(root: Path) -> list[str]:
    return [text for _, text, _ in load(root).texts()]


@pytest.fixture
def docket(project: Project, tmp_path: Path) -> tuple[Path, Path]:
    """A brief whose comments are kept outside of it, and where they are: a folder of two Parquet files."""
    root = project("base")
    rows = stored(root)
    write(tmp_path / "docket.parquet" / "day=1" / "part.parquet", rows[:2])
    write(tmp_path / "docket.parquet" / "part.parquet", rows[2:])
    (tmp_path / "docket.parquet" / "day=1").rename(tmp_path / "docket.parquet" / "first")
    return with_address(root, f"file://{tmp_path / 'docket.parquet'}"), tmp_path / "docket.parquet"


def test_a_build_needs_the_copy_and_says_how_to_make_it(docket: tuple[Path, Path]) -> None:
    said = told(docket[0])
    assert f"the comments of '{NAME}' have not been copied from their address" in said
    assert f"-> Give: brief fetch {NAME}. A build uses no network." in said


def test_a_folder_is_copied_and_recorded(docket: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    root, _ = docket
    monkeypatch.chdir(root)
    tried = CliRunner().invoke(main, ["fetch", "--dry-run"])
    assert f"{NAME}: would be copied, files 2" in tried.output and not (root / PLACE).exists()
    result = CliRunner().invoke(main, ["fetch"])
    assert result.exit_code == 0 and f"{NAME}: copied, files 2" in result.output
    assert sorted(path.name for path in (root / PLACE).iterdir()) == ["first", "part.parquet"]
    assert told(root) == "" and len(texts(root)) == 3
    assert "as before" in CliRunner().invoke(main, ["fetch", NAME]).output
    recorded = contract_files.read_csv(root / ledger.FILE, ledger.FILE)
    assert recorded["event"].to_list().count(ledger.TABLE) == 1


def test_what_changes_at_the_address_is_no_part_of_a_build(docket: tuple[Path, Path]) -> None:
    root, there = docket
    fetch(root)
    before = data_digest(root)
    shutil.rmtree(there)
    assert data_digest(root) == before and told(root) == ""


def test_a_newer_docket_takes_the_place_of_the_copy(docket: tuple[Path, Path]) -> None:
    root, there = docket
    fetch(root)
    (there / "part.parquet").unlink()
    write(there / "more.parquet", [{"comment_id": "more-1", "position": "4", "source": "x", "text": "One more."}])
    fetch(root, NAME)
    assert sorted(path.name for path in (root / PLACE).iterdir()) == ["first", "more.parquet"]
    assert told(root) == "" and texts(root)[-1] == "One more."


@pytest.mark.parametrize("ending", [".parquet", ".csv"])
def test_any_address_that_fsspec_knows_will_do(project: Project, tmp_path: Path, ending: str) -> None:
    root = project("base")
    rows = stored(root)
    write(tmp_path / "docket.parquet", rows)
    content = (root / CSV).read_bytes() if ending == ".csv" else (tmp_path / "docket.parquet").read_bytes()
    with_address(root, MEMORY + ending)
    with fsspec.open(MEMORY + ending, "wb") as file:
        file.write(content)
    fetch(root)
    assert told(root) == "" and texts(root) == [row["text"] for row in rows]


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("file:///nowhere/at/all.parquet", "there is no file and no folder of Parquet files at"),
        ("file:///dev/null", "there is no file and no folder"),
        ("nosuch://bucket/docket.parquet", "cannot be read: "),
        ("memory://dockets/docket.xlsx", "is neither Parquet nor CSV"),
        ("memory://dockets/broken.parquet", "this Parquet file cannot be read"),
        ("memory://dockets/nothing.parquet", "the column is missing"),
    ],
)
def test_an_address_that_gives_no_comments_changes_nothing(
    project: Project, tmp_path: Path, address: str, what: str
) -> None:
    root = with_address(project("base"), address)
    for name, content in (("docket.xlsx", b"x"), ("broken.parquet", b"PAR1")):
        with fsspec.open(f"memory://dockets/{name}", "wb") as file:
            file.write(content)
    write(tmp_path / "nothing.parquet", [{"comment_id": "a-1"}])
    with fsspec.open("memory://dockets/nothing.parquet", "wb") as file:
        file.write((tmp_path / "nothing.parquet").read_bytes())
    before = data_digest(root)
    with pytest.raises(BriefError, match=what):
        fetch(root)
    assert data_digest(root) == before


@pytest.mark.parametrize("address", ["s3://key:secret@bucket/docket.parquet", "docket.parquet", "file:// /a b.parquet"])
def test_an_address_is_whole_and_holds_no_password(project: Project, address: str) -> None:
    root = with_address(project("base"), f'"{address}"')
    assert "is not an address of a file or folder" in told(root)


def test_another_text_in_the_copy_is_a_fault(docket: tuple[Path, Path]) -> None:
    root, _ = docket
    fetch(root)
    write(root / PLACE / "more.parquet", [{"comment_id": "b-1", "position": "9", "source": "x", "text": "Slipped in."}])
    assert f"{PLACE}: the texts of this table are not those that came in" in told(root)


def test_a_comment_of_a_table_is_withdrawn_and_does_not_come_back(docket: tuple[Path, Path]) -> None:
    root, there = docket
    fetch(root)
    withdraw(root, f"{NAME}-1", "asked for")
    assert told(root) == "" and len(texts(root)) == 2
    write(there / "more.parquet", [{"comment_id": "more-1", "position": "4", "source": "x", "text": "One more."}])
    with pytest.raises(BriefError, match="was withdrawn and its text is here again"):
        fetch(root)
    assert told(root) == "" and len(texts(root)) == 2


def test_an_edit_of_a_table_is_recorded(docket: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    root, _ = docket
    fetch(root)
    write(root / PLACE / "more.parquet", [{"comment_id": "b-1", "position": "9", "source": "x", "text": "Put in."}])
    monkeypatch.chdir(root)
    result = CliRunner().invoke(main, ["record-edit", NAME, "--note", "a comment that was missing"])
    assert result.exit_code == 0, result.output
    assert told(root) == ""


def test_a_table_is_removed_with_its_folder(docket: tuple[Path, Path]) -> None:
    root, _ = docket
    fetch(root)
    for name in ("codings/ann.csv", "voices.csv", "coders.yml", "codebook.yml"):
        (root / "data" / name).unlink()
    topic = root / "data" / "brief.yml"
    topic.write_text(topic.read_text(encoding="utf-8").replace("coder: ann\n", ""), encoding="utf-8")
    assert remove(root, NAME, "the wrong docket").comments == 3
    assert not (root / PLACE).exists() and told(root) == ""
