"""Text from outside: stored verbatim, shown as text, run nowhere, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from bs4 import BeautifulSoup

import topics
from brief.project import load
from conftest import run_build

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TEXTS = [
    '<script>window.hacked = 1; alert("x")</script>',
    '"><img src=x onerror="window.hacked = 2">',
    "{eval}`__import__('os').system('true')` {fact}`comments-shown`",
    "```{code-cell} python\nopen('hacked', 'w')\n```",
    "{{ 7 * 7 }} {% raw %} {# comment #}",
    "$x^2$ and $$y$$ and \\(z\\)",
    "datum.value > 0 ? alert(1) : 2",
    '=1+1 and =HYPERLINK("x")',
    "+1 then -2 then @SUM(1)",
    "right \u202eto left\u202c and \u200fמצב\u200e",
    "NA",
    "None",
    "1e5",
    "a line\r\nanother\rand a third\nlast",
    "</script></svg></style>--> <!-- ]]> &amp; &#60;",
    "javascript:alert(1) [link](javascript:alert(2)) ![x](http://evil.example/x.png)",
    "emoji 🙂 and combining e\u0301",
    "long " + "word " * 20_000,
]
AUTHOR = '<b onmouseover="window.hacked=3">Ann</b>'
DATA = ("application/json", "application/ld+json")
NAMES = "</title><script>window.hacked = 4</script> {{ 1 }} $a$ =1+1"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = topics.asked(tmp_path_factory.mktemp("hostile") / "brief", TEXTS, author=[AUTHOR] * len(TEXTS))
    data = root / "data"
    topics.code(data, ["for", "against"] * (len(TEXTS) // 2), note=NAMES)
    for name in ("brief.yml", "codebook.yml"):
        keys = yaml.safe_load((data / name).read_text(encoding="utf-8"))
        if name == "brief.yml":
            for key in ("title", "subtitle", "question", "audience", "publisher", "contact"):
                keys[key] = f"{key} {NAMES}"
            keys["collections"][0] |= {"unit": "note", "units": "notes", "how": NAMES, "more_evidence": NAMES}
        else:
            for code in keys["themes"] + keys["stances"]:
                code["label"] = f"{code['id']} {NAMES}"
                code["definition"] = NAMES
        topics.write(data / name, yaml.safe_dump(keys, allow_unicode=True))
    ended = run_build(root)
    assert ended.returncode == 0, ended.stdout
    return root


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


def test_no_script_of_it_stands_anywhere(hostile: Path) -> None:
    site = hostile / "_build" / "html"
    for path in [*site.rglob("*.html"), *site.rglob("*.svg")]:
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
    for name in ("index", "comments", "methods", "data", "article", "search"):
        page.goto((hostile / f"_build/html/{name}.html").as_uri(), wait_until="networkidle")
        for figure in page.locator("figure.exhibit").all():
            figure.hover()
        page.wait_for_load_state("networkidle")
        page.evaluate("document.querySelectorAll('details').forEach(closed => { closed.open = true; })")
        assert page.evaluate("window.hacked") is None, name
    page.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith(("file://", "data:"))] == []
