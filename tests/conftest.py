"""What several test files use: the browser, the site built once, a server for it, and copies of the cases' folders."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from filelock import FileLock

import warmed
from brief.contract import kept_work
from brief.store import starter
from check_site.browsers import INSTALL_BROWSER, find_chromium, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
#: The pages of this brief, without their ending.
PAGES = (
    "index",
    "who-said-what",
    "comments",
    "who-could-read",
    "options",
    "timeline",
    "methods",
    "data",
    "sources",
    "article",
    "accessibility",
    "search",
)
CASES = ROOT / "tests" / "cases"
#: On the path of a Python, it lets nothing be asked of the network and notes what was.
OFFLINE = CASES / "offline"
JUPYTER_BOOK = Path(sys.executable).with_name("jupyter-book")
_BUILD_SECONDS = 300
#: Parts of the names of the tests that take longest, the longest first.
_LONGEST = (
    *("test_warm_equals_cold", "test_axe_finds_nothing", "test_this_site_passes", "test_two_computations"),
    *("test_hostile_text.py", "test_metadata.py", "test_access_page.py", "test_pdf.py", "test_never_stale.py"),
    *("test_jupyterlab.py", "test_whatever_a_file_holds", "test_publishing.py", "test_topics.py", "test_wheel.py"),
)
#: A folder of this run of the tests, which all its processes share.
_SHARED = "SHARED_BY_THESE_TESTS"


def is_missing(told: str) -> NoReturn:
    """Skip a test for want of a program that set-up cannot install; a failure where `REQUIRE_BROWSER` is set."""
    if os.environ.get("REQUIRE_BROWSER", "") not in ("", "0"):
        pytest.fail(told)
    pytest.skip(told)


@cache
def tracked_files(root: Path = ROOT) -> tuple[str, ...]:
    """The repository's files as git lists them, those that still exist; without git, all but what tools make."""
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        names = listed.stdout.decode().split("\0")
    else:
        made = {"_build", ".venv", "__pycache__", ".git", ".pytest_cache", ".mypy_cache", ".ruff_cache"}
        paths = (path.relative_to(root) for path in root.rglob("*"))
        names = [path.as_posix() for path in paths if not made.intersection(path.parts)]
    return tuple(sorted(name for name in names if name and (root / name).is_file()))


def copy_tracked(to: Path, *parts: str) -> Path:
    """Copy the tracked files, with the changes not yet committed, to a folder; returns the folder.

    With `parts` only those below these folders, or of these names, are copied.
    """
    for name in tracked_files():
        if parts and not name.startswith(parts):
            continue
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, to / name)
    return to


def copy_brief(to: Path) -> Path:
    """Copy what makes this repository's own brief, without the program and the tests, to a folder; returns it."""
    return copy_tracked(to, "data/", "book/", "_config.yml", "_toc.yml")


def shared_work() -> Path:
    """The folder of what builds keep, shared by those of all tests."""
    return Path(os.environ[_SHARED]) / "work"


def run_build(
    root: Path, *arguments: str, fresh: bool = False, other: bool = False, cold: bool = False, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The plain command, `jupyter-book build .`, in a project's folder; its output is in `stdout`, errors included.

    It runs in a process that has its libraries loaded; with `fresh`, Python is started for it as by a person. With
    `other` its hashes have another seed than those of the builds without: two such builds are to give the same bytes.
    What one build has drawn or typeset, the next ones find, of whatever brief; with `cold`, all is done anew.
    """
    command = [str(JUPYTER_BOOK), "build", ".", *arguments]
    kept = {} if cold else {kept_work.PLACE: str(shared_work())}
    server = "" if fresh else warmed.OTHER if other else warmed.FIRST
    return _run_build(root, command, {**os.environ, **kept, **environment}, server)


def _run_build(
    root: Path, command: list[str], environment: dict[str, str], server: str
) -> subprocess.CompletedProcess[str]:
    if server and warmed.can_fork(environment):
        ended = warmed.run(Path(os.environ[_SHARED]), command, root, environment, _BUILD_SECONDS, server)
        return subprocess.CompletedProcess(command, *ended)
    return subprocess.run(
        command,
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_BUILD_SECONDS,
        check=False,
    )


def once(name: str, make: Callable[[Path], object]) -> Path:
    """A folder of that name with what `make` makes in it, made once for all processes of the tests.

    The first that asks makes it, the others wait for it and share it: no test changes what is in it.
    """
    folder = Path(os.environ[_SHARED]) / name
    with FileLock(folder.with_suffix(".lock")):
        if not folder.with_suffix(".made").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            folder.with_suffix(".made").touch()
    return folder


def words_of_articles_in_a_row(text: str) -> str:
    """The longest run of words of an article of this brief that stands in a text, wherever its lines end."""
    flat = re.sub(r"[\s\u200b]|\"(?=\")", "", text)
    longest = ""
    for path in (ROOT / "data" / "articles").glob("*.md"):
        words = path.read_text(encoding="utf-8").split("\n---\n", 1)[1].split()
        for start in range(len(words)):
            end = start + len(longest.split()) + 1
            while end <= len(words) and "".join(words[start:end]) in flat:
                longest = " ".join(words[start:end])
                end += 1
    return longest


def longest_quotation() -> int:
    """How many words the longest claim has: what stands of an article outside its page are such quotations."""
    with (ROOT / "data" / "claims.csv").open(encoding="utf-8", newline="") as file:
        return max(len(row["quote"].split()) for row in csv.DictReader(file))


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder that all processes of the tests share; those that come later inherit its name."""
    if not hasattr(config, "workerinput"):
        os.environ[_SHARED] = tempfile.mkdtemp(prefix="brief-tests-")
        warmed.share(Path(os.environ[_SHARED]))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take that folder away when all of them have ended."""
    if not hasattr(config, "workerinput"):
        warmed.stop(Path(os.environ[_SHARED]))
        shutil.rmtree(os.environ.pop(_SHARED), ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers() -> int:
    """A process more than there are processors: each waits for browsers and kernels now and then."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that take longest, so that none of them is left to one process at the end."""
    items.sort(key=lambda item: next((at for at, name in enumerate(_LONGEST) if name in item.nodeid), len(_LONGEST)))


def pytest_report_header() -> str:
    """Say which browser the tests use, or how to get one."""
    found = find_chromium()
    return f"browser: {found}" if found else f"browser: none, so its tests skip; install one with: {INSTALL_BROWSER}"


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser's executable. Skips without one; with REQUIRE_BROWSER=1 that is a failure."""
    found = find_chromium()
    if found is None:
        is_missing(f"no Chromium here; install one with: {INSTALL_BROWSER}")
    return found


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    """A running browser that asks no host for anything by itself."""
    with running(chromium) as started:
        yield started


@pytest.fixture(scope="session")
def built_site() -> Path:
    """This repository's own brief, built once by the plain command in a copy; returns the folder of its pages.

    It is built without a network; what it asked one for stands in a file named `refused` beside the copy.
    """

    def make(folder: Path) -> None:
        offline = os.pathsep.join([str(OFFLINE), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        refused = str(folder / "refused")
        built = run_build(copy_tracked(folder / "site"), fresh=True, PYTHONPATH=offline, REFUSED_SOCKETS=refused)
        (folder / "told").write_text(f"(exit status {built.returncode}):\n{built.stdout}", encoding="utf-8")

    folder = once("own", make)
    site = folder / "site" / "_build" / "html"
    if not (site / "index.html").is_file():
        pytest.fail(f"the brief does not build {(folder / 'told').read_text(encoding='utf-8')}", pytrace=False)
    return site


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """`serve(folder)` serves a folder on loopback until the tests end; returns its address without a final slash."""
    from brief.site.serving import served  # only here: most tests need no server, and it loads all of the site

    with ExitStack() as servers:
        yield lambda folder: servers.enter_context(served(folder))


@pytest.fixture(scope="session")
def site_server(built_site: Path, serve: Callable[[Path], str]) -> str:
    """The address of the built site on loopback, without a final slash."""
    return serve(built_site)


@cache
def chapters_of_modules() -> set[Path]:
    """The chapters of this repository's book that belong to modules."""
    return {path for path in (ROOT / "book").glob("*.md") if starter.module_of(path)}


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """`project("feature/case")` copies a folder of `tests/cases` for a test to change; returns the copy.

    With `chapters=True` the files of this repository's book are laid in where the case has none of its own, without
    the chapters of modules, which a case does not switch on.
    """

    def copy(case: str, chapters: bool = False) -> Path:
        root = tmp_path / "project"
        shutil.copytree(CASES / case, root)
        if chapters:
            for name in tracked_files():
                own = root / name
                wanted = name.startswith("book/") or name == "_config.yml"
                if wanted and ROOT / name not in chapters_of_modules() and not own.exists():
                    own.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(ROOT / name, own)
            if not (root / "_toc.yml").exists():
                (root / "_toc.yml").write_text(starter.contents_without(chapters_of_modules()), encoding="utf-8")
        return root

    return copy


@pytest.fixture
def build() -> Callable[..., subprocess.CompletedProcess[str]]:
    """`build(root)` runs the plain build command in a project's folder and returns what came of it."""
    return run_build
