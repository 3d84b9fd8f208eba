"""From messages read to counts: of whom, before or after, and how they spread over drawn scripts."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from brief_access.course import Course, Numbers

BY = ["option", "way", "measure", "secret"]
PARTS = ("named_before", "named_after", "partners", "others", "read", "past", "later")
"""What is counted of the messages read.

`named_before` and `named_after`: in conversations of the person named, before the warrant and after it; `partners`: of
these, what the others wrote; `others`: between people whom the warrant does not name; `read`: all. `past` and `later`:
all, before and after the moment that matters, which is the leak for a stolen secret and the warrant otherwise.
"""


def parts_of(opened: Numbers, course: Course, moment: int) -> tuple[int, ...]:
    """How many of the messages opened are of each of `PARTS`; `moment` parts past and later."""
    named, later = opened & course.named, course.since(course.given.warrant)
    past = len(opened - course.since(moment))
    return (
        len(named - later),
        len(named & later),
        len(named - course.sent_by_named),
        len(opened) - len(named),
        len(opened),
        past,
        len(opened) - past,
    )


def spread(counted: pd.DataFrame, by: Iterable[str] = BY, parts: Iterable[str] = PARTS) -> pd.DataFrame:
    """Least, median and most of each part over the draws (and over all that `by` leaves together).

    Columns: those of `by`, and for each part its median under its own name, with `_least` and `_most` beside it. Of an
    even number of draws the median is the lower of the two in the middle, so that it is a count.
    """
    keys = list(by)
    grouped = counted.groupby(keys, sort=False)[list(parts)]
    middle = grouped.quantile(0.5, interpolation="lower").astype("int64")
    least, most = grouped.min().add_suffix("_least"), grouped.max().add_suffix("_most")
    return pd.concat([middle, least, most], axis=1).reset_index()


def noticed(seen: pd.DataFrame) -> pd.DataFrame:
    """What the people could notice under each way.

    `seen`: option, way, code_changed, devices_changed, extra_bytes, reported, foreign. Gives option, way, codes
    (messages for which the code shown is another than at first), devices (the same for the list of devices), logged
    (messages for which the public log shows a key that is not theirs), heavier (messages that are larger than under
    the status quo), most_bytes, reports.
    """
    marked = seen.assign(heavier=seen["extra_bytes"] > 0, logged=seen["foreign"] > 0)
    grouped = marked.groupby(["option", "way"], sort=False)
    columns = {
        "codes": grouped["code_changed"].sum(),
        "devices": grouped["devices_changed"].sum(),
        "logged": grouped["logged"].sum(),
        "heavier": grouped["heavier"].sum(),
        "most_bytes": grouped["extra_bytes"].max().clip(lower=0),
        "reports": grouped["reported"].sum(),
    }
    return pd.DataFrame(columns).astype("int64").reset_index()


def pairs(records: pd.DataFrame) -> int:
    """How many pairs of people the records show to have written to each other."""
    both = records[["sender", "recipient"]]
    return len(pd.DataFrame({"a": both.min(axis=1), "b": both.max(axis=1)}).drop_duplicates())
