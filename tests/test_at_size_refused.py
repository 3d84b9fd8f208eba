"""What `brief analyse` cannot analyse: it says what is wrong and in which row, and keeps nothing of the comments."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from brief.cli import main
from brief.errors import BriefError
from brief.findings.at_size.docket import of_files
from dockets import analysed


def told(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["analyse", *arguments])


def test_a_file_without_its_columns_is_told(tmp_path: Path) -> None:
    path = tmp_path / "letters.csv"
    path.write_text("id,body\n1,Keep it open.\n", encoding="utf-8")
    result = told(str(path), "--out", str(tmp_path / "out"))
    assert result.exit_code == 1
    assert "letters.csv, row 1: the table has no column 'comment_id'" in result.stderr


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            "a,Keep it.\na,Close it.\n",
            "letters.csv, row 3, column comment_id: the comment_id 'a' stands twice, before in row 2",
        ),
        (" ,Keep it.\n", "letters.csv, row 2, column comment_id: the comment has no id"),
        ("", "there are no comments to analyse"),
        ("a,Keep\x00 it.\n", "control character U+0000"),
        ("a,Keep it,now.\n", "the row has 3 cells and the header 2"),
    ],
)
def test_what_cannot_be_analysed_is_told_and_nothing_is_written(tmp_path: Path, cells: str, message: str) -> None:
    path, out = tmp_path / "letters.csv", tmp_path / "out"
    path.write_text(f"comment_id,text\n{cells}", encoding="utf-8")
    result = told(str(path), "--out", str(out), "--processes", "1")
    assert result.exit_code == 1 and message in result.stderr
    assert list(out.iterdir()) == [], "nor is anything of the comments kept"


def test_half_a_sign_is_told(tmp_path: Path) -> None:
    path = tmp_path / "letters.csv"
    path.write_bytes(b"comment_id,text\na,\xed\xa0\x80\n")
    result = told(str(path), "--out", str(tmp_path / "out"))
    assert result.exit_code == 1 and "letters.csv, row 2: the byte 0xed is not UTF-8" in result.stderr


def test_a_file_that_is_no_parquet_is_told(tmp_path: Path) -> None:
    path = tmp_path / "letters.parquet"
    path.write_bytes(b"PAR1 and nothing more")
    result = told(str(path), "--out", str(tmp_path / "out"), "--processes", "1")
    assert result.exit_code == 1 and "letters.parquet: this is not Parquet that holds texts" in result.stderr


@pytest.mark.parametrize("rows", [1, 2, 100])
def test_an_id_that_stands_in_two_files_is_told_with_both_rows(tmp_path: Path, rows: int) -> None:
    """For any size of batch, and nothing stays of what was read before the second one was met."""
    first, second, out = tmp_path / "a.csv", tmp_path / "b.parquet", tmp_path / "out"
    first.write_text("comment_id,text\nx,Keep it.\ny,Close it.\n", encoding="utf-8")
    pd.DataFrame({"comment_id": ["z", "y"], "text": ["Why?", "Never."]}).to_parquet(second)
    with pytest.raises(BriefError) as refusal:
        analysed(of_files([first, second], None), out, rows)
    assert "b.parquet, row 3, column comment_id: the comment_id 'y' stands twice, before in row 3 of a.csv" in str(
        refusal.value
    )
    assert list(out.iterdir()) == []


def test_a_fault_in_a_late_row_leaves_nothing_of_the_rows_before(tmp_path: Path) -> None:
    path, out = tmp_path / "letters.csv", tmp_path / "out"
    path.write_text("comment_id,text\na,Keep it.\nb,Close it.\n,Never.\n", encoding="utf-8")
    with pytest.raises(BriefError, match=r"letters.csv, row 4, column comment_id: the comment has no id"):
        analysed(of_files([path], None), out, 1)
    assert list(out.iterdir()) == []


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_other_separators_are_told_once(tmp_path: Path, sign: str, name: str) -> None:
    path = tmp_path / "letters.csv"
    path.write_text(f"comment_id{sign}text\n" + f"a{sign}Keep it, please.\n" * 300, encoding="utf-8")
    result = told(str(path), "--out", str(tmp_path / "out"), "--processes", "1")
    assert result.exit_code == 1
    assert f"letters.csv, row 1: the cells are separated by {name}, not by commas" in result.stderr
    assert "brief add" in result.stderr and "Quote the cells" not in result.stderr
