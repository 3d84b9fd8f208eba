"""Make a docket whose campaigns are known, of any size: `python benchmarks/generate.py docket.parquet --size 1000000`.

Rows are of four kinds, drawn by the shares that are asked for. *Copies* of form letters, word for word. *Edited* ones,
with a part of the words changed and often a few of one's own at the end. Letters by *slots*, drawn from grammars whose
alternatives mean the same. And people's *own* letters, drawn word by word from chains of given texts: no two share more
than chance gives. A few campaigns are large and many small: the n-th has a share like 1/n.

The folder of grammars (`--grammars`) holds text files, a slot a line, its alternatives parted by ` | `, or JSON as
`../shared/data/campaigns` has it: `madlib_regex` with an expression a slot, `signature_strings` with form letters.
Where more form letters are asked for than there are, they are drawn from the chains.

Beside the docket (comment_id, posted_at, text) stands the truth, in `-truth`: comment_id, campaign, kind. Both are CSV
or Parquet, by their ending, and written in batches. Each row is drawn from the seed and its own number alone, so a
docket has the same bytes for any size of batch, and a smaller one is the beginning of a larger.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[1]
OWN, COPY, EDITED, SLOTS = "own", "copy", "edited", "slots"
LEAST_WORDS = 20
"""A form letter has so many words at least."""
ADDED = 5, 30
"""So many words of one's own end every second edited letter."""
FIRST_DAY, DAYS = date(2020, 3, 2), 60
COLUMNS, TRUTH = ("comment_id", "posted_at", "text"), ("comment_id", "campaign", "kind")

Choice = list[list["str | Choice"]]
Numbers = np.ndarray[Any, np.dtype[np.int64]]
Hashes = np.ndarray[Any, np.dtype[np.uint64]]


def parsed(pattern: str) -> Choice:
    """A regular expression of literals, groups and alternatives as what can be drawn from."""
    place = 0

    def alternatives() -> Choice:
        nonlocal place
        every: Choice = []
        sequence: list[str | Choice] = []
        while place < len(pattern) and pattern[place] != ")":
            sign = pattern[place]
            place += 1
            if sign == "(":
                sequence.append(alternatives())
                place += 1
                if pattern[place : place + 1] == "?":
                    sequence[-1] = [*sequence[-1], []]
                    place += 1
            elif sign == "|":
                every.append(sequence)
                sequence = []
            elif sign == "\\":
                sequence.append(pattern[place])
                place += 1
            else:
                sequence.append(sign)
        return [*every, sequence]

    return alternatives()


def drawn(choice: Choice, chance: random.Random) -> str:
    return "".join(part if isinstance(part, str) else drawn(part, chance) for part in chance.choice(choice))


def from_slots(slots: Sequence[Choice], chance: random.Random) -> str:
    """A letter of a grammar."""
    return " ".join(" ".join(drawn(slot, chance) for slot in slots).split())


def from_grammar(grammar: dict[str, str], count: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    slots = [parsed(pattern) for pattern in grammar.values()]
    return [from_slots(slots, chance) for _ in range(count)]


def changed(text: str, part: float, words: Sequence[str], chance: random.Random) -> str:
    return " ".join(chance.choice(words) if chance.random() < part else word for word in text.split())


def hashed(rows: Hashes, use: int, seed: int) -> Hashes:
    """A number of 64 bits for each row, by the seed and what it is used for (splitmix64: Steele and others 2014)."""
    state = rows * np.uint64(0x9E3779B97F4A7C15) + np.uint64(
        (seed * 0xBF58476D1CE4E5B9 + use * 0x94D049BB133111EB) % 2**64
    )
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        state = (state ^ (state >> np.uint64(shift))) * np.uint64(factor)
    mixed: Hashes = state ^ (state >> np.uint64(31))
    return mixed


class Chain:
    """What follows each word in given texts; any number of texts can be drawn from it."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.starts = [text.split()[0] for text in texts if text.split()]
        self.following: dict[str, list[str]] = {}
        for text in texts:
            for one, other in pairwise(text.split()):
                self.following.setdefault(one, []).append(other)
        self.words = sorted(
            {*self.starts, *self.following, *(word for each in self.following.values() for word in each)}
        )
        number = {word: place for place, word in enumerate(self.words)}
        after = [[number[word] for word in self.following.get(own, self.starts)] for own in self.words]
        self._begins = np.array([number[word] for word in self.starts])
        self._counts = np.array([len(each) for each in after])
        self._offsets = np.cumsum(self._counts) - self._counts
        self._after = np.array([place for each in after for place in each])
        self._names = np.array(self.words, dtype=object)

    def draw(self, count: int, least: int, most: int, seed: int) -> list[str]:
        """So many texts of `least` to `most` words."""
        chance = random.Random(seed)
        texts = []
        for _ in range(count):
            words = [chance.choice(self.starts)]
            for _ in range(chance.randint(least, most) - 1):
                words.append(chance.choice(self.following.get(words[-1], self.starts)))
            texts.append(" ".join(words))
        return texts

    def of_rows(self, rows: Hashes, least: int, most: int, seed: int) -> list[str]:
        """A text for each row, by its number alone."""
        lengths = least + (hashed(rows, 1, seed) % np.uint64(most - least + 1)).astype(np.int64)
        at = self._begins[hashed(rows, 2, seed) % np.uint64(len(self._begins))]
        every = np.empty((most, len(rows)), dtype=np.int64)
        for step in range(most):
            every[step] = at
            further = hashed(rows, 3 + step, seed) % self._counts[at].astype(np.uint64)
            at = self._after[self._offsets[at] + further.astype(np.int64)]
        return [" ".join(self._names[own[:length]]) for own, length in zip(every.T, lengths, strict=True)]


@dataclass(frozen=True)
class Kinds:
    """What a docket is made of: the shares of three kinds of rows; how many form letters; what part of words is changed
    in an edited one; words of a person's own letter."""

    copies: float = 0.3
    edited: float = 0.1
    slots: float = 0.1
    letters: int = 8
    changed: float = 0.2
    words: tuple[int, int] = (60, 154)


class Docket:
    """Rows of a docket, by their numbers."""

    def __init__(self, grammars: Path, texts: Sequence[str], kinds: Kinds, seed: int) -> None:
        self.kinds, self.seed, self.chain = kinds, seed, Chain(texts)
        letters, self.grammars = read_grammars(grammars)
        self.letters = [letter for letter in letters if len(letter.split()) >= LEAST_WORDS][: kinds.letters]
        self.letters += self.chain.draw(kinds.letters - len(self.letters), 60, 150, seed)
        if (not self.letters and kinds.copies + kinds.edited) or (not self.grammars and kinds.slots):
            sys.exit(f"{grammars} has no grammar to draw from. Name another folder, or ask for no letters by slots.")

    def rows(self, first: int, end: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The rows from one number to another, and the truth about them."""
        rows, kinds, seed = np.arange(first, end, dtype=np.uint64), self.kinds, self.seed
        shares = np.cumsum([kinds.copies, kinds.edited, kinds.slots])
        place = np.searchsorted(shares, hashed(rows, -1, seed) / 2.0**64, side="right")
        kind = np.array([COPY, EDITED, SLOTS, OWN], dtype=object)[place]
        letter = _by_rank(hashed(rows, -2, seed), len(self.letters))
        grammar = _by_rank(hashed(rows, -3, seed), len(self.grammars))
        days = (hashed(rows, -4, seed) % np.uint64(DAYS)).astype(int)
        own = iter(self.chain.of_rows(rows[kind == OWN], *kinds.words, seed))
        added = iter(self.chain.of_rows(rows[kind == EDITED], *ADDED, seed))
        texts, campaigns = [], []
        chance = random.Random()
        for row, of in zip(rows.tolist(), kind, strict=True):
            at = row - first
            chance.seed(f"{seed} {row}")
            if of == OWN:
                texts.append(next(own))
            elif of == COPY:
                texts.append(self.letters[letter[at]])
            elif of == EDITED:
                text, end_of_it = (
                    changed(self.letters[letter[at]], kinds.changed, self.chain.words, chance),
                    next(added),
                )
                texts.append(f"{text} {end_of_it}" if chance.random() < 0.5 else text)
            else:
                texts.append(from_slots(self.grammars[grammar[at]], chance))
            campaigns.append({OWN: "", SLOTS: f"grammar-{grammar[at] + 1}"}.get(of, f"letter-{letter[at] + 1}"))
        ids = [f"c{row:08}" for row in rows.tolist()]
        posted = [(FIRST_DAY + timedelta(days=int(day))).isoformat() for day in days]
        return (
            pd.DataFrame({"comment_id": ids, "posted_at": posted, "text": texts}),
            pd.DataFrame({"comment_id": ids, "campaign": campaigns, "kind": kind}),
        )


def _by_rank(numbers: Hashes, count: int) -> Numbers:
    """A place among so many for each number, the n-th with a share like 1/n."""
    shares = np.cumsum(1 / np.arange(1, max(count, 1) + 1))
    places: Numbers = np.searchsorted(shares / shares[-1], numbers / 2.0**64, side="right")
    return np.minimum(places, max(count, 1) - 1)


def read_grammars(folder: Path) -> tuple[list[str], list[list[Choice]]]:
    """The form letters and the grammars of a folder, by the names of its files."""
    letters, grammars = [], []
    for path in sorted(folder.glob("*.json")):
        held = json.loads(path.read_text(encoding="utf-8"))
        letters += [" ".join(max(each, key=len).split()) for each in held.get("signature_strings", [])]
        grammars += [[parsed(pattern) for pattern in each.values()] for each in held.get("madlib_regex", [])]
    for path in sorted(folder.glob("*.txt")):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        grammars.append([[[part.strip()] for part in re.split(r" \| ", line)] for line in lines])
    return letters, grammars


def batches(docket: Docket, size: int, at_once: int) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    for first in range(0, size, at_once):
        yield docket.rows(first, min(first + at_once, size))


def write(path: Path, docket: Docket, size: int, at_once: int) -> Path:
    """Write a docket and its truth, a batch at a time; returns where the truth is."""
    truth = path.with_name(f"{path.stem}-truth{path.suffix}")
    if path.suffix == ".parquet":
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")

        kinds = [arrow.schema([(name, arrow.string()) for name in names]) for names in (COLUMNS, TRUTH)]
        with parquet.ParquetWriter(path, kinds[0]) as rows, parquet.ParquetWriter(truth, kinds[1]) as known:
            for pair in batches(docket, size, at_once):
                for writer, frame, kind in zip((rows, known), pair, kinds, strict=True):
                    writer.write_table(arrow.Table.from_pandas(frame, kind, preserve_index=False))
        return truth
    with path.open("w", encoding="utf-8", newline="") as rows_file, truth.open("w", encoding="utf-8", newline="") as of:
        writers = csv.writer(rows_file, lineterminator="\n"), csv.writer(of, lineterminator="\n")
        for writer, names in zip(writers, (COLUMNS, TRUTH), strict=True):
            writer.writerow(names)
        for pair in batches(docket, size, at_once):
            for writer, frame in zip(writers, pair, strict=True):
                writer.writerows(frame.itertuples(index=False, name=None))
    return truth


def main() -> None:
    own = ROOT / "tests" / "cases" / "analysis" / "word-chains.csv"
    kinds = Kinds()
    parser = argparse.ArgumentParser(description="Make a docket whose campaigns are known.")
    parser.add_argument("out", type=Path, help="the file to write, .csv or .parquet")
    parser.add_argument("--size", type=int, default=10_000, help="comments")
    parser.add_argument("--grammars", type=Path, default=Path(__file__).parent / "grammars", help="folder of grammars")
    parser.add_argument(
        "--texts", type=Path, default=own, help="a CSV file whose column 'text' gives the chains of words"
    )
    parser.add_argument("--copies", type=float, default=kinds.copies, help="share of exact copies")
    parser.add_argument("--edited", type=float, default=kinds.edited, help="share of edited copies")
    parser.add_argument("--slots", type=float, default=kinds.slots, help="share of letters from grammars")
    parser.add_argument("--letters", type=int, default=kinds.letters, help="form letters")
    parser.add_argument(
        "--changed", type=float, default=kinds.changed, help="part of an edited copy's words that is changed"
    )
    parser.add_argument(
        "--words", type=int, nargs=2, default=kinds.words, help="words of an own letter, least and most"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=10_000, help="rows in memory at a time")
    given = parser.parse_args()
    if given.out.suffix not in (".csv", ".parquet"):
        sys.exit(f"{given.out} ends neither in .csv nor in .parquet.")
    least, most = given.words
    asked = Kinds(given.copies, given.edited, given.slots, given.letters, given.changed, (least, most))
    docket = Docket(given.grammars, list(pd.read_csv(given.texts)["text"]), asked, given.seed)
    truth = write(given.out, docket, given.size, given.batch)
    print(f"{given.size:,} comments in {given.out}; which campaign each is of, in {truth}.")


if __name__ == "__main__":
    main()
