"""Find themes in ArgKP-2021 arguments and compare them with the topics they were written on, beside published figures.

    python benchmarks/themes.py [DATA]

Adjusted mutual information (1 = the same, 0 = as by chance) of the themes, before they are split by stance, with the
topics: once with the number of topics given, as the published figures have it, and once with the number chosen from
the texts. What was tried while writing was tried on train and dev; all 7,238 arguments are what is published on.
"""

from __future__ import annotations

import time

import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score

from argkp import data_folder, print_scale, read_split
from brief.analysis import exemplars, theming

PUBLISHED = (
    ("NMF", 0.76, None),
    ("MiniBatchNMF", 0.77, 20_700),
    ("MiniBatchKMeans", 0.71, 81_200),
    ("LDA", 0.51, None),
)


def main() -> None:
    data = data_folder("Compare themes with the topics of ArgKP-2021, beside published figures.")
    splits = {split: read_split(data, split)[0] for split in ("train", "dev", "test")}
    every = pd.concat(splits.values(), ignore_index=True)
    # Topics of the test split have their own numbers, so ids repeat between the splits.
    every["comment_id"] = [f"a{number:05}" for number in range(len(every))]
    ours = 0.0
    print(f"{'':<46}{'arguments':>10}{'topics':>8}{'themes':>8}{'AMI':>8}{'CPU s':>9}")
    for name, arguments in (("train and dev", every.head(len(every) - len(splits["test"]))), ("all three", every)):
        topics = arguments["topic"].nunique()
        for how, number in (("number given", topics), ("number chosen", None)):
            started = time.process_time()
            members = theming.find(arguments[["comment_id", "text"]], number).members
            took = time.process_time() - started
            # A comment in no theme counts as one of a theme of those left over.
            placed = arguments[["comment_id", "topic"]].merge(members, how="left").fillna({"theme_id": ""})
            agreement = adjusted_mutual_info_score(placed["topic"], placed["theme_id"])
            ours = agreement if number else ours
            counts = f"{len(arguments):>10,}{topics:>8}{members['theme_id'].nunique():>8}"
            print(f"{f'ours, {name}, {how}':<46}{counts}{agreement:>8.3f}{took:>9.1f}")
    for name, published, per_second in PUBLISHED:
        pace = f"   at {per_second:,} texts/s (the fit alone)" if per_second else ""
        print(f"{name + ' (methods.md)':<64}{published:>16.2f}   ours / this: {ours / published:.2f}{pace}")
    train_and_dev = every.head(len(every) - len(splits["test"]))
    print_scale("Themes, number given (31), with names, quotations and 20 refits", theming.find, train_and_dev, 31)
    print_scale("Themes, number chosen too", theming.find, train_and_dev)
    print_scale("Choosing quotations in 20 groups", choose_in_groups, train_and_dev)
    quoted = [f"c{number:07}" for number in range(0, 5_000, 100)]
    print_scale(f"Audit of {len(quoted)} quotations", exemplars.audit, train_and_dev, quoted)


def choose_in_groups(texts: pd.DataFrame) -> pd.DataFrame:
    """Quotations for each of twenty groups of equal size."""
    groups = [f"g{number % 20:02}" for number in range(len(texts))]
    return exemplars.choose(texts.assign(group=groups), ["group"])


if __name__ == "__main__":
    main()
