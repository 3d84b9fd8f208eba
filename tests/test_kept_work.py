"""Work that is kept: found for the same bytes and the same code only, never trusted blindly, deleted at any time."""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from brief.analysis.acceptability import accept
from brief.contract import inputs, kept_work
from brief.contract.kept_work import done_once, keeping
from brief.contract.tables import LEVELS
from brief.data.loading import load
from brief.figures.drawing import sheet
from brief.findings.findings import Findings
from brief_access.model import Outcomes, outcomes, play_all
from brief_access.settings import Settings
from conftest import ROOT
from small_briefs import LETTERS, brief

LEFT = ".brief-new-left"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A store in use, empty."""
    monkeypatch.setenv(kept_work.PLACE, str(tmp_path / "work"))
    with keeping(tmp_path):
        yield tmp_path / "work"


def counted() -> Callable[[], bytes]:
    """Work that gives other bytes each time, so that it can be seen whether it was done again."""
    numbers = itertools.count()
    return lambda: str(next(numbers)).encode()


def test_the_same_work_is_done_once(store: Path) -> None:
    make = counted()
    assert [done_once("picture", ("a", b"b"), make) for _ in range(3)] == [b"0"] * 3
    assert len(list(store.iterdir())) == 1


@pytest.mark.parametrize("other", [("picture", ("a", "c")), ("paper", ("a", "b")), ("picture", ("ab", ""))])
def test_other_parts_and_other_kinds_are_other_work(store: Path, other: tuple[str, tuple[str, ...]]) -> None:
    make = counted()
    assert done_once("picture", ("a", "b"), make) == b"0"
    assert done_once(*other, make) == b"1"


def test_other_code_is_other_work(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make = counted()
    assert done_once("picture", ("a",), make) == b"0"
    with monkeypatch.context() as changed:
        changed.setattr(inputs, "code_digest", lambda: "another")
        assert done_once("picture", ("a",), make) == b"1"
    assert done_once("picture", ("a",), make) == b"0"


def test_what_was_made_while_the_code_changed_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kept_work.PLACE, str(tmp_path / "work"))
    package = tmp_path / "package"
    package.mkdir()
    (package / "code.py").write_text("before", encoding="utf-8")
    monkeypatch.setattr(inputs, "PACKAGE", package)
    inputs.code_digest.cache_clear()
    with keeping(tmp_path):
        done_once("picture", ("a",), counted())
        (package / "code.py").write_text("after", encoding="utf-8")
    assert list((tmp_path / "work").iterdir()) == []
    inputs.code_digest.cache_clear()


@pytest.mark.parametrize("changed", [b"", b"0", b"\n0", b"0" * 64 + b"\n0"])
def test_what_somebody_has_changed_is_done_again(store: Path, changed: bytes) -> None:
    make = counted()
    done_once("picture", ("a",), make)
    (path,) = store.iterdir()
    path.write_bytes(changed)
    assert done_once("picture", ("a",), make) == b"1"
    assert done_once("picture", ("a",), make) == b"1"


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o722])
def test_a_folder_that_others_write_to_is_not_used(store: Path, mode: int) -> None:
    make = counted()
    done_once("picture", ("a",), make)
    assert not store.stat().st_mode & 0o077
    store.chmod(mode)
    assert [done_once("picture", ("a",), make), done_once("picture", ("b",), make)] == [b"1", b"2"]
    assert len(list(store.iterdir())) == 1


def test_it_may_be_deleted_at_any_time_and_need_not_be_there(store: Path) -> None:
    make = counted()
    done_once("picture", ("a",), make)
    for path in store.iterdir():
        path.unlink()
    store.rmdir()
    assert done_once("picture", ("a",), make) == b"1"
    for path in store.iterdir():
        path.unlink()
    store.rmdir()
    store.write_text("no folder", encoding="utf-8")
    assert done_once("picture", ("a",), make) == b"2"


def test_two_at_once_leave_one_whole_piece(store: Path) -> None:
    content = b"x" * 100_000
    with ThreadPoolExecutor(8) as pool:
        pieces = list(pool.map(lambda _: done_once("picture", ("a",), lambda: content), range(32)))
    assert set(pieces) == {content} and len(list(store.iterdir())) == 1


def test_the_least_recently_used_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kept_work.PLACE, str(tmp_path / "work"))
    monkeypatch.setattr(kept_work, "MOST", 200)
    make = counted()
    with keeping(tmp_path):
        for name in "abcd":
            done_once("picture", (name,), make)
            used = time.time() - 1_000 + 10 * "abcd".index(name)
            newest = max((tmp_path / "work").iterdir(), key=lambda path: path.stat().st_mtime)
            os.utime(newest, (used, used))
        done_once("picture", ("a",), make)
        (tmp_path / "work" / LEFT).write_text("by a killed process", encoding="utf-8")
        os.utime(tmp_path / "work" / LEFT, (0, 0))
        done_once("picture", ("e",), make)
    assert sum(path.stat().st_size for path in (tmp_path / "work").iterdir()) <= 200
    assert not (tmp_path / "work" / LEFT).exists()
    with keeping(tmp_path):
        assert done_once("picture", ("a",), make) == b"0" and done_once("picture", ("b",), make) != b"1"


def test_files_of_others_in_the_folder_are_never_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody may name a folder that holds more than this, such as their own."""
    monkeypatch.setenv(kept_work.PLACE, str(tmp_path))
    monkeypatch.setattr(kept_work, "MOST", 0)
    names = {"thesis.odt", ".new-left", "picture-1", f"picture-{'g' * 64}"}
    for name in names:
        (tmp_path / name).write_text("mine", encoding="utf-8")
        os.utime(tmp_path / name, (0, 0))
    with keeping(tmp_path):
        done_once("picture", ("a",), counted())
    kept_work.forget(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == names


def test_what_is_to_be_nowhere_is_forgotten(store: Path) -> None:
    make = counted()
    done_once("paper", ("a",), make)
    kept_work.forget(store.parent)
    assert list(store.iterdir()) == [] and done_once("paper", ("a",), make) == b"1"


def test_what_comes_back_from_the_store_is_what_was_computed(store: Path) -> None:
    given = Settings(2, 2, 0, 1, 1, 1, 1, 0, 1, 1, 3)
    played = play_all(given)
    for back in (outcomes.__wrapped__(given), outcomes.__wrapped__(given)):
        for part in fields(Outcomes):
            computed, kept = getattr(played, part.name), getattr(back, part.name)
            if isinstance(computed, pd.DataFrame):
                pd.testing.assert_frame_equal(computed, kept)
            else:
                assert computed == kept, part.name
    appraisal = load(ROOT).appraisal
    drawn, again = appraisal.acceptability[0][0], replace(appraisal).acceptability[0][0]
    cells = appraisal.cells_of(appraisal.ranked[0])
    sure = cells[cells["criterion_id"].isin(appraisal.common(appraisal.ranked[0]))]
    for name, computed in vars(accept(sure, len(LEVELS), appraisal.part_of)).items():
        for kept in (getattr(drawn, name), getattr(again, name)):
            if isinstance(computed, pd.DataFrame):
                pd.testing.assert_frame_equal(computed, kept)
            else:
                assert computed == kept, name


def test_a_claim_is_suggested_for_the_words_as_they_are_now(tmp_path: Path) -> None:
    closing, worried = (*LETTERS, "The council wants to close Mill Lane to cars."), (*LETTERS, "Shops are worried.")
    computed = [Findings(brief(texts)).aligned for texts in (closing, worried)]
    assert not computed[0].equals(computed[1])
    for _ in range(2):
        with keeping(tmp_path):
            for texts, expected in zip((closing, worried), computed, strict=True):
                pd.testing.assert_frame_equal(Findings(brief(texts)).aligned, expected)


def test_a_chart_has_the_look_of_its_own_sheet(tmp_path: Path) -> None:
    """What is kept of a chart is its form, which is the same for another colour and for other words of a tooltip."""

    def drawn(fill: str, name: str) -> dict[str, Any]:
        sheet._form.cache_clear()
        drawing = sheet.Sheet(100)
        drawing.box(0, 0, 10, 10, fill=fill, tells={name: 1})
        drawing.text(0, 30, "words", 13, fill=fill)
        return drawing.spec()

    looks = [("#12436d", "Comment"), ("#a8430c", "Comment"), ("#a8430c", "Claim")]
    computed = [drawn(*look) for look in looks]
    assert len({json.dumps(spec) for spec in computed}) == len(looks)
    with keeping(tmp_path):
        for look, spec in (*zip(looks, computed, strict=True), *zip(looks, computed, strict=True)):
            assert json.dumps(drawn(*look)) == json.dumps(spec)
        assert len(list((tmp_path / "_build" / "brief" / "work").iterdir())) == 3, "a box, a text, the whole"
