"""The comments of an analysis: those of the brief, or of given files; in batches bounded by rows and by signs."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd

from brief.analysis import coding, text_vectors
from brief.contract import comment_files, parquet_files
from brief.contract.files import csv_batches
from brief.contract.text_files import opened
from brief.data.brief import READER, Brief
from brief.errors import BriefError, Fault, fail
from brief.prose.masking import Masking

COLUMNS = ("comment_id", "text", "collection_id", "posted_at")
MOST_SIGNS = 50_000_000
"""A batch ends with the comment that brings it to so many signs, whatever its rows."""
_ROWS_AT_ONCE = 5_000
_LOOKED_AT = 1_000_000
_TOLD = 20
"""So many comments without an id are told."""
_OWN_ID = "Give each comment an id of its own."


@dataclass(frozen=True)
class Docket:
    """Comments that are read as often as asked for, and what is known about them.

    `given` are texts that all had before them; `hand` the stances that a person coded (comment_id, stance, [text]);
    `languages` of the collections. `vectors` is the kind by which the pages of the brief compare texts.
    """

    files: Sequence[tuple[str, Path]]
    brief: Brief | None = None
    given: Sequence[str] = ()
    hand: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"comment_id": [], "stance": []}, dtype="str"))
    languages: Mapping[str, str] = field(default_factory=dict)
    masking: Masking = field(default_factory=Masking)
    vectors: str = text_vectors.WORDS

    def batches(self, rows: int) -> Iterator[dict[str, list[str]]]:
        """The cells of `COLUMNS`, of so many comments at a time, in the order of the docket.

        Raises `BriefError` for a file without comment_id or text, for a comment without an id, and as
        `files.csv_batches` and `parquet_files.batches` do.
        """
        held: dict[str, list[str]] = {name: [] for name in COLUMNS}
        signs = 0
        for frame in self._frames(min(rows, _ROWS_AT_ONCE)):
            for first in range(0, len(frame), rows):
                part = frame.iloc[first : first + rows]
                for name in COLUMNS:
                    held[name] += part[name].tolist() if name in part else [""] * len(part)
                signs += sum(map(len, held["text"][-len(part) :]))
                if len(held["text"]) >= rows or signs >= MOST_SIGNS:
                    yield from _divided(held, rows)
                    held, signs = {name: [] for name in COLUMNS}, 0
        yield from _divided(held, rows)

    def refuse(self, repeated: Collection[str]) -> None:
        """Raise `BriefError` for ids that stand twice, with the rows where they do."""
        if not repeated:
            return
        before: dict[str, str] = {}
        faults = []
        for frame, name, first in self._placed(_ROWS_AT_ONCE) if self.brief is None else ():
            of = frame["comment_id"]
            for row, own in zip(np.flatnonzero(of.isin(repeated)).tolist(), of[of.isin(repeated)], strict=True):
                if own in before:
                    what = f"the comment_id '{own[:60]}' stands twice, before in {before[own]}"
                    faults.append(Fault(what, _OWN_ID, name, first + row, "comment_id"))
                before[own] = f"row {first + row}" + (f" of {name}" if len(self.files) > 1 else "")
        unplaced = [Fault(f"the comment_id '{own[:60]}' stands twice", _OWN_ID) for own in sorted(repeated)]
        raise BriefError(faults or unplaced)

    def _frames(self, rows: int) -> Iterator[pd.DataFrame]:
        if self.brief is not None:
            yield from self.brief.comments(rows)
            return
        for frame, name, first in self._placed(rows):
            empty = [row for row, own in enumerate(frame["comment_id"].tolist()) if not own.strip()]
            if empty:
                what = "the comment has no id"
                raise BriefError(Fault(what, _OWN_ID, name, first + row, "comment_id") for row in empty[:_TOLD])
            yield frame

    def _placed(self, rows: int) -> Iterator[tuple[pd.DataFrame, str, int]]:
        """The rows of the files, so many at a time, with the file and the row there of the first one."""
        for name, path in self.files:
            read = parquet_files.batches if path.suffix == parquet_files.ENDING else csv_batches
            for frame, first in read(path, name, rows):
                missing = [column for column in COLUMNS[:2] if column not in frame]
                if missing:
                    what = f"the table has no column '{missing[0]}'"
                    raise fail(what, "Rename the column that holds it, or take the file in with `brief add`.", name, 1)
                yield frame if "collection_id" in frame else frame.assign(collection_id=path.stem), name, first

    def digests(self) -> list[tuple[str, str]]:
        """The name and the SHA-256 of each file."""
        listed = []
        for name, path in self.files:
            total = hashlib.sha256()
            with opened(path, name) as content:
                while block := content.read(1 << 20):
                    total.update(block)
            listed.append((name, total.hexdigest()))
        return listed

    def about(self) -> int:
        """About how many comments there are, from the beginning of each file and its size."""
        return sum(_about(path, name) for name, path in self.files)


def _divided(held: dict[str, list[str]], rows: int) -> Iterator[dict[str, list[str]]]:
    """Cells in parts of so many rows at most."""
    for first in range(0, len(held["text"]), rows):
        yield {name: cells[first : first + rows] for name, cells in held.items()}


def _about(path: Path, name: str) -> int:
    if path.suffix == parquet_files.ENDING:
        try:
            return int(import_module("pyarrow.parquet").ParquetFile(path).metadata.num_rows)
        except (ImportError, ValueError, OSError):  # whoever reads it says what is wrong
            return 0
    with opened(path, name) as content:
        size, head = path.stat().st_size, content.read(_LOOKED_AT)
    if len(head) >= size:
        return max(head.count(b"\n") - 1, 0)
    return round(size * head.count(b"\n") / len(head))


def of_brief(brief: Brief) -> Docket:
    """The comments of a brief that are shown, with what a person has coded."""
    own = (comment_files.paths(brief.root, collection.collection_id) for collection in brief.collections)
    paths = [path for every in own for path in every]
    asked = [collection.question for collection in brief.collections if collection.question]
    printed = [text for article in brief.articles for text in (article.title, *article.paragraphs)]
    return Docket(
        [(path.relative_to(brief.root).as_posix(), path) for path in paths],
        brief,
        [*asked, *printed],
        hand_codes(brief),
        brief.languages(),
        brief.masking,
        brief.topic.text_vectors,
    )


def of_files(paths: Sequence[Path], brief: Brief | None) -> Docket:
    """The comments of files; inside a brief with what a person has coded there.

    A file may give the id of a coded comment to another one, so `hand` has the text that was coded as well.
    """
    named = [(path.name, path) for path in paths]
    if brief is None:
        return Docket(named)
    hand = hand_codes(brief)
    texts: dict[str, str] = {}
    for batch in brief.comments(_ROWS_AT_ONCE) if len(hand) else ():
        own = batch[batch["comment_id"].isin(hand["comment_id"])]
        texts |= dict(zip(own["comment_id"], own["text"], strict=True))
    coded = hand.assign(text=hand["comment_id"].map(texts))
    return Docket(named, hand=coded, masking=brief.masking, vectors=brief.topic.text_vectors)


def hand_codes(brief: Brief) -> pd.DataFrame:
    """The stances that the printed coder gave, if that is a person: comment_id, stance."""
    coder = coding.coder_shown(brief.codings, brief.topic.coder)
    known = brief.coders
    readers = set(known.loc[known["kind"] == READER, "coder_id"]) if len(known) else set()
    codings = brief.codings
    own = codings[codings["coder_id"] == coder] if coder in readers else codings.iloc[:0]
    if not len(own):
        return pd.DataFrame({"comment_id": [], "stance": []}, dtype="str")
    return own.drop_duplicates("comment_id", keep="last")[["comment_id", "stance"]].reset_index(drop=True)
