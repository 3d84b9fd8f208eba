"""No campaign by chance: neither what grows with the number of texts, nor what all were given, nor what is quoted."""

from __future__ import annotations

import random
from collections import defaultdict
from functools import cache
from itertools import pairwise

import pandas as pd
import pytest

from brief.analysis import campaigns, sides
from conftest import ROOT

CASES = ROOT / "tests" / "cases" / "analysis"
HEADER = (
    "My comment is on permit application 2020-0510 relating to the preconstruction permit, the operating permit and "
    "the notice of the parish."
)
LETTER = (
    "I am writing about the permit for the terminal at the old harbour. I {} the permit for this terminal because the "
    "parish has waited long enough for a decision, and our children will live with it for the next forty years, "
    "whatever the company says in its brochures."
)


@cache
def real() -> list[str]:
    """Texts drawn word by word from the chains of real comments: made up, and without any template."""
    return pd.read_csv(CASES / "word-chains.csv")["text"].to_list()


@cache
def following() -> dict[str, list[str]]:
    after = defaultdict(list)
    for words in map(str.split, real()):
        for one, other in pairwise(words):
            after[one].append(other)
    return after


def drawn(count: int, least: int = 60, most: int = 160, seed: int = 1) -> list[str]:
    """So many more of them, each of `least` to `most` words."""
    chance, starts = random.Random(seed), [text.split()[0] for text in real()]
    texts = []
    for _ in range(count):
        words = [chance.choice(starts)]
        for _ in range(chance.randint(least, most) - 1):
            words.append(chance.choice(following().get(words[-1], starts)))
        texts.append(" ".join(words))
    return texts


def frame(texts: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"comment_id": [f"c{number:05}" for number in range(len(texts))], "text": texts})


def sizes(texts: list[str], given: tuple[str, ...] = ()) -> list[int]:
    found = campaigns.assign(frame(texts), given)["campaign_id"]
    return found[found != ""].value_counts().to_list()


@pytest.mark.parametrize("count", [300, 1_000, 2_500])
def test_no_campaign_grows_by_chance(count: int) -> None:
    """At 2,500 phrases that three texts have, whatever the size of the group, made one campaign of half of them."""
    assert sizes([*real(), *drawn(count - 300)]) == []


@pytest.mark.parametrize(("least", "most"), [(6, 24), (10, 14), (25, 49)])
def test_no_campaign_of_short_texts_grows_by_chance(least: int, most: int) -> None:
    assert sizes(drawn(3_000, least, most)) == []


def test_a_campaign_among_many_own_letters_is_found_alone() -> None:
    chance = random.Random(1)
    edited = [
        " ".join(chance.choice(real()[0].split()) if chance.random() < 0.2 else word for word in LETTER.split())
        for _ in range(30)
    ]
    found = campaigns.assign(frame([*edited, *drawn(1_500)]))["campaign_id"]
    assert (found[:30] != "").sum() >= 28 and set(found[30:]) == {""}


def test_a_reference_line_makes_no_campaign_of_different_letters() -> None:
    rows = pd.read_csv(CASES / "shared-reference-line.csv")
    found = campaigns.assign(rows)["campaign_id"]
    assert found.nunique() == 3 and "" not in set(found)
    assert all(found[first::3].nunique() == 1 for first in range(3))


@pytest.mark.parametrize("count", [9, 60, 300])
def test_header_and_signature_make_no_campaign(count: int) -> None:
    signature = "Thank you for considering my comments on this important matter. Sincerely, a resident of the parish."
    assert sizes([f"{HEADER} {text}. {signature}" for text in drawn(count, 30, 90)]) == []


@pytest.mark.parametrize("count", [10, 100, 400])
@pytest.mark.parametrize(("least", "most"), [(5, 150), (60, 150)])
def test_one_long_quotation_makes_no_campaign(count: int, least: int, most: int) -> None:
    """Sixty words of a rule with five of one's own look like a copy. That others add a hundred shows what they are."""
    quoted = " ".join(drawn(1, 60, 60, seed=9))
    assert sizes([f"{text} “{quoted}”" for text in drawn(count, least, most)]) == []


def test_answers_that_quote_the_question_are_no_campaign() -> None:
    question = "Do you agree that the council should close the old town bridge to all cars at night and on Sundays?"
    said = question.removeprefix("Do you ").removesuffix("?")
    answers = [f"I {said} because {text}" for text in drawn(200, 4, 10)]
    assert sizes(answers) != []
    assert sizes(answers, (question,)) == []


@pytest.mark.parametrize("count", [3, 5, 10, 30])
def test_few_texts_make_no_campaign_by_chance(count: int) -> None:
    assert sizes(drawn(count)) == []


def test_two_campaigns_with_a_common_paragraph_stay_two() -> None:
    one, other, common = (" ".join(drawn(1, size, size, seed=size)) for size in (71, 70, 30))
    texts = [f"{letter} {common} {end}" for letter in (one, other) for end in drawn(12, 3, 12, seed=2)]
    assert sizes([*texts, *real()]) == [12, 12]


def test_opposite_asks_are_never_one_campaign() -> None:
    asks = ["support", "oppose", "do not support"]
    found = campaigns.assign(frame([f"{LETTER.format(ask)} Signed, {n}." for n in range(4) for ask in asks]))
    named = found["campaign_id"].to_list()
    assert len(set(named)) == 2 and len(set(named[::3])) == 1
    assert set(named[1::3]) == set(named[2::3]) != set(named[::3])
    assert sizes([LETTER.format("support")] * 5 + [LETTER.format("oppose")]) == [5]


def test_other_words_of_both_sides_part_no_campaign() -> None:
    """Only opposite words in one place are opposite asks: who adds that he opposes traffic asks for the same."""
    added = ["I oppose heavy traffic.", "We support our schools.", "Nobody is against harbours.", ""]
    assert sizes([f"{LETTER.format('support')} {text}" for text in added]) == [4]
    assert sides.SIDES["opposed"] == sides.SIDES["denied"] == -1


def test_opposite_words_in_a_place_that_few_have_part_no_campaign() -> None:
    """Of a hundred who add words of their own, some meet in one place, and it says nothing of the letter."""
    ends = drawn(100, 3, 12, seed=4)
    added = ["I back ships against all odds."] * 2 + ["I back ships for all odds."] * 2 + [""] * 96
    letters = [f"{LETTER.format('support')} {own} {end}" for own, end in zip(added, ends, strict=True)]
    assert sizes(letters) == [100]
    # Where as few say the opposite in the letter's own place, they are parted.
    opposed = [f"{LETTER.format('oppose')} {end}" for end in drawn(4, 3, 12, seed=5)]
    assert sizes([*letters, *opposed]) == [100, 4]


@pytest.mark.parametrize("changed", ["", " We pray for years of peace."])
@pytest.mark.parametrize("part", [0.5, 0.3, 0.05])
def test_a_letter_in_slots_that_is_sent_with_either_ask_is_parted_the_same_way_in_every_place(
    part: float, changed: str
) -> None:
    """As many may be for as against, so that by chance most are for in one place and most against in the next."""
    chosen, texts, sides_taken = random.Random(7), list[str](), list[bool]()
    for number, end in enumerate(drawn(600, 3, 12, seed=6)):
        is_against = chosen.random() < part
        ask = chosen.choice(["I oppose", "I firmly oppose"] if is_against else ["I support", "I firmly support"])
        plan = chosen.choice(["the plan before you.", "this plan of yours.", "the plan as drawn."])
        # A few change a word elsewhere, whichever side they take.
        own = changed.replace("for", "against") if number % 100 == 0 else changed
        texts.append(f"{ask} {plan} {LETTER.format('read')}{own} {end}")
        sides_taken.append(is_against)
    named = campaigns.assign(frame(texts))["campaign_id"].to_list()
    assert len(set(zip(named, sides_taken, strict=True))) == len(set(named)) == 2


def test_three_who_say_the_same_short_thing_are_no_campaign() -> None:
    assert sizes(["I strongly oppose this proposed rule."] * 6 + ["No."] * 9 + real()) == []
    assert sizes(["row row row row row row row row row row row"] * 1 + ["e e e e fr fm apr"] * 2) == []


@pytest.mark.parametrize("seed", range(2))
def test_the_order_of_rows_makes_no_difference(seed: int) -> None:
    letters = [f"{LETTER.format(ask)} {text}" for ask in ("support", "oppose") for text in drawn(8, 1, 40)]
    rows = frame([*letters, *drawn(200, 20, 60, seed=3), *[LETTER.format("support")] * 3])
    assert campaigns.assign(rows).equals(campaigns.assign(rows.sample(frac=1, random_state=seed)))
