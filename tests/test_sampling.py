"""Samples for a second coder: by hash and in proportion, recorded so that every chance can be worked out, and blind.

A record that is not sound is a file in `tests/cases/sampling`, laid into the base as `data/samples/`; beside it stands
what the check says. One that is missing is written, and the test fails.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from brief.analysis import sampling as drawing
from brief.cli import main
from brief.coding import sampling
from brief.contract import files as contract_files
from brief.contract.text_files import guarded, unguarded, write_csv
from brief.data import samples
from brief.data.loading import check_data, load
from brief.errors import BriefError
from brief.findings import population as population_of
from brief.findings.findings import Findings
from brief.store.withdrawing import withdraw
from conftest import CASES

ARTICLE = "the-gazette-2021-03-01"
RECORDS = sorted((CASES / "sampling").glob("*.yml"))
Project = Callable[..., Path]
STANCES = ("for", "for", "for", "for", "for", "for", "against", "against", "cannot-tell", "")
THEMES = ("work", "work", "work", "cost;work", "work", "", "cost", "work", "work", "")


@pytest.fixture
def evenings(project: Project) -> Path:
    """The base with ten more comments; nine of them are coded by the coder that is printed."""
    root = project("base")
    names = [f"letters-{number}" for number in range(1, 11)]
    texts = [f"Letter {number}." for number in range(1, 11)]
    texts[0], texts[1], texts[2] = "=1+1 is what it costs", "@council: write to jo@example.org", "'-quoted'"
    rows = [
        {"comment_id": name, "position": str(place), "attr_town": "Mill Lane" if place < 4 else "", "text": text}
        for place, (name, text) in enumerate(zip(names, texts, strict=True), start=1)
    ]
    (root / "data/comments/letters.csv").write_bytes(write_csv(rows, list(rows[0])).encode())
    with (root / "data/brief.yml").open("a", encoding="utf-8") as topic:
        topic.write("- id: letters\n  question: Should it close?\n")
    with (root / "data/codings/ann.csv").open("a", encoding="utf-8") as codings:
        for name, stance, themes in zip(names, STANCES, THEMES, strict=True):
            codings.write(f"{name},2,{stance},{themes},,2021-03-02\n" if stance else "")
    assert check_data(root) == []
    return root


def population(*sizes: int) -> pd.DataFrame:
    rows = [(f"c-{place}-{number}", f"s{place}") for place, size in enumerate(sizes) for number in range(size)]
    return pd.DataFrame(rows, columns=["comment_id", "stratum"])


def hamilton(sizes: dict[str, int], n: int) -> dict[str, int]:
    """The method of largest remainders, written down another way."""
    total = sum(sizes.values())
    shares = {name: Fraction(n * size, total) for name, size in sizes.items()}
    drawn = {name: math.floor(share) for name, share in shares.items()}
    left = sorted(shares, key=lambda name: (drawn[name] - shares[name], name))
    for name in left[: n - sum(drawn.values())]:
        drawn[name] += 1
    return drawn


@pytest.mark.parametrize(
    ("sizes", "n", "drawn"),
    [
        ((60, 30, 10), 10, (6, 3, 1)),
        ((7,), 3, (3,)),
        ((97, 2, 1), 10, (8, 1, 1)),
        ((1, 1, 1), 3, (1, 1, 1)),
        ((2, 2, 96), 4, (1, 1, 2)),
        ((5, 5), 3, (2, 1)),
        ((10, 1), 11, (10, 1)),
    ],
)
def test_strata_get_their_share_and_at_least_one(sizes: tuple[int, ...], n: int, drawn: tuple[int, ...]) -> None:
    given = {f"s{place}": size for place, size in enumerate(sizes)}
    assert tuple(drawing.allocate(given, n).values()) == drawn


@pytest.mark.parametrize("n", [40, 41, 57, 100, 333, 1024])
def test_where_every_share_is_one_or_more_it_is_the_method_of_largest_remainders(n: int) -> None:
    sizes = {"a": 500, "b": 313, "c": 100, "d": 60, "e": 26, "f": 26}
    assert all(n * size >= sum(sizes.values()) for size in sizes.values())
    assert drawing.allocate(sizes, n) == hamilton(sizes, n)
    assert sum(drawing.allocate(sizes, n).values()) == n


@pytest.mark.parametrize(("sizes", "n"), [((3, 3), 1), ((3, 3), 7), ((1,), 0)])
def test_a_number_that_cannot_be_drawn_is_refused(sizes: tuple[int, ...], n: int) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        drawing.allocate({f"s{place}": size for place, size in enumerate(sizes)}, n)


def test_a_sample_does_not_depend_on_the_order_of_rows() -> None:
    rows = population(60, 30, 10)
    drawn = drawing.draw(rows, 20, seed=4)
    for state in range(3):
        pd.testing.assert_frame_equal(drawing.draw(rows.sample(frac=1, random_state=state), 20, seed=4), drawn)
    assert Counter(drawn["stratum"]) == {"s0": 12, "s1": 6, "s2": 2}
    assert set(drawing.draw(rows, 20, seed=5)["comment_id"]) != set(drawn["comment_id"])


def test_a_larger_sample_of_the_same_seed_holds_the_smaller() -> None:
    rows = population(100)
    small, large = (set(drawing.draw(rows, n, seed=1)["comment_id"]) for n in (10, 30))
    assert len(small) == 10 and small < large


def test_every_comment_has_the_chance_that_its_stratum_says() -> None:
    rows = population(12, 6)
    times: Counter[str] = Counter()
    seeds = 300
    for seed in range(seeds):
        times.update(drawing.draw(rows, 6, seed)["comment_id"])
    # Both strata draw a third; five standard deviations of a binomial count.
    allowed = 5 * math.sqrt(seeds * (1 / 3) * (2 / 3))
    assert len(times) == 18
    assert max(abs(count - seeds / 3) for count in times.values()) < allowed


def test_the_order_of_the_sheet_tells_nothing_of_the_strata() -> None:
    # Half of the first stratum and nearly all of the second: their draws differ, their places in the sheet must not.
    seeds = range(80)
    places = [drawing.draw(population(100, 2), 20, seed).query("stratum == 's1'").index.to_series() for seed in seeds]
    mean = pd.concat(places).mean()
    assert abs(mean - 9.5) < 5 * math.sqrt((20**2 - 1) / 12 / sum(map(len, places)))


def test_the_record_says_how_it_was_drawn(evenings: Path) -> None:
    sample, _ = sampling.sample(evenings, 6, "stance", 7, evenings / "sheet.csv")
    keys = yaml.safe_load((evenings / "data/samples/stance-6-seed-7.yml").read_text(encoding="utf-8"))
    assert (keys["sample_id"], str(keys["drawn_at"]), keys["seed"]) == ("stance-6-seed-7", "2021-03-04", 7)
    assert (keys["by"], keys["coder"], keys["population"]) == ("stance", "ann", 13)
    ids = sorted(name for batch in load(evenings).comments() for name in batch["comment_id"])
    assert keys["population_sha256"] == hashlib.sha256("".join(f"{name}\n" for name in ids).encode()).hexdigest()
    assert "at least" in keys["rule"] or "one text of each stratum" in keys["rule"]
    assert samples.read(evenings, sample.sample_id) == sample
    assert check_data(evenings) == []


@pytest.mark.parametrize(
    ("by", "strata"),
    [
        ("", {"all": 13}),
        ("collection", {ARTICLE: 3, "letters": 10}),
        ("attr_town", {"Mill Lane": 3, "(none)": 10}),
        # cost, which three comments have, before work, which nine have; letter 6 has no theme, two are not coded.
        ("theme", {"cost": 3, "work": 7, "(none)": 1, "not-coded": 2}),
    ],
)
def test_what_strata_may_be(evenings: Path, by: str, strata: dict[str, int]) -> None:
    found, coder = population_of.strata(load(evenings), Findings(load(evenings)).comments, by)
    assert Counter(found["stratum"]) == strata
    assert coder == ("ann" if by == "theme" else "")


def test_what_was_withdrawn_is_never_drawn(evenings: Path) -> None:
    withdraw(evenings, "letters-4", "asked for")
    for by in ("", "stance", "attr_town"):
        found, _ = population_of.strata(load(evenings), Findings(load(evenings)).comments, by)
        assert len(found) == 12 and "letters-4" not in set(found["comment_id"])


def cells(sheet: Path) -> list[dict[str, str]]:
    if sheet.suffix == ".csv":
        return list(csv.DictReader(io.StringIO(sheet.read_bytes().decode("utf-8-sig"), newline="")))
    rows = openpyxl.load_workbook(sheet).worksheets[0].iter_rows(values_only=True)
    header = next(rows)
    return [dict(zip(header, ("" if cell is None else cell for cell in row), strict=True)) for row in rows]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_the_sheet_is_blind_and_in_another_order(evenings: Path, ending: str) -> None:
    sample, sheet = sampling.sample(evenings, 13, "stance", 1, evenings / f"sheet{ending}")
    rows = cells(sheet)
    assert list(rows[0]) == ["comment_id", "position", "text", "stance", "themes", "certainty", "note"]
    assert {row[name] for row in rows for name in ("stance", "themes", "certainty", "note")} == {""}
    order = [row["comment_id"] for row in rows]
    assert sorted(order) == sorted(sample.comments)
    assert order != sorted(order) and order != [name for part in sample.strata for name in part.comments]


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".json", ".qdpx"])
def test_a_sheet_is_the_same_each_time(evenings: Path, ending: str) -> None:
    one, two = evenings / f"one{ending}", evenings / "again" / f"one{ending}"
    two.parent.mkdir()
    for path in (one, two):
        sampling.sample(evenings, 5, "", 1, path)
    assert one.read_bytes() == two.read_bytes()


def test_nobody_is_named_in_a_sheet_and_no_address(evenings: Path) -> None:
    _, sheet = sampling.sample(evenings, 13, "", 1, evenings / "sheet.csv")
    texts = {row["comment_id"]: unguarded(row["text"]) for row in cells(sheet)}
    assert texts["letters-2"] == "@council: write to [e-mail address removed]"


def test_in_csv_nothing_runs_and_nothing_is_lost(evenings: Path) -> None:
    _, sheet = sampling.sample(evenings, 13, "", 1, evenings / "sheet.csv")
    texts = {row["comment_id"]: row["text"] for row in cells(sheet)}
    assert texts["letters-1"] == "'=1+1 is what it costs"
    assert texts["letters-3"] == "''-quoted'"
    assert not [text for text in texts.values() if text.startswith(("=", "+", "-", "@"))]
    assert unguarded(texts["letters-1"]) == "=1+1 is what it costs"
    assert unguarded(texts["letters-3"]) == "'-quoted'"


@pytest.mark.parametrize(
    "cell", ["=1", "'=1", "''=1", "+", "-x", "@a", "\t=1", "\r", "it's", "'quoted'", "''", "", "\uff1d1", "a=1", " =1"]
)
def test_the_apostrophe_comes_off_again(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d"))


def test_in_a_workbook_every_cell_is_a_text(evenings: Path) -> None:
    _, sheet = sampling.sample(evenings, 13, "", 1, evenings / "sheet.xlsx")
    book = openpyxl.load_workbook(sheet)
    texts = {row[0].value: row[2] for row in book["Codings"].iter_rows(min_row=2)}
    assert texts["letters-1"].value == "=1+1 is what it costs"
    assert {cell.data_type for row in book["Codings"].iter_rows() for cell in row if cell.value} <= {"s", "inlineStr"}
    offered = {str(one.sqref): one.formula1 for one in book["Codings"].data_validations.dataValidation}
    assert offered == {"D2:D14": "Codebook!$B$2:$B$4", "F2:F14": "Codebook!$B$7:$B$8"}
    codes = [[cell.value for cell in row[:2]] for row in book["Codebook"].iter_rows(min_row=2)]
    assert [code for kind, code in codes if kind == "stance"] == ["for", "against", "cannot-tell"]
    assert [code for kind, code in codes[5:7]] == ["clear", "probable"]


def test_the_same_draw_again_is_the_same_sample(evenings: Path) -> None:
    first, _ = sampling.sample(evenings, 5, "", 1, evenings / "one.csv")
    topic = evenings / "data/brief.yml"
    topic.write_text(topic.read_text(encoding="utf-8").replace("2021-03-04", "2022-01-01"), encoding="utf-8")
    again, _ = sampling.sample(evenings, 5, "", 1, evenings / "two.csv")
    assert again == first and again.drawn_at == "2021-03-04"


def test_a_sample_of_other_comments_needs_another_name(evenings: Path) -> None:
    sampling.sample(evenings, 5, "", 1, evenings / "one.csv")
    withdraw(evenings, "letters-4", "asked for")
    with pytest.raises(BriefError, match="have changed since"):
        sampling.sample(evenings, 5, "", 1, evenings / "two.csv")
    assert not (evenings / "two.csv").exists()


def test_a_sheet_that_is_there_is_left_alone(evenings: Path) -> None:
    sheet = evenings / "sheet.csv"
    sheet.write_text("hours of work", encoding="utf-8")
    with pytest.raises(BriefError, match="somebody may have written into it"):
        sampling.sample(evenings, 5, "", 1, sheet)
    assert sheet.read_text(encoding="utf-8") == "hours of work"
    assert not (evenings / "data/samples").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-n", "14"], "14 comments are to be drawn and there are 13"),
        (["-n", "3", "--by", "stance"], "3 comments are to be drawn from 4 strata by stance"),
        (["-n", "3", "--by", "author"], "no collection has a column 'author'"),
        (["-n", "3", "--by", "attr_village"], "no collection has a column 'attr_village'"),
        (["-n", "3", "--out", "sheet.docx"], "'sheet.docx' is in no format known here"),
        (["-n", "3", "--out", "nowhere/sheet.csv"], "there is no folder 'nowhere'"),
    ],
)
def test_what_cannot_be_drawn_is_taught(
    evenings: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(evenings)
    before = sorted((evenings / "data").rglob("*"))
    result = CliRunner().invoke(main, ["sample", *arguments])
    assert result.exit_code == 1 and message in result.stderr and "    -> " in result.stderr
    assert sorted((evenings / "data").rglob("*")) == before and not list(evenings.glob("*.csv"))


def test_without_a_coder_there_are_no_strata_by_stance(evenings: Path) -> None:
    topic = evenings / "data/brief.yml"
    topic.write_text(topic.read_text(encoding="utf-8").replace("coder: ann\n", ""), encoding="utf-8")
    (evenings / "data/codings/ann.csv").unlink()
    with pytest.raises(BriefError, match="no coder is printed whose stances"):
        sampling.sample(evenings, 5, "stance", 1, evenings / "one.csv")


def test_the_command_says_what_it_drew(evenings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(evenings)
    result = CliRunner().invoke(main, ["sample", "-n", "6", "--by", "stance", "--seed", "3"])
    assert result.exit_code == 0, result.output
    assert "3 of 7: for" in result.output and "Drawn: 6 of 13" in result.output
    assert (evenings / "stance-6-seed-3.csv").is_file()


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_a_record_that_is_not_sound_is_told(project: Project, record: Path) -> None:
    root = project("base")
    (root / "data/samples").mkdir()
    (root / "data/samples/sample-one.yml").write_bytes(record.read_bytes())
    said = "".join(f"{fault}\n" for fault in check_data(root))
    expected = record.with_suffix(".expected")
    if not expected.is_file():
        expected.write_text(said, encoding="utf-8")
        pytest.fail(f"{expected.name} was missing and is written now: read it, then keep it")
    assert said == expected.read_text(encoding="utf-8")


def test_a_sample_that_is_not_there_is_taught(evenings: Path) -> None:
    sampling.sample(evenings, 5, "", 1, evenings / "one.csv")
    for name in ("nowhere", "../brief"):
        with pytest.raises(BriefError, match="Use one of: random-5-seed-1"):
            samples.read(evenings, name)


def test_copies_of_a_text_count_once(evenings: Path) -> None:
    path = next((evenings / "data" / "comments").glob("*.csv"))
    rows = contract_files.records(contract_files.read_csv(path, path.name))
    twice = [*rows, {**rows[0], "comment_id": "zz-copy", "text": rows[0]["text"].upper()}]
    path.write_text(write_csv(twice, list(rows[0])), encoding="utf-8", newline="")
    frame, _ = population_of.frame(load(evenings), Findings(load(evenings)).comments, "")
    assert "zz-copy" not in set(frame["comment_id"])
    assert dict(zip(frame["comment_id"], frame["submissions"], strict=True))[rows[0]["comment_id"]] == 2
    assert int(frame["submissions"].sum()) == sum(len(batch) for batch in load(evenings).comments())
