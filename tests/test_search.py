"""The search finds a word of every chapter and of every comment, served and as files, and says so if there is none."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_WORD = re.compile(r"[a-z]{6,}")


def comments() -> list[tuple[str, str]]:
    """The longest word of each comment."""
    (path,) = (ROOT / "data" / "comments").glob("*.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            (row["comment_id"], max(_WORD.findall(row["text"].lower()), key=len, default=""))
            for row in csv.DictReader(file)
        ]
    return [(name, word) for name, word in rows if word]


def rarest(site: Path) -> dict[str, str]:
    """For each chapter the word of its text that stands on the fewest others."""
    texts = {}
    for path in site.glob("*.html"):
        main = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").select_one("main")
        if main is not None and path.stem not in ("search", "404"):
            for left_out in main.select("pre, code, svg, script, .kicker, nav"):
                left_out.decompose()
            texts[path.name] = set(_WORD.findall(main.get_text(" ").lower()))
    shared = Counter(word for words in texts.values() for word in words)
    return {name: min(words, key=lambda word: (shared[word], -len(word), word)) for name, words in texts.items()}


def results(page: Page, address: str, word: str) -> list[str]:
    page.goto(f"{address}/search.html?q={word}")
    page.locator("#search-results .search-summary:not(:empty)").wait_for(state="attached")
    page.wait_for_function("!document.querySelector('#search-progress')?.textContent.endsWith('.')")
    return [str(link.get_attribute("href")) for link in page.locator("#search-results a").all()]


@pytest.mark.parametrize("opened", ["served", "as files"])
def test_a_word_of_each_comment_and_each_chapter_is_found(
    built_site: Path, site_server: str, browser: Browser, opened: str
) -> None:
    address = site_server if opened == "served" else built_site.as_uri()
    page = browser.new_page(viewport={"width": 390, "height": 800})
    for name, word in comments():
        assert any("comments.html" in href for href in results(page, address, word)), f"{name}: {word}"
    for chapter, word in rarest(built_site).items():
        assert any(chapter in href for href in results(page, address, word)), f"{chapter}: {word}"
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert results(page, address, "nosuchwordanywhere") == []
    assert "did not match" in page.locator("#search-results").inner_text()
    page.close()
