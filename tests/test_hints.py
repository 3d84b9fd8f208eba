"""Columns that look like dates or ids and have a name of their own are named, with what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from brief.store import sources
from brief.store.sources import Material

ROWS = [
    ("1", "2026-04-03 10:00", "Keep it open, I work until six.", "34"),
    ("2", "2026-04-03 11:30", "Who pays for the light there?", "51"),
    ("2", "2026-04-03 11:30", "Who pays for the light there?", "51"),
    ("3", "2026-04-05 09:12", "Close it, nobody comes that late.", "28"),
    ("4", "2026-04-05 09:15", "My daughter reads there after school.", "51"),
]


def read(tmp_path: Path, head: str, *wanted: str) -> Material:
    path = tmp_path / "survey.csv"
    path.write_text("\n".join([head, *(",".join(f'"{cell}"' for cell in row) for row in ROWS)]), encoding="utf-8")
    return sources.read(path, {"map": wanted} if wanted else {})


@pytest.mark.parametrize("name", ["#", "Nr.", "Entry ID", "Sheet"])
def test_a_column_that_looks_like_ids_is_named(tmp_path: Path, name: str) -> None:
    """Also where a row stands twice; by its name, or by numbers that follow each other."""
    told = [guess for guess in read(tmp_path, f"{name},date,text,age").guesses if "looks like" in guess]
    assert told == [
        f"“{name}” looks like ids, such as “1”: "
        f'--map "comment_id={name}" takes it as ids, by which a newer export finds comments again.'
    ]
    found = read(tmp_path, f"{name},date,text,age", f"comment_id={name}")
    assert list(found.comments.column("comment_id")) == ["1", "2", "2", "3", "4"]
    assert not any("looks like" in guess for guess in found.guesses)


def test_a_column_that_looks_like_dates_is_named(tmp_path: Path) -> None:
    head = "id,Submitted (UTC),text,age"
    told = [guess for guess in read(tmp_path, head).guesses if "looks like" in guess]
    assert told == [
        "“Submitted (UTC)” looks like dates, such as “2026-04-03 10:00”: "
        '--map "posted_at=Submitted (UTC)" takes it as when comments were written.'
    ]
    found = read(tmp_path, head, "posted_at=Submitted (UTC)")
    assert found.comments[0]["posted_at"] == "2026-04-03T10:00"
    assert not any("looks like" in guess for guess in read(tmp_path, head, "posted_at=").guesses)


def test_other_columns_are_not_named(tmp_path: Path) -> None:
    assert not any("looks like" in guess for guess in read(tmp_path, "id,date,text,age").guesses)
