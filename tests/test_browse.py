"""Every comment can be reached where there are more than the chapter lists: pages, lasting addresses, a search."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from bs4 import BeautifulSoup, Tag

import topics
from brief.book import browsing, computing
from brief.contract import manifest, parquet_files, text_files
from brief.contract.files import records
from brief.site import browsing as pages_of_comments
from brief.site import wording
from brief.site.verifying import verify
from conftest import once

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

COUNT, CODED = 260, 120
SITE = "https://library.example/"
MOST_BYTES = 300_000
ID = f"{topics.COLLECTION}-"
HOSTILE = '<img src=x onerror="document.title=1"> & </script><b>bold</b> \u2028 __proto__ constructor'
LETTER = (
    "Dear council, please keep the library open in the evening because children do their homework there and the bus "
    "brings them only at five, and no other warm place is open to them after school."
)
#: By number: a letter sent forty times, a thread over two pages, a hostile text, words that stand once.
COPIES = range(200, 240)
REPLIES = {7: 3, 8: 7, 250: 3}
OWN = {
    5: HOSTILE,
    9: "Ärger über die Straßenbahn in Zürich.",
    10: "夜の図書館が好きです。",
    60: "A heron stands there.",
}


SUBJECTS = ("lamps", "benches", "heating", "books", "buses", "chairs", "doors")
ROLES = ("Resident", "Trader", "Pupil")
#: No trader was early.
TIMES = ("Early", "Late", "Late")


def _texts() -> list[str]:
    return [
        OWN.get(n) or (LETTER if n in COPIES else f"Reader {n} writes on {SUBJECTS[n % 7]}, day {n}: it is late.")
        for n in range(1, COUNT + 1)
    ]


def _brief(folder: Path) -> Path:
    columns = {
        "parent_id": [f"{ID}{REPLIES[n]}" if n in REPLIES else "" for n in range(1, COUNT + 1)],
        "posted_at": [f"2025-{1 + n % 12:02d}-{1 + n % 28:02d}" for n in range(1, COUNT + 1)],
        "author": [f"Adalbert Quill {n}" if n % 2 else "" for n in range(1, COUNT + 1)],
        "attr_role": [ROLES[n % 3] for n in range(1, COUNT + 1)],
        "attr_time": [TIMES[n % 3] for n in range(1, COUNT + 1)],
        "attr_street": ["Gate Lane"] * COUNT,
    }
    root = topics.asked(folder, _texts(), CODED, **columns)
    path = root / "data" / "brief.yml"
    topic = yaml.safe_load(path.read_text(encoding="utf-8")) | {"attributes": ["role", "time"], "site_url": SITE}
    topics.write(path, yaml.safe_dump(topic, allow_unicode=True))
    return root


@pytest.fixture(scope="module")
def site() -> Path:
    """The pages of that brief, built once."""
    return once("browsed", lambda folder: topics.built(_brief(folder / "brief"))) / "brief" / "_build" / "html"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[int, BeautifulSoup]:
    """The static pages by number."""
    paths = [path for path in (site / "comments").glob("*.html") if path.stem.isdigit()]
    return {int(path.stem): BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in sorted(paths)}


def entries(pages: dict[int, BeautifulSoup]) -> dict[str, tuple[int, Tag]]:
    """The entries of the pages: by the id of the comment, the page and the element."""
    return {str(box["id"]): (page, box) for page, soup in pages.items() for box in soup.select("article.comment")}


def content(path: Path) -> Any:
    """What a file for scripts hands over."""
    match = re.fullmatch(r'briefPart\("([a-z]+(?:-\d+)?)",(.*)\);\n', path.read_text(encoding="utf-8"), re.DOTALL)
    assert match and match[1] == path.stem
    return json.loads(match[2])


def test_pages_of_a_hundred_hold_every_comment_once(pages: dict[int, BeautifulSoup]) -> None:
    shown = entries(pages)
    copies = [f"{ID}{n}" for n in COPIES]
    assert set(shown) == {f"{ID}{n}" for n in range(1, COUNT + 1)} - set(copies[1:])
    assert [len(soup.select("article.comment")) for soup in pages.values()] == [100, 100, 21]
    assert "39 more in the same words" in shown[copies[0]][1].get_text()
    for page, soup in pages.items():
        links = {str(link["href"]) for link in soup.select("nav.pages a")}
        assert links == {f"{n}.html" for n in (1, page - 1) if page > 1} | {
            f"{n}.html" for n in (page + 1, 3) if page < 3
        }


def test_an_entry_tells_what_readers_may_see(pages: dict[int, BeautifulSoup]) -> None:
    shown = entries(pages)
    coded, uncoded = shown[f"{ID}11"][1].get_text(" "), shown[f"{ID}150"][1].get_text(" ")
    for words in ("Commenter ", "12 December 2025", "Pupil", "Against", "clear", "Safety", "day 11"):
        assert words in coded
    assert "Not classified" in uncoded
    whole = " ".join(soup.get_text(" ") for soup in pages.values())
    assert "Quill" not in whole and "Gate Lane" not in whole


def test_replies_stand_below_what_they_answer_or_link_to_it(pages: dict[int, BeautifulSoup]) -> None:
    shown = entries(pages)
    order = list(shown)
    at = order.index(f"{ID}3")
    assert order[at : at + 4] == [f"{ID}{n}" for n in (3, 7, 8, 250)]
    assert [shown[f"{ID}{n}"][1].get("data-depth") for n in (3, 7, 8, 250)] == [None, "1", "2", "1"]
    for reply, parent in REPLIES.items():
        (link,) = shown[f"{ID}{reply}"][1].select(".comment__answers a")
        assert link["href"] == f"{shown[f'{ID}{parent}'][0]}.html#{ID}{parent}"


def test_a_comment_is_found_by_its_id_with_and_without_scripts(site: Path, pages: dict[int, BeautifulSoup]) -> None:
    shown = entries(pages)
    places = {
        row[0]: (row[1], row[-1] if len(row) > 2 else row[0]) for row in content(site / "comments/places/ids-1.js")
    }
    plain = BeautifulSoup((site / "comments" / "ids-1.html").read_text(encoding="utf-8"), "html.parser")
    listed = {link.get_text(): str(link["href"]) for link in plain.select(".ids a")}
    assert list(listed) == [f"{ID}{n}" for n in range(1, COUNT + 1)], "numbers in their order"
    for n in range(1, COUNT + 1):
        page, entry = places[f"{ID}{n}"]
        assert shown[entry][0] == page and listed[f"{ID}{n}"] == f"{page}.html#{entry}"
    assert places[f"{ID}230"][1] == f"{ID}200"
    lasting = shown[f"{ID}60"][1].select("dd a")[-1]
    assert lasting["href"] == f"../comments.html#{ID}60"


def test_hostile_text_stays_text(site: Path, pages: dict[int, BeautifulSoup]) -> None:
    (quoted,) = entries(pages)[f"{ID}5"][1].select("blockquote")
    assert quoted.get_text() == HOSTILE and not quoted.select("*")
    for path in (site / "comments").rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert "<" not in text and "\u2028" not in text, path.name
    assert any(row[3] == HOSTILE for row in content(site / "comments" / "search" / "texts-1.js"))
    for script in ("browse.js", "find-comment.js"):
        code = (site / "_static" / script).read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", code)


def test_no_page_and_no_file_of_the_search_is_large(site: Path) -> None:
    paths = [path for path in (site / "comments").rglob("*") if path.suffix in (".html", ".js")]
    assert len(paths) > 10 and max(path.stat().st_size for path in paths) < MOST_BYTES


def test_what_an_entry_weighs_is_what_its_page_shows_of_it(site: Path, pages: dict[int, BeautifulSoup]) -> None:
    """However many copies it has: a hundred letters of many senders stand on one page."""
    kept = next((site.parent / "brief").rglob("entries.jsonl")).read_text(encoding="utf-8").rstrip("\n").split("\n")
    shown = {name: len(str(box).encode()) for name, (_, box) in entries(pages).items()}
    letters = 0
    for line in kept:
        entry = json.loads(line)
        weighed = pages_of_comments.weight(entry, len(line.encode()) + 1)
        assert 0.9 < weighed / shown[entry["id"]] < 1.4, entry["id"]
        sent = entry | {
            "copied": [f"{ID}{n}" for n in range(9_000)],
            "kinds": [[n, entry["groups"]] for n in range(99)],
        }
        written = json.dumps(sent, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert pages_of_comments.weight(sent, len(written.encode()) + 1) == weighed
        letters += weighed
    assert letters / len(kept) * pages_of_comments.PAGE < pages_of_comments.PAGE_BYTES


def test_the_table_holds_every_comment_as_it_is_shown(site: Path) -> None:
    with (site / "comments" / "comments.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["Comment"] for row in rows] == [f"{ID}{n}" for n in range(1, COUNT + 1)]
    assert rows[229]["Entry"] == f"{ID}200" and rows[229]["Campaign"] == "1" and rows[229]["Text"] == LETTER
    assert (rows[10]["Stance"], rows[10]["Role"], rows[150]["Stance"]) == ("Against", "Pupil", "")
    assert "attr_street" not in rows[0] and "Street" not in rows[0]
    (written,) = [frame for frame, _ in parquet_files.batches(site / "comments" / "comments.parquet", "", COUNT)]
    # A cell of CSV that a spreadsheet would run is guarded; no program runs one of Parquet.
    assert [{name: text_files.guarded(cell) for name, cell in row.items()} for row in records(written)] == rows
    with zipfile.ZipFile(site / "brief-data.zip") as archive:
        assert archive.read("comments/comments.csv") == (site / "comments" / "comments.csv").read_bytes()
        assert "Text" not in archive.read("figures/comment-tiles.csv").decode().splitlines()[0]
    package = json.loads((site / "datapackage.json").read_text(encoding="utf-8"))
    (described,) = [part for part in package["resources"] if part["path"] == "comments/comments.csv"]
    assert [field["name"] for field in described["schema"]["fields"]] == list(rows[0])


def test_what_describes_the_site_knows_the_pages(site: Path, pages: dict[int, BeautifulSoup]) -> None:
    listed = manifest.parse((site / manifest.NAME).read_text(encoding="utf-8")).files
    assert {f"comments/{n}.html" for n in pages} | {"comments/search/start.js", "comments/comments.csv"} <= set(listed)
    assert "comments/comments.parquet" in listed
    link = pages[1].select_one('a[href="comments.parquet"]')
    assert link is not None and link.get_text() == "the same for programs"
    mapped = (site / "sitemap.xml").read_text(encoding="utf-8")
    assert all(f"<loc>{SITE}comments/{n}.html</loc>" in mapped for n in pages)
    assert verify(site).findings == []


def test_words_are_folded_and_cut_as_readers_type_them(tmp_path: Path) -> None:
    assert wording.words_of("Straße, CAFÉ_2 don't") == {"straße", "cafe", "2", "don", "t"}
    assert wording.words_of("夜の図") == {"夜の", "の図", "図"}
    index = wording.Index()
    for number in range(50):
        index.add(number, f"every text {number}")
    parts = list(index.parts(200))
    assert len(parts) > 2 and [row[0] for part in parts for row in part] == sorted(
        {"every", "text", *map(str, range(50))}
    )
    assert {row[0]: row[1] for part in parts for row in part}["every"] == [0] + [1] * 49


def test_a_brief_whose_chapter_lists_all_has_none_of_it(tmp_path: Path) -> None:
    root = topics.asked(tmp_path / "brief", _texts()[:50])
    assert browsing.keep(computing.findings_at(root), tmp_path / "kept") is None
    assert not (tmp_path / "kept").exists()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone's page that fails on any complaint or request to a stranger."""
    wrong: list[str] = []
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(10_000)
    opened = context.new_page()
    opened.on("console", lambda said: wrong.append(f"{said.text} {said.location}") if said.type == "error" else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    yield opened
    context.close()
    # A browser does not load fonts ahead for files, and says so.
    assert [text for text in wrong if "/fonts/" not in text] == []


def said(page: Page, words: str) -> None:
    """Wait until the live region says it."""
    page.wait_for_function("words => document.querySelector('[role=status]').textContent.startsWith(words)", arg=words)


def ids(page: Page) -> list[str]:
    """The ids of the results."""
    return [link.get_attribute("href").partition("#")[2] for link in page.query_selector_all(".comment__label a")]  # type: ignore[union-attr]


@pytest.mark.parametrize("served", [True, False], ids=["served", "opened as files"])
def test_searching_filtering_going_back(page: Page, site: Path, serve: Callable[[Path], str], served: bool) -> None:
    home = serve(site) if served else site.as_uri()
    page.goto(f"{home}/comments/browse.html")
    said(page, "221 of 221 entries fit. Shown: 1 to 20.")
    page.get_by_label("Words to find").fill("LAMP late")
    page.keyboard.press("Enter")
    lamps = [n for n in range(7, COUNT + 1, 7) if n not in COPIES]
    said(page, f"{len(lamps)} of 221")
    page.get_by_role("combobox", name="Stance", exact=True).select_option("Against")
    against = [n for n in lamps if n <= CODED and topics.STANCES[(n - 1) % 5] == "against"]
    said(page, f"{len(against)} of 221")
    page.get_by_role("combobox", name="Theme", exact=True).select_option("Safety")
    safety = [n for n in against if topics.THEMES[n % 2] == "safety"]
    said(page, f"{len(safety)} of 221")
    page.get_by_role("combobox", name="Role", exact=True).select_option("Pupil")
    fitting = [f"{ID}{n}" for n in safety if ROLES[n % 3] == "Pupil"]
    said(page, f"{len(fitting)} of 221")
    assert len(lamps) > len(against) > len(safety) > len(fitting) > 0
    assert ids(page) == fitting
    sent = page.url
    page.go_back()
    page.go_back()
    said(page, f"{len(against)} of 221")
    assert page.get_by_role("combobox", name="Theme", exact=True).input_value() == ""
    page.goto("about:blank")
    page.goto(sent)
    said(page, f"{len(fitting)} of 221")
    assert ids(page) == fitting and page.get_by_label("Words to find").input_value() == "LAMP late"
    for words, found in (
        ("heron", [60]),
        ("strassenbahn", []),
        ("zurich arger", [9]),
        ("図書館", [10]),
        ("proto", [5]),
    ):
        page.goto(f"{home}/comments/browse.html#q={words}")
        said(page, f"{len(found)} of" if found else "No comment fits.")
        assert ids(page) == [f"{ID}{n}" for n in found]
    assert page.query_selector(".browse__results b, .browse__results img") is None
    # Of comments in the same words some fit and some do not: these are counted; what none has together is not found.
    traders = [n for n in COPIES if ROLES[n % 3] == "Trader"]
    page.goto(f"{home}/comments/browse.html#q=homework&attr_role=Trader")
    said(page, f"1 of 221 entries fit, with {len(traders)} comments that do. Shown: 1 to 1.")
    told = page.locator(".browse__results").text_content() or ""
    assert f"Fit what you chose{len(traders)} of {len(COPIES)} in these words, not the one shown" in told
    page.goto(f"{home}/comments/browse.html#q=homework&attr_role=Pupil")
    said(page, "1 of 221 entries fit, with 14 comments")
    assert "Fit what you chose14 of 40 in these words" in (page.locator(".browse__results").text_content() or "")
    page.goto(f"{home}/comments/browse.html#q=homework")
    said(page, f"1 of 221 entries fit, with {len(COPIES)} comments that do. Shown: 1 to 1.")
    # Numbers beside choices count comments, as figures do.
    offered = page.get_by_role("combobox", name="Role", exact=True).locator("option").all_text_contents()
    assert sorted(offered) == sorted(
        ["All", *(f"{role} ({sum(ROLES[n % 3] == role for n in range(1, COUNT + 1))})" for role in ROLES)]
    )
    # What cannot be looked for fits nothing, and is said.
    for asked, why in (
        ("q=🚲", "There is no letter and no digit in “🚲”."),
        ("stance=Bogus&q=homework", "This edition has nothing called “Bogus” to choose."),
    ):
        page.goto(f"{home}/comments/browse.html#{asked}")
        said(page, why)
        assert ids(page) == []
    page.goto(f"{home}/comments/browse.html#q=homework&attr_role=Trader&attr_time=Early")
    said(page, "No comment fits.")
    page.goto(f"{home}/comments/browse.html#order=copies&page=2")
    said(page, "221 of 221 entries fit. Shown: 21 to 40.")
    page.get_by_role("link", name="Previous page").click()
    said(page, "221 of 221 entries fit. Shown: 1 to 20.")
    assert ids(page)[0] == f"{ID}200"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # The address of a comment leads to the page that shows it, or shows its words.
    for name, place in ((60, f"1.html#{ID}60"), (230, f"3.html#{ID}200"), (255, f"3.html#{ID}255")):
        page.goto(f"{home}/comments.html#{ID}{name}")
        page.wait_for_url(f"{home}/comments/{place}")
        page.wait_for_function("() => Math.abs(document.querySelector(':target').getBoundingClientRect().top) < 844")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.goto("about:blank")
    page.goto(f"{home}/comments.html#{ID}4")
    page.wait_for_timeout(200)
    assert page.url == f"{home}/comments.html#{ID}4", "what the chapter lists is shown there"
    page.goto(f"{home}/comments/find.html#nobody-1")
    said(page, "This edition has no comment with the id nobody-1.")


def test_without_scripts_every_comment_is_a_few_links_away(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto((site / "comments.html").as_uri())
    page.get_by_role("link", name="Read all, on pages of a hundred").click()
    for _ in range(2):
        page.get_by_role("link", name="Next page").first.click()
    assert page.url.endswith("/comments/3.html") and page.get_by_text("day 255").is_visible()
    page.get_by_role("link", name="Find a comment by its id").click()
    page.locator("main").get_by_role("link", name=f"{ID}1 to {ID}260").click()
    page.get_by_role("link", name=f"{ID}230", exact=True).click()
    assert page.url.endswith(f"/comments/3.html#{ID}200")
    page.goto((site / "comments" / "browse.html").as_uri())
    assert page.locator("noscript p").is_visible()
    assert not page.get_by_label("Words to find").is_visible()
    context.close()
