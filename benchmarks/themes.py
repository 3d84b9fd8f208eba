"""Find themes, and compare them with what is known of the texts: before and after in one run, for each kind of vectors.

    python benchmarks/themes.py [DATA]

Adjusted mutual information (1 = the same, 0 = as by chance) of the themes, before they are split by stance, with
ArgKP-2021's topics, once with the number of topics given, as the published figures have it, and once with the number
chosen from the texts; the share of the texts that the largest theme has; processor time. Beside it what version 0.1.0
did: non-negative matrix factorisation, the number at which halves agree best. Collections on one question stand
below: each motion of ArgKP with its key points, the two questions of `uk_gambling_XS`, and texts without themes.
Vectors of a model are measured where its package is installed. All 7,238 arguments are what is published on.
"""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score
from threadpoolctl import threadpool_limits

from argkp import data_folder, print_scale, read_split
from brief.analysis import exemplars, text_vectors, theming
from brief.analysis.clustering import Labels
from brief.errors import BriefError

PUBLISHED = (
    ("NMF", 0.76, None),
    ("MiniBatchNMF", 0.77, 20_700),
    ("MiniBatchKMeans", 0.71, 81_200),
    ("LDA", 0.51, None),
)
HEAD = f"{'':<58}{'texts':>8}{'known':>8}{'themes':>8}{'largest':>9}{'AMI':>8}{'CPU s':>9}"
NUMBERS_BEFORE = (2, 3, 4, 5, 6, 8, 11, 15, 21, 30, 42, 60)
Grouping = Callable[[pd.DataFrame, int | None, str], Labels]


def before(comments: pd.DataFrame, number: int | None, question: str) -> Labels:
    """What version 0.1.0 did, without naming and refits: tf-idf of words and pairs, and NMF; the question unread."""
    texts = list(comments["text"])
    least = 3 if len(texts) <= 2_000 else 5
    words = TfidfVectorizer(
        ngram_range=(1, 2), min_df=least, max_df=0.5, sublinear_tf=True, stop_words=list(ENGLISH_STOP_WORDS)
    )
    vectors = words.fit_transform(texts)

    def labels(rows: np.ndarray, among: int) -> Labels:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            factors = NMF(among, init="nndsvd", random_state=1, tol=1e-3, max_iter=100).fit(vectors[rows]).components_
        lengths = np.maximum(np.linalg.norm(factors, axis=1, keepdims=True), 1e-12)
        found: Labels = np.asarray(vectors[rows] @ (factors / lengths).T).argmax(axis=1)
        return found

    with threadpool_limits(1):
        if number is None:
            chance, some = np.random.default_rng(1), np.arange(min(len(texts), 2_000))
            halves = [np.sort(chance.permutation(len(some))[: len(some) // 2]) for _ in range(5)]
            agreement = {}
            for tried in (one for one in NUMBERS_BEFORE if one <= len(texts) // 15):
                whole = labels(some, tried)
                each = [adjusted_mutual_info_score(whole[half], labels(half, tried)) for half in halves]
                agreement[tried] = round(float(np.mean(each)), 3)
            number = max(agreement, key=lambda one: (agreement[one], one))
        return labels(np.arange(len(texts)), number)


def now(vectors: str) -> Grouping:
    """The themes of the package; a comment in no theme counts as one of those left over."""

    def grouped(comments: pd.DataFrame, number: int | None, question: str) -> Labels:
        members = theming.find(comments[["comment_id", "text"]], number, [question], vectors).members
        placed = comments[["comment_id"]].merge(members, how="left")["theme_id"].fillna("")
        codes: Labels = pd.factorize(placed)[0]
        codes[placed == ""] = -1
        return codes

    return grouped


def line(what: str, grouped: Grouping, comments: pd.DataFrame, number: int | None = None, question: str = "") -> None:
    """A line of the table. In: the comments, with `known` where something is known of them."""
    started = time.process_time()
    labels = grouped(comments, number, question)
    took = time.process_time() - started
    inside = labels[labels >= 0]
    largest = f"{np.bincount(inside).max() / len(labels):.2f}" if len(inside) else "-"
    has = comments["known"].notna().to_numpy() if "known" in comments else np.zeros(len(labels), dtype=bool)
    known = comments["known"][has].nunique() if has.any() else "-"
    agreement = f"{adjusted_mutual_info_score(comments['known'][has], labels[has]):.3f}" if has.any() else "-"
    themes = len(set(inside.tolist()))
    print(f"{what:<58}{len(labels):>8,}{known:>8}{themes:>8}{largest:>9}{agreement:>8}{took:>9.1f}", flush=True)


def motions(data: Path) -> list[tuple[str, pd.DataFrame]]:
    """The arguments on each motion, with the key point that each was matched with first."""
    found = []
    for split in ("train", "dev", "test"):
        arguments, _, labels = read_split(data, split)
        first = labels[labels["label"] == 1].drop_duplicates("comment_id").set_index("comment_id")["target_id"]
        arguments = arguments.assign(known=arguments["comment_id"].map(first))
        found += [(str(topic), part.reset_index(drop=True)) for topic, part in arguments.groupby("topic")]
    return found


def consultation(data: Path) -> list[tuple[str, pd.DataFrame]]:
    """The questions of `uk_gambling_XS` and their answers, each with the first theme it was mapped to."""
    found = []
    for folder in sorted((data / "uk_gambling_XS" / "inputs").glob("question_part_*")):
        asked = json.loads((folder / "question.json").read_text(encoding="utf-8"))["question_text"]
        (mapping,) = (data / "uk_gambling_XS" / "outputs" / "mapping").glob(f"*/{folder.name}/mapping.jsonl")
        rows = [json.loads(row) for row in (folder / "responses.jsonl").read_text(encoding="utf-8").splitlines() if row]
        mapped = [json.loads(row) for row in mapping.read_text(encoding="utf-8").splitlines() if row]
        first = {row["response_id"]: next(iter(row["labels"]), None) for row in mapped}
        ids = [str(row["response_id"]) for row in rows]
        frame = {"comment_id": ids, "text": [row["response"] for row in rows]}
        found.append((asked, pd.DataFrame(frame | {"known": [first.get(row["response_id"]) for row in rows]})))
    return found


def installed() -> list[str]:
    """The kinds of vectors that can be used here."""
    found = []
    for kind in text_vectors.KINDS:
        try:
            text_vectors.fit(kind, [("Some text.", "en"), ("Another text.", "en")])
            found.append(kind)
        except BriefError as error:
            print(f"not measured: {error.faults[0].what}")
    return found


def on_one_question(ways: Sequence[tuple[str, Grouping]], data: Path) -> None:
    """Collections on one question, the number of themes chosen."""
    chains = data.parent / "cases" / "analysis" / "word-chains-6000.csv"
    asked = [*motions(data)[:8], *consultation(data)]
    asked += [("1,000 chains of words", pd.read_csv(chains).head(1_000))] if chains.is_file() else []
    print(f"\nOn one question, number chosen\n{HEAD}")
    for question, comments in asked:
        for name, grouped in ways:
            line(f"{name}, {question[: 56 - len(name)]}", grouped, comments, None, question)


def main() -> None:
    data = data_folder("Compare themes with what is known of the texts, before and after, beside published figures.")
    splits = {split: read_split(data, split)[0] for split in ("train", "dev", "test")}
    every = pd.concat(splits.values(), ignore_index=True)
    # Topics of the test split have their own numbers, so ids repeat between the splits.
    every["comment_id"] = [f"a{number:05}" for number in range(len(every))]
    every["known"] = every["topic"]
    ways = [("0.1.0", before), *((kind, now(kind)) for kind in installed())]
    print(HEAD)
    for name, grouped in ways:
        for how, number in (("number given", every["topic"].nunique()), ("number chosen", None)):
            line(f"{name}, ArgKP-2021, {how}", grouped, every, number)
    for name, published, per_second in PUBLISHED:
        pace = f"   at {per_second:,} texts/s (the fit alone)" if per_second else ""
        print(f"{name + ' (methods.md), number given':<91}{published:>8.2f}{pace}")
    on_one_question(ways, data)
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
