"""What `brief analyse` says of memory agrees with itself: what it asks for is enough, and what it tells is no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from brief.errors import BriefError
from brief.findings.at_size import limits
from brief.findings.at_size.docket import of_files
from dockets import drawn, written

COMMENTS = (80, 4_000, 50_000, 1_000_000, 10_000_000)


def asked(memory: float, processes: int, comments: int, batch_rows: int | None) -> float:
    """The least memory that a refusal asks for."""
    with pytest.raises(BriefError) as refusal:
        limits.limits(memory, processes, comments, batch_rows)
    return limits.size(re.findall(r"--memory (\d+MB) at least", str(refusal.value))[0])


def told(processes: int, comments: int, bound: limits.Limits) -> float:
    """The memory that is told beforehand, where all comments are distinct texts."""
    return limits._memory(processes, comments, min(bound.sample, comments), min(bound.batch_rows, comments))


@pytest.mark.parametrize("comments", COMMENTS)
@pytest.mark.parametrize("processes", [1, 2, 8])
@pytest.mark.parametrize("batch_rows", [None, 500, 30_000])
def test_what_is_asked_for_is_enough_and_no_more_is_told(comments: int, processes: int, batch_rows: int | None) -> None:
    least = asked(50e6, processes, comments, batch_rows)
    for memory in (least, 1.1 * least, 2 * least, 10 * least):
        assert told(processes, comments, limits.limits(memory, processes, comments, batch_rows)) <= memory
    # And it is hardly more than enough.
    asked(least - 2e6, processes, comments, batch_rows)


def test_memory_is_told_as_it_is_bounded(tmp_path: Path) -> None:
    docket = of_files([written(tmp_path / "docket.csv", drawn(80))], None)
    bound = limits.limits(800e6, 2, docket.about(), None)
    assert 0 < limits.estimated(docket, 2, bound).memory <= told(2, docket.about(), bound) <= 800e6


def test_a_run_that_was_measured_takes_no_more_than_it_is_told() -> None:
    """Of 50,000 letters, 34,674 distinct ones, a run in one process took 455 MB of 400 MB. Of 100,000, 69,112 distinct
    ones, a run in two processes took 1,077 MB of 1,045 MB, and 1,356 MB of 2 GB; on a Dask cluster 1,521 MB."""
    asked(455e6, 1, 50_000, None)
    asked(1_077e6, 2, 100_000, None)
    bound = limits.limits(2e9, 2, 100_000, None)
    assert 1_521e6 < limits._memory(2, 100_000, 69_112, bound.batch_rows) < 1.3 * 1_356e6


def test_memory_bounds_the_sample_and_the_batches() -> None:
    large, small = (limits.limits(memory, 2, 1_000_000, None) for memory in (4e9, 1.4e9))
    assert (large.sample, large.batch_rows) == (limits.MOST_SAMPLED, limits.MOST_ROWS)
    assert limits.LEAST_SAMPLED <= small.sample < large.sample and small.batch_rows < large.batch_rows
    # Another number of processes gives other batches, and the same results.
    assert limits.limits(3e9, 1, 1_000_000, None).sample == limits.limits(3e9, 4, 1_000_000, None).sample


def test_there_are_as_many_processes_as_there_is_memory_for() -> None:
    """Where nobody says how many: the default of --memory is enough on any machine."""
    numbers = [limits.most_processes(memory, 64, 50_000, None) for memory in (100e6, 600e6, 2e9, 1e12)]
    assert numbers[0] == 1 and numbers == sorted(numbers) and numbers[-1] == 64
    limits.limits(2e9, numbers[2], 50_000, None)
