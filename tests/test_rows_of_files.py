"""A message names the row of the file that a spreadsheet shows: the header is row 1, blank rows are counted.

Of JSON Lines it names the line, and of what has neither rows nor lines nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest

from brief.errors import BriefError
from brief.store import adding, sources
from brief.store.sources import polis
from conftest import CASES

Project = Callable[..., Path]
Writer = Callable[[Path, Sequence[tuple[str, str]]], Path]

ROWS = [("1", ""), ("2", "Hello one"), ("3", " "), ("4", "Hello two"), ("4", "Hello two"), ("4", "Hello three")]


def comma(path: Path, rows: Sequence[tuple[str, str]]) -> Path:
    file = path / "more.csv"
    file.write_text("".join(f'{name},"{text}"\n' for name, text in [("id", "text"), *rows]), encoding="utf-8")
    return file


def html(path: Path, rows: Sequence[tuple[str, str]]) -> Path:
    """Texts that are HTML are made plain on the way."""
    return comma(path, [(name, text and f"<p>{text}</p>") for name, text in rows])


def workbook(path: Path, rows: Sequence[tuple[str, str]]) -> Path:
    book = openpyxl.Workbook()
    for row in [("id", "text"), *rows]:
        book.active.append(row)
    book.save(path / "more.xlsx")
    return path / "more.xlsx"


def parquet(path: Path, rows: Sequence[tuple[str, str]]) -> Path:
    arrow = pytest.importorskip("pyarrow")
    table = arrow.table({"id": [name for name, _ in rows], "text": [text for _, text in rows]})
    pytest.importorskip("pyarrow.parquet").write_table(table, path / "more.parquet")
    return path / "more.parquet"


def json_lines(path: Path, rows: Sequence[tuple[str, str]]) -> Path:
    lines = "".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in rows)
    (path / "more.jsonl").write_text(f"\n{lines}", encoding="utf-8")
    return path / "more.jsonl"


def document(path: Path, rows: Sequence[tuple[str, str]]) -> Path:
    (path / "more.json").write_text(json.dumps([{"id": name, "text": text} for name, text in rows]), encoding="utf-8")
    return path / "more.json"


def refused(root: Path, path: Path) -> str:
    with pytest.raises(BriefError) as error:
        adding.add(root, path, {"collection": "letters"})
    return str(error.value)


@pytest.mark.parametrize("write", [comma, html, workbook, parquet])
def test_blank_texts_are_rows(project: Project, tmp_path: Path, write: Writer) -> None:
    path = write(tmp_path, ROWS)
    told = refused(project("base"), path)
    assert f"{path.name}, row 7, column comment_id: the id '4' stands in row 5 already, with other words" in told


def test_of_json_lines_the_line_is_named(project: Project, tmp_path: Path) -> None:
    path = json_lines(tmp_path, ROWS)
    told = refused(project("base"), path)
    assert "more.jsonl, line 7, key comment_id: the id '4' stands in line 5 already, with other words" in told


def test_of_a_json_document_no_row_is_named(project: Project, tmp_path: Path) -> None:
    told = refused(project("base"), document(tmp_path, ROWS))
    assert "more.json, column comment_id: the id '4' stands in the file already, with other words" in told


def test_blank_rows_titles_and_cells_that_span_lines_are_counted_as_a_spreadsheet_does(
    project: Project, tmp_path: Path
) -> None:
    path = tmp_path / "more.csv"
    path.write_text(
        'Our survey,,\n\nid,text,likes\n,,\n1,"One\n\nline",1\n\n\n2,Two words here,2\n2,Three words here,3\n', "utf-8"
    )
    told = refused(project("base"), path)
    assert "more.csv, row 9, column comment_id: the id '2' stands in row 8 already" in told


def test_many_rows_are_counted_as_few_are(project: Project, tmp_path: Path) -> None:
    """They wait on the disk, and are read in batches."""
    filler = [(f"a{number}", f"Words of number {number}") for number in range(20_000)]
    path = comma(tmp_path, [*ROWS[:-1], *filler, ("a3", "Other words")])
    assert "row 20007, column comment_id: the id 'a3' stands in row 10 already" in refused(project("base"), path)


@pytest.mark.parametrize("id_", ["id", "QID"])
def test_a_sign_that_no_page_shows_is_taken_out_and_told(tmp_path: Path, id_: str) -> None:
    """Of a table, and of Qualtrics, where three rows stand above the answers."""
    survey = '"Q1"\n"What do\nyou say?"\n"{""ImportId"":""QID1""}"\n'
    head = "id,text\n" if id_ == "id" else survey
    one, two = ('1,"One\nline"\n', "2,T\x01wo\n") if id_ == "id" else ('"One\nline"\n', '"T\x01wo"\n')
    path = tmp_path / "more.csv"
    path.write_text(head + one + two, "utf-8")
    found = sources.read(path, {})
    assert "Signs that no page can show, taken out: 1, U+0001." in found.messages
    assert list(found.comments.frame()["text"]) == ["One\nline", "Two"]


def test_the_same_words_under_one_id_are_told_to_be_the_same(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "more.csv"
    path.write_text("id,date,text\n1,2024-01-01,Hello one\n1,2024-01-02,Hello one\n", encoding="utf-8")
    told = refused(project("base"), path)
    assert "row 3, column comment_id: the id '1' stands in row 2 already, with the same words" in told
    assert "and another posted_at" in told and "other words" not in told


def test_the_totals_of_a_conversation_are_told_by_their_row(tmp_path: Path) -> None:
    for name in ("comments.csv", "votes.csv"):
        text = (CASES / "polis" / "sound" / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("\n", "\n\n", 1) if name == "comments.csv" else text, "utf-8")
    path = tmp_path / "comments.csv"
    head, blank, first, *rest = path.read_text(encoding="utf-8").split("\n")
    agrees = head.split(",").index("agrees")
    cells = first.split(",")
    path.write_text("\n".join([head, blank, ",".join([*cells[:agrees], "99", *cells[agrees + 1 :]]), *rest]), "utf-8")
    with pytest.raises(BriefError, match=r"comments\.csv, row 3, column agrees: the file says 99"):
        polis.read(path, {})


def test_of_a_file_without_a_header_no_row_of_names_is_told(project: Project, tmp_path: Path) -> None:
    path = json_lines(tmp_path, ROWS)
    with pytest.raises(BriefError) as error:
        adding.add(project("base"), path, {"collection": "letters", "map": ("text=words",)})
    assert str(error.value).startswith("more.jsonl: there is no column “words”")
