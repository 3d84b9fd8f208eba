"""Dates as exports write them: the order of day and month, and the time, are kept or told."""

from __future__ import annotations

from pathlib import Path

import pytest

from brief.errors import BriefError
from brief.store import dates, sources


def table(tmp_path: Path, *cells: str) -> Path:
    path = tmp_path / "letters.csv"
    rows = "".join(f'Letter {number} on the library.,"{cell}"\n' for number, cell in enumerate(cells))
    path.write_text(f"text,date\n{rows}", encoding="utf-8")
    return path


def posted(path: Path, **answers: object) -> list[str]:
    return list(sources.read(path, answers).comments.frame()["posted_at"])


@pytest.mark.parametrize(("said", "cell"), [("month-first", "13/04/2026"), ("day-first", "04/13/2026 10:00")])
def test_an_order_that_the_dates_themselves_contradict_is_refused(tmp_path: Path, said: str, cell: str) -> None:
    path = table(tmp_path, "03/04/2026", cell)
    with pytest.raises(BriefError, match=f"--dates {said} does not fit the column “date”: “{cell}” is") as error:
        sources.read(path, {"dates": said})
    other = next(order for order in dates.ORDERS if order != said)
    assert f"Give --dates {other}, or leave --dates out." in str(error.value)
    assert len(posted(path, dates=other)) == 2


def test_dates_in_both_orders_are_kept_as_texts_and_no_order_is_taken(tmp_path: Path) -> None:
    path = table(tmp_path, "13/04/2026", "04/13/2026")
    for order in dates.ORDERS:
        with pytest.raises(BriefError, match="Leave --dates out: dates stand there in both orders"):
            sources.read(path, {"dates": order})
    assert list(sources.read(path, {}).comments.frame()["attr_posted_at"]) == ["13/04/2026", "04/13/2026"]


def test_dates_that_leave_a_choice_name_the_option(tmp_path: Path) -> None:
    path = table(tmp_path, "03/04/2026", "05/04/2026", "yesterday")
    told = " ".join(sources.read(path, {}).messages)
    assert "not read as a date: 3, such as “03/04/2026”; kept as attr_posted_at. --dates day-first or --dates" in told
    assert posted(path, dates="day-first")[:2] == ["2026-04-03", "2026-04-05"]
    told = " ".join(sources.read(table(tmp_path, "yesterday", "2026-04-03"), {}).messages)
    assert "kept as attr_posted_at." in told and "--dates" not in told


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("03/04/2026 09:12", "2026-04-03T09:12"),
        ("03/04/2026, 9:12", "2026-04-03T09:12"),
        ("03/04/2026 at 09:12:30", "2026-04-03T09:12:30"),
        ("03/04/2026 9:12 PM", "2026-04-03T21:12"),
        ("03/04/2026 12:05 a.m.", "2026-04-03T00:05"),
        ("03.04.2026 09:12 Uhr", "2026-04-03T09:12"),
        ("03-04-2026 09:12 UTC", "2026-04-03T09:12Z"),
        ("03/04/2026 09:12 +02:00", "2026-04-03T09:12+02:00"),
        ("03/04/2026", "2026-04-03"),
    ],
)
def test_a_time_behind_a_numeric_date_is_kept(tmp_path: Path, cell: str, date: str) -> None:
    found = sources.read(table(tmp_path, cell), {"dates": "day-first"})
    assert list(found.comments.frame()["posted_at"]) == [date]
    assert not any("without its time" in message for message in found.messages)


@pytest.mark.parametrize("cell", ["03/04/2026 25:12", "03/04/2026 13:05 pm by post", "03/04/2026 9:72"])
def test_a_time_that_cannot_be_read_is_told(tmp_path: Path, cell: str) -> None:
    found = sources.read(table(tmp_path, cell), {"dates": "day-first"})
    assert list(found.comments.frame()["posted_at"]) == ["2026-04-03"]
    assert f"posted_at, read without its time: 1, such as “{cell}”." in found.messages
