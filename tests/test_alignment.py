"""What comments answer in the article: set by hand, suggested where nobody has looked, and linked both ways."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from brief.analysis import alignment
from brief.analysis.alignment import ANSWERS, BY_HAND, NEITHER, RAISES, SUGGESTED
from brief.findings.findings import Findings
from small_briefs import COLLECTION, LETTERS, brief, claim_register, comments

NAMES = [f"{COLLECTION}-{place}" for place in range(1, 6)]
GUESSED = pd.DataFrame({"comment_id": [NAMES[0], NAMES[3]], "target_id": ["count", "worry"]})


def rows(suggested: pd.DataFrame | None = None) -> pd.DataFrame:
    return alignment.annotate(comments(LETTERS), claim_register().alignment, suggested)


def test_what_was_set_by_hand_stands_by_comment_and_target() -> None:
    assert list(rows().itertuples(index=False, name=None)) == [
        (NAMES[0], ANSWERS, "close", BY_HAND),
        (NAMES[0], RAISES, "noise", BY_HAND),
        (NAMES[1], ANSWERS, "close", BY_HAND),
        (NAMES[1], ANSWERS, "worry", BY_HAND),
        (NAMES[2], NEITHER, "", BY_HAND),
    ]


def test_a_suggestion_is_marked_and_never_stands_beside_a_reading() -> None:
    with_guess = rows(GUESSED)
    assert list(with_guess[with_guess["how"] == SUGGESTED].itertuples(index=False, name=None)) == [
        (NAMES[3], ANSWERS, "worry", SUGGESTED)
    ]
    assert NAMES[4] not in set(with_guess["comment_id"])


def test_claims_without_an_answer_keep_their_order() -> None:
    total = alignment.summarise(rows())
    assert alignment.unanswered(total, ["count", "worry", "close", "other"]) == ["count", "other"]
    assert alignment.number(total, ANSWERS, "close") == 2
    assert alignment.number(total, ANSWERS) == 3


@pytest.mark.parametrize("seed", range(3))
def test_counts_do_not_depend_on_batches_or_their_order(seed: int) -> None:
    chance = random.Random(seed)
    frame = comments(LETTERS).sample(frac=1, random_state=seed)
    cut = chance.randrange(len(frame) + 1)
    parts = [
        alignment.annotate(part, claim_register().alignment, GUESSED) for part in (frame.iloc[:cut], frame.iloc[cut:])
    ]
    summaries = [alignment.summarise(part) for part in parts]
    assert alignment.merge(summaries).equals(alignment.summarise(rows(GUESSED)))


def test_a_new_comment_gets_the_claim_whose_words_are_most_like_it() -> None:
    one = brief([*LETTERS, "The council wants to close Mill Lane to cars, and it is right."])
    found = Findings(one).aligned
    new = found[found["comment_id"] == f"{COLLECTION}-6"]
    assert list(new.itertuples(index=False, name=None)) == [(f"{COLLECTION}-6", ANSWERS, "close", SUGGESTED)]


def test_a_comment_like_no_claim_gets_no_suggestion() -> None:
    one = brief([*LETTERS, "Zzz qqq xxx."])
    assert f"{COLLECTION}-6" not in set(Findings(one).aligned["comment_id"])


def test_claims_and_comments_link_to_each_other_on_the_site(built_site: Path) -> None:
    """Every claim that a comment answers leads to the comment, and the comment back to the claim."""
    pages = {
        name: BeautifulSoup((built_site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        for name in ("who-said-what", "comments")
    }
    to_comments = {
        (str(link["href"]).rpartition("#")[2], str(claim["id"]))
        for claim in pages["who-said-what"].select(".claim")
        for link in claim.select(".claim__answered a")
    }
    to_claims = {
        (str(comment["id"]), str(link["href"]).rpartition("#")[2])
        for comment in pages["comments"].select("article.comment")
        for link in comment.select("a[href*='#claim-']")
    }
    assert to_comments == to_claims
    assert len(to_claims) == 6
