"""Which comment answers which: every one that is answered is there, and following the answers ends somewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from brief.errors import Fault


class Answer(NamedTuple):
    """A comment that answers another: both ids, and the file and row it stands in."""

    parent_id: str
    comment_id: str
    file: str
    row: int


def faults_of(answers: Sequence[Answer], known: Collection[str] | None) -> Iterator[Fault]:
    """The faults of the answers; `known` are the ids of all comments, None where not all could be read."""
    parents = {answer.comment_id: answer.parent_id for answer in answers}
    circling = _circling(parents)
    for answer in answers:
        place = (answer.file, answer.row, "parent_id")
        if answer.parent_id == answer.comment_id:
            yield Fault("the comment answers itself", "Leave the cell empty.", *place)
        elif answer.comment_id in circling:
            what = f"'{answer.comment_id}' answers '{answer.parent_id}', which in the end answers it"
            yield Fault(what, "Leave the cell of the first of them empty.", *place)
        elif known is not None and answer.parent_id not in known:
            what = f"the comment '{answer.parent_id}' that this one answers is not there"
            yield Fault(what, "Add it, or leave the cell empty.", *place)


def arranged(answers: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
    """The order in which replies stand under what they answer, as place and depth; all else as it comes.

    In: for each comment its id and the id of what it answers, "" for nothing. A reply to what is not among them stands
    where it comes, and is no deeper than a comment that answers nothing.
    """
    places = {name: place for place, (name, _) in enumerate(answers)}
    below: dict[int, list[int]] = {}
    first: list[int] = []
    for place, (_, parent) in enumerate(answers):
        (below.setdefault(places[parent], []) if parent in places else first).append(place)
    order: list[tuple[int, int]] = []
    # A list and no call of itself: a thread may be as deep as it is long.
    open_ = [(place, 0) for place in reversed(first)]
    while open_:
        place, depth = open_.pop()
        order.append((place, depth))
        open_ += [(reply, depth + 1) for reply in reversed(below.get(place, ()))]
    return order


def _circling(parents: Mapping[str, str]) -> set[str]:
    """The comments from which following the answers leads back to themselves; each is looked at once."""
    circling: set[str] = set()
    seen: set[str] = set()
    for start in parents:
        path: dict[str, int] = {}
        name = start
        while name in parents and name not in seen and name not in path:
            path[name] = len(path)
            name = parents[name]
        if name in path:
            circling.update(other for other, place in path.items() if place >= path[name])
        seen.update(path)
    return circling
