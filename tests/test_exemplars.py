"""Which comments are quoted, and whether those quoted stand for all: a group that is left out is noticed."""

from __future__ import annotations

import pandas as pd
import pytest

from brief.analysis import exemplars
from consultation import planted


@pytest.fixture(scope="module")
def comments() -> pd.DataFrame:
    return planted(200).rename(columns={"subject": "themes"})


def chosen(comments: pd.DataFrame, per_group: int = 4) -> pd.DataFrame:
    return exemplars.choose(comments, ["themes", "stance"], per_group)


def verdicts(audit: exemplars.Audit, kind: str) -> dict[str, str]:
    rows = audit.table[audit.table["group_kind"] == kind]
    return dict(zip(rows["group"], rows["verdict"], strict=True))


def test_each_group_gets_its_quotations_in_order(comments: pd.DataFrame) -> None:
    quoted = chosen(comments, 3)
    assert list(quoted.columns) == ["themes", "stance", "rank", "comment_id"]
    assert list(quoted["rank"]) == [1, 2, 3] * 8
    own = quoted.merge(comments, on="comment_id")
    assert (own["themes_x"] == own["themes_y"]).all()
    assert (own["stance_x"] == own["stance_y"]).all()


def test_the_first_is_the_medoid_and_the_second_adds_what_it_lacks() -> None:
    texts = ["red apples", "red apples grow", "red apples fall", "red apples rot", "blue ships", "blue ships sail"]
    rows = pd.DataFrame({"comment_id": list("abcdef"), "text": texts, "all": "all"})
    quoted = exemplars.choose(rows, ["all"], 2)
    assert quoted["comment_id"].iloc[0] == "a"
    assert quoted["comment_id"].iloc[1] in ("e", "f")


def test_a_campaign_does_not_choose_and_is_quoted_once() -> None:
    texts = ["red apples grow", "red apples fall", "red apples rot", *["Blue ships sail"] * 20, "blue  ships SAIL"]
    rows = pd.DataFrame({"comment_id": [f"c{n:02}" for n in range(len(texts))], "text": texts, "all": "all"})
    quoted = exemplars.choose(rows, ["all"], 9)
    assert len(quoted) == 4
    assert quoted["comment_id"].iloc[0] != "c03"
    assert "c03" in set(quoted["comment_id"])


def test_texts_without_words_can_be_quoted() -> None:
    rows = pd.DataFrame({"comment_id": ["a", "b"], "text": ["!", "?"], "all": "all"})
    assert len(exemplars.choose(rows, ["all"], 1)) == 1
    assert list(exemplars.choose(rows.iloc[:0], ["all"]).columns) == ["all", "rank", "comment_id"]


def test_choice_and_audit_do_not_depend_on_the_order_of_rows(comments: pd.DataFrame) -> None:
    shuffled = comments.sample(frac=1, random_state=3)
    assert chosen(comments).to_csv() == chosen(shuffled).to_csv()
    quoted = list(chosen(comments)["comment_id"])
    first, second = exemplars.audit(comments, quoted), exemplars.audit(shuffled, quoted[::-1])
    assert first.table.to_csv() == second.table.to_csv()


@pytest.mark.parametrize(("texts", "quoted"), [(0, 0), (1, 1), (36, 3), (100, 5), (576, 12), (50_000, 12)])
def test_more_are_quoted_of_more(texts: int, quoted: int) -> None:
    assert exemplars.quoted_of(texts) == quoted


def test_a_quotation_is_a_span_of_the_comment() -> None:
    short = "  A short answer,\nin two lines. "
    assert exemplars.quotation(short, {"answer"}) == short.strip()
    dull, telling = "This sentence says little, but it is here. " * 4, "Loud music keeps us awake! "
    long = dull + telling + dull
    quoted = exemplars.quotation(long, {"music", "awake"})
    assert quoted.startswith(telling) and quoted in long, "the telling sentence, and the next where there is room"
    assert len(quoted) <= exemplars.LONGEST_QUOTE
    endless = "never ending words " * 40
    cut = exemplars.quotation(endless, {"words"})
    assert cut in endless
    assert len(cut) <= exemplars.LONGEST_QUOTE
    assert cut.split()[-1] in ("never", "ending", "words")
    assert len(exemplars.quotation("x" * 900, set())) == exemplars.LONGEST_QUOTE


def test_quotations_by_the_rule_cover_no_group_worse_than_chance(comments: pd.DataFrame) -> None:
    audit = exemplars.audit(comments, list(chosen(comments)["comment_id"]))
    assert audit.reason == ""
    assert tuple(audit.table.columns) == exemplars.AUDIT_COLUMNS
    assert exemplars.WORSE not in set(audit.table["verdict"])
    whole = audit.table.iloc[0]
    assert (whole["group_kind"], whole["group"], whole["comments"], whole["quoted"]) == ("all", "all", 200, 32)
    assert set(audit.table["group_kind"]) == {"all", "stance", "theme", "length"}


@pytest.mark.parametrize("subject", ["buses", "trees"])
def test_a_theme_left_out_is_noticed(comments: pd.DataFrame, subject: str) -> None:
    quoted = chosen(comments[comments["themes"] != subject])
    found = verdicts(exemplars.audit(comments, list(quoted["comment_id"])), "theme")
    assert found[subject] == exemplars.WORSE
    assert [theme for theme, verdict in found.items() if verdict == exemplars.WORSE] == [subject]


def test_a_stance_left_out_is_noticed(comments: pd.DataFrame) -> None:
    quoted = chosen(comments[comments["stance"] == "for"], 5)
    found = verdicts(exemplars.audit(comments, list(quoted["comment_id"])), "stance")
    assert found["against"] == exemplars.WORSE
    assert found["for"] == exemplars.BETTER


def test_quoting_one_text_again_and_again_is_worse_than_chance(comments: pd.DataFrame) -> None:
    copies = comments.iloc[[0] * 20].assign(comment_id=[f"d{n}" for n in range(20)])
    audit = exemplars.audit(pd.concat([comments, copies]), list(copies["comment_id"]))
    assert audit.table["verdict"].iloc[0] == exemplars.WORSE


def test_a_random_sample_is_as_random(comments: pd.DataFrame) -> None:
    picked = [
        exemplars.audit(comments, list(comments.sample(24, random_state=seed)["comment_id"])).table["verdict"].iloc[0]
        for seed in range(5)
    ]
    assert picked.count(exemplars.AS_RANDOM) >= 4


def test_coverage_is_the_mean_likeness_by_content_words() -> None:
    """Checked by hand: with one quoted, two of thirty share half of their words with it and the rest none."""
    texts = ["cats purr", "cats sleep", "cats bark", *(f"word{n}" for n in range(27))]
    rows = pd.DataFrame({"comment_id": [f"c{n:02}" for n in range(30)], "text": texts})
    whole = exemplars.audit(rows, ["c00", "unknown"]).table.iloc[0]
    assert whole["coverage"] == pytest.approx((1 + 1 / 3 + 1 / 3) / 30, abs=1e-6)
    assert whole["random_low"] <= whole["random_mean"] <= whole["random_high"]


def test_lengths_are_audited_in_stated_bands() -> None:
    texts = [f"{'word ' * length}end{number}" for number, length in enumerate([5] * 20 + [40] * 20 + [90] * 20)]
    rows = pd.DataFrame({"comment_id": [f"c{n:02}" for n in range(60)], "text": texts})
    lengths = exemplars.audit(rows, ["c01", "c21", "c41"]).table.query("group_kind == 'length'")
    assert list(lengths["group"]) == ["up to 20 words", "21 to 60 words", "over 60 words"]
    assert list(lengths["comments"]) == [20, 20, 20]
    assert list(lengths["quoted"]) == [1, 1, 1]


@pytest.mark.parametrize(
    ("count", "quoted", "reason"),
    [
        (7, ["c0000"], "7 comments are too few"),
        (0, [], "0 comments are too few"),
        (50, [], "None of the comments"),
        (50, [f"c{n:04}" for n in range(50)], "All comments"),
    ],
)
def test_where_nothing_can_be_said_the_reason_is(
    comments: pd.DataFrame, count: int, quoted: list[str], reason: str
) -> None:
    audit = exemplars.audit(comments.head(count), quoted)
    assert audit.reason.startswith(reason)
    assert audit.table.empty
    assert tuple(audit.table.columns) == exemplars.AUDIT_COLUMNS
