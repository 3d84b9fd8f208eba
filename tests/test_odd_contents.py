"""What chapters and comments may hold is on the page, on paper and found; strange addresses do nothing.

One site for all: pictures and powers, words that objects of JavaScript know by themselves, numbers, a file that git
does not track, and another kernel under the name of python3.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pikepdf
import pytest

import topics
from brief.contract import inputs
from brief.errors import BriefError
from brief.site.pdf.blocks import blocks, read
from brief.site.pdf.pictures import embedded
from conftest import run_build
from take_out.stubs import empty_picture

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MARKUP = """

## Where it is

A power is written b{sup}`n`, water is H{sub}`x`O, and a picture ![A map of the lane](map.png) stands here.

```{figure} map.png
:alt: The same map, larger
The caption of the map.
```

```{code-cell} python
from IPython.display import Math
Math("x < y")
```
"""
#: 600 points wide, 400 high.
PNG = empty_picture(b"")


#: Words that every object of JavaScript has, and numbers.
TEXTS = [
    "The constructor of __proto__ and toString failed here.",
    "Ask under 2016/702 and keep it open.",
    "It costs too much.",
]
STRANGE = ("%E0%A4%A", '"><img src=x onerror=alert(1)>', "constructor", ":~:text=costs", "__proto__", "%00", "figure-")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a brief with such a chapter and such comments, with a file that git does not track, and built where
    the name of python3 belongs to a kernel that does not start.
    """
    brief = topics.asked(tmp_path_factory.mktemp("odd") / "brief", TEXTS)
    (brief / "book" / "map.png").write_bytes(PNG)
    methods = brief / "book" / "methods.md"
    methods.write_text(methods.read_text(encoding="utf-8") + MARKUP, encoding="utf-8")
    git = ["git", "-C", str(brief), "-c", "user.name=x", "-c", "user.email=x@localhost"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "All"]):
        subprocess.run([*git, *arguments], check=True)
    topics.write(brief / "data" / "notes.txt", "Nobody committed this.\n")
    kernel = {"argv": ["/bin/false", "{connection_file}"], "display_name": "x", "language": "python"}
    topics.write(brief.parent / "jupyter" / "kernels" / "python3" / "kernel.json", json.dumps(kernel))
    ended = run_build(brief, JUPYTER_PATH=str(brief.parent / "jupyter"))
    assert ended.returncode == 0, ended.stdout
    return brief / "_build" / "html"


@pytest.fixture(scope="module")
def served(site: Path, serve: Callable[[Path], str]) -> str:
    return serve(site)


def test_pictures_and_powers_are_on_paper(site: Path) -> None:
    page = (site / "methods.html").read_text(encoding="utf-8")
    assert page.count("_images/map.png") == 2 and "<sup>n</sup>" in page and "<sub>x</sub>" in page
    with pikepdf.open(site / "new-brief-full.pdf") as pdf:
        told = [str(thing.get("/Alt", "")) for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary)]
    assert {"A map of the lane", "The same map, larger"} <= set(told)
    if shutil.which("pdftotext"):
        command = ["pdftotext", "-layout", str(site / "new-brief-full.pdf"), "-"]
        words = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert re.search(r"A power is written b\s?n, water is H\s?x\s?O", words)
        assert "The caption of the map." in words


def test_a_file_that_git_does_not_track_is_told(site: Path) -> None:
    assert "with changes not yet committed" in (site / "data.html").read_text(encoding="utf-8")


def test_a_file_that_git_is_told_to_leave_alone_is_told_too(site: Path) -> None:
    brief = site.parents[1]
    (brief / "data" / "notes.txt").rename(brief / "data" / ".notes.txt")
    found = inputs.commit(brief)
    assert found is not None and not found["changed"], "a hidden file is no input"
    (brief / ".git" / "info" / "exclude").write_text("more.csv\n", encoding="utf-8")
    (brief / "data" / "more.csv").write_text("x\n", encoding="utf-8")
    found = inputs.commit(brief)
    assert found is not None and found["changed"]
    (brief / "data" / "more.csv").unlink()


@pytest.mark.parametrize("words", ["constructor", "__proto__", "toString", "2016/702", "2016", "702", "702 open"])
def test_any_word_and_number_is_found(browser: Browser, served: str, words: str) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{served}/search.html?q={quote(words)}")
    page.locator("#search-results a[href*='comments.html']").first.wait_for(timeout=10_000)
    assert complaints == []
    page.close()


def test_what_is_nowhere_is_not_found(browser: Browser, served: str) -> None:
    page = browser.new_page()
    page.goto(f"{served}/search.html?q=valueof")
    page.get_by_text("No page has all of these words").wait_for(timeout=10_000)
    page.close()


@pytest.mark.parametrize("fragment", STRANGE)
def test_a_strange_address_takes_nothing_away(browser: Browser, served: str, fragment: str) -> None:
    page = browser.new_page(color_scheme="light")
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{served}/comments.html#{fragment}", wait_until="networkidle")
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    page.get_by_role("button", name="Light or dark").first.click()
    assert page.evaluate(ground) != before
    page.evaluate("name => { window.location.hash = name }", fragment)
    assert complaints == [] and page.locator("img[src=x]").count() == 0
    page.close()


def test_powers_and_pictures_are_read_from_markup() -> None:
    page = '<p>b<sup>n</sup>, H<sub>2</sub>O <img src="book/a%20map.png" alt="A map"></p>'
    (paragraph,) = blocks(read(page, "a page"))
    kinds = [run if isinstance(run, str) else run["k"] for run in paragraph["c"]]
    assert kinds == ["b", "sup", ", H", "sub", "O ", "image"]
    assert paragraph["c"][-1] == {"k": "image", "src": "book/a%20map.png", "alt": "A map"}


def test_a_picture_keeps_its_size_and_fits_the_paper(tmp_path: Path) -> None:
    (tmp_path / "a map.png").write_bytes(PNG)
    made = embedded(tmp_path, {"src": "a%20map.png", "alt": "A map"}, "book/x")
    assert (made["width"], made["height"]) == (158.75, 105.83) and made["svg"].startswith("<svg")
    for src, alt, told in (
        ("a%20map.png", "", "has no alternative text"),
        ("none.png", "A", "cannot be set on paper"),
        ("a.tiff", "A", "cannot be set on paper"),
    ):
        with pytest.raises(BriefError, match=told):
            embedded(tmp_path, {"src": src, "alt": alt}, "book/x")
