"""What is stored is seen: replies, votes, attributes, dates, languages; what is not shown is counted."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup

import topics
from brief import figures
from brief.analysis import attributes, shares
from brief.book import listing
from brief.coding import sampling
from brief.data import threads
from brief.data.loading import load
from brief.figures import SILENT, Table
from brief.findings import naming
from brief.findings.facts import compute_facts
from brief.findings.findings import Findings
from brief.store import changes, fields
from conftest import once

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAME = topics.COLLECTION
COLUMNS: dict[str, list[str]] = {
    "parent_id": ["", f"{NAME}-1", f"{NAME}-2", "", f"{NAME}-1", "", f"{NAME}-8", "", "", ""],
    "author": ["Ann Lee"] * 10,
    "posted_at": ["2020-05-01T10:12:00Z", *["2020-05-02"] * 9],
    "edited_at": ["", "2020-05-03", *[""] * 8],
    "language": ["", "de", "en-GB", *[""] * 7],
    "likes": ["1200", "0", *[""] * 8],
    "votes_for": ["3", *[""] * 9],
    "votes_against": ["", "4", *[""] * 8],
    "status": [*[""] * 8, "gone", ""],
    "attr_role": ["Resident", "Trader"] * 5,
    "attr_original_parent": ["a", "b"] * 5,
    "attr_town": ["Mill  Lane", "Mill Lane", "Ask @Ann Lee", *["Mill Lane"] * 7],
}


def stored(root: Path, count: int = 10, **asked: object) -> Findings:
    """What is found in a brief with such comments; the eighth says nothing, the ninth is gone."""
    texts = list(topics.TEXTS[:count])
    texts[7] = "[deleted]"
    topics.asked(root, texts, 5, **{name: cells[:count] for name, cells in COLUMNS.items()})
    if asked:
        file = root / "data" / "brief.yml"
        topics.write(file, yaml.safe_dump(yaml.safe_load(file.read_text(encoding="utf-8")) | asked))
    return Findings(load(root))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    return stored(tmp_path_factory.mktemp("stored") / "brief", attributes=["role"])


@pytest.fixture(scope="module")
def listed(found: Findings) -> dict[str, dict[str, Any]]:
    return {one["label"]: one for one in listing.comments(found)}


# Replies -------------------------------------------------------------------------------------------------------------


def test_replies_stand_under_what_they_answer() -> None:
    answers = [("a", ""), ("b", "a"), ("c", ""), ("d", "b"), ("e", "a"), ("f", "not-there")]
    assert threads.arranged(answers) == [(0, 0), (1, 1), (3, 2), (4, 1), (2, 0), (5, 0)]


def test_a_reply_that_comes_before_what_it_answers_stands_below_it() -> None:
    assert threads.arranged([("reply", "first"), ("first", "")]) == [(1, 0), (0, 1)]


def test_a_thread_may_be_as_deep_as_it_is_long() -> None:
    chain = [(f"c{n}", f"c{n - 1}" if n else "") for n in range(5_000)]
    assert threads.arranged(chain) == [(n, n) for n in range(5_000)]


def test_the_page_lists_replies_below_with_a_link_up(listed: dict[str, dict[str, Any]]) -> None:
    assert [(one["label"], one["depth"]) for one in listed.values()] == [
        *(("Comment 1", 0), ("Comment 2", 1), ("Comment 3", 2), ("Comment 5", 1), ("Comment 4", 0)),
        *(("Comment 6", 0), ("Comment 7", 0), ("Comment 10", 0)),
    ]
    assert listed["Comment 3"]["answers"] == {"id": f"{NAME}-2", "label": "Comment 2"}
    assert listed["Comment 1"]["answers"] is None
    assert listed["Comment 7"]["answers"] == {"id": "", "label": ""}, "it answers what says nothing"


def test_what_is_answered_and_not_listed_is_named_without_a_link(tmp_path: Path) -> None:
    count = 60
    root = topics.asked(
        tmp_path / "brief",
        [f"Letter {n} on the evening hours." for n in range(count)],
        parent_id=[f"{NAME}-{count}", *[""] * (count - 1)],
    )
    first = listing.comments(Findings(load(root)))[0]
    assert first["answers"] == {"id": "", "label": f"Comment {count}"}


# What stands beside a comment ----------------------------------------------------------------------------------------


def test_votes_likes_dates_and_languages_are_as_people_write_them(listed: dict[str, dict[str, Any]]) -> None:
    first, second, third = (listed[f"Comment {n}"] for n in (1, 2, 3))
    assert first["posted_at"] == "1 May 2020, 10:12 UTC" and second["edited_at"] == "3 May 2020"
    assert (first["likes"], first["votes_for"], first["votes_against"]) == (1200, 3, None)
    assert (second["likes"], second["votes_for"], second["votes_against"]) == (0, None, 4)
    assert (first["language"], first["language_name"]) == ("", "")
    assert (second["language"], second["language_name"]) == ("de", "German")
    assert (third["language"], third["language_name"]) == ("en-GB", ""), "the language of the page"


def test_a_coding_of_an_earlier_text_has_a_mark(tmp_path: Path) -> None:
    root = tmp_path / "brief"
    stored(root)
    codings = root / "data" / "codings" / "ann.csv"
    frame = pd.read_csv(codings, dtype="str", keep_default_na=False)
    frame["text_read"] = ["earlier", *[""] * (len(frame) - 1)]
    frame.to_csv(codings, index=False)
    first, second = listing.comments(Findings(load(root)))[:2]
    assert first["coding"]["of_earlier_text"] and not second["coding"]["of_earlier_text"]


def test_what_is_not_shown_is_counted(tmp_path: Path) -> None:
    root = tmp_path / "brief"
    stored(root)
    with changes.changing(root) as made:
        frame = pd.read_csv(root / f"data/comments/{NAME}.csv", dtype="str", keep_default_na=False)
        frame.loc[9, ["status", "text", "author"]] = ["withdrawn", "", ""]
        made.write(f"data/comments/{NAME}.csv", frame.to_csv(index=False))
    facts = compute_facts(Findings(load(root)))
    counted = ("shown", "without-text", "gone", "withdrawn", "replies")
    assert [facts[f"comments-{name}"].value for name in counted] == [7, 1, 1, 1, 4]


# Attributes ----------------------------------------------------------------------------------------------------------


def test_attributes_whose_values_point_at_nobody_are_counted_and_stand_beside_no_comment(tmp_path: Path) -> None:
    """A town of one comment is not, nor what an export calls the comment that is answered."""
    unasked = stored(tmp_path / "brief")
    assert unasked.attributes == {"attr_role": {"Resident": 4, "Trader": 4}}
    assert not {"attr_town", "attr_original_parent"} & set(unasked.comments.columns)
    shown_beside = listing.comments(unasked)
    assert shown_beside and not any(
        comment["attributes"] or "attr_role" in comment["groups"] for comment in shown_beside
    )


def test_a_maintainer_says_which_attributes_are_shown(tmp_path: Path) -> None:
    one = stored(tmp_path / "one", attributes=["town", "attr_role"])
    towns = one.attributes["attr_town"]
    assert list(one.attributes) == ["attr_town", "attr_role"] and towns["Mill Lane"] == 7, "spaces do not count"
    assert not any("Ann Lee" in value for value in towns), "an author's name is masked in them too"
    assert stored(tmp_path / "none", attributes=[]).attributes == {}


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 3, "b": 3}, True),
        ({"a": 3, "b": 3, "": 1}, True),
        ({"a": 300, "b": 2}, False),
        ({"a": 300}, False),
        ({str(n): 9 for n in range(12)}, True),
        ({str(n): 9 for n in range(13)}, False),
        (None, False),
    ],
)
def test_which_attributes_are_shown_unasked(counts: dict[str, int] | None, shown: bool) -> None:
    assert attributes.seen({"attr_role": counts}, None) == ["attr_role"] * shown


def test_batches_and_their_order_make_no_difference() -> None:
    chance = np.random.default_rng(4)
    rows = pd.DataFrame(
        {f"attr_{name}": chance.integers(0, most, 400).astype(str) for name, most in (("a", 3), ("b", 80))}
    )
    whole = attributes.count(rows)
    parts: attributes.Counts = {}
    for part in np.array_split(chance.permutation(400), 7):
        parts = attributes.merge(parts, attributes.count(rows.iloc[part]))
    assert parts == whole and whole["attr_b"] is None and sum((whole["attr_a"] or {}).values()) == 400


def test_readers_choose_by_what_tells_the_listed_comments_apart(found: Findings) -> None:
    one = listing.comments(found)
    assert [(choice["name"], choice["values"]) for choice in listing.choices(found, one)] == [
        ("Role", [["Resident", 4], ["Trader", 4]]),
        ("Language", [["English", 7], ["German", 1]]),
    ]
    twelve = [*one, *one[:4]]
    assert [choice["name"] for choice in listing.choices(found, twelve)] == ["Role", "Language", "Stance", "Theme"]


def shown(name: str, findings: Findings) -> Table:
    table = figures.tables()[name](findings, {})
    assert isinstance(table, Table)
    return table


def test_the_breakdown_counts_stances_by_group(found: Findings) -> None:
    data = shown("attributes", found).data.set_index("Group")
    assert list(data.index) == ["Role: Resident", "Role: Trader"]
    assert data["Comments"].to_list() == [4, 4]
    assert (data.drop(columns="Comments").sum(axis=1) == data["Comments"]).all()
    assert figures.tables()["attribute-shares"](found, {}) == SILENT, "no random sample, no share"


def test_without_codings_or_attributes_the_breakdown_says_less(tmp_path: Path) -> None:
    texts = list(topics.TEXTS[:6])
    uncoded = Findings(load(topics.asked(tmp_path / "a", texts, attr_role=["x", "y"] * 3)))
    assert list(shown("attributes", uncoded).data.columns) == ["Group", "Comments"]
    assert figures.tables()["attributes"](Findings(load(topics.asked(tmp_path / "b", texts))), {}) == SILENT


def test_only_those_who_were_asked_are_counted_by_an_attribute(tmp_path: Path) -> None:
    root = topics.asked(
        tmp_path / "brief", list(topics.TEXTS[:8]), attr_answer=["for", "against", "for", "against"] * 2
    )
    answers = root / "data" / "comments" / f"{topics.COLLECTION}.csv"
    survey = answers.read_text(encoding="utf-8")
    topics.write(answers, survey.replace(",for,", ",,", 1) if ",for," in survey else survey.replace(",for\n", ",\n", 1))
    rows = "".join(f"forum-{n},{n},Nobody asked me about hours {n}.\n" for n in range(1, 4))
    topics.write(answers.with_name("forum.csv"), f"comment_id,position,text\n{rows}")
    file = root / "data" / "brief.yml"
    topic = yaml.safe_load(file.read_text(encoding="utf-8"))
    topic["collections"].append({"id": "forum", "question": "What else?", "how": "Copied from the forum."})
    topics.write(file, yaml.safe_dump(topic | {"attributes": ["answer"]}))
    both = Findings(load(root))
    table = shown("attributes", both)
    assert dict(zip(table.data["Group"], table.data["Comments"], strict=True)) == {
        "Answer: against": 4,
        "Answer: for": 3,
        "Answer: not stated": 1,
    }
    assert table.note.endswith("Answer: those who were not asked are left out (3 comments).")
    stated = listing.Groups(both)
    values = [stated(row, "")["attr_answer"] for row in naming.rows_of(both.comments)]
    assert sorted(value for (value,) in values) == ["Not asked"] * 3 + ["Not stated"] + ["against"] * 4 + ["for"] * 3


# Shares within a group -----------------------------------------------------------------------------------------------


def population(count: int, seed: int) -> pd.DataFrame:
    chance = np.random.default_rng(seed)
    group = np.where(chance.random(count) < 0.5, "town", "country")
    likely = np.where(group == "town", 0.7, 0.3)
    frame = pd.DataFrame({"comment_id": [f"c{n:04}" for n in range(count)], "group": group})
    frame["stance"] = np.where(chance.random(count) < likely, "for", "against")
    return frame.assign(stratum="all", submissions=1)


def test_a_group_that_is_everybody_has_the_shares_of_everybody() -> None:
    texts = population(600, 1)
    drawn = pd.Series(np.arange(600) % 6 == 0)
    whole = shares.shares(texts[drawn], ["against", "for"], shares.frame(texts))
    found = shares.within(texts, drawn, ["against", "for"])
    pd.testing.assert_frame_equal(found, whole[whole["estimand"] == shares.TEXTS].reset_index(drop=True))


def test_intervals_within_a_group_cover_as_often_as_they_say() -> None:
    texts = population(800, 2)
    town = texts[texts["group"] == "town"]
    true, hits, runs = (town["stance"] == "for").mean(), 0, 300
    for run in range(runs):
        chosen = np.random.default_rng(run).choice(800, 200, replace=False)
        drawn = town["comment_id"].isin(texts["comment_id"].iloc[chosen])
        row = shares.within(town, drawn, ["for"]).iloc[0]
        hits += row["low"] <= true <= row["high"]
    assert 0.92 <= hits / runs <= 0.985


@pytest.mark.parametrize(("texts", "drawn"), [(99, 60), (600, 29), (600, 0)])
def test_a_group_too_small_to_tell_has_no_share(texts: int, drawn: int) -> None:
    assert shares.within(population(texts, 3), pd.Series(np.arange(texts) < drawn), ["for"]).empty


def test_a_stratum_of_which_one_text_was_drawn_tells_nothing() -> None:
    texts = population(600, 5)
    texts.loc[:50, "stratum"] = "rare"
    drawn = pd.Series(np.arange(600) > 500)
    assert shares.within(texts, drawn, ["for"]).empty


def test_a_random_sample_gives_shares_by_group(tmp_path: Path) -> None:
    texts = [f"Letter {n} on the evening hours." for n in range(400)]
    root = topics.asked(tmp_path / "brief", texts, attr_role=["Resident", "Trader"] * 200)
    topics.code(root / "data", ["for"])
    sample, _ = sampling.sample(root, 100, "", 1, tmp_path / "sheet.csv")
    rows = [
        (name, "1", "for" if int(name.rpartition("-")[2]) % 3 else "against", "2026-01-01") for name in sample.comments
    ]
    coded = pd.DataFrame(rows, columns=["comment_id", "codebook_version", "stance", "coded_at"])
    coded.to_csv(root / "data" / "codings" / "ann.csv", index=False)
    table = shown("attribute-shares", Findings(load(root)))
    residents = table.data[table.data["Group"] == "Role: Resident"]
    assert residents["Stance"].to_list() == ["For", "Against"] and table.choose == ("Group",)
    assert all(" to " in words for words in table.data["Interval"])


# In a browser --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site() -> Path:
    def make(folder: Path) -> None:
        stored(folder / "brief", attributes=["role"])
        topics.built(folder / "brief")

    return once("what-is-stored", make) / "brief" / "_build" / "html"


@pytest.fixture
def page(browser: Browser, site: Path, serve: Callable[[Path], str]) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 390, "height": 900})
    opened = context.new_page()
    opened.goto(f"{serve(site)}/comments.html", wait_until="networkidle")
    yield opened
    context.close()


def test_a_reader_chooses_comments_with_the_keyboard_and_asks_nobody(page: Any) -> None:
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    # A browser fetches the sign of a site when it likes.
    page.on("request", lambda request: None if "favicon" in request.url else asked.append(request.url))
    group = page.get_by_role("group", name="Choose which of the listed comments to see")
    visible = page.locator("article.comment:visible")
    assert visible.count() == 8 and group.get_by_role("status").inner_text() == "Comments shown: 8 of 8"
    group.get_by_label("Role").focus()
    page.keyboard.press("T")
    assert visible.count() == 4 and group.get_by_role("status").inner_text() == "Comments shown: 4 of 8"
    assert "Resident" not in " ".join(visible.all_inner_texts())
    group.get_by_label("Language").select_option("German")
    assert visible.count() == 1
    visible.get_by_role("link", name="Comment 1", exact=True).click()
    page.locator(f"#{NAME}-1").wait_for(state="visible")
    assert visible.count() == 8, "a link leads to what was not chosen"
    assert asked == []


def test_on_paper_and_without_scripts_every_comment_stands(
    page: Any, browser: Browser, site: Path, serve: Callable[[Path], str]
) -> None:
    page.get_by_label("Language").select_option("German")
    page.emulate_media(media="print")
    assert page.locator("article.comment:visible").count() == 8
    context = browser.new_context(java_script_enabled=False)
    silent = context.new_page()
    silent.goto(f"{serve(site)}/comments.html")
    assert silent.locator("article.comment:visible").count() == 8
    assert silent.locator(".chooser:visible").count() == 0
    context.close()


def test_the_markup_says_what_answers_what_and_in_which_language(site: Path) -> None:
    soup = BeautifulSoup((site / "comments.html").read_text(encoding="utf-8"), "html.parser")
    second = soup.find(id=f"{NAME}-2")
    assert second is not None
    assert second.select_one("blockquote[lang=de]") and "Language German" in " ".join(second.stripped_strings)
    link = second.select_one(".comment__answers a")
    assert link is not None and link["href"] == f"#{NAME}-1"
    seventh = soup.find(id=f"{NAME}-7")
    assert seventh is not None and "In reply to a comment that is not shown" in seventh.get_text(" ", strip=True)
    assert not soup.select("[style], [onclick], [onchange]")


def test_a_brief_that_changes_its_attributes_shows_others(site: Path, tmp_path: Path) -> None:
    root = tmp_path / "brief"
    shutil.copytree(site.parents[1] / "data", root / "data")
    file = root / "data" / "brief.yml"
    keys = yaml.safe_load(file.read_text(encoding="utf-8")) | {"attributes": ["town"]}
    topics.write(file, yaml.safe_dump(keys, allow_unicode=True))
    assert list(Findings(load(root)).attributes) == ["attr_town"]


def test_a_question_as_the_name_of_an_attribute_keeps_its_words_in_order() -> None:
    asked = "Do you consider yourself to have a health condition or a disability?"
    assert fields.attribute(asked) == "attr_do_you_consider_yourself_to_have_a_health_condition_or_a_disability"
    long = fields.attribute(f"{asked} If so, say which, as far as you wish to tell us here.")
    assert long.startswith(fields.attribute(asked)) and len(long) <= 85
