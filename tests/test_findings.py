"""What the analysis finds, as facts and tables: nothing is estimated of a few comments, and each part comes with its
data."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from brief import figures
from brief.analysis import shares
from brief.book.contents import chosen, read_book
from brief.data.loading import load
from brief.figures import SILENT, Table
from brief.findings.facts import compute_facts
from brief.findings.facts.comments import about_the_analysis
from brief.findings.findings import Findings
from brief.prose.quotations import find
from conftest import ROOT
from consultation import planted
from small_briefs import CODED, COLLECTION, LETTERS, brief, codings

ESTIMATED = (
    *("agreement", "disagreements", "machine-coding", "shares", "themes-from-data", "exemplars", "representation"),
    *("campaigns", "campaign-additions"),
)


def table(table_id: str, given: Any) -> Any:
    """A table of findings, or of a brief that nothing has been found in yet."""
    return figures.tables()[table_id](given if isinstance(given, Findings) else Findings(given), {})


@pytest.fixture(scope="module")
def large() -> Any:
    """A hundred and forty letters on four themes; the first coder has read all, a second one a part."""
    letters = planted(140)
    first = codings(*((place, stance) for place, stance in enumerate(letters["stance"], start=1)))
    second = first.iloc[:40].assign(coder_id="bea")
    second.loc[second.index[::8], "stance"] = "mixed"
    one = brief(list(letters["text"]), codings=pd.concat([first, second], ignore_index=True), batch=50)
    one.topic.coder = "ann"
    one.coders = pd.concat([one.coders, one.coders.assign(coder_id="bea", name="Bea")], ignore_index=True)
    return Findings(one)


@pytest.mark.parametrize("table_id", ESTIMATED)
def test_of_a_few_comments_nothing_is_estimated(table_id: str) -> None:
    assert table(table_id, brief(LETTERS, codings=CODED)) is SILENT


def test_with_one_coder_there_is_no_agreement_to_report() -> None:
    assert "Only one independent coder has read comments" in Findings(brief(LETTERS, codings=CODED)).agreement[1]


def test_each_part_is_computed_once(large: Any) -> None:
    assert large.themes is large.themes


def test_agreement_and_disagreements_stand_side_by_side(large: Any) -> None:
    told = table("agreement", large)
    assert isinstance(told, Table)
    row = told.data.iloc[0]
    assert row["Reading"] == "Stance" and 0 < float(row["Alpha"]) < 1 and " to " in row["Interval"]
    assert "at least 0.800; 0.667 is the lowest limit" in told.note
    assert row["Comments compared"] == 40
    differ = table("disagreements", large)
    assert len(differ.data) == 5
    assert set(differ.data["bea: stance"]) == {"Mixed"}
    assert differ.note.startswith("The coders are ann: person; bea: ")


def test_coders_who_are_not_independent_stand_side_by_side_too() -> None:
    """A program and a person: no alpha, and every comment on which they differ."""
    both: Any = brief(LETTERS, codings=CODED)
    program = CODED.assign(coder_id="model", stance="for")
    both.codings = pd.concat([CODED, program], ignore_index=True)
    both.coders.loc[1] = ["model", "A model", "language model", False, False, "By a program."]
    differ = table("disagreements", Findings(both))
    assert isinstance(differ, Table) and len(differ.data) == 3
    assert differ.note.endswith("Coders who did not work independently are among them.")
    assert table("agreement", Findings(both)) is SILENT
    assert "model: themes" in differ.data
    both.stance_only = frozenset({"model"})
    differ = table("disagreements", Findings(both))
    assert isinstance(differ, Table) and "model: themes" not in differ.data, "nobody looked for themes"


def test_a_model_is_judged_on_what_it_has_not_seen(large: Any) -> None:
    told = table("machine-coding", large)
    assert set(told.data["Stance"]) == {"For closing", "Against closing"}
    assert int(told.data["Coded by hand"].sum()) == 140
    assert (told.data["F1"].astype(float) > 0.8).all()


def test_without_a_random_sample_there_are_no_shares(large: Any, tmp_path: Path) -> None:
    large.brief.root = tmp_path
    assert table("shares", large) is SILENT
    assert "No random sample" in large.shares[1]


def test_where_no_text_was_sent_twice_a_share_stands_once(large: Any) -> None:
    found = Findings(large.brief)
    texts = large.hand.assign(stratum="", submissions=1)
    for sent, rows in ((1, 2), (2, 4)):
        texts.loc[texts.index[0], "submissions"] = sent
        drawn = shares.shares(texts.head(60), ["for", "against"], shares.frame(texts))
        found.__dict__["shares"] = (drawn, "")
        found.__dict__["sample"] = SimpleNamespace(population=len(texts), sample_id="s", rule="Drawn by lot.")
        assert len(table("shares", found).data) == rows


def test_themes_are_named_in_words_of_the_comments(large: Any) -> None:
    told = table("themes-from-data", large)
    assert isinstance(told, Table) and len(told.data) >= 2
    every = " ".join(large.comments["text"]).lower()
    for name in told.data["Theme"]:
        assert all(phrase in every for phrase in name.split("; "))


def test_those_quoted_are_comments_and_are_audited(large: Any) -> None:
    told = table("exemplars", large)
    assert set(told.data["Whole text"]) <= set(large.comments["text"])
    for quote, whole in told.data[["Quotation", "Whole text"]].itertuples(index=False):
        assert find(quote, whole)
    assert told.data.groupby(["Theme", "Stance"]).ngroups == 8, "each of four themes, for and against"
    assert not told.data["Whole text"].duplicated().any()
    audit = table("representation", large)
    assert audit.data["Group"].iloc[0] == "All"
    assert set(audit.data["The quoted do"]) <= {"better", "as random", "worse"}


def test_a_campaign_is_counted_twice_as_submissions_and_as_texts() -> None:
    letter = "Please keep Mill Lane open to cars, because my customers come from far, carry heavy "
    letter += "things home, and there is no bus on a Sunday when the market is open."
    one = brief([letter] * 4 + [f"{letter} I mean it.", f"{letter} Thank you all."] + list(LETTERS))
    told = table("campaigns", one)
    assert told.data[["Submissions", "Distinct texts"]].to_numpy().tolist() == [[6, 3]]
    assert told.data["Each word in at least"].to_list() == ["2 of 3"]
    assert "From" not in told.data, "no date is known"
    added = table("campaign-additions", one)
    assert sorted(added.data["Added"]) == ["I mean it.", "Thank you all."]
    assert "Organised by" not in told.data, "nobody recorded it"
    recorded = Findings(one)
    organisers = [*["The traders"] * 2, "The shops", *[""] * 3, *["Nobody of these"] * len(LETTERS)]
    recorded.__dict__["comments"] = recorded.comments.assign(attr_organiser=organisers)
    assert table("campaigns", recorded).data["Organised by"].to_list() == ["The traders and The shops"]
    assert one.comments is not None and COLLECTION in Findings(one).campaigns[0]["comment_id"][0]


def test_what_is_added_is_added_to_the_letter_that_was_sent() -> None:
    """Words that most changed are gaps of the common text, and yet the letter's: nobody added those."""
    letter = (
        "We ask you to keep Mill Lane open to cars because many customers come from far away and carry heavy things "
    )
    words = f"{letter} things home and no bus stops there on a Sunday when the market is open until late".split()
    edited = [
        " ".join(["anyhow" if place % 8 == turn else word for place, word in enumerate(words)]) for turn in range(8)
    ]
    one = brief([" ".join(words)] * 30 + edited + list(LETTERS))
    assert table("campaigns", one).data["Submissions"].to_list() == [38]
    added = table("campaign-additions", one).data["Added"]
    assert len(added) == 8
    assert set(added.str.cat(sep=" ").split()) == {"anyhow", "[…]"}


def test_comments_among_which_no_campaign_was_looked_for_are_counted() -> None:
    thai = "ข้าพเจ้าคัดค้านการก่อสร้างท่าเรือแห่งนี้ เพราะจะทำลายชายหาดและวิถีชีวิตของชาวประมง"
    facts = {
        count: {fact.name: fact.value for fact in about_the_analysis(Findings(brief([thai] * count + list(LETTERS))))}
        for count in (0, 4)
    }
    assert facts[0]["comments-not-compared"] == 0
    assert facts[4]["comments-not-compared"] == 4 and facts[4]["comments-unspaced"] == facts[4]["campaigns"] == 0


def test_of_a_form_with_many_wordings_nobody_is_said_to_have_added_one() -> None:
    slots = [("keep", "leave", "hold"), ("street", "road", "lane"), ("customers", "guests", "clients")]
    slots += [("far away", "the coast", "the hills"), ("heavy", "large", "bulky"), ("Sunday", "Monday", "Friday")]
    letters = [
        "We ask you to {} the {} open to all cars because our {} come from {} and carry {} things home on a {}".format(
            *(words[(number * (place + 1) + place) % 3] for place, words in enumerate(slots))
        )
        for number in range(12)
    ]
    found = Findings(brief([f"{letter} {number}." for number, letter in enumerate(letters)]))
    assert len(found.campaigns[1]) == 1
    few = found.campaigns[1].assign(shared_by=2)
    found.__dict__["campaigns"] = (found.campaigns[0], few)
    assert table("campaign-additions", found) is SILENT


def test_at_seven_every_block_is_shown_and_no_share(built_site: Path) -> None:
    page = BeautifulSoup((built_site / "comments.html").read_text(encoding="utf-8"), "html.parser")
    assert len(page.select("article.comment")) == 7
    own_words = page.find("main")
    assert own_words is not None
    for quoted in own_words.select("blockquote, td, a.quote, svg, script, pre, details, .pictures, [aria-label]"):
        quoted.decompose()
    told = own_words.get_text(" ")
    assert "%" not in told and "percent" not in told
    assert "interval" not in told and "fragile" not in told and "alpha" not in told
    headings = [heading.get_text() for heading in own_words.select("h2")]
    assert "Campaigns" not in headings and "What share holds what" not in headings


def test_the_reply_matrix_of_the_seven_has_a_download(built_site: Path) -> None:
    page = BeautifulSoup((built_site / "comments.html").read_text(encoding="utf-8"), "html.parser")
    link = page.select_one("a[href='figures/table-reply-matrix.csv']")
    assert link is not None and (built_site / str(link["href"])).is_file()
    region = page.find(id="table-reply-matrix")
    assert region is not None
    rows = region.select("tbody tr")
    assert len(rows) == 7
    assert any("No reply found" in row.get_text() for row in rows)


@pytest.fixture(scope="module")
def told_of_the_large(large: Any) -> dict[str, str]:
    return as_bytes(large.brief)


def as_bytes(one: Any) -> dict[str, str]:
    """Every part of the findings as text, each in the order that it has."""
    found = Findings(one)
    told = {
        "texts": found.texts,
        "assigned": found.campaigns[0],
        "campaigns": found.campaigns[1],
        "agreement": found.agreement[0],
        "model": found.machine_report[0],
        "themes": found.themes.themes,
        "members": found.themes.members,
        "exemplars": found.exemplars,
        "audit": found.audit.table,
    }
    return {name: part.to_csv(index=False) for name, part in told.items()}


@pytest.mark.parametrize("batch", [7, 1000])
def test_other_batch_sizes_give_the_same_bytes(large: Any, told_of_the_large: dict[str, str], batch: int) -> None:
    whole = pd.concat(list(large.brief.comments()), ignore_index=True)
    starts = range(0, len(whole), batch)
    parts = [whole[start : start + batch] for start in starts]
    assert as_bytes(SimpleNamespace(**{**vars(large.brief), "comments": lambda: iter(parts)})) == told_of_the_large


def test_shuffled_rows_give_the_same_bytes(large: Any, told_of_the_large: dict[str, str]) -> None:
    whole = pd.concat(list(large.brief.comments()), ignore_index=True).sample(frac=1, random_state=5)
    shuffled = SimpleNamespace(**{**vars(large.brief), "comments": lambda: iter([whole.reset_index(drop=True)])})
    shuffled.codings = large.brief.codings.sample(frac=1, random_state=6)
    assert as_bytes(shuffled) == told_of_the_large


def test_directions_follow_the_codes(large: Any) -> None:
    """Whoever wrote that the square be rebuilt is counted for it, by every part that names a stance."""
    texts = large.comments.set_index("comment_id")
    wrote_for = texts["text"].str.contains("so rebuild the square")
    assert 0 < wrote_for.sum() < len(texts)
    assert (texts["stance"] == "for").to_list() == wrote_for.to_list()
    quoted = large.exemplars
    assert (quoted["stance"] == "for").to_list() == wrote_for[quoted["comment_id"]].to_list()
    report = large.machine_report[0].set_index("category")["support"]
    assert report["for"] == wrote_for.sum() and report["against"] == (~wrote_for).sum()


def test_what_is_not_recorded_as_read_by_a_person_is_no_hand_code(large: Any) -> None:
    assert len(large.hand) == len(large.comments)
    unknown: Any = SimpleNamespace(**{**vars(large.brief), "coders": large.brief.coders.assign(kind="not recorded")})
    assert Findings(unknown).hand.empty


def test_a_text_whose_copies_were_read_differently_counts_in_each_group() -> None:
    """Copies of the first two letters were read as the opposite, one of the third by nobody."""
    letters = planted(60)
    read = list(letters["stance"])
    other = {"for": "against", "against": "for"}
    texts = [*letters["text"], *letters["text"].iloc[:3]]
    stances = [*read, other[read[0]], other[read[1]]]
    found = Findings(
        brief(texts, codings=codings(*((place, stance) for place, stance in enumerate(stances, start=1))), batch=50)
    )
    rows = found.audit.table[found.audit.table["group_kind"] == "stance"].set_index("group")["comments"]
    assert found.audit.table["comments"].iloc[0] == 60
    coded = found.comments[found.comments["coded"]]
    wanted = {stance: len(set(texts)) for stance, texts in coded.groupby("stance")["text"]}
    assert rows.to_dict() == wanted and sum(wanted.values()) == 62
    assert "under each stance" in table("representation", found).note


def test_a_text_is_quoted_whichever_copy_of_it_is() -> None:
    """The rule may quote the second copy of a letter, where the first was read differently."""
    letters = planted(60)
    texts = [*letters["text"], letters["text"].iloc[0]]
    found = Findings(brief(texts, batch=50))
    found.__dict__["exemplars"] = pd.DataFrame({"comment_id": [f"{COLLECTION}-61"]})
    assert found.audit.table["quoted"].iloc[0] == 1 and found.is_audited


@pytest.mark.parametrize(
    ("read", "says"),
    [
        (0, "in comments that nobody has classified."),
        (70, "and the rest in comments that no theme of the codebook covers."),
        (140, "in comments that no theme of the codebook covers."),
    ],
)
def test_what_nobody_classified_is_not_said_to_be_outside_the_codebook(read: int, says: str) -> None:
    letters = planted(140)
    coded = codings(*((place, stance) for place, stance in enumerate(letters["stance"].iloc[:read], start=1)))
    found = Findings(brief(list(letters["text"]), codings=coded, batch=50))
    known = {fact.name: fact for fact in about_the_analysis(found)}
    unread = int((found.themes.themes["stance"] == "not-coded").sum())
    themes = len(found.themes.themes)
    assert (known["themes-found"].value, known["themes-unclassified"].value) == (themes, unread)
    assert themes > 0 and (unread > 0, unread == themes) == (read < 140, read == 0)
    facts = {**compute_facts(Findings(load(ROOT))), **known}
    (statement,) = [
        one for _, one in read_book(ROOT).statements() if one.statement_id == "what-the-codebook-leaves-out"
    ]
    part = chosen(statement, facts)
    assert part is not None and says in " ".join(part.text.split())
