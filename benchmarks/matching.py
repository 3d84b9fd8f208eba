"""Match comments to key points and themes without training, beside published figures.

    python benchmarks/matching.py [DATA]

ArgKP-2021: each argument with its best key point, the upper half by score of each topic and stance; strict takes
unlabelled pairs for wrong, relaxed for right (IBM/KPA_2021_shared_task, code/track_1_kp_matching.py). Two averages are
printed, since published figures use both: "script" is scikit-learn's average precision, as that script has it (the sum
of the precision at each right pair, divided by the right pairs kept); "per kept" divides by all pairs kept, so that a
wrong pair costs its place. The figures of methods.md are of the second kind. The choices in `brief.analysis.matching`
were made on train and dev; the test split chose nothing. uk_gambling_XS: samples-averaged F1 of themes.
"""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
from sklearn.metrics import average_precision_score, f1_score

from argkp import data_folder, print_scale, read_split
from brief.analysis import matching

PUBLISHED = (
    ("char tf-idf, not centred (methods.md)", 0.414, 0.544),
    ("char tf-idf, centred (methods.md; the limit)", 0.521, 0.694),
    ("MiniLM sentence vectors, centred (methods.md)", 0.559, 0.738),
)
BEST_TRAINED = 0.913
KINDS = ("strict", "relaxed")
# Not published with the data: measured in methods.md, whose rule for the number of themes is not told. The majority
# figures are those of the two most frequent themes for everybody.
GAMBLING_PUBLISHED = ("question_part_1", 0.41, 0.23), ("question_part_2", 0.53, 0.25)


def main() -> None:
    data = data_folder("Match comments to key points and themes, beside published figures.")
    print(f"ArgKP-2021, mean average precision without training\n{'':<50}{'script':>16}{'per kept':>16}")
    print(f"{'':<50}{'strict':>8}{'relaxed':>8}{'strict':>8}{'relaxed':>8}")
    for split in ("train", "dev", "test"):
        ours = precision(*read_split(data, split))
        print(f"{'ours, ' + split:<50}" + "".join(f"{figure:>8.3f}" for figure in ours))
    for name, strict, relaxed in PUBLISHED:
        ratios = f"   ours (test) / this: {ours[2] / strict:.2f} / {ours[3] / relaxed:.2f}"
        print(f"{name:<66}{strict:>8.3f}{relaxed:>8.3f}{ratios}")
    ratio = f"ours (test) / this: {ours[0] / BEST_TRAINED:.2f}"
    print(f"{'best transformer, trained (methods.md)':<50}{BEST_TRAINED:>8.3f}{'':>8}{'':>16}   {ratio}")
    print("(if that figure is of the script, which methods.md does not tell)")
    thresholds(data)
    if (data / "uk_gambling_XS").is_dir():
        gambling(data / "uk_gambling_XS")
    train, key_points = read_split(data, "train")[0], read_split(data, "dev")[1]
    print_scale(f"Matching to {len(key_points)} targets", matching.suggest, train, key_points.drop(columns="group"))


def judged(arguments: pd.DataFrame, key_points: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Each argument with its best key point, its score and whether that is right, strictly and relaxed."""
    best = matching.suggest(arguments, key_points, "group", threshold=-1)
    best = best.merge(labels, on=["comment_id", "target_id"], how="left").merge(arguments[["comment_id", "group"]])
    return best.assign(strict=best["label"].fillna(0), relaxed=best["label"].fillna(1))


def precision(
    arguments: pd.DataFrame, key_points: pd.DataFrame, labels: pd.DataFrame
) -> tuple[float, float, float, float]:
    """Means over topics and stances: strict and relaxed by the script, strict and relaxed per pair kept."""
    found = judged(arguments, key_points, labels)
    each = []
    for _, group in found.groupby("group"):
        top = group.sort_values("score", ascending=False, kind="stable").head(len(group) // 2)
        script = [average_precision_score(top[kind], top["score"]) if top[kind].any() else 0.0 for kind in KINDS]
        each.append([*script, *(average * top[kind].mean() for kind, average in zip(KINDS, script, strict=True))])
    strict, relaxed, strict_kept, relaxed_kept = pd.DataFrame(each).mean()
    return strict, relaxed, strict_kept, relaxed_kept


def thresholds(data: Path) -> None:
    """What the threshold of a suggestion buys, on train: where the one in use was chosen."""
    found = judged(*read_split(data, "train"))
    print(f"\nSuggestions on train by threshold (in use: {matching.THRESHOLD})")
    print(f"{'threshold':>10}{'suggested':>11}{'right, strict':>15}{'right, relaxed':>16}")
    for threshold in (0.05, 0.1, 0.15, 0.2, 0.3):
        kept = found[found["score"] >= threshold]
        shares = len(kept) / len(found), kept["strict"].mean(), kept["relaxed"].mean()
        print(f"{threshold:>10}{shares[0]:>11.3f}{shares[1]:>15.3f}{shares[2]:>16.3f}")


def gambling(folder: Path) -> None:
    """Samples-averaged F1 of theme mapping: the best theme alone, where a response has 1.8 themes on average."""
    print("\nuk_gambling_XS, samples-averaged F1 without training")
    print(f"{'':<20}{'best theme':>11}{'published':>11}{'two frequent':>15}{'published':>11}")
    for question, published, majority_published in GAMBLING_PUBLISHED:
        texts, themes, truth = read_question(folder, question)
        best = matching.suggest(texts, themes, threshold=-1)
        truth = truth.reindex(index=best["comment_id"], columns=sorted(themes["target_id"]), fill_value=0)
        suggested = pd.crosstab(best["comment_id"], best["target_id"]).reindex_like(truth).fillna(0).astype(int)
        frequent = pd.DataFrame(0, index=truth.index, columns=truth.columns)
        frequent[truth.sum().nlargest(2).index] = 1
        ours, majority = (
            f1_score(truth, predicted, average="samples", zero_division=0) for predicted in (suggested, frequent)
        )
        print(f"{question:<20}{ours:>11.3f}{published:>11}{majority:>15.3f}{majority_published:>11}")


def read_question(folder: Path, question: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Responses, themes and the mapping (1 or 0, response by theme) of one question."""
    (mapped,) = (folder / "outputs" / "mapping").glob(f"*/{question}")
    responses = read_lines(folder / "inputs" / question / "responses.jsonl")
    themes = pd.DataFrame(json.loads((mapped / "themes.json").read_text(encoding="utf-8")))
    labels = read_lines(mapped / "mapping.jsonl").explode("labels")
    return (
        pd.DataFrame({"comment_id": responses["response_id"].astype("str"), "text": responses["response"]}),
        pd.DataFrame({"target_id": themes["topic_id"], "text": themes["topic"]}),
        pd.crosstab(labels["response_id"].astype("str"), labels["labels"]).clip(upper=1),
    )


def read_lines(path: Path) -> pd.DataFrame:
    return pd.DataFrame([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()])


if __name__ == "__main__":
    main()
