"""What most texts of a collection share, which is no theme of theirs: a reference line, a letterhead, labels of a form.

A collection's letterhead tells its texts from those of other collections, and nothing of what they say. So phrases that
more than half of its distinct texts have are taken out of these, and words that nearly all of them have name no theme
and make none. That is told by counting alone, so the order of the texts makes no difference.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from brief.analysis import campaign_texts
from brief.analysis import phrases as recurring
from brief.analysis.hashing import words
from brief.analysis.lookups import Table

LEAST_TEXTS = 10
"""Fewer texts of a collection have no letterhead: what half of five share may be what they say."""
MOST = 0.5
NEARLY_ALL = 0.9
PART = 0.1
"""A collection with a smaller part of all texts takes no single words from the others."""


@dataclass(frozen=True)
class Letterheads:
    """The phrases that most texts of each collection have, without their last so many bits."""

    of_collection: Mapping[str, tuple[Table, int]]

    def without(self, texts: Sequence[str], collections: Sequence[str]) -> list[str]:
        """The texts without what most of their collection share; no text looks at another.

        In: texts, and the collection of each. Out: the texts in their order; what is taken out is replaced by
        `campaign_texts.GAP`, all else stands as it is written.
        """
        rest = list(texts)
        for collection, (table, bits) in self.of_collection.items():
            places = [place for place, name in enumerate(collections) if name == collection]
            own = [texts[place] for place in places]
            shared = recurring.listed(own, table, bits, 1, recurring.known(()))
            left = ~recurring.covered(shared)
            starts, lengths = shared.starts, shared.lengths
            for number in recurring.sorted_once(shared.text):
                words_left = left[starts[number] : starts[number] + lengths[number]]
                rest[places[number]] = campaign_texts.with_gaps(own[number], words_left)
        return rest


def shared(texts: Sequence[str], collections: Sequence[str]) -> Letterheads:
    """The letterheads of collections. In: distinct texts, and the collection of each."""
    tables = {}
    for places in _places(collections):
        own = [texts[place] for place in places]
        phrases = recurring.recurring(own, holders=int(MOST * len(own)) + 1)
        if len(phrases.hashes):
            tables[collections[places[0]]] = Table(phrases.hashes), int(phrases.lengths.sum()).bit_length()
    return Letterheads(tables)


def without(texts: Sequence[str], collections: Sequence[str]) -> list[str]:
    """Distinct texts without what most of their collection share, as `Letterheads.without` gives them."""
    return shared(texts, collections).without(texts, collections)


def common_words(texts: Sequence[str], collections: Sequence[str]) -> frozenset[str]:
    """The words, case folded, that nearly all texts of a collection have. In: as for `without`."""
    common: set[str] = set()
    for places in _places(collections):
        if len(places) >= PART * len(texts):
            held = Counter(word for place in places for word in set(words(texts[place])))
            common |= {word for word, count in held.items() if count >= NEARLY_ALL * len(places)}
    return frozenset(common)


def _places(collections: Sequence[str]) -> list[list[int]]:
    """The places of the texts of each collection that has enough of them."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, collection in enumerate(collections):
        places[collection].append(place)
    return [own for _, own in sorted(places.items()) if len(own) >= LEAST_TEXTS]
