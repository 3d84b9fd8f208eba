"""The wheel alone: installed where no clone is at hand, it makes a brief, checks it and builds it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

import topics
from brief.data import keys
from brief.store import starter
from conftest import ROOT, copy_tracked, tracked_files

GENERAL = "brief/store/starter/general/"
#: What a built site holds of chapters, PDFs, theme and fonts.
BUILT = (
    "index.html",
    "methods.html",
    "new-brief.pdf",
    "new-brief-full.pdf",
    "_static/brief.css",
    "_static/fonts/public-sans.woff2",
    "_static/fonts/newsreader.woff2",
)


def run(command: Sequence[str | Path], folder: Path) -> str:
    """Run a command that must succeed, without this repository's modules on its path; returns what it prints."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    ended = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this repository, built without a network; the clone it was built from is gone."""
    folder = tmp_path_factory.mktemp("wheel")
    clone = copy_tracked(folder / "clone")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    run([*pip, "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation", "-w", folder, "."], clone)
    shutil.rmtree(clone)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def programs(wheel: Path) -> Path:
    """The programs of an environment that has the wheel, and from the tests' environment all but this package.

    What a line of a .pth file adds is only looked in for modules: the line that makes a clone importable is not read.
    """
    folder = wheel.parent / "environment"
    venv.create(folder)
    bin_folder = folder / "bin"
    run([sys.executable, "-m", "pip", "--python", bin_folder / "python", "install", "-q", "--no-deps", wheel], folder)
    (packages,) = folder.glob("lib/python*/site-packages")
    places = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    (packages / "of-the-tests.pth").write_text("".join(f"{place}\n" for place in places), encoding="utf-8")
    return bin_folder


@pytest.fixture(scope="module")
def made(programs: Path) -> Path:
    """A brief that the wheel made."""
    folder = programs.parents[1]
    run([programs / "brief", "new", "a brief"], folder)
    return folder / "a brief"


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    of_git = {name.removeprefix("src/") for name in tracked_files() if name.startswith("src/")}
    assert of_git - packed == set()


def test_the_wheel_carries_the_general_chapters_and_none_of_a_module(wheel: Path) -> None:
    carried = {
        name.removeprefix(GENERAL) for name in zipfile.ZipFile(wheel).namelist() if name.startswith(f"{GENERAL}book/")
    }
    chapters = {f"book/{path.name}" for path in (ROOT / "book").glob("*.md") if not starter.module_of(path)}
    assert carried == chapters and len(chapters) > 5


def test_no_clone_is_needed(programs: Path, made: Path) -> None:
    where = run([programs / "python", "-c", "import brief; print(brief.__file__)"], made).strip()
    assert Path(where).is_relative_to(programs.parent)


def test_a_brief_made_by_the_wheel_is_that_of_a_clone(made: Path, tmp_path: Path) -> None:
    """But for the key of each, which no other brief has."""
    starter.new(tmp_path / "brief")
    by_clone, by_wheel = (
        {
            name: content
            for name, content in topics.files_of(root).items()
            if not name.startswith(("_build/", ".brief/"))
        }
        for root in (tmp_path / "brief", made)
    )
    assert (made / keys.FILE).read_text(encoding="utf-8") != (tmp_path / "brief" / keys.FILE).read_text(
        encoding="utf-8"
    )
    assert by_wheel.keys() - by_clone.keys() == {name for name in by_wheel if name.startswith("wheels/")}
    assert [name for name in by_clone if by_wheel.get(name) != by_clone[name]] == ["requirements.txt"]


def test_the_wheel_lies_in_the_brief_that_it_made(made: Path, wheel: Path) -> None:
    assert (made / "requirements.txt").read_text(encoding="utf-8").splitlines()[-1] == f"./wheels/{wheel.name}"
    assert (made / "wheels" / wheel.name).read_bytes() == wheel.read_bytes()


def test_it_is_sound_and_builds(programs: Path, made: Path) -> None:
    assert "Sound" in run([programs / "brief", "check"], made)
    run([programs / "python", "-c", "from jupyter_book.cli.main import main; main()", "build", "."], made)
    site = made / "_build" / "html"
    assert [name for name in BUILT if not (site / name).is_file()] == []
    listed = yaml.safe_load((made / "_toc.yml").read_text(encoding="utf-8"))
    every = [one["file"] for part in listed["parts"] for one in part["chapters"]]
    # Without data a chapter that needs some is left out.
    chapters = [name for name in every if "\n  needs: " not in (made / f"{name}.md").read_text(encoding="utf-8")]
    assert chapters and [name for name in chapters if not (site / f"{Path(name).name}.html").is_file()] == []
