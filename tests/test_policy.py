"""The content security policy: what it says, and that pages work under it, served and opened as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from brief.site.policy import STILL, headers, page_policy
from check_site import csp

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def directives(policy: str) -> dict[str, str]:
    return dict(part.strip().split(" ", 1) for part in policy.split(";"))


@pytest.mark.parametrize("policy", [page_policy("index"), page_policy("search"), STILL])
def test_nothing_is_allowed_but_what_the_site_brings(policy: str) -> None:
    found = directives(policy)
    assert found["default-src"] == found["object-src"] == found["base-uri"] == "'none'"
    assert {found[name] for name in ("connect-src", "script-src", "style-src", "img-src", "font-src")} <= {
        "'self'",
        "'none'",
    }


def test_markup_is_made_from_text_by_the_search_alone() -> None:
    assert directives(page_policy("index"))["require-trusted-types-for"] == "'script'"
    assert "require-trusted-types-for" not in directives(page_policy("search"))


@pytest.mark.parametrize(
    ("markup", "told"),
    [
        ("<head></head>", "no policy"),
        ('<script src="a.js"></script>{}', "script stands before the policy"),
        ("{}", "script-src allows 'unsafe-inline'"),
        ("{}", "img-src allows https://example.org"),
        ("{}", "default-src is not 'none'"),
    ],
)
def test_a_loose_policy_is_found(markup: str, told: str) -> None:
    policy = "default-src 'self'; script-src 'unsafe-inline'; img-src https://example.org"
    page = markup.format(f'<meta http-equiv="Content-Security-Policy" content="{policy}">')
    assert any(told in fault for fault in csp.faults_of(page))


def test_a_host_that_reads_headers_adds_what_a_page_cannot_say(built_site: Path) -> None:
    assert (built_site / "_headers").read_text(encoding="utf-8") == headers()
    assert "frame-ancestors 'none'" in headers() and "nosniff" in headers()


def test_no_page_has_script_or_style_in_its_markup(built_site: Path) -> None:
    for path in built_site.rglob("*.html"):
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        assert not soup.select("[style], [onclick], [onload], [onerror]"), path.name
        data = ("application/json", "application/ld+json")
        assert [one for one in soup.find_all("script") if not one.get("src") and one.get("type") not in data] == []


def test_opened_as_files_pages_have_their_styles_scripts_and_charts(built_site: Path, browser: Browser) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto((built_site / "article.html").as_uri())
    figure = page.locator("figure.exhibit").first
    figure.hover()
    figure.locator("svg.marks:visible").first.wait_for()
    assert page.evaluate("document.fonts.size") > 0
    page.close()
    # A browser does not load fonts ahead for files, and says so; it loads them all the same when they are used.
    assert [told for told in complaints if "/fonts/" not in told and "ERR_FAILED" not in told] == []
