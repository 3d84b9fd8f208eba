"""How well a model codes stance, learned from few labels: `python benchmarks/stance.py`.

Of the data folder: ArgKP-2021 (`kpa2021`, train split, different texts), each motion by itself, 50, 100 and 150 labels
drawn at random and the rest of the motion to test on, three draws. The model's settings were chosen on ArgKP's
development split, which has other motions.

Of any two files, CSV or TSV with a text and a stance a row, one to learn from and one to test on:

    python benchmarks/stance.py --train train.tsv --test test.tsv --text-column Tweet --stance-column Stance

F_avg is the mean of the F1 of favour and of against (SemEval-2016 Task 6). No comment is left "not coded" here: the
threshold is 0, so that figures compare. Beside them, in the same run, the majority class of the training labels.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from sklearn.metrics import f1_score

from brief.analysis import machine_coding
from brief.analysis.text_model import text_key

ROOT = Path(__file__).parents[1]
FAVOUR, AGAINST, LABELS, DRAWS = "favour", "against", (50, 100, 150), 3
SEMEVAL = (("majority class", 65.22), ("SVM on n-grams", 68.98), ("best team", 67.82), ("best published", 72.9))
HEAD = "| what | F_avg | F1 favour | F1 against | majority F_avg | ratio |\n| --- | ---: | ---: | ---: | ---: | ---: |"


def scored(truth: pd.Series, found: Sequence[str], favour: str, against: str) -> tuple[float, float, float]:
    """F_avg, F1 of favour, F1 of against, in percent."""
    each = f1_score(list(truth), list(found), labels=[favour, against], average=None, zero_division=0)
    return 100 * float(each.mean()), 100 * float(each[0]), 100 * float(each[1])


def measured(train: pd.DataFrame, test: pd.DataFrame, favour: str, against: str) -> tuple[float, ...]:
    """F_avg, the two F1s, and F_avg of the majority class. In: comment_id, text, stance."""
    model = machine_coding.fit(train)
    if model.reason:
        sys.exit(model.reason)
    found = machine_coding.code(model, test, certain_enough=0)
    majority = str(train["stance"].value_counts().sort_index().idxmax())
    alone = scored(test["stance"], [majority] * len(test), favour, against)[0]
    return (*scored(test["stance"], list(found["stance"]), favour, against), alone)


def line(what: str, figures: Sequence[float]) -> str:
    average, favour, against, majority = figures
    return f"| {what} | {average:.1f} | {favour:.1f} | {against:.1f} | {majority:.1f} | {average / majority:.2f} |"


def argkp(folder: Path) -> None:
    read = pd.read_csv(folder / "kpm_data" / "arguments_train.csv")
    read = read[~read["argument"].map(text_key).duplicated()]
    stances = read["stance"].map({1: FAVOUR, -1: AGAINST})
    arguments = pd.DataFrame({"comment_id": read["arg_id"], "text": read["argument"], "stance": stances})
    print(
        f"\nArgKP-2021, train split: mean over {read['topic'].nunique()} motions and {DRAWS} draws of labels\n\n{HEAD}"
    )
    for labels in LABELS:
        rows = []
        for _, motion in arguments.groupby(read["topic"]):
            for seed in range(DRAWS):
                train = motion.sample(labels, random_state=seed)
                rows.append(measured(train, motion.drop(train.index), FAVOUR, AGAINST))
        print(line(f"{labels} labels", list(pd.DataFrame(rows).mean())), flush=True)
    published = ", ".join(f"{name} {figure}" for name, figure in SEMEVAL)
    print(f"\nPublished on another data set, SemEval-2016 Task 6 A (2,914 labels of five targets): {published}")


def files(train: Path, test: Path, text: str, stance: str, favour: str, against: str) -> None:
    frames = []
    for path in (train, test):
        read = pd.read_csv(path, sep="\t" if path.suffix == ".tsv" else ",", dtype=str, keep_default_na=False)
        if missing := {text, stance} - set(read.columns):
            sys.exit(f"{path} has no column {min(missing)}; it has {', '.join(read.columns)}.")
        ids = [f"c-{place:07}" for place in range(len(read))]
        frames.append(pd.DataFrame({"comment_id": ids, "text": read[text], "stance": read[stance].str.lower()}))
    learned, tested = frames
    what = f"{len(learned):,} labels, {len(tested):,} tested"
    print(f"{HEAD}\n{line(what, measured(learned, tested, favour, against))}")


def main() -> None:
    parser = argparse.ArgumentParser(description="How well a model codes stance, learned from few labels.")
    parser.add_argument("data", nargs="?", type=Path, default=ROOT.parent / "shared" / "data", help="the data folder")
    parser.add_argument("--train", type=Path, help="a CSV or TSV file to learn from")
    parser.add_argument("--test", type=Path, help="a CSV or TSV file to test on")
    parser.add_argument("--text-column", default="text")
    parser.add_argument("--stance-column", default="stance")
    parser.add_argument("--favour", default="favor", help="the stance in favour, in lower case")
    parser.add_argument("--against", default="against", help="the stance against, in lower case")
    given = parser.parse_args()
    if given.train and given.test:
        files(given.train, given.test, given.text_column, given.stance_column, given.favour, given.against)
        return
    if (given.data / "kpa2021").is_dir():
        argkp(given.data / "kpa2021")
    else:
        print(f"No folder kpa2021 in {given.data}: not measured.")


if __name__ == "__main__":
    main()
