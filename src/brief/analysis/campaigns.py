"""Campaigns: texts from one template, copied, edited, or put together from alternatives slot by slot.

To call letters that people wrote on their own form letters is the worst error here, to miss an edited form letter the
second. In a large collection nearly every phrase of a text recurs somewhere by chance. So a phrase counts only where a
*part* of a group has it, whatever the size of the group, and the sure finds come first:

1. Equal texts, case and white space aside, are one distinct text (`distinct.digest`).
2. Near copies: two thirds of the words of each are from the other (`grouping.near_copies`). One of them stands for all
   in the next step, so that what several letters share, a reference line, joins no campaigns.
3. What is left is grouped by keys (`grouping.groups`). A phrase is the group's where `needed` of its texts have it:
   three, a tenth of the group, and of a small group more. A text stays a member where such phrases cover enough of it
   (`_covers`); those that stay are grouped and asked again until all stay.
4. A text that is left joins the campaign whose phrases cover enough of it, or whose letter it holds (`_joining`). Where
   more texts hold the letter that are not of the campaign than are, it is a quotation (`_without_quotations`).
5. Members with opposite words in the same place of the letter are parted (`sides.parted`).

What nearly all of a group share, and the longest run of words that a text shares, may be a header or a quotation. With
them alone a text is a member only if they are nearly the whole of it (`WHOLE`); without them, what is left has to be
covered as well (`REST`). Both ask more of short texts, where a chance phrase is a large part.

That this exceeds chance is shown and not only argued: `benchmarks/campaigns.py` draws texts again, word by word, from
those of real comments, and finds no campaign among 500 to 50,000 of them; tests hold it at small sizes. No part of a
group that is fixed grows with chance: in redrawn groups phrases held by a tenth cover 3 to 25 % of the words.

Every step counts or takes a least value, so the order of the rows makes no difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from brief.analysis import distinct, grouping, hashing, sides
from brief.analysis import phrases as recurring
from brief.analysis.grouping import at_length
from brief.analysis.hashing import Numbers, Truths
from brief.analysis.phrases import Phrases
from brief.scripts import is_unspaced

RECURS = 3
"""So many texts of a group have a phrase of it, at the least."""
PART, ROOT = 0.1, 0.7
"""A phrase is a group's where that part of its texts has it, of a small group so many times the root of its size."""
LEAST_WORDS = 10
"""Shorter texts are in no campaign: "I strongly oppose this rule" many people write on their own."""
LEAST_SUBMISSIONS = 3
"""So many submissions make a campaign."""
NEARLY_ALL = 0.9
"""What that part of a group has may be a header or a quotation."""
WHOLE = ((24, 0.9), (49, 0.8), (np.inf, 2 / 3))
"""Up to so many words, the part of a text that is covered if it is a member by what nearly all have, or by one run."""
REST = ((24, 0.9), (49, 0.55), (np.inf, 0.45))
"""The part that is covered of the whole, and of what is left without these."""
GAP_CLOSED = 8
"""Between covered words so many others count as covered: words that were swapped in the letter."""
FURTHER_PART, FURTHER_GAP = 0.05, 10
FURTHER_REST = ((24, 0.9), (34, 0.7), (49, 0.5), (np.inf, 0.4))
"""The same for a text that joins a campaign which is established already: chance has to meet one letter, not any."""
CONTAINED, LEAST_CONTAINED, LEAST_COVERED = 0.8, 25, 0.3
"""A text that holds that part of a letter, of at least so many phrases, is of the campaign whatever was added, if that
part of it is the letter's and three sent the letter in the same words: a quotation nobody sends alone."""
LETTER = 0.5
"""A phrase is in the letter of a campaign where that part of its texts has it."""
ROUNDS = 20
"""Members are asked again as long as some are dropped."""

TEXT_COLUMNS = ("comment_id", "text_id", "campaign_id")


def assign(comments: pd.DataFrame, given: Sequence[str] = ()) -> pd.DataFrame:
    """Which text and which campaign each comment is.

    In: comments (comment_id, text), any order; given, texts that all had before them, such as the question: what
    stands in them counts as nobody's words. Out: `TEXT_COLUMNS`, sorted by comment_id. text_id is the digest of the
    distinct text; campaign_id is the least text_id of the campaign, empty where a comment is in none.
    """
    order = comments["comment_id"].astype("str").argsort(kind="stable")
    texts = comments["text"].astype("str").iloc[order].to_list()
    of_text, names = pd.factorize(np.array(distinct.digests(texts), dtype=object), sort=True)
    first_comment = np.zeros(len(names), dtype=np.int64)
    first_comment[of_text[::-1]] = np.arange(len(texts))[::-1]
    submissions: Numbers = np.bincount(of_text, minlength=len(names))
    first = _first_texts([texts[place] for place in first_comment], submissions, sorted(set(given)))
    rows = {
        "comment_id": comments["comment_id"].iloc[order].to_numpy(),
        "text_id": names[of_text],
        "campaign_id": np.append(names, "")[first][of_text],
    }
    return pd.DataFrame(rows, columns=list(TEXT_COLUMNS)).astype("str")


def are_read(texts: pd.Series) -> pd.Series:
    """Whether campaigns are looked for among each text: not in a script without spaces that cannot be cut into words.

    Of Chinese and Japanese so many signs in a row are taken for a word (`hashing.SIGNS`). A letter in Thai, Lao, Khmer
    or Burmese has hardly any spaces, and so fewer words than the letters of a campaign.
    """

    def is_read(text: str) -> bool:
        return not is_unspaced(text) or hashing.is_cut(text) or len(hashing.words(text)) >= LEAST_WORDS

    return texts.map(is_read).astype("bool")


def _first_texts(texts: Sequence[str], submissions: Numbers, given: Sequence[str]) -> Numbers:
    """For each distinct text the first text of its campaign, -1 where it is in none."""
    return _named(_large_enough(sides.parted(texts, grouped(texts, submissions, given)), submissions))


def grouped(texts: Sequence[str], submissions: Numbers, given: Sequence[str]) -> Numbers:
    """The campaign of each distinct text, before campaigns are parted by what they ask for.

    In: distinct texts, how often each was sent, texts that all were given. Out: of the campaign a number, or -1.
    """
    phrases = recurring.recurring(texts, LEAST_WORDS, given=given)
    alone = np.arange(len(texts))
    leader = grouping.near_copies(phrases)
    by_slots = _by_slots(phrases, leader == alone)
    group = np.where(by_slots[leader] >= 0, by_slots[leader], leader)
    group = _large_enough(np.where(phrases.sizes >= LEAST_WORDS, group, -1), submissions)
    return _without_quotations(phrases, _joining(phrases, group, submissions), submissions)


def _named(group: Numbers) -> Numbers:
    """The groups, each named by its first text."""
    first = np.full(int(group.max(initial=-1)) + 2, len(group))
    np.minimum.at(first, group, np.arange(len(group)))
    return np.where(group >= 0, first[group], -1)


def _large_enough(group: Numbers, submissions: Numbers) -> Numbers:
    inside = group >= 0
    size = np.bincount(group[inside], weights=submissions[inside], minlength=int(group.max(initial=0)) + 1)
    return np.where(inside & (size[group] >= LEAST_SUBMISSIONS), group, -1)


def needed(size: Numbers) -> Numbers:
    """How many texts of a group of each size have a phrase that is the group's."""
    part = np.ceil(np.maximum(PART * size, ROOT * np.sqrt(size)) - 1e-9)
    least: Numbers = np.maximum(RECURS, part.astype(np.int64))
    return least


def _by_slots(phrases: Phrases, nodes: Truths) -> Numbers:
    """The group of each node (a text that stands for its near copies) by recurring phrases; -1 where it is in none."""
    group = np.where(nodes, 0, -1)
    phrases = phrases.of(phrases.holders[phrases.number] >= RECURS)
    if not nodes.all():
        phrases = phrases.of(recurring.support(phrases, group) >= RECURS)
    for _ in range(ROUNDS):
        groups = grouping.groups(phrases)
        members = _members(phrases, groups)
        group = np.where(members, groups, -1)
        if not members.any() or members.sum() == (groups >= 0).sum():
            break
        phrases = phrases.of(recurring.support(phrases, group) >= RECURS)
    return _named(group)


def _members(phrases: Phrases, group: Numbers) -> Truths:
    """Which texts the phrases of their group cover enough of."""
    size = np.bincount(group + 1)[group + 1]
    held = recurring.support(phrases, group)
    own = held >= needed(size)[phrases.text]
    header = own & (held >= NEARLY_ALL * size[phrases.text])
    covered = recurring.covered(phrases, own)
    return (group >= 0) & _covers(phrases, covered, recurring.covered(phrases, header), GAP_CLOSED, REST)


def _covers(phrases: Phrases, covered: Truths, header: Truths, gap: int, least: grouping.ByLength) -> Truths:
    """Whether the words that are covered are enough of each text, and enough without header and longest run."""
    lengths, word_text = phrases.lengths, phrases.word_text
    closed = recurring.closed(covered, word_text, gap)
    header = header | recurring.longest_runs(covered, word_text, len(lengths))
    whole = recurring.sums(closed, lengths) / np.maximum(lengths, 1)
    rest = recurring.sums(closed & ~header, lengths) / np.maximum(lengths - recurring.sums(header, lengths), 1)
    part = at_length(least, phrases.sizes)
    enough: Truths = (whole >= at_length(WHOLE, phrases.sizes)) | ((rest >= part) & (whole >= part))
    return enough


@dataclass(frozen=True)
class Letters:
    """The phrases of campaigns, by their numbers, and of each campaign, by its number, what its letter is."""

    owner: Numbers
    """The campaign that each phrase is of, or -1."""
    in_letter: Truths
    """Whether each phrase is in the letter of its campaign."""
    whole: Numbers
    """How many phrases the letter of each campaign has."""
    copied: Truths
    """Whether so many sent the letter of each campaign in the same words that it is no quotation."""


def letters_of(phrases: Phrases, group: Numbers, submissions: Numbers) -> Letters:
    """The letters of campaigns. In: as `grouped` gives them; how often each text was sent."""
    inside = group[phrases.text] >= 0
    size = np.bincount(group + 1)[group + 1][phrases.text]
    held = recurring.support(phrases, group)
    own = inside & (held >= np.maximum(np.minimum(RECURS, size), FURTHER_PART * size))
    owner, in_letter = _owners(phrases.number[own], group[phrases.text[own]], held[own] / size[own], phrases)
    whole = np.bincount(owner[in_letter], minlength=len(group))
    copied = np.zeros(len(group), dtype=bool)
    copied[group[(group >= 0) & (submissions >= LEAST_SUBMISSIONS)]] = True
    return Letters(owner, in_letter, whole, copied)


def joined(phrases: Phrases, letters: Letters) -> Numbers:
    """The campaign whose phrases cover enough of each text, or whose letter it holds; -1 for none.

    In: the phrases of texts, numbered as the letters have them. No text looks at another.
    """
    phrases = phrases.of(letters.owner[phrases.number] >= 0)
    count = len(phrases.lengths)
    to = np.full(count, -1)
    if not len(phrases.number):
        return to
    to[recurring.sorted_once(phrases.text)] = grouping.most_common(phrases.text, letters.owner[phrases.number])
    phrases = phrases.of(letters.owner[phrases.number] == to[phrases.text])
    covered = recurring.covered(phrases)
    joins = _covers(phrases, covered, np.zeros_like(covered), FURTHER_GAP, FURTHER_REST)
    of_letter = letters.in_letter[phrases.number]
    held_once = recurring.sorted_once((phrases.text[of_letter].astype(np.int64) << 32) | phrases.number[of_letter])
    has = np.bincount(held_once >> 32, minlength=count)
    whole = letters.whole[to]
    part = recurring.sums(covered, phrases.lengths) / np.maximum(phrases.lengths, 1)
    holds = (whole >= LEAST_CONTAINED) & (has >= CONTAINED * whole) & (part >= LEAST_COVERED)
    return np.where(joins | (letters.copied[to] & holds), to, -1)


def _joining(phrases: Phrases, group: Numbers, submissions: Numbers) -> Numbers:
    """The groups, with the texts that join them: covered enough by the phrases of a group, or holding its letter."""
    inside = group[phrases.text] >= 0
    if not inside.any():
        return group
    to = joined(phrases.of(~inside), letters_of(phrases, group, submissions))
    return np.where(group < 0, to, group)


def _without_quotations(phrases: Phrases, group: Numbers, submissions: Numbers) -> Numbers:
    """The groups, without those whose letter more texts hold that are not in them than are: it is a quotation.

    A letter that three sent in the same words is none.
    """
    inside = group[phrases.text] >= 0
    copied = np.isin(group, group[submissions >= LEAST_SUBMISSIONS])
    size = np.bincount(group + 1)[group + 1]
    letter = inside & ~copied[phrases.text]
    letter &= recurring.support(phrases, group) >= LETTER * size[phrases.text]
    if not letter.any():
        return group
    count = len(group)
    pairs = recurring.sorted_once(phrases.number[letter].astype(np.int64) * count + group[phrases.text[letter]])
    number, owner = pairs // count, pairs % count
    whole = np.bincount(owner, minlength=count)
    concerned = np.zeros(len(phrases.hashes), dtype=bool)
    concerned[number] = True
    concerned = concerned[phrases.number]
    asked = recurring.sorted_once(
        phrases.text[concerned].astype(np.int64) * len(phrases.hashes) + phrases.number[concerned]
    )
    text, phrase = asked // len(phrases.hashes), asked % len(phrases.hashes)
    starts = np.searchsorted(number, phrase)
    sizes = np.searchsorted(number, phrase, side="right") - starts
    text = np.repeat(text, sizes)
    at = np.arange(len(text)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(starts, sizes)
    outside = group[text] != owner[at]
    held = np.sort(text[outside] * count + owner[at][outside], kind="stable")
    held_by = recurring.sorted_once(held)
    has = np.searchsorted(held, held_by, side="right") - np.searchsorted(held, held_by)
    of = held_by % count
    holds = (whole[of] >= LEAST_CONTAINED) & (has >= CONTAINED * whole[of])
    quoted = np.bincount(of[holds], minlength=count) > np.bincount(group[group >= 0], minlength=count)
    return np.where((group >= 0) & quoted[group], -1, group)


def _owners(number: Numbers, group: Numbers, share: recurring.Floats, phrases: Phrases) -> tuple[Numbers, Truths]:
    """For each phrase the group with the largest share of texts that have it, or -1; whether it is in its letter."""
    order = np.lexsort((group, -share, number))
    number, group, share = number[order], group[order], share[order]
    first = np.flatnonzero(np.concatenate([[True], number[1:] != number[:-1]])[: len(number)])
    owner = np.full(len(phrases.hashes), -1)
    owner[number[first]] = group[first]
    letter = np.zeros(len(owner), dtype=bool)
    letter[number[first]] = share[first] >= LETTER
    return owner, letter
