"""Campaigns: copies, edits and slot-by-slot templates are found; people who merely agree are never merged."""

from __future__ import annotations

import random

import pandas as pd
import pytest

from brief.analysis import campaign_texts, campaigns, grouping
from brief.analysis.campaign_texts import ADDED, GAP, LEFT_OUT, SAME

LETTER = (
    "We write as neighbours of the old iron bridge. It has carried carts, trams and children on their way to school "
    "for a hundred years, and nobody has asked us whether it should go. We ask the council to repair the bridge, to "
    "publish what the repair would cost, and to let the people who cross it every morning have a say before the cranes "
    "arrive."
)
SLOTS = (
    ("I am writing about the iron bridge.", "My letter concerns the iron bridge.", "Regarding the bridge at the mill:"),
    ("I strongly urge you to", "Please, I ask you to", "It is my firm hope that you will", "I would like you to"),
    ("stop the plan to pull it down.", "drop the demolition.", "leave the old structure standing."),
    ("Citizens like me, not distant planners,", "Those of us who live here", "People who cross it each morning"),
    ("should decide what becomes of it.", "ought to have the last word.", "must be heard before anything else."),
    ("The drawings shown in spring", "What was presented at the hearing", "The so-called renewal"),
    (
        "ignore every lesson of the flood.",
        "would cost more than anybody admits.",
        "forget the way to school.",
    ),
    (
        "Repair has served us well for decades",
        "Careful upkeep did the job for years",
        "Mending it worked until now",
    ),
    ("with support from every party.", "and all sides of the chamber agreed.", "as each council before you knew."),
)
OPINIONS = (
    "The bridge is too narrow for two buses, so something has to change soon and I would rather see it rebuilt.",
    "My shop lives from people who walk across the river; close it for three years and I close as well.",
    "Why not build a second bridge and keep this one for bicycles and for those who like to stand and look?",
    "Old iron rusts. My father painted that bridge and he said even then that it would not last for ever.",
    "I have no car, and the way round by the weir takes me forty minutes with the pram, so please think of that.",
    "The council should repair the bridge, because everything else costs more in the end and takes longer too.",
    "Nobody asked the school. The children cross there every morning and there is no other safe way for them.",
    "It is a beautiful thing and we have few of those left. That is all I want to say about the iron bridge.",
)


def frame(texts: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"comment_id": [f"c{number:05}" for number in range(len(texts))], "text": texts})


def merged(count: int, seed: int = 1) -> list[str]:
    chance = random.Random(seed)
    return [" ".join(chance.choice(slot) for slot in SLOTS) for _ in range(count)]


def changed(text: str, part: float, seed: int) -> str:
    chance = random.Random(seed)
    words = [word for opinion in OPINIONS for word in opinion.split()]
    return " ".join(chance.choice(words) if chance.random() < part else word for word in text.split())


def sizes(texts: list[str]) -> list[int]:
    found = campaigns.assign(frame(texts))
    return sorted(found[found["campaign_id"] != ""].groupby("campaign_id").size(), reverse=True)


def test_copies_are_one_text_and_a_campaign() -> None:
    found = campaigns.assign(frame([LETTER, f"  {LETTER.upper()}\n", LETTER, *OPINIONS]))
    assert found["text_id"][:3].nunique() == 1
    assert found["campaign_id"][:3].nunique() == 1 and found["campaign_id"][0]
    assert set(found["campaign_id"][3:]) == {""}


def test_people_who_agree_are_no_campaign() -> None:
    assert sizes(list(OPINIONS)) == []


def test_two_that_are_alike_are_not_yet_a_campaign() -> None:
    assert sizes([LETTER, LETTER, *OPINIONS]) == []


def test_what_people_add_does_not_hide_the_template() -> None:
    texts = [f"{LETTER} {opinion}" for opinion in OPINIONS] + [f"{OPINIONS[0]} {LETTER}"]
    assert sizes([*texts, *OPINIONS[1:]]) == [len(texts)]


@pytest.mark.parametrize("part", [0.1, 0.2])
def test_changed_words_do_not_hide_the_template(part: float) -> None:
    texts = [changed(LETTER, part, seed) for seed in range(40)]
    assert sum(sizes([*texts, *OPINIONS])) >= 36


def test_synonyms_swapped_slot_by_slot_are_one_campaign() -> None:
    """Few of the words of two such letters are the same, and yet each of their phrases stands in others."""
    texts = merged(80)
    assert sizes([*texts, *OPINIONS]) == [80]


def test_a_sentence_in_common_does_not_make_two_campaigns_one() -> None:
    chance = random.Random(2)
    edits = [f"{LETTER} {chance.choice(OPINIONS)}" for _ in range(12)]
    texts = [*merged(60), *(f"{text} {LETTER.split('. ')[0]}." for text in merged(3, seed=5)), *edits]
    assert len(sizes(texts)) == 2


def test_short_and_empty_texts_and_other_scripts() -> None:
    texts = ["", "   ", "No.", "No.", "No.", "no", "Нет, мост должен остаться.", "桥应该留下。", "!!!"]
    found = campaigns.assign(frame(texts))
    assert len(found) == len(texts)
    assert set(found["campaign_id"]) == {""}
    assert found["text_id"][2] == found["text_id"][4] != found["text_id"][5]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_rows_makes_no_difference(seed: int) -> None:
    texts = frame([*merged(60), *[changed(LETTER, 0.2, number) for number in range(30)], *OPINIONS])
    shuffled = texts.sample(frac=1, random_state=seed)
    one, other = campaigns.assign(texts), campaigns.assign(shuffled)
    assert one.equals(other)
    assert campaign_texts.describe(texts, one).equals(campaign_texts.describe(shuffled, other))


def test_each_campaign_is_told_with_two_counts_its_template_and_its_span() -> None:
    texts = frame([LETTER, LETTER, *(f"{LETTER} {opinion}" for opinion in OPINIONS[:4]), *OPINIONS])
    texts["posted_at"] = [f"2021-03-{day:02}" for day in range(1, len(texts) + 1)]
    (one,) = campaign_texts.describe(texts, campaigns.assign(texts)).to_dict("records")
    assert (one["submissions"], one["distinct_texts"]) == (6, 5)
    assert (one["first"], one["last"]) == ("2021-03-01", "2021-03-06")
    assert one["template"].replace(f" {GAP}", "") == LETTER
    assert one["shared_by"] == 3, "half of its texts, or more, have each word"


def test_the_template_of_slots_has_gaps_where_people_differ() -> None:
    common = campaign_texts.common_text(
        [f"Dear all, {opinion} We ask you to repair the bridge." for opinion in OPINIONS]
    )[0]
    assert GAP in common and common.endswith("We ask you to repair the bridge.")


def test_differences_say_what_was_added_and_left_out() -> None:
    told = campaign_texts.differences("We ask you, as parents, to repair it.", "We ask the council to repair it.")
    assert list(told.itertuples(index=False, name=None)) == [
        (0, SAME, "We ask"),
        (1, LEFT_OUT, "the council"),
        (2, ADDED, "you, as parents,"),
        (3, SAME, "to repair it."),
    ]


def test_thousands_of_copies_cost_no_more_than_their_number() -> None:
    """Nothing grows with the square of the copies: two hundred thousand pairs of each would not end here."""
    texts = [LETTER] * 5_000 + [f"{LETTER} Signed in street {number}." for number in range(2_000)]
    assert sizes(texts) == [7_000]


def test_the_versions_sent_most_are_told_with_their_sizes() -> None:
    edited, signed = LETTER.replace("repair the bridge", "mend the bridge"), f"{LETTER} Ann."
    texts = frame([edited, LETTER, LETTER, signed, edited, LETTER, *merged(60)])
    texts["posted_at"] = "2021-03-01"
    assigned = campaigns.assign(texts)
    told = campaign_texts.versions(texts, assigned)
    described = campaign_texts.describe(texts, assigned)
    assert list(dict.fromkeys(told["campaign_id"])) == list(described["campaign_id"])
    own = told[told["campaign_id"] == assigned["campaign_id"][0]]
    assert list(zip(own["submissions"], own["comment_id"], own["text"], strict=True)) == [
        (3, "c00001", LETTER),
        (2, "c00000", edited),
        (1, "c00003", signed),
    ]
    assert list(own["rank"]) == [1, 2, 3]
    assert len(told) == 6


def test_no_template_is_empty() -> None:
    for texts in (merged(80), [changed(LETTER, 0.3, seed) for seed in range(40)]):
        rows = frame(texts)
        (one,) = campaign_texts.describe(rows, campaigns.assign(rows)).to_dict("records")
        assert len(one["template"].replace(GAP, "").split()) >= campaigns.LEAST_WORDS


def test_the_letters_own_words_are_marked_in_scripts_without_spaces() -> None:
    common = (
        "川の古い鉄橋について意見を述べます。この橋は百年のあいだ人々と子どもを運びました。市は橋を修理してください。"
    )
    homes = ("東京の北", "大阪の下町", "川の近く", "駅前通り")
    texts = [f"{common}私は{home}に住んでいて毎日渡ります。" for home in homes]
    assert sizes([*texts, "賛成です。", "賛成です。", "賛成です。"]) == [4]
    assert campaign_texts.common_text(texts)[0].startswith(common)
    assert sizes(["私はこの法案に反対します。"] * 3) == []


THAI = "ข้าพเจ้าคัดค้านการก่อสร้างท่าเรือแห่งนี้ เพราะจะทำลายชายหาดและวิถีชีวิตของชาวประมง ขอให้รัฐบาลทบทวนโครงการนี้ใหม่"
CHINESE = "我们反对这项提案、因为它会使居民的租金上涨、并且没有考虑到附近学校和医院的需要。请委员会重新审议该方案。"


def test_texts_whose_words_cannot_be_told_apart_are_known() -> None:
    """A campaign of them is not found, so the brief says among how many it did not look."""
    assert sizes([THAI] * 5) == [] and sizes([CHINESE] * 5) == [5]
    texts = [THAI, CHINESE, OPINIONS[0], "No.", "賛成です。", f"{THAI} {OPINIONS[0]} {OPINIONS[1]}"]
    assert list(campaigns.are_read(pd.Series(texts))) == [False, True, True, True, True, True]


def test_a_part_of_the_keys_finds_what_all_find(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a large collection only some phrases begin keys, chosen by hash."""
    texts = frame([*merged(120), *[changed(LETTER, 0.2, seed) for seed in range(60)], *OPINIONS])
    monkeypatch.setattr(grouping, "FEW", 100)
    found = campaigns.assign(texts)["campaign_id"]
    assert found[:120].nunique() == 1 and found[0]
    assert found[120:180].replace("", float("nan")).value_counts().iloc[0] > 50
