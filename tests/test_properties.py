"""What holds for every text, not for those that somebody thought of: each reader and writer, tried with drawn ones.

The draws are the same on every run, and few: a file of tests that takes long is not run.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hostile_codings
from brief.coding import exchange
from brief.contract import files as contract_files
from brief.contract import tables, text_files
from brief.contract.formats import formats_in
from brief.data import ledger
from brief.errors import BriefError, Fault, harmless
from brief.prose.masking import Masking
from brief.prose.placeholders import is_placeholder
from brief.store.sources import copied_page

COLUMNS = [column.name for column in tables.COMMENTS]
#: Everything that a file of the brief may hold, and much of what programs trip over.
SIGNS = st.characters(codec="utf-8").filter(lambda sign: not text_files.CONTROL.match(sign))
HARD = st.sampled_from([*hostile_codings.TEXTS, "", ",", '"', '""', "\n", "\r", "'", "=", ";", "\u200b", "[deleted]"])
TEXTS = st.one_of(HARD, st.text(SIGNS, max_size=30), st.lists(HARD, max_size=3).map("".join))
LINES = TEXTS.map(lambda text: " ".join(text.split())).filter(bool)


def drawn(examples: int) -> settings:
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


# Tables ---------------------------------------------------------------------------------------------------------------


@drawn(35)
@given(rows=st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=4))
def test_a_table_is_read_as_it_was_written(tmp_path: Path, rows: list[tuple[str, str, str]]) -> None:
    names = ["comment_id", "author", "text"]
    path = tmp_path / "table.csv"
    path.write_bytes(text_files.write_csv([dict(zip(names, row, strict=True)) for row in rows], names).encode())
    read = contract_files.read_csv(path, "table.csv")
    assert [tuple(row) for row in read.itertuples(index=False)] == rows


@drawn(50)
@given(cell=TEXTS)
def test_a_guarded_cell_is_no_formula_and_comes_back(cell: str) -> None:
    assert text_files.unguarded(text_files.guarded(cell)) == cell
    assert not text_files.guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


@drawn(35)
@given(content=st.one_of(st.binary(max_size=60), TEXTS.map(str.encode)))
def test_any_bytes_are_a_table_or_a_message(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    try:
        read = contract_files.read_csv(path, "any.csv")
    except BriefError as error:
        assert all(fault.remedy for fault in error.faults)
    else:
        assert len(read.columns) and all(isinstance(cell, str) for cell in read.to_numpy().ravel())


@drawn(35)
@given(text=st.one_of(TEXTS, st.text(st.sampled_from("-:[]{}&*!|>'\"#%@`, \n\tab1"), max_size=25)))
def test_any_text_is_yaml_or_a_message(text: str) -> None:
    try:
        contract_files.parse_yaml(text, "any.yml")
    except BriefError as error:
        assert all(fault.file == "any.yml" and fault.remedy for fault in error.faults)


@drawn(35)
@given(title=LINES, paragraphs=st.lists(LINES, min_size=1, max_size=4))
def test_an_article_is_read_as_it_was_written(tmp_path: Path, title: str, paragraphs: list[str]) -> None:
    path = tmp_path / "article.md"
    path.write_text(contract_files.article_text({"title": title}, tuple(paragraphs)), encoding="utf-8", newline="")
    keys, read = contract_files.read_article(path, "article.md")
    assert keys == {"title": title}
    assert list(read) == paragraphs


# Formats of exchange --------------------------------------------------------------------------------------------------

CODEBOOK = hostile_codings.codebook()
READINGS = st.fixed_dictionaries(
    {
        "stance": st.sampled_from([code.id for code in CODEBOOK.stances]),
        "stance_in_thread": st.sampled_from(["", *(code.id for code in CODEBOOK.stances)]),
        "themes": st.lists(st.sampled_from([code.id for code in CODEBOOK.themes]), unique=True).map(";".join),
        "certainty": st.sampled_from(["", *(code.id for code in CODEBOOK.certainties)]),
        "irony": st.sampled_from(["", "yes"]),
        "boundary": st.sampled_from(["", "may continue the previous"]),
        "note": TEXTS,
        "checked_by": st.sampled_from(["", "cat"]),
        "coded_at": st.dates().map(str),
    }
)


@pytest.mark.parametrize("ending", tuple(formats_in(exchange.__name__)))
@drawn(10)
@given(
    texts=st.lists(TEXTS.filter(bool), min_size=2, max_size=3),
    readings=st.lists(READINGS, min_size=3, max_size=3),
)
def test_codings_come_back_from_every_format(
    tmp_path: Path, ending: str, texts: list[str], readings: list[dict[str, str]]
) -> None:
    names = [f"letters-{number}" for number in range(1, len(texts) + 1)]
    positions = pd.array(range(1, len(texts) + 1), dtype="Int64")
    comments = pd.DataFrame({"comment_id": names, "position": positions, "text": texts})
    by = [("ann", names[0]), ("bob", names[0]), ("ann", names[1])]
    rows = [
        {"coder_id": coder, "comment_id": name, "codebook_version": CODEBOOK.version, **reading}
        for (coder, name), reading in zip(by, readings, strict=True)
    ]
    path = tmp_path / f"codings{ending}"
    form = exchange.module_for(path)
    form.write(path, comments, pd.DataFrame(rows, dtype="str"), CODEBOOK)
    read = form.read(path, CODEBOOK)
    said = dict(zip(names, texts, strict=True))
    expected = Counter(
        tuple({**row, "text": said[row["comment_id"]]}[name] for name in exchange.COLUMNS) for row in rows
    )
    assert Counter(read[list(exchange.COLUMNS)].itertuples(index=False, name=None)) == expected
    assert exchange.passed_over(read) == {}
    path.unlink()


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=6,
)
RESULTS = st.fixed_dictionaries({"from_name": st.sampled_from(["stance", "themes", "note", "stars"]), "value": VALUES})
TASKS = st.fixed_dictionaries(
    {
        "data": st.one_of(VALUES, st.just({"comment_id": "letters-1", "text": "a"})),
        "annotations": st.one_of(VALUES, st.lists(st.fixed_dictionaries({"result": st.lists(RESULTS, max_size=2)}))),
    }
)


@drawn(50)
@given(found=st.one_of(VALUES, st.lists(TASKS, max_size=2)))
def test_any_json_is_codings_or_a_message(tmp_path: Path, found: object) -> None:
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    try:
        read = exchange.module_for(path).read(path, CODEBOOK)
    except BriefError as error:
        assert all(fault.remedy for fault in error.faults)
    else:
        assert list(read.columns) == list(exchange.COLUMNS)


# Pages ----------------------------------------------------------------------------------------------------------------

BREAKS = st.sampled_from(["\n\n", "\n\n\n", "\n \n\t\n", "\r\n\r\n", "\n\n\n\n"])


@drawn(35)
@given(first=st.text("abc ", min_size=1, max_size=20), parts=st.lists(st.tuples(BREAKS, TEXTS), min_size=1, max_size=6))
def test_a_page_holds_each_of_its_words_once(first: str, parts: list[tuple[str, str]]) -> None:
    text = first + "".join(gap + part for gap, part in parts)
    try:
        page = copied_page.parse(text, "page.txt")
    except BriefError as error:
        assert all(fault.remedy for fault in error.faults)
        return
    found = [page.headline, *page.paragraphs, *page.blocks, *page.footer]
    assert Counter(" ".join(found).split()) == Counter(text.removeprefix("\ufeff").split())
    assert "".join("".join(found).split()) == "".join(text.removeprefix("\ufeff").split()), "in their order"


# The ledger -----------------------------------------------------------------------------------------------------------


def recorded(rows: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=ledger.COLUMNS, dtype="str").fillna("")


@drawn(35)
@given(texts=st.lists(TEXTS, min_size=1, max_size=4), other=TEXTS, place=st.integers(0, 3))
def test_the_ledger_knows_its_texts_and_the_seal_knows_the_ledger(texts: list[str], other: str, place: int) -> None:
    rows = [ledger.entry("2021-03-05", "comment", f"a-{n}", ledger.fingerprint(text)) for n, text in enumerate(texts)]
    known = ledger.current(recorded(rows))
    for number, text in enumerate(texts):
        assert not ledger.differs(known, f"a-{number}", text)
        assert ledger.differs(known, f"a-{number}", other) == (other != text)
    sealed = ledger.seal(rows)
    assert not list(ledger.faults_of(sealed, recorded(rows)))
    place %= len(rows)
    lost = [row for number, row in enumerate(rows) if number != place]
    changed = [{**row, "note": "x"} if number == place else row for number, row in enumerate(rows)]
    for others in (lost, changed, [*rows, rows[place]]):
        assert [fault.file for fault in ledger.faults_of(sealed, recorded(others))] == [ledger.FILE]


# What is masked and what is printed -----------------------------------------------------------------------------------


@drawn(35)
@given(before=TEXTS, after=TEXTS, author=st.sampled_from(["Quentin Crump", "Zoë Ålund", "Zhang Wei"]))
def test_a_name_is_masked_in_every_text_and_nothing_else_changes(before: str, after: str, author: str) -> None:
    masking = Masking({author: "letters-1"})
    shown = masking.shown(f"{before} @{author} {after}")
    assert author not in shown
    text = f"{before} {after}"
    pieces, place = [], 0
    for span in masking.spans(text):
        assert place <= span.start < span.end <= len(text)
        pieces += [text[place : span.start], span.shown]
        place = span.end
    assert "".join([*pieces, text[place:]]) == masking.shown(text)
    assert masking.shown(shown) == shown, "what was masked is not masked again"


@drawn(40)
@given(text=TEXTS, placeholder=st.sampled_from(["[deleted]", "N/A", "See attached file(s)", "[removed]"]))
def test_a_placeholder_is_one_however_it_is_spaced_and_no_longer_with_words(text: str, placeholder: str) -> None:
    assert is_placeholder(f"  {placeholder}\n") and is_placeholder(placeholder.upper())
    assert not is_placeholder(f"{placeholder} but I think so: {text}")


@drawn(50)
@given(text=st.text(max_size=30))
def test_no_message_moves_a_cursor_or_breaks_a_terminal(text: str) -> None:
    for line in str(Fault(text, text, text, 1, text)).split("\n"):
        assert line.encode("utf-8") and line == harmless(line)
