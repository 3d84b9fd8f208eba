"""The brief as a file to hand over: each format read back by a library that knows nothing of how it was written."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import odfdo
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin
from playwright.sync_api import Browser

from brief.cli import main
from brief.contract import archives
from brief.contract.formats import formats_in
from brief.errors import BriefError
from brief.prose.plain import safe
from brief.site.office import handout_of, module_for, written
from brief.site.office.handout import Handout, caption, text_of
from brief.site.verifying import office
from brief.site.verifying.stored import of_folder
from check_site import Site, axe
from hostile_texts import SHORT

FORMATS = formats_in("brief.site.office")
#: What the publisher of GOV.UK looks for before it reads Markdown: callouts, steps, contacts, nations, attachments.
EXTENSIONS = [
    "^an information^",
    "%a warning%",
    "@an advisory@",
    "$CTA call $CTA",
    "$C contact $C",
    "s1. a step",
    "x[a link](https://e.example)",
    ":england:here:england:",
    "{::highlight-answer}10{:/highlight-answer}",
    "[InlineAttachment:1]",
    "[Image: x.png]",
    "[embed:attachments:1]",
    "!!1",
    "[^1] and [^1]: a note",
    "*[EU]:European Union",
    "| a | b |",
    "1. no list",
    "- no list",
    "# no heading",
    "no heading\n===",
    "https://e.example/a_b_c--d...",
]


@pytest.fixture(scope="module")
def handout(built_site: Path) -> Handout:
    return handout_of(built_site.parents[1], built_site)


@pytest.fixture(scope="module")
def files(handout: Handout, built_site: Path) -> dict[str, bytes]:
    return {ending: written(module, handout, built_site.parents[1]) for ending, module in FORMATS.items()}


@pytest.fixture(scope="module")
def word(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("word") / "brief.docx"
    path.write_bytes(files[".docx"])
    return path


@pytest.fixture(scope="module")
def site(built_site: Path) -> office.Site:
    return office.Site(of_folder(built_site))


def squeezed(text: str) -> str:
    return " ".join(text.split())


def markdown(content: bytes) -> str:
    """Markdown as the HTML that a reader of CommonMark with tables and footnotes makes of it."""
    return str(MarkdownIt("commonmark").enable("table").use(footnote_plugin).render(content.decode()))


def words(ending: str, content: bytes) -> str:
    """The text of a file, paragraph by paragraph, tables and notes included."""
    if ending == ".docx":
        paragraphs = docx.Document(BytesIO(content)).element.body.iter("{*}p")
        return squeezed(" ".join("".join(part.text or "" for part in p.iter("{*}t")) for p in paragraphs))
    if ending == ".odt":
        return squeezed(
            " ".join(_odf_words(part) for part in odfdo.Document(BytesIO(content)).body.get_elements(PARTS))
        )
    html = content.decode() if ending == ".html" else markdown(content)
    soup = BeautifulSoup(html, "html.parser")
    for left_out in soup.select("style, sup.footnote-ref, a.footnote-backref"):
        left_out.decompose()
    return squeezed(soup.get_text())


PARTS = "//text:p | //text:h"


def _odf_words(element: Any) -> str:
    """The words of a paragraph, without its notes, which are paragraphs of their own, and its pictures."""
    xml = BeautifulSoup(element.serialize(), "xml")
    for left_out in xml.find_all(["note", "frame"]):
        left_out.decompose()
    for spaces in xml.find_all("s"):
        spaces.replace_with(" ")
    return xml.get_text()


def key_messages(site: Path) -> list[str]:
    soup = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    paragraphs = [squeezed(paragraph.get_text()) for paragraph in soup.select(".key-messages li")]
    return [sentence for text in paragraphs for sentence in re.split(r"(?<=[.?!])\s", text)]


def test_every_format_is_one_file_and_has_its_test() -> None:
    assert tuple(FORMATS) == (".docx", ".html", ".md", ".odt")
    with pytest.raises(BriefError, match=r"(?s)no format known here.*\.docx \(Word\)"):
        module_for(Path("brief.rtf"))


@pytest.mark.parametrize("ending", FORMATS)
def test_every_key_message_stands_in_each(ending: str, files: dict[str, bytes], built_site: Path) -> None:
    text = words(ending, files[ending])
    sentences = key_messages(built_site)
    assert len(sentences) > 10
    assert [sentence for sentence in sentences if sentence not in text] == []


@pytest.mark.parametrize("ending", FORMATS)
def test_the_same_site_gives_the_same_bytes(
    ending: str, files: dict[str, bytes], handout: Handout, built_site: Path
) -> None:
    assert written(FORMATS[ending], handout, built_site.parents[1]) == files[ending]
    if ending in (".docx", ".odt"):
        with zipfile.ZipFile(BytesIO(files[ending])) as archive:
            assert {entry.date_time[:3] for entry in archive.infolist()} == {tuple(handout.meta["date"])}


def _tables(ending: str, content: bytes) -> list[list[list[str]]]:
    if ending == ".docx":
        return [
            [[squeezed(cell.text) for cell in row.cells] for row in table.rows]
            for table in docx.Document(BytesIO(content)).tables
        ]
    if ending == ".odt":
        rows = (table.get_elements(".//table:table-row") for table in odfdo.Document(BytesIO(content)).body.tables)
        return [[[_cell(cell) for cell in row.get_elements("table:table-cell")] for row in table] for table in rows]
    soup = BeautifulSoup(content.decode() if ending == ".html" else markdown(content), "html.parser")
    for note in soup.select("sup.footnote-ref, caption"):
        note.decompose()
    return [
        [[squeezed(cell.get_text(" ")) for cell in row.select("th, td")] for row in table.select("tr")]
        for table in soup.select("table")
    ]


def _cell(cell: Any) -> str:
    return squeezed(
        " ".join(_odf_words(paragraph) for paragraph in cell.get_elements(".//text:p[not(ancestor::text:note)]"))
    )


def _of_tree(blocks: Iterable[dict[str, Any]]) -> Iterator[list[list[str]]]:
    for block in blocks:
        if block["k"] == "table":
            rows = [
                [" ".join(text_of(part.get("c", [])) for part in cell["b"]) for cell in row] for row in block["rows"]
            ]
            yield [
                [squeezed(text_of(cell)) for cell in block["head"]],
                *([squeezed(cell) for cell in row] for row in rows),
            ]
        yield from _of_tree(block.get("b", []))


@pytest.mark.parametrize("ending", FORMATS)
def test_every_cell_of_every_table_stands_in_a_table(ending: str, files: dict[str, bytes], handout: Handout) -> None:
    tables = list(_of_tree(handout.blocks))
    assert len(tables) > 5
    without_space = [[[re.sub(r"\s", "", cell) for cell in row] for row in table] for table in tables]
    read = [[[re.sub(r"\s", "", cell) for cell in row] for row in table] for table in _tables(ending, files[ending])]
    assert read == without_space


def test_the_first_row_of_a_table_is_its_head(files: dict[str, bytes]) -> None:
    for table in docx.Document(BytesIO(files[".docx"])).tables:
        assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
    for drawn in odfdo.Document(BytesIO(files[".odt"])).body.tables:
        assert drawn.get_elements("table:table-header-rows/table:table-row")
    soup = BeautifulSoup(files[".html"], "html.parser")
    assert all(cell.get("scope") == "col" for cell in soup.select("thead th"))


@pytest.mark.parametrize("ending", FORMATS)
def test_every_figure_has_its_description(ending: str, files: dict[str, bytes], built_site: Path) -> None:
    pages = [BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser") for page in built_site.glob("*.html")]
    shown = {squeezed(str(box["aria-label"])) for page in pages for box in page.select(".pictures[role=img]")}
    content = files[ending]
    if ending == ".docx":
        described = {squeezed(part.get("descr")) for part in docx.Document(BytesIO(content)).element.iter("{*}docPr")}
    elif ending == ".odt":
        described = {squeezed(part.text) for part in odfdo.Document(BytesIO(content)).body.get_elements("//svg:desc")}
    elif ending == ".html":
        described = {squeezed(str(part["alt"])) for part in BeautifulSoup(content, "html.parser").select("img")}
    else:
        read = BeautifulSoup(markdown(content), "html.parser")
        described = {squeezed(part.get_text()) for part in read.select("p")} & shown
        named = re.findall(r"(?m)^\[Image: (.+)\]$", content.decode())
        assert len(named) == len(shown) and all((built_site / "figures" / name).is_file() for name in named)
    assert described == shown and len(shown) > 5


def test_headings_captions_and_footnotes_are_words_own(files: dict[str, bytes], handout: Handout) -> None:
    document = docx.Document(BytesIO(files[".docx"]))
    styles = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs if paragraph.style}
    chapters = [text_of(block["c"]) for block in handout.body if block["k"] == "h" and block["level"] == 1]
    assert {styles[chapter] for chapter in chapters} == {"Heading 1"}
    assert styles[handout.meta["title"]] == "Title"
    figures = [block for block in handout.body if block["k"] == "picture"]
    assert {styles[text_of(words)] for block in figures for words in caption(block)} == {"Caption"}
    notes = archives.parse(zipfile.ZipFile(BytesIO(files[".docx"])).read("word/footnotes.xml"), "footnotes")
    name = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}id"
    numbers = {note.get(name) for note in notes if int(note.get(name) or 0) > 0}
    cited = {reference.get(name) for reference in document.element.iter("{*}footnoteReference")}
    assert numbers == cited and len(cited) > 20


def test_a_file_tells_its_title_language_and_edition_and_no_clock(files: dict[str, bytes], handout: Handout) -> None:
    known = docx.Document(BytesIO(files[".docx"])).core_properties
    assert (known.title, known.language) == (handout.meta["title"], "en")
    assert known.created is not None and known.created.replace(tzinfo=None) == known.modified.replace(tzinfo=None)
    assert [known.created.year, known.created.month, known.created.day] == handout.meta["date"]
    meta = odfdo.Document(BytesIO(files[".odt"])).meta
    assert (meta.title, meta.language) == (handout.meta["title"], "en")
    assert str(meta.creation_date)[:10] == f"{handout.date:%Y-%m-%d}"


def test_links_lead_to_a_place_in_the_same_file(files: dict[str, bytes]) -> None:
    document = docx.Document(BytesIO(files[".docx"])).element
    names = {mark.get(mark.nsmap["w"].join("{}") + "name") for mark in document.iter("{*}bookmarkStart")}
    asked = {link.get(link.nsmap["w"].join("{}") + "anchor") for link in document.iter("{*}hyperlink")} - {None}
    assert asked and asked <= names
    body = odfdo.Document(BytesIO(files[".odt"])).body
    marks = {mark.get_attribute("text:name") for mark in body.get_elements("//text:bookmark")}
    leads = {str(link.get_attribute("xlink:href")) for link in body.get_elements("//text:a")}
    assert {lead[1:] for lead in leads if lead.startswith("#")} <= marks
    soup = BeautifulSoup(files[".html"], "html.parser")
    ids = [element["id"] for element in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {str(link["href"])[1:] for link in soup.select('a[href^="#"]')} <= set(ids)


def test_the_one_html_file_asks_for_nothing_and_axe_finds_nothing(
    files: dict[str, bytes], tmp_path: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    (tmp_path / "brief.html").write_bytes(files[".html"])
    page = browser.new_page(viewport={"width": 390, "height": 800})
    asked: list[str] = []
    refused: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: refused.append(message.text))
    page.goto((tmp_path / "brief.html").as_uri())
    page.evaluate("document.fonts.ready")
    assert [url for url in asked if not url.startswith("data:")] == [(tmp_path / "brief.html").as_uri()]
    assert refused == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("[...document.images].every((image) => image.complete && image.naturalWidth > 0)")
    assert page.evaluate("[...document.fonts].some((font) => font.status === 'loaded')")
    page.close()
    result = axe.check(Site(tmp_path, serve(tmp_path), browser), ((390, "dark"), (1280, "light")))
    assert result.findings == []


def hostile(texts: list[str]) -> Handout:
    """A handout that holds each text wherever a text can stand."""
    runs = [[safe(squeezed(text))] for text in texts]
    paragraphs: list[dict[str, Any]] = [{"k": "p", "c": run} for run in runs]
    table: dict[str, Any] = {
        "k": "table",
        "head": [runs[0], runs[1]],
        "rows": [[{"b": [one]}, {"b": [one]}] for one in paragraphs],
    }
    table |= {"named": "", "headline": runs[0], "subtitle": [], "note": runs[1], "source": runs[0], "widths": [80, 90]}
    table["whole"] = [True for _ in paragraphs]
    body: list[dict[str, Any]] = [
        *paragraphs,
        *({"k": "h", "level": 2, "c": run} for run in runs),
        {"k": "list", "ordered": False, "items": [{"b": [one]} for one in paragraphs]},
        {"k": "terms", "items": [{"t": run, "b": [{"k": "p", "c": run}]} for run in runs]},
        {"k": "quote", "b": [{"k": "p", "c": ["a ", {"k": "strong", "c": run}, " b"]} for run in runs]},
        {"k": "code", "text": "\n".join(text for run in runs for text in run)},
        table,
    ]
    named = dict.fromkeys(("title", "subtitle", "question", "author", "label", "edition"), safe(squeezed(texts[0])))
    meta = {**named, "lang": "en", "date": [2026, 11, 26], "keywords": [safe(squeezed(texts[0]))]}
    return Handout({"meta": meta, "front": [], "body": body, "targets": []})


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("texts", [SHORT, EXTENSIONS], ids=["markup", "extensions"])
def test_hostile_text_stays_text(ending: str, texts: list[str]) -> None:
    content = written(FORMATS[ending], hostile(texts), Path())
    read = words(ending, content)
    for text in texts:
        plain = safe(squeezed(text))
        assert read.count(squeezed(plain)) >= 8, plain
    if ending in (".html", ".md"):
        soup = BeautifulSoup(content if ending == ".html" else markdown(content), "html.parser")
        assert soup.select("script, img, iframe, [onerror], [onmouseover]") == []
        assert [link["href"] for link in soup.select("a[href]") if not str(link["href"]).startswith("#")] == []


@pytest.mark.parametrize("text", EXTENSIONS)
def test_no_sign_of_the_publisher_of_gov_uk_is_left_in_a_text(text: str) -> None:
    content = written(FORMATS[".md"], hostile([text, text]), Path()).decode()
    looked_for = (
        r"(?m)^[\^%@].*[\^%@]$|^\$|^\s*[sx]\d*[.\[]|^!!|^\*\[|^\s*[-+] |^:|^=+$|^\{::|:england:|\{::"
        r"|(?<!\\)\[(?!\^?\d+\])|\[(Inline|Image|embed)"
    )
    assert re.findall(looked_for, content) == []


def _changed(word: Path, folder: Path, change: Callable[[str], str]) -> Path:
    """A copy of the Word file with its text changed, as somebody does who works on a draft."""
    path = folder / "changed.docx"
    with zipfile.ZipFile(word) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(
                name, change(content.decode()).encode() if name.endswith(("document.xml", "notes.xml")) else content
            )
    return path


def test_verify_finds_nothing_in_a_word_file_as_it_was_exported(word: Path, built_site: Path) -> None:
    result = CliRunner().invoke(main, ["verify", str(word), "--against", str(built_site)])
    assert result.exit_code == 0, result.output
    assert "Nothing in the file differs from the site." in result.output


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("24 claims of the article", "25 claims of the article", "numbers of this paragraph differ: 25 here, 24 on"),
        ("29 November 2016", "30 November 2016", "numbers of this paragraph differ: 30 here, 29 on"),
        ("is a question for lawyers", "is no question for lawyers", "“no” here, “a” on the site"),
        ("Police or agencies", "Police and agencies", "row 3: this row differs: “and” here, “or” on the site"),
        ("A numbered mark", "An unnumbered mark", "description differs: “An unnumbered” here, “A numbered” on"),
        ("section 253. 2016", "section 254. 2016", "footnote differ: 254 here, 253 on the site (sources.html"),
        (
            "The sources, also unnamed",
            "Nobody said a word of it, ever. The sources",
            "“Nobody said a word of it, ever.",
        ),
    ],
)
def test_verify_names_what_somebody_changed(
    old: str, new: str, finding: str, word: Path, site: office.Site, tmp_path: Path
) -> None:
    changed = _changed(word, tmp_path, lambda text: text.replace(old, new, 1))
    report = office.compare(changed, site)
    with zipfile.ZipFile(word) as file:
        parts = [name for name in (office.TEXT, office.NOTES) if old in file.read(name).decode()]
    assert len(report.findings) == len(parts) and finding in report.text()


def test_verify_names_a_paragraph_that_is_left_out_and_one_that_is_put_in(
    word: Path, site: office.Site, tmp_path: Path
) -> None:
    document = docx.Document(str(word))
    out = next(paragraph for paragraph in document.paragraphs if "is a question for lawyers" in paragraph.text)
    out.insert_paragraph_before("Ministers have since confirmed every word of what the unnamed source told Sky News.")
    out._p.getparent().remove(out._p)
    document.save(str(tmp_path / "changed.docx"))
    text = office.compare(tmp_path / "changed.docx", site).text()
    assert "the site has no such paragraph: “Ministers have since" in text
    assert "the file leaves out this paragraph: “What we could read of Sky" in text
    assert "2 findings." in text


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("brief.docx", [], "--against FOLDER"),
        ("brief.docx", ["--against", "nowhere"], "there is no 'nowhere' to compare with"),
        ("brief.docx", ["--against", ".", "--digest", "0"], "not for a Word file"),
        (".", ["--against", "."], "--against is for a Word file"),
        ("brief.docx", ["--against", "."], "holds no pages to compare with"),
    ],
)
def test_verify_teaches_what_a_word_file_needs(
    name: str, options: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("brief.docx").write_text("no archive", encoding="utf-8")
    result = CliRunner().invoke(main, ["verify", name, *options])
    assert result.exit_code == 1 and says in result.output
    assert "Traceback" not in result.output


def test_what_is_no_word_file_is_said_to_be_none(site: office.Site, tmp_path: Path) -> None:
    path = tmp_path / "brief.docx"
    path.write_text("no archive", encoding="utf-8")
    with pytest.raises(BriefError, match="not a Word file"):
        office.compare(path, site)


def test_export_writes_beside_and_then_takes_the_files_place(
    built_site: Path, files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(built_site.parents[1])
    path = tmp_path / "brief.md"
    path.write_text("an older one", encoding="utf-8")
    result = CliRunner().invoke(main, ["export", str(path)])
    assert result.exit_code == 0, result.output
    assert path.read_bytes() == files[".md"] and [file.name for file in tmp_path.iterdir()] == ["brief.md"]


@pytest.mark.parametrize(
    ("name", "says"),
    [("brief.rtf", "Use one of these endings"), ("nowhere/brief.odt", "no folder 'nowhere'"), ("f.md", "is a folder")],
)
def test_export_teaches_before_it_builds(
    name: str, says: str, built_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "f.md").mkdir()
    monkeypatch.chdir(built_site.parents[1])
    result = CliRunner().invoke(main, ["export", str(tmp_path / name)])
    assert result.exit_code == 1 and says in result.output


def test_a_site_whose_document_is_not_kept_is_told_of(built_site: Path, tmp_path: Path) -> None:
    site = tmp_path / "_build" / "html"
    site.mkdir(parents=True)
    shutil.copyfile(built_site / ".brief-digest", site / ".brief-digest")
    with pytest.raises(BriefError, match="is not kept"):
        handout_of(tmp_path, site)
