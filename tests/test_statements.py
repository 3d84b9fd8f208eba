"""The statements of this brief: each survives every plausible way to divide the blocks into comments."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from brief.analysis import coding, merging
from brief.book.check import check
from brief.book.contents import Book, chosen, read_book
from brief.data.brief import Brief
from brief.data.loading import load
from brief.findings.facts import compute_facts, values
from brief.findings.facts.general import ids
from brief.findings.findings import Findings
from brief.prose.conditions import parse
from conftest import CASES, ROOT, copy_brief, run_build


@pytest.fixture(scope="module")
def brief() -> Brief:
    return load(ROOT)


@pytest.fixture(scope="module")
def book() -> Book:
    return read_book(ROOT)


def test_every_statement_holds_and_says_under_which_condition(brief: Brief, book: Book) -> None:
    facts = compute_facts(Findings(brief))
    statements = list(book.statements())
    assert len(statements) > 8
    for _, statement in statements:
        assert chosen(statement, facts) is not None, statement.statement_id


def test_sentences_on_stances_hold_however_the_blocks_are_divided(brief: Brief, book: Book) -> None:
    """For each reading the facts on stances are put to that reading's counts; the condition must stay true."""
    assert brief.codebook is not None
    given = values(compute_facts(Findings(brief)))
    stances = ids(brief.codebook.stances)
    readings = merging.readings(Findings(brief).comments, stances)
    assert set(readings["comments"]) == {5, 6, 7}
    wanted = {"answer", "nobody-for-access"}
    tried = [statement for _, statement in book.statements() if statement.statement_id in wanted]
    assert {statement.statement_id for statement in tried} == wanted
    for reading in readings.to_dict("records"):
        merged = {f"stance-{stance}": int(reading[stance]) for stance in stances}
        counts = {"comments-shown": int(reading["comments"]), "comments-coded": int(reading["comments"])}
        for statement in tried:
            conditions = [parse(part.condition) for part in statement.alternatives if part.condition]
            assert conditions[0].holds({**given, **merged, **counts}), (statement.statement_id, reading)


def test_the_facts_on_mergings_bound_every_reading(brief: Brief) -> None:
    assert brief.codebook is not None
    given = values(compute_facts(Findings(brief)))
    stances = ids(brief.codebook.stances)
    readings = merging.readings(Findings(brief).comments, stances)
    assert given["comments-fewest"] == readings["comments"].min()
    for stance in stances:
        assert given[f"stance-{stance}-least"] == readings[stance].min()
        assert given[f"stance-{stance}-most"] == readings[stance].max()


def test_the_counts_agree_with_the_file_of_codings(brief: Brief) -> None:
    total = coding.summarise(Findings(brief).comments)
    given = values(compute_facts(Findings(brief)))
    codings = brief.codings[brief.codings["coder_id"] == Findings(brief).coder]
    for stance, count in codings["stance"].value_counts().items():
        assert given[f"stance-{stance}"] == count == coding.number(total, "stance", str(stance))


FALSE = CASES / "statements"


def test_every_statement_that_can_fail_has_a_case_that_makes_it_false(book: Book) -> None:
    """A statement with an "otherwise" cannot fail; for each of the others a case lies in `tests/cases/statements`."""
    can_fail = {
        statement.statement_id
        for _, statement in book.statements()
        if all(part.condition for part in statement.alternatives)
    }
    assert can_fail == {folder.name for folder in FALSE.iterdir()}


def made_false(root: Path, case: Path) -> None:
    for edit in yaml.safe_load((case / "edits.yml").read_text(encoding="utf-8")):
        path = root / edit["file"]
        text = path.read_text(encoding="utf-8")
        assert edit["before"] in text
        path.write_text(text.replace(edit["before"], edit["after"]), encoding="utf-8")


@pytest.mark.parametrize("case", sorted(FALSE.iterdir()), ids=lambda folder: folder.name)
def test_the_case_makes_the_statement_false_and_the_check_names_it(tmp_path: Path, case: Path) -> None:
    root = copy_brief(tmp_path / "brief")
    made_false(root, case)
    (fault,) = (fault for fault in check(root) if f"the statement '{case.name}' no longer holds: '" in fault.what)
    assert fault.file.startswith("book/topic/") and fault.row and fault.remedy


def test_a_build_stops_on_every_statement_that_no_longer_holds(tmp_path: Path) -> None:
    root = copy_brief(tmp_path / "brief")
    names = ("answer", "message-recovered")
    for name in names:
        made_false(root, FALSE / name)
    ended = run_build(root)
    assert ended.returncode == 1
    for name in names:
        assert f"the statement '{name}' no longer holds: '" in ended.stdout
    assert "book/topic/" in ended.stdout and "Traceback" not in ended.stdout
    assert not (root / "_build" / "html").exists()
