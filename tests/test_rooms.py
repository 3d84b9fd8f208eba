"""The plan of the house: rooms on floors, one direction, no circle, and the table of rooms in CONTRIBUTING.md."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from itertools import chain
from pathlib import Path

import grimp
import pytest

from brief.contract import inputs
from conftest import ROOT, tracked_files

ENGINE = ROOT / "src" / "brief"
MOST_ROOMS = 13


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    """What each module of the two packages imports, inside functions and for types as well."""
    graph = grimp.build_graph("brief", "brief_access", cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def rooms() -> list[str]:
    """The modules and folders below the package, by the names that the file system gives them."""
    there = (path for path in ENGINE.iterdir() if path.name not in ("__init__.py", "__pycache__", "py.typed"))
    return sorted(f"{path.name}/" if path.is_dir() else path.name for path in there)


def floors() -> list[list[str]]:
    """The floors as the linter has them, the lowest first."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(one["layers"] for one in settings["contracts"] if one["type"] == "layers")
    return [[name.strip().removeprefix("brief.") for name in layer.split("|")] for layer in reversed(layers)]


def table_of_rooms() -> Iterator[tuple[int, str]]:
    """Floor and room of each row of the table in CONTRIBUTING.md."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for floor, room in re.findall(r"^\| (\d) \| `([a-z_./]+)` \|", text, re.MULTILINE):
        yield int(floor), room


def linted(root: Path) -> subprocess.CompletedProcess[str]:
    """What `lint-imports` says of the packages below a folder."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def test_data_flow_one_way_through_the_rooms() -> None:
    found = linted(ROOT)
    assert found.returncode == 0, found.stdout


def test_an_arrow_upwards_is_found_inside_a_function_too(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    module = tmp_path / "src" / "brief" / "analysis" / "options.py"
    module.write_text(f"{module.read_text()}\n\ndef up():\n    from brief.site import setup\n", encoding="utf-8")
    found = linted(tmp_path)
    assert found.returncode == 1 and "brief.analysis.options -> brief.site" in found.stdout


def test_no_module_imports_itself_by_a_detour(imports: dict[str, set[str]]) -> None:
    TopologicalSorter(imports).prepare()  # raises CycleError, which names the circle


def test_there_are_few_rooms_and_each_stands_on_a_floor() -> None:
    named = {name.removesuffix(".py").removesuffix("/") for name in rooms()}
    assert named == set(chain.from_iterable(floors()))
    assert len(named) <= MOST_ROOMS


def test_the_table_of_rooms_is_the_plan() -> None:
    told = sorted((floor, room.removesuffix(".py").removesuffix("/")) for floor, room in table_of_rooms())
    assert told == sorted((number, room) for number, floor in enumerate(floors(), start=1) for room in floor)
    assert sorted(room for _, room in table_of_rooms()) == rooms()


def test_the_engine_names_no_topic() -> None:
    """Neither by an import, which the linter finds, nor in a text."""
    topic = "brief_" + "access"
    texts = [ROOT / name for name in tracked_files() if name.startswith("src/brief/")]
    assert [str(path.relative_to(ROOT)) for path in texts if topic.encode() in path.read_bytes()] == []


def test_the_digest_of_the_code_covers_every_room() -> None:
    """Found from the package and not from the module: one that moves a folder down would cover a part only."""
    assert inputs.PACKAGE == ENGINE
    covered = set(inputs.files(inputs.PACKAGE))
    of_git = {ROOT / name for name in tracked_files() if name.startswith("src/brief/")}
    assert {path for path in of_git if not path.name.startswith(".")} <= covered
