"""The repository as newcomers meet it: what its papers say is so, and nothing in it belongs to one machine."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import ROOT, tracked_files

README = (ROOT / "README.md").read_text(encoding="utf-8")
MOST_LINES = 450
# Spelled in parts, so that this file does not hold what it looks for.
MACHINE_PATHS = ("/wo" + "rk/", "/ro" + "ot/", "/tm" + "p/", "/ho" + "me/", "C:" + "\\Users")
REGISTRIES = (
    "py" + "pi.org",
    "pythonhos" + "ted.org",
    "npm" + "js.",
    "ana" + "conda.org",
    "index" + "-url",
    "--find" + "-links",
)
MAKERS = ("generated " + "by", "generated " + "with", "co-" + "authored-by", "assis" + "tant", "chat" + "bot")
SECRETS = ("BEGIN " + "PRIVATE KEY", "BEGIN RSA " + "PRIVATE", "gh" + "p_", "AKI" + "A", "pass" + "word=")
# What others wrote, stored verbatim, may hold any word.
TEXT_OF_OTHERS = ("data/articles/", "data/comments/", "tests/cases/")


def texts() -> dict[str, str]:
    """Every tracked text file by its name."""
    found = {}
    for name in tracked_files():
        content = (ROOT / name).read_bytes()
        if b"\0" not in content[:8000]:
            found[name] = content.decode("utf-8", errors="replace")
    return found


def found_in(words: tuple[str, ...], leave_out: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{name}: {word}"
        for name, text in texts().items()
        if not name.startswith(leave_out or ("\0",))
        for word in words
        if re.search(rf"(?<![a-z0-9]){re.escape(word.lower())}", text.lower())
    ]


def history() -> str:
    logged = subprocess.run(["git", "-C", str(ROOT), "log", "--format=%B"], capture_output=True, text=True, check=False)
    return logged.stdout


def recipe_targets() -> list[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    return [name for name in phony.split() if not name.startswith("set-up")]


def test_every_command_is_in_the_readme() -> None:
    from brief.cli import main

    missing = [name for name in main.commands if f"`brief {name}" not in README]
    assert not missing
    named = set(re.findall(r"`brief ([a-z-]+)", README))
    assert named - {"commands"} <= set(main.commands), "the README names commands that do not exist"


def test_every_command_has_help_with_an_example() -> None:
    from brief.cli import main

    without = [name for name, command in main.commands.items() if f"brief {name}" not in (command.help or "")]
    assert not without


@pytest.mark.parametrize("target", recipe_targets())
def test_every_make_target_is_told(target: str) -> None:
    told = subprocess.run(["make", "-s", "-C", str(ROOT), "help"], capture_output=True, text=True, check=True).stdout
    assert f"make {target} " in told
    assert f"`make {target}" in README or f"make {target} " in README


def test_the_map_of_folders_is_true() -> None:
    folders = re.findall(r"^\| `([^`]+/)` \|", README, re.MULTILINE)
    assert len(folders) > 5
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []
    rooms = re.findall(r"^\| `((?:src|book|tests)[^`]*)` \|", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE)
    assert [room for room in rooms if not (ROOT / room).exists()] == []


@pytest.mark.parametrize("paper", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "data/README.md"])
def test_links_between_files_lead_somewhere(paper: str) -> None:
    path = ROOT / paper
    links = re.findall(r"\]\(([^)#\s]+)\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (path.parent / link).exists()] == []


def test_nothing_belongs_to_one_machine() -> None:
    assert found_in(MACHINE_PATHS, TEXT_OF_OTHERS) == []
    assert found_in(REGISTRIES, TEXT_OF_OTHERS) == []
    assert found_in(SECRETS, TEXT_OF_OTHERS) == []


def test_nothing_tells_with_what_it_was_written() -> None:
    assert found_in(MAKERS, TEXT_OF_OTHERS) == []


def test_the_history_tells_no_such_thing_either() -> None:
    told = history().lower()
    words = [*MACHINE_PATHS, *REGISTRIES, *MAKERS]
    assert [word for word in words if word.lower() in told] == []


def test_nothing_general_knows_the_topic() -> None:
    topic = "whats" + "app"
    paths = (path for path in (ROOT / "src" / "brief").rglob("*") if path.is_file() and path.suffix != ".pyc")
    assert [path.name for path in paths if topic in path.read_bytes().decode("utf-8", "replace").lower()] == []


def test_modules_have_one_subject_and_no_more_lines_than_a_reader_can_hold() -> None:
    modules = [name for name in tracked_files() if name.endswith(".py")]
    lengths = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in modules}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


PINS = ("requirements", "requirements-test")


def pinned(name: str) -> list[str]:
    """The lines of a list of pins that name a package, as they stand."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith((" ", "#", "-e .", "-r "))]


@pytest.mark.parametrize("name", PINS)
def test_pins_are_exact(name: str) -> None:
    pins = pinned(f"{name}.txt")
    assert len(pins) > 10
    assert [pin for pin in pins if not re.fullmatch(r"[a-z0-9.-]+==[0-9][^ ;]*( ; .+)?", pin)] == []


@pytest.mark.parametrize("name", PINS)
def test_every_pin_has_its_hashes(name: str) -> None:
    assert [pin.removesuffix(" \\") for pin in pinned(f"{name}.lock")] == pinned(f"{name}.txt")
    text = (ROOT / f"{name}.lock").read_text(encoding="utf-8")
    packages = re.findall(r"^[a-z].*(?: \\\n    --hash=sha256:[0-9a-f]{64})+$", text, re.MULTILINE)
    assert len(packages) == len(pinned(f"{name}.txt"))


def test_what_builds_the_package_is_pinned_with_its_hashes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (backend,) = project["build-system"]["requires"]
    assert backend in pinned("requirements.txt")


def test_the_book_stays_on_the_line_that_reads_its_configuration() -> None:
    (version,) = re.findall(r"^jupyter-book==(.+)$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert version.startswith("1.")
    assert "-e ." in (ROOT / "requirements.txt").read_text().splitlines(), "the package itself is installed too"


def test_each_licence_is_there() -> None:
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")
    assert "SPDX-License-Identifier: CC-BY-4.0" in (ROOT / "LICENSE-text").read_text()
    fonts = [ROOT / name for name in tracked_files() if Path(name).suffix in (".ttf", ".woff2")]
    assert fonts
    assert [font.name for font in fonts if not list(font.parent.glob("OFL*.txt"))] == []
    assert "belong to their authors" in (ROOT / "data" / "README.md").read_text()


def test_the_citation_names_the_contributors() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["authors"] == [{"name": "The contributors"}]
    assert {"cff-version", "message", "title", "version", "date-released"} <= set(cited)
    from brief import __version__

    assert cited["version"] == __version__
    assert f"## {__version__} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def workflow(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(
        (ROOT / ".github" / "workflows" / f"{name}.yml").read_text(encoding="utf-8")
    )
    return loaded


@pytest.mark.parametrize(
    ("name", "commands"),
    [
        ("publish", ["make site", "sh tools/keep.sh _build/html public published"]),
        ("links", ["make check-links"]),
        ("test", [".ci/run", ".ci/newest-sphinx"]),
    ],
)
def test_workflows_only_call_what_anybody_can_call(name: str, commands: list[str]) -> None:
    steps = [step for job in workflow(name)["jobs"].values() for step in job["steps"]]
    assert [step["run"] for step in steps if "run" in step] == commands
    used = [step["uses"] for step in steps if "uses" in step]
    assert [action for action in used if not re.search(r"@[0-9a-f]{40}$", action)] == []
    fetched = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert len(fetched) == len(workflow(name)["jobs"])
    assert [step for step in fetched if step["with"]["persist-credentials"] is not False] == []


def test_what_may_write_runs_nothing_that_was_installed() -> None:
    for name in ("links", "test"):
        assert workflow(name)["permissions"] == {"contents": "read"}
        assert [job for job in workflow(name)["jobs"].values() if "permissions" in job] == []
    assert workflow("publish")["permissions"] == {}
    build, deploy = workflow("publish")["jobs"].values()
    assert build["permissions"] == {"contents": "read"}
    may = ("contents", "pages", "id-token", "attestations")
    assert deploy["permissions"] == dict.fromkeys(may, "write")
    attested = [step["with"] for step in deploy["steps"] if "attest-build-provenance" in step.get("uses", "")]
    assert [step["subject-path"].split() for step in attested] == [["public/manifest.txt", "public/brief-data.zip"]]
    assert deploy["needs"] == "build"
    assert [step for step in build["steps"] if "env" in step] == [], "no token is told to what builds"
    assert [step for step in deploy["steps"] if step.get("uses", "").startswith("actions/setup-python@")] == []
    for name in ("keep.sh", "publish.sh"):
        told = (ROOT / "tools" / name).read_text(encoding="utf-8")
        # The Python of the system, which is told to look at nothing that was installed.
        told = told.replace("python3 -E -s -S ", "").replace("(it needs python3)", "")
        assert not re.search(r"\.venv|python|\$BIN", told), name


def test_every_python_named_is_tested() -> None:
    """The classifiers name the Pythons that must pass; another lane may fail."""
    told = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', (ROOT / "pyproject.toml").read_text())
    job = workflow("test")["jobs"]["test"]
    lanes = job["strategy"]["matrix"]
    # Set-up takes the Python that is named, else one that happens to be there.
    assert job["env"] == {"PYTHON": "python${{ matrix.python }}"}
    assert lanes["python"] == told
    assert {lane["python"] for lane in lanes["include"] if lane.get("may-fail")}.isdisjoint(told)


def test_programs_can_be_run() -> None:
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-s", ".ci", "tools"], capture_output=True, text=True, check=True
    )
    programs = [line for line in listed.stdout.splitlines() if line.endswith((".sh", "/run"))]
    assert programs
    assert [line for line in programs if not line.startswith("100755")] == []


def publish(site: Path, to: Path | str) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(ROOT / "tools" / "publish.sh"), str(site), str(to)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def small_site(tmp_path: Path) -> Path:
    site = tmp_path / "a site"
    (site / "_static").mkdir(parents=True)
    (site / "index.html").write_text("one")
    (site / "old.html").write_text("gone in the next")
    return site


def test_publishing_replaces_a_former_publication(small_site: Path, tmp_path: Path) -> None:
    to = tmp_path / "public folder" / "brief"
    assert publish(small_site, to).returncode == 0
    (small_site / "old.html").unlink()
    (small_site / "index.html").write_text("two")
    again = publish(small_site, f"{to}/")
    assert again.returncode == 0, again.stderr
    assert (to / "index.html").read_text() == "two"
    assert not (to / "old.html").exists()
    assert [path.name for path in to.parent.iterdir()] == ["brief"], "nothing is left beside it"


def test_publishing_through_a_link_replaces_what_it_leads_to(small_site: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert publish(small_site, tmp_path / "link").returncode == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "index.html").read_text() == "one"


def test_publishing_leaves_a_folder_alone_that_holds_something_else(small_site: Path, tmp_path: Path) -> None:
    to = tmp_path / "papers"
    to.mkdir()
    (to / "thesis.txt").write_text("years of work")
    refused = publish(small_site, to)
    assert refused.returncode == 1
    assert "nothing was changed" in refused.stderr
    assert [path.name for path in to.iterdir()] == ["thesis.txt"]


def test_publishing_keeps_earlier_editions_at_their_addresses(small_site: Path, tmp_path: Path) -> None:
    to = tmp_path / "public"
    for date, words in (("2026-01-01", "one"), ("2026-02-01", "two"), ("2026-02-01", "two, again")):
        (small_site / "edition.txt").write_text(f"{date}\n")
        (small_site / "index.html").write_text(words)
        ended = publish(small_site, to)
        assert ended.returncode == 0, ended.stderr
    found = {path.parent.name: path.read_text() for path in to.rglob("index.html")}
    assert found == {"public": "two, again", "2026-01-01": "one", "2026-02-01": "two, again"}


@pytest.mark.parametrize("left", ["between the renames", "before them", "after them"])
def test_a_publication_that_was_cut_off_is_made_good_with_all_editions(
    small_site: Path, tmp_path: Path, left: str
) -> None:
    to = tmp_path / "public"
    (small_site / "edition.txt").write_text("2026-01-01\n")
    assert publish(small_site, to).returncode == 0
    if left == "between the renames":
        to.rename(tmp_path / "public.old")
    else:
        shutil.copytree(to, tmp_path / ("public.new" if left == "before them" else "public.old"))
    (small_site / "edition.txt").write_text("2026-02-01\n")
    ended = publish(small_site, to)
    assert ended.returncode == 0, ended.stderr
    assert {path.name for path in (to / "editions").iterdir()} == {"2026-01-01", "2026-02-01"}
    assert {path.name for path in tmp_path.iterdir()} == {"a site", "public"}


def test_what_the_host_keeps_in_the_folder_stays_and_what_only_builds_need_goes(
    small_site: Path, tmp_path: Path
) -> None:
    to = tmp_path / "public"
    (small_site / ".brief-digest").write_text("of the inputs")
    assert publish(small_site, to).returncode == 0
    (to / "CNAME").write_text("brief.example")
    (to / ".well-known").mkdir()
    (to / ".well-known" / "security.txt").write_text("Contact: mailto:us@brief.example")
    assert publish(small_site, to).returncode == 0
    assert (to / "CNAME").read_text() == "brief.example" and (to / ".well-known" / "security.txt").is_file()
    assert not list(to.rglob(".brief-digest"))


def test_a_branch_keeps_what_was_published(small_site: Path, tmp_path: Path) -> None:
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q", "--bare", "far"], check=True)
    subprocess.run([*git, "init", "-q", "near"], check=True)
    near = tmp_path / "near"
    subprocess.run(["git", "-C", str(near), "remote", "add", "origin", str(tmp_path / "far")], check=True)
    for place, date in enumerate(("2026-01-01", "2026-02-01")):
        (small_site / "edition.txt").write_text(f"{date}\n")
        command = ["sh", str(ROOT / "tools" / "keep.sh"), str(small_site), str(tmp_path / f"to-{place}"), "published"]
        ended = subprocess.run(command, cwd=near, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
    kept = sorted(path.name for path in (tmp_path / "to-1" / "editions").iterdir())
    assert kept == ["2026-01-01", "2026-02-01"]
    far = ["git", "-C", str(tmp_path / "far"), "ls-tree", "-r", "--name-only", "published"]
    listed = subprocess.run(far, capture_output=True, text=True, check=True).stdout
    assert "editions/2026-01-01/index.html" in listed and "editions/2026-02-01/index.html" in listed


def test_publishing_needs_a_site_and_a_place(small_site: Path, tmp_path: Path) -> None:
    assert "make publish DEST=folder" in publish(small_site, "").stderr
    assert "Run make site first" in publish(tmp_path / "none", tmp_path / "to").stderr
    assert not (tmp_path / "to").exists()
