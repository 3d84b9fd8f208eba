"""Files that would cost much are refused with a message: what they cost is measured by `benchmarks/bad_input.py`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from brief.cli import main
from brief.data.loading import check_data
from brief.errors import BriefError
from costly_inputs import CHECK, INPUTS

Project = Callable[..., Path]


@pytest.mark.parametrize("name", INPUTS)
def test_what_would_cost_much_is_refused_with_a_message(
    project: Project, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    root, one = project("base"), INPUTS[name]
    monkeypatch.chdir(root)
    one.make(root / one.file)
    before = sorted(path for path in (root / "data").rglob("*"))
    if one.command == CHECK:
        said = str(BriefError(check_data(root)))
    else:
        result = CliRunner().invoke(main, one.command)
        assert (type(result.exception), result.exit_code) == (SystemExit, 1)
        said = result.output
    assert one.says in said
    assert len(said) < 20_000, "no flood"
    assert sorted(path for path in (root / "data").rglob("*")) == before
    (root / one.file).unlink()
