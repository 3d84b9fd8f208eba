"""Sources: the surest module reads a file, what nobody knows is refused, and a dry run writes nothing of any kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from brief.cli import main
from brief.contract import inputs
from brief.errors import BriefError
from brief.store import sources
from conftest import CASES

Project = Callable[..., Path]
SOURCES = CASES / "sources"


def snapshot(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in inputs.files(root / "data")}


@pytest.mark.parametrize("name", sorted(sources.modules()))
def test_each_source_has_its_parts(name: str) -> None:
    """Found by walking the folder: a new module is here by itself."""
    module = sources.modules()[name]
    assert module.NAME and isinstance(module.ANSWERS, tuple)
    assert set(module.ANSWERS) <= {parameter.name for parameter in main.commands["add"].params}
    assert module.recognises(Path("picture.png"), b"\x89PNG\r\n") == sources.NOT_MINE
    kinds = [path for path in (SOURCES / "recognised" / name).iterdir() if not path.name.startswith("votes")]
    assert kinds, f"put a file of this kind into {SOURCES.name}/recognised/{name}"
    for path in kinds:
        found, likeness = sources.recognise(path)
        assert found is module and 0 < likeness.sure <= 1 and likeness.why
        assert "text" in sources.read(path, {}).comments


@pytest.mark.parametrize("path", sorted((SOURCES / "unknown").iterdir()), ids=lambda path: path.name)
def test_what_nobody_recognises_is_refused_with_what_can_be_read(path: Path) -> None:
    with pytest.raises(BriefError, match="not known here; it begins with") as error:
        sources.read(path, {})
    assert all(module.NAME in str(error.value) for module in sources.modules().values())


def test_a_dry_run_writes_nothing_whatever_the_kind(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project("base")
    monkeypatch.chdir(root)
    for name in sources.modules():
        for path in sorted((SOURCES / "recognised" / name).iterdir()):
            before = snapshot(root)
            told = CliRunner().invoke(main, ["add", str(path), "--dry-run"])
            if not path.name.startswith("votes"):
                assert told.exit_code == 0 and "dry run" in told.output, told.output
            assert snapshot(root) == before


@pytest.mark.parametrize(
    ("file", "option"),
    [
        ("comments_table/dry-run.csv", ("--merge", "1-2")),
        ("comments_table/dry-run.csv", ("--publisher", "The Gazette")),
        ("copied_page/library.txt", ("--question", "Should it?")),
    ],
)
def test_an_option_that_does_not_apply_is_refused(
    project: Project, monkeypatch: pytest.MonkeyPatch, file: str, option: tuple[str, str]
) -> None:
    root = project("base")
    monkeypatch.chdir(root)
    before = snapshot(root)
    told = CliRunner().invoke(main, ["add", str(SOURCES / "recognised" / file), *option])
    assert told.exit_code == 1 and f"{option[0]} does not apply" in told.output
    assert snapshot(root) == before
