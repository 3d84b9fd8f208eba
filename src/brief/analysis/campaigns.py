"""Campaigns: texts from one template, copied, edited, or put together from alternatives slot by slot.

Two members of a mail-merge campaign may share few words, yet nearly every phrase of each recurs in another member. So
texts are not compared with each other. Their phrases (three words in a row) are counted over all distinct texts, and a
text is described by the phrases that recur:

1. Equal texts, case and white space aside, are one distinct text (`distinct.digest`).
2. A phrase recurs where at least `RECURS` distinct texts have it.
3. Two phrases that recur and follow each other within `WINDOW` words are a key. Labels spread between texts and keys
   until each has the label that most of its neighbours have (label propagation: Raghavan, Albert and Kumara 2007,
   Physical Review E 76:036106, here in fixed rounds with ties to the least). Groups that share many keys are joined
   over these (components over keys, never a list of pairs); what collides is only a candidate, as with the bands of
   Broder 1997, SEQUENCES 21-29.
4. In a component a text stays a member where phrases that recur within the component cover enough of its words
   (`COVERED`). Those that stay are connected and asked again until all stay: what hung together by chance, by a motion
   that all name, falls apart.

Every step counts or takes a minimum, so the order of the texts makes no difference.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from brief.analysis import distinct

PHRASE = 3
"""Words in a phrase."""
RECURS = 3
WINDOW = 15
COVERED = ((24, 0.9), (49, 0.5), (np.inf, 0.3))
"""Up to so many words, that part of them must be covered: in a short text a chance phrase is a large part."""
LEAST_WORDS = 6
"""Shorter texts are in a campaign only as copies of one text."""
LEAST_SUBMISSIONS = 3
"""So many submissions make a campaign."""
SPREADS = 30
SHARED = 0.1
"""A group that shares so many of its keys with other groups is joined with these."""
ROUNDS = 20
"""Members are asked again as long as some are dropped: what hung together by chance has less and less in common."""
SHARED_BY = 0.1
"""Some phrase of a campaign is in that part of its distinct texts."""
COMMON = 0.5
"""A word is part of the template where so many of the distinct texts have its phrase."""
GAP = "[…]"

TEXT_COLUMNS = ("comment_id", "text_id", "campaign_id")
CAMPAIGN_COLUMNS = ("campaign_id", "submissions", "distinct_texts", "template", "first", "last")
DIFFERENCE_COLUMNS = ("place", "kind", "words")
SAME, ADDED, LEFT_OUT = "same", "added", "left out"

Numbers = np.ndarray[Any, np.dtype[np.uint64]]
Places = np.ndarray[Any, np.dtype[np.int64]]
Truths = np.ndarray[Any, np.dtype[np.bool_]]

_WORD = re.compile(r"\w+(?:['\u2019]\w+)*")
_MIX = tuple(np.uint64(odd) for odd in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))


def words(text: str) -> list[str]:
    """The words of a text: case and compatibility forms folded, punctuation left out."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def assign(comments: pd.DataFrame) -> pd.DataFrame:
    """Which text and which campaign each comment is.

    In: comments (comment_id, text), any order. Out: `TEXT_COLUMNS`, sorted by comment_id. text_id is the digest of the
    distinct text; campaign_id is the least text_id of the campaign, empty where a comment is in none. Texts of fewer
    than `LEAST_SUBMISSIONS` submissions together are no campaign, nor are texts of which no
    phrase is in `SHARED_BY` of them: what recurs among very many texts hangs them together by chance.
    """
    rows = pd.DataFrame({"comment_id": comments["comment_id"].astype("str"), "text": comments["text"].astype("str")})
    rows = rows.sort_values("comment_id", ignore_index=True)
    rows["text_id"] = pd.Series([distinct.digest(text) for text in rows["text"]], dtype="str")
    texts = rows.drop_duplicates("text_id").sort_values("text_id", ignore_index=True)
    together = _together([words(text) for text in texts["text"]])
    first = texts["text_id"].to_numpy()[together]
    rows["campaign_id"] = rows["text_id"].map(dict(zip(texts["text_id"], first, strict=True)))
    size = rows.groupby("campaign_id")["comment_id"].transform("size")
    rows.loc[size < LEAST_SUBMISSIONS, "campaign_id"] = ""
    rows.loc[rows["campaign_id"].isin(_by_chance(rows)), "campaign_id"] = ""
    return rows[list(TEXT_COLUMNS)].astype("str")


def describe(comments: pd.DataFrame, assigned: pd.DataFrame) -> pd.DataFrame:
    """Each campaign, the largest first.

    In: comments (comment_id, text, [posted_at] as ISO dates); what `assign` gave for them. Out: `CAMPAIGN_COLUMNS`:
    submissions (comments), distinct_texts, template (the text that is covered best, its words that fewer than half of
    the texts share replaced by `GAP`), first and last (the span in time; empty where no date is known).
    """
    given = {"posted_at": comments["posted_at"]} if "posted_at" in comments else {"posted_at": ""}
    rows = comments[["comment_id", "text"]].assign(**given).merge(assigned, on="comment_id")
    found = []
    for campaign, members in rows[rows["campaign_id"] != ""].groupby("campaign_id", sort=True):
        texts = members.sort_values(["text_id", "comment_id"]).drop_duplicates("text_id")
        days = sorted(day for day in members["posted_at"].fillna("").astype(str) if day)
        span = (days[0], days[-1]) if days else ("", "")
        found.append((campaign, len(members), len(texts), template(list(texts["text"])), *span))
    frame = pd.DataFrame(found, columns=list(CAMPAIGN_COLUMNS))
    return frame.sort_values(["submissions", "campaign_id"], ascending=[False, True], ignore_index=True)


def _by_chance(rows: pd.DataFrame) -> list[str]:
    """The campaigns of which no phrase is in `SHARED_BY` of the texts. In: comments with text, text_id, campaign_id."""
    texts = rows[rows["campaign_id"] != ""].sort_values("text_id").drop_duplicates("text_id")
    several = texts.groupby("campaign_id").filter(lambda own: len(own) > 1)
    return [str(one) for one, own in several.groupby("campaign_id") if _shares(list(own["text"])).max() < SHARED_BY]


def _shares(texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """For each phrase of the texts, the part of the texts that have it; a zero before them all."""
    flat = _flat([words(text) for text in texts])
    held = np.unique(np.column_stack([np.unique(flat.phrases, return_inverse=True)[1], flat.text]), axis=0)
    return np.concatenate([[0.0], np.bincount(held[:, 0]) / len(texts)])


def template(texts: Sequence[str]) -> str:
    """The common text of distinct texts: the one covered best, with `GAP` for words that fewer than half share.

    Its words stand as they are written there. A single text is its own template.
    """
    if len(texts) == 1:
        return " ".join(texts[0].split())
    tokens = [words(text) for text in texts]
    flat = _flat(tokens)
    common = np.unique(flat.phrases, return_inverse=True)[1]
    held = np.unique(np.column_stack([common, flat.text]), axis=0)
    share = np.bincount(held[:, 0]) / len(texts)
    covered = _covered(flat, share[common] >= COMMON)
    sums = np.bincount(flat.word_text, weights=covered, minlength=len(texts))
    best = int(sums.argmax())
    return _with_gaps(texts[best], covered[flat.word_text == best])


def differences(text: str, common: str) -> pd.DataFrame:
    """How a text differs from a template, word by word, for highlighting.

    In: a text; the template that `describe` gave. Out: `DIFFERENCE_COLUMNS`, in order: kind is `same`, `added` (in the
    text alone) or `left out` (in the template alone); words as they are written.
    """
    ours, theirs = text.split(), [word for word in common.split() if word != GAP]
    matcher = difflib.SequenceMatcher(
        None, [" ".join(words(word)) for word in theirs], [" ".join(words(word)) for word in ours], autojunk=False
    )
    found = []
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            found.append((SAME, " ".join(ours[start:end])))
        else:
            found += [(LEFT_OUT, " ".join(theirs[first:last]))] if last > first else []
            found += [(ADDED, " ".join(ours[start:end]))] if end > start else []
    return pd.DataFrame([(place, *one) for place, one in enumerate(found)], columns=list(DIFFERENCE_COLUMNS))


# Phrases ---------------------------------------------------------------------------------------------------------


class _Flat:
    """All phrases of all texts in one row: the hash, the text, and the place of its first word among all words."""

    def __init__(self, hashes: list[Numbers]) -> None:
        self.lengths = np.array([len(one) for one in hashes], dtype=np.int64)
        self.word_text = np.repeat(np.arange(len(hashes)), self.lengths)
        each = np.concatenate([*hashes, np.zeros(0, dtype=np.uint64)])
        starts = np.arange(max(len(each) - PHRASE + 1, 0))
        inside = self.word_text[starts] == self.word_text[starts + PHRASE - 1] if len(starts) else starts.astype(bool)
        self.place: Places = starts[inside]
        self.text: Places = self.word_text[self.place] if len(each) else self.place
        self.phrases: Numbers = np.zeros(len(self.place), dtype=np.uint64)
        for number, odd in enumerate(_MIX):
            self.phrases = (self.phrases ^ (each[self.place + number] * odd)) * _MIX[0] if len(each) else self.phrases


@lru_cache(maxsize=200_000)
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _flat(tokens: Sequence[Sequence[str]]) -> _Flat:
    return _Flat([np.array([_hash(word) for word in one], dtype=np.uint64) for one in tokens])


def _covered(flat: _Flat, recurs: Truths) -> Truths:
    """Which words stand in a phrase that recurs, a truth value a word."""
    covered = np.zeros(len(flat.word_text), dtype=bool)
    for number in range(PHRASE):
        covered[flat.place[recurs] + number] = True
    return covered


def _recurring(phrase: Places, text: Places, group: Places) -> Truths:
    """Which phrases at least `RECURS` texts of the same group have; a text of group -1 counts nowhere.

    In: phrases as numbers from 0 and the text of each; the group of each text.
    """
    own = group[text]
    code = own * (int(phrase.max(initial=0)) + 1) + phrase
    inside = own >= 0
    held = np.unique(code[inside] * len(group) + text[inside]) // len(group)
    codes, texts = np.unique(held, return_counts=True)
    recurring = codes[texts >= RECURS]
    return inside & _among(code, recurring)


def _among(values: Places, wanted: Places) -> Truths:
    """Which values are among those wanted, which are sorted."""
    if not len(wanted):
        return np.zeros(len(values), dtype=bool)
    place = np.minimum(np.searchsorted(wanted, values), len(wanted) - 1)
    found: Truths = wanted[place] == values
    return found


def _together(tokens: Sequence[Sequence[str]]) -> Places:
    """For each text the first text of its campaign, itself where it is in none; texts are numbered in their order."""
    count = len(tokens)
    flat = _flat([one if len(one) >= LEAST_WORDS else [] for one in tokens])
    alone = np.arange(count)
    phrase: Places = np.unique(flat.phrases, return_inverse=True)[1].astype(np.int64)
    group = np.zeros(count, dtype=np.int64)
    # What does not recur among all texts recurs in no group: it is never looked at again.
    kept = _recurring(phrase, flat.text, group)
    flat.place, flat.text, phrase = flat.place[kept], flat.text[kept], np.unique(phrase[kept], return_inverse=True)[1]
    needed = np.array([part for _, part in COVERED])[np.searchsorted([most for most, _ in COVERED], flat.lengths)]
    for _ in range(ROUNDS):
        recurs = _recurring(phrase, flat.text, group)
        group = _groups(flat.place[recurs], flat.text[recurs], phrase[recurs], count)
        covered = _covered(flat, _recurring(phrase, flat.text, group))
        part = np.bincount(flat.word_text, weights=covered, minlength=count) / np.maximum(flat.lengths, 1)
        members = (part >= needed) & (flat.lengths > 0) & (group >= 0)
        if members.sum() == (group >= 0).sum():
            break
        group = np.where(members, group, -1)
    _, place = np.unique(group, return_inverse=True)
    first = np.full(count, count)
    np.minimum.at(first, place, alone)
    return np.where(group >= 0, first[place], alone)


def _groups(place: Places, text: Places, phrase: Places, count: int) -> Places:
    """The group of each text by its keys, two phrases that recur and follow each other; -1 where it has no key."""
    group = np.full(count, -1)
    if len(place) < 2:
        return group
    keys, holders = [], []
    following = np.searchsorted(place, place + PHRASE)
    for further in (0, PHRASE):
        after = np.minimum(following + further, len(place) - 1)
        near = (text[after] == text) & (place[after] >= place + PHRASE) & (place[after] - place <= WINDOW)
        keys.append(phrase[near] * (int(phrase.max()) + 1) + phrase[after[near]])
        holders.append(text[near])
    key: Places = np.unique(np.concatenate(keys), return_inverse=True)[1]
    held = np.unique(key * count + np.concatenate(holders))
    key, holder = held // count, held % count
    shared = np.bincount(key)[key] > 1 if len(key) else key.astype(bool)
    group[holder] = holder
    key, holder = np.unique(key[shared], return_inverse=True)[1], holder[shared]
    by_holder = np.argsort(holder, kind="stable")
    holders_once = np.unique(holder)
    for _ in range(SPREADS if len(key) else 0):
        of_key = _most_common(key, group[holder])
        spread = group.copy()
        spread[holders_once] = _most_common(holder[by_holder], of_key[key[by_holder]])
        if (spread == group).all():
            break
        group = spread
    return _joined(key, holder, group) if len(key) else group


def _joined(key: Places, holder: Places, group: Places) -> Places:
    """The groups, those joined over their keys that share many keys with others: slots make many small groups.

    A group that shares few keys with others stays apart, so that a sentence which two campaigns have does not make them
    one. Keys of one text alone are left out before and count as not shared.
    """
    count, keys = len(group), int(key.max()) + 1
    held = np.unique(group[holder] * keys + key)
    owner, key = held // keys, held % keys
    shared = np.bincount(owner, weights=np.bincount(key)[key] > 1, minlength=count)
    is_open = shared >= SHARED * np.maximum(np.bincount(owner, minlength=count), 1)
    links = is_open[owner]
    size = count + keys
    ones = np.ones(int(links.sum()), dtype=np.int8)
    graph = sparse.coo_matrix((ones, (owner[links], key[links] + count)), shape=(size, size))
    component = connected_components(graph, directed=False)[1]
    joined = np.where(is_open[group], count + component[group], group)
    return np.where(group >= 0, joined, -1)


def _most_common(item: Places, label: Places) -> Places:
    """For each item, in their order, the label that most of its rows have; of equals the least. Items are sorted."""
    width = int(label.max()) + 1
    pairs, times = np.unique(item * width + label, return_counts=True)
    starts = np.flatnonzero(np.r_[True, (pairs[1:] // width) != (pairs[:-1] // width)])
    most = np.repeat(np.maximum.reduceat(times, starts), np.diff(np.r_[starts, len(pairs)]))
    best = np.flatnonzero(times == most)
    first = np.flatnonzero(np.r_[True, (pairs[best][1:] // width) != (pairs[best][:-1] // width)])
    found: Places = pairs[best[first]] % width
    return found


def _with_gaps(text: str, common: Truths) -> str:
    """A text, its words as they are written, with `GAP` for each stretch of words that is not common."""
    kept: list[str] = []
    place = 0
    for piece in text.split():
        own = len(words(piece))
        if own == 0 or common[place : place + own].any():
            kept.append(piece)
        elif not kept or kept[-1] != GAP:
            kept.append(GAP)
        place += own
    return " ".join(kept)
