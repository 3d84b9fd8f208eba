"""`make check-site`: quick checks pass on this site, each finds what it is there to find, the table tells it."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest

from check_site import CHECKS, CannotRun, Result, Site, axe, downloads, embeds, pdf, search
from check_site.__main__ import findings, table
from check_site.serving import served
from conftest import ROOT, is_missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

# The others take a program from outside, or a minute: they are run by the command.
QUICK = tuple(name for name in CHECKS if name not in ("html", "axe", "lighthouse"))


@pytest.fixture(scope="module")
def site(built_site: Path, browser: Browser) -> Iterator[Site]:
    with served(built_site) as url:
        yield Site(built_site, url, browser)


@pytest.mark.parametrize("name", QUICK)
def test_this_site_passes(site: Site, name: str) -> None:
    try:
        result = import_module(f"check_site.{name}").check(site)
    except CannotRun as reason:
        is_missing(str(reason))
    assert result.passed, "\n".join(result.findings)
    assert result.name == name and result.measured


@pytest.mark.parametrize(
    ("view", "states"), [(axe.VIEWS[0], ("open",)), (axe.VIEWS[-1], axe.STATES)], ids=["desk-light", "phone-dark"]
)
def test_axe_finds_nothing_on_a_desk_in_the_light_and_on_a_phone_in_the_dark(
    site: Site, view: axe.View, states: tuple[axe.State, ...]
) -> None:
    result = axe.check(site, (view,), states)
    assert result.passed, "\n".join(result.findings)


# In a table of many rows that are built alike, the one that is not.
_ROWS = "<tr><td>a</td></tr>" * 9


def small(folder: Path, browser: Browser, **pages: str) -> Site:
    """A site of a few lines, as files; its address is that of the folder."""
    for name, body in pages.items():
        text = f'<!DOCTYPE html><html lang="en"><head><title>{name}</title></head><body>{body}</body></html>'
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return Site(folder, folder.as_uri(), browser)


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("links", '<a href="gone.html">x</a>', "index.html: gone.html: leads to nothing"),
        ("links", '<a href="#gone">x</a>', "index.html: #gone: the anchor is not there"),
        ("links", '<a href="/index.html">x</a>', "index.html: /index.html: begins at the root of the host"),
        ("links", '<p id="a"></p><p id="a"></p>', "index.html: the id 'a' stands 2 times"),
        ("private", '<img src="http://127.0.0.1:9/x.png" alt="">', "index.html: asks http://127.0.0.1:9/x.png"),
        ("csp", "<p>x</p>", "index.html: no policy"),
        ("csp", "<p>x</p>", "index.html, as a file: inline ran"),
        ("csp", "<p>x</p>", "index.html, served: /script.js was asked of another host"),
        ("axe", '<img src="x.png">', "image-alt"),
        ("axe", f"<table>{_ROWS}<tr><td><img src='x.png'></td></tr>{_ROWS}</table>", "image-alt"),
        ("axe", "<p style='color: #ccc'>pale</p>", "color-contrast"),
        ("keyboard", "<nav>x</nav>", "index.html: the first stop is no link that skips to the text"),
        ("keyboard", '<a href="#x" style="outline: none">x</a>', "the focus does not show"),
        ("reflow", '<p style="width: 600px">x</p>', "index.html (320 px): 288 px too wide"),
        ("reflow", '<main><p style="height: 20px; overflow: hidden">x y z</p></main>', "clipped"),
        ("private", "<script>throw new Error('broken')</script>", "index.html: broken"),
        ("metadata", "<p>x</p>", "index.html: has no description"),
        ("metadata", "<p>x</p>", "datapackage.json: is not there"),
        ("metadata", "<p>x</p>", "no page says in JSON-LD what the site is"),
        ("downloads", '<a download href="gone.csv">x</a>', "index.html: gone.csv: is not there"),
        ("downloads", '<a download href="index.html">x (HTML, 9 KB)</a>', "the page says 9 KB"),
    ],
)
def test_a_check_finds_what_it_is_there_to_find(
    tmp_path: Path, browser: Browser, name: str, body: str, told: str
) -> None:
    result = import_module(f"check_site.{name}").check(small(tmp_path, browser, index=body))
    assert result.passed is False
    assert told in "\n".join(result.findings)


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("a.csv", "name,count\n=1+1,2\n", "row 2: a spreadsheet would take a cell for a formula"),
        ("a.csv", "name,count\nonly\n", "is no table: its rows differ in length"),
        ("a.json", '{"$schema": "https://vega.github.io/schema/vega-lite/v6.json"', "cannot be read"),
        ("a.svg", '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "holds <script>"),
        ("a.svg", "<svg>", "cannot be read"),
        ("a.png", "GIF", "is no PNG"),
        ("a.zip", "PK", "cannot be read"),
    ],
)
def test_a_download_that_cannot_be_used_is_found(
    tmp_path: Path, browser: Browser, file: str, content: str, told: str
) -> None:
    (tmp_path / file).write_text(content, encoding="utf-8")
    result = downloads.check(small(tmp_path, browser, index=f'<a download href="{file}">x</a>'))
    assert result.passed is False and told in "\n".join(result.findings)


def test_a_search_that_finds_nothing_is_found(tmp_path: Path, browser: Browser) -> None:
    empty = '<div id="search-results"><p class="search-summary">Nothing.</p></div>'
    result = search.check(small(tmp_path, browser, index="<main>a perpendicular line</main>", search=empty))
    assert "index.html, served: the word 'perpendicular' does not lead there" in result.findings


def test_an_embedded_figure_that_says_or_shows_too_little_is_found(tmp_path: Path, browser: Browser) -> None:
    (tmp_path / "figures").mkdir()
    small(tmp_path / "figures", browser, one='<p style="width: 900px">x</p>')
    # A page that was opened as a file may stand in no page of a host.
    with served(tmp_path) as url:
        told = "\n".join(embeds.check(Site(tmp_path, url, browser)).findings)
    for part in ("says no .exhibit__source", "(320 px): shows 0 pictures", "px too wide"):
        assert part in told


def test_a_pdf_that_only_the_sighted_can_read_is_found(tmp_path: Path, browser: Browser) -> None:
    with pikepdf.new() as paper:
        paper.add_blank_page(page_size=(612, 792))
        paper.save(tmp_path / "paper.pdf")
    told = "\n".join(pdf.check(small(tmp_path, browser, index="<p>x</p>")).findings)
    for part in ("does not declare PDF/UA-1", "has no language", "has no bookmarks", "does not say Tagged"):
        assert part in told


def test_every_check_has_a_module_that_says_what_it_is() -> None:
    for name in CHECKS:
        module = import_module(f"check_site.{name}")
        assert module.__doc__ and callable(module.check)
    assert set(QUICK) <= set(CHECKS)


def test_the_table_tells_what_passed_failed_and_was_not_run() -> None:
    ours = [Result.of("a", "3 pages", []), Result.of("b", "4", ["x", "y"]), Result("c", None, "no Java")]
    told = table([ours, [Result.of("a", "9 pages", ["z"]), Result.of("b", "5", []), Result("c", None, "no Java")]])
    rows = [row.split() for row in told.splitlines()]
    assert rows[0] == ["check", "result", "measured", "bare", "book", "measured", "there"]
    assert rows[1] == ["a", "passed", "3", "pages", "FAILED", "(1)", "9", "pages"]
    assert rows[2] == ["b", "FAILED", "(2)", "4", "passed", "5"]
    assert rows[3][:4] == ["c", "not", "run", "here"]
    assert findings(ours, 1) == "b:\n  x\n  and 1 more (--all shows them)"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "There is no site in nowhere. Run make site first."),
        (["--only", "x"], "There is no check named x"),
    ],
)
def test_the_command_teaches(arguments: list[str], told: str) -> None:
    command = [sys.executable, "-m", "check_site", *arguments]
    ended = subprocess.run(command, cwd=ROOT / "tools", capture_output=True, text=True, check=False)
    assert ended.returncode == 1 and told in ended.stderr
