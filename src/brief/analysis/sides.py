"""Letters that ask for opposite things are never one campaign, however alike their words are.

A letter can be turned round by one word: "I support the permit", "I oppose the permit", "do not support the permit".
So the words that take a side are looked at where they stand: two words before or after are the place. Where members of
a campaign have opposite words in one place, it is parted there. Words elsewhere tell nothing: whoever opposes a closure
may support the bridge.

The list of words is short, for English, German, French and Spanish; in other languages nothing is parted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from brief.analysis.hashing import Numbers, Truths, words

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


def _forms(stem: str) -> list[str]:
    short = stem.removesuffix("e")
    return [stem + ending for ending in _ENDINGS] + [short + ending for ending in ("ed", "ing", "al")]


SIDES = {
    **{form: sign for stems, sign in _ENGLISH for stem in stems.split() for form in _forms(stem)},
    **{form: sign for forms, sign in _OTHERS for form in forms.split()},
    **BARE,
}
"""The side that a word takes: 1 or -1."""


def parted(texts: Sequence[str], group: Numbers) -> Numbers:
    """The groups, parted where members have opposite words in one place.

    In: texts and the group of each, -1 for none. Out: the same, where those who more often say the opposite of what
    most say in a place are a group of their own.
    """
    members: dict[int, list[int]] = defaultdict(list)
    for place in np.flatnonzero(group >= 0):
        members[int(group[place])].append(int(place))
    sides, unused = group.copy(), int(group.max(initial=-1)) + 1
    for own in members.values():
        turned = _turned([texts[place] for place in own]) if len(own) > 1 else np.zeros(1, dtype=bool)
        if turned.any():
            sides[np.array(own)[turned]] = unused
            unused += 1
    return sides


def _turned(texts: Sequence[str]) -> Truths:
    """Which texts say the opposite of what most say, in more places than they say the same; of equals most are for."""
    seen = [_placed(words(text)) for text in texts]
    balance: dict[tuple[str, ...], int] = defaultdict(int)
    for signs in seen:
        for place, sign in signs:
            balance[place] += sign
    most = {place: 1 if total >= 0 else -1 for place, total in balance.items()}
    opposed = {place for signs in seen for place, sign in signs if sign != most[place]}
    agree = [sum(sign * most[place] for place, sign in signs if place in opposed) for signs in seen]
    return np.array(agree, dtype=np.int64) < 0


def _placed(tokens: list[str]) -> list[tuple[tuple[str, ...], int]]:
    """The places of words that take a side, and the side that they take there."""
    asks = []
    for at in [number for number, word in enumerate(tokens) if word in SIDES]:
        before = tokens[max(at - REACH, 0) : at]
        turned = [word for word in before if word in _NOT or word.endswith("n't")] if tokens[at] not in BARE else []
        sign, kind = SIDES[tokens[at]] * (-1) ** len(turned), "bare" if tokens[at] in BARE else "verb"
        after = tuple(tokens[at + 1 : at + 1 + PLACE])
        asks += [((kind, "after", *after), sign)] if len(after) == PLACE else []
        passed = {*turned, "do", "does"}
        left = [word for word in tokens[max(at - REACH - PLACE, 0) : at] if word not in passed]
        asks += [((kind, "before", *left[-PLACE:]), sign)] if len(left) >= PLACE else []
    return asks
