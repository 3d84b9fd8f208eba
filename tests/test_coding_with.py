"""`brief code --with COMMAND`: any program may code, through a pipe; bad output is told line by line and costs nothing.

The programs are in `tests/cases/coding_with` and run as real child processes. A file in `bad` is what a program
answers; beside it stands what is said of it. One that is missing is written, and the test fails.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from brief.cli import main
from brief.coding import sampling
from brief.coding.keeping import coded_by
from brief.coding.programs import Answers, code
from brief.data.loading import check_data, load
from brief.errors import BriefError
from conftest import CASES

PROGRAMS = CASES / "coding_with"
ARTICLE = "the-gazette-2021-03-01"
Project = Callable[..., Path]


def command(name: str, *arguments: str) -> str:
    starter = "sh" if name.endswith(".sh") else sys.executable
    return shlex.join([starter, str(PROGRAMS / name), *arguments])


def prints(answers: str) -> str:
    """A command that reads nothing and answers these bytes."""
    return shlex.join([sys.executable, "-c", f"import sys; sys.stdout.buffer.write({answers})"])


def run(root: Path, given: str, coder: str = "robot", kind: str = "rules", **options: Any) -> Answers:
    return code(root, given, coder, kind, **options)


def told(root: Path, given: str, **options: Any) -> str:
    with pytest.raises(BriefError) as error:
        run(root, given, **options)
    return str(error.value)


def bytes_of(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted((root / "data").rglob("*")) if path.is_file()}


def test_what_a_program_answers_is_kept_as_that_coders_file(project: Project) -> None:
    root = project("base")
    answers = run(root, command("keywords.py"), name="Key words")
    assert (len(answers.rows), answers.uncoded, answers.faults) == (3, set(), [])
    assert coded_by(root, "robot") == [
        {
            "comment_id": f"{ARTICLE}-{number}",
            "codebook_version": "2",
            "stance": stance,
            "themes": themes,
            "certainty": certainty,
            "note": note,
            "coded_at": "2021-03-04",
        }
        for number, stance, themes, certainty, note in (
            (1, "for", "work", "clear", "line one\r\nline two"),
            (2, "against", "cost;work", "", ""),
            (3, "cannot-tell", "", "", ""),
        )
    ]
    assert check_data(root) == []


def test_the_coder_is_described_and_what_stood_there_stays(project: Project) -> None:
    root = project("base")
    coders = root / "data/coders.yml"
    before = "# Who reads.\n" + coders.read_text(encoding="utf-8")
    coders.write_text(before, encoding="utf-8")
    run(root, command("keywords.py"), kind="language model")
    after = coders.read_text(encoding="utf-8")
    assert after.startswith(before)
    described = yaml.safe_load(after)[1]
    assert (described["id"], described["kind"], described["blind"]) == ("robot", "language model", True)
    assert "keywords.py" in described["how"] and "2021-03-04" in described["how"]


@pytest.mark.parametrize("named", [True, False])
def test_a_second_coder_changes_nothing_that_the_brief_prints(project: Project, named: bool) -> None:
    root = project("base")
    topic = root / "data/brief.yml"
    text = topic.read_text(encoding="utf-8")
    topic.write_text(text if named else text.replace("coder: ann\n", ""), encoding="utf-8")
    run(root, command("keywords.py"))
    assert load(root).topic.coder == "ann"
    assert (topic.read_text(encoding="utf-8") == text) is named


def test_a_trained_model_is_called_neither_blind_nor_independent(project: Project) -> None:
    root = project("base")
    run(root, command("keywords.py"), kind="trained model")
    described = yaml.safe_load((root / "data/coders.yml").read_text(encoding="utf-8"))[1]
    assert described["blind"] is False and described["independent"] is False


def test_the_first_coder_of_a_new_brief_can_be_described(project: Project) -> None:
    root = project("base")
    for name in ("codings/ann.csv", "voices.csv"):
        (root / "data" / name).unlink()
    (root / "data/coders.yml").write_text("# Nobody yet.\n[]\n", encoding="utf-8")
    topic = root / "data/brief.yml"
    topic.write_text(topic.read_text(encoding="utf-8").replace("coder: ann\n", ""), encoding="utf-8")
    run(root, command("keywords.py"))
    assert (root / "data/coders.yml").read_text(encoding="utf-8").startswith("# Nobody yet.\n- id: robot\n")
    assert load(root).topic.coder is None, "the only coder needs no name to be printed"


def test_the_order_of_answers_does_not_matter_and_labels_are_understood(project: Project) -> None:
    root = project("base")
    run(root, command("all_at_the_end.py"))
    rows = coded_by(root, "robot")
    assert [row["comment_id"] for row in rows] == [f"{ARTICLE}-{number}" for number in (1, 2, 3)]
    assert {(row["stance"], row["themes"]) for row in rows} == {("against", "cost;work")}


def test_a_program_gets_the_codebook_and_texts_and_nothing_else(project: Project, tmp_path: Path) -> None:
    root = project("base")
    comments = root / f"data/comments/{ARTICLE}.csv"
    text = comments.read_text(encoding="utf-8").replace("txt,NA", 'txt,"jo@example.org \u2028 said 👩‍👩‍👧\nA"')
    comments.write_text(text, encoding="utf-8")
    (root / "data/ledger.csv").unlink()
    answers = run(root, command("keeps_what_it_gets.py", str(tmp_path / "given")))
    first, *lines = [json.loads(line) for line in (tmp_path / "given").read_text(encoding="utf-8").split("\n") if line]
    assert list(first) == ["codebook"]
    assert first["codebook"]["question"] == "Does the writer think the library should stay open in the evening?"
    assert [one["id"] for one in first["codebook"]["stances"]] == ["for", "against", "cannot-tell"]
    assert first["codebook"]["themes"][0] == {
        "id": "cost",
        "label": "Cost",
        "definition": "What it costs.",
        "include": "",
        "exclude": "",
    }
    assert [list(line) for line in lines] == [["comment_id", "text"]] * 3
    assert lines[0]["text"] == "I work until six. When should I come?"
    assert lines[2]["text"] == "[e-mail address removed] \u2028 said 👩‍👩‍👧\nA"
    assert answers.uncoded == {f"{ARTICLE}-{number}" for number in (1, 2, 3)}
    assert not (root / "data/codings/robot.csv").exists(), "nothing was coded, so there is no coder"


@pytest.mark.parametrize("answers", sorted((PROGRAMS / "bad").glob("*.txt")), ids=lambda path: path.stem)
def test_bad_output_is_told_line_by_line_and_nothing_is_written(project: Project, answers: Path) -> None:
    root = project("base")
    before = bytes_of(root)
    said = told(root, prints(repr(answers.read_bytes()))) + "\n"
    assert bytes_of(root) == before
    expected = answers.with_suffix(".expected")
    if not expected.is_file():
        expected.write_text(said, encoding="utf-8")
        pytest.fail(f"{expected.name} was missing and is written now: read it, then keep it")
    assert said == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ("b'[' * 200_000 + b'\\n'", "line 1: this is no JSON object"),
        ("b'x' * 3_000_000", "line 1: the line is longer than 1,000,000 bytes"),
        ("b'chatter\\n' * 1_000_000", "and 6 more faults"),
    ],
)
def test_output_without_end_is_cut_off(project: Project, answers: str, message: str) -> None:
    assert message in told(project("base"), prints(answers))


@pytest.mark.parametrize(
    ("given", "message", "remedy"),
    [
        ("no-such-program --fast", "the command cannot be started: no-such-program", "Name a program"),
        ("python3 'open", "the command cannot be split into words", "quotation mark"),
        ("  ", "the command is empty", "--with"),
        (command("fails.sh"), "the command ended with status 3", "Its last words: the quota of today is used up"),
        (command("first_only.py"), f"comments without an answer, 2: {ARTICLE}-2, {ARTICLE}-3", "a stance of null"),
    ],
)
def test_a_command_that_fails_is_taught(project: Project, given: str, message: str, remedy: str) -> None:
    root = project("base")
    before = bytes_of(root)
    said = told(root, given)
    assert message in said and remedy in said
    assert bytes_of(root) == before


def test_a_command_that_falls_silent_is_stopped_with_all_it_started(project: Project, tmp_path: Path) -> None:
    said = told(project("base"), command("sleeps.py", str(tmp_path / "child")), timeout=1)
    assert "said nothing for 1 seconds and was stopped" in said and "--timeout" in said
    child = int((tmp_path / "child").read_text(encoding="utf-8"))
    for _ in range(100):
        if not alive(child):
            return
        time.sleep(0.05)
    pytest.fail(f"the process {child} that the command had started is still there")


def alive(process: int) -> bool:
    """Whether a process runs; one that has ended and was not waited for does not."""
    state = Path(f"/proc/{process}/stat")
    if state.parent.parent.is_dir() and not state.is_file():
        return False
    if state.is_file():
        return state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] not in "ZX"
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_no_shell_reads_the_command(project: Project, tmp_path: Path) -> None:
    root = project("base")
    run(root, f"{command('keywords.py')} ; touch {tmp_path / 'touched'} $(touch {tmp_path / 'too'})")
    assert not (tmp_path / "touched").exists() and not (tmp_path / "too").exists()


@pytest.mark.parametrize(
    ("coder", "kind", "resume", "message"),
    [
        ("ann", "rules", False, "'ann' has codings already: 2"),
        ("ann", "rules", True, "the coder 'ann' is described as 'person', not as 'rules'"),
        ("No Name", "rules", False, "'No Name' is not an identifier"),
        ("../x", "rules", False, "'../x' is not an identifier"),
    ],
)
def test_a_program_writes_into_nobody_elses_file(
    project: Project, coder: str, kind: str, resume: bool, message: str
) -> None:
    root = project("base")
    before = bytes_of(root)
    assert message in told(root, command("keywords.py"), coder=coder, kind=kind, resume=resume)
    assert bytes_of(root) == before


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("fails.sh", [1]),
        ("first_only.py", [1]),
        ("one_wrong.py", [1, 3]),
        ("answers_twice.py", [2, 3]),
        ("half_a_character.py", [1, 2]),
    ],
    ids=str,
)
def test_with_resume_what_is_sound_is_kept_and_the_rest_can_follow(
    project: Project, given: str, kept: list[int]
) -> None:
    root = project("base")
    answers = run(root, command(given), resume=True)
    assert answers.faults
    assert [row["comment_id"] for row in coded_by(root, "robot")] == [f"{ARTICLE}-{number}" for number in kept]
    before = coded_by(root, "robot")
    answers = run(root, command("all_at_the_end.py"), resume=True)
    assert not answers.faults and len(answers.rows) == 3 - len(kept)
    after = coded_by(root, "robot")
    assert [row["comment_id"] for row in after] == [f"{ARTICLE}-{number}" for number in (1, 2, 3)]
    assert [row["stance"] for row in after if row["comment_id"] in {one["comment_id"] for one in before}] == [
        row["stance"] for row in before
    ]
    assert check_data(root) == []
    assert "no comment is left to code" in told(root, command("keywords.py"), resume=True)


def test_only_a_sample_can_be_coded(project: Project) -> None:
    root = project("base")
    sample, _ = sampling.sample(root, 2, "", 1, root / "sheet.csv")
    run(root, command("keywords.py"), sample_id=sample.sample_id)
    assert sorted(row["comment_id"] for row in coded_by(root, "robot")) == sorted(sample.comments)
    assert f"'{sample.sample_id}'" in str(load(root).coders.set_index("coder_id").loc["robot", "how"])


def test_without_a_codebook_nothing_can_be_coded(project: Project) -> None:
    root = project("base")
    for name in ("codings/ann.csv", "voices.csv", "codebook.yml"):
        (root / "data" / name).unlink()
    assert "there is no codebook to code with" in told(root, command("keywords.py"))


def test_the_command_line(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project("base"))
    given = ["code", "--with", command("keywords.py"), "--coder", "robot", "--kind", "rules"]
    result = CliRunner().invoke(main, given)
    assert result.exit_code == 0 and "Kept in data/codings/robot.csv: 3. Left uncoded: 0." in result.output
    nothing = ["code", "--with", command("leaves_all.py"), "--coder", "silent", "--kind", "rules"]
    assert "Nothing is kept: every comment was left uncoded, 3 in all." in CliRunner().invoke(main, nothing).output
    result = CliRunner().invoke(main, [*given[:-4], "--coder", "other", "--kind", "person"])
    assert result.exit_code == 2 and "'person' is not one of" in result.stderr
    wrong = ["code", "--with", command("one_wrong.py"), "--coder", "other", "--kind", "rules", "--resume"]
    result = CliRunner().invoke(main, wrong)
    assert result.exit_code == 1 and "Kept in data/codings/other.csv: 2." in result.stdout
    assert "answers.jsonl, line 2, key stance: 'maybe' is not in the codebook" in result.stderr
