"""`make check-site`: quick checks pass on this site, each finds what it is there to find, the table tells it."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from check_site import CHECKS, Result, Site, axe
from check_site.__main__ import findings, table
from check_site.serving import served
from conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

# The others take a program from outside, or a minute: they are run by the command.
QUICK = ("links", "private", "csp", "keyboard", "reflow", "weight")


@pytest.fixture(scope="module")
def site(built_site: Path, browser: Browser) -> Iterator[Site]:
    with served(built_site) as url:
        yield Site(built_site, url, browser)


@pytest.mark.parametrize("name", QUICK)
def test_this_site_passes(site: Site, name: str) -> None:
    result = import_module(f"check_site.{name}").check(site)
    assert result.passed, "\n".join(result.findings)
    assert result.name == name and result.measured


def test_axe_finds_nothing_on_a_desk_in_the_light_and_on_a_phone_in_the_dark(site: Site) -> None:
    result = axe.check(site, (axe.VIEWS[0], axe.VIEWS[-1]))
    assert result.passed, "\n".join(result.findings)


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
        ("axe", "<p style='color: #ccc'>pale</p>", "color-contrast"),
        ("keyboard", "<nav>x</nav>", "index.html: the first stop is no link that skips to the text"),
        ("keyboard", '<a href="#x" style="outline: none">x</a>', "the focus does not show"),
        ("reflow", '<p style="width: 600px">x</p>', "index.html (320 px): 288 px too wide"),
        ("reflow", '<main><p style="height: 20px; overflow: hidden">x y z</p></main>', "clipped"),
        ("private", "<script>throw new Error('broken')</script>", "index.html: broken"),
    ],
)
def test_a_check_finds_what_it_is_there_to_find(
    tmp_path: Path, browser: Browser, name: str, body: str, told: str
) -> None:
    result = import_module(f"check_site.{name}").check(small(tmp_path, browser, index=body))
    assert result.passed is False
    assert told in "\n".join(result.findings)


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
