"""Whatever is typed or stands where a file should be ends in a message: nothing is stored, and nothing waits."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from brief.book import editions, records
from brief.book.check import check
from brief.cli import main
from brief.data.loading import check_data
from brief.errors import BriefError
from brief.store import adding, sources
from brief.store.changes import record_edit

COMMENTS = "data/comments/the-gazette-2021-03-01.csv"
Project = Callable[..., Path]


def folder(path: Path) -> None:
    path.mkdir(parents=True)


def pipe(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)


def link(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to("nowhere")


def device(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to("/dev/zero")


def content(root: Path) -> dict[str, bytes]:
    """The bytes of every file of a brief, without those of the lock."""
    files = {one.relative_to(root).as_posix(): one for one in root.rglob("*") if one.is_file()}
    return {name: one.read_bytes() for name, one in files.items() if not name.startswith(".brief/")}


MADE: dict[Callable[[Path], None], str] = {
    folder: "this is a folder, not a file",
    pipe: "this is a pipe or a device, not a file",
    device: "this is a pipe or a device, not a file",
    link: "this link leads nowhere",
}


@pytest.mark.parametrize("make", MADE, ids=lambda make: make.__name__)
@pytest.mark.parametrize("file", ["data/ledger.csv", "data/sources.bib", COMMENTS, "data/editions/2021-03-05.json"])
def test_what_stands_in_place_of_a_file_is_told(project: Project, file: str, make: Callable[[Path], None]) -> None:
    root = project("base")
    (root / file).unlink(missing_ok=True)
    make(root / file)
    assert (file, MADE[make]) in {(fault.file, fault.what) for fault in check_data(root)}


@pytest.mark.parametrize("name", ["data/comments", "data/codings", "data/editions", "data/options"])
def test_a_file_in_place_of_a_folder_is_told(project: Project, name: str) -> None:
    root = project("base")
    shutil.rmtree(root / name, ignore_errors=True)
    (root / name).write_text("text", encoding="utf-8")
    assert (name, "this is a file, not a folder") in {(fault.file, fault.what) for fault in check_data(root)}


@pytest.mark.parametrize("name", [b"half\xff.csv", b"red\x1b[31m.csv"])
def test_a_name_that_nobody_can_print_is_told(project: Project, name: bytes) -> None:
    root = project("base")
    (root / "data" / "voices" / os.fsdecode(name)).parent.mkdir()
    (root / "data" / "voices" / os.fsdecode(name)).write_text("a\n", encoding="utf-8")
    told = str(BriefError(check_data(root)))
    assert "the name of the file holds a control character, or is not in UTF-8" in told
    assert "\x1b" not in told and told.encode("utf-8")


@pytest.mark.parametrize("make", [pipe, device], ids=lambda make: make.__name__)
@pytest.mark.parametrize(
    "command", ["add in.csv", "import-codings in.csv --coder x", "import-codings in.qdpx --coder x"]
)
def test_no_command_waits_for_a_pipe(
    project: Project, monkeypatch: pytest.MonkeyPatch, command: str, make: Callable[[Path], None]
) -> None:
    root = project("base")
    before = content(root)
    monkeypatch.chdir(root)
    make(root / command.split()[1])
    result = CliRunner().invoke(main, command.split())
    assert (result.exit_code, MADE[pipe] in result.output) == (1, True)
    (root / command.split()[1]).unlink()
    assert content(root) == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("half \udcff", "the text 'half \\udcff' of the command line is not in UTF-8"),
        ("red \x1b[31m", "the text 'red \\x1b[31m' of the command line holds the control character U+001B"),
        ("\u200b\u2060", "a text of the command line holds no sign that anybody sees"),
        (" ", "a text of the command line holds no sign that anybody sees"),
    ],
)
@pytest.mark.parametrize(
    "command",
    [
        ["withdraw", "the-gazette-2021-03-01-1", "--note"],
        ["record-edit", "the-gazette-2021-03-01-1", "--note"],
        ["add", "page.txt", "--published", "2021-03-02", "--publisher"],
        ["import-codings", "sheet.csv", "--coder", "second", "--how"],
        ["new"],
        ["diff"],
    ],
    ids=lambda command: command[0],
)
def test_no_text_of_the_command_line_may_hold_what_no_file_may(
    project: Project, monkeypatch: pytest.MonkeyPatch, command: list[str], text: str, message: str
) -> None:
    root = project("base")
    before = content(root)
    monkeypatch.chdir(root)
    result = CliRunner().invoke(main, [*command, text])
    assert (result.exit_code, message in result.output) == (1, True)
    assert content(root) == before


def test_the_same_export_again_changes_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project("base")
    monkeypatch.chdir(root)
    path = root / "letters.csv"
    path.write_text("text,author\nGood idea.,Ann\nGood idea.,Ben\nGood idea.,Ben\n", encoding="utf-8")
    asked = ["add", "letters.csv", "--question", "Should it stay open?"]
    assert CliRunner().invoke(main, asked).exit_code == 0
    before = content(root)
    said = CliRunner().invoke(main, asked).output
    assert "Comments to store: as before 3." in said and "Nothing is written" in said
    shutil.move(path, root / "moved.csv")
    said = CliRunner().invoke(main, ["add", "moved.csv", "--collection", "letters"]).output
    assert "Comments to store: as before 3." in said, "the same bytes under another name"
    shutil.move(root / "moved.csv", path)
    assert content(root) == before


def test_what_an_export_has_more_is_added_and_rows_keep_their_numbers(project: Project) -> None:
    root = project("base")
    path = root / "letters.csv"
    path.write_text("text\nGood idea.\n", encoding="utf-8")
    adding.add(root, path, {"question": "Should it stay open?"})
    path.write_text("text\nGood idea.\nGood idea.\nBad idea.\n", encoding="utf-8")
    assert dict(adding.add(root, path, {}).counts) == {"new": 2, "as before": 1}
    stored = (root / "data/comments/letters.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [row.split(",")[0] for row in stored] == ["letters-1", "letters-2", "letters-3"]


def test_a_ledger_is_sealed_and_no_row_makes_another_one_right(project: Project) -> None:
    root = project("base")
    path = root / "letters.csv"
    path.write_text("text\nGood idea.\n", encoding="utf-8")
    adding.add(root, path, {"question": "Should it stay open?"})
    assert not check_data(root)
    recorded = root / "data" / "ledger.csv"
    lines = recorded.read_text(encoding="utf-8").splitlines(keepends=True)
    recorded.write_text("".join([lines[0], *lines[2:]]), encoding="utf-8")
    assert "this is not the ledger that was written last" in str(BriefError(check_data(root)))
    stored = root / "data/comments/letters.csv"
    stored.write_text(stored.read_text(encoding="utf-8").replace("Good", "Bad"), encoding="utf-8")
    with pytest.raises(BriefError, match="this is not the ledger that was written last"):
        record_edit(root, "letters-1", "a slip")
    recorded.unlink()
    assert "the ledger is missing or empty" in str(BriefError(check_data(root)))


RECORDS = {
    "{": "this is not JSON",
    "[" * 100_000: "it is nested too deep",
    "[]": "this is no record of an edition",
    json.dumps({part: {} for part in ("facts", "statements", "figures")}): "this is no record of an edition",
    json.dumps({part: {"a": 1} for part in ("facts", "statements", "figures", "comments")}): "no record of an edition",
}


@pytest.mark.parametrize("record", RECORDS)
def test_a_broken_record_of_an_edition_is_told(tmp_path: Path, record: str) -> None:
    kept = tmp_path / "data" / "editions"
    kept.mkdir(parents=True)
    (kept / "2021-03-05.json").write_text(record, encoding="utf-8")
    (kept / "2021-13-45.json").write_text("{}", encoding="utf-8")
    (impossible, broken) = sorted(records.faults_of_records(tmp_path), key=lambda fault: fault.file, reverse=True)
    assert RECORDS[record] in broken.what and broken.remedy == "Take the file back from the repository."
    assert impossible.what == "there is no such date as 2021-13-45"


def test_the_check_says_what_the_build_would_say_of_a_record(project: Project) -> None:
    root = project("base", chapters=True)
    kept = root / "data" / "editions"
    kept.mkdir(exist_ok=True)
    (kept / "2021-03-05.json").write_text("{", encoding="utf-8")
    told = [fault.what for fault in check(root) if fault.file == "data/editions/2021-03-05.json"]
    with pytest.raises(BriefError) as error:
        editions.revisions(root)
    assert told == [fault.what for fault in error.value.faults]


#: One level of a nested file, around what stands in the middle: of lists, objects, and threads of each platform.
LEVELS: dict[str, tuple[str, str, str]] = {
    "lists": ("[", '{"text": "deep"}', "]"),
    "objects": ('{"a": ', '{"text": "deep"}', "}"),
    "answers": ('{"text": "a", "replies": [', "", "]}"),
    "containers": ('{"text": "a", "replies": {"data": ', "[]", "}}"),
    "containers-in-one": ('{"data": ', '[{"text": "deep"}]', "}"),
    "answers-without-texts": ('{"replies": [', "1", "]}"),
    "hacker-news": ('{"type": "comment", "text": "a", "author": "b", "id": 1, "children": [', "", "]}"),
    "isso": ('{"id": 1, "text": "a", "mode": 1, "replies": [', "", "]}"),
    "reddit": (
        '{"kind": "Listing", "data": {"children": [{"kind": "t1", "data": {"body": "a", "replies": ',
        '""',
        "}}]}}",
    ),
    "no-end": ("[", "", ""),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("depth", [150, 330, 480, 700, 990, 1_000, 20_000])
@pytest.mark.parametrize("level", LEVELS)
def test_nothing_is_nested_too_deep_to_be_told(tmp_path: Path, level: str, depth: int, encoding: str) -> None:
    before, middle, after = LEVELS[level]
    path = tmp_path / "deep.json"
    path.write_text(f"{before * depth}{middle}{after * depth}\n", encoding=encoding)
    answers = {} if encoding == "utf-8" else {"encoding": encoding}
    try:
        assert len(sources.read(path, answers).comments)
    except BriefError as error:
        assert "    -> " in str(error)


def test_a_cell_that_is_nested_deep_is_a_text_like_others(tmp_path: Path) -> None:
    path = tmp_path / "cells.csv"
    path.write_text(f"id,text\n1,{'[' * 5_000}\n2,Good idea.\n", encoding="utf-8")
    assert len(sources.read(path, {}).comments) == 2


@pytest.mark.parametrize(
    "encoding", ["klingon", "base64", "rot13", "hex", "zlib", "bz2", "undefined", "idna", "ü", " "]
)
@pytest.mark.parametrize("name", ["letters.csv", "letters.json", "letters.jsonl", "page.txt", "page.html"])
def test_what_is_no_encoding_of_text_is_refused_with_some_that_are(tmp_path: Path, name: str, encoding: str) -> None:
    page = "A headline\n\nA paragraph below it.\n\n\nA comment.\n"
    texts = {"letters.csv": "text\nGood idea.\n", "page.txt": page, "page.html": f"<html><body><h1>{page}</h1></body>"}
    path = tmp_path / name
    path.write_text(texts.get(name, '{"text": "Good idea."}\n' * 2), encoding="utf-8")
    with pytest.raises(BriefError, match=f"there is no encoding of text called '{encoding}'") as error:
        sources.read(path, {"encoding": encoding})
    assert "Give one such as utf-8, utf-16, windows-1252" in str(error.value)
