"""Texts that are the same when case and white space do not count, and a choice among them that nobody makes.

A campaign of a thousand copies must not decide what a method learns: methods are fitted on distinct texts, and where
these are too many, on one sample of them chosen by digest. The digest depends on the text alone, so the sample is the
same for any order and any division of the rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pandas as pd


def digest(text: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of a text with case and white space folded."""
    folded = text.casefold()
    # Of what can be printed only the space is white space: most texts need not be cut into words.
    if "  " in folded or folded[:1] == " " or folded[-1:] == " " or not folded.isprintable():
        folded = " ".join(folded.split())
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def digests(texts: Iterable[str]) -> list[str]:
    """The digest of each text; a text that comes again is not digested again."""
    known: dict[str, str] = {}
    every = []
    for text in texts:
        name = known.get(text)
        if name is None:
            name = known[text] = digest(text)
        every.append(name)
    return every


def distinct_texts(comments: pd.DataFrame) -> pd.DataFrame:
    """The distinct texts among comments, in the order of their digests.

    In: comments (comment_id, text), any order. Out: digest, text (as the first comment by id has it), comment_id (that
    first comment), submissions (how many comments have the text).
    """
    rows = pd.DataFrame({"comment_id": comments["comment_id"].astype("str"), "text": comments["text"].astype("str")})
    rows = rows.sort_values("comment_id", kind="stable", ignore_index=True)
    rows.insert(0, "digest", pd.Series(digests(rows["text"].to_list()), dtype="str"))
    submissions = rows.groupby("digest").size().rename("submissions").reset_index()
    first = rows.drop_duplicates("digest", keep="first")[["digest", "text", "comment_id"]]
    return first.merge(submissions, on="digest").sort_values("digest", ignore_index=True)


def values_of_copies(comments: pd.DataFrame, column: str, none: str) -> pd.Series:
    """For each comment the values that it and its copies have in a column, each once, sorted and joined by `;`.

    In: comments (text, the column, whose cells hold values separated by `;`). `none` is what says that a comment has no
    value: it stands only where no copy has another.
    """
    names = digests(comments["text"].astype("str"))
    held: dict[str, set[str]] = {}
    for name, cell in zip(names, comments[column], strict=True):
        held.setdefault(name, set()).update(part.strip() for part in str(cell).split(";"))
    joined = {name: ";".join(sorted(values - {none})) or none for name, values in held.items()}
    return pd.Series([joined[name] for name in names], index=comments.index, dtype="str")


def sample(texts: Iterable[str], most: int) -> list[str]:
    """At most so many of the distinct texts, those with the least digests, in the order of these."""
    return [text for _, text in sorted((digest(text), text) for text in set(texts))[:most]]
