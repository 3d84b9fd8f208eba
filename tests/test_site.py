"""The site of this brief: every word of the page it began from, every number at its source, every link inside it."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup, Tag
from PIL import Image

from brief.data.bibliography import read_sources
from brief.findings.facts import Fact
from conftest import PAGES, ROOT

FIGURES = (
    *(
        "alignment",
        "claims-ladder",
        "comment-tiles",
        "one-leaked-secret",
        "options-on-criteria",
        "timeline",
        "voice-strip",
        "what-is-missing",
        "who-reads-what",
    ),
)


def page(site: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="session")
def pages(built_site: Path) -> dict[str, BeautifulSoup]:
    return {name: page(built_site, name) for name in PAGES}


def stored_paragraphs() -> list[str]:
    (article,) = (ROOT / "data" / "articles").glob("*.md")
    text = article.read_text(encoding="utf-8").split("\n---\n", 1)[1]
    return [paragraph for paragraph in text.strip("\n").split("\n\n") if paragraph]


def stored_comments() -> list[dict[str, str]]:
    (collection,) = (ROOT / "data" / "comments").glob("*.csv")
    with collection.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_claim_has_a_subject_and_its_fold_a_name_of_its_own(pages: dict[str, BeautifulSoup]) -> None:
    claims = pages["who-said-what"].select(".claim")
    folded = [claim.select_one(".claim__more > summary") for claim in claims]
    names = [fold.get_text() for fold in folded if fold is not None]
    assert len(names) == len(set(names)) == len(claims)
    titles = [claim.select_one(".claim__words a") for claim in claims]
    assert "\u201c[WhatsApp] can\u2019t see the actual messages being sent\u201d" in [
        title.get_text() for title in titles if title
    ]


def test_every_paragraph_stands_in_one_element_exactly_as_stored(pages: dict[str, BeautifulSoup]) -> None:
    paragraphs = stored_paragraphs()
    assert len(paragraphs) == 7
    shown = [element.get_text() for element in pages["article"].select(".quoted-paragraph .verbatim")]
    assert shown == paragraphs


def test_every_source_is_listed_once(pages: dict[str, BeautifulSoup]) -> None:
    entries = pages["sources"].select("ul.sources > li")
    known = read_sources(ROOT)
    assert {str(entry["id"]).removeprefix("source-") for entry in entries} == set(known)
    for entry in entries:
        heading, fold = entry.find_previous("h2"), entry.find_parent("details")
        assert heading is not None and fold is not None and fold.summary is not None
        assert heading.get_text(strip=True) == known[str(entry["id"]).removeprefix("source-")]["keywords"]
        assert fold.summary.get_text().split()[0] == str(len(fold.select("ul.sources > li")))
    assert [entry["id"] for entry in entries if len(entry.find_all("p")) != 1] == []


def test_every_comment_stands_in_one_element_exactly_as_stored(pages: dict[str, BeautifulSoup]) -> None:
    comments = stored_comments()
    assert len(comments) == 7
    shown = {
        str(parent["id"]): element.get_text()
        for element in pages["comments"].select("blockquote.verbatim")
        if (parent := element.find_parent(id=True))
    }
    assert shown == {row["comment_id"]: row["text"] for row in comments}


def test_each_page_has_one_heading_a_title_and_a_language(pages: dict[str, BeautifulSoup]) -> None:
    titles = set()
    for name, soup in pages.items():
        assert len(soup.find_all("h1")) == 1, name
        assert soup.html is not None and soup.html["lang"] == "en"
        titles.add(soup.title.get_text() if soup.title else "")
    assert len(titles) == len(pages) and "" not in titles


def test_ids_are_unique_and_links_inside_the_site_lead_somewhere(
    built_site: Path, pages: dict[str, BeautifulSoup]
) -> None:
    anchors: dict[Path, set[str]] = {}
    for name, soup in pages.items():
        ids = [str(element["id"]) for element in soup.find_all(id=True)]
        anchors[built_site / f"{name}.html"] = set(ids)
        assert len(ids) == len(set(ids)), name
    for name, soup in pages.items():
        for element in soup.find_all(["a", "link", "script", "img", "source", "iframe"]):
            target = str(element.get("href") or element.get("src") or "")
            if not target or re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            path = built_site / (file.split("?")[0] or f"{name}.html")
            assert path.is_file(), f"{name}: {target}"
            if anchor and path.suffix == ".html":
                assert anchor in anchors[path], f"{name}: {target}"


def test_nothing_is_loaded_from_another_host(built_site: Path) -> None:
    for path in built_site.rglob("*.html"):
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for element in soup.find_all(["script", "link", "img", "iframe", "source", "video", "object"]):
            target = str(element.get("src") or element.get("href") or "")
            assert not re.match(r"(?:[a-z]+:)?//", target), f"{path.name}: {target}"
    for path in built_site.rglob("*.css"):
        assert not re.search(r"@import|url\(\s*['\"]?(?:https?:)?//", path.read_text(encoding="utf-8")), path.name


def test_every_number_in_prose_leads_to_its_row_on_the_data_page(pages: dict[str, BeautifulSoup]) -> None:
    rows = {str(row["id"]): row for row in pages["data"].select("tr[id^=fact-]")}
    linked = [link for soup in pages.values() for link in soup.select("a.fact")]
    assert linked
    for link in linked:
        row = rows[str(link["href"]).partition("#")[2]]
        assert str(link["title"]) in row.get_text()


def test_the_facts_are_on_the_site_as_data(built_site: Path, pages: dict[str, BeautifulSoup]) -> None:
    facts = {fact["name"]: fact for fact in json.loads((built_site / "facts.json").read_text(encoding="utf-8"))}
    assert facts["comments-shown"]["value"] == 7
    assert facts["article-words"]["value"] == 373
    assert facts["article-paragraphs"]["value"] == 7
    assert facts["more-comments-exist"]["value"] == "not known"
    assert {f"fact-{name}" for name in facts} == {str(row["id"]) for row in pages["data"].select("tr[id^=fact-]")}
    assert set(Fact.__dataclass_fields__) - {"units", "made_by", "rows"} <= set(facts["comments-shown"])


@pytest.mark.parametrize("figure_id", FIGURES)
def test_a_figure_has_all_its_parts(built_site: Path, pages: dict[str, BeautifulSoup], figure_id: str) -> None:
    (figure,) = [soup.find(id=f"figure-{figure_id}") for soup in pages.values() if soup.find(id=f"figure-{figure_id}")]
    assert isinstance(figure, Tag)
    text = figure.get_text(" ")
    assert re.search(r"Figure \d", text)
    assert len(figure.select(".picture--wide svg, .picture--narrow svg")) == 2
    too_tall = ("timeline", "who-reads-what")
    assert len(figure.select(".picture--paper svg")) == (figure_id in too_tall), "too tall for a page"
    assert not figure.select("svg script, svg foreignObject, svg image")
    assert figure.select_one("[role=img]")
    table = figure.select_one("details table")
    assert table and table.caption and table.select("th[scope=col]")
    assert re.search(r"brief\.figures\.|brief_access\.", text) and "def " in text
    names = {str(link["href"]) for link in figure.select("a[download]")}
    for ending in ("csv", "svg", "png", "json"):
        assert f"figures/{figure_id}.{ending}" in names
        assert (built_site / "figures" / f"{figure_id}.{ending}").stat().st_size > 200
    assert re.search(r"\(CSV, [\d.]+ (?:bytes|KB)\)", text)


def test_the_table_of_a_figure_is_its_csv(built_site: Path, pages: dict[str, BeautifulSoup]) -> None:
    for figure_id in FIGURES:
        with (built_site / "figures" / f"{figure_id}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        for soup in pages.values():
            for table in soup.select(f"#figure-{figure_id} details table"):
                shown = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
                assert len(shown) == len(rows)
                assert [cell.strip() for cell in shown[0]] == [cell.strip() for cell in rows[0]]


def test_the_charts_script_is_only_where_a_figure_is_and_comes_late(pages: dict[str, BeautifulSoup]) -> None:
    for name, soup in pages.items():
        scripts = {str(script.get("src", "")): script.get("data-vega") for script in soup.find_all("script")}
        assert not any("vega-bundle.js" in src for src in scripts), name
        assert bool([late for late in scripts.values() if late]) == bool(soup.select("figure.exhibit")), name


def test_the_site_says_whose_the_words_are(pages: dict[str, BeautifulSoup]) -> None:
    assert "belongs to its author" in pages["article"].get_text()
    assert "CC BY 4.0" in pages["data"].get_text()


def test_the_topic_file_is_what_the_cover_says(pages: dict[str, BeautifulSoup]) -> None:
    topic = yaml.safe_load((ROOT / "data" / "brief.yml").read_text(encoding="utf-8"))
    text = " ".join(pages["index"].get_text(" ").split())
    for key in ("question", "publisher", "contact"):
        assert topic[key] in text


def test_the_printed_matrix_is_the_stored_assessments(pages: dict[str, BeautifulSoup]) -> None:
    """Each cell of the page against the file, read here by itself."""
    folder = ROOT / "data" / "options"
    stored: dict[str, list[dict[str, str]]] = {}
    for name in ("options", "criteria", "assessments"):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            stored[name] = list(csv.DictReader(file))
    told = {
        (row["option_id"], row["criterion_id"]): row["low"] + (f" to {row['high']}" if row["high"] else "")
        for row in stored["assessments"]
    }
    rows = pages["options"].select("#table-performance-matrix tbody tr")
    assert len(rows) == len(stored["options"])
    for option, row in zip(stored["options"], rows, strict=True):
        expected = [
            "no change" if option["baseline"] else told[option["option_id"], criterion["criterion_id"]]
            for criterion in stored["criteria"]
        ]
        assert [cell.get_text() for cell in row.select("td")] == expected, option["name"]


@pytest.mark.parametrize("name", ["index", "who-could-read", "options", "timeline", "methods"])
def test_the_time_to_read_counts_what_a_page_shows_its_tables_included(built_site: Path, name: str) -> None:
    read = page(built_site, name).find("main")
    assert isinstance(read, Tag)
    told = re.search(r"(?:Time to read:|Reading time)\s*(\d+) minute", read.get_text(" "))
    assert told is not None
    for part in read.select(
        "script, style, svg, nav, .on-this-page, .onward, .cover__card, .weighing, details:not(.fold--prose)"
    ):
        part.extract()
    assert len(read.get_text(" ").split()) / 230 == pytest.approx(int(told[1]), abs=1)


def test_the_picture_of_the_readme_shows_the_answer_of_today(built_site: Path) -> None:
    """`python tools/picture.py` takes it anew."""
    answer = page(built_site, "index").select_one(".cover__answer")
    assert answer is not None
    with Image.open(ROOT / "docs" / "summary.png") as picture:
        assert picture.info["The short answer"] == " ".join(answer.get_text().split())
