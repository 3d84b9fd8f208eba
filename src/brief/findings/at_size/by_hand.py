"""What a person has coded among the comments of a run: it stays as coded, whatever a model tells of the same text.

A coding belongs to a comment. Another comment with the same text that nobody has read is not hand-coded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from brief.analysis import machine_coding
from brief.analysis.coding import NOT_CODED
from brief.analysis.hashing import Numbers
from brief.data.brief import READER
from brief.findings.at_size import parts
from brief.findings.at_size.merging import Texts
from brief.findings.at_size.parts import Arrays, Models

MODEL, NOBODY = "model", "nobody"
"""Who told the stance of a comment, where no person did."""


@dataclass(frozen=True)
class Hand:
    """The comments that a person has coded, in the order of the docket.

    `comments`: comment_id, text, stance, collection_id. `rows` are the numbers of the comments, `texts` those of their
    distinct texts.
    """

    comments: pd.DataFrame
    rows: Numbers
    texts: Numbers

    def stances(self, rows: Numbers, others: Sequence[str]) -> list[str]:
        """The stances of some comments, by number: as coded by a person, else those of `others`."""
        said = np.array([*others, ""], dtype=object)[:-1]
        place = np.searchsorted(self.rows, rows)
        of = np.append(self.rows, -1)[place] == rows
        said[of] = self.comments["stance"].to_numpy(dtype=object)[place[of]]
        return [str(stance) for stance in said]


def read(hand: pd.DataFrame, every: Sequence[Arrays], texts: Texts) -> Hand:
    """The hand-coded comments among those that were read.

    In: comment_id and stance of what a person coded, with the text where only it is that comment; the batches;
    their distinct texts.
    """
    coded = hand[~hand["stance"].fillna("").isin(["", NOT_CODED])]
    wanted = dict(zip(coded["comment_id"], coded["stance"], strict=True))
    same = dict(zip(coded["comment_id"], coded["text"], strict=True)) if "text" in coded else {}
    hashes = np.sort(pd.util.hash_array(np.array(sorted(wanted), dtype=object), categorize=False))
    cells: list[tuple[str, str, str, str]] = []
    rows: list[int] = []
    numbers: list[int] = []
    for part, start, number in zip(every, texts.starts.tolist(), texts.numbers, strict=False) if wanted else ():
        at = np.flatnonzero(np.isin(part["id_hash"], hashes))
        places = np.asarray(part["text_of"])[at]
        own = parts.unpacked(part, "texts", places)
        collections = np.array(parts.unpacked(part, "collections"), dtype=object)[part["collection"][at]]
        names = parts.unpacked(part, "ids", at)
        known = zip(names, own, collections, at.tolist(), number[places].tolist(), strict=True)
        for name, text, collection, row, text_number in known:
            if name in wanted and same.get(name, text) == text:
                cells.append((name, text, wanted[name], str(collection)))
                rows.append(start + row)
                numbers.append(text_number)
    frame = pd.DataFrame(cells, columns=["comment_id", "text", "stance", "collection_id"], dtype="str")
    return Hand(frame, np.array(rows, dtype=np.int64), np.array(numbers, dtype=np.int64))


def learned(hand: Hand) -> tuple[machine_coding.Model, pd.DataFrame]:
    """The model that learns stances from these comments, and how well it tells those that it has not seen.

    Out: a model without categories where it would be no better than saying the commonest stance; the report of
    `machine_coding.cross_validated`, without rows where there is no model.
    """
    none = pd.DataFrame(columns=list(machine_coding.REPORT_COLUMNS))
    model = machine_coding.fit(hand.comments)
    if not model.categories:
        return model, none
    unseen, report = machine_coding.cross_validated(hand.comments)
    reason = machine_coding.why_no_better(unseen)
    return (machine_coding.Model((), reason), none) if reason else (model, report)


def tried(report: pd.DataFrame) -> list[dict[str, Any]]:
    """The report of `learned` for `run.json`: of each stance its comments by person and by model, precision, recall."""
    return [
        {
            "stance": row["category"],
            READER: row["support"],
            MODEL: row["coded"],
            "precision": row["precision"] if row["coded"] else None,
            "recall": row["recall"],
            "note": row["note"],
        }
        for row in report.to_dict("records")
    ]


def limits(report: pd.DataFrame) -> list[str]:
    """What the model cannot tell, in sentences; none where there is no model."""
    if not len(report):
        return []
    rows = tried(report)
    each = "; ".join(f"{row['stance']}: {_part(row['precision'])} and {_part(row['recall'])}" for row in rows)
    sentences = [_NO_SHARES, _TRIED.format(each=each)]
    for note, sentence in ((machine_coding.HARDLY_FOUND, _HARDLY), (machine_coding.NOT_LEARNED, _NOT_LEARNED)):
        if names := [row["stance"] for row in rows if row["note"] == note]:
            sentences.append(sentence.format(names=", ".join(names)))
    return sentences


def _part(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"


_NO_SHARES = (
    "Where coded_by is 'model', a model told the stance, or left the comment as not coded where it was unsure. Its "
    "counts are no shares: it finds some stances more often than others. For shares, code a random sample by hand "
    "(brief sample)."
)
_TRIED = (
    "On hand-coded comments that it had not seen, the model was right on this part of those to which it gave a stance "
    "(precision), and found this part of those that have it (recall): {each}."
)
_HARDLY = "The model hardly ever finds these stances, so that it counts far too few of them: {names}."
_NOT_LEARNED = "The model never tells these stances, of which too few different texts are hand-coded: {names}."


def themes(hand: Hand, models: Models) -> list[str]:
    """The theme of each hand-coded comment: themes are split by stance, and here that is the one a person coded."""
    own = hand.comments
    if models.themes is None or not len(own):
        return [""] * len(own)
    of = own["collection_id"].to_list()
    spoken = [(text, models.languages.get(name, "")) for text, name in zip(own["text"], of, strict=True)]
    return models.themes.themes(spoken, own["stance"].to_list(), of)
