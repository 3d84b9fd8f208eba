"""Said before it was looked at: what was planned, and what the history of a real repository says came first."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

import planned
import topics
from brief.book import plan_points
from brief.book.check import examine
from brief.book.contents import chosen, read_book
from brief.book.open_points import open_points
from brief.cli import main
from brief.data import plan
from brief.data.loading import check_data, load
from brief.errors import BriefError
from brief.figures import SILENT, Table, figures, tables
from brief.findings.facts import compute_facts
from brief.findings.findings import Findings
from brief.store import plan_record
from conftest import ROOT, once
from planned import FIRST, PLAN, SECOND, commit, git, repository, with_codings, with_comments, write_plan

HISTORY = Path(plan.HISTORY)


@pytest.fixture(scope="module")
def consultation() -> Path:
    """The invented consultation, made once; no test changes it."""
    return once("consultation-with-a-plan", lambda folder: planned.consultation(folder / "brief")) / "brief"


@pytest.fixture
def copy(consultation: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(consultation, tmp_path / "brief"))


def states(root: Path) -> dict[str, str]:
    entries = load(root).plan.entries
    return dict(zip(entries["id"], entries["state"], strict=True))


def rows(root: Path) -> list[dict[str, str]]:
    with (root / HISTORY).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sentences(root: Path) -> dict[str, str]:
    facts = compute_facts(Findings(load(root)))
    named = ("what-was-planned", "how-far-the-plan-proves", "how-the-plan-changed")
    parts = {each.statement_id: chosen(each, facts) for _, each in read_book(root).statements()}
    return {name: part.text.strip() for name in named if (part := parts[name]) is not None}


def refused(root: Path) -> str:
    with pytest.raises(BriefError) as error:
        plan_record.record(root)
    return str(error.value)


# What came first ---------------------------------------------------------------------------------------------------


def test_each_point_is_before_the_comments_before_the_reading_or_after(consultation: Path) -> None:
    assert states(consultation) == {
        "how-many-against": plan.BEFORE,
        "what-is-asked-for": plan.BEFORE_READING,
        FIRST: plan.BEFORE,
        SECOND: plan.BEFORE_READING,
        "random-4-seed-1": plan.BEFORE_READING,
        "comment-tiles": plan.BEFORE_READING,
    }


def test_what_is_planned_in_the_commit_of_the_data_or_later_does_not_come_before(tmp_path: Path) -> None:
    root = repository(tmp_path / "brief", {"coders": [{"id": FIRST, "plan": "A person reads all."}]})
    with_comments(root)
    write_plan(root, {"figures": [{"id": "comment-tiles", "plan": "Every answer."}]})
    commit(root, 2)
    with_codings(root)
    commit(root, 3)
    write_plan(root, {"figures": [{"id": "comment-tiles", "plan": "Every answer."}], **PLAN_OF_TWO})
    commit(root, 4)
    plan_record.record(root)
    assert states(root) == {"comment-tiles": plan.BEFORE_READING, FIRST: plan.AFTER, "third": plan.BEFORE_READING}


PLAN_OF_TWO = {"coders": [{"id": FIRST, "plan": "A person reads all."}, {"id": "third", "plan": "A third one."}]}


def test_commits_tell_the_order_and_not_their_dates(tmp_path: Path) -> None:
    root = topics.asked(tmp_path / "brief", [])
    git(root, "init", "-q")
    with_comments(root)
    commit(root, 5)
    write_plan(root, PLAN)
    commit(root, 1)
    plan_record.record(root)
    assert set(states(root).values()) == {plan.AFTER, plan.BEFORE_READING}
    assert states(root)["how-many-against"] == plan.AFTER and rows(root)[0]["committed_on"] == "2021-03-01"


def test_a_plan_from_another_branch_came_before_nothing_that_it_was_merged_with(tmp_path: Path) -> None:
    root = topics.asked(tmp_path / "brief", [])
    git(root, "init", "-q")
    commit(root, 1)
    git(root, "checkout", "-q", "-b", "plan")
    write_plan(root, PLAN)
    planned_in = commit(root, 2)
    git(root, "checkout", "-q", "main")
    with_comments(root)
    commit(root, 3)
    git(root, "merge", "-q", "--no-edit", "plan", day=4)
    plan_record.record(root)
    assert states(root)["how-many-against"] == plan.AFTER
    assert {row["commit"] for row in rows(root) if row["event"] == plan.PLANNED} == {planned_in}


def test_a_brief_may_lie_in_a_folder_of_a_repository(tmp_path: Path) -> None:
    top = tmp_path / "repository"
    root = topics.asked(top / "brief", [])
    git(top, "init", "-q")
    write_plan(root, PLAN)
    commit(top, 1)
    with_comments(root)
    commit(top, 2)
    plan_record.record(root)
    assert set(states(root).values()) == {plan.BEFORE}
    assert rows(root)[-1]["item"] == "data/comments/library-hours.csv"


def test_comments_that_were_there_once_count_though_they_are_gone(tmp_path: Path) -> None:
    root = topics.asked(tmp_path / "brief", [])
    git(root, "init", "-q")
    topics.write(root / "data" / "comments" / "seen-before.csv", "comment_id,text\nseen-before-1,Yes.\n")
    commit(root, 1)
    (root / "data" / "comments" / "seen-before.csv").unlink()
    write_plan(root, PLAN)
    commit(root, 2)
    plan_record.record(root)
    assert states(root)["how-many-against"] == plan.AFTER


def test_a_file_that_came_after_the_record_leaves_open_what_came_first(copy: Path) -> None:
    before = states(copy)
    (copy / "data" / "codings" / "third.csv").write_text("comment_id,codebook_version,stance,coded_at\n", "utf-8")
    coders = (copy / "data" / "coders.yml").read_text(encoding="utf-8")
    (copy / "data" / "coders.yml").write_text(coders.replace(f"id: {FIRST}", "id: third", 1), "utf-8")
    after = {kind: state for kind, state in dated(copy).items() if state != before[kind]}
    assert after == dict.fromkeys(("how-many-against", "what-is-asked-for", "comment-tiles"), plan.UNDATED)


def dated(root: Path) -> dict[str, str]:
    """The states by the files as they are, whatever else is wrong with them."""
    import pandas as pd
    import yaml

    recorded = pd.read_csv(root / HISTORY, dtype="str", keep_default_na=False)
    parts = list(plan.parts(yaml.safe_load((root / plan.PLAN).read_text(encoding="utf-8"))))
    entries = plan.dated(parts, recorded, plan.data_files(root)).entries
    return dict(zip(entries["id"], entries["state"], strict=True))


# What changed ------------------------------------------------------------------------------------------------------


def test_a_changed_point_has_the_date_of_its_change_and_says_what_stood_before(consultation: Path) -> None:
    made = tables()["plan"](Findings(load(consultation)), {})
    assert isinstance(made, Table)
    by_plan = {row["What was planned"]: row for row in made.data.to_dict("records")}
    changed = by_plan["Every answer by its stance, and those of the campaign as one."]
    assert changed["Planned on"] == "3 March 2021"
    assert changed["Before the comments?"] == "After the comments, before anybody coded them"
    assert changed["What stood there before"] == "Until 3 March 2021: Every answer by its stance."
    dropped = by_plan["Do those who work late answer otherwise than others?"]
    assert (dropped["Before the comments?"], dropped["Done"]) == ("Taken out on 3 March 2021", "No longer planned")
    assert [row["Done"] for row in made.data.to_dict("records")] == [
        *("Yes", "Not yet", "Yes", "Yes", "Not yet", "Yes", "No longer planned"),
    ]


def test_to_wrap_a_sentence_anew_or_to_name_its_answer_is_no_change(copy: Path) -> None:
    text = (copy / plan.PLAN).read_text(encoding="utf-8")
    wrapped = "What do the letters\n    ask for instead?\n  answered_by: table reply-matrix"
    text = text.replace("What do the letters ask for instead?", wrapped)
    topics.write(copy / plan.PLAN, text)
    commit(copy, 6)
    assert states(copy)["what-is-asked-for"] == plan.BEFORE_READING
    assert not plan_record.record(copy)


def test_a_point_changed_after_the_record_is_not_dated_and_shows_what_was_recorded(copy: Path) -> None:
    text = (copy / plan.PLAN).read_text(encoding="utf-8")
    topics.write(copy / plan.PLAN, text.replace("How many of the answers", "What share of the answers"))
    assert states(copy)["how-many-against"] == plan.UNDATED
    former = load(copy).plan.former
    assert "How many of the answers are against closing at six?" in set(former["plan"])


def test_a_plan_put_back_has_the_date_on_which_it_was_put_back(tmp_path: Path) -> None:
    root = repository(tmp_path / "brief")
    write_plan(root, {"coders": [{"id": FIRST, "plan": "Nobody reads."}]})
    commit(root, 2)
    with_comments(root)
    commit(root, 3)
    write_plan(root, PLAN)
    commit(root, 4)
    plan_record.record(root)
    assert states(root)["how-many-against"] == plan.AFTER
    assert [row["event"] for row in rows(root) if row["item"] == "question how-many-against"] == [
        *(plan.PLANNED, plan.DROPPED, plan.PLANNED),
    ]


# The record --------------------------------------------------------------------------------------------------------


def test_the_record_names_commits_that_are_in_the_repository(consultation: Path) -> None:
    listed = rows(consultation)
    commits = git(consultation, "rev-list", "HEAD").splitlines()
    assert {row["commit"] for row in listed} <= set(commits)
    files = {row["item"] for row in listed if row["event"] == plan.DATA}
    assert files == {"data/codings/ann.csv", "data/codings/ben.csv", "data/comments/library-hours.csv"}
    first = next(row for row in listed if row["item"] == f"coder {FIRST}")
    assert first["before"].split(";") == sorted(files)


def test_the_same_history_gives_the_same_bytes_and_a_site_needs_none(copy: Path) -> None:
    before = (copy / HISTORY).read_bytes()
    assert not plan_record.record(copy)
    (copy / HISTORY).unlink()
    commit(copy, 6)
    assert plan_record.record(copy) and (copy / HISTORY).read_bytes() == before
    known = states(copy)
    shutil.rmtree(copy / ".git")
    assert states(copy) == known


def test_what_is_not_committed_or_not_whole_is_not_recorded(copy: Path, tmp_path: Path) -> None:
    git(copy, "clone", "-q", "--depth", "1", f"file://{copy}", str(tmp_path / "short"))
    assert "git fetch --unshallow" in refused(tmp_path / "short")
    write_plan(copy, PLAN)
    assert "data/plan.yml: plan.yml has changes that are not committed" in refused(copy)
    shutil.rmtree(copy / ".git")
    assert "the brief lies in no repository with a history" in refused(copy)


def test_without_a_plan_there_is_nothing_to_record(tmp_path: Path) -> None:
    root = topics.asked(tmp_path / "brief", [])
    git(root, "init", "-q")
    commit(root, 1)
    assert "there is no plan to record" in refused(root)


def test_the_command_records_and_compares(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(copy)
    assert CliRunner().invoke(main, ["record-plan", "--check"]).output == "The record is what the history says.\n"
    assert "Nothing is to be recorded" in CliRunner().invoke(main, ["record-plan"]).output
    write_plan(copy, {"coders": [{"id": FIRST, "plan": "Somebody reads."}]})
    commit(copy, 6)
    differs = CliRunner().invoke(main, ["record-plan", "--check"])
    assert differs.exit_code == 1 and "data/plan-history.csv: the record is not what the history" in differs.output
    assert CliRunner().invoke(main, ["record-plan"]).output == "Recorded: data/plan-history.csv. Next: commit it.\n"


# Faults ------------------------------------------------------------------------------------------------------------


def _after(root: Path, old: str, new: str) -> None:
    path = root / HISTORY
    topics.write(path, path.read_text(encoding="utf-8").replace(old, new, 1))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda root: _after(root, "A person reads all", "A person read all"), "row 4, column sha256: the row is not"),
        (lambda root: _after(root, "data/codings/ann.csv;", "data/codings/no.csv;"), "the record has no row for"),
        (lambda root: _after(root, ",planned,", ",thought,"), "'thought' is none of the values allowed"),
        (lambda root: write_plan(root, ["a"]), "data/plan.yml, line 1: here keys are expected"),
        (lambda root: write_plan(root, {"coders": [], "polls": []}), "line 2: the key 'polls' is unknown"),
        (lambda root: write_plan(root, {"coders": "ann"}), "line 1, key coders: here a list is expected"),
        (
            lambda root: write_plan(root, {"coders": [{"id": "ann", "plan": "A"}, {"id": "ann", "plan": "B"}]}),
            "line 4, key id: the coder 'ann' is planned twice",
        ),
        (lambda root: write_plan(root, {"figures": [{"id": "A b", "plan": "A"}]}), "key id: 'A b' is not an id"),
        (lambda root: write_plan(root, {"figures": [{"id": "a"}]}), "line 2, key plan: the key is missing or empty"),
        (
            lambda root: write_plan(root, {"questions": [{"id": "a", "plan": "A?", "answered_by": "stances"}]}),
            "key answered_by: 'stances' names no figure, table or statement",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(copy: Path, change: Callable[[Path], None], said: str) -> None:
    change(copy)
    assert said in "\n".join(map(str, check_data(copy)))


# What readers and makers are told ----------------------------------------------------------------------------------


def test_the_page_says_how_much_was_planned_and_how_far_that_proves_it(consultation: Path) -> None:
    said = sentences(consultation)
    assert said["what-was-planned"].startswith("Of the {fact}`planned` points of the plan, {fact}`planned-before`")
    assert said["how-far-the-plan-proves"].startswith("The order is that of the commits")
    assert said["how-the-plan-changed"].startswith("The plan was changed after it had been recorded.")


def test_a_figure_says_whether_it_was_planned(consultation: Path) -> None:
    findings = Findings(load(consultation))
    facts = compute_facts(findings)
    notes = {name: getattr(make(findings, facts), "note", "") for name, make in figures().items()}
    assert notes["comment-tiles"].endswith("It was planned after the comments came in, and before anybody coded them.")
    assert notes["what-is-missing"].endswith("It was not planned beforehand: it is exploratory.")


def test_the_check_says_what_was_planned_and_is_not_there_and_what_is_there_unplanned(consultation: Path) -> None:
    checked = examine(consultation)
    assert checked.faults == ()
    said = [point.what for point in plan_points.points(consultation, checked)]
    assert "the question 'what-is-asked-for' is answered by nothing" in said
    assert "the sample 'random-4-seed-1' is planned and not drawn" in said
    assert "the figure 'what-is-missing' is shown and was not planned: its page calls it exploratory" in said


def test_an_answer_that_there_is_not_is_a_fault_with_its_line(copy: Path) -> None:
    text = (copy / plan.PLAN).read_text(encoding="utf-8")
    topics.write(copy / plan.PLAN, text.replace("table stances", "table stancs"))
    [fault] = examine(copy).faults
    assert str(fault).startswith("data/plan.yml, line 2, key answered_by: no table is named 'stancs'")


def test_who_publishes_is_told_of_people_who_are_named_in_a_plan(tmp_path: Path) -> None:
    root = topics.asked(tmp_path / "brief", planned.TEXTS[:1], author=["Ann Hartwell"])
    write_plan(root, {"questions": [{"id": "hers", "plan": "What does Ann Hartwell say?"}]})
    points = [point for point in open_points(root, examine(root)) if point.file == plan.PLAN]
    assert [(point.what.split("'")[1], point.column) for point in points] == [("Ann Hartwell", "plan of hers")]


def test_a_brief_without_a_plan_says_so_and_nothing_else(tmp_path: Path) -> None:
    root = topics.asked(tmp_path / "brief", planned.TEXTS)
    said = sentences(root)
    assert said.pop("what-was-planned").startswith("No plan was recorded before the comments were read.")
    assert set(said.values()) == {""}
    findings = Findings(load(root))
    assert tables()["plan"](findings, {}) is SILENT
    assert plan_points.points(root, examine(root)) == []
    assert not (ROOT / plan.PLAN).exists(), "this brief had no plan before its comments"
