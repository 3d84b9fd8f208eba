"""An export beside what is stored of the same comments: which are new, changed, gone, or as before.

A comment is found again by the id that its platform gave it; without one, by author, date and text; and what is left,
by a text that is nearly the same. Each stored comment is found once, so the same short text by several people stays
several comments.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

ORIGINAL, ORIGINAL_PARENT = "attr_original_id", "attr_original_parent"
"""Where the ids of an export are kept when they are no safe names here."""
NEARLY = 60.0
"""Two texts this alike (0 to 100, the share of signs that one becomes the other by) may be one comment, edited."""
_LEAST_SIGNS, _SHORT = 8, 30
_TRIED = 100
"""So many stored comments with the same words are tried for one that by author and date may be it."""
_COMPARED = 2_000_000
"""So many pairs are compared at most: of more comments without ids none is taken for an edited one."""

Row = Mapping[str, str]


@dataclass(frozen=True)
class Reconciled:
    """For each incoming row the place of the stored one that it is, None where it is new; and what became of them.

    `changed`: places of incoming rows with another text than the stored one; `gone`: places of stored rows that are
    not in the export; `nearly`: of the changed ones those that were found by their text alone.
    """

    stored: tuple[int | None, ...]
    changed: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()
    nearly: tuple[int, ...] = field(default=())

    @property
    def found(self) -> int:
        """How many stored comments the export holds."""
        return sum(place is not None for place in self.stored)


def reconciled(before: Sequence[Row], incoming: Sequence[Row], same: Callable[[Row, Row], bool]) -> Reconciled:
    """Find stored comments in an export.

    In: rows as a comments file has them; of incoming ones `comment_id` is the export's own. `same(stored, incoming)`
    says whether two rows have the same text, also of a comment whose text is no longer stored. Out: see `Reconciled`.
    """
    stored: list[int | None] = [None] * len(incoming)
    free = dict.fromkeys(range(len(before)))
    _by_id(before, incoming, stored, free)
    for columns in (("author", "posted_at", "text"), ("author", "text"), ("text",)):
        _by_text(before, incoming, stored, free, columns)
    _without_text(before, incoming, stored, free, same)
    nearly = _nearly(before, incoming, stored, free)
    changed = tuple(
        place
        for place, old in enumerate(stored)
        if old is not None and not same(before[old], incoming[place]) and incoming[place].get("status") != "withdrawn"
    )
    return Reconciled(tuple(stored), changed, tuple(free), tuple(nearly))


def _by_id(before: Sequence[Row], incoming: Sequence[Row], stored: list[int | None], free: dict[int, None]) -> None:
    """Find rows by the id that the export gave them."""
    places = {before[place].get(ORIGINAL) or before[place]["comment_id"]: place for place in free}
    for place, row in enumerate(incoming):
        old = places.pop(row.get("comment_id", ""), None)
        if old is not None:
            stored[place] = old
            del free[old]


def _by_text(
    before: Sequence[Row],
    incoming: Sequence[Row],
    stored: list[int | None],
    free: dict[int, None],
    columns: tuple[str, ...],
) -> None:
    """Find rows that have the same text, and where both know them, the same id, author and date."""
    places: dict[tuple[str, ...], deque[int]] = {}
    for place in free:
        if before[place].get("text"):
            places.setdefault(tuple(before[place].get(name, "") for name in columns), deque()).append(place)
    for place, row in enumerate(incoming):
        if stored[place] is not None or not row.get("text"):
            continue
        # Thousands may send the same words: what is found leaves the row of those who wait.
        waiting = places.get(tuple(row.get(name, "") for name in columns), deque())
        for _ in range(min(len(waiting), _TRIED)):
            old = waiting.popleft()
            if _may_be_one(before[old], row):
                stored[place] = old
                del free[old]
                break
            waiting.append(old)


def _may_be_one(old: Row, new: Row) -> bool:
    """Whether nothing that is known of two rows says that they are of different people or moments."""
    known = [(old.get(name), new.get(name)) for name in ("author", "posted_at")]
    ids = (old.get(ORIGINAL), new.get("comment_id"))
    return all(not old_cell or not new_cell or old_cell == new_cell for old_cell, new_cell in [*known, ids])


def _without_text(
    before: Sequence[Row],
    incoming: Sequence[Row],
    stored: list[int | None],
    free: dict[int, None],
    same: Callable[[Row, Row], bool],
) -> None:
    """Find comments whose text is no longer stored: by what `same` knows of them."""
    taken_back = [place for place in free if not before[place].get("text")]
    for place, row in enumerate(incoming) if taken_back else ():
        if stored[place] is None:
            old = next((old for old in taken_back if same(before[old], row)), None)
            if old is not None:
                stored[place] = old
                taken_back.remove(old)
                del free[old]


def _nearly(
    before: Sequence[Row], incoming: Sequence[Row], stored: list[int | None], free: dict[int, None]
) -> list[int]:
    """Find comments that were edited and have no id: the most alike first, then the nearest place."""
    new = [place for place, row in enumerate(incoming) if stored[place] is None and not row.get("comment_id")]
    old = [place for place in free if before[place].get("text") and not before[place].get(ORIGINAL)]
    if len(new) * len(old) > _COMPARED:
        return []
    pairs = []
    for place in new:
        for other in old:
            if _may_be_one({**before[other], "posted_at": ""}, incoming[place]):
                by_one = bool(before[other].get("author")) and before[other]["author"] == incoming[place].get("author")
                alike = _alike(before[other]["text"], incoming[place]["text"], by_one)
                if alike >= NEARLY:
                    pairs.append((-alike, abs(place - other), place, other))
    nearly = []
    for _, _, place, other in sorted(pairs):
        if stored[place] is None and other in free:
            stored[place] = other
            del free[other]
            nearly.append(place)
    return sorted(nearly)


def _alike(old: str, new: str, by_one: bool) -> float:
    """How alike two texts are, 0 to 100; one that goes on after the other's words is the same, edited.

    Short texts are easily alike: they are compared where both are by one author.
    """
    shorter, longer = sorted((old.strip(" .!?…"), new.strip(" .!?…")), key=len)
    if len(shorter) >= _LEAST_SIGNS and longer.startswith(shorter):
        return 100.0
    return fuzz.ratio(old, new) if len(shorter) >= (_LEAST_SIGNS if by_one else _SHORT) else 0.0
