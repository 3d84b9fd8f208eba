"""How often does the gate for new data hold an ordinary batch, and how often one that is wrong?

    python benchmarks/gate.py [DATA]

Stores and batches are drawn from ArgKP-2021 (arguments on all motions, in random order: ordinary), and from the
statements of three Polis conversations in the order in which they were written (ordinary, and unkind: people of another
day). Wrong batches are made of ordinary ones: cut to their first words, every text the same, another alphabet, one
author for all. Where comments are coded, a model tells the stances of both: stores and batches of one motion with its
stances, and batches with one stance alone. The limit beside the false alarms is 5 in 100.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from argkp import data_folder, read_split
from brief.analysis import gate, machine_coding

RUNS, MODELS = 400, 60
SIZES = (10, 20, 100, 1_000)
LIMIT = 5.0


def main() -> None:
    data = data_folder("Draw ordinary and wrong batches, and count those that the gate holds.")
    splits = [read_split(data, split)[0] for split in ("train", "dev", "test")]
    every = pd.concat(splits, ignore_index=True)
    arguments = every["text"].astype("str").reset_index(drop=True)
    print(f"{'ordinary batches':<36}{'stored':>8}{'batch':>8}{'held':>7}{'of':>6}{'%':>7}   this / {LIMIT:g} %")
    for stored in SIZES:
        for size in SIZES:
            _print("ArgKP, random", stored, size, _random(arguments, stored, size, same))
    for folder in sorted((data / "polis").iterdir()) if (data / "polis").is_dir() else ():
        texts = statements(folder)
        for size in (10, 20, 100):
            held = [bool(gate.unlike(*pair)) for pair in in_order(texts, size)]
            if held:
                _print(f"Polis {folder.name[:20]}, in order", size, size, held)
    print(f"\n{'wrong batches of 100, 100 stored':<52}{'held':>7}{'of':>6}")
    for spoil in (cut, one_text, another_alphabet, one_author):
        held = _random(arguments, 100, 100, spoil)
        print(f"{spoil.__doc__!s:<52}{sum(held):>7}{len(held):>6}")
    _with_a_model(every.assign(stance=every["stance"].map({1: "for", -1: "against"})).astype("str"))


def _with_a_model(every: pd.DataFrame) -> None:
    """Held by the stances that a model tells: ordinary batches by size and by how many stored ones are coded, then
    batches of one stance on the motion of the store.
    """
    print(f"\n{'by stances, ordinary':<36}{'stored':>8}{'batch':>8}{'held':>7}{'of':>6}{'%':>7}   this / {LIMIT:g} %")
    for stored, size, coded in ((100, 10, 100), (100, 100, 100), (1_000, 100, 1_000), (1_000, 1_000, 200)):
        held = [
            _by_stances(every, stored, size, coded, run) for run in range(MODELS if stored < 1_000 else MODELS // 3)
        ]
        _print(f"all motions, {coded:,} coded", stored, size, held)
    motions = [rows for _, rows in every.groupby("topic") if len(rows) >= 200]
    held = [_by_stances(rows, 100, 100, 100, run) for run in range(MODELS // len(motions) + 1) for rows in motions]
    _print("one motion, 100 coded", 100, 100, held)
    for stance in ("for", "against"):
        held = [_by_stances(rows, 100, 60, 100, 0, stance) for rows in motions]
        _print(f"one motion, all of them {stance}", 100, 60, held)


def _by_stances(every: pd.DataFrame, stored: int, size: int, coded: int, run: int, only: str = "") -> bool:
    """Whether a batch is held by its stances; with `only` it has comments of that stance alone, as far as there are."""
    rows = every.iloc[np.random.default_rng(run).permutation(len(every))]
    store, rest = rows.head(stored), rows.iloc[stored:]
    batch = (rest[rest["stance"] == only] if only else rest).head(size)
    told = machine_coding.stances_told(store.head(coded), store, batch)
    frames = [frame[["text"]].assign(author="", posted_at="") for frame in (store, batch)]
    return any(one.name == "stances" for one in gate.unlike(frames[0], frames[1], (0, 0), told))


def same(batch: pd.DataFrame) -> pd.DataFrame:
    return batch


def cut(batch: pd.DataFrame) -> pd.DataFrame:
    """cut after four words"""
    return batch.assign(text=[" ".join(text.split()[:4]) for text in batch["text"]])


def one_text(batch: pd.DataFrame) -> pd.DataFrame:
    """one half have the same text"""
    texts = list(batch["text"])
    return batch.assign(text=[texts[0] if place % 2 else text for place, text in enumerate(texts)])


def another_alphabet(batch: pd.DataFrame) -> pd.DataFrame:
    """read in a wrong encoding (ROT13 stands for it)"""
    import codecs

    return batch.assign(text=[codecs.encode(text, "rot13") for text in batch["text"]])


def one_author(batch: pd.DataFrame) -> pd.DataFrame:
    """one author for all, where authors differ"""
    return batch.assign(author="one")


def _random(texts: pd.Series, stored: int, size: int, spoil: Callable[[pd.DataFrame], pd.DataFrame]) -> list[bool]:
    """Whether each of many batches is held; stores and batches are drawn without replacement."""
    held = []
    for run in range(RUNS if stored + size < 1_000 else RUNS // 4):
        drawn = np.random.default_rng(run).permutation(len(texts))[: stored + size]
        frame = _frame(list(texts.iloc[drawn]))
        held.append(bool(gate.unlike(frame.head(stored), spoil(frame.tail(size)))))
    return held


def _frame(texts: list[str]) -> pd.DataFrame:
    authors = [f"author {place % max(len(texts) // 2, 1)}" for place in range(len(texts))]
    return pd.DataFrame({"text": texts, "author": authors, "posted_at": ""}, dtype="str")


def in_order(texts: list[str], size: int) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Each stretch of texts and the stretch that follows it."""
    for start in range(0, len(texts) - 2 * size + 1, max(size // 4, 1)):
        frame = _frame(texts[start : start + 2 * size])
        yield frame.head(size), frame.tail(size)


def statements(folder: Path) -> list[str]:
    """The statements of a Polis conversation in the order in which they were written."""
    with (folder / "comments.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row["comment-body"] for row in sorted(rows, key=lambda row: int(row["comment-id"]))]


def _print(name: str, stored: int, size: int, held: list[bool]) -> None:
    share = 100 * sum(held) / len(held)
    print(f"{name:<36}{stored:>8,}{size:>8,}{sum(held):>7}{len(held):>6}{share:>7.2f}   {share / LIMIT:.2f}")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
