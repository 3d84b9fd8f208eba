"""Set-up: once, with a message that teaches where it cannot be done; and afterwards nothing asks the network."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import OFFLINE, ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder, its name with a space, with what set-up reads; and `tools only` with the programs it may find."""
    root = tmp_path / "a folder"
    (root / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "tools" / "set-up.sh", root / "tools")
    for path in (*ROOT.glob("requirements*"), ROOT / "pyproject.toml"):
        shutil.copy(path, root)
    programs = tmp_path / "tools only"
    programs.mkdir()
    for name in ("cat", "cksum", "basename", "dirname", "rm", "sh"):
        (programs / name).symlink_to(str(shutil.which(name)))
    return root


def set_up(folder: Path, *requirements: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            str(shutil.which("sh")),
            str(folder / "tools" / "set-up.sh"),
            ".venv",
            *(requirements or ["requirements.txt"]),
        ],
        env={"PATH": str(folder.parent / "tools only")},
        capture_output=True,
        text=True,
        check=False,
    )


def fake_environment(folder: Path, log: Path) -> None:
    """An environment whose Python notes what it is asked to install."""
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\ncase "$*" in *install*) echo "$*" >>"{log}";; esac\n')
    python.chmod(0o755)
    (folder / ".venv" / "place").write_text(f"{folder.resolve()}\n")


def test_without_a_recent_python_it_says_what_to_install(folder: Path) -> None:
    ended = set_up(folder)
    assert ended.returncode == 1
    assert "Python 3.11 or later is needed" in ended.stderr
    assert "make site PYTHON=" in ended.stderr
    assert not (folder / ".venv").exists()


def test_an_older_python_is_not_taken(folder: Path) -> None:
    old = folder.parent / "tools only" / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    assert "Python 3.11 or later is needed" in set_up(folder).stderr


CHECKED = "-m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r {}"
ITSELF = CHECKED.partition("--require")[0] + "--no-deps --no-index --no-build-isolation -e ."


def test_it_installs_once_and_again_when_the_pins_change(folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "installed"
    fake_environment(folder, log)
    once = [CHECKED.format("requirements.lock"), ITSELF]
    for _ in range(2):
        assert set_up(folder).returncode == 0
    assert log.read_text().splitlines() == once
    for name in ("requirements.txt", "requirements.lock"):
        log.write_text("")
        with (folder / name).open("a") as pins:
            pins.write("one-more==1.0\n")
        assert set_up(folder).returncode == 0
        assert log.read_text().splitlines() == once


def test_the_packages_for_tests_come_on_top_and_only_when_asked(folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "installed"
    fake_environment(folder, log)
    set_up(folder)
    assert "requirements-test" not in log.read_text()
    for _ in range(2):
        set_up(folder, "requirements-test.txt")
    assert log.read_text().splitlines()[2:] == [CHECKED.format("requirements-test.lock"), ITSELF]


def test_both_come_in_one_go_with_the_program_last_and_only_what_changed_comes_again(
    folder: Path, tmp_path: Path
) -> None:
    log = tmp_path / "installed"
    fake_environment(folder, log)
    both = ("requirements.txt", "requirements-test.txt")
    for _ in range(2):
        assert set_up(folder, *both).returncode == 0
    lists = [CHECKED.format("requirements.lock"), CHECKED.format("requirements-test.lock")]
    assert log.read_text().splitlines() == [*lists, ITSELF]
    log.write_text("")
    with (folder / "requirements-test.lock").open("a") as pins:
        pins.write("one-more==1.0\n")
    assert set_up(folder, *both).returncode == 0
    assert log.read_text().splitlines() == [lists[1], ITSELF]


def test_a_brief_that_stands_alone_installs_what_its_requirements_name(folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "installed"
    fake_environment(folder, log)
    for path in (*folder.glob("*.lock"), folder / "pyproject.toml"):
        path.unlink()
    assert set_up(folder).returncode == 0
    assert log.read_text() == "-m pip install --quiet --disable-pip-version-check --no-compile -r requirements.txt\n"


def test_a_package_that_does_not_fit_its_hash_ends_set_up_before_the_program_is_built(
    folder: Path, tmp_path: Path
) -> None:
    log = tmp_path / "installed"
    fake_environment(folder, log)
    python = folder / ".venv" / "bin" / "python"
    refuses = 'case "$*" in *require-hashes*) echo "THESE PACKAGES DO NOT MATCH THE HASHES" >&2; exit 1;; esac\n'
    python.write_text(python.read_text() + refuses)
    ended = set_up(folder)
    assert ended.returncode == 1
    assert "DO NOT MATCH THE HASHES" in ended.stderr and "The installation failed" in ended.stderr
    assert log.read_text().splitlines() == [CHECKED.format("requirements.lock")]
    assert not (folder / ".venv" / "requirements.stamp").exists()


def test_pip_itself_refuses_a_file_with_another_hash(tmp_path: Path) -> None:
    """One package of the lock from a folder, without a network: another file under its name is not installed."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("tabulate=="))
    version = lines[start].removeprefix("tabulate==").split()[0]
    (tmp_path / f"tabulate-{version}-py3-none-any.whl").write_bytes(b"not what the index has")
    taken = [lines[start], *itertools.takewhile(lambda line: line.startswith(" "), lines[start + 1 :])]
    (tmp_path / "one.lock").write_text("\n".join(taken), encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "install", "--no-index", "--find" + "-links", ".", "--target", "to"]
    ended = subprocess.run(
        [*pip, "--require-hashes", "-r", "one.lock"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "DO NOT MATCH THE HASHES" in ended.stderr


def test_what_is_pinned_is_what_runs_these_tests() -> None:
    if Path(sys.prefix).name != ".venv":
        pytest.skip("only in the environment that make test makes")
    frozen = subprocess.run(
        [sys.executable, "-m", "pip", "freeze", "--all"], capture_output=True, text=True, check=True
    ).stdout.lower()
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    plain = [pin for pin in pins if "==" in pin and ";" not in pin and not pin.startswith("setuptools")]
    installed = {line.replace("_", "-").replace(".", "-") for line in frozen.splitlines()}
    assert [pin for pin in plain if pin.replace("_", "-").replace(".", "-") not in installed] == []


def test_after_set_up_a_build_asks_the_network_for_nothing(built_site: Path) -> None:
    """The site that all tests share was built where the network refuses everything, as the next test shows it does."""
    refused = built_site.parents[2] / "refused"
    assert not refused.exists(), refused.read_text()


def test_the_refusal_itself_works(tmp_path: Path) -> None:
    refused = tmp_path / "refused"
    asks = "import socket; socket.create_connection(('example.org', 443), 2)"
    environment = {**os.environ, "PYTHONPATH": str(OFFLINE), "REFUSED_SOCKETS": str(refused)}
    ended = subprocess.run([sys.executable, "-c", asks], env=environment, capture_output=True, text=True, check=False)
    assert "no network here" in ended.stderr
    assert refused.read_text() == "example.org\n"
