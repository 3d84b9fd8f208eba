"""An export beside what is stored of the same comments: which are new, changed, gone, or as before.

A comment is found again by the id that its platform gave it; without one, by author, date and text; and what is left,
by a text that is nearly the same. Each stored comment is found once, so the same short text by several people stays
several comments.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
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
    No text is held: what is compared are digests, and rows that are taken up one by one.
    """
    matching = _Matching(before, incoming)
    matching.by_id()
    for columns in (("author", "posted_at", "text"), ("author", "text"), ("text",)):
        matching.by_text(columns)
    matching.without_text(same)
    nearly = matching.nearly()
    changed = tuple(
        place
        for place, (old, row) in enumerate(zip(matching.stored, incoming, strict=True))
        if old is not None and row.get("status") != "withdrawn" and not same(before[old], row)
    )
    gone = tuple(place for place, is_free in enumerate(matching.free) if is_free)
    return Reconciled(tuple(matching.stored), changed, gone, tuple(nearly))


class _Matching:
    """Which stored row each incoming one is, as far as it is known: `stored` by the place of the incoming one.

    `free` says by the place of a stored row whether it waits to be found.
    """

    def __init__(self, before: Sequence[Row], incoming: Sequence[Row]) -> None:
        self._before, self._incoming = before, incoming
        self.stored: list[int | None] = [None] * len(incoming)
        self.free = bytearray(b"\1") * len(before)
        self._left = len(incoming) if len(before) else 0

    def _take(self, place: int, old: int) -> None:
        self.stored[place] = old
        self.free[old] = 0
        self._left -= 1

    def by_id(self) -> None:
        """Find rows by the id that the export gave them."""
        if not self._left:
            return
        places = {row.get(ORIGINAL) or row["comment_id"]: place for place, row in enumerate(self._before)}
        for place, row in enumerate(self._incoming):
            old = places.pop(row.get("comment_id", ""), None)
            if old is not None:
                self._take(place, old)

    def by_text(self, columns: tuple[str, ...]) -> None:
        """Find rows that have the same text, and where both know them, the same id, author and date."""
        if not self._left or not any(self.free):
            return
        places: dict[bytes, deque[int] | int] = {}
        for old, row in enumerate(self._before):
            if self.free[old] and row.get("text"):
                key = _key(row, columns)
                others = places.setdefault(key, old)
                if isinstance(others, deque):
                    others.append(old)
                elif others != old:
                    places[key] = deque((others, old))
        for place, row in enumerate(self._incoming):
            if self.stored[place] is not None or not row.get("text"):
                continue
            key = _key(row, columns)
            others = places.get(key, -1)
            # Thousands may send the same words: what is found leaves the row of those who wait.
            waiting = others if isinstance(others, deque) else deque([others] if others >= 0 else [])
            for _ in range(min(len(waiting), _TRIED)):
                old = waiting.popleft()
                if _may_be_one(self._before[old], row):
                    self._take(place, old)
                    if others == old:
                        del places[key]
                    break
                waiting.append(old)

    def without_text(self, same: Callable[[Row, Row], bool]) -> None:
        """Find comments whose text is no longer stored: by what `same` knows of them."""
        if not self._left or not any(self.free):
            return
        taken_back = {old: row for old, row in enumerate(self._before) if self.free[old] and not row.get("text")}
        for place, row in enumerate(self._incoming) if taken_back else ():
            if self.stored[place] is None:
                old = next((old for old, there in taken_back.items() if same(there, row)), None)
                if old is not None:
                    self._take(place, old)
                    del taken_back[old]

    def nearly(self) -> list[int]:
        """Find comments that were edited and have no id: the most alike first, then the nearest place."""
        if not self._left or not any(self.free):
            return []
        new = [
            place
            for place, row in enumerate(self._incoming)
            if self.stored[place] is None and not row.get("comment_id")
        ]
        old = [
            place
            for place, row in enumerate(self._before)
            if self.free[place] and row.get("text") and not row.get(ORIGINAL)
        ]
        if len(new) * len(old) > _COMPARED:
            return []
        nearly = []
        for _, _, place, other in sorted(self._pairs(new, old)):
            if self.stored[place] is None and self.free[other]:
                self._take(place, other)
                nearly.append(place)
        return sorted(nearly)

    def _pairs(self, new: Sequence[int], old: Sequence[int]) -> Iterator[tuple[float, int, int, int]]:
        """The pairs of new and old rows that are nearly the same; the rows of the shorter list are held meanwhile."""
        turned = len(new) < len(old)
        many, few = (self._before, self._incoming) if turned else (self._incoming, self._before)
        outer, inner = (old, new) if turned else (new, old)
        held = [(place, few[place]) for place in inner]
        for place in outer:
            row = many[place]
            for other, there in held:
                (at, incoming), (was, stored) = (
                    ((other, there), (place, row)) if turned else ((place, row), (other, there))
                )
                if _may_be_one({**stored, "posted_at": ""}, incoming):
                    by_one = bool(stored.get("author")) and stored["author"] == incoming.get("author")
                    alike = _alike(stored["text"], incoming["text"], by_one)
                    if alike >= NEARLY:
                        yield -alike, abs(at - was), at, was


def _key(row: Row, columns: tuple[str, ...]) -> bytes:
    """A digest of some cells of a row."""
    total = hashlib.blake2b(digest_size=16)
    for name in columns:
        cell = row.get(name, "").encode("utf-8", "surrogatepass")
        total.update(b"%d " % len(cell) + cell)
    return total.digest()


def _may_be_one(old: Row, new: Row) -> bool:
    """Whether nothing that is known of two rows says that they are of different people or moments."""
    known = [(old.get(name), new.get(name)) for name in ("author", "posted_at")]
    ids = (old.get(ORIGINAL), new.get("comment_id"))
    return all(not old_cell or not new_cell or old_cell == new_cell for old_cell, new_cell in [*known, ids])


def _alike(old: str, new: str, by_one: bool) -> float:
    """How alike two texts are, 0 to 100; one that goes on after the other's words is the same, edited.

    Short texts are easily alike: they are compared where both are by one author.
    """
    shorter, longer = sorted((old.strip(" .!?…"), new.strip(" .!?…")), key=len)
    if len(shorter) >= _LEAST_SIGNS and longer.startswith(shorter):
        return 100.0
    return fuzz.ratio(old, new) if len(shorter) >= (_LEAST_SIGNS if by_one else _SHORT) else 0.0
