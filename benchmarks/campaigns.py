"""Measure how well campaigns are found: `python benchmarks/campaigns.py [FOLDER]`, the folder of the shared data.

Letters are made so that the campaign of each is known: signature texts of real campaigns with 0 to 40 % of their words
changed, and two real grammars whose alternatives are drawn slot by slot (thresholds were tuned on the first; the second
is held out), among arguments that people wrote on their own (ArgKP-2021, train). Printed: pairwise precision and
recall, adjusted Rand index, false merges among the arguments alone, throughput and memory in processes of their own.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter

import pandas as pd
from sklearn.metrics import adjusted_rand_score

from argkp import data_folder, measured, read_split
from brief.analysis import campaigns

PUBLISHED = {"rensa, one process": 25_500, "datasketch": 3_000}
EACH, UNRELATED, LEAST_WORDS = 60, 3_000, 20
Choice = list[list["str | Choice"]]


def parsed(pattern: str) -> Choice:
    """A regular expression of literals, groups and alternatives as what can be drawn from."""
    place = 0

    def alternatives() -> Choice:
        nonlocal place
        found: Choice = []
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
                found.append(sequence)
                sequence = []
            elif sign == "\\":
                sequence.append(pattern[place])
                place += 1
            else:
                sequence.append(sign)
        return [*found, sequence]

    return alternatives()


def drawn(choice: Choice, chance: random.Random) -> str:
    return "".join(part if isinstance(part, str) else drawn(part, chance) for part in chance.choice(choice))


def from_grammar(grammar: dict[str, str], count: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    slots = [parsed(pattern) for pattern in grammar.values()]
    return [" ".join(" ".join(drawn(slot, chance) for slot in slots).split()) for _ in range(count)]


def changed(text: str, part: float, words: list[str], chance: random.Random) -> str:
    return " ".join(chance.choice(words) if chance.random() < part else word for word in text.split())


def pairs(labels: list[object]) -> int:
    return sum(size * (size - 1) // 2 for size in Counter(labels).values())


def judged(texts: list[str], truth: list[str]) -> str:
    """Pairwise precision and recall and adjusted Rand index; a text without a campaign is alone."""
    frame = pd.DataFrame({"comment_id": [f"c{number:06}" for number in range(len(texts))], "text": texts})
    found = campaigns.assign(frame)
    ours = [campaign or name for campaign, name in zip(found["campaign_id"], found["comment_id"], strict=True)]
    theirs = [campaign or name for campaign, name in zip(truth, found["comment_id"], strict=True)]
    both = pairs(list(zip(ours, theirs, strict=True)))
    precision = both / pairs(ours) if pairs(ours) else float("nan")
    recall = both / pairs(theirs) if pairs(theirs) else float("nan")
    named = found["campaign_id"][found["campaign_id"] != ""]
    index = adjusted_rand_score(theirs, ours)
    return f"{precision:9.3f} {recall:7.3f} {index:7.3f} {named.nunique():9} {len(named):10}"


def speed(arguments: list[str], letters: list[str], size: int) -> None:
    chance = random.Random(size)
    words = [word for text in arguments for word in text.split()]
    texts = [changed(chance.choice(letters), 0.1, words, chance) for _ in range(size // 4)]
    texts += [" ".join(chance.choices(words, k=60)) for _ in range(size - len(texts))]
    frame = pd.DataFrame({"comment_id": [f"c{number:07}" for number in range(size)], "text": texts})
    seconds, megabytes = measured(campaigns.assign, frame)
    rate = size / seconds
    ratios = ", ".join(f"{rate / published:.2f} of {name}" for name, published in PUBLISHED.items())
    print(f"{size:>8,} texts of 60 words: {rate:8,.0f} a second, {megabytes:6,.0f} MB ({ratios}, published)")


def main() -> None:
    data = data_folder("Measure how well campaigns are found.")
    grammars = json.loads((data / "campaigns" / "fcc_17_108_campaign_templates.json").read_text(encoding="utf-8"))
    arguments = sorted(set(read_split(data, "train")[0]["text"]))
    words = [word for text in arguments for word in text.split()]
    unrelated = arguments[:UNRELATED]
    letters = [max(signature, key=len) for signature in grammars["signature_strings"]]
    letters = [re.sub(r"\s+", " ", letter) for letter in letters if len(letter.split()) >= LEAST_WORDS]
    print(f"{'':34} precision  recall     ARI campaigns   in them")
    print(f"{'ArgKP alone: all are false merges':34}{judged(arguments, [''] * len(arguments))}")
    chance = random.Random(1)
    for part in (0, 10, 20, 30, 40):
        texts, truth = list(unrelated), [""] * len(unrelated)
        for number, letter in enumerate(letters):
            texts += [changed(letter, part / 100, words, chance) for _ in range(EACH)]
            truth += [str(number)] * EACH
        print(f"{f'{len(letters)} letters, {part} % of words changed':34}{judged(texts, truth)}")
    for number, name in enumerate(("tuned on", "held out")):
        for count in (50, 200, 1_000):
            texts = [*unrelated, *from_grammar(grammars["madlib_regex"][number], count, seed=3)]
            truth = [""] * len(unrelated) + ["grammar"] * count
            print(f"{f'synonyms swapped ({name}), {count:,}':34}{judged(texts, truth)}")
    for size in (10_000, 100_000):
        speed(arguments, letters, size)


if __name__ == "__main__":
    main()
