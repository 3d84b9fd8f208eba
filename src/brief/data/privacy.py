"""What maintainers decided about masking, kept in `data/masking.csv`, and how the texts of a brief are masked."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Protocol

import pandas as pd

from brief.contract import tables
from brief.contract.files import records
from brief.contract.tables import Column
from brief.errors import BriefError
from brief.prose.catalogue import SOURCE, speaking
from brief.prose.masking import EVERY_COMMENT, Decision, Masking, places

FILE = "data/masking.csv"


class Examiner(Protocol):
    """What the check of all data offers to the check of decisions."""

    unread: set[str]

    def csv(self, file: str, columns: tuple[Column, ...], needed: bool = True) -> pd.DataFrame:
        """A CSV file with every column of the contract."""

    def fault(self, what: str, remedy: str, file: str, row: int | None = None, column: str = "") -> None:
        """Note a fault."""


class Decided:
    """The decisions of `data/masking.csv`, which are told as each comment is read whether their words stand there."""

    def __init__(self, examiner: Examiner) -> None:
        self._examiner = examiner
        rows = records(examiner.csv(FILE, tables.MASKING, needed=False))
        self._missing: dict[str, dict[int, str]] = {}
        self.decisions: tuple[Decision, ...] = ()
        known: dict[tuple[str, str], int] = {}
        for row, decision in enumerate(rows, start=2):
            key = (decision["comment_id"], decision["words"])
            if key in known:
                remedy = "Keep one of the two rows."
                examiner.fault(f"the same words are decided in row {known[key]} already", remedy, FILE, row, "words")
                continue
            known[key] = row
            if not decision["words"].strip():
                examiner.fault("the cell is empty", "Write the words, or remove the row.", FILE, row, "words")
            else:
                self.decisions += (Decision(decision["comment_id"], decision["words"], decision["decision"]),)
                self._missing.setdefault(decision["comment_id"], {})[row] = decision["words"]

    def read(self, comment_id: str, text: str) -> None:
        """Take note of a comment: the words that stand in it are found."""
        for name in (comment_id, EVERY_COMMENT):
            missing = self._missing.get(name)
            if missing:
                stands = [row for row, words in missing.items() if next(places(words, text), None) is not None]
                for row in stands:
                    del missing[row]

    def examine(self, known: Mapping[str, str] | None, withdrawn: str) -> None:
        """Tell of decisions whose comment or words are not there. `known`: the status of each comment, None where they
        could not be read; one that was withdrawn has no words.
        """
        if known is None:
            return
        for name, missing in self._missing.items():
            for row, words in missing.items():
                if name != EVERY_COMMENT and name not in known:
                    remedy = "Correct the id or remove the row."
                    self._examiner.fault(f"there is no comment '{name}'", remedy, FILE, row, "comment_id")
                elif known.get(name) != withdrawn:
                    where = "in any comment" if name == EVERY_COMMENT else f"in the comment '{name}'"
                    what = f"'{words[:60]}' does not stand {where}, or only within longer words"
                    remedy = "Copy the words from the stored text, or remove the row."
                    self._examiner.fault(what, remedy, FILE, row, "words")


def shown(root: Path, language: str, masking: Masking, texts: Mapping[str, str]) -> dict[str, str]:
    """Texts of comments by their ids as readers see them: in the language of the brief, if it has a catalogue."""
    with ExitStack() as spoken:
        with suppress(BriefError):  # told elsewhere
            spoken.enter_context(speaking(language or SOURCE, root))
        return {name: masking.shown(text, name) for name, text in texts.items()}
