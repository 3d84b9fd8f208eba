"""The pages in a real browser: private, quiet, readable on a phone, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from brief import figures
from brief.data.loading import load
from brief.figures import Table
from brief.findings.findings import Findings
from conftest import PAGES, ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = (320, 1280, 390)


class Watched:
    """A page with everything it asked for and everything it complained of."""

    def __init__(self, browser: Browser, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on(
            "console",
            lambda said: self.complaints.append(f"{said.text} {said.location}") if said.type == "error" else None,
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def strangers(self, home: str) -> list[str]:
        """Requests to anywhere but the site itself."""
        return [url for url in self.asked if not url.startswith((home, "data:", "blob:"))]


@pytest.fixture
def watch(browser: Browser) -> Iterator[Any]:
    opened: list[Watched] = []

    def start(**options: Any) -> Watched:
        opened.append(Watched(browser, **options))
        return opened[-1]

    yield start
    for one in opened:
        one.context.close()


def test_pages_ask_nobody_complain_of_nothing_and_fit(watch: Any, site_server: str) -> None:
    """Opened on a phone in the dark, then seen at each width and in each scheme.

    Opened on a desk in the light, `private` of `test_check_site` looks at them.
    """
    watched = watch(viewport={"width": 390, "height": 900}, color_scheme="dark")
    for name in PAGES:
        watched.page.goto(f"{site_server}/{name}.html", wait_until="networkidle")
        for width in WIDTHS:
            watched.page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                watched.page.emulate_media(color_scheme=scheme)
                over = watched.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                assert over <= 0, f"{name} is {over} px too wide at {width} px, {scheme}"
    assert watched.strangers(site_server) == []
    assert watched.complaints == []


def test_headings_of_columns_keep_to_their_columns_and_words(watch: Any, site_server: str) -> None:
    """At a desk nothing of the options' tables is out of view, and no heading runs into the next or is cut up."""
    watched = watch(viewport={"width": 1280, "height": 900})
    watched.page.goto(f"{site_server}/options.html")
    for name in ("performance-matrix", "central-weights"):
        table = watched.page.locator(f"#table-{name}")
        table.evaluate("region => { region.closest('details').open = true; }")
        heads = table.locator("thead th")
        assert heads.count() > 5
        assert heads.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth)") == []
        assert table.evaluate("region => region.scrollWidth - region.clientWidth") <= 0, name
        cut = """all => all.flatMap(head => {
            const words = [...head.firstChild.data.matchAll(/\\S+/g)], range = document.createRange();
            return words.filter(word => {
                range.setStart(head.firstChild, word.index);
                range.setEnd(head.firstChild, word.index + word[0].length);
                return range.getClientRects().length > 1;
            }).map(word => word[0]);
        })"""
        assert heads.evaluate_all(cut) == []


def test_a_table_that_goes_on_beyond_its_edge_has_a_shade_there(watch: Any, site_server: str) -> None:
    watched = watch(viewport={"width": 800, "height": 900}, reduced_motion="reduce")
    watched.page.goto(f"{site_server}/options.html")
    table = watched.page.locator("#table-central-weights")
    table.evaluate("region => { region.closest('details').open = true; region.scrollIntoView(); }")
    assert table.evaluate("region => region.scrollWidth - region.clientWidth") > 0

    def edge() -> bytes:
        """The end of the first line, beside the table's number, where no letter stands."""
        box = table.bounding_box()
        assert box is not None
        corner = {"x": box["x"] + box["width"] - 3, "y": box["y"] + 3, "width": 2.0, "height": 8.0}
        return bytes(watched.page.screenshot(clip=corner))

    shaded = edge()
    table.evaluate("region => region.scrollTo(region.scrollWidth, 0)")
    assert edge() != shaded, "at its end the shade is gone"


def test_pages_work_opened_as_files(watch: Any, built_site: Path) -> None:
    watched = watch(viewport={"width": 1280, "height": 900})
    for name in PAGES:
        watched.page.goto((built_site / f"{name}.html").as_uri(), wait_until="networkidle")
    assert watched.strangers("file://") == []
    # A browser does not load fonts ahead for files, and says so; it loads them all the same when they are used.
    assert [told for told in watched.complaints if "/fonts/" not in told] == []


def test_where_scripts_run_the_charts_have_tooltips(watch: Any, site_server: str) -> None:
    watched = watch(viewport={"width": 1280, "height": 900})
    watched.page.goto(f"{site_server}/article.html", wait_until="networkidle")
    figure = watched.page.locator("#figure-voice-strip")
    figure.scroll_into_view_if_needed()
    assert not [url for url in watched.asked if "vega" in url], "the charts' script costs nothing until it is wanted"
    figure.locator("svg.marks:visible, .picture--wide svg").first.hover()
    drawn = figure.locator(".picture__live svg.marks:visible")
    drawn.wait_for()
    # The first rectangles are the key; the first block of words comes after one for each voice.
    drawn.locator(".mark-rect path").nth(4).hover()
    told = watched.page.get_by_role("tooltip")
    told.wait_for(state="visible")
    assert "Sky News, its source and officials" in told.inner_text() and "27" in told.inner_text()
    assert watched.complaints == []


def test_with_scripts_off_article_figures_and_data_are_readable(watch: Any, site_server: str) -> None:
    watched = watch(viewport={"width": 390, "height": 900}, java_script_enabled=False)
    watched.page.goto(f"{site_server}/article.html")
    assert watched.page.locator(".quoted-paragraph .verbatim:visible").count() == 7
    watched.page.goto(f"{site_server}/comments.html")
    assert watched.page.locator("blockquote.verbatim:visible").count() == 7
    figure = watched.page.locator("#figure-comment-tiles")
    assert figure.locator("svg:visible").count() == 1
    box = figure.locator("svg:visible").bounding_box()
    assert box is not None and box["width"] > 250 and box["height"] > 200
    figure.locator("summary").first.click()
    assert figure.locator("details table:visible").count() == 1


def test_the_picture_keeps_its_place_when_the_script_takes_over(watch: Any, site_server: str) -> None:
    watched = watch(viewport={"width": 1280, "height": 900})
    watched.page.add_init_script(
        "window.shifts = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries())"
        " window.shifts += entry.value; }).observe({type: 'layout-shift', buffered: true});"
    )
    watched.page.goto(f"{site_server}/comments.html", wait_until="networkidle")
    for figure in watched.page.locator("figure.exhibit").all():
        figure.scroll_into_view_if_needed()
        figure.locator(".picture--wide").hover()
        figure.locator(".picture__live svg.marks:visible").wait_for()
    assert watched.page.evaluate("window.shifts") < 0.02


def test_the_reader_can_choose_light_or_dark(watch: Any, site_server: str) -> None:
    watched = watch(viewport={"width": 1280, "height": 900}, color_scheme="light")
    watched.page.goto(f"{site_server}/index.html")
    ground = "getComputedStyle(document.body).backgroundColor"
    before = watched.page.evaluate(ground)
    watched.page.get_by_role("button", name="Light or dark").first.click()
    assert watched.page.evaluate(ground) != before
    watched.page.goto(f"{site_server}/comments.html")
    assert watched.page.evaluate(ground) != before


def test_a_reader_chooses_rows_of_a_table_and_sees_them_all_without_scripts_and_on_paper(
    watch: Any, site_server: str
) -> None:
    watched = watch(viewport={"width": 390, "height": 900})
    watched.page.goto(f"{site_server}/options.html")
    rows = watched.page.locator("#table-care-most-about tbody tr")
    visible = watched.page.locator("#table-care-most-about tbody tr:visible")
    whole, chooser = rows.count(), watched.page.locator(".chooser[data-items^='#table-care-most-about ']")
    watched.page.locator("details:has(#table-care-most-about) > summary").click()
    assert 0 < visible.count() < whole, "an answer is seen at first, not a long table"
    chooser.get_by_label("Criterion").select_option("Security")
    assert set(visible.locator("th").all_inner_texts()) == {"Security"}
    assert chooser.get_by_role("status").inner_text() == f"Rows shown: {visible.count()} of {whole}"
    watched.page.emulate_media(media="print")
    assert visible.count() == whole
    watched.page.emulate_media(media="screen")
    chooser.get_by_label("Criterion").select_option("All")
    assert visible.count() == whole
    assert watched.complaints == []
    silent = watch(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    silent.page.goto(f"{site_server}/options.html")
    assert silent.page.locator("#table-care-most-about tbody tr:visible").count() == whole
    assert not silent.page.locator(".chooser:visible").count()


def test_search_finds_a_word_of_the_article_and_of_a_comment(watch: Any, site_server: str) -> None:
    watched = watch(viewport={"width": 1280, "height": 900})
    for word, wanted in (("bernardino", "article.html"), ("frigg", "comments.html")):
        watched.page.goto(f"{site_server}/search.html?q={word}")
        watched.page.locator(f"a[href*='{wanted}']").first.wait_for()
    assert watched.strangers(site_server) == []
    assert watched.complaints == []


def test_the_script_of_the_page_finds_the_same_ranks(watch: Any, site_server: str) -> None:
    made = figures.tables()["under-some-weights"](Findings(load(ROOT)), {})
    assert isinstance(made, Table)
    watched = watch(viewport={"width": 1280, "height": 900})
    watched.page.goto(f"{site_server}/options.html")
    panel = watched.page.locator(".weighing")
    settings = panel.get_by_label("Start from")
    for setting in range(4):
        settings.select_option(index=setting)
        assert panel.locator(".weighing__name").all_inner_texts() == list(made.data["Option"])
        assert panel.locator(".weighing__place").all_inner_texts() == list(made.data.iloc[:, setting + 1])
    assert watched.complaints == []


def test_a_reader_moves_a_weight_with_the_keyboard(watch: Any, site_server: str) -> None:
    watched = watch(viewport={"width": 390, "height": 900})
    watched.page.goto(f"{site_server}/options.html")
    panel = watched.page.locator(".weighing")
    panel.get_by_label("Start from").select_option(index=1)
    before = panel.locator(".weighing__place").all_inner_texts()
    slider = panel.get_by_role("slider").first
    slider.focus()
    slider.press("Home")
    assert panel.get_by_label("Start from").input_value() == ""
    assert panel.locator(".weighing__place").all_inner_texts() != before
    for one in panel.get_by_role("slider").all():
        one.press("Home")
    assert "Nothing counts" in panel.get_by_role("status").inner_text()
    assert watched.complaints == []
    silent = watch(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    silent.page.goto(f"{site_server}/options.html")
    assert not silent.page.locator(".weighing:visible").count()
    assert silent.page.locator("#table-under-some-weights tbody tr:visible").count()


#: The lines of text that would stick out at a side of the bar when they pass below it, and whether it hides them.
_BESIDE_THE_BAR = """() => {
    const bar = document.querySelector('.to-contents'), box = bar.getBoundingClientRect();
    const walker = document.createTreeWalker(bar.parentElement, NodeFilter.SHOW_TEXT), range = document.createRange();
    const out = [];
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        if (!text.data.trim() || text.parentElement.closest('.visually-hidden, svg')) continue;
        range.selectNodeContents(text);
        for (const line of range.getClientRects()) {
            if (line.width === 0 || (line.left >= box.left && line.right <= box.right)) continue;
            // What a table that scrolls sideways has beyond its edge is not seen.
            const edges = [];
            for (let above = text.parentElement; above !== document.body; above = above.parentElement)
                if (getComputedStyle(above).overflowX !== 'visible') edges.push(above.getBoundingClientRect());
            const left = Math.max(line.left, ...edges.map(edge => edge.left));
            const right = Math.min(line.right, ...edges.map(edge => edge.right));
            if (right > left && (left < box.left || right > box.right)) out.push(text.data);
        }
    }
    return {out, clear: getComputedStyle(bar).backgroundColor.startsWith('rgba'), foot: innerHeight - box.bottom};
}"""
#: Whether the way back is level with another line of text.
_LEVEL_WITH_TEXT = """() => {
    const bar = document.querySelector('.to-contents'), box = bar.getBoundingClientRect();
    const under = [];
    for (let x = box.left + 4; x < box.right; x += 12) {
        for (const element of document.elementsFromPoint(x, box.top + box.height / 2)) {
            const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
            if (own && !bar.contains(element)) under.push(element.textContent.slice(0, 40));
        }
    }
    return under;
}"""


@pytest.mark.parametrize("width", [320, 390, 900])
def test_the_way_back_to_the_contents_cuts_no_line_of_text(watch: Any, site_server: str, width: int) -> None:
    """It is as wide as the text, so that lines pass below it whole; and it leads to the contents."""
    watched = watch(viewport={"width": width, "height": 700}, reduced_motion="reduce")
    with_contents = []
    for name in PAGES:
        watched.page.goto(f"{site_server}/{name}.html")
        if watched.page.locator(".to-contents").count():
            with_contents.append(name)
            watched.page.evaluate("scrollTo(0, 300)")
            assert watched.page.evaluate(_BESIDE_THE_BAR) == {"out": [], "clear": False, "foot": 0}, name
            bar = watched.page.locator(".to-contents")
            bar.evaluate("bar => { bar.style.position = 'static'; bar.scrollIntoView(); }")
            assert watched.page.evaluate(_LEVEL_WITH_TEXT) == [], f"{name}: at the end it stands below the text"
            bar.evaluate("bar => { bar.style.position = ''; }")
            bar.locator("a").click()
            assert watched.page.locator("#on-this-page summary").first.is_visible()
            assert watched.page.evaluate("scrollY") < 700
    assert len(with_contents) > 2
