"""The search finds a word of every page and of every comment, without a server, and says so where there is none."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

from check_site import CannotRun, Result, Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

_WORD = re.compile(r"[a-z]{6,}")
_NOWHERE = "nosuchwordanywhere"
_WAIT = 10_000
# The search itself, the page for lost readers, and what stands outside the chapters.
_LEFT_OUT = ("search.html", "404.html", "genindex.html")
_NOT_READ = "pre, code, svg, script, .kicker, nav"


def check(site: Site) -> Result:
    """Type a word of each page and of each comment on a phone, with the site served and opened as files.

    Raises `CannotRun` where the site has no page to search on.
    """
    if not (site.folder / "search.html").is_file():
        raise CannotRun("the site has no search.html")
    findings, words = [], [*_rarest(site), *_of_comments(site)]
    for where, address in (("served", site.url), ("as files", site.folder.as_uri())):
        page = site.browser.new_page(viewport={"width": 390, "height": 800})
        page.set_default_timeout(_WAIT)
        for target, word in words:
            if not any(href.partition("?")[0].endswith(target) for href in results(page, address, word)):
                findings.append(f"{target}, {where}: the word '{word}' does not lead there")
        if results(page, address, _NOWHERE) or not page.locator("#search-results").inner_text().strip():
            findings.append(f"search.html, {where}: a word that stands nowhere is not told")
        if page.evaluate("document.documentElement.scrollWidth - window.innerWidth") > 0:
            findings.append(f"search.html, {where}: wider than a phone")
        page.close()
    return Result.of("search", f"{len(words)} words, served and as files", findings)


def results(page: Page, address: str, word: str) -> list[str]:
    """The addresses that the search gives for a word; none where it gives no answer."""
    from playwright.sync_api import TimeoutError as TookTooLong

    page.goto(f"{address}/search.html?q={word}")
    try:
        page.locator("#search-results .search-summary:not(:empty)").wait_for(state="attached")
        page.wait_for_function("!document.querySelector('#search-progress')?.textContent.endsWith('.')")
    except TookTooLong:
        return []
    links = page.locator("#search-results a").all()
    return [str(link.get_attribute("href")).partition("#")[0] for link in links]


def _rarest(site: Site) -> list[tuple[str, str]]:
    """For each page the word of its text that stands on the fewest others."""
    texts = {}
    for name in site.pages:
        main = _soup(site, name).select_one("main")
        if main is not None and "/" not in name and name not in _LEFT_OUT:
            for left_out in main.select(_NOT_READ):
                left_out.decompose()
            texts[name] = set(_WORD.findall(main.get_text(" ").lower()))
    shared = Counter(word for words in texts.values() for word in words)
    return [
        (name, min(words, key=lambda word: (shared[word], -len(word), word))) for name, words in texts.items() if words
    ]


def _of_comments(site: Site) -> list[tuple[str, str]]:
    """For each comment that a page shows in full, its longest word."""
    words_of_pages = []
    for name in site.pages:
        for comment in _soup(site, name).select("article.comment blockquote"):
            if words := _WORD.findall(comment.get_text(" ").lower()):
                words_of_pages.append((name, max(words, key=len)))
    return words_of_pages


def _soup(site: Site, name: str) -> BeautifulSoup:
    return BeautifulSoup(site.text(name), "html.parser")
