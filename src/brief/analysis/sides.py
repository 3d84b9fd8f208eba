"""Letters that ask for opposite things are never one campaign, however alike their words are.

A letter can be turned round by one word: "I support the permit", "I oppose the permit", "do not support the permit".
So the words that take a side are looked at where they stand: two words before or after are the place. Where members of
a campaign have opposite words in one place of its letter, it is parted there. Words elsewhere tell nothing: whoever
opposes a closure may support the bridge.

The list of words is short, for English, German, French and Spanish; in other languages nothing is parted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from brief.analysis.hashing import Numbers, words

_ENDINGS = ("", "s", "d", "ed", "ing")
_ENGLISH = (
    ("support approve favor favour endorse agree welcome adopt grant accept keep retain uphold preserve", 1),
    ("oppose reject deny denie disapprove disagree refuse withdraw repeal rescind abolish scrap drop", -1),
)
_OTHERS = (
    ("kept upheld", 1),
    ("dropped dropping scrapped scrapping withdrawn withdrew", -1),
    ("befürworte befürworten unterstütze unterstützen soutiens soutenons approuve apoyo apoyamos", 1),
    ("ablehne ablehnen opposons rejette rejetons rechazo rechazamos opongo oponemos", -1),
)
BARE = {"for": 1, "against": -1, "für": 1, "gegen": -1, "pour": 1, "contre": -1}
"""Words that stand everywhere: they are opposite to each other only, and no negation turns them."""
_NOT = {"not", "no", "never", "cannot", "nicht", "kein", "keine", "nie", "pas", "jamais", "nunca", "nor", "neither"}
REACH = 2
"""A negation among so many words before turns a word round."""
PLACE = 2
"""So many words on one side are the place of a word."""
PART = 0.05
"""A place is the letter's where that part of the members takes a side in it, and at least two do. What fewer have are
words of their own: two who edit the same letter may meet in them by chance."""


def _forms(stem: str) -> list[str]:
    short = stem.removesuffix("e")
    return [stem + ending for ending in _ENDINGS] + [short + ending for ending in ("ed", "ing", "al")]


SIDES = {
    **{form: sign for stems, sign in _ENGLISH for stem in stems.split() for form in _forms(stem)},
    **{form: sign for forms, sign in _OTHERS for form in forms.split()},
    **BARE,
}
"""The side that a word takes: 1 or -1."""


_Place = tuple[str, ...]
Said = Sequence[tuple[_Place, int]]
"""Where a text takes sides, and which: the places, with 1 or -1."""


@dataclass(frozen=True)
class Sides:
    """What the members of a campaign say in each place of its letter: what most say, and where somebody says the
    opposite."""

    most: Mapping[_Place, int]
    opposed: frozenset[_Place]


def said(text: str) -> Said:
    """The places in which a text takes a side, and the side that it takes there."""
    return _placed(words(text))


def of(members: Sequence[Said]) -> Sides:
    """The sides of a campaign's members in the places of its letter; of equals most are for."""
    balance: dict[_Place, int] = defaultdict(int)
    holders = Counter(place for signs in members for place in {place for place, _ in signs})
    for signs in members:
        for place, sign in signs:
            balance[place] += sign
    least = min(len(members), max(2, PART * len(members)))
    most = {place: 1 if total >= 0 else -1 for place, total in balance.items() if holders[place] >= least}
    opposed = {place for signs in members for place, sign in signs if sign != most.get(place, sign)}
    return Sides(most, frozenset(opposed))


def is_turned(own: Said, sides: Sides) -> bool:
    """Whether a text says the opposite of what most members say, in more places than it says the same."""
    agree = 0
    for place, sign in own:
        most = sides.most.get(place, 0)
        if place in sides.opposed or sign == -most:
            agree += sign * most
    return agree < 0


def parted(texts: Sequence[str], group: Numbers) -> Numbers:
    """The groups, parted where members have opposite words in one place.

    In: texts and the group of each, -1 for none. Out: the same, where those who more often say the opposite of what
    most say in a place are a group of their own.
    """
    members: dict[int, list[int]] = defaultdict(list)
    for place in np.flatnonzero(group >= 0):
        members[int(group[place])].append(int(place))
    parts, unused = group.copy(), int(group.max(initial=-1)) + 1
    for own in members.values():
        every = [said(texts[place]) for place in own] if len(own) > 1 else []
        sides = of(every)
        turned = [place for place, signs in zip(own, every, strict=False) if is_turned(signs, sides)]
        if turned:
            parts[turned] = unused
            unused += 1
    return parts


def _placed(tokens: list[str]) -> list[tuple[_Place, int]]:
    asks = []
    for at in [number for number, sign in enumerate(map(SIDES.get, tokens)) if sign]:
        before = tokens[max(at - REACH, 0) : at]
        turned = [word for word in before if word in _NOT or word.endswith("n't")] if tokens[at] not in BARE else []
        sign, kind = SIDES[tokens[at]] * (-1) ** len(turned), "bare" if tokens[at] in BARE else "verb"
        after = tuple(tokens[at + 1 : at + 1 + PLACE])
        asks += [((kind, "after", *after), sign)] if len(after) == PLACE else []
        passed = {*turned, "do", "does"}
        left = [word for word in tokens[max(at - REACH - PLACE, 0) : at] if word not in passed]
        asks += [((kind, "before", *left[-PLACE:]), sign)] if len(left) >= PLACE else []
    return asks
