"""Themes from the data, for comments that the codebook does not cover: found, named, and told how far to trust them.

Distinct texts, without what most of their collection share (`letterheads`), become vectors (`text_vectors`). K-means
takes these into groups whose number is chosen against chance (`clustering`). A text belongs to the theme with whose
centre its vector has the greatest cosine, so no text's place depends on another's. Themes are then split by stance:
what is said for and against a thing is never one theme.

A letter that a thousand people edited is a campaign and no theme: of its versions one counts where themes are fitted,
told from chance, named and quoted, and all are placed.

There are no themes where no number of them comes back more than in texts whose words come together by chance, and none
where one would hold more than half of the texts. That alone is not enough: of 30 samples of 100 to 400 short texts that
were drawn word by word from chains of real comments, 22 have groups that come back more, because words that follow each
other come together in them too. None of those groups is as stable as `FRAGILE`. So a theme below it is not told, where
the number was not given.

- How stable: for each theme the mean, over `REFITS` halves, of its greatest Jaccard index with any theme fitted on that
  half (Hennig 2007, Computational Statistics & Data Analysis 52:258-271, subsetting); for its part within a stance as
  well, and the lesser of the two counts. Below `FRAGILE` a theme should not be taken for a pattern in the data.
- What it is called: `theme_names`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from brief.analysis import clustering, distinct, exemplars, letterheads, pieces, text_vectors, theme_names
from brief.analysis.clustering import NONE, Labels
from brief.analysis.one_thread import one_thread
from brief.analysis.text_vectors import Matrix, Text, Vectors
from brief.scripts import is_unspaced

THEME_COLUMNS = ("theme_id", "stance", "name", "phrases", "distinct_texts", "submissions", "stability", "fragile")
MEMBER_COLUMNS = ("comment_id", "theme_id", "weight")
EXEMPLAR_COLUMNS = ("theme_id", "comment_id", "quote")

LEAST_TEXTS = 100
"""Below so many distinct texts no themes are sought: reading them is better."""
LEAST_IN_THEME = 5
"""Distinct texts that a theme must have within a stance."""
MOST_FITTED = 10_000
"""Of more distinct texts, a sample of this size is what themes are fitted on."""
FRAGILE = 0.6
REFITS = 20

_TEXTS_A_THEME = 15
_NAMED_FROM = 200
_CHUNK = 10_000
_STARTS_REFITTED = 2
_SAID = ("language", "collection_id", "campaign_id")


def _empty(columns: tuple[str, ...]) -> Callable[[], pd.DataFrame]:
    return lambda: pd.DataFrame(columns=list(columns))


@dataclass(frozen=True)
class Placing:
    """What tells the theme of any text by itself, once themes were found."""

    vectors: Vectors
    centres: Matrix
    letterheads: letterheads.Letterheads
    theme_of: Mapping[tuple[int, str], str]
    """The theme of each group of texts within a stance; none where it is too small or not told."""

    def themes(
        self,
        texts: Sequence[Text],
        stances: Sequence[str],
        collections: Sequence[str],
        parted: pieces.Parted | None = None,
    ) -> list[str]:
        """The theme of each text, empty where it is in none.

        In: texts with their languages, the stance and the collection of each; the texts in lower case as
        `pieces.parted` gives them, where they are parted already. No text looks at another.
        """
        every = list(texts)
        if not self.letterheads.of_collection.keys().isdisjoint(collections):
            own_words = self.letterheads.without([text for text, _ in texts], collections)
            every, parted = [(own, language) for own, (_, language) in zip(own_words, texts, strict=True)], None
        with one_thread():
            group, _ = _placed(every, self.vectors, self.centres, parted)
        return [self.theme_of.get(key, "") for key in zip(group.tolist(), stances, strict=True)]


@dataclass(frozen=True)
class Themes:
    """Themes and what belongs to them; where there are none, the reason.

    `themes`: theme_id (`t01-for`: the theme's number by size and the stance), stance, name (the first two phrases),
    phrases (joined by `; `, each verbatim in a comment but for capitals at its place), distinct_texts, submissions,
    stability (0 to 1), fragile (truth value). `members`: comment_id, theme_id, weight (cosine, 0 to 1); a comment like
    no theme, or in a theme that is too small within its stance, is not in it. `exemplars`: theme_id, comment_id, quote
    (a span of that comment, character by character), in the order chosen. `tried`: as `clustering.numbers_tried` found.
    `sought`: whether there were texts enough to look for any. `left_out`: how many themes are not told for being
    fragile; only where the number is given are fragile ones among those told. `placing` tells the theme of other texts.
    """

    themes: pd.DataFrame = field(default_factory=_empty(THEME_COLUMNS))
    members: pd.DataFrame = field(default_factory=_empty(MEMBER_COLUMNS))
    exemplars: pd.DataFrame = field(default_factory=_empty(EXEMPLAR_COLUMNS))
    tried: pd.DataFrame = field(default_factory=_empty(clustering.TRIED_COLUMNS))
    reason: str = ""
    sought: bool = True
    left_out: int = 0
    placing: Placing | None = None


def find(
    comments: pd.DataFrame,
    number: int | None = None,
    left_out: Collection[str] = (),
    vectors: str = text_vectors.WORDS,
    is_parted: bool = False,
) -> Themes:
    """The themes in comments.

    In: comments (comment_id, text, [stance], [language], [collection_id], [campaign_id]), those that the codebook does
    not cover, in any order; the number of themes before they are split by stance, where it is not to be chosen; texts
    whose words tell no theme from another, such as the question; the kind of vectors; whether the words of scripts that
    set no spaces between them were parted. Out: `Themes`, the same for the same comments in any order. None, with the
    reason, below `LEAST_TEXTS` distinct texts, where hardly any words recur, where no number of themes comes back more
    than by chance, and where one would hold more than half of them. Raises `BriefError` where the vectors need what is
    not installed.
    """
    texts = _distinct_by_stance(comments)
    each = texts[_once_a_campaign(texts)].drop_duplicates("digest", ignore_index=True)
    if len(each) < LEAST_TEXTS:
        reason = f"Distinct texts: {len(each)}. Themes are sought from {LEAST_TEXTS} on."
        return Themes(reason=reason, sought=False)
    # Those that themes are fitted on come first.
    own = len(each)
    each = pd.concat([each, texts[~texts["digest"].isin(each["digest"])]]).drop_duplicates("digest", ignore_index=True)
    heads = letterheads.shared(list(each["text"]), list(each["collection_id"]))
    own_words = heads.without(list(each["text"]), list(each["collection_id"]))
    every: list[Text] = list(zip(own_words, each["language"], strict=True))
    if not is_parted and 2 * sum(is_unspaced(text) for text, _ in every) > len(every):
        return Themes(reason="Most of these texts are in a script without spaces between words, which is not read yet.")
    known = frozenset(word for words in left_out for word in text_vectors.content_words(words, "", frozenset()))
    known |= letterheads.common_words(own_words, list(each["collection_id"]))
    texts["own_words"] = texts["digest"].map(dict(zip(each["digest"], own_words, strict=True)))
    texts["counts"] = texts["digest"].isin(each["digest"].head(own))
    with one_thread():
        return _found(comments, texts, each, every, number, known, vectors, heads)


def _found(
    comments: pd.DataFrame,
    texts: pd.DataFrame,
    each: pd.DataFrame,
    every: list[Text],
    number: int | None,
    known: frozenset[str],
    vectors: str,
    heads: letterheads.Letterheads,
) -> Themes:
    own = int(each["digest"].isin(texts["digest"][texts["counts"]]).sum())
    sample = every[: min(own, MOST_FITTED)]
    fitted = text_vectors.fit(vectors, sample, known)
    most = min(len(sample) // _TEXTS_A_THEME, fitted.breadth // 2)
    if most < 2:
        return Themes(reason="Hardly any words recur in these texts.")
    is_chosen = number is None
    tried = clustering.numbers_tried(fitted, most) if is_chosen else Themes().tried
    number = number or clustering.chosen(tried)
    if number is None:
        too_large = bool(tried["beyond_chance"].astype("bool").any())
        return Themes(reason=_TOO_LARGE if too_large else _BY_CHANCE, tried=tried)
    centres = clustering.fitted(fitted.rows, number)
    place, weight = _placed(every, fitted, centres)
    if clustering.share_of_largest(place[:own]) > clustering.LARGEST:
        return Themes(reason=_TOO_LARGE, tried=tried)
    by_digest = dict(zip(each["digest"], zip(place, weight, strict=True), strict=True))
    texts["topic"] = [by_digest[digest][0] for digest in texts["digest"]]
    texts["weight"] = [by_digest[digest][1] for digest in texts["digest"]]
    texts = _numbered(texts)
    if texts.empty:
        return Themes(reason="No theme has enough texts within one stance.", tried=tried)
    stability = _stabilities(fitted, len(centres), texts, list(each["digest"].head(len(sample))))
    if is_chosen and max(stability.values()) < FRAGILE:
        return Themes(reason=_FRAGILE, tried=tried)
    groups = zip(texts["topic"].tolist(), texts["stance"].tolist(), strict=True)
    placing = Placing(
        fitted.without_sample(), centres, heads, dict(zip(groups, texts["theme_id"].tolist(), strict=True))
    )
    themes = replace(_themes_of(comments, texts, stability, tried, known), placing=placing)
    return _steady(themes) if is_chosen else themes


def _steady(every: Themes) -> Themes:
    """The themes that are not fragile, named as among all."""
    themes = every.themes[~every.themes["fragile"].astype("bool")]

    def of_them(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["theme_id"].isin(set(themes["theme_id"]))].reset_index(drop=True)

    steady, placing = set(themes["theme_id"]), every.placing
    if placing is not None:
        told_of = {group: theme for group, theme in placing.theme_of.items() if theme in steady}
        placing = replace(placing, theme_of=told_of)
    kept = Themes(of_them(every.themes), of_them(every.members), of_them(every.exemplars), every.tried)
    return replace(kept, left_out=len(every.themes) - len(themes), placing=placing)


_TOO_LARGE = "However they are grouped, one group holds more than half of the texts."
_FRAGILE = "However they are grouped, no group comes back when a part of the texts is left out."
_BY_CHANCE = "Any groups of them hold together no better than those of texts whose words were mixed by chance."


def _placed(
    texts: list[Text], vectors: Vectors, centres: Matrix, parted: pieces.Parted | None = None
) -> tuple[Labels, Matrix]:
    starts = range(0, len(texts), _CHUNK)
    parts = [
        clustering.placed(
            vectors.of(texts[start : start + _CHUNK], parted and parted.part(start, start + _CHUNK)), centres
        )
        for start in starts
    ]
    return np.concatenate([place for place, _ in parts]), np.concatenate([weight for _, weight in parts])


def _distinct_by_stance(comments: pd.DataFrame) -> pd.DataFrame:
    """Distinct texts within each stance, by digest: digest, stance, text, comment_id, submissions, and of this comment
    the language and the collection_id."""
    rows = comments.assign(stance=comments["stance"].astype("str") if "stance" in comments else "")
    parts = [distinct.distinct_texts(part).assign(stance=stance) for stance, part in rows.groupby("stance")]
    if not parts:
        columns = ["digest", "stance", "text", "comment_id", "submissions", *_SAID]
        return pd.DataFrame(columns=columns)
    texts = pd.concat(parts).sort_values(["digest", "stance"], ignore_index=True)
    for name in _SAID:
        said = dict(zip(comments["comment_id"], comments[name], strict=True)) if name in comments else {}
        texts[name] = [str(said.get(comment, "")) for comment in texts["comment_id"]]
    return texts


def _once_a_campaign(texts: pd.DataFrame) -> pd.Series:
    """Which texts themes are fitted on: of each campaign the one that was sent most, and all that are in none."""
    sent = texts.groupby("digest")["submissions"].transform("sum")
    ranked = texts.assign(sent=sent).sort_values(["sent", "digest"], ascending=[False, True], kind="stable")
    first = ranked.drop_duplicates("campaign_id")["digest"]
    return (texts["campaign_id"] == "") | texts["digest"].isin(first)


def _numbered(texts: pd.DataFrame) -> pd.DataFrame:
    """The texts in themes that are large enough within a stance, with theme_id; themes are numbered by size."""
    texts = texts[texts["topic"] != NONE]
    size = texts.groupby(["topic", "stance"])["counts"].transform("sum")
    texts = texts[size >= LEAST_IN_THEME].copy()
    sizes = Counter(texts["topic"].tolist())
    order = sorted(sizes, key=lambda topic: (-sizes[topic], topic))
    label = {topic: f"t{rank:02}" for rank, topic in enumerate(order, start=1)}
    texts["theme_id"] = [
        "-".join(part for part in (label[topic], stance) if part)
        for topic, stance in zip(texts["topic"], texts["stance"], strict=True)
    ]
    return texts.sort_values(["theme_id", "digest"], ignore_index=True)


def _stabilities(vectors: Vectors, number: int, texts: pd.DataFrame, digests: list[str]) -> dict[str, float]:
    """For each theme the mean over halves of its greatest Jaccard index with a refitted one.

    That of the theme within its stance or of the whole, whichever is less: the few texts that a theme has within a
    stance may stay together by chance. Of a stance that none of the texts fitted on has, nothing is known: 0.
    """
    row = {digest: place for place, digest in enumerate(digests)}
    inside = texts[texts["digest"].isin(row)]
    inside = inside.assign(row=[row[digest] for digest in inside["digest"]])
    rows_of = {str(key): _rows(part) for column in ("topic", "theme_id") for key, part in inside.groupby(column)}
    of_stance = {str(stance): _rows(part) for stance, part in inside.groupby("stance")}
    groups = zip(inside["theme_id"].astype("str"), inside["stance"].astype("str"), strict=True)
    among = {theme: of_stance[stance] for theme, stance in groups}
    every = _rows(inside)
    jaccards: dict[str, list[float]] = {key: [] for key in rows_of}
    rows = vectors.rows
    for half, _ in clustering.halves(len(rows), REFITS):
        refitted = np.full(len(rows), NONE - 1)
        refitted[half] = clustering.placed(rows[half], clustering.fitted(rows[half], number, _STARTS_REFITTED))[0]
        for key, own in rows_of.items():
            jaccard = _greatest_jaccard(refitted[own], refitted[among.get(key, every)], number)
            if jaccard is not None:
                jaccards[key].append(jaccard)
    mean = {key: round(float(np.mean(each)), 3) if each else 0.0 for key, each in jaccards.items()}
    whole = dict(zip(texts["theme_id"], texts["topic"], strict=True))
    return {theme: min(mean.get(theme, 0.0), mean.get(str(topic), 0.0)) for theme, topic in whole.items()}


def _rows(part: pd.DataFrame) -> Labels:
    return np.unique(part["row"].to_numpy())


def _greatest_jaccard(own: Labels, others: Labels, number: int) -> float | None:
    """The greatest Jaccard index of a theme with a refitted one; None where the half has none of its texts.

    In: the refitted themes of the theme's texts and of all texts of its stance; below `NONE` are texts left out.
    """
    left = int((own >= NONE).sum())
    if left == 0:
        return None
    shared = np.bincount(own[own >= 0], minlength=number)
    sizes = np.bincount(others[others >= 0], minlength=number)
    return float((shared / np.maximum(left + sizes - shared, 1)).max())


def _themes_of(
    comments: pd.DataFrame,
    texts: pd.DataFrame,
    stability: dict[str, float],
    tried: pd.DataFrame,
    left_out: frozenset[str],
) -> Themes:
    """The frames of `Themes` from the texts in themes."""
    telling = theme_names.telling(_nearest(texts).assign(text=lambda near: near["own_words"]), left_out)
    rows = []
    for (theme, stance), part in texts.groupby(["theme_id", "stance"]):
        steady = stability.get(str(theme), 0.0)
        named = telling[str(theme)]
        counted = len(part), int(part["submissions"].sum())
        rows.append((theme, stance, "; ".join(named[:2]), "; ".join(named), *counted, steady, steady < FRAGILE))
    return Themes(
        themes=pd.DataFrame(rows, columns=list(THEME_COLUMNS)).sort_values("theme_id", ignore_index=True),
        members=_members(comments, texts),
        exemplars=_quoted(texts, telling),
        tried=tried,
    )


def _members(comments: pd.DataFrame, texts: pd.DataFrame) -> pd.DataFrame:
    keys = pd.DataFrame(
        {
            "comment_id": comments["comment_id"].astype("str"),
            "digest": [distinct.digest(text) for text in comments["text"].astype("str")],
            "stance": comments["stance"].astype("str") if "stance" in comments else "",
        }
    )
    members = keys.merge(texts[["digest", "stance", "theme_id", "weight"]], on=["digest", "stance"])
    return members[list(MEMBER_COLUMNS)].sort_values("comment_id", ignore_index=True)


def _nearest(texts: pd.DataFrame) -> pd.DataFrame:
    """The texts of each theme that are most like it, as many as a name needs, one of each campaign."""
    ordered = texts[texts["counts"]].sort_values(["theme_id", "weight", "digest"], ascending=[True, False, True])
    return ordered.groupby("theme_id").head(_NAMED_FROM)


def _quoted(texts: pd.DataFrame, telling: dict[str, list[str]]) -> pd.DataFrame:
    nearest = _nearest(texts)
    text_of = dict(zip(nearest["comment_id"], nearest["text"], strict=True))
    own_words_of = dict(zip(nearest["comment_id"], nearest["own_words"], strict=True))
    chosen = exemplars.choose(
        nearest[["theme_id", "comment_id", "own_words"]].rename(columns={"own_words": "text"}), ["theme_id"]
    )
    quotes = [
        exemplars.quotation(
            text_of[comment_id],
            {word for phrase in telling[theme] for word in phrase.split(" ")},
            own_words_of[comment_id],
        )
        for theme, comment_id in zip(chosen["theme_id"], chosen["comment_id"], strict=True)
    ]
    return chosen.assign(quote=quotes)[list(EXEMPLAR_COLUMNS)]
