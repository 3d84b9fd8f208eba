"""Invented answers to a consultation on a market square, from a seeded grammar: planted themes, or none at all."""

from __future__ import annotations

import random

import pandas as pd

THEMES = {
    "buses": ("The late buses", "Crowded buses", "Every bus on this line", "The bus timetable", "Buses at the stop"),
    "noise": ("Loud music", "The noise at night", "Shouting and loud music", "Night noise", "Music after midnight"),
    "trees": ("Old trees", "The shade of trees", "Planting more trees", "Green trees and lawns", "Trees and shade"),
    "shops": ("Small shops", "The rent of shops", "Empty shops", "Local shops", "Shops and their customers"),
}
ENDINGS = {
    "buses": ("make the timetable useless", "leave passengers at the stop", "never reach the stop on time"),
    "noise": ("keep neighbours from sleep", "ruin sleep for neighbours", "make sleep at night impossible"),
    "trees": ("cool the square in summer heat", "give shade in the summer heat", "make summer heat bearable"),
    "shops": ("lose customers and rent", "pay rent without customers", "need customers to pay the rent"),
}
STANCES = {"for": "so rebuild the square", "against": "so leave the square alone"}
_FILLING = [
    *("really", "honestly", "again", "today", "surely", "perhaps", "clearly", "mostly", "simply", "often"),
    *("lately", "indeed", "actually", "usually", "basically", "frankly", "certainly", "definitely"),
]


def planted(texts: int, seed: int = 1, themes: tuple[str, ...] = tuple(THEMES)) -> pd.DataFrame:
    """Distinct answers: comment_id, text, stance, subject (the planted theme), the themes and stances by turns."""
    chance = random.Random(seed)
    made: dict[str, tuple[str, str]] = {}
    while len(made) < texts:
        subject = themes[len(made) % len(themes)]
        stance = list(STANCES)[len(made) // len(themes) % len(STANCES)]
        filling = " ".join(chance.sample(_FILLING, 3))
        text = f"{chance.choice(THEMES[subject])} {chance.choice(ENDINGS[subject])}, {filling}; {STANCES[stance]}."
        made.setdefault(text, (stance, subject))
    rows = [(f"c{number:04}", text, *kinds) for number, (text, kinds) in enumerate(made.items())]
    return pd.DataFrame(rows, columns=["comment_id", "text", "stance", "subject"])


def noise(texts: int, seed: int = 1) -> pd.DataFrame:
    """Distinct answers of words drawn without any theme: comment_id, text, stance."""
    chance = random.Random(seed)
    words = [first + second + third for first in "bdfgklm" for second in "aeiou" for third in ("n", "r", "st", "lk")]
    rows = [(f"c{number:04}", " ".join(chance.sample(words, 8)), "for") for number in range(texts)]
    return pd.DataFrame(rows, columns=["comment_id", "text", "stance"])
