"""Commands at the same time: each writes all that it has, builds do not disturb each other, and no site is stale."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from jupyter_book.config import get_final_config  # type: ignore[import-untyped]

import topics
from brief.contract import frozen, inputs, journal
from brief.data.loading import load
from brief.errors import BriefError
from brief.site import settings
from brief.site.state import STAMP
from conftest import CASES, run_build

COMMAND = [sys.executable, "-c", "from brief.cli import main; main()"]


@pytest.fixture
def brief(tmp_path: Path) -> Path:
    return topics.asked(tmp_path / "brief", ["It costs too much.", "Keep it open."])


def started(root: Path, command: list[str], *arguments: str) -> subprocess.Popen[str]:
    here = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    pipe, same = subprocess.PIPE, subprocess.STDOUT
    return subprocess.Popen([*command, *arguments], cwd=root, text=True, stdout=pipe, stderr=same, env=here)


def ended(process: subprocess.Popen[str]) -> str:
    told, _ = process.communicate(timeout=300)
    assert process.returncode == 0, told
    return told


def begun(root: Path) -> Future[subprocess.CompletedProcess[str]]:
    """A build that goes on in a process of its own."""
    pool = ThreadPoolExecutor(1)
    building = pool.submit(run_build, root)
    pool.shutdown(wait=False)
    return building


def texts(root: Path) -> set[str]:
    return {text for batch in load(root).comments() for text in batch["text"]}


def test_of_two_that_add_at_once_both_have_added(brief: Path) -> None:
    for name in ("one", "two"):
        (brief / f"{name}.csv").write_text(f"text\nFrom {name}.\n", encoding="utf-8")
    options = ("--collection", "letters", "--question", "Should it close?")
    both = [started(brief, COMMAND, "add", f"{name}.csv", *options) for name in ("one", "two")]
    for process in both:
        ended(process)
    assert {"From one.", "From two."} < texts(brief)


def test_a_second_command_waits_and_says_so(brief: Path) -> None:
    (brief / "one.csv").write_text("text\nFrom one.\n", encoding="utf-8")
    with journal.writing(brief):
        process = started(brief, COMMAND, "add", "one.csv", "--collection", "letters", "--question", "Should it close?")
        assert process.stdout is not None
        assert "Another command is changing this brief; waiting" in process.stdout.readline()
        assert "From one." not in texts(brief)
    ended(process)
    assert "From one." in texts(brief)


def test_a_command_that_waits_in_vain_ends_with_a_message(brief: Path) -> None:
    told = "from pathlib import Path; from brief.contract import journal\nwith journal.writing(Path('.'), 0.1): pass"
    with journal.writing(brief):
        process = started(brief, [sys.executable, "-c", told])
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 1 and "another command has been changing this brief for 0.1 seconds" in output


def test_what_changes_during_a_build_is_not_taken_for_built(brief: Path) -> None:
    building = begun(brief)
    # Looked for until it is there or the build has ended: nothing but the mark of the copy tells that it is whole.
    while not list((brief / "_build").glob(".build-*/inputs/.frozen")) and not building.done():
        time.sleep(0.01)
    comments = next((brief / "data" / "comments").glob("*.csv"))
    comments.write_text(comments.read_text(encoding="utf-8").replace("Keep it open.", "Keep it open late."), "utf-8")
    (brief / "data" / "ledger.csv").unlink(missing_ok=True)
    assert building.result().returncode == 0, building.result().stdout
    site = brief / "_build" / "html"
    assert "Keep it open." in (site / "comments.html").read_text(encoding="utf-8")
    now = inputs.site_digest(brief, inputs.commit(brief))
    assert (site / STAMP).read_text(encoding="utf-8") != now
    assert run_build(brief).returncode == 0
    assert "Keep it open late." in (site / "comments.html").read_text(encoding="utf-8")


def test_two_builds_at_once_end_in_one_whole_site(brief: Path) -> None:
    for building in [begun(brief), begun(brief)]:
        assert building.result().returncode == 0, building.result().stdout
    site = topics.files_of(brief / "_build" / "html")
    assert not list((brief / "_build").glob(".build-*"))
    assert run_build(brief).returncode == 0
    assert topics.files_of(brief / "_build" / "html") == site


def test_what_a_killed_build_left_is_removed(brief: Path) -> None:
    left = brief / "_build" / ".build-left"
    left.mkdir(parents=True)
    (left / "lock").touch()
    frozen.frozen(brief)
    assert not left.exists()


def test_a_copy_that_nobody_may_write_to_can_be_checked(brief: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mkdir = Path.mkdir

    def refused(self: Path, *arguments: object, **named: object) -> None:
        if brief in (self, *self.parents):
            raise PermissionError(13, "Permission denied", str(self))
        mkdir(self, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "mkdir", refused)
    copy = frozen.frozen(brief)
    assert brief not in copy.parents and frozen.build_folder(copy) == (copy.parent / "_build").resolve()
    with pytest.raises(BriefError, match="permission denied"), journal.writing(brief):
        pass


def test_a_disk_that_takes_nothing_more_is_told_and_nothing_is_lost(brief: Path) -> None:
    """The system itself refuses here: no file of this process may have any length."""
    (brief / "one.csv").write_text("text\nFrom one.\n", encoding="utf-8")
    before = topics.files_of(brief / "data")
    code = (
        "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\nfrom brief.cli import main; main()"
    )
    commands = [
        ("add", "one.csv", "--collection", "letters", "--question", "Should it close?"),
        ("record-edition",),
        ("check",),
        ("facts",),
    ]
    for command in commands:
        process = started(brief, [sys.executable, "-B", "-c", code], *command)
        told, _ = process.communicate(timeout=120)
        assert process.returncode == 1 and "Traceback" not in told and "file too large" in told, told
        assert topics.files_of(brief / "data") == before


def test_settings_that_changed_as_the_build_began_are_noticed(brief: Path) -> None:
    """Jupyter Book reads `_config.yml` before there is a copy of it: what it read is compared with the copy."""
    typed = {"external_toc_path": "_toc.yml", "latex_individualpages": False}
    given, _ = get_final_config(user_yaml=brief / "_config.yml", cli_config=dict(typed), sourcedir=brief)
    extensions = given["extensions"]
    assert settings.are_of(given, extensions, frozen.frozen(brief))
    path = brief / "_config.yml"
    before = path.read_text(encoding="utf-8")
    for old, new in (
        ("language: en", "language: de"),
        ("timeout: 120", "timeout: 121"),
        ("brief.site]", "brief.site, x]"),
    ):
        assert old in before
        path.write_text(before.replace(old, new), encoding="utf-8")
        assert not settings.are_of(given, extensions, frozen.frozen(brief)), new
    path.write_text(f"{before}# said otherwise\n", encoding="utf-8")
    assert settings.are_of(given, extensions, frozen.frozen(brief)), "only what it says counts"


LIBRARY = "the-gazette-2021-03-01"
#: Commands that change a brief, and what is seen of each when it has run.
CHANGES: dict[str, tuple[list[str], Callable[[Path], bool]]] = {
    "add": (
        ["add", "more.csv", "--collection", "letters", "--question", "Should it close?"],
        lambda root: "From one." in texts(root),
    ),
    "withdraw": (
        ["withdraw", f"{LIBRARY}-1", "--note", "asked for"],
        lambda root: f"{LIBRARY}-1" in load(root).withdrawn,
    ),
    "import-codings": (
        ["import-codings", "sheet.csv", "--coder", "second", "--blind", "--independent"],
        lambda root: "second" in set(load(root).codings["coder_id"]),
    ),
    "sample": (["sample", "-n", "2", "--out", "drawn.csv"], lambda root: (root / "drawn.csv").is_file()),
}


def library(root: Path) -> Path:
    """The library's brief, with what the commands take in beside its data."""
    shutil.copytree(CASES / "base", root)
    (root / "data" / "voices.csv").unlink()
    (root / "more.csv").write_text("text\nFrom one.\n", encoding="utf-8")
    (root / "sheet.csv").write_text(f"comment_id,stance\n{LIBRARY}-2,for\n", encoding="utf-8")
    return root


@pytest.mark.parametrize("pair", [("add", "withdraw"), ("add", "import-codings"), ("withdraw", "sample")])
def test_of_two_commands_at_once_both_have_done_all(tmp_path: Path, pair: tuple[str, str]) -> None:
    root = library(tmp_path / "brief")
    both = [started(root, COMMAND, *CHANGES[name][0]) for name in pair]
    for process in both:
        ended(process)
    for name in pair:
        assert CHANGES[name][1](root), name
    assert {path.name for path in (root / ".brief").iterdir()} <= {"lock", ".gitignore", "key"}
    assert len((root / ".brief" / "key").read_text(encoding="utf-8").split()) == 1
