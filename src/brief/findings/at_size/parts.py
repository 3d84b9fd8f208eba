"""The two steps that look at texts, a batch at a time: what is kept of each is arrays, so that batches can be anywhere.

`read` tells the distinct texts of a batch and their sketches; `label` tells of distinct texts, by fitted models, the
campaign, the stance and the theme. No row looks at another, and both run in whatever process they are sent to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from brief.analysis import campaign_models, campaigns, machine_coding, numbering, pieces, sketches, theming
from brief.analysis.hashing import Hashes, Numbers
from brief.analysis.phrases import Codes

Array = np.ndarray[Any, np.dtype[Any]]
Arrays = Mapping[str, Array]
"""What a step gives of a batch, by name."""
NO_DAY = 0


@dataclass(frozen=True)
class Models:
    """What labels texts: the campaigns, the stances and the themes that were fitted once for all batches."""

    campaigns: campaign_models.Model
    stances: machine_coding.Model
    themes: theming.Placing | None
    theme_ids: tuple[str, ...]
    languages: Mapping[str, str]
    """Of each collection, where it is known."""


def read(given: Hashes, first_row: int, rows: dict[str, list[str]]) -> Arrays:
    """What is kept of a batch of comments.

    In: phrases that are nobody's words; the number of the first comment; the cells by column: comment_id, text,
    collection_id, posted_at. Out: of each comment `text_of` (the place of its text among the batch's distinct ones),
    `id_hash`, `ids`, `collection` (a place in `collections`) and `day` (as `date.toordinal`, `NO_DAY` where there is
    none); of each distinct text, by digest, `digest`, `row`, `times`, `words`, `bins`, `texts`; and `keys`.
    """
    summary, text_of = numbering.annotate(rows["text"], first_row)
    texts = [rows["text"][place] for place in (summary.rows - first_row).tolist()]
    sketch = sketches.sketched(texts, campaigns.LEAST_WORDS, given)
    collection, collections = pd.factorize(np.array(rows["collection_id"], dtype=object), sort=True)
    posted, days = pd.factorize(np.array(rows["posted_at"], dtype=object))
    return {
        "text_of": text_of,
        "id_hash": pd.util.hash_array(np.array(rows["comment_id"], dtype=object), categorize=False),
        "collection": collection.astype(np.int32),
        "day": np.array([_day(str(day)) for day in days], dtype=np.int32)[posted],
        "digest": summary.digests,
        "row": summary.rows,
        "times": summary.submissions.astype(np.int32),
        "words": sketch.words,
        "bins": sketch.bins,
        "keys": sketch.keys,
        **packed("ids", rows["comment_id"]),
        **packed("texts", texts),
        **packed("collections", list(collections)),
    }


def _day(posted: str) -> int:
    try:
        return dt.date.fromisoformat(posted[:10]).toordinal()
    except ValueError:
        return NO_DAY


def packed(name: str, texts: Sequence[str]) -> Arrays:
    """Texts as bytes, one after the other, and where each ends."""
    return _joined(name, [text.encode("utf-8", "surrogatepass") for text in texts])


def _joined(name: str, every: Sequence[bytes | memoryview]) -> Arrays:
    ends = np.cumsum([len(text) for text in every], dtype=np.int64)
    return {name: np.frombuffer(b"".join(every), dtype=np.uint8), f"{name}_ends": ends}


def unpacked(arrays: Arrays, name: str, places: Numbers | None = None) -> list[str]:
    """The texts that `packed` took, or those at some places."""
    return [str(text, "utf-8", "surrogatepass") for text in _each(arrays, name, places)]


def repacked(arrays: Arrays, name: str, places: Numbers) -> Arrays:
    """The texts at some places, as `packed` gives them."""
    return _joined(name, _each(arrays, name, places))


def _each(arrays: Arrays, name: str, places: Numbers | None) -> list[memoryview]:
    ends = arrays[f"{name}_ends"]
    begins = np.concatenate([[0], ends])[:-1]
    every = np.ascontiguousarray(arrays[name]).data
    if places is not None:
        begins, ends = begins[places], ends[places]
    return [every[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]


def label(models: Models, texts: Arrays, known: Codes, of: list[str]) -> Arrays:
    """What models tell of the distinct texts of a batch.

    In: the models; texts as `packed` gives them under `texts`; what is known of their campaigns; of which collection
    each is. Out, an entry a text: `campaign`, `turned` (as `campaign_models.annotate`), `stance` (a place among the
    categories of the model, -1 where it is unsure) and `theme` (a place among the themes, -1 for none).
    """
    own = unpacked(texts, "texts")
    campaign, turned = campaign_models.annotate(models.campaigns, own, known)
    is_asked = bool(models.stances.categories) or models.themes is not None
    parted = pieces.parted([text.lower() for text in own]) if is_asked else None
    stance = machine_coding.places(models.stances, own, parted)
    theme = np.full(len(own), -1, dtype=np.int16)
    if models.themes is not None:
        said = [models.stances.categories[place] if place >= 0 else "" for place in stance.tolist()]
        spoken = [(text, models.languages.get(name, "")) for text, name in zip(own, of, strict=True)]
        place_of = {"": -1} | {name: place for place, name in enumerate(models.theme_ids)}
        theme[:] = [place_of[name] for name in models.themes.themes(spoken, said, of, parted)]
    return {"campaign": campaign, "turned": turned, "stance": stance, "theme": theme}
