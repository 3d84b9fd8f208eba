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
CLEAR = 0.75
"""Such a part of those who take a side in a place must be against for it to count as against at first."""
ROUNDS = 10
"""So often members and places are told apart at most."""


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
    """What is said in each place of a campaign's letter: by most, or, where members are opposed, by one side of them.

    `opposed` has the places where somebody says the opposite, with how many in a thousand do, at least one: where
    half of the members say it the letter takes a side, where two in a thousand do they have changed a word.
    """

    most: Mapping[_Place, int]
    opposed: Mapping[_Place, int]


def said(text: str) -> Said:
    """The places in which a text takes a side, and the side that it takes there."""
    return _placed(words(text))


def of(members: Sequence[Said]) -> Sides:
    """The sides of a campaign's members in the places of its letter.

    Where many are for and many against, what is for in one place belongs with what is for in the others at first. From
    there members and places are told apart by turns, as in k-means with two centres: each member by the places, then
    each place by the members.
    """
    holders = Counter(place for signs in members for place in {place for place, _ in signs})
    least = min(len(members), max(2, PART * len(members)))
    taken = Counter((place, sign) for signs in members for place, sign in signs if holders[place] >= least)
    most = {place: sign for place, sign in taken if (place, -sign) not in taken}
    opposed: dict[_Place, int] = {}
    for place in {place for place, _ in taken} - most.keys():
        against, both = taken[place, -1], taken[place, 1] + taken[place, -1]
        most[place] = -1 if against >= CLEAR * both else 1
        opposed[place] = max(1_000 * min(against, both - against) // both, 1)
    for _ in range(ROUNDS):
        sides, balance = Sides(most, opposed), dict.fromkeys(opposed, 0)
        for signs in members:
            side = -1 if is_turned(signs, sides) else 1
            for place, sign in signs:
                if place in opposed:
                    balance[place] += side * sign
        again = {place: (total > 0) - (total < 0) or most[place] for place, total in balance.items()}
        if most == (most := most | again):
            break
    return Sides(most, opposed)


def is_turned(own: Said, sides: Sides) -> bool:
    """Whether a text rather says the opposite of what is said in the places where members are opposed."""
    agree = 0
    for place, sign in own:
        most = sides.most.get(place, 0)
        if place in sides.opposed or sign == -most:
            agree += sign * most * sides.opposed.get(place, 1)
    return agree < 0


def parted(texts: Sequence[str], group: Numbers) -> Numbers:
    """The groups, parted where members have opposite words in one place.

    In: texts and the group of each, -1 for none. Out: the same, where those who rather say the opposite of the others
    are a group of their own.
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
