"""How well a model codes stance, learned from few labels: `python benchmarks/stance.py`.

Of the data folder: ArgKP-2021 (`kpa2021`, train split, different texts), each motion by itself, 50, 100 and 150 labels
drawn at random and the rest of the motion to test on, three draws. The model's settings were chosen on ArgKP's
development split, which has other motions.

Of any two files, CSV or TSV with a text and a stance a row, one to learn from and one to test on:

    python benchmarks/stance.py --train train.tsv --test test.tsv --text-column Tweet --stance-column Stance \\
        --target-column Target

With `--target-column` there is a model for each target, and the majority class is that of the target: a stance on one
thing says nothing of a stance on another. Said beside it: where a model is no better than the commonest stance in
cross-validation, so that nothing would be coded, and which stances it hardly ever finds.

With `--vectors minilm`, or `wordllama`, the same model learns from the vectors of an installed model of language beside
the n-grams (`pip install -e '.[sentence-vectors]'`); on ArgKP both stand in the table.

F_avg is the mean of the F1 of favour and of against (SemEval-2016 Task 6). No comment is left "not coded" here: the
threshold is 0, so that figures compare. Beside them, in the same run, the majority class of the training labels.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pandas as pd
from sklearn.metrics import f1_score

from brief.analysis import machine_coding, text_vectors
from brief.analysis.text_model import text_key

ROOT = Path(__file__).parents[1]
FAVOUR, AGAINST, LABELS, DRAWS = "favour", "against", (50, 100, 150), 3
SEMEVAL = (("majority class", 65.22), ("SVM on n-grams", 68.98), ("best team", 67.82), ("best published", 72.9))
HEAD = "| what | F_avg | F1 favour | F1 against | majority F_avg | ratio |\n| --- | ---: | ---: | ---: | ---: | ---: |"


def scored(truth: pd.Series, found: Sequence[str], favour: str, against: str) -> tuple[float, float, float]:
    """F_avg, F1 of favour, F1 of against, in percent."""
    each = f1_score(list(truth), list(found), labels=[favour, against], average=None, zero_division=0)
    return 100 * float(each.mean()), 100 * float(each[0]), 100 * float(each[1])


def measured(train: pd.DataFrame, test: pd.DataFrame, favour: str, against: str, vectors: str) -> tuple[float, ...]:
    """F_avg, the two F1s, and F_avg of the majority class. In: comment_id, text, stance."""
    model = machine_coding.fit(train, even_if_no_better=True, vectors=vectors)
    if model.reason:
        sys.exit(model.reason)
    found = machine_coding.code(model, test, certain_enough=0)
    majority = str(train["stance"].value_counts().sort_index().idxmax())
    alone = scored(test["stance"], [majority] * len(test), favour, against)[0]
    return (*scored(test["stance"], list(found["stance"]), favour, against), alone)


def line(what: str, figures: Sequence[float]) -> str:
    average, favour, against, majority = figures
    return f"| {what} | {average:.1f} | {favour:.1f} | {against:.1f} | {majority:.1f} | {average / majority:.2f} |"


def argkp(folder: Path, vectors: str, motions: int) -> None:
    read = pd.read_csv(folder / "kpm_data" / "arguments_train.csv")
    read = read[~read["argument"].map(text_key).duplicated()]
    stances = read["stance"].map({1: FAVOUR, -1: AGAINST})
    arguments = pd.DataFrame({"comment_id": read["arg_id"], "text": read["argument"], "stance": stances})
    by_motion = dict(list(arguments.groupby(read["topic"]))[: motions or None])
    kinds = [text_vectors.WORDS, vectors] if vectors != text_vectors.WORDS else [vectors]
    print(f"\nArgKP-2021, train split: {len(by_motion)} motions, mean of {DRAWS} draws of labels\n\n{HEAD}")
    for labels in LABELS:
        rows = []
        for name, motion in by_motion.items():
            for kind, seed in product(kinds, range(DRAWS)):
                train = motion.sample(labels, random_state=seed)
                figures = measured(train, motion.drop(train.index), FAVOUR, AGAINST, kind)
                rows.append((kind, name, *figures))
        every = pd.DataFrame(rows)
        for kind in kinds:
            own = every[every[0] == kind].drop(columns=0)
            what = "n-grams" if kind == text_vectors.WORDS else f"n-grams with {kind}"
            for name, each in own.groupby(1) if motions else ():
                print(line(f"{name!s}, {labels} labels, {what}", list(each.drop(columns=1).mean())), flush=True)
            print(line(f"{labels} labels, {what}", list(own.drop(columns=1).mean())), flush=True)
    published = ", ".join(f"{name} {figure}" for name, figure in SEMEVAL)
    print(f"\nPublished on another data set, SemEval-2016 Task 6 A (2,914 labels of five targets): {published}")


def read(path: Path, columns: dict[str, str]) -> pd.DataFrame:
    """A file's texts, stances and targets (one for all where no column is named)."""
    table = pd.read_csv(path, sep="\t" if path.suffix == ".tsv" else ",", dtype=str, keep_default_na=False)
    if missing := {name for name in columns.values() if name} - set(table.columns):
        sys.exit(f"{path} has no column {min(missing)}; it has {', '.join(table.columns)}.")
    ids = [f"c-{place:07}" for place in range(len(table))]
    frame = pd.DataFrame({"comment_id": ids, "text": table[columns["text"]]})
    frame["stance"] = table[columns["stance"]].str.lower()
    return frame.assign(target=table[columns["target"]] if columns["target"] else "all")


def files(train: Path, test: Path, columns: dict[str, str], both: tuple[str, str], vectors: str) -> None:
    """A model for each target, and all targets together as SemEval scores them; beside each the target's majority."""
    (favour, against), learned, tested = both, read(train, columns), read(test, columns)
    found: dict[str, str] = {}
    majority: dict[str, str] = {}
    notes: list[str] = []
    print(HEAD)
    for target, own in learned.groupby("target"):
        to_test = tested[tested["target"] == target]
        if not len(to_test):
            continue
        model = machine_coding.fit(own, even_if_no_better=True, vectors=vectors)
        if model.reason:
            sys.exit(f"{target}: {model.reason}")
        coded = list(machine_coding.code(model, to_test, certain_enough=0)["stance"])
        commonest = str(own["stance"].value_counts().sort_index().idxmax())
        found |= dict(zip(to_test["comment_id"], coded, strict=True))
        majority |= dict.fromkeys(to_test["comment_id"], commonest)
        alone = scored(to_test["stance"], [commonest] * len(to_test), favour, against)[0]
        what = f"{target}: {len(own):,} labels, {len(to_test):,} tested"
        print(line(what, (*scored(to_test["stance"], coded, favour, against), alone)))
        if reason := machine_coding.fit(own, vectors=vectors).reason:
            notes.append(f"{target}: nothing would be coded. {reason}")
        report = machine_coding.cross_validated(own, vectors=vectors)[1]
        hardly = report["category"][report["note"] == machine_coding.HARDLY_FOUND]
        notes += [f"{target}: hardly ever found, at the threshold: {', '.join(hardly)}"] if len(hardly) else []
    together = tested[tested["comment_id"].isin(found)]
    alone = scored(together["stance"], [majority[name] for name in together["comment_id"]], favour, against)[0]
    ours = scored(together["stance"], [found[name] for name in together["comment_id"]], favour, against)
    print(line(f"all together, {len(together):,} tested", (*ours, alone)))
    print("\n".join(["", *notes]))


def main() -> None:
    parser = argparse.ArgumentParser(description="How well a model codes stance, learned from few labels.")
    parser.add_argument("data", nargs="?", type=Path, default=ROOT.parent / "shared" / "data", help="the data folder")
    parser.add_argument("--vectors", choices=text_vectors.KINDS, default=text_vectors.WORDS, help="beside n-grams")
    parser.add_argument("--motions", type=int, default=0, help="the first so many motions, each told by itself")
    parser.add_argument("--train", type=Path, help="a CSV or TSV file to learn from")
    parser.add_argument("--test", type=Path, help="a CSV or TSV file to test on")
    parser.add_argument("--text-column", default="text")
    parser.add_argument("--stance-column", default="stance")
    parser.add_argument("--target-column", default="", help="the column that names what the stance is on")
    parser.add_argument("--favour", default="favor", help="the stance in favour, in lower case")
    parser.add_argument("--against", default="against", help="the stance against, in lower case")
    given = parser.parse_args()
    if given.train and given.test:
        columns = {"text": given.text_column, "stance": given.stance_column, "target": given.target_column}
        files(given.train, given.test, columns, (given.favour, given.against), given.vectors)
        return
    if (given.data / "kpa2021").is_dir():
        argkp(given.data / "kpa2021", given.vectors, given.motions)
    else:
        print(f"No folder kpa2021 in {given.data}: not measured.")


if __name__ == "__main__":
    main()
