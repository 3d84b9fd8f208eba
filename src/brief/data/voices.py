"""The pieces that an article is cut into by who is speaking: in order they are its paragraphs, word for word."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

import pandas as pd

from brief.contract import tables
from brief.contract.files import records
from brief.contract.tables import Column
from brief.data.shapes import Article, Codebook
from brief.errors import Fault

FILE = "data/voices.csv"


class Examiner(Protocol):
    """What the check of all data offers to the check of pieces."""

    faults: list[Fault]
    unread: set[str]

    def csv(self, file: str, columns: tuple[Column, ...], needed: bool = True) -> pd.DataFrame:
        """A CSV file with every column of the contract."""

    def fault(self, what: str, remedy: str, file: str, row: int | None = None, column: str = "") -> None:
        """Note a fault."""

    def no_codebook(self, file: str) -> None:
        """Note that there is no codebook."""


def examine(
    examiner: Examiner, articles: Mapping[str, Article], codebook: Codebook | None, coders: Collection[str]
) -> pd.DataFrame:
    """Read and check the pieces of all articles: their voices, coders, articles and words."""
    frame = examiner.csv(FILE, tables.VOICES, needed=False)
    ids = [code.id for code in codebook.voices] if codebook else []
    for row, piece in enumerate(records(frame), start=2):
        if codebook is None:
            examiner.no_codebook(FILE)
        elif piece["voice"] not in ids:
            remedy = f"Use one of: {', '.join(ids)}; or add it to data/codebook.yml."
            examiner.fault(f"the voice '{piece['voice']}' is not in the codebook", remedy, FILE, row, "voice")
        if piece["coder"] not in coders and "data/coders.yml" not in examiner.unread:
            remedy = "Describe the coder in data/coders.yml."
            examiner.fault(f"the coder '{piece['coder']}' is unknown", remedy, FILE, row, "coder")
        if piece["article_id"] not in articles and "articles" not in examiner.unread:
            remedy = f"Use one of: {', '.join(articles) or '(none is listed)'}."
            examiner.fault(f"there is no article '{piece['article_id']}'", remedy, FILE, row, "article_id")
    if not any(fault.file == FILE for fault in examiner.faults) and set(frame["article_id"]) <= set(articles):
        for name in dict.fromkeys(frame["article_id"]):
            examiner.faults += check(frame[frame["article_id"] == name], articles[str(name)], FILE)
    return frame


def check(frame: pd.DataFrame, article: Article, file: str) -> list[Fault]:
    """The faults of the pieces of one article, white space between pieces aside.

    In: the rows of `data/voices.csv` for the article, as texts, with the index of the whole file.
    """
    texts = dict(enumerate(article.paragraphs, start=1))
    cut: dict[int, list[tuple[int, int, str]]] = {number: [] for number in texts}
    faults: list[Fault] = []
    for index, piece in zip(frame.index, records(frame), strict=True):
        number, row = int(piece["paragraph"]), int(index) + 2
        if number in cut:
            cut[number].append((int(piece["segment"]), row, piece["text"].strip()))
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
