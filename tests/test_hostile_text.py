"""Text from outside: stored verbatim, shown as text, run nowhere, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup, Tag

import hostile_texts
import topics
from brief.data.loading import load
from brief.prose.plain import shown as as_in_pictures
from brief.site.office import handout_of, module_for, written
from brief.site.pdf.fitting import paragraph
from brief.site.verifying import office
from brief.site.verifying.stored import of_folder
from conftest import once
from hostile_texts import ADDRESS, ENDING, NAMES, SHORT, SOURCE, TEXTS
from test_pdf import joined, text_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DATA = ("application/json", "application/ld+json")
#: Where each text stands on the site, apart from the longest: below these elements of these pages.
PLACES = {
    "article": ".quoted-paragraph .verbatim",
    "comments": "#table-reply-matrix",
    "data": ".corrections",
    "methods": "#table-plan",
    "options": "#table-options",
    "timeline": ".events td, .stacks",
    "who-said-what": ".claim__why",
}


@pytest.fixture(scope="module")
def hostile() -> Path:
    return once("hostile", lambda folder: topics.built(hostile_texts.brief(folder / "brief"))) / "brief"


def test_it_is_stored_verbatim(hostile: Path) -> None:
    (batch,) = load(hostile).comments()
    assert list(batch["text"]) == TEXTS


def test_it_is_shown_as_text(hostile: Path) -> None:
    markup = (hostile / "_build/html/comments.html").read_bytes().decode("utf-8")
    assert "\r" not in markup, "a browser would alter it"
    page = BeautifulSoup(markup, "html.parser")
    shown = [element.get_text() for element in page.select("blockquote.verbatim")]
    assert shown == TEXTS
    assert not page.select("img, b[onmouseover], [onerror]")
    index = BeautifulSoup((hostile / "_build/html/index.html").read_text(encoding="utf-8"), "html.parser")
    assert index.title is not None and NAMES in index.title.get_text()


@pytest.mark.parametrize("name", PLACES)
def test_it_is_shown_as_text_wherever_the_contract_lets_a_text_stand(hostile: Path, name: str) -> None:
    page = BeautifulSoup((hostile / f"_build/html/{name}.html").read_bytes().decode("utf-8"), "html.parser")
    shown = "\n".join(element.get_text() for element in page.select(PLACES[name]))
    # An article's lines end in line feeds alone, and a point of the plan is one line of the brief's own, shown as names
    # are; elsewhere a text is given back sign by sign.
    texts = {
        "article": [text.replace("\r\n", "\n") for text in SHORT],
        "methods": [as_in_pictures(text) for text in SHORT],
    }.get(name, SHORT)
    assert [text for text in texts if text not in shown] == []


def test_sources_and_the_feed_show_it_as_text(hostile: Path) -> None:
    site = hostile / "_build" / "html"
    entry = BeautifulSoup((site / "sources.html").read_text(encoding="utf-8"), "html.parser").find(
        id=f"source-{SOURCE}"
    )
    plain = NAMES.replace("{", "").replace("}", "")  # braces are BibTeX's own
    assert isinstance(entry, Tag) and entry.get_text().count(plain) == 4
    assert [link["href"] for link in entry.select("a")] == [ADDRESS]
    feed = ElementTree.parse(site / "feed.xml").getroot()
    assert [one.text for one in feed if one.tag.endswith("}title")] == [f"title {NAMES}{ENDING}"]


def test_the_pdf_shows_it_as_text(hostile: Path) -> None:
    told = joined(text_of(hostile / "_build/html/new-brief-full.pdf"))
    for text in SHORT:
        # Signs that the fonts lack, and those that only turn the direction, are not compared.
        for part in re.findall(r"[!-~]{4,}", text):
            assert part in told
    assert "\ufffd" not in told, "a line's end, a tab: each is a space where a cell has one line"
    assert "root:" not in told
    # At the head of each page the title is cut to a line: whole, it would leave the pages no room.
    pages = re.search(r"Page2of(\d+)", told)
    assert pages is not None and 0 < told.count("to-the-end") < int(pages[1]) / 2


@pytest.mark.parametrize("end", ["\n", "\r\n", "\t", " \n\n ", "\x0b", "\x85", "\u2028"])
def test_a_quoted_comment_has_a_space_where_its_lines_end(end: str) -> None:
    assert paragraph(f"I fully support this.{end}My kids")["c"] == ["I fully support this. My kids"]


def test_the_word_file_that_was_just_written_is_sound(hostile: Path, tmp_path: Path) -> None:
    site = hostile / "_build" / "html"
    path = tmp_path / "brief.docx"
    path.write_bytes(written(module_for(path), handout_of(hostile, site), hostile))
    report = office.compare(path, office.Site(of_folder(site)))
    assert [str(fault) for fault in report.findings] == []


def test_no_script_of_it_stands_anywhere(hostile: Path) -> None:
    site = hostile / "_build" / "html"
    for path in [*site.rglob("*.html"), *site.rglob("*.svg")]:
        if path.suffix == ".svg":
            ElementTree.parse(path)
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for script in soup.find_all("script"):
            assert "hacked" not in script.get_text() or script.get("type") in DATA, path.name
        assert not soup.select("svg script, [onload], [onerror], [onmouseover]"), path.name
    for path in site.rglob("*.json"):
        json.loads(path.read_text(encoding="utf-8"))
    assert not list(hostile.rglob("hacked"))


def test_authors_are_pseudonyms_everywhere(hostile: Path) -> None:
    for name, content in topics.files_of(hostile / "_build" / "html").items():
        assert b'onmouseover="window.hacked=3"' not in content, name
        assert b"onmouseover=&#34;window.hacked=3" not in content, name


def test_a_spreadsheet_computes_nothing(hostile: Path) -> None:
    for path in (hostile / "_build/html/figures").glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                assert not [cell for cell in row if cell.startswith(("=", "+", "@", "\t", "\r"))], path.name


def test_a_browser_runs_none_of_it(hostile: Path, browser: Browser) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url))
    for path in sorted((hostile / "_build" / "html").rglob("*.html")):
        page.goto(path.as_uri(), wait_until="networkidle")
        for figure in page.locator("figure.exhibit").all():
            if figure.is_visible():
                figure.hover()
        page.wait_for_load_state("networkidle")
        page.evaluate("document.querySelectorAll('details').forEach(closed => { closed.open = true; })")
        assert page.evaluate("window.hacked") is None, path.name
        links = page.evaluate("[...document.links].map(link => link.protocol)")
        assert set(links) <= {"file:", "https:"}, path.name
    page.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith(("file://", "data:"))] == []
