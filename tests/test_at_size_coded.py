"""`brief analyse` of comments that a person has coded in part: what a person coded stays, and a model is never sure."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import topics
from brief.analysis import machine_coding
from brief.cli import main
from brief.data.loading import load
from brief.findings.at_size import by_hand
from brief.findings.at_size.docket import Docket, of_files
from conftest import ROOT
from consultation import planted
from dockets import analysed, content, drawn, written


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    """Answers whose stances a model learns. Of five hand-coded ones a person says what no model would tell of them."""
    rows = planted(240)[["comment_id", "text", "stance"]]
    rows.loc[:4, "stance"] = "cannot-tell"
    copies = rows.head(3).assign(comment_id=["copy-0", "copy-1", "copy-2"])
    return pd.concat([rows, copies], ignore_index=True)


@pytest.fixture(scope="module")
def coded(answers: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Docket:
    path = written(tmp_path_factory.mktemp("coded") / "answers.csv", answers[["comment_id", "text"]])
    return Docket(of_files([path], None).files, hand=answers[["comment_id", "stance"]].head(80))


@pytest.fixture(scope="module")
def out(coded: Docket, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    analysed(coded, folder, 1_000)
    return folder


def rows_of(out: Path) -> pd.DataFrame:
    return pd.read_parquet(out / "comments.parquet").set_index("comment_id")


def test_what_a_person_coded_stays_as_coded(out: Path, coded: Docket) -> None:
    by_hand = rows_of(out).loc[coded.hand["comment_id"]]
    assert by_hand["stance"].to_list() == coded.hand["stance"].to_list()
    assert set(by_hand["coded_by"]) == {"person"}
    others = rows_of(out).drop(coded.hand["comment_id"])
    assert set(others["coded_by"]) <= {"model", "nobody"}
    assert ((others["coded_by"] == "nobody") == (others["stance"] == "not-coded")).all()


def test_a_copy_that_nobody_read_is_not_hand_coded(out: Path, answers: pd.DataFrame) -> None:
    rows = rows_of(out)
    assert rows.loc["copy-0", "text_id"] == rows.loc[answers["comment_id"][0], "text_id"]
    copies = rows.loc[["copy-0", "copy-1", "copy-2"]]
    assert "person" not in set(copies["coded_by"]) and "cannot-tell" not in set(copies["stance"])


def test_a_file_that_gives_the_id_of_a_coded_comment_to_another_has_no_coding_of_it(tmp_path: Path) -> None:
    root = topics.asked(tmp_path / "brief", ["Keep it open.", "Close it at six.", "Open on Sundays."], 2)
    ids = [f"{topics.COLLECTION}-{number}" for number in (1, 2, 3)]
    texts = ["Keep it open.", "Another person's words.", "Open on Sundays."]
    path = written(tmp_path / "answers.csv", pd.DataFrame({"comment_id": ids, "text": texts}))
    analysed(of_files([path], load(root)), tmp_path / "out", 1_000)
    rows = rows_of(tmp_path / "out")
    assert rows.loc[ids, "coded_by"].to_list() == ["person", "nobody", "nobody"]
    assert rows.loc[ids[0], "stance"] == topics.STANCES[0]


def test_so_it_is_in_every_table(out: Path) -> None:
    rows = rows_of(out)
    counts = pd.read_csv(out / "counts.csv", keep_default_na=False)
    stances = counts[(counts["kind"] == "stance") & (counts["comments"] > 0)]
    counted = rows.groupby(["stance", "coded_by"])["text_id"].agg(["size", "nunique"])
    told = stances.set_index(["value", "coded_by"])[["comments", "distinct_texts"]].astype(int).sort_index()
    assert told.index.to_list() == counted.index.to_list() and told.to_numpy().tolist() == counted.to_numpy().tolist()
    quoted = pd.read_csv(out / "exemplars.csv", keep_default_na=False)
    of = rows.loc[quoted["comment_id"]]
    assert "cannot-tell" in set(quoted["stance"])
    for column in ("stance", "coded_by", "theme_id"):
        assert quoted[column].to_list() == of[column].to_list()
    themes = pd.read_csv(out / "themes.csv", keep_default_na=False).set_index("theme_id")
    inside = rows[rows["theme_id"] != ""]
    stance_of = themes["stance"].replace("", "not-coded")
    assert inside["stance"].to_list() == stance_of.loc[inside["theme_id"]].to_list()
    sizes = inside.groupby("theme_id")["text_id"].agg(["size", "nunique"]).loc[themes.index]
    assert sizes.to_numpy().tolist() == themes[["submissions", "distinct_texts"]].to_numpy().tolist()


def test_the_bytes_do_not_depend_on_the_batches(out: Path, coded: Docket, tmp_path: Path) -> None:
    analysed(coded, tmp_path, 17)
    assert content(tmp_path) == content(out)


def test_how_well_the_model_tells_stances_stands_beside_its_counts(
    out: Path, coded: Docket, answers: pd.DataFrame
) -> None:
    """As on the pages of a brief: by cross-validation, with what the model hardly ever finds."""
    about = json.loads((out / "run.json").read_text())
    hand = coded.hand.merge(answers[["comment_id", "text"]], on="comment_id")
    _, report = machine_coding.cross_validated(hand)
    told = pd.DataFrame(about["stances_tried"]).set_index("stance")
    for column, ours in (("support", "person"), ("coded", "model"), ("precision", "precision"), ("recall", "recall")):
        assert told[ours].fillna(-1).to_list() == report[column].fillna(-1).to_list()
    said = " ".join(about["limits"])
    assert "Its counts are no shares" in said
    for stance, row in told.drop("cannot-tell").iterrows():
        assert f"{stance}: {row['precision']:.2f} and {row['recall']:.2f}" in said
    assert "too few different texts are hand-coded: cannot-tell." in said


def test_stances_that_the_model_hardly_ever_finds_are_named() -> None:
    rows = [
        ("for", 60, 70, 0.8, 0.9, 0.85, ""),
        ("against", 30, 0, float("nan"), 0.0, 0.0, machine_coding.HARDLY_FOUND),
    ]
    said = by_hand.limits(pd.DataFrame(rows, columns=list(machine_coding.REPORT_COLUMNS)))
    assert "for: 0.80 and 0.90; against: none and 0.00" in said[1]
    assert said[2].endswith("far too few of them: against.")


def test_a_model_that_is_no_better_than_the_commonest_stance_tells_none(
    answers: pd.DataFrame, coded: Docket, tmp_path: Path
) -> None:
    """Its labels would be noise; what a person coded stays."""
    hand = answers[["comment_id", "stance"]].head(200).copy()
    hand["stance"] = ["for" if place % 3 else "against" for place in range(len(hand))]
    analysed(Docket(coded.files, hand=hand), tmp_path, 1_000)
    about = json.loads((tmp_path / "run.json").read_text())
    assert about["no_stances"] and about["stances_tried"] == [] == about["stances"]
    assert set(rows_of(tmp_path)["coded_by"]) == {"person", "nobody"}


def test_hand_codes_stay_where_no_model_learns(coded: Docket, tmp_path: Path) -> None:
    few = Docket(coded.files, hand=coded.hand.head(7))
    analysed(few, tmp_path, 50)
    rows = rows_of(tmp_path)
    assert rows.loc[few.hand["comment_id"], "stance"].to_list() == few.hand["stance"].to_list()
    assert rows["coded_by"].value_counts().to_dict() == {"nobody": len(rows) - 7, "person": 7}
    assert json.loads((tmp_path / "run.json").read_text())["hand_coded"] == 7


def test_every_column_is_described_beside_the_tables_and_in_the_documentation(out: Path) -> None:
    described = json.loads((out / "run.json").read_text())["columns"]
    page = (ROOT / "docs" / "analyse.md").read_text(encoding="utf-8")
    sections = {part.partition("\n")[0]: part for part in page.split("\n## ")[1:]}
    tables = {path.name: path for path in out.iterdir() if path.name != "run.json"}
    assert set(sections) == set(tables)
    for name, path in tables.items():
        columns = list((pd.read_parquet if path.suffix == ".parquet" else pd.read_csv)(path).columns)
        rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", sections[name], re.MULTILINE))
        assert rows == described[path.stem] and set(rows) == set(columns)
    assert "docs/analyse.md" in CliRunner().invoke(main, ["analyse", "--help"]).output
    assert "docs/analyse.md" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_that_edited_copies_may_be_a_campaign_of_their_own_is_told_where_there_are_campaigns(
    tmp_path: Path,
) -> None:
    alone = written(tmp_path / "alone.csv", drawn(80).head(1))
    analysed(written(tmp_path / "letters.csv", drawn(80)), tmp_path / "out", 100)
    analysed(alone, tmp_path / "alone", 100)
    said = [json.loads((tmp_path / name / "run.json").read_text())["limits"] for name in ("out", "alone")]
    assert ["Some small campaigns may be part of a larger one" in " ".join(limits) for limits in said] == [True, False]


def test_it_is_told_where_the_pages_compare_texts_by_other_vectors(tmp_path: Path) -> None:
    path = written(tmp_path / "letters.csv", drawn(80).head(9))
    for vectors in ("words", "wordllama"):
        analysed(Docket(of_files([path], None).files, vectors=vectors), tmp_path / vectors, 100)
        limits = json.loads((tmp_path / vectors / "run.json").read_text())["limits"]
        assert ("the vectors of wordllama" in " ".join(limits)) == (vectors == "wordllama")
