"""A newer export of the same comments: what is new, changed, gone or as before, by files in `tests/cases/newer`."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

import topics
from brief.book.snapshot import take
from brief.cli import main
from brief.coding.transfer import export, take_in
from brief.contract import files as contract_files
from brief.contract import inputs
from brief.data import ledger
from brief.data.loading import check_data, load
from brief.store import adding, rows, withdrawing
from conftest import CASES

Project = Callable[..., Path]
NEWER = sorted((CASES / "newer").iterdir())
GAZETTE = {"publisher": "The Echo", "published": "2021-03-02"}


def answers_for(path: Path) -> dict[str, object]:
    return dict(GAZETTE) if path.suffix == ".txt" else {"collection": "letters", "question": "Should it close?"}


def rows_of(root: Path, name: str) -> list[dict[str, str]]:
    return contract_files.records(contract_files.read_csv(root / f"data/comments/{name}.csv", name))


def taken(root: Path, folder: Path) -> tuple[adding.Plan, str]:
    """Take both exports of a case in; the second plan, and the collection."""
    first, second = sorted(path for path in folder.iterdir() if path.suffix != ".expected")
    plan = adding.add(root, first, answers_for(first))
    assert set(plan.counts) == {"new"}
    replace = {"replace": True} if first.suffix == ".txt" else {}
    plan = adding.add(root, second, answers_for(second) | replace)
    return plan, "the-echo-2021-03-02" if first.suffix == ".txt" else "letters"


@pytest.mark.parametrize("in_memory", [rows.FEW, 1])
@pytest.mark.parametrize("folder", NEWER, ids=lambda folder: folder.name)
def test_what_became_of_each_comment(
    project: Project, folder: Path, in_memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same whether rows are held in memory or on the disk."""
    monkeypatch.setattr(rows, "FEW", in_memory)
    root = project("base")
    plan, name = taken(root, folder)
    told = [", ".join(f"{state} {number}" for state, number in plan.counts.items())]
    told += [
        " | ".join([row["comment_id"], row.get("parent_id", ""), row.get("status", ""), row["text"]]).strip()
        for row in rows_of(root, name)
    ]
    expected = folder / "told.expected"
    if not expected.is_file():
        expected.write_text("\n".join(told) + "\n", encoding="utf-8")
        pytest.fail(f"{expected.name} was missing and is written now: read it, then keep it")
    assert told == expected.read_text(encoding="utf-8").splitlines()
    assert not check_data(root)


@pytest.mark.parametrize("folder", NEWER, ids=lambda folder: folder.name)
def test_taking_the_newer_export_in_again_changes_nothing(project: Project, folder: Path) -> None:
    root = project("base")
    taken(root, folder)
    before = inputs.data_digest(root)
    second = max(path for path in folder.iterdir() if path.suffix != ".expected")
    replace = {"replace": True} if second.suffix == ".txt" else {}
    plan = adding.add(root, second, answers_for(second) | replace)
    assert plan.changes_nothing and set(plan.counts) <= {"as before"}
    assert inputs.data_digest(root) == before


def csv(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_coding_of_an_edited_comment_is_marked_until_it_is_read_again(project: Project) -> None:
    root = project("base")
    letters = {"collection": "letters", "question": "Should it close?"}
    adding.add(root, csv(root, "a.csv", "comment_id,text\nc1,Close it.\nc2,Leave it.\n"), letters)
    codings = root / "data/codings/ann.csv"
    _, row, *_ = codings.read_text(encoding="utf-8").splitlines()
    name = row.split(",")[0]
    codings.write_text(f"{codings.read_text(encoding='utf-8')}{row.replace(name, 'c1')}\n", encoding="utf-8")
    adding.add(root, csv(root, "b.csv", "comment_id,text\nc1,Do not close it.\nc2,Leave it.\n"), letters)
    marked = {row["comment_id"]: row["text_read"] for row in rows_of_codings(codings)}
    assert marked == {name: "", "c1": "earlier"} | {other: "" for other in marked if other not in (name, "c1")}
    facts = take(root).facts
    assert facts["codings-of-earlier-texts"].value == 1 and facts["comments-gone"].value == 0
    assert ledger.current(load(root).ledger)["c1"][0] == "edit"
    sheet = root / "sheet.csv"
    assert export(root, sheet, "", "") == (5, len(marked) - 1), "a reading of another text goes out with none"
    rows = contract_files.records(contract_files.read_csv(sheet, sheet.name))
    (again,) = (row for row in rows if row["comment_id"] == "c1")
    assert not again["stance"] and again["text"] == "Do not close it."
    sheet.write_text("comment_id,stance,text\nc1,against,Do not close it.\n", encoding="utf-8")
    take_in(root, sheet, {"id": "ann", "name": "Ann", "kind": "person"}, None, replace=False)
    read = {row["comment_id"]: row for row in rows_of_codings(codings)}["c1"]
    assert (read["stance"], read.get("text_read", "")) == ("against", "")
    assert take(root).facts["codings-of-earlier-texts"].value == 0


def rows_of_codings(path: Path) -> list[dict[str, str]]:
    return contract_files.records(contract_files.read_csv(path, path.name))


def test_a_comment_that_is_gone_is_counted_and_comes_back_with_its_id(project: Project) -> None:
    root = project("base")
    letters = {"collection": "letters", "question": "Should it close?"}
    both = csv(root, "a.csv", "comment_id,text\nc1,Close it.\nc2,Leave it.\n")
    adding.add(root, both, letters)
    assert adding.add(root, csv(root, "b.csv", "comment_id,text\nc2,Leave it.\n"), letters).counts["gone"] == 1
    assert take(root).facts["comments-gone"].value == 1
    assert "Close it." not in {text for _, text, _ in load(root).texts()}
    assert adding.add(root, both, letters).counts == {"as before": 2}
    assert take(root).facts["comments-gone"].value == 0
    assert "Close it." in {text for _, text, _ in load(root).texts()}


def test_the_caller_says_what_a_file_holds(project: Project) -> None:
    root = project("base")
    letters = {"collection": "letters", "question": "Should it close?"}
    adding.add(root, csv(root, "a.csv", "comment_id,text\nc1,Close it.\nc2,Leave it.\n"), letters)
    part = csv(root, "b.csv", "comment_id,text\nc2,Leave it.\nc3,Both.\n")
    assert adding.add(root, part, letters | {"holds": "more"}).counts == {"new": 1, "as before": 1}
    one = csv(root, "c.csv", "comment_id,text\nc9,Neither.\n")
    assert adding.add(root, one, letters | {"holds": "all"}).counts == {"new": 1, "gone": 3}


def test_a_withdrawn_comment_stays_withdrawn_whatever_comes_in(project: Project) -> None:
    root = project("base")
    letters = {"collection": "letters", "question": "Should it close?"}
    text = "comment_id,author,text\nc1,Ann,Close it.\nc2,Bob,Leave it.\n"
    adding.add(root, csv(root, "a.csv", text), letters)
    withdrawing.withdraw(root, "c1", "asked for")
    edited = text.replace("Close it.", "Close it at once.")
    for name, again in (("b.csv", text), ("c.csv", edited), ("d.csv", text.replace("c1", "d1"))):
        counts = adding.add(root, csv(root, name, again), letters).counts
        assert counts["withdrawn"] == 1, name
        stored = (root / "data/comments/letters.csv").read_text(encoding="utf-8")
        assert "Close it" not in stored and "Ann" not in stored


def test_the_preview_tells_what_would_change(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project("base")
    monkeypatch.chdir(root)
    csv(root, "a.csv", "comment_id,author,posted_at,text\nc1,Ann,2020-08-15,Close it.\nc2,Bob,3 days ago,Leave it.\n")
    csv(root, "b.csv", "comment_id,author,posted_at,text\nc1,Ann,2020-08-15,Close it. Now.\nc3,Cy,2020-08-16,Both.\n")
    run = CliRunner().invoke
    told = run(main, ["add", "a.csv", "--collection", "letters"]).output
    for part in (
        "Longest, 2 words: “Close it.”",
        "With an author: 2, of whom different: 2.",
        "With a date: 1, from 2020-08-15 to 2020-08-15.",
        "posted_at, not read as a date: 1, such as “3 days ago”; kept as attr_posted_at.",
        "Comments to store: new 2.",
    ):
        assert part in told, told
    before = inputs.data_digest(root)
    told = run(main, ["add", "b.csv", "--collection", "letters", "--dry-run"]).output
    assert "Comments to store: new 1, changed 1, gone 1." in told, told
    assert "c1: “Close it.” becomes “Close it. Now.”" in told
    assert inputs.data_digest(root) == before
    run(main, ["add", "b.csv", "--collection", "letters"])
    assert (
        "Nothing is written: all of it is stored already."
        in run(main, ["add", "b.csv", "--collection", "letters"]).output
    )


@pytest.mark.parametrize(
    ("edition", "posted", "recorded", "told"),
    [
        ("2026-01-01", "", False, "is still that of a new brief"),
        ("2026-03-01", "2026-03-02", False, "is older than the newest comment, which is of 2026-03-02"),
        ("2026-03-01", "2026-03-01", True, "is recorded already, without what comes in now"),
        ("2026-03-01", "2026-03-01", False, ""),
    ],
)
def test_adding_asks_for_a_later_edition_where_this_one_is_older(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edition: str, posted: str, recorded: bool, told: str
) -> None:
    root = topics.asked(tmp_path / "brief", [])
    topic = root / "data" / "brief.yml"
    topic.write_text(re.sub("(?m)^edition: .*$", f"edition: {edition}", topic.read_text(encoding="utf-8")), "utf-8")
    if recorded:
        topics.write(root / "data" / "editions" / f"{edition}.json", "{}")
    (root / "letters.csv").write_text(f"text,posted_at\nKeep it open.,{posted}\n", encoding="utf-8")
    monkeypatch.chdir(root)
    for arguments in (["--dry-run"], [], []):
        ended = CliRunner().invoke(main, ["add", "letters.csv", *arguments])
        assert ended.exit_code == 0, ended.output
        expected = f"The edition in data/brief.yml, {edition}, {told}: set the day of the next one there."
        assert (expected in ended.output) is bool(told and "is stored already" not in ended.output)
        assert ("The edition in" in ended.output) is (expected in ended.output)
