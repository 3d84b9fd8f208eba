"""What a brief says of itself: who made it and its judgements, its terms, and how a mistake is reported."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from brief.analysis.agreement import independent_coders
from brief.data.examining import examine
from brief.data.loading import load
from brief.figures import SILENT, Table, tables
from brief.findings.facts import Fact, compute_facts, values
from brief.findings.facts.makers import about_the_next_steps
from brief.findings.findings import Findings
from brief.prose.conditions import Value
from brief.site.templating import rendered
from conftest import ROOT
from small_briefs import CODED, LETTERS, brief
from topics import library


def told(facts: Iterable[Fact]) -> dict[str, Value]:
    return {fact.name: fact.value for fact in facts}


def test_the_criteria_to_ask_about_first_are_those_that_could_decide_most() -> None:
    given = told(about_the_next_steps(Findings(brief(LETTERS, codings=CODED))))
    assert given["to-know-first"] == "Trade"


@pytest.mark.parametrize(
    ("contact", "href"),
    [
        ("https://gazette.example/mistakes", "https://gazette.example/mistakes"),
        ("mailto:desk@gazette.example", "mailto:desk@gazette.example"),
        ("Write to the reading room.", ""),
        ("javascript:alert(1)", ""),
        ("See https://gazette.example/", ""),
    ],
)
def test_a_contact_that_is_an_address_becomes_a_link(tmp_path: Path, contact: str, href: str) -> None:
    topic = replace(load(library(tmp_path / "brief")).topic, contact=contact)
    assert topic.contact_href == href
    keys = {"contact": contact, "contact_href": topic.contact_href, "contact_words": topic.contact_words}
    page = rendered("corrections.html", topic=keys, listed=False)
    assert (f'<a href="{href}">Report a mistake</a>' in page) == bool(href)
    assert (contact in page) == (contact == href or not href)


def test_terms_stand_in_a_table_with_their_sources() -> None:
    examined = examine(ROOT)
    assert examined.brief is not None and examined.faults == []
    made = tables()["glossary"](Findings(examined.brief), {})
    assert isinstance(made, Table) and list(made.data.columns) == ["Term", "What it means", "Source"]
    assert len(made.data) == len(examined.brief.glossary) == made.data["Term"].nunique()
    assert list(made.data["Term"]) == sorted(made.data["Term"], key=str.casefold)


def test_of_the_terms_those_of_an_article_stand_beside_it() -> None:
    brief = load(ROOT)
    made = tables()["article-terms"](Findings(brief), {})
    text = " ".join(words for article in brief.articles for words in article.paragraphs).lower()
    assert isinstance(made, Table) and "Metadata" in set(made.data["Term"])
    assert set(made.data["Term"]) == {term for term in brief.glossary["term"] if term.lower() in text}


def test_without_a_glossary_nothing_stands_in_its_place(tmp_path: Path) -> None:
    root = library(tmp_path / "brief")
    shutil.rmtree(root / "book")
    one = load(root)
    assert tables()["glossary"](Findings(one), {}) is SILENT
    assert tables()["article-terms"](Findings(one), {}) is SILENT
    assert values(compute_facts(Findings(one)))["terms"] == 0


def test_what_is_not_recorded_of_a_coder_is_no_claim_that_it_was_not_so(tmp_path: Path) -> None:
    root = library(tmp_path / "brief")
    place = root / "data" / "coders.yml"
    coders = yaml.safe_load(place.read_text(encoding="utf-8"))
    coders[0] |= {"kind": "not recorded", "blind": "unknown", "independent": "unknown"}
    coders.append({**coders[0], "id": "second", "blind": False, "independent": True})
    place.write_text(yaml.safe_dump(coders), encoding="utf-8")
    assert examine(root).faults == []
    findings = Findings(load(root))
    shown = tables()["coders"](findings, {})
    assert isinstance(shown, Table)
    assert list(shown.data["Blind"]) == ["not recorded", "no"]
    assert list(shown.data["Independent"]) == ["not recorded", "yes"]
    assert independent_coders(findings.brief.coders) == ["second"]
    assert compute_facts(findings)["readings-independent"].value == 1


def test_no_reading_of_this_brief_whose_maker_is_unknown_says_how_it_was_made() -> None:
    coders = load(ROOT).coders
    unknown = coders[coders["kind"] == "not recorded"]
    assert len(unknown) and unknown[["blind", "independent"]].isna().all(axis=None)
