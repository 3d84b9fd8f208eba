"""Campaigns among more texts than lie in memory: found in a sample, and told of any other text by itself.

The sample (`chosen`) has of each component of near copies (`sketches`) the texts sent most, and of all other texts
those with the least digests. It depends on the texts alone. `fit` finds its campaigns as `campaigns.assign` does, and
`annotate` tells of any batch which of these campaigns each text joins. Where the sample holds all texts, the campaigns
are exactly those of `campaigns.assign`.

What may be missed: a campaign of letters that are all put together or edited so differently that they are no near
copies of each other, and of which the sample holds fewer than three. Near copies are found wherever they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from brief.analysis import campaigns, sides, sketches
from brief.analysis import phrases as recurring
from brief.analysis.campaigns import LEAST_SUBMISSIONS, LEAST_WORDS, Letters
from brief.analysis.hashing import Hashes, Numbers, Truths
from brief.analysis.lookups import Table
from brief.analysis.phrases import Codes
from brief.analysis.sides import Sides

ASK = -2
"""Stands for the campaign of a text whose phrases are to tell."""
TOGETHER = 20
"""So many texts of one component are in the sample at most: enough to tell what they share."""


@dataclass(frozen=True)
class Model:
    """The campaigns of a sample, as far as they tell of other texts."""

    table: Table
    """The phrases of campaigns without their last `bits` bits."""
    bits: int
    letters: Letters
    sides: tuple[Sides, ...]
    """Of each campaign, by its number."""
    given: Hashes


def chosen(first: Codes, submissions: Numbers, most: int) -> Numbers:
    """Which of all distinct texts are in the sample, ascending.

    In: of each text, in the order of their digests, the least number of its component, and how often it was sent; how
    many there may be. Of components that were sent `LEAST_SUBMISSIONS` times up to `TOGETHER` texts, half of the sample
    at most; then the texts of least digest.
    """
    count = len(first)
    if count <= most:
        return np.arange(count)
    together = np.bincount(first, weights=submissions, minlength=count)[first]
    alike = np.flatnonzero(together >= LEAST_SUBMISSIONS)
    alike = alike[np.lexsort((alike, -submissions[alike], first[alike]))]
    begins = np.flatnonzero(np.concatenate([[True], first[alike][1:] != first[alike][:-1]])[: len(alike)])
    rank = np.arange(len(alike)) - np.repeat(begins, np.diff(np.append(begins, len(alike))))
    alike, rank = alike[rank < TOGETHER], rank[rank < TOGETHER]
    # Of equal ranks the largest component comes first, of equal components that of least digest.
    alike = alike[np.lexsort((alike, -together[alike], rank))][: most // 2]
    is_chosen = np.zeros(count, dtype=bool)
    is_chosen[alike] = True
    rest = np.flatnonzero(~is_chosen)[: most - len(alike)]
    is_chosen[rest] = True
    return np.flatnonzero(is_chosen)


def fit(texts: Sequence[str], submissions: Numbers, given: Sequence[str]) -> tuple[Model, Codes, Truths]:
    """The campaigns of a sample.

    In: its texts, in the order of their digests; how often each was sent; texts that all had before them. Out: the
    model; the campaign of each text, from 0, or -1; whether it asks for the opposite of what most of its campaign do.
    """
    group = campaigns.grouped(texts, submissions, sorted(set(given)))
    known = recurring.sorted_once(group[group >= 0])
    of_text = np.where(group >= 0, np.searchsorted(known, group), -1).astype(np.int32)
    # Of a letter that the sample holds in one version no phrase recurs there, and all of it tells of other texts.
    inside = np.flatnonzero(of_text >= 0)
    phrases = recurring.recurring([texts[place] for place in inside.tolist()], LEAST_WORDS, 1, sorted(set(given)))
    letters = campaigns.letters_of(phrases, of_text[inside].astype(np.int64), submissions[inside])
    used = letters.owner >= 0
    count = len(known)
    trimmed = Letters(letters.owner[used], letters.in_letter[used], letters.whole[:count], letters.copied[:count])
    turned = np.zeros(len(texts), dtype=bool)
    every = []
    by_campaign = np.argsort(of_text, kind="stable")
    ends = np.searchsorted(of_text[by_campaign], np.arange(len(known) + 1))
    for begin, end in pairwise(ends):
        members = by_campaign[begin:end]
        said = [sides.said(texts[place]) for place in members.tolist()]
        every.append(sides.of(said))
        turned[members] = [sides.is_turned(signs, every[-1]) for signs in said]
    bits = int(phrases.lengths.sum()).bit_length()
    model = Model(Table(phrases.hashes[used]), bits, trimmed, tuple(every), recurring.known(sorted(set(given))))
    return model, of_text, turned


def annotate(model: Model, texts: Sequence[str], known: Codes) -> tuple[Codes, Truths]:
    """The campaign of each text, and whether it asks for the opposite of what most of its campaign do.

    In: a model; texts of any batch; the campaign of those that are near copies of a text of the sample, `ASK` for
    texts whose phrases are to tell, -1 for those that are in none. No text looks at another.
    """
    campaign = known.copy()
    asked = np.flatnonzero(known == ASK)
    own = [texts[place] for place in asked.tolist()]
    first = 0
    for part in sketches.pieces(own):
        phrases = recurring.listed(part, model.table, model.bits, LEAST_WORDS, model.given)
        campaign[asked[first : first + len(part)]] = campaigns.joined(phrases, model.letters)
        first += len(part)
    turned = np.zeros(len(texts), dtype=bool)
    for place in np.flatnonzero(campaign >= 0).tolist():
        turned[place] = sides.is_turned(sides.said(texts[place]), model.sides[campaign[place]])
    return campaign, turned


def known_before(first: Codes, submissions: Numbers, sample: Numbers, of_sample: Codes) -> Codes:
    """The campaign of each text as far as the sample tells it, for `annotate`: `ASK` where it does not.

    In: of all distinct texts the least number of the component, and how often each was sent; the sample, and the
    campaign of each text of it.
    """
    known = np.full(len(first), ASK, dtype=np.int32)
    known[sample] = np.where(of_sample >= 0, of_sample, ASK)
    leading = known[leaders(first, submissions)]
    known = np.where(known == ASK, leading, known)
    known[sample] = of_sample
    return known


def leaders(first: Codes, submissions: Numbers) -> Codes:
    """For each text the one of its component that was sent most, of equals the one of least digest."""
    order = np.lexsort((np.arange(len(first)), -submissions, first))
    begins = np.concatenate([[True], first[order][1:] != first[order][:-1]])[: len(order)]
    leader_of = np.zeros(len(first), dtype=np.int32)
    leader_of[first[order][begins]] = order[begins]
    leading: Codes = leader_of[first]
    return leading


def settled(
    first: Codes, submissions: Numbers, words: Codes, sample: Numbers, campaign: Codes, turned: Truths
) -> tuple[Codes, Numbers]:
    """The campaigns of all distinct texts, in the order of their digests.

    In: as for `known_before`; how many words each text has; which are in the sample; of each text what `fit` or
    `annotate` told. Out: for each text the least number of its campaign, -1 where it is in none; how many submissions
    that campaign has.
    """
    outside = np.ones(len(first), dtype=bool)
    outside[sample] = False
    leading = leaders(first, submissions)
    campaign = np.where(outside & (campaign < 0), campaign[leading], campaign)
    # The sample is full: near copies of a letter that was sent in the same words are a campaign all the same.
    copied = (submissions >= LEAST_SUBMISSIONS) & (words >= LEAST_WORDS)
    own = outside & (campaign < 0) & outside[leading] & copied[leading]
    campaign = np.where(own, int(campaign.max(initial=-1)) + 1 + first, campaign)
    inside = np.flatnonzero(campaign >= 0)
    least, sent = np.full(len(first), -1, dtype=np.int32), np.zeros(len(first), dtype=np.int64)
    if len(inside):
        code = campaign[inside].astype(np.int64) * 2 + turned[inside]
        known = recurring.sorted_once(code)
        code = np.searchsorted(known, code)
        size = np.bincount(code, weights=submissions[inside]).astype(np.int64)
        named = np.full(len(known), len(first))
        np.minimum.at(named, code, inside)
        large = size[code] >= LEAST_SUBMISSIONS
        least[inside[large]], sent[inside[large]] = named[code][large], size[code][large]
    return least, sent
