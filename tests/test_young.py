"""A young brief says nothing untrue and nothing empty: nine of them, read for contradictions; one is built."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from bs4.element import Tag
from click.testing import CliRunner

import young
from brief.analysis import agreement
from brief.book import check, computing, unread
from brief.book.chapters import read_chapter
from brief.book.contents import Book, check_statement, chosen, contents_of, read_book
from brief.cli import main
from brief.coding import programs
from brief.data.loading import load
from brief.figures import Table, tables
from brief.findings.facts import Fact, compute_facts, values
from brief.findings.findings import Findings
from conftest import copy_brief, run_build
from read_pages import Reader, sentences

Given = Mapping[str, object]


@dataclass(frozen=True)
class Young:
    """A young brief, with what its pages say, by chapter."""

    root: Path
    book: Book
    facts: Mapping[str, Fact]
    findings: Findings
    pages: Mapping[str, list[str]]

    @property
    def given(self) -> dict[str, object]:
        """The facts' values."""
        return dict(values(self.facts))


_KEPT: dict[str, Young] = {}


@pytest.fixture(params=young.BRIEFS)
def read(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Young:
    return known(str(request.param), tmp_path_factory)


def known(name: str, folders: pytest.TempPathFactory) -> Young:
    """The young brief of this name, made and read once."""
    if name not in _KEPT:
        root = young.made(folders.mktemp(name) / "brief", name)
        findings = Findings(load(root))
        facts = compute_facts(findings)
        book = read_book(root).standing(facts)
        reader = Reader(book, facts, findings)
        pages = {docname: reader.paragraphs(docname) for docname in book.chapters}
        _KEPT[name] = Young(root, book, facts, findings, pages)
    return _KEPT[name]


def is_above(name: str) -> Callable[[Given], bool]:
    """Whether a fact is above zero."""
    return lambda given: int(str(given[name])) > 0


def _nobody_read(given: Given) -> bool:
    return given["coders"] == 0


def _all_listed(given: Given) -> bool:
    return given["comments-shown"] == given["comments-listed"]


def _never(given: Given) -> bool:
    return False


#: Each kind of contradiction: the words, and when they may be said.
KINDS: dict[str, tuple[str, Callable[[Given], bool]]] = {
    "a text to be written, or a place in the folder": (
        r"to be written|has been written|ha(?:s|ve) been \w+ yet|(?:in|into) book/topic|go into data/",
        _never,
    ),
    "an exhibit that is not shown": (r"\bis not shown\b", _never),
    "tests that nobody ran": (r"make check-site|Lighthouse|\baxe\b|tested (?:by|with)", _never),
    "a count of nothing": (r"(?<![\d.,])0 (?:of|were|was|not)\b|: 0\b|\bother 0\b|\bzero (?:of|comment)", _never),
    "nobody beside a coder": (r"[Nn]o coder has|[Nn]obody has (?:read|classified) them", _nobody_read),
    "a coder beside nobody": (
        r"A (?:person|program) classified|single coder|(?<!No )(?<!no )coders? (?:have|has) read|The coder marked|"
        r"was classified|coder's judgement|made the judgements|comments of each stance",
        is_above("coders"),
    ),
    "no theme beside themes": (r"\bno (?:stance or )?themes?\b(?! of)", _never),
    "more shown than listed": (r"\bcomment\w*( blocks?)? (?:in full|shown\b)(?!\.)", _all_listed),
    "a page where there is none": (r"[Cc]opied from|a new comment begins|break between comments", is_above("articles")),
    "an article where there is none": (
        r"\b(?:the|this|one|two) articles?\b(?! and the comments of readers that)",
        is_above("articles"),
    ),
    "comments where there are none": (r"\b(?:[Tt]he|[Tt]hese|[Ee]ach) comments?\b", is_above("comments-shown")),
    "themes where the codebook has none": (r"\bthemes\b", is_above("themes")),
    "options where there are none": (r"\b[Tt]he options\b|options are", is_above("options")),
    "claims where there are none": (r"\bclaims?\b", is_above("claims-article")),
}


@pytest.mark.parametrize("kind", KINDS)
def test_no_sentence_contradicts_what_there_is(read: Young, kind: str) -> None:
    words, may_be_said = KINDS[kind]
    if not may_be_said(read.given):
        told = [one for page in read.pages.values() for paragraph in page for one in sentences(paragraph)]
        assert [one for one in told if re.search(words, one)] == []


def test_a_sentence_on_a_figure_or_a_table_stands_beside_one(read: Young) -> None:
    for docname, chapter in read.book.chapters.items():
        for kind, named in (("figure", chapter.figures), ("table", chapter.tables)):
            told = [one for one in read.pages[docname] if re.search(rf"\b[Tt]he {kind}s? (?:shows?|has|names)\b", one)]
            assert not told or named, (docname, told)


def test_the_headlines_of_a_page_differ(read: Young) -> None:
    for docname, page in read.pages.items():
        heads = [one for one in page if one.endswith("yet") or "classified" in one]
        assert len(heads) == len(set(heads)), docname


CONTENTS = {
    "empty": {"summary", "methods", "data", "accessibility"},
    "article-only": {"summary", "methods", "data", "sources", "article", "accessibility"},
    "table-only": {"summary", "comments", "methods", "data", "accessibility"},
    "uncoded": {"summary", "comments", "methods", "data", "sources", "article", "accessibility"},
}


@pytest.mark.parametrize("name", CONTENTS)
def test_a_chapter_without_data_leaves_the_contents(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    made = known(name, tmp_path_factory)
    wanted = {f"book/{chapter}" for chapter in CONTENTS[name]}
    assert {*made.book.chapters} == wanted
    toc = yaml.safe_load(contents_of(made.root / "_toc.yml", made.book.chapters))
    assert all(group["chapters"] for group in toc["parts"])
    listed = [toc["root"], *(entry["file"] for group in toc["parts"] for entry in group["chapters"])]
    assert {*listed} == wanted


def test_a_chapter_for_which_somebody_has_written_stays(tmp_path: Path) -> None:
    root = young.made(tmp_path / "brief", "empty")
    (root / "book" / "topic" / "options.md").write_text("To close the lane, or to leave it.\n", encoding="utf-8")
    facts = compute_facts(Findings(load(root)))
    assert "book/options" in read_book(root).standing(facts).chapters


def test_a_link_to_a_chapter_that_has_left_is_a_fault_where_it_is_printed(tmp_path: Path) -> None:
    root = young.made(tmp_path / "brief", "empty")
    part = root / "book" / "topic" / "next.md"
    said = "See [the options](../options.md)."
    part.write_text(f":::{{statement}} see\n:when: options > 0 or articles == 0\n{said}\n:::\n", encoding="utf-8")
    (fault,) = check.check(root)
    assert fault.what == "the link leads to book/options.md, which has no data yet and is left out"
    assert (fault.file, fault.row) == ("book/topic/next.md", 3)
    part.write_text(
        f"::::{{statement}} see\n:::{{when}} options > 0\n{said}\n:::\n:::{{otherwise}}\n:::\n::::\n", encoding="utf-8"
    )
    assert check.check(root) == []


def test_the_check_lists_what_is_still_to_be_written_and_finds_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = young.made(tmp_path / "brief", "uncoded")
    monkeypatch.chdir(root)
    ended = CliRunner().invoke(main, ["check"])
    assert ended.exit_code == 0 and ended.output.startswith("Sound: no fault in data or chapters.\n")
    listed = re.findall(r"^  (\S+)(?:, (\w+))?: \S", ended.output, re.MULTILINE)
    assert ("data/brief.yml", "question") in listed and ("book/topic/answer.md", "") in listed
    assert all((root / file).is_file() for file, _ in listed)
    assert f"Still to be written ({len(listed)} texts)" in ended.output
    (root / "book" / "topic" / "answer.md").write_text("An answer.\n", encoding="utf-8")
    checked = check.examine(root)
    assert "book/topic/answer.md" not in check.to_write(checked)
    assert len(check.to_write(checked)) == len(listed) - 1


def said_of(made: Young, **changed: int) -> str:
    """What the pages say where facts have other values."""
    facts = dict(made.facts)
    for name, value in changed.items():
        fact = facts[name.replace("_", "-")]
        facts[fact.name] = replace(fact, value=value)
    reader = Reader(made.book, facts, None)
    return " ".join(one for docname in made.book.chapters for one in reader.paragraphs(docname))


def test_what_is_gone_and_what_was_read_earlier_is_told_above_zero(tmp_path_factory: pytest.TempPathFactory) -> None:
    made = known("partly-coded", tmp_path_factory)
    gone, earlier = "no longer has 2 comment blocks of an earlier copy", "2 codings were made before the text"
    assert gone not in said_of(made) and earlier not in said_of(made)
    told = said_of(made, comments_gone=2, codings_of_earlier_texts=2)
    assert gone in told and earlier in told


def test_a_second_coder_who_is_not_compared_is_told_why(tmp_path_factory: pytest.TempPathFactory) -> None:
    made = known("two-coders", tmp_path_factory)
    facts = dict(made.facts)
    why = agreement.why_none(made.findings.brief.codings, ["ben"])
    facts["why-not-compared"] = replace(facts["why-not-compared"], value=why)
    facts["coders-compared"] = replace(facts["coders-compared"], value=0)
    told = " ".join(Reader(made.book, facts, None).paragraphs("book/comments"))
    assert "2 coders have read comments, but how far they agree is not measured. Only one independent coder" in told


# Articles -----------------------------------------------------------------------------------------------------------


def test_facts_about_an_article_carry_its_id_and_sums_say_that_they_are_sums(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    facts = known("two-articles", tmp_path_factory).facts
    for name in ("words", "paragraphs"):
        parts = [int(str(facts[f"article-{name}-{article}"].value)) for article in (young.GAZETTE, young.TRIBUNE)]
        assert facts[f"articles-{name}"].value == sum(parts) and all(parts)
        assert "all articles together" in facts[f"articles-{name}"].definition
        assert f"article-{name}" not in facts, "which of them is not said"
    assert facts[f"article-publisher-{young.TRIBUNE}"].value == "The Tribune"
    assert "of the article" in known("uncoded", tmp_path_factory).facts["article-words"].definition


def test_comments_are_numbered_within_their_article(tmp_path_factory: pytest.TempPathFactory) -> None:
    labels = known("two-articles", tmp_path_factory).findings.comments["label"].to_list()
    assert labels[0] == "Comment block 1, The Gazette, 1 May 2020"
    assert labels[-1] == "Comment block 2, The Tribune, 1 June 2020"
    assert len(set(labels)) == len(labels)


def test_comments_under_an_article_in_another_language_are_marked(tmp_path_factory: pytest.TempPathFactory) -> None:
    told = computing.compute(known("german-article", tmp_path_factory).findings)
    assert {comment["language"] for comment in told["comments"]} == {"de"}
    assert {
        comment["language"] for comment in computing.compute(known("uncoded", tmp_path_factory).findings)["comments"]
    } == {""}


def test_a_second_article_stops_a_sentence_on_the_number_of_one(tmp_path: Path) -> None:
    """The numbers of this brief's article stand in sentences; which article they are of is then to be said."""
    root = copy_brief(tmp_path / "brief")
    young.add(root, "second.txt", young.page(young.SECOND), publisher="The Tribune", published="2017-10-01")
    told = [fault for fault in check.check(root) if "'article-words'" in fault.what]
    assert all("article-words-the-" in fault.remedy for fault in told)
    said = "".join(path.read_text(encoding="utf-8") for path in (root / "book" / "topic").glob("*.md"))
    assert bool(told) is bool(re.search(r"\barticle-words(?!-)", said))


def test_a_comment_that_nobody_has_read_ends_or_changes_each_sentence_on_stances(tmp_path: Path) -> None:
    root = copy_brief(tmp_path / "brief")
    table = 'author,text\nJo,"I would rather be safe than private. Let them in, with a warrant."\n'
    young.add(root, "more.csv", table, collection="the-verge-2017-09-20", holds="more")
    checked = check.examine(root, draft=True)
    assert checked.faults == () and checked.snapshot is not None
    printed = [chosen(one, checked.snapshot.facts) for _, one in checked.book.statements()]
    about = [one for one in printed if one and re.search(r"\b(?:stance|theme)-", one.condition or "")]
    assert about and all(unread.TELLS & {mention.name for mention in one.mentions} for one in about)


# Statements ---------------------------------------------------------------------------------------------------------


def statement_faults(tmp_path: Path, facts: Mapping[str, Fact], conditions: list[str], sentence: str) -> list[str]:
    parts = "".join(f":::{{when}} {condition}\n{sentence}\n:::\n" for condition in conditions)
    path = tmp_path / "book" / "part.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"::::{{statement}} tried\n{parts}:::{{otherwise}}\n:::\n::::\n", encoding="utf-8")
    (statement,) = read_chapter(path, tmp_path).statements
    return [fault.what for fault in check_statement(statement, facts)]


@pytest.mark.parametrize(
    ("conditions", "sentence", "against"),
    [
        (["comments-shown > 1 and stance-for == 0"], "None is for it.", "for"),
        (["comments-shown > 1 and comments-not-coded == 0 and stance-for == 0"], "None is for it.", ""),
        (["stance-for == 0 and comments-coded == comments-shown"], "None is for it.", ""),
        (["stance-for == 0 and comments-coded > 0"], "Of {count}`comments-coded`, none is for it.", ""),
        (["stance-against > stance-for"], "More are against it.", "for"),
        (["stance-against > 0"], "One or more are against it.", ""),
        (["stance-against > stance-for + comments-not-coded"], "More are against it.", ""),
        (["comments-not-coded > 0", "stance-for == 0"], "None is for it.", ""),
        (["themes-with-nobody == 0"], "Each theme is raised.", ""),
    ],
)
def test_a_sentence_on_all_comments_does_not_outrun_the_reading(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, conditions: list[str], sentence: str, against: str
) -> None:
    found = statement_faults(
        tmp_path, known("coded", tmp_path_factory).facts, conditions, sentence.replace("One or", "Some or")
    )
    outrun = [what for what in found if "nobody has read" in what]
    assert [re.findall(r"'(.*)'", what)[0] for what in outrun] == [against] * bool(against)


def test_whoever_does_what_the_check_says_is_done(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    facts = known("coded", tmp_path_factory).facts
    path = tmp_path / "book" / "part.md"
    path.parent.mkdir()
    text = "::::{statement} s\n:::{when} stance-against > stance-for\nMore.\n:::\n:::{otherwise}\n:::\n::::\n"
    path.write_text(text, encoding="utf-8")
    (fault,) = check_statement(read_chapter(path, tmp_path).statements[0], facts)
    told = re.fullmatch(r".*: (\{fact\}`\S+`) in the sentence, and (.+) in its condition\.", fault.remedy)
    assert told is not None
    assert (
        statement_faults(tmp_path, facts, [f"stance-against > stance-for and {told[2]}"], f"More, of {told[1]}.") == []
    )


def test_every_statement_of_the_general_chapters_is_tried(tmp_path_factory: pytest.TempPathFactory) -> None:
    made = known("coded", tmp_path_factory)
    assert [fault for _, one in made.book.statements() for fault in unread.faults(one, made.facts)] == []


# Missing is not none ------------------------------------------------------------------------------------------------

STANCES_ALONE = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    if "codebook" not in asked:
        print(json.dumps({"comment_id": asked["comment_id"], "stance": "against"ANSWER}), flush=True)
"""


def coded_by_program(root: Path, answer: str) -> Findings:
    """A brief whose codebook has a theme, read by a person and by a program that answers this beside a stance."""
    codebook = root / "data" / "codebook.yml"
    theme = "themes:\n  - id: safety\n    label: Safety\n    definition: It is about safety.\n"
    codebook.write_text(codebook.read_text(encoding="utf-8").replace("themes: []\n", theme), encoding="utf-8")
    young.code(root, "ann", ("for", "against", "against"), themes="safety")
    program = root.parent / "program.py"
    program.write_text(STANCES_ALONE.replace("ANSWER", answer), encoding="utf-8")
    programs.code(root, f"{sys.executable} {program}", "robot", "rules")
    topic = root / "data" / "brief.yml"
    topic.write_text(topic.read_text(encoding="utf-8").replace("coder: ann", "coder: robot"), encoding="utf-8")
    return Findings(load(root))


@pytest.mark.parametrize(("answer", "looked"), [("", False), (', "themes": []', True)])
def test_a_program_that_answers_no_themes_has_not_coded_themes(tmp_path: Path, answer: str, looked: bool) -> None:
    findings = coded_by_program(young.made(tmp_path / "brief", "uncoded"), answer)
    header = (findings.brief.root / "data" / "codings" / "robot.csv").read_text(encoding="utf-8").split("\n", 1)[0]
    assert ("themes" in header.split(",")) is looked
    facts = compute_facts(findings)
    assert facts["comments-without-theme"].value == (6 if looked else 0)
    assert facts["comments-read-for-themes"].value == (6 if looked else 0)
    assert facts["themes-with-nobody"].value == (1 if looked else 0)
    found, reason = findings.agreement
    assert reason == "" and ({*found["reading"]} == {"stance", "themes", "theme"}) is looked
    shown = tables()["themes"](findings, facts)
    assert isinstance(shown, Table) and ("Comment blocks" in shown.data) is looked


# One of them, built ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = young.made(tmp_path_factory.mktemp("built") / "brief", "two-articles")
    ended = run_build(root)
    assert ended.returncode == 0, ended.stdout
    return root / "_build" / "html"


def test_no_page_has_a_heading_with_nothing_below_it(site: Path) -> None:
    for path in site.glob("*.html"):
        main_part = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").find("main")
        assert isinstance(main_part, Tag)
        level = 0
        for element in main_part.find_all(True):
            if re.fullmatch("h[1-6]", element.name):
                assert not level or int(element.name[1]) > level, (path.name, element.get_text())
                level = int(element.name[1])
            elif level and element.name in ("p", "li", "table", "dl", "blockquote", "summary", "figure"):
                level = 0


def test_every_link_of_a_page_leads_to_a_page_that_is_there(site: Path) -> None:
    for path in site.glob("*.html"):
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        links = {str(link["href"]).split("#")[0] for link in page.select("a[href]")}
        own = {link for link in links if link.endswith(".html") and "://" not in link}
        assert {link for link in own if not (site / link).is_file()} == set(), path.name
    assert not (site / "options.html").exists() and not (site / "who-said-what.html").exists()


def test_the_cover_and_the_sources_say_what_there_is(site: Path) -> None:
    index = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser").get_text()
    assert "The question" in index and "The short answer" not in index
    sources = BeautifulSoup((site / "sources.html").read_text(encoding="utf-8"), "html.parser")
    assert [item.get_text().split("”")[0] for item in sources.select("ul.sources li")] == [
        "“Council reportedly plans to close Mill Lane to cars",
        "“Tech firms tell ministers that backdoors are a bad idea",
    ]
