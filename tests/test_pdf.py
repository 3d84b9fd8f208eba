"""The PDFs: read back with pikepdf and poppler, which know nothing of how they were made."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import yaml
from bs4 import BeautifulSoup

import topics
from brief.errors import BriefError
from brief.figures.drawing.own_fonts import SQUARE
from brief.figures.drawing.paper import SMALLEST, letters
from brief.site.pdf.blocks import blocks, read
from brief.site.pdf.fitting import loosened, measures, paragraph, shortened
from brief.site.pdf.levels import Levels
from brief.site.pdf.papers import Page, section
from brief.site.pdf.pictures import picture
from brief.site.pdf.typesetting import signs_without_glyph, typeset
from check_site.pdf import elements
from conftest import (
    ROOT,
    is_missing,
    longest_quotation,
    run_build,
    words_of_articles_in_a_row,
)

SHORT, FULL = "whatsapp-refusal.pdf", "whatsapp-refusal-full.pdf"
HOSTILE = [
    '#read("/etc/passwd") #panic("no") #image("x.png") #eval("1+1")',
    "$x^2$ *b* _i_ `raw` ```rust let x``` <label> @ref https://example.org // no comment /* none */",
    "= No heading\n- no item\n+ no number\n/ no: term",
    "<script>alert(1)</script> {{ 7 * 7 }} {% raw %} [link](javascript:alert(1)) \\u{41} ~ --- ... '\"",
    "Right to left \u202emarks\u202c and \u2066isolates\u2069, a bell \x07, signs no font has: \U00013000 \u6f22",
    "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
    "long" * 25_000,
]
NOT_ON_PAPER = "Where this file cannot show a sign, as an emoji in a picture, a square stands for it."


def poppler(tool: str, *arguments: str | Path) -> str:
    """What a tool of poppler prints. Skips where there is none; where tests may not skip, that is a failure."""
    if shutil.which(tool) is None:
        is_missing(f"no {tool} here; install poppler-utils")
    ended = subprocess.run([tool, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def text_of(path: Path) -> str:
    """The text of a PDF on one line, without the places where a long word may break."""
    return " ".join(poppler("pdftotext", "-raw", path, "-").replace("\u200b", "").split())


def joined(text: str) -> str:
    """A text without white space: where lines end makes no difference."""
    return re.sub(r"\s", "", text)


def figures_of(site: Path, name: str) -> list[str]:
    with pikepdf.open(site / name) as pdf:
        return [str(node.get("/Alt", "")) for role, node in elements(pdf.Root.StructTreeRoot) if role == "Figure"]


@pytest.mark.parametrize("name", [SHORT, FULL])
def test_a_pdf_declares_what_readers_tools_need(built_site: Path, name: str) -> None:
    topic = yaml.safe_load((ROOT / "data" / "brief.yml").read_text(encoding="utf-8"))
    with pikepdf.open(built_site / name) as pdf, pdf.open_metadata() as metadata:
        assert str(pdf.Root.Lang) == topic["language"]
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert metadata["{http://purl.org/dc/elements/1.1/}title"] == topic["title"]
        assert str(pdf.docinfo.Title) == topic["title"]
        assert str(pdf.docinfo.Author) == topic["publisher"]
        assert str(pdf.docinfo.Subject) == topic["question"]
        day = f"{topic['edition']:%Y%m%d}"
        assert str(pdf.docinfo.CreationDate).startswith(f"D:{day}") and day == str(pdf.docinfo.ModDate)[2:10]
        assert "/Outlines" in pdf.Root
        for page in pdf.pages:
            assert page.obj.get("/Tabs") == "/S" or "/Annots" not in page.obj
    told = poppler("pdfinfo", built_site / name)
    assert re.search(r"Tagged:\s+yes", told) and re.search(r"JavaScript:\s+no", told)
    assert re.search(r"Page size:.*A4", told)


def test_every_figure_has_its_alternative_text(built_site: Path) -> None:
    kept = [
        *(built_site.parent / "brief").glob("*/facts.json"),
        *(built_site.parent / "brief").glob("*/exhibits/*.json"),
    ]
    snapshot: dict[str, Any] = {}
    for path in kept:
        snapshot |= json.loads(path.read_text(encoding="utf-8"))
    alts = {figure["alt"] for figure in snapshot["figures"].values() if "alt" in figure}
    for name in (SHORT, FULL):
        found = figures_of(built_site, name)
        assert found and set(found) <= alts
    assert set(figures_of(built_site, FULL)) == alts
    for name in [part.split()[1] for part in snapshot["topic"]["pdf"] if part.startswith("figure ")]:
        assert snapshot["figures"][name].get("alt", "") in [*figures_of(built_site, SHORT), ""]


@pytest.mark.parametrize("name", [SHORT, FULL])
def test_bookmarks_lead_to_the_parts(built_site: Path, name: str) -> None:
    with pikepdf.open(built_site / name) as pdf, pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert "Key messages" in titles if name == SHORT else "Methods" in titles


def sizes_of_letters(path: Path) -> Iterator[tuple[int, float]]:
    """Each text of a PDF as it is set: its page, and the size of its letters in points."""

    def walk(stream: Any, resources: Any, matrix: pikepdf.Matrix) -> Iterator[float]:
        outer: list[tuple[pikepdf.Matrix, float]] = []
        text, size = pikepdf.Matrix(), 0.0
        for step in pikepdf.parse_content_stream(stream):
            operands: Any = step.operands
            name = str(step.operator)
            if name == "q":
                outer.append((matrix, size))
            elif name == "Q":
                matrix, size = outer.pop()
            elif name == "cm":
                matrix = pikepdf.Matrix(*map(float, operands)) @ matrix
            elif name == "BT":
                text = pikepdf.Matrix()
            elif name == "Tm":
                text = pikepdf.Matrix(*map(float, operands))
            elif name == "Tf":
                size = float(operands[1])
            elif name in ("Tj", "TJ"):
                whole = text @ matrix
                yield size * (whole.c**2 + whole.d**2) ** 0.5
            elif name == "Do" and (form := resources.XObject[operands[0]]).get("/Subtype") == "/Form":
                placed = pikepdf.Matrix(*map(float, form.get("/Matrix", [1, 0, 0, 1, 0, 0])))
                yield from walk(form, form.get("/Resources", resources), placed @ matrix)

    with pikepdf.open(path) as pdf:
        for number, page in enumerate(pdf.pages, start=1):
            for size in walk(page, page.obj.Resources, pikepdf.Matrix()):
                yield number, round(size, 2)


@pytest.mark.parametrize("name", [SHORT, FULL])
def test_no_letters_are_too_small_to_read(built_site: Path, name: str) -> None:
    found = list(sizes_of_letters(built_site / name))
    with pikepdf.open(built_site / name) as pdf:
        assert {page for page, _ in found} == set(range(1, len(pdf.pages) + 1)), "each page has text"
    assert [one for one in found if one[1] < SMALLEST] == []


@pytest.mark.parametrize("name", ["index", "who-said-what", "comments", "options"])
def test_a_page_that_a_browser_prints_is_set_at_its_size(
    built_site: Path, browser: Any, tmp_path: Path, name: str
) -> None:
    """Something wider than the page would make the browser print all of it smaller."""
    page = browser.new_page(color_scheme="dark")
    page.goto((built_site / f"{name}.html").as_uri())
    page.pdf(path=tmp_path / "printed.pdf", format="A4", prefer_css_page_size=True)
    page.close()
    sizes = [size for _, size in sizes_of_letters(tmp_path / "printed.pdf")]
    assert sizes.count(10.0) > 200, "the letters of the text"
    assert sum(size < 6.9 for size in sizes) < len(sizes) / 200, "marks are smaller, letters are not"
    sheets = [joined(text) for text in poppler("pdftotext", "-raw", tmp_path / "printed.pdf", "-").split("\f")]
    shown = BeautifulSoup((built_site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    for figure in shown.select("figure.exhibit"):
        parts = [figure.select_one(f".exhibit__{part}") for part in ("headline", "note", "source")]
        said = [joined(part.get_text()) for part in parts if part is not None]
        assert any(all(words in sheet for words in said) for sheet in sheets), "what a figure says stays with it"
    text = text_of(tmp_path / "printed.pdf")
    assert not [words for words in ("Read on", "Download", "Next question", "On this page") if words in text]


def test_poppler_reads_the_structure_too(built_site: Path) -> None:
    told = poppler("pdfinfo", "-struct-text", built_site / SHORT)
    assert re.search(r'H1 "Key messages"', told)
    assert re.search(r"^\s+L \(block\)", told, re.MULTILINE) and re.search(r"^\s+Figure", told, re.MULTILINE)


def page(site: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def test_the_short_one_says_what_the_site_says(built_site: Path) -> None:
    index = page(built_site, "index")
    paper = joined(text_of(built_site / SHORT))
    assert len(index.select(".key-message")) >= 5
    for element in index.select(".key-message, .cover__answer, .cover__question"):
        assert joined(element.get_text()) in paper
    with pikepdf.open(built_site / SHORT) as pdf:
        assert 2 <= len(pdf.pages) <= 4
        assert f"PDF, {len(pdf.pages)} pages" in index.get_text()


def test_every_chapter_stands_in_the_full_one(built_site: Path) -> None:
    paper = joined(text_of(built_site / FULL))
    titles = [one.get_text() for one in page(built_site, "index").select(".chapters .chapters__title")]
    assert len(titles) > 5
    for title in titles:
        assert joined(title) in paper, title
    for element in page(built_site, "methods").select("main p:not(.kicker), main li, main td"):
        if not element.select("a") and not element.find_parent(class_=["onward", "downloads", "notes", "fold--table"]):
            assert joined(element.get_text()) in paper


def test_no_pdf_holds_the_article(built_site: Path) -> None:
    for name in (SHORT, FULL):
        found = words_of_articles_in_a_row(text_of(built_site / name))
        assert 2 < len(found.split()) <= longest_quotation(), "quotations are found, and nothing longer"


@pytest.mark.parametrize("rights", ["full_text", "excerpt"])
def test_hostile_text_is_text(tmp_path: Path, rights: str) -> None:
    root = topics.asked(tmp_path / "brief", HOSTILE, coded=0)
    topic = root / "data" / "brief.yml"
    topic.write_text(topic.read_text(encoding="utf-8").replace("full_text", rights), encoding="utf-8")
    comments = root / "data" / "comments" / f"{topics.COLLECTION}.csv"
    comments.write_bytes(comments.read_bytes().replace(b"\x07", b""))
    ended = run_build(root)
    assert ended.returncode == 0, ended.stdout
    paper = joined(text_of(root / "_build" / "html" / "new-brief-full.pdf"))
    for text in HOSTILE[:4]:
        words = text.split()
        told = " ".join(words[:25]) if rights == "excerpt" else text
        assert joined(told) in paper
    assert "root:" not in paper and f"signsnofonthas:{SQUARE}" in paper
    assert "longlong" in paper and paper.count("long") < 25_000
    assert joined(NOT_ON_PAPER) in paper


@pytest.mark.parametrize(("count", "coded"), topics.SIZES)
def test_any_topic_has_its_pdfs(count: int, coded: int) -> None:
    site = topics.built_asked(count, coded)
    paper = text_of(site / "new-brief-full.pdf")
    assert all(text in paper for text in topics.TEXTS[:count])
    assert "Should the library close at six?" in text_of(site / "new-brief.pdf")
    assert "whatsapp" not in (paper + text_of(site / "new-brief.pdf")).lower()
    with pikepdf.open(site / "new-brief.pdf") as pdf:
        assert len(pdf.pages) <= 4


def test_a_changed_coding_changes_the_sentence_on_paper(built_site: Path, tmp_path: Path) -> None:
    root = topics.copied(built_site, tmp_path / "brief")
    topic = root / "data" / "brief.yml"
    text = topic.read_text(encoding="utf-8")
    topic.write_text(re.sub(r"^edition: .*$", "edition: 2026-12-24", text, flags=re.MULTILINE), encoding="utf-8")
    codings = root / "data" / "codings" / "outline.csv"
    codings.write_text(codings.read_text(encoding="utf-8").replace(",against,", ",mixed,", 1), encoding="utf-8")
    ended = run_build(root)
    assert ended.returncode == 0, ended.stdout
    paper = text_of(root / "_build" / "html" / SHORT)
    assert "1 to 3 oppose it" in paper and "2 to 4 oppose it" not in paper
    assert "24 December 2026" in paper


def test_a_section_is_found_by_each_of_its_names() -> None:
    """A second name of a section stands as an empty element in it."""
    page = "<section id='id1'><span id='first-name'></span><h2>First</h2><p id='words'>Words.</p></section>"
    tree = read(page, "book/summary.md")
    pages = {"book/summary": Page("book/summary", "Summary", "", tree)}
    first = section(pages, "book/summary#first-name")
    assert first == section(pages, "book/summary#id1") and [block["k"] for block in first][-2:] == ["h", "p"]
    assert section(pages, "book/summary#no-such") == section(pages, "book/other#first-name") == []


def test_a_figure_without_an_alternative_text_is_refused() -> None:
    picture = {
        "k": "picture",
        "number": 0,
        "named": "",
        "headline": ["A figure"],
        "subtitle": [],
        "note": [],
        "source": [],
    }
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    with pytest.raises(BriefError, match="the PDF cannot be made"):
        typeset(_document([{**picture, "svg": svg, "width": 9, "height": 9, "alt": None}]), dt.date(2020, 5, 1))


def _document(body: list[dict[str, Any]]) -> dict[str, Any]:
    colours = dict.fromkeys(("ink", "soft", "line", "accent", "mark", "on-series", "pale"), "#123456")
    texts = dict.fromkeys(
        ("title", "subtitle", "question", "author", "edition", "running", "footer", "label"), "A text"
    )
    meta = {**texts, "lang": "en", "keywords": [], "date": [2020, 5, 1], "colours": colours}
    return {"meta": meta, "short": True, "targets": [], "front": [], "body": body}


def test_a_picture_too_tall_to_read_gives_way_to_the_compact_one() -> None:
    def drawn(width: int, height: int, size: int) -> dict[str, Any]:
        return {"width": width, "height": height, "layer": [{"mark": {"fontSize": size}}]}

    kept: dict[str, Any] = {
        "wide": drawn(680, 700, 12),
        "svg_wide": "wide",
        "compact": drawn(560, 480, 13),
        "svg_compact": "compact",
    }
    assert picture(kept, 170) == {"svg": "wide", "width": 165.14, "height": 170.0}
    tall = {**kept, "wide": drawn(680, 2_000, 12)}
    made = picture(tall, 170)
    assert made["svg"] == "compact" and letters(tall["compact"], 170) > SMALLEST
    assert picture({**tall, "compact": None}, 170)["svg"] == "wide"
    assert picture({**kept, "wide": drawn(340, 300, 12)}, 170)["width"] == 87.0, "letters as large as those of others"


# The steps --------------------------------------------------------------------------------------------------------


def test_markup_becomes_blocks_with_its_attributes() -> None:
    html = (
        '<section id="a"><h2>Head<a class="headerlink" href="#a">\u00b6</a></h2><p lang="cy">One\n '
        "<strong>two</strong></p>"
        "<ul><li><p>x</p></li></ul><dl><div><dt>T</dt><dd>D</dd></div></dl><script>no</script></section>"
    )
    (made,) = blocks(read(html, "p"))
    assert made["id"] == "a"
    head, text, items, terms = made["b"]
    assert head == {"k": "h", "level": 2, "c": ["Head"]}
    assert text == {"k": "p", "c": ["One ", {"k": "strong", "c": ["two"]}], "lang": "cy"}
    assert items["items"] == [{"b": [{"k": "p", "c": ["x"]}]}]
    assert terms["items"] == [{"t": ["T"], "b": [{"k": "p", "c": ["D"]}]}]


def test_a_cell_that_spans_rows_stands_in_the_first() -> None:
    html = "<table><caption>C</caption><thead><tr><th>A</th><th>B</th></tr></thead><tbody>"
    html += '<tr><th rowspan="2">1</th><td>x</td></tr><tr><td>y</td></tr></tbody></table>'
    (table,) = blocks(read(html, "p"))
    assert table["caption"] == ["C"] and table["head"] == [["A"], ["B"]]
    words = [[cell["b"][0]["c"][0] if cell["b"] else "" for cell in row] for row in table["rows"]]
    assert words == [["1", "x"], ["", "y"]]


def test_stored_text_keeps_its_lines_and_its_direction() -> None:
    (made,) = blocks(read('<blockquote class="verbatim" dir="auto">\u05e9\u05dc\n two  spaces</blockquote>', "p"))
    assert made["dir"] == "rtl"
    assert made["b"][0]["c"] == ["\u05e9\u05dc", {"k": "br"}, " two  spaces"]


def test_markup_that_is_not_nested_is_named_with_its_page() -> None:
    with pytest.raises(BriefError, match=r"book/x\.md"):
        read("<p><em>no</p>", "book/x.md")


def test_headings_that_stand_side_by_side_are_alike() -> None:
    """A page whose first headings skip a level: on paper none is skipped, and each is as its siblings."""
    levels = Levels([(1, 1)])
    assert [levels.of(level) for level in (3, 3, 2, 3, 4, 3, 2)] == [2, 2, 2, 3, 4, 3, 2]


def test_an_address_breaks_between_its_words() -> None:
    address = "https://gazette.example/2021/03/council-plans-to-close-mill-lane-to-cars.html?page=2"
    parts = loosened(f"It is at {address}.").split("\u200b")
    assert "".join(parts) == f"It is at {address}."
    assert parts[:4] == ["It is at https://", "gazette.", "example/", "2021/"]
    assert [part for part in parts[:-1] if part[-1] not in "/.?&=_-"] == []
    assert max(map(len, loosened("x" * 90).split("\u200b"))) == 12, "a long word without joints breaks all the same"


def test_a_figure_that_moves_to_the_next_page_is_told_of_at_its_place(built_site: Path) -> None:
    pages = poppler("pdftotext", "-layout", built_site / FULL, "-").split("\f")
    moved = [
        (number, int(told[1]), int(told[2]))
        for number, text in enumerate(pages, start=1)
        for told in re.finditer(r"Figure (\d+) is at the top of page (\d+)\.", text)
    ]
    assert moved
    for here, figure, there in moved:
        assert there == here + 1 and re.search(rf"^\s*Figure {figure}$", pages[there - 1], re.MULTILINE)


def test_long_texts_and_excerpts_are_cut() -> None:
    long = [{"k": "p", "c": ["word " * 2_000]}]
    assert len(shortened(long, excerpt=False)[0]["c"][0]) < 2_600
    assert shortened(long, excerpt=True)[0]["c"][0] == " ".join(["word"] * 25) + " \u2026"
    assert shortened([{"k": "p", "c": ["short"]}], excerpt=True) == [{"k": "p", "c": ["short"]}]


def test_columns_fill_the_width_and_no_more() -> None:
    rows = [[{"b": [{"k": "p", "c": [text]}]} for text in ("a", "many words " * 30)]] * 3
    one, other = measures([["A"], ["B"]], rows)["widths"]
    assert one < other and abs(one + other - 174) < 0.1
    assert abs(sum(measures([[str(place)] for place in range(30)], [[{"b": []}] * 30])["widths"]) - 174) < 1


def test_signs_that_no_font_has_are_read_from_what_typst_says() -> None:
    told = 'error: the text `"\u6f22"` could not be displayed with font `"X"`\n'
    told += 'error: the text `"\\u{1f600}"` could not be displayed with font `"X"`'
    assert signs_without_glyph(told) == {"\u6f22", "\U0001f600"}


def test_what_is_read_from_the_right_stands_at_the_right(tmp_path: Path) -> None:
    words = "\u05e9\u05dc\u05d5\u05dd"
    body: list[dict[str, Any]] = [
        {"k": "quote", "dir": "rtl", "b": [{"k": "p", "c": [words]}]},
        {"k": "p", "c": ["Hello."]},
        paragraph(words),
    ]
    (tmp_path / "one.pdf").write_bytes(typeset(_document(body), dt.date(2020, 5, 1)).content)
    told = poppler("pdftotext", "-bbox", tmp_path / "one.pdf", "-")
    places = [(float(start), word) for start, word in re.findall(r'xMin="([\d.]+)"[^>]*>([^<]+)</word>', told)]
    assert [place < 100 for place, word in places if word == "Hello."] == [True]
    assert [place > 400 for place, word in places if "\u05dc" in word] == [True, True]


def test_no_text_stops_a_pdf() -> None:
    """Not even one that Typst refuses without naming its signs."""
    body: list[dict[str, Any]] = [
        {"k": "p", "c": [chr(code) + "\u0e31\u200d\ufeff"]} for code in range(0xA0, 0x3000, 41)
    ]
    assert typeset(_document(body), dt.date(2020, 5, 1)).pages > 1


def test_a_table_that_a_sentence_names_is_told_of_on_the_same_paper(built_site: Path) -> None:
    text = " ".join(poppler("pdftotext", built_site / FULL, "-").split())
    named = {
        "has every assessment in full": "How each option does",
        "asks how often an option would come first": "How often each option is first",
    }
    for sentence, caption in named.items():
        pointed = re.search(rf"(Table \d+) {sentence}", text)
        assert pointed is not None, sentence
        assert f"{pointed[1]} is on the site and in the archive of the data: \u201c{caption}" in text
    pointed = re.search(r"(Table \d+) says for each option what changes in apps", text)
    assert pointed is not None and f"{pointed[1]} What users could notice" in text, "a short table stands whole"
    assert "Here is every assessment" not in text and "tables above" not in text


def test_what_a_column_means_stands_with_its_table(built_site: Path) -> None:
    page = (built_site / "options.html").read_text(encoding="utf-8")
    assert "\u201cFirst if what is unknown may be anything\u201d: Share of draws. All criteria count" in page
