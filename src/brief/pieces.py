"""The pieces that an article is cut into by who is speaking: in order they are its paragraphs, word for word."""

from __future__ import annotations

import pandas as pd

from brief.errors import Fault
from brief.project import Article
from brief.reading import records


def check(frame: pd.DataFrame, article: Article, file: str) -> list[Fault]:
    """The faults of the pieces of one article, white space between pieces aside.

    In: the rows of `data/voices.csv` for the article, as texts, with the index of the whole file.
    """
    texts = dict(enumerate(article.paragraphs, start=1))
    cut: dict[int, list[tuple[int, int, str]]] = {number: [] for number in texts}
    faults: list[Fault] = []
    for index, one in zip(frame.index, records(frame), strict=True):
        number, row = int(one["paragraph"]), int(index) + 2
        if number in cut:
            cut[number].append((int(one["segment"]), row, one["text"].strip()))
        else:
            what = f"the article '{article.article_id}' has no paragraph {number}"
            faults.append(Fault(what, f"Use 1 to {len(texts)}.", file, row, "paragraph"))
    for number, pieces in cut.items():
        faults += _uneven(pieces, texts[number], f"paragraph {number} of '{article.article_id}'", file)
    return faults


def _uneven(pieces: list[tuple[int, int, str]], text: str, where: str, file: str) -> list[Fault]:
    rest = text.lstrip()
    for _, row, piece in sorted(pieces):
        if not piece or not rest.startswith(piece):
            what = f"{where} does not go on with this piece but with '{rest[:40]}'" if rest else f"{where} is over here"
            return [Fault(what, "Copy the paragraph from the article and cut it anew.", file, row, "text")]
        rest = rest[len(piece) :].lstrip()
    if rest:
        return [Fault(f"the pieces of {where} end before '{rest[:40]}'", "Add what is missing.", file, None, "text")]
    return []
