"""A run: read and compare all comments, fit models on one sample, label every text, write what was found.

What is found follows from the comments, the codes of a person, the program and `--memory` alone: not from the size of
the batches, from their order, from the number of processes or from what runs them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from brief.analysis import campaign_models, machine_coding, phrases, text_vectors, theming
from brief.analysis.coding import NOT_CODED
from brief.analysis.hashing import Numbers
from brief.analysis.phrases import Codes
from brief.analysis.theming import Themes
from brief.contract import inputs
from brief.errors import fail
from brief.findings.at_size import by_hand, keeping, merging, parts, results
from brief.findings.at_size.by_hand import Hand
from brief.findings.at_size.columns import COLUMNS
from brief.findings.at_size.docket import Docket
from brief.findings.at_size.engines import Engine, Task
from brief.findings.at_size.keeping import Kept
from brief.findings.at_size.limits import Limits
from brief.findings.at_size.merging import Texts
from brief.findings.at_size.parts import Arrays, Models
from brief.findings.at_size.progress import Progress

READ, LABEL, COUNT = "read", "label", "count"


@dataclass(frozen=True)
class Outcome:
    """What a run found, in numbers, and the files it wrote."""

    comments: int
    distinct_texts: int
    campaigns: int
    in_campaigns: int
    themes: int
    files: tuple[str, ...]
    no_stances: str
    no_themes: str


def analyse(docket: Docket, out: Path, engine: Engine, bound: Limits, progress: Progress) -> Outcome:
    """Analyse the comments of a docket and write the results into a folder.

    Raises `BriefError` for comments that cannot be read, an id that stands twice, and a folder that cannot be written
    to or that holds others' files of the same names; what was in the folder is then as it was.
    """
    results.refuse_others(out, [path for _, path in docket.files])
    digests = docket.digests()
    with keeping.alone(out):
        words = [word for pair in digests for word in pair]
        kept = Kept(out, str(bound.batch_rows), *words, *docket.given)
        every = read(docket, kept, engine, bound, progress)
        with keeping.refusing(kept):
            docket.refuse(merging.repeated(every))
        comments = sum(len(part["text_of"]) for part in every)
        compared = progress.step("Comparing", comments)
        texts = merging.merged(every, kept, lambda part: compared(round(part * comments)))
        sample = campaign_models.chosen(texts.first, texts.distinct.submissions, bound.sample)
        hand = by_hand.read(docket.hand, every, texts)
        models, known, themes, tried = _fitted(docket, every, texts, sample, hand, progress)
        labels = _labelled(docket, every, texts, sample, models, known, hand, kept, engine, bound, progress)
        progress.step("Writing", comments)
        tables = results.tables(every, texts, sample, labels, themes, docket.masking)
        about = _about(docket, digests, texts, sample, models, themes, hand, tried, len(tables.campaigns), comments)
        names = results.write(out, kept.folder / "results", results.rows(every, texts, labels), tables, about)
        keeping.forget(out)
    inside = int(texts.distinct.submissions[labels.campaign >= 0].sum())
    steady = len(themes.themes)
    numbers = comments, texts.count, len(tables.campaigns), inside, steady
    return Outcome(*numbers, tuple(names), models.stances.reason, themes.reason)


def read(docket: Docket, kept: Kept, engine: Engine, bound: Limits, progress: Progress) -> list[Arrays]:
    """What `parts.read` gives of each batch, from what is kept where it is."""
    counted = kept.load(COUNT, 0)
    if counted is not None:
        every = [kept.load(READ, number) for number in range(int(counted["batches"][0]))]
        if all(part is not None for part in every):
            return [part for part in every if part is not None]
    done = progress.step("Reading", docket.about())
    known: dict[int, Arrays] = {}
    finished = 0

    def checked() -> Iterator[dict[str, list[str]]]:
        batches = docket.batches(bound.batch_rows)
        while True:
            with keeping.refusing(kept):
                rows = next(batches, None)
            if rows is None:
                return
            yield rows

    def tasks() -> Iterator[Task]:
        nonlocal finished
        first_row = 0
        for number, rows in enumerate(checked()):
            part = kept.load(READ, number)
            if part is None:
                yield number, (first_row, rows)
            else:
                known[number] = part
                finished += len(rows["text"])
                done(finished)
            first_row += len(rows["text"])

    for number, arrays in engine.run(parts.read, phrases.known(docket.given), tasks()):
        known[number] = kept.keep(arrays, READ, number)
        finished += len(arrays["text_of"])
        done(finished)
    if not known:
        raise fail("there are no comments to analyse", "Add some with `brief add`, or name a file that has rows.")
    kept.keep({"batches": np.array([len(known)])}, COUNT, 0)
    return [known[number] for number in range(len(known))]


@dataclass(frozen=True)
class _Known:
    """What the sample tells of campaigns: for each text its campaign, or that it is to be asked for."""

    campaign: Codes
    turned: np.ndarray[Any, np.dtype[np.bool_]]


def _fitted(
    docket: Docket, every: list[Arrays], texts: Texts, sample: Numbers, hand: Hand, progress: Progress
) -> tuple[Models, _Known, Themes, pd.DataFrame]:
    sent = texts.distinct.submissions
    progress.step("Looking for campaigns", len(sample))
    own = texts.read(every, sample)
    campaigns, of_sample, turned_there = campaign_models.fit(own, sent[sample], list(docket.given))
    campaign = campaign_models.known_before(texts.first, sent, sample, of_sample)
    turned = np.zeros(texts.count, dtype=bool)
    turned[sample] = turned_there
    progress.step("Learning stances", len(hand.rows))
    stances, tried = by_hand.learned(hand)
    progress.step("Looking for themes", min(len(sample), theming.MOST_FITTED))
    themes = _themes(docket, every, texts, sample, own, of_sample, stances, hand)
    ids = tuple(sorted(themes.themes["theme_id"].astype("str")))
    models = Models(campaigns, stances, themes.placing, ids, dict(docket.languages))
    return models, _Known(campaign, turned), themes, tried


def _themes(
    docket: Docket,
    every: list[Arrays],
    texts: Texts,
    sample: Numbers,
    own: list[str],
    campaign: Codes,
    stances: machine_coding.Model,
    hand: Hand,
) -> Themes:
    """The themes of the sample: of each campaign the text sent most, and of the others those of least digest."""
    sent = texts.distinct.submissions[sample]
    order = np.lexsort((np.arange(len(sample)), -sent, campaign))
    inside = order[campaign[order] >= 0]
    leading = inside[np.concatenate([[True], campaign[inside][1:] != campaign[inside][:-1]])[: len(inside)]]
    # Of campaigns, too, those of least digest: more of them than texts of people's own would choose for these.
    alone = np.flatnonzero(campaign < 0)[: theming.MOST_FITTED]
    chosen = np.sort(np.concatenate([alone, np.sort(leading)[: theming.MOST_FITTED]]))
    place = machine_coding.places(stances, [own[number] for number in chosen.tolist()])
    by_model = ["" if at < 0 else stances.categories[at] for at in place.tolist()]
    of = _collections(every, texts, sample[chosen])
    frame = pd.DataFrame(
        {
            "comment_id": texts.ids(every, sample[chosen]),
            "text": [own[number] for number in chosen.tolist()],
            "stance": hand.stances(texts.distinct.rows[sample[chosen]], by_model),
            "collection_id": of,
            "language": [docket.languages.get(name, "") for name in of],
        },
        dtype="str",
    )
    return theming.find(frame, left_out=[text for text in docket.given if len(text) <= _ASKED])


_ASKED = 300
"""What all were given and is no longer than that may be a question: its words tell no theme from another."""


def _collections(every: list[Arrays], texts: Texts, wanted: Numbers) -> list[str]:
    """The collection of the first comment that has each of these texts."""
    rows = texts.distinct.rows[wanted]
    batch = np.searchsorted(texts.starts, rows, side="right") - 1
    names = np.empty(len(wanted), dtype=object)
    for number in np.unique(batch).tolist():
        at = np.flatnonzero(batch == number)
        own = np.array(parts.unpacked(every[number], "collections"), dtype=object)
        names[at] = own[every[number]["collection"][rows[at] - texts.starts[number]]]
    return [str(name) for name in names]


def _labelled(
    docket: Docket,
    every: list[Arrays],
    texts: Texts,
    sample: Numbers,
    models: Models,
    known: _Known,
    hand: Hand,
    kept: Kept,
    engine: Engine,
    bound: Limits,
    progress: Progress,
) -> results.Labels:
    """What the models tell of each distinct text, each asked for once, in the batch where it stands first."""
    words = str(bound.sample), hashlib.sha256(docket.hand.to_csv(index=False).encode()).hexdigest()
    done = progress.step("Labelling", texts.count)
    stance, theme = np.full(texts.count, -1, dtype=np.int64), np.full(texts.count, -1, dtype=np.int64)
    campaign, turned = known.campaign.copy(), known.turned.copy()
    in_sample = np.zeros(texts.count, dtype=bool)
    in_sample[sample] = True
    finished = 0

    def take(number: int, labels: Arrays) -> None:
        nonlocal finished
        own = texts.numbers[number][texts.own[number]]
        stance[own], theme[own] = labels["stance"], labels["theme"]
        outside = ~in_sample[own]
        campaign[own[outside]] = labels["campaign"][outside]
        turned[own[outside]] = labels["turned"][outside]
        finished += len(own)
        done(finished)

    def tasks() -> Iterator[Task]:
        for number, part in enumerate(every):
            labels = kept.load(LABEL, number, *words)
            if labels is not None:
                take(number, labels)
                continue
            places = texts.own[number]
            own = texts.numbers[number][places]
            # Of texts of the sample all is known already.
            asked = np.where(in_sample[own], -1, known.campaign[own]).astype(np.int32)
            packed = parts.repacked(part, "texts", places)
            yield number, (packed, asked, _collections(every, texts, own.astype(np.int64)))

    for number, arrays in engine.run(parts.label, models, tasks()):
        take(number, kept.keep(arrays, LABEL, number, *words))
    submissions = texts.distinct.submissions
    least, sent = campaign_models.settled(texts.first, submissions, texts.words, sample, campaign, turned)
    stances = (*sorted({*models.stances.categories, *hand.comments["stance"]}), NOT_CODED)
    themes = (*models.theme_ids, "")
    # Of the model's stances, the last place stands for none, as it does in what it told.
    stance = np.array([stances.index(name) for name in (*models.stances.categories, NOT_CODED)])[stance]
    theme[theme < 0] = len(themes) - 1
    coded = np.array([stances.index(name) for name in hand.comments["stance"]], dtype=np.int64)
    placed = np.array([themes.index(name) for name in by_hand.themes(hand, models)], dtype=np.int64)
    return results.Labels(least, sent, stance, theme, stances, models.stances.categories, themes, hand, coded, placed)


def _about(
    docket: Docket,
    digests: list[tuple[str, str]],
    texts: Texts,
    sample: Numbers,
    models: Models,
    themes: Themes,
    hand: Hand,
    tried: pd.DataFrame,
    campaigns: int,
    comments: int,
) -> dict[str, Any]:
    """What a run was made from and what it cannot tell; without a clock, and without the size of the batches."""
    limits = by_hand.limits(tried)
    if len(sample) < texts.count:
        limits.append(_SAMPLED.format(sampled=len(sample), of=texts.count))
    if campaigns:
        limits.append(_EDITED)
    if docket.vectors != text_vectors.WORDS:
        limits.append(_VECTORS.format(vectors=docket.vectors))
    return {
        "files": [{"name": name, "sha256": digest} for name, digest in digests],
        "code": inputs.code_digest(),
        "comments": comments,
        "distinct_texts": texts.count,
        "fitted_on": len(sample),
        "hand_coded": len(hand.rows),
        "stances": list(models.stances.categories),
        "stances_tried": by_hand.tried(tried),
        "no_stances": models.stances.reason,
        "no_themes": themes.reason,
        "themes_left_out": themes.left_out,
        "limits": limits,
        "columns": COLUMNS,
    }


_SAMPLED = (
    "Campaigns and themes were looked for among {sampled:,} of {of:,} distinct texts, chosen by digest. Copies and "
    "near copies are found among all. So a small campaign may be missed: where fewer than three of its letters are "
    "among the chosen texts, and no two of these are near copies, it is not found."
)
_EDITED = (
    "Some small campaigns may be part of a larger one: where people edited the same letter much, a few of their copies "
    "may be counted as a campaign of their own. Compare the templates in campaigns.csv before you count them."
)
_VECTORS = (
    "The pages of this brief compare texts by the vectors of {vectors}. Here stances and themes are told by words "
    "alone, since such vectors take too long for many comments. So they may be others than on the pages."
)
