"""What a run writes: a row for each comment, and tables of campaigns, themes, comments to quote and counts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from brief.analysis import campaign_texts, exemplars, numbering
from brief.analysis.hashing import Numbers
from brief.analysis.phrases import Codes
from brief.analysis.theming import Themes
from brief.contract.files import records
from brief.contract.text_files import guarded, write_csv
from brief.data.brief import READER
from brief.errors import fail, refused
from brief.findings.at_size.by_hand import MODEL, NOBODY, Hand
from brief.findings.at_size.keeping import FOLDER
from brief.findings.at_size.merging import Texts
from brief.findings.at_size.parts import NO_DAY, Arrays, unpacked
from brief.prose.masking import Masking

ROW_COLUMNS = ("comment_id", "text_id", "near_copy_of", "campaign_id", "stance", "coded_by", "theme_id")
COUNT_COLUMNS = ("kind", "value", "coded_by", "comments", "distinct_texts")
RUN = "run.json"
"""Written last and removed first: where it is, all files beside it are of one run."""
_ROWS = ("comments.parquet", "comments.csv")
_TABLES = ("campaigns", "themes", "exemplars", "counts")
ROW_GROUP = 50_000
"""So many rows a part of the Parquet file has, whatever the batches were."""
TEMPLATE_OF = 50
"""So many texts of a campaign tell what they share."""
QUOTED_OF = 5_000
"""Among so many texts of the sample, those to quote are chosen."""


@dataclass(frozen=True)
class Labels:
    """What models told of each distinct text, by its number; for comments that a person has coded, that counts."""

    campaign: Codes
    """The least number of its campaign, or -1."""
    sent: Numbers
    """The submissions of that campaign."""
    stance: Numbers
    """A place among the stances; the last one stands for none."""
    theme: Numbers
    """A place among the themes; the last one stands for none."""
    stances: Sequence[str]
    learned: Sequence[str]
    """Those of the stances that a model tells."""
    themes: Sequence[str]
    hand: Hand
    """The comments that a person has coded."""
    coded: Numbers
    """Of each of these the place of its stance."""
    placed: Numbers
    """Of each of these the place of its theme."""


@dataclass(frozen=True)
class Tables:
    """The results but for the rows of comments."""

    campaigns: pd.DataFrame
    themes: pd.DataFrame
    exemplars: pd.DataFrame
    counts: pd.DataFrame


def tables(
    parts: Sequence[Arrays], texts: Texts, sample: Numbers, labels: Labels, themes: Themes, masking: Masking
) -> Tables:
    """The tables of a run; texts in them are masked as readers see them."""
    counts, spans = _counted(parts, texts, labels)
    return Tables(
        _campaigns(parts, texts, sample, labels, spans, masking),
        themes.themes.drop(columns=["distinct_texts", "submissions"]).merge(_sizes(texts, labels), on="theme_id"),
        _exemplars(parts, texts, sample, labels, masking),
        counts,
    )


def _counted(parts: Sequence[Arrays], texts: Texts, labels: Labels) -> tuple[pd.DataFrame, Codes]:
    """The counts, and the first and last day of each campaign, by the least number of the campaign."""
    spans = np.full((2, texts.count), NO_DAY, dtype=np.int32)
    spans[0] = np.iinfo(np.int32).max
    by_day: dict[str, int] = {}
    by_collection: dict[str, int] = {}
    for part, number in zip(parts, texts.numbers, strict=True):
        day = np.asarray(part["day"])
        own, times = np.unique(day, return_counts=True)
        for each, count in zip(own.tolist(), times.tolist(), strict=True):
            name = "" if each == NO_DAY else date.fromordinal(each).isoformat()
            by_day[name] = by_day.get(name, 0) + count
        for name, count in zip(unpacked(part, "collections"), np.bincount(part["collection"]).tolist(), strict=True):
            by_collection[name] = by_collection.get(name, 0) + count
        campaign = labels.campaign[number[part["text_of"]]]
        dated = (campaign >= 0) & (day != NO_DAY)
        np.minimum.at(spans[0], campaign[dated], day[dated])
        np.maximum.at(spans[1], campaign[dated], day[dated])
    sent = texts.distinct.submissions
    rows: list[tuple[object, ...]] = [("all", "", "", int(sent.sum()), texts.count)]
    inside = labels.campaign >= 0
    rows += [
        ("in a campaign", name, "", int(sent[chosen].sum()), int(chosen.sum()))
        for name, chosen in (("no", ~inside), ("yes", inside))
    ]
    rows += _stance_rows(texts, labels)
    rows += [("theme", name, "", *own) for name, *own in _of_themes(texts, labels)]
    rows += [("collection", name, "", count, "") for name, count in sorted(by_collection.items())]
    rows += [("day", name, "", count, "") for name, count in sorted(by_day.items())]
    return pd.DataFrame(rows, columns=list(COUNT_COLUMNS)), spans


def _left(texts: Texts, labels: Labels) -> Numbers:
    """Of each text how many comments have it that no person has coded."""
    return texts.distinct.submissions - np.bincount(labels.hand.texts, minlength=texts.count)


def _stance_rows(texts: Texts, labels: Labels) -> Iterator[tuple[object, ...]]:
    """The counts of each stance: what a person coded, what a model told of other comments, and the rest."""
    left = _left(texts, labels)
    by_model = np.bincount(labels.stance, weights=left, minlength=len(labels.stances)).astype(np.int64).tolist()
    texts_by_model = np.bincount(labels.stance[left > 0], minlength=len(labels.stances)).tolist()
    coded = np.bincount(labels.coded, minlength=len(labels.stances)).tolist()
    for place, name in enumerate(labels.stances[:-1]):
        if coded[place]:
            own = len(np.unique(labels.hand.texts[labels.coded == place]))
            yield ("stance", name, READER, coded[place], own)
        if name in labels.learned:
            yield ("stance", name, MODEL, by_model[place], texts_by_model[place])
    yield ("stance", labels.stances[-1], NOBODY, by_model[-1], texts_by_model[-1])


def _of_themes(texts: Texts, labels: Labels) -> Iterator[tuple[str, int, int]]:
    """Of each theme its id, how many comments are in it, and how many distinct texts these have."""
    left = _left(texts, labels)
    comments = np.bincount(labels.theme, weights=left, minlength=len(labels.themes)).astype(np.int64)
    comments += np.bincount(labels.placed, minlength=len(labels.themes))
    # A text is in two themes where a person gave one of its comments another stance than the model gave the others.
    pairs = np.stack(
        [
            np.concatenate([np.flatnonzero(left > 0), labels.hand.texts]),
            np.concatenate([labels.theme[left > 0], labels.placed]),
        ]
    )
    distinct = np.bincount(np.unique(pairs, axis=1)[1], minlength=len(labels.themes))
    yield from zip(labels.themes, comments.tolist(), distinct.tolist(), strict=True)


def _sizes(texts: Texts, labels: Labels) -> pd.DataFrame:
    """theme_id, distinct_texts, submissions of each theme among all comments."""
    frame = pd.DataFrame(_of_themes(texts, labels), columns=["theme_id", "submissions", "distinct_texts"])
    return frame[["theme_id", "distinct_texts", "submissions"]].astype({"theme_id": "str"})


def _campaigns(
    parts: Sequence[Arrays], texts: Texts, sample: Numbers, labels: Labels, spans: Codes, masking: Masking
) -> pd.DataFrame:
    """A row a campaign, the largest first, with the columns of `campaign_texts.describe`."""
    campaign = labels.campaign
    inside = np.flatnonzero(campaign >= 0)
    distinct = np.bincount(campaign[inside], minlength=texts.count)
    in_sample = np.zeros(texts.count, dtype=bool)
    in_sample[sample] = True
    # Of each campaign first the texts of the sample, then those of least digest.
    order = inside[np.lexsort((inside, ~in_sample[inside], campaign[inside]))]
    begins = np.flatnonzero(np.concatenate([[True], campaign[order][1:] != campaign[order][:-1]])[: len(order)])
    rank = np.arange(len(order)) - np.repeat(begins, np.diff(np.append(begins, len(order))))
    wanted = np.sort(order[rank < TEMPLATE_OF])
    of = campaign[wanted]
    by_campaign = np.argsort(of, kind="stable")
    ends = np.append(np.flatnonzero(np.concatenate([[True], of[by_campaign][1:] != of[by_campaign][:-1]])), len(of))
    rows = []
    for begin, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True) if len(of) else ():
        members = wanted[by_campaign[begin:end]]
        name = int(of[by_campaign[begin]])
        template, shared_by = campaign_texts.common_text(texts.read(parts, members))
        days = [date.fromordinal(int(day)).isoformat() if spans[1][name] != NO_DAY else "" for day in spans[:, name]]
        shown = guarded(masking.shown(template))
        text_id = numbering.names(texts.distinct.digests[[name]])[0]
        rows.append((text_id, int(labels.sent[name]), int(distinct[name]), shown, shared_by, len(members), *days))
    columns = [*campaign_texts.CAMPAIGN_COLUMNS[:5], "template_of", *campaign_texts.CAMPAIGN_COLUMNS[5:]]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values(["submissions", "campaign_id"], ascending=[False, True], ignore_index=True)


def _exemplars(
    parts: Sequence[Arrays], texts: Texts, sample: Numbers, labels: Labels, masking: Masking
) -> pd.DataFrame:
    """The comments to quote of each stance and theme, chosen among texts of the sample; one text of each campaign."""
    campaign = labels.campaign[sample]
    first_of = np.unique(campaign[campaign >= 0], return_index=True)[1]
    alone = np.flatnonzero(campaign < 0)
    wanted = sample[np.sort(np.concatenate([alone, np.flatnonzero(campaign >= 0)[first_of]]))[:QUOTED_OF]]
    # What is quoted is the first comment that has the text.
    first = texts.distinct.rows[wanted]
    stance, coded_by, theme = _read(labels, wanted, first)
    frame = pd.DataFrame(
        {
            "stance": np.array(labels.stances, dtype=object)[stance],
            "coded_by": coded_by,
            "theme_id": np.array(labels.themes, dtype=object)[theme],
            "comment_id": texts.ids(parts, wanted),
            "text": texts.read(parts, wanted),
        }
    )
    chosen = exemplars.choose(frame, ["stance", "theme_id"])
    who = dict(zip(frame["comment_id"], frame["coded_by"], strict=True))
    chosen.insert(1, "coded_by", [who[name] for name in chosen["comment_id"]])
    text_of = dict(zip(frame["comment_id"], frame["text"], strict=True))
    quotes = [guarded(masking.shown(exemplars.quotation(text_of[name], set()), name)) for name in chosen["comment_id"]]
    return chosen.assign(quote=quotes)


def _read(labels: Labels, texts: Codes | Numbers, rows: Numbers) -> tuple[Numbers, Any, Numbers]:
    """The place of the stance, who told it, and the place of the theme, of comments: in, their texts and numbers."""
    stance, theme = labels.stance[texts], labels.theme[texts]
    who = np.where(stance < len(labels.stances) - 1, MODEL, NOBODY).astype(object)
    place = np.searchsorted(labels.hand.rows, rows)
    of = np.append(labels.hand.rows, -1)[place] == rows
    stance[of], theme[of], who[of] = labels.coded[place[of]], labels.placed[place[of]], READER
    return stance, who, theme


def rows(parts: Sequence[Arrays], texts: Texts, labels: Labels) -> Iterator[pd.DataFrame]:
    """A row for each comment, `ROW_COLUMNS`, in the order of the docket, a batch at a time."""
    stances, themes = np.array(labels.stances, dtype=object), np.array(labels.themes, dtype=object)
    originals = texts.originals()

    def named(number: Codes) -> np.ndarray[Any, np.dtype[np.object_]]:
        known = np.append(np.array(numbering.names(texts.distinct.digests[number]), dtype=object), "")
        known[:-1][number < 0] = ""
        return known

    for part, number, start in zip(parts, texts.numbers, texts.starts.tolist(), strict=False):
        of = np.asarray(part["text_of"])
        original = originals[number]
        stance, coded_by, theme = _read(labels, number[of], np.arange(start, start + len(of)))
        yield pd.DataFrame(
            {
                "comment_id": unpacked(part, "ids"),
                "text_id": named(number)[of],
                "near_copy_of": named(np.where(original == number, -1, original))[of],
                "campaign_id": named(labels.campaign[number])[of],
                "stance": stances[stance],
                "coded_by": coded_by,
                "theme_id": themes[theme],
            },
            columns=list(ROW_COLUMNS),
        )


def refuse_others(out: Path, inputs: Iterable[Path]) -> None:
    """Raise `BriefError` where files that no run has written would be lost: of the same names, or the inputs."""
    ours = (out / RUN).is_file() or (out / FOLDER).is_dir()
    read = {path.resolve() for path in inputs}
    for name in (*_ROWS, *(f"{name}.csv" for name in _TABLES)):
        if (out / name).exists() and (not ours or (out / name).resolve() in read):
            what = f"the folder for the results holds '{name}', which no analysis wrote"
            raise fail(what, "Name another folder with --out.", out.name)


def write(out: Path, aside: Path, every: Iterator[pd.DataFrame], found_in: Tables, about: dict[str, Any]) -> list[str]:
    """Write the results aside, then move them in; returns the names of the files.

    Raises `BriefError` where the folder cannot be written to; what was in it before is then as it was, or whole.
    """
    try:
        aside.mkdir(parents=True, exist_ok=True)
        names = [_write_rows(aside, every)]
        for name in _TABLES:
            frame: pd.DataFrame = getattr(found_in, name)
            columns = [str(column) for column in frame.columns]
            (aside / f"{name}.csv").write_text(write_csv(records(frame), columns), encoding="utf-8", newline="")
            names.append(f"{name}.csv")
        (aside / RUN).write_text(json.dumps(about, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        (out / RUN).unlink(missing_ok=True)
        for name in _ROWS:
            (out / name).unlink(missing_ok=True)
        for name in (*names, RUN):
            (aside / name).replace(out / name)
    except OSError as error:
        raise refused(error) from None
    return [*names, RUN]


def _write_rows(folder: Path, every: Iterator[pd.DataFrame]) -> str:
    if find_spec("pyarrow") is None:
        with (folder / "comments.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(write_csv([], list(ROW_COLUMNS)))
            for frame in every:
                file.write(write_csv(records(frame), list(ROW_COLUMNS)).partition("\n")[2])
        return "comments.csv"
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    schema = arrow.schema([(name, arrow.string()) for name in ROW_COLUMNS])
    with parquet.ParquetWriter(folder / "comments.parquet", schema) as writer:
        for frame in _in_groups(every):
            writer.write_table(arrow.Table.from_pandas(frame, schema, preserve_index=False))
    return "comments.parquet"


def _in_groups(every: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """The rows in frames of `ROW_GROUP` rows, the last one of what is left."""
    held = [next(every)]
    for frame in every:
        held.append(frame)
        while sum(map(len, held)) >= ROW_GROUP:
            whole = pd.concat(held, ignore_index=True)
            yield whole.iloc[:ROW_GROUP]
            held = [whole.iloc[ROW_GROUP:]]
    yield pd.concat(held, ignore_index=True)
