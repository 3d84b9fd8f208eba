"""Coverage and width of the intervals of shares, by simulation on labelled arguments: `python benchmarks/shares.py`.

1,000 distinct arguments of ArgKP-2021's train split (folder `kpa2021` of the data folder), drawn once, stand for the
comments of a consultation; their true shares are known. Each draw takes 50, 100 or 200 of them as hand-coded and
estimates the share of one category, with and without the machine:

  motion   whether the argument is on one of six motions of 24: easy to learn; a model cross-fitted in every draw
  stance   whether it is in favour, over all motions at once: hard to learn; a model cross-fitted in every draw
  right in 85 %   the true stance, wrong in 15 % of the texts at random: a good coder from outside
  noise    scores that know nothing: a coder who is no use
  itself   the failure to avoid: stance by one model that scores the very texts it learned from

Prints coverage at 95 % nominal with its Monte Carlo error, mean widths with and without the machine, and their ratio.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from brief.analysis import cross_fitting, shares, text_model
from brief.analysis.cross_fitting import UNIT, CrossFitted

ROOT = Path(__file__).parents[1]
FRAME, DRAWN_ONCE, SIZES, CATEGORY = 1000, 20211110, (50, 100, 200), "yes"
Machine = tuple[CrossFitted, pd.DataFrame]


class Counted:
    """All n-grams of the frame, counted once for all draws: what a model has not learned from it drops by itself."""

    def __init__(self, texts: list[str]) -> None:
        self.counter = text_model.counter(texts)
        self.rows = text_model.counted(self.counter, texts)
        self.place = {text: place for place, text in enumerate(texts)}

    def __getitem__(self, name: str) -> object:
        return self.counter.grams[name]

    def transform(self, texts: list[str]) -> object:
        return self.rows[[self.place[text] for text in texts]]


@cache
def frame(folder: Path) -> pd.DataFrame:
    """comment_id, text, motion and stance ("yes" or "") of the arguments that can be drawn."""
    read = pd.read_csv(folder / "kpa2021" / "kpm_data" / "arguments_train.csv")
    read = read[~read["argument"].map(text_model.text_key).duplicated()]
    drawn = read.sample(FRAME, random_state=DRAWN_ONCE).sort_values("arg_id", ignore_index=True)
    six = sorted(read["topic"].unique())[::4]
    counted = Counted(list(drawn["argument"]))
    text_model.counter = lambda texts, vectors="": text_model.Features(counted)  # in this process only
    return pd.DataFrame(
        {
            "comment_id": drawn["arg_id"],
            "text": drawn["argument"],
            "motion": np.where(drawn["topic"].isin(six), CATEGORY, ""),
            "stance": np.where(drawn["stance"] == 1, CATEGORY, ""),
        }
    )


def cross_fitted(everyone: pd.DataFrame, hand: pd.DataFrame, column: str, seed: int) -> Machine:
    fitted = cross_fitting.cross_fit(hand, [CATEGORY], column)
    return fitted, cross_fitting.score_sums(fitted, everyone)


def itself(everyone: pd.DataFrame, hand: pd.DataFrame, column: str, seed: int) -> Machine:
    """One model that learns from all hand codes and scores them too."""
    fitted = cross_fitting.cross_fit(hand, [CATEGORY], column)
    counter = fitted.counter
    rows = text_model.counted(counter, list(hand["text"]))
    model = text_model.learn(counter, rows, (hand[[column]] == CATEGORY).to_numpy())
    own = np.rint(np.clip(model.scores(rows)[:, 0], -1, 1) * UNIT).astype(np.int64)
    scores = pd.DataFrame({"comment_id": list(hand["comment_id"]), "fold": 0, CATEGORY: own})
    alone = CrossFitted((CATEGORY,), counter, (model,), scores)
    return alone, cross_fitting.score_sums(alone, everyone)


def outside(everyone: pd.DataFrame, hand: pd.DataFrame, scores: np.ndarray) -> Machine:
    """A coder who learned nothing from these hand codes."""
    table = pd.DataFrame({"comment_id": everyone["comment_id"], "fold": 0, CATEGORY: np.rint(scores * UNIT)})
    own = table[table["comment_id"].isin(hand["comment_id"])]
    rest = table[~table["comment_id"].isin(hand["comment_id"])]
    total = int(rest[CATEGORY].sum())
    sums = pd.DataFrame([("", 0, CATEGORY, len(rest), len(rest), total, total)], columns=cross_fitting.SUM_COLUMNS)
    return CrossFitted((CATEGORY,), text_model.Features(None), (), own), sums


def right_in_85(everyone: pd.DataFrame, hand: pd.DataFrame, column: str, seed: int) -> Machine:
    chance = np.random.default_rng([85, seed])
    truth = np.where(everyone[column] == CATEGORY, 1.0, -1.0)
    return outside(everyone, hand, np.where(chance.random(len(truth)) < 0.85, truth, -truth))


def noise(everyone: pd.DataFrame, hand: pd.DataFrame, column: str, seed: int) -> Machine:
    return outside(everyone, hand, np.random.default_rng([50, seed]).uniform(-1, 1, len(everyone)))


CODERS: dict[str, tuple[Callable[[pd.DataFrame, pd.DataFrame, str, int], Machine], str]] = {
    "motion": (cross_fitted, "motion"),
    "stance": (cross_fitted, "stance"),
    "right in 85 %": (right_in_85, "stance"),
    "noise": (noise, "stance"),
    "itself": (itself, "stance"),
}
FIRST_ONLY = ("itself",)
"""Shown drawing with replacement only."""


def draw(task: tuple[Path, str, int, bool, int]) -> tuple[float, ...]:
    """One draw: covered and width with the machine, covered and width of hand codes alone, whether it was used."""
    folder, coder, size, replacement, seed = task
    everyone = frame(folder)
    coded, column = CODERS[coder]
    truth = (everyone[column] == CATEGORY).mean()
    hand = everyone.iloc[np.random.default_rng([size, seed]).choice(FRAME, size, replace=replacement)]
    machine = coded(everyone, hand, column, seed)
    drawn_from = shares.frame(everyone)
    both = [
        shares.shares(hand, [CATEGORY], drawn_from, column, each, replacement=replacement).iloc[0]
        for each in (machine, None)
    ]
    figures = [(float(row["low"] <= truth <= row["high"]), float(row["high"] - row["low"])) for row in both]
    return (*figures[0], *figures[1], float(both[0]["method"] == shares.HAND_AND_MACHINE))


def main() -> None:
    parser = argparse.ArgumentParser(description="Coverage and width of the intervals of shares, by simulation.")
    parser.add_argument("data", nargs="?", type=Path, default=ROOT.parent / "shared" / "data", help="the data folder")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--coder", choices=list(CODERS), action="append", help="some coders only")
    given = parser.parse_args()
    if not (given.data / "kpa2021").is_dir():
        sys.exit(f"No folder kpa2021 in {given.data}: nothing to measure. Give the data folder as argument.")
    print(f"{given.draws:,} draws of 1,000 texts each; aim of coverage 93 to 97 % with replacement, ratio at most 1\n")
    print("| coder | n | drawn | coverage % | +- | hand alone % | mean width | hand alone | ratio | machine used % |")
    print("| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    with ProcessPoolExecutor(given.jobs) as pool:
        for coder in given.coder or CODERS:
            for replacement in (True,) if coder in FIRST_ONLY else (True, False):
                for size in SIZES:
                    tasks = [(given.data, coder, size, replacement, seed) for seed in range(given.draws)]
                    drawn = np.array(list(pool.map(draw, tasks, chunksize=10)))
                    print(row(coder, size, replacement, drawn), flush=True)
    print("\nitself, as measured before with another model and data: 35 % at n = 50")


def row(coder: str, size: int, replacement: bool, drawn: np.ndarray) -> str:
    covered, width, covered_alone, width_alone, used = drawn.mean(axis=0)
    error = np.sqrt(covered * (1 - covered) / len(drawn))
    how = "with" if replacement else "without"
    return (
        f"| {coder} | {size} | {how} | {100 * covered:.1f} | {100 * error:.1f} | {100 * covered_alone:.1f} "
        f"| {width:.4f} | {width_alone:.4f} | {width / width_alone:.3f} | {100 * used:.0f} |"
    )


if __name__ == "__main__":
    main()
