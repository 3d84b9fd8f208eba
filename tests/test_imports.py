"""Files of codings as they come: what each import says and stores, to the last coding.

A case is a folder in `tests/cases/imports`: `file` with its ending (of an archive the folder that it unpacks to),
`options.txt` with an option of the command a line, `data` laid over `tests/cases/base`, and `expected.txt` with what
the command says and what it stores. One that is missing is written, and the test fails.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from brief.cli import main
from conftest import CASES
from hostile_codings import zipped

IMPORTS = CASES / "imports"
NAMES = sorted(path.name for path in IMPORTS.iterdir())
STORED = "data/codings/second.csv"
Project = Callable[..., Path]


def laid_out(case: Path, root: Path) -> Path:
    """The file of a case in the folder of a brief."""
    (given,) = case.glob("file.*")
    path = root / given.name
    if given.is_file():
        return Path(shutil.copyfile(given, path))
    parts = {one.relative_to(given).as_posix(): one.read_bytes() for one in given.rglob("*") if one.is_file()}
    return zipped(path, parts)


@pytest.mark.parametrize("name", NAMES)
def test_an_import_accounts_for_everything(project: Project, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    case, root = IMPORTS / name, project("base")
    if (case / "data").is_dir():
        shutil.copytree(case / "data", root / "data", dirs_exist_ok=True)
    path = laid_out(case, root)
    options = case / "options.txt"
    given = options.read_text(encoding="utf-8").split("\n")[:-1] if options.is_file() else []
    monkeypatch.chdir(root)
    result = CliRunner().invoke(main, ["import-codings", path.name, "--coder", "second", *given])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    stored = root / STORED
    said = result.output + (f"\n{STORED}\n{stored.read_text(encoding='utf-8')}" if stored.is_file() else "")
    expected = case / "expected.txt"
    if not expected.is_file():
        expected.write_text(said, encoding="utf-8")
        pytest.fail(f"{expected.name} was missing and is written now: read it, then keep it")
    assert said == expected.read_text(encoding="utf-8")
    assert stored.is_file() == (result.exit_code == 0), "all or nothing"
