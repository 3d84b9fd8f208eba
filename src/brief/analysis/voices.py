"""Who speaks in an article: its words, counted by voice and by paragraph.

A word is a piece between white space that has a letter or a digit in it, so a dash that stands alone is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

SEGMENT_COLUMNS = ("article_id", "paragraph", "segment", "voice", "coder", "text", "note")
ROW_COLUMNS = (*SEGMENT_COLUMNS, "words", "first_word")
SUMMARY_COLUMNS = ("article_id", "paragraph", "voice", "segments", "words")


def words(text: str) -> int:
    """How many words a text has."""
    return sum(any(sign.isalnum() for sign in piece) for piece in text.split())


def article_words(paragraphs: Sequence[str]) -> pd.DataFrame:
    """The words of an article, paragraph by paragraph. Out: paragraph (from 1), words."""
    return pd.DataFrame(
        {
            "paragraph": pd.Series(range(1, len(paragraphs) + 1), dtype="int64"),
            "words": pd.Series([words(paragraph) for paragraph in paragraphs], dtype="int64"),
        }
    )


def annotate(segments: pd.DataFrame) -> pd.DataFrame:
    """Count the words of each segment and where in its paragraph it begins.

    In: `SEGMENT_COLUMNS` (note may be missing), whole paragraphs. Out: `ROW_COLUMNS`, in the order of articles given,
    then paragraph and segment; first_word counts from 0 within the paragraph.
    """
    rows = segments.assign(note=segments.get("note", ""))
    rows = rows.assign(
        paragraph=rows["paragraph"].astype("int64"),
        segment=rows["segment"].astype("int64"),
        words=pd.Series([words(text) for text in rows["text"]], index=rows.index, dtype="int64"),
    )
    places = {article: place for place, article in enumerate(dict.fromkeys(rows["article_id"]))}
    rows = rows.assign(place=[places[article] for article in rows["article_id"]])
    rows = rows.sort_values(["place", "paragraph", "segment"], ignore_index=True)
    rows["first_word"] = rows.groupby(["place", "paragraph"])["words"].cumsum() - rows["words"]
    return rows[list(ROW_COLUMNS)]


def summarise(rows: pd.DataFrame) -> pd.DataFrame:
    """Count rows by article, paragraph and voice. In: `ROW_COLUMNS`. Out: `SUMMARY_COLUMNS`."""
    return merge([rows.assign(segments=1)[list(SUMMARY_COLUMNS)]])


def merge(summaries: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Add up summaries. In and out: `SUMMARY_COLUMNS`; associative, and the order does not matter."""
    frames = [summary for summary in summaries if len(summary)]
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in SUMMARY_COLUMNS[:1]}).assign(
            paragraph=pd.Series(dtype="int64"),
            voice=pd.Series(dtype="str"),
            segments=pd.Series(dtype="int64"),
            words=pd.Series(dtype="int64"),
        )
    keys = list(SUMMARY_COLUMNS[:3])
    total = pd.concat(frames, ignore_index=True).groupby(keys, as_index=False)[["segments", "words"]].sum()
    return total.sort_values(keys, ignore_index=True)


def by_voice(summary: pd.DataFrame, ids: Sequence[str]) -> pd.DataFrame:
    """Words and segments of each voice, in the codebook's order, zeros included.

    In: a summary, the voice ids of the codebook. Out: voice, segments, words; voices that the codebook does not have
    come last, sorted.
    """
    order = [*ids, *sorted(set(summary["voice"]) - set(ids))]
    total = summary.groupby("voice")[["segments", "words"]].sum().reindex(order, fill_value=0)
    return total.rename_axis("voice").reset_index().astype({"voice": "str", "segments": "int64", "words": "int64"})


def longest(counted: pd.DataFrame) -> list[str]:
    """The voice with the greatest number of words, or all that share it; none where nothing was counted.

    In: voice, words, as `by_voice` gives them.
    """
    greatest = counted["words"].max() if len(counted) else 0
    return [] if not greatest else list(counted.loc[counted["words"] == greatest, "voice"])
