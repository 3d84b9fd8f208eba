"""`brief analyse`: the same bytes for any batches and processes, killed and resumed, and told what cannot be read."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

import topics
from brief.analysis import campaigns
from brief.cli import main
from brief.findings.at_size import keeping, limits
from brief.findings.at_size.docket import Docket, of_files
from brief.findings.at_size.engines import Processes
from brief.findings.at_size.limits import Limits
from brief.findings.at_size.progress import Progress, span
from brief.store.withdrawing import withdraw
from consultation import planted
from dockets import Watched, analysed, content, drawn, written


def told(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["analyse", *arguments])


@pytest.fixture(scope="module")
def docket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eighty comments: too few texts for themes."""
    return written(tmp_path_factory.mktemp("docket") / "docket.csv", drawn(80))


@pytest.fixture(scope="module")
def whole(docket: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run writes that has the comments in one batch."""
    out = tmp_path_factory.mktemp("whole")
    analysed(docket, out, 1_000)
    return out


@pytest.mark.parametrize("rows", [1, 7])
def test_the_bytes_are_the_same_for_any_size_of_batch(tmp_path: Path, docket: Path, whole: Path, rows: int) -> None:
    analysed(docket, tmp_path, rows)
    assert content(tmp_path) == content(whole)


def test_so_they_are_with_stances_themes_and_a_sample_in_two_processes(tmp_path: Path) -> None:
    """Beyond a sample of 150 texts the others are labelled by what was learned from it."""
    rows = planted(240)
    path = written(tmp_path / "answers.csv", rows[["comment_id", "text"]])
    docket = Docket(of_files([path], None).files, hand=rows[["comment_id", "stance"]].head(80))
    first = analysed(docket, tmp_path / "one", 1_000, sample=150)
    pool = Processes(2)
    try:
        analysed(docket, tmp_path / "two", 60, sample=150, by=pool)
    finally:
        pool.close()
    assert content(tmp_path / "one") == content(tmp_path / "two")
    labelled = pd.read_parquet(tmp_path / "one" / "comments.parquet").merge(rows, on="comment_id")
    coded = labelled[labelled["stance_x"] != "not-coded"]
    assert len(coded) > 200 and (coded["stance_x"] == coded["stance_y"]).mean() > 0.95
    assert first.themes >= 4 and (labelled["theme_id"] != "").mean() > 0.8
    per_theme = labelled[labelled["theme_id"] != ""].groupby("theme_id")["subject"]
    assert (per_theme.agg(lambda own: own.value_counts().iloc[0] / len(own)) > 0.9).all()
    assert json.loads((tmp_path / "one" / "run.json").read_text())["limits"] != []


def test_the_campaigns_are_those_of_the_method_for_fewer_comments(docket: Path, whole: Path) -> None:
    rows = pd.read_csv(docket)
    ours = pd.read_parquet(whole / "comments.parquet")
    assert ours["comment_id"].to_list() == rows["comment_id"].to_list()
    assigned = campaigns.assign(rows).set_index("comment_id").loc[ours["comment_id"]]
    assert ours["text_id"].to_list() == assigned["text_id"].to_list()
    assert ours["campaign_id"].to_list() == assigned["campaign_id"].to_list()
    assert ours["campaign_id"].nunique() > 3


def test_the_tables_agree_with_the_rows(whole: Path) -> None:
    rows = pd.read_parquet(whole / "comments.parquet")
    listed = pd.read_csv(whole / "campaigns.csv", keep_default_na=False)
    inside = rows[rows["campaign_id"] != ""]
    by_campaign = inside.groupby("campaign_id").agg(size=("comment_id", "size"), texts=("text_id", "nunique"))
    assert dict(zip(listed["campaign_id"], listed["submissions"], strict=True)) == by_campaign["size"].to_dict()
    assert dict(zip(listed["campaign_id"], listed["distinct_texts"], strict=True)) == by_campaign["texts"].to_dict()
    assert listed["submissions"].is_monotonic_decreasing and (listed["first"] <= listed["last"]).all()
    counts = pd.read_csv(whole / "counts.csv", keep_default_na=False)
    for kind in ("all", "in a campaign", "stance", "theme", "collection", "day"):
        assert counts.loc[counts["kind"] == kind, "comments"].sum() == len(rows)
    yes = counts[(counts["kind"] == "in a campaign") & (counts["value"] == "yes")]
    assert yes["comments"].item() == len(inside)
    quoted = pd.read_csv(whole / "exemplars.csv")
    assert set(quoted["comment_id"]) <= set(rows["comment_id"]) and len(quoted) > 0


def test_the_text_that_was_sent_most_is_the_original_and_no_edited_copy(tmp_path: Path) -> None:
    """Whichever of them has the least digest, and for any batch."""
    letter = "Please keep the old town bridge open to all cars, on Sundays and at night as well, from May to October"
    edited = [f"{letter}, says {name}." for name in ("Ada", "Ben", "Cleo", "Dora", "Emil", "Fritz")]
    rows = pd.DataFrame({"text": [*edited, *[f"{letter}."] * 4]}).reset_index(names="comment_id").astype("str")
    path = written(tmp_path / "letters.csv", rows)
    for size in (1, 4, 100):
        analysed(path, tmp_path / str(size), size)
        table = pd.read_parquet(tmp_path / str(size) / "comments.parquet")
        assert table["near_copy_of"].to_list() == [table["text_id"].iloc[-1]] * len(edited) + [""] * 4
    assert content(tmp_path / "1") == content(tmp_path / "4") == content(tmp_path / "100")
    assert table["text_id"].iloc[-1] != table["text_id"].min(), "by its digest it would not be the original"


@pytest.mark.parametrize("step", ["Reading", "Labelling"])
def test_a_killed_run_goes_on_from_what_is_kept(tmp_path: Path, docket: Path, whole: Path, step: str) -> None:
    child = os.fork()
    if not child:
        try:
            analysed(docket, tmp_path, 7, progress=Watched(step, 21, lambda: os.kill(os.getpid(), signal.SIGKILL)))
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert content(tmp_path) == {} and list(tmp_path.glob(f"{keeping.FOLDER}/*/read-*"))
    analysed(docket, tmp_path, 7)
    assert content(tmp_path) == content(whole)
    assert not (tmp_path / keeping.FOLDER).exists()


def test_what_is_kept_is_read_and_not_done_again(tmp_path: Path, docket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    comments = of_files([docket], None)
    monkeypatch.setattr(keeping, "forget", lambda out: None)
    analysed(comments, tmp_path, 10)
    before = content(tmp_path)
    for step in ("read", "label"):
        monkeypatch.setattr(f"brief.findings.at_size.parts.{step}", None)
    analysed(comments, tmp_path, 10)
    assert content(tmp_path) == before
    with pytest.raises(TypeError):  # in other batches nothing is kept
        analysed(comments, tmp_path, 20)


def test_what_is_half_written_is_not_taken_for_kept(tmp_path: Path, docket: Path, whole: Path) -> None:
    (tmp_path / keeping.FOLDER).mkdir()
    comments = of_files([docket], None)
    words = [word for pair in comments.digests() for word in pair]
    kept = keeping.Kept(tmp_path, "10", *words)
    path = kept._place("read", 0, ())
    kept.keep({"digest": np.arange(9)}, "read", 0)
    path.write_bytes(path.read_bytes()[:-1])
    assert kept.load("read", 0) is None
    analysed(comments, tmp_path, 10)
    assert content(tmp_path) == content(whole)


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="the system does not say what lies in memory")
def test_kept_work_lies_in_memory_only_while_it_is_looked_at(tmp_path: Path) -> None:
    """Else all of it would, in the end, whatever --memory says."""
    (tmp_path / keeping.FOLDER).mkdir()
    kept = keeping.Kept(tmp_path, "10")
    arrays = kept.keep({"digest": np.arange(9_000), "none": np.zeros((0, 3)), "rows": np.ones((5, 2))}, "read", 0)

    def lies_there() -> bool:
        return str(kept.folder) in Path("/proc/self/maps").read_text(encoding="utf-8")

    digests, rows = arrays["digest"], arrays["rows"]
    assert lies_there() and digests.tolist() == list(range(9_000)) and rows.tolist() == [[1, 1]] * 5
    assert list(arrays) == ["digest", "none", "rows"] and arrays["none"].shape == (0, 3)
    del digests, rows
    assert not lies_there()


def test_one_comment_empty_ones_and_a_very_long_one_are_analysed(tmp_path: Path) -> None:
    texts = ["", " ", "word " * 180_000, "x" * 900_000, "Keep it open."]
    rows = pd.DataFrame({"comment_id": [f"c{number}" for number in range(5)], "text": texts})
    outcome = analysed(of_files([written(tmp_path / "odd.csv", rows)], None), tmp_path / "odd", 2)
    assert (outcome.comments, outcome.distinct_texts, outcome.campaigns) == (5, 4, 0)
    one = of_files([written(tmp_path / "one.csv", rows.tail(1))], None)
    assert analysed(one, tmp_path / "one", 2).distinct_texts == 1
    table = pd.read_parquet(tmp_path / "one" / "comments.parquet")
    assert table["comment_id"].to_list() == ["c4"] and table["near_copy_of"].to_list() == [""]


def test_results_of_an_earlier_run_stay_until_new_ones_are_whole(tmp_path: Path, docket: Path, whole: Path) -> None:
    analysed(docket, tmp_path, 50)
    bad = tmp_path / "bad.csv"
    bad.write_text("comment_id,text\na,b\na,b\n", encoding="utf-8")
    before = content(tmp_path)
    assert told(str(bad), "--out", str(tmp_path)).exit_code == 1
    assert content(tmp_path) == before


@pytest.mark.parametrize("name", ["comments.csv", "themes.csv"])
def test_files_of_others_are_not_written_over(tmp_path: Path, docket: Path, name: str) -> None:
    """The results may not take the place of the very comments that are analysed, nor of a table of somebody's own."""
    (tmp_path / name).write_bytes(docket.read_bytes())
    before = content(tmp_path)
    result = told(str(tmp_path / name), "--out", str(tmp_path))
    assert result.exit_code == 1 and f"holds '{name}', which no analysis wrote" in result.stderr
    assert content(tmp_path) == before and not (tmp_path / keeping.FOLDER).exists()


def test_what_is_analysed_is_not_written_over_beside_earlier_results_either(tmp_path: Path, docket: Path) -> None:
    analysed(docket, tmp_path, 50)
    (tmp_path / "comments.csv").write_bytes(docket.read_bytes())
    before = content(tmp_path)
    assert told(str(tmp_path / "comments.csv"), "--out", str(tmp_path)).exit_code == 1
    assert content(tmp_path) == before


def test_the_comments_of_a_brief_are_analysed_with_what_all_were_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five who quote the question in full are no campaign; the same texts from nowhere are."""
    question = "Should the council close the old town bridge to all cars at night and on Sundays from May on?"
    texts = [f"{question} {word}" for word in ("Yes.", "No.", "Perhaps.", "Why?", "Never.")]
    root = topics.asked(tmp_path / "brief", texts)
    topic = root / "data" / "brief.yml"
    asked = topic.read_text(encoding="utf-8").replace("Should the library close at six?", question)
    topic.write_text(asked, encoding="utf-8")
    monkeypatch.chdir(root)
    result = told("--processes", "1")
    assert result.exit_code == 0 and "Comments: 5, distinct texts: 5.\nCampaigns: 0," in result.stdout
    rows = pd.read_parquet(root / "_build" / "analysis" / "comments.parquet")
    assert len(rows) == 5 and set(rows["stance"]) == {"not-coded"}
    (stored,) = (root / "data" / "comments").glob("*.csv")
    result = told(str(stored), "--processes", "1", "--out", str(tmp_path / "out"))
    assert result.exit_code == 0 and "Campaigns: 1, comments in them: 5." in result.stdout
    # It may quote a comment that is withdrawn.
    withdraw(root, str(rows["comment_id"][0]), "asked by its author")
    assert not (root / "_build" / "analysis").exists()


def test_before_a_run_it_is_told_what_it_takes(tmp_path: Path, docket: Path) -> None:
    result = told(str(docket), "--out", str(tmp_path / "out"), "--dry-run")
    assert result.exit_code == 0 and "About 80 comments: " in result.stderr and "MB of memory" in result.stderr
    assert not (tmp_path / "out").exists()


class Named(Progress):
    """Notes the steps."""

    def __init__(self) -> None:
        super().__init__(print, 1e9)
        self.names: list[str] = []

    def step(self, name: str, of: int) -> Callable[[int], None]:
        self.names.append(name)
        return super().step(name, of)


def test_what_is_told_beforehand_is_told_of_every_step_of_a_run(tmp_path: Path, docket: Path) -> None:
    steps = Named()
    analysed(docket, tmp_path, 50, progress=steps)
    cost = limits.estimated(of_files([docket], None), 1, Limits(5_000, 50))
    assert list(cost.steps) == steps.names and cost.seconds == sum(cost.steps.values())


def test_what_is_told_beforehand_follows_from_what_is_to_be_done(tmp_path: Path) -> None:
    """Without comments coded by a person no stance is learned, and telling it is most of labelling."""
    rows = planted(240)
    path = written(tmp_path / "answers.csv", rows[["comment_id", "text"]])
    plain = of_files([path], None)
    coded = replace(plain, hand=rows[["comment_id", "stance"]].head(80))

    def share(comments: Docket, bound: Limits, processes: int = 1) -> dict[str, float]:
        """Seconds of each step, beside those of reading, whose speed is another each time."""
        steps = limits.estimated(comments, processes, bound).steps
        return {name: round(seconds / steps["Reading"], 6) for name, seconds in steps.items()}

    without, with_stances = share(plain, Limits(5_000, 50)), share(coded, Limits(5_000, 50))
    assert without["Learning stances"] == 0 < with_stances["Learning stances"]
    assert with_stances["Labelling"] > 1.5 * without["Labelling"] > 0
    few = share(plain, Limits(50, 50))
    assert few["Looking for themes"] == 0 < without["Looking for themes"]
    assert few["Looking for campaigns"] < without["Looking for campaigns"]
    # What is fitted is fitted in one process; what is done batch by batch is shared.
    two = share(plain, Limits(5_000, 50), 2)
    assert two["Labelling"] == without["Labelling"]
    assert two["Looking for campaigns"] > without["Looking for campaigns"]


@pytest.mark.parametrize(
    ("memory", "message"), [("much", "'much' is no size of memory"), ("50MB", "50 MB are too little for about 80")]
)
def test_memory_that_is_no_size_or_too_little_is_told(docket: Path, memory: str, message: str) -> None:
    result = told(str(docket), "--memory", memory, "--dry-run")
    assert result.exit_code == 1 and message in result.stderr


def test_a_second_run_waits_for_nobody_and_says_who_writes(tmp_path: Path, docket: Path) -> None:
    with keeping.alone(tmp_path):
        result = told(str(docket), "--out", str(tmp_path), "--processes", "1")
    assert result.exit_code == 1 and "another run is writing to this folder" in result.stderr


def test_progress_tells_rate_and_time_left() -> None:
    lines: list[str] = []
    done = Progress(lines.append, 0.0).step("Reading", 10_000_000)
    done(10)
    done(5_000_000)
    assert lines[0] == "Reading: 10,000,000" and lines[-1].startswith("Reading: 5,000,000 of 10,000,000, ")
    assert lines[-1].endswith(" left")
    assert [span(seconds) for seconds in (0.2, 89, 600, 9_000)] == ["1 s", "89 s", "10 min", "2.5 h"]
