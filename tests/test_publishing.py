"""Checked first, swapped in last: a failed build publishes nothing, and fails again by the plain command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import topics
from conftest import CASES, run_build


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A brief whose site stands, with all that the build kept."""
    return topics.copied(topics.built_asked(3, 3), tmp_path / "brief")


@pytest.fixture
def brief(published: Path) -> Path:
    """The same brief without its site."""
    shutil.rmtree(published / "_build" / "html")
    return published


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """The same brief as a clone: nothing was built of it yet."""
    return topics.asked(tmp_path / "new", topics.TEXTS[:3], coded=3)


def add_statement(root: Path, condition: str, sentence: str) -> None:
    path = root / "book" / "topic" / "limits.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n:::{{statement}} tried\n:when: {condition}\n{sentence}\n:::\n", encoding="utf-8")


def test_a_failed_build_publishes_nothing_and_fails_again(published: Path) -> None:
    site = topics.files_of(published / "_build" / "html")
    add_statement(published, "stance-for > 5", "Many are for it.")
    for fresh in (True, False):
        ended = run_build(published, fresh=fresh)
        assert ended.returncode == 1
        assert "the statement 'tried' no longer holds" in ended.stdout
        assert "Traceback" not in ended.stdout
        assert topics.files_of(published / "_build" / "html") == site


def test_without_an_earlier_site_there_is_none_after_a_failure(new: Path) -> None:
    add_statement(new, "stance-for > 5", "Many are for it.")
    assert run_build(new).returncode == 1
    assert not (new / "_build" / "html").exists()


def test_all_faults_are_told_at_once(brief: Path) -> None:
    add_statement(brief, "stance-for > 5", "Many are for it.")
    limits = brief / "book" / "topic" / "limits.md"
    limits.write_text(limits.read_text(encoding="utf-8") + "\nThere are 12 rooms.\n", encoding="utf-8")
    comments = brief / "book" / "comments.md"
    comments.write_text(comments.read_text(encoding="utf-8") + "\n{fact}`no-such-fact`\n", encoding="utf-8")
    told = run_build(brief).stdout
    for words in ("no longer holds", "'12' stands bare", "no fact named 'no-such-fact'", "3 faults"):
        assert words in told


WARNED = {
    "no-such-page": "[nowhere](no-such-page.md)",
    "nosuchrole": "{nosuchrole}`x`",
    "nosuchdirective": "```{nosuchdirective}\nx\n```",
}


@pytest.mark.parametrize("warned", [["no-such-page"], list(WARNED)], ids=["one", "all"])
def test_a_warning_is_an_error_and_stays_one(brief: Path, warned: list[str]) -> None:
    append(brief / "book" / "methods.md", *(WARNED[name] for name in warned))
    fails_twice(brief, *warned)


def test_a_cell_that_fails_is_an_error_and_stays_one(brief: Path) -> None:
    append(brief / "book" / "methods.md", "```{code-cell} python\n1 / 0\n```")
    fails_twice(brief, "ZeroDivisionError")


def test_a_chapter_that_stands_elsewhere_than_links_lead_is_an_error(brief: Path) -> None:
    """A newer Sphinx writes through another method of the builder, and would end with status 0."""
    settings = brief / "_config.yml"
    listed = settings.read_text(encoding="utf-8").replace(", brief.site]", ", brief.site, astray]")
    settings.write_text(listed, encoding="utf-8")
    here = os.pathsep.join([str(CASES / "builders"), os.environ.get("PYTHONPATH", "")])
    ended = run_build(brief, PYTHONPATH=here)
    assert ended.returncode == 1
    assert "Nothing was published" in ended.stdout and "book/comments.md: there is no comments.html" in ended.stdout
    assert not (brief / "_build" / "html").exists()


def append(path: Path, *paragraphs: str) -> None:
    path.write_text("\n\n".join([path.read_text(encoding="utf-8"), *paragraphs]) + "\n", encoding="utf-8")


def fails_twice(brief: Path, *told: str) -> None:
    for _ in range(2):
        ended = run_build(brief)
        assert ended.returncode != 0
        assert [words for words in told if words not in ended.stdout] == []
        assert not (brief / "_build" / "html").exists()


def test_a_draft_marks_what_no_longer_holds_and_goes_elsewhere(brief: Path) -> None:
    add_statement(brief, "stance-for > 5", "They are for it.")
    ended = run_build(brief, BRIEF_DRAFT="1")
    assert ended.returncode == 0, ended.stdout
    assert not (brief / "_build" / "html").exists()
    page = (brief / "_build" / "draft" / "html" / "index.html").read_text(encoding="utf-8")
    assert "This no longer holds: stance-for &gt; 5" in page
    assert "This is a draft" in page


def test_a_draft_forgives_nothing_else(brief: Path) -> None:
    limits = brief / "book" / "topic" / "limits.md"
    limits.write_text(limits.read_text(encoding="utf-8") + "\nThere are 12 rooms.\n", encoding="utf-8")
    assert run_build(brief, BRIEF_DRAFT="1").returncode == 1


def test_a_swap_that_was_cut_off_is_made_good(published: Path) -> None:
    site = published / "_build" / "html"
    before = topics.files_of(site)
    site.rename(site.with_name(".html-old"))
    add_statement(published, "stance-for > 5", "Many are for it.")
    assert run_build(published).returncode == 1
    assert topics.files_of(site) == before


#: Who may do everything gives that right up: a process of root may write to any folder.
_LIKE_OTHERS = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"]


def _said(root: Path, command: Sequence[str]) -> str:
    """What a command of `brief` says that must fail, run by somebody who may not write where it is not allowed."""
    rights = _LIKE_OTHERS if os.geteuid() == 0 else []
    whole = [*rights, str(Path(sys.executable).with_name("brief")), *command]
    ended = subprocess.run(whole, cwd=root, capture_output=True, text=True, check=False)
    assert ended.returncode == 1 and "Traceback" not in ended.stderr, ended.stderr
    return ended.stderr


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may write anywhere: needs setpriv")
@pytest.mark.parametrize("command", [["build"], ["build", "--draft"], ["export", "../brief.docx"], ["serve"]])
def test_a_folder_that_may_not_be_written_to_is_named(published: Path, command: Sequence[str]) -> None:
    site, builds = published / "_build" / "html", published / "_build"
    for folder in (site, builds):
        folder.chmod(0o555)
        said = _said(published, command)
        assert f"the folder '{folder}' may not be written to" in said and "-> Copy the brief" in said
        folder.chmod(0o755)
    shutil.rmtree(builds)
    published.chmod(0o555)
    assert f"the folder '{published}' may not be written to" in _said(published, command)
    published.chmod(0o755)
    builds.write_text("A file.", encoding="utf-8")
    assert f"'{builds}' is a file" in _said(published, command)
