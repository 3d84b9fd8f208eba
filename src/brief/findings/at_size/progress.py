"""What a run says while it goes on: the step, how far it is, comments a second, time left."""

from __future__ import annotations

import time
from collections.abc import Callable

Tell = Callable[[str], None]
EVERY, EVERY_LINE = 1.0, 30.0
"""Seconds between two reports on a terminal, and between two lines elsewhere."""


class Progress:
    """Reports on the steps of a run, no oftener than every so many seconds."""

    def __init__(self, tell: Tell, every: float) -> None:
        self._tell, self._every = tell, every
        self._said = time.monotonic()

    def step(self, name: str, of: int) -> Callable[[int], None]:
        """Begin a step over about so many comments or texts; what is returned is given how many are done."""
        self._say(f"{name}: {of:,}")
        begun = time.monotonic()
        first: list[int] = []

        def done(count: int) -> None:
            # What was kept of an earlier run counts as done, and not for the rate.
            first[:] = first or [count]
            rate = (count - first[0]) / max(time.monotonic() - begun, 1e-3)
            left = f", {span((of - count) / rate)} left" if rate > 0 and of > count else ""
            self._say(f"{name}: {count:,} of {max(of, count):,}, {rate:,.0f} a second{left}")

        return done

    def _say(self, line: str) -> None:
        now = time.monotonic()
        if now - self._said >= self._every:
            self._said = now
            self._tell(line)


def span(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    if seconds < 5_400:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3_600:.1f} h"
