"""What the program says, in other languages: complete catalogues, true chapters, and a language that somebody adds."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path

import pandas as pd
import pytest
import yaml
from babel.messages.pofile import read_po, write_po
from bs4 import BeautifulSoup, Comment, Tag
from click.testing import CliRunner

import topics
from brief import figures
from brief.analysis import machine_coding, segmenting
from brief.book.check import check, examine, to_write
from brief.book.contents import read_book
from brief.cli import main
from brief.data.loading import load
from brief.errors import BriefError
from brief.figures import Figure, Table, Unavailable
from brief.findings.facts import compute_facts
from brief.findings.facts.comments import about_the_analysis
from brief.findings.findings import Findings
from brief.findings.provenance import BY_HAND
from brief.prose import catalogue, extraction, language, passages
from brief.prose.catalogue import say, say_again, say_of, speaking
from brief.prose.quotations import find
from brief.store import catalogues, starter
from conftest import once
from small_briefs import CODED, LETTERS
from small_briefs import brief as small_brief

PACKAGED = [name for name in catalogue.packaged() if name != catalogue.SOURCE]
FOLDER = Path(catalogue.__file__).parent / "catalogues"
#: Words in Latin letters that stand on the pages of a Hebrew brief: names of formats, licences, files and commands.
LATIN = {
    *(
        "BY",
        "CC",
        "CFF",
        "CITATION",
        "CSV",
        "JSON",
        "KB",
        "PDF",
        "PNG",
        "RO",
        "SHA",
        "SVG",
        "UTF",
        "WCAG",
        "ZIP",
        "Crate",
    ),
    *("BibTeX", "Frictionless", "Vega", "Lite", "bytes", "cff", "data", "Atom", "zip", "README"),
}
SHALOM = "\u05e9\u05dc\u05d5\u05dd"
JAPANESE = "\u6765\u5e74\u304b\u3089\u56f3\u66f8\u9928\u306f\u516d\u6642\u306b\u9589\u307e\u308b"


@pytest.mark.parametrize("name", PACKAGED)
def test_a_catalogue_has_every_message_and_each_is_translated(name: str) -> None:
    text = (FOLDER / f"{name}.po").read_text(encoding="utf-8")
    assert extraction.left_to_translate(text, name, catalogues.said()) == []
    assert extraction.faults_of(text, name, f"{name}.po") == [], "the same parts are put in, the same facts named"
    fresh = extraction.refreshed(text, name, catalogues.said())
    assert text == fresh, f"bring it up to date: brief catalogue src/brief/prose/catalogues/{name}.po"


def test_german_and_japanese_are_there() -> None:
    assert PACKAGED == ["de", "ja"]


@pytest.mark.parametrize("name", PACKAGED)
def test_a_new_brief_asks_and_shows_in_each_language_what_it_does_in_english(name: str, tmp_path: Path) -> None:
    starter.new(tmp_path / "en")
    starter.new(tmp_path / name, name)
    ours, theirs = read_book(tmp_path / name), read_book(tmp_path / "en")
    assert list(ours.chapters) == list(theirs.chapters)
    for docname, chapter in ours.chapters.items():
        english = theirs.chapters[docname]
        assert chapter.title != english.title and chapter.question != english.question
        for kind in ("figures", "tables", "includes"):
            assert [one.name for one in getattr(chapter, kind)] == [one.name for one in getattr(english, kind)]
        asked = [[part.condition for part in one.alternatives] for one in chapter.statements]
        assert asked == [[part.condition for part in one.alternatives] for one in english.statements]
        assert {one.name for one in chapter.mentions} == {one.name for one in english.mentions}
    assert check(tmp_path / name) == []
    told = set(to_write(examine(tmp_path / name)))
    assert {"data/brief.yml, title", "data/brief.yml, question", "book/topic/answer.md"} <= told


@pytest.mark.parametrize("translation", ["", "Ce que ce dossier est, et ce qu'il n'est pas"])
def test_a_brief_in_a_language_of_which_little_is_translated_has_each_section_under_one_name(
    translation: str, tmp_path: Path
) -> None:
    """A label with the name that a heading has already would take that name from the section."""
    po, heading = tmp_path / "fr.po", "What this brief is, and what it is not"
    catalogues.refresh(po)
    before = f'msgid "{heading}"\nmsgstr "'
    po.write_text(po.read_text(encoding="utf-8").replace(before, before + translation), encoding="utf-8")
    starter.new(tmp_path / "fr", "fr", po)
    assert check(tmp_path / "fr") == []
    for docname, chapter in read_book(tmp_path / "fr").chapters.items():
        assert len(set(chapter.sections)) == len(chapter.sections), docname
    summary = read_book(tmp_path / "fr").chapters["book/summary"].sections
    assert "what-this-brief-is-and-what-it-is-not" in summary
    assert ("ce-que-ce-dossier-est-et-ce-qu-il-n-est-pas" in summary) == bool(translation)


def test_passages_are_all_prose_and_nothing_else() -> None:
    front = "---\nbrief:\n  question: Why?\n---\n"
    chapter = f"{front}\n# A title\n\nTwo\nlines.\n\n- An item\n  goes on\n\n:::{{when}} x > 0\n:::\n"
    assert passages.of_chapter(chapter) == ["Why?", "A title", "Two lines.", "An item goes on"]
    assert passages.translated(chapter, lambda words: words) == chapter
    made = passages.translated(chapter, str.upper)
    assert "question: WHY?" in made and "TWO LINES.\n" in made and ":::{when} x > 0\n" in made
    assert passages.translated_yaml("title: Why\nid: x\n", lambda _: "a: b") == 'title: "a: b"\nid: x\n'


def test_plurals_numbers_lists_and_dates_are_those_of_the_language() -> None:
    day = dt.date(2017, 9, 20)
    with speaking("de"):
        assert language.counted(7, "comment", "comments") == "7 Kommentare"
        assert language.numeral(21_700) == "21.700" and language.decimal(0.5, 2) == "0,50"
        assert language.long_date(day) == "20. September 2017" and language.month_of(day) == "September 2017"
        assert language.listed("abc") == "a, b und c" and language.quoted("so") == "„so“"
        assert language.within("Kommentar") == "Kommentar"
    with speaking("ja"):
        assert language.counted(7, "comment", "comments") == "コメント7件"
        assert language.counted(7, "word", "words") == "7語" and language.only_noun("word", "words") == ("語", "語")
        assert language.long_date(day) == "2017年9月20日"
        assert say_of(1, "{number} page, {size}", "{number} pages, {size}", number=1, size="x") == "1ページ、x"
    assert language.counted(1, "comment", "comments") == "one comment" and language.within("Comment") == "comment"
    assert language.long_date(day) == "20 September 2017" and language.numeral(21_700) == "21,700"


def test_a_text_that_came_in_english_is_said_again() -> None:
    with speaking("de"):
        assert say_again("fewer than 30 distinct texts") == "weniger als 30 Textfassungen"
        assert say_again("What a maintainer wrote.") == "What a maintainer wrote."
        assert say("no such message {part}", part="x") == "no such message x"
        assert say_again("Added from my file.csv.") == "Aus my file.csv hinzugefügt."
        assert say(BY_HAND) == "von Hand hinzugefügt", "how a text came in is marked where it is written"
    assert say_again("fewer than 30 distinct texts") == "fewer than 30 distinct texts"


@pytest.mark.parametrize("name", PACKAGED)
def test_facts_are_told_in_the_language_of_the_brief_and_have_the_values_that_conditions_ask_for(
    name: str, tmp_path: Path
) -> None:
    for tag in (name, "en"):
        starter.new(tmp_path / tag, tag)
    ours, english = (compute_facts(Findings(load(tmp_path / tag))) for tag in (name, "en"))
    differing = {one for one, fact in ours.items() if fact.value != english[one].value}
    assert differing == {"coder-printed", "data-digest"}, "that nobody coded is said in words"
    assert [one for one, fact in ours.items() if fact.definition == english[one].definition] == []


@pytest.mark.parametrize("name", PACKAGED)
def test_figures_and_tables_are_in_the_language_of_the_brief(name: str) -> None:
    ours, english = (Findings(small_brief(LETTERS, codings=CODED, language=tag)) for tag in (name, "en"))
    for one, make in {**figures.figures(), **figures.tables()}.items():
        made, other = make(ours, {}), make(english, {})
        if isinstance(made, Unavailable):
            assert isinstance(other, Unavailable) and (made.reason != other.reason or not made.reason)
        elif isinstance(made, Figure) and isinstance(other, Figure):
            assert made.headline != other.headline and made.alt != other.alt and made.subtitle != other.subtitle, one
        elif isinstance(made, Table) and isinstance(other, Table):
            assert made.caption != other.caption and list(made.data.columns) != list(other.data.columns), one


def test_a_language_without_a_catalogue_is_refused_with_the_way_to_add_one(tmp_path: Path) -> None:
    root = topics.asked(tmp_path / "brief", ["Oui."])
    path = root / "data" / "brief.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("language: en", "language: fr-CA"), encoding="utf-8")
    (fault,) = check(root)
    assert fault.what == "there is no catalogue for the language 'fr-CA'" and fault.column == "language"
    assert "Use one of: en, de, ja." in fault.remedy and "brief catalogue fr.po" in fault.remedy
    with pytest.raises(BriefError, match=r"brief catalogue fr\.po"):
        starter.new(tmp_path / "new", "fr")
    with pytest.raises(BriefError, match="is not a catalogue for 'fr'"):
        starter.new(tmp_path / "new", "fr", FOLDER / "de.po")
    with pytest.raises(BriefError, match="Name it by its language"):
        catalogues.refresh(tmp_path / "french.txt")


def in_hebrew(folder: Path) -> None:
    """A brief in a language that the program does not have, made as CONTRIBUTING says; each message is one word."""
    po = folder / "he.po"
    catalogues.refresh(po)
    filled = read_po(io.StringIO(po.read_text(encoding="utf-8")), locale="he")
    for message in filled:
        forms = [message.id] if isinstance(message.id, str) else list(message.id)
        if forms[0]:
            words = [f"{SHALOM} {' '.join(kept(form))}".strip() for form in forms]
            message.string = (
                words[0] if isinstance(message.id, str) else (words[0], *words[1:] * 3)[: filled.num_plurals]
            )
    out = io.BytesIO()
    write_po(out, filled)
    po.write_bytes(out.getvalue())
    root = folder / "brief"
    told = CliRunner().invoke(main, ["new", str(root), "--language", "he", "--catalogue", str(po)])
    assert told.exit_code == 0, told.output
    text = f"{SHALOM} {SHALOM} {SHALOM}.\n\n{SHALOM}.\n\n\n{SHALOM} {SHALOM}.\n\nGood so.\n\n{SHALOM}!\n"
    (folder / "page.txt").write_text(text, encoding="utf-8")
    from brief.store import adding, sources

    found = sources.read(
        folder / "page.txt", {"publisher": SHALOM, "published": "2017-09-21", "language": "he", "id": "x"}
    )
    answers = {"publisher": SHALOM, "published": "2017-09-21", "language": "he", "id": "x"}
    adding.write(root, adding.planned(root, folder / "page.txt", found, answers))
    assert check(root) == []
    topics.built(root)


def kept(words: str) -> list[str]:
    """What of a message a translation keeps: its parts, and in a chapter the roles, links and code."""
    found = re.findall(r"\{\w+\}`[^`]*`|\{\w+\}|\[|\]\(\w+\.md\)|`[^`]+`", words)
    return [re.sub(r"\{\w+\}`([^`|]*)\|[^`]*`", r"{fact}`\1`", part) for part in found]


@pytest.fixture(scope="module")
def hebrew() -> Path:
    return once("in-hebrew", in_hebrew) / "brief" / "_build" / "html"


def page_of(site: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def test_a_language_that_somebody_adds_builds_from_right_to_left(hebrew: Path) -> None:
    for name in ("index", "comments", "article", "methods", "search"):
        root = page_of(hebrew, name).html
        assert isinstance(root, Tag) and (root["lang"], root["dir"]) == ("he", "rtl"), name
    assert not list(hebrew.glob("*.pdf")), "the program has no Hebrew letters to print"
    assert SHALOM in page_of(hebrew, "index").select_one(".cover__card p").get_text()  # type: ignore[union-attr]
    assert not page_of(hebrew, "index").select(".draft-mark"), "every message is translated"


def test_no_word_of_the_program_stays_english_on_the_pages(hebrew: Path) -> None:
    left: dict[str, set[str]] = {}
    # The page on data has names of files, columns and facts everywhere; what it says is seen in the facts above.
    for path in sorted(path for path in hebrew.glob("*.html") if path.stem != "data"):
        page = page_of(hebrew, path.stem)
        for part in page.select("code, pre, script, style, [lang=en], .fold a, table.statements, dl.reuse, title"):
            part.decompose()
        texts = [str(text) for text in page.find_all(string=True) if not isinstance(text, Comment)]
        texts += [str(part[name]) for name in ("aria-label", "title", "alt") for part in page.select(f"[{name}]")]
        words = {word for text in texts for word in re.findall(r"[A-Za-z]{2,}", re.sub(r"\S*[/.]\S*", "", text))}
        if rest := words - LATIN - {"Good", "so", "html"}:
            left[path.stem] = rest
    assert left == {}


def test_what_is_not_translated_is_told(tmp_path: Path) -> None:
    root = tmp_path / "brief"
    starter.new(root, "de")
    text = (FOLDER / "de.po").read_text(encoding="utf-8").replace('msgstr "Nicht eingeordnet"', 'msgstr ""')
    (root / "data" / "catalogue").mkdir()
    (root / "data" / "catalogue" / "de.po").write_text(text, encoding="utf-8")
    assert check(root) == []
    told = to_write(examine(root))["data/catalogue/de.po"]
    assert told == "1 messages, which stand in English on the pages"
    with speaking("de", root):
        assert say("Not classified") == "Not classified" and say("Theme") == "Thema"
    (root / "data" / "catalogue" / "de.po").write_text("msgid oops\n", encoding="utf-8")
    assert "Write it as gettext does." in str(check(root)[0])


def test_where_no_spaces_part_words_nothing_is_looked_for_by_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segmenting, "PACKAGES", ("no_such_dictionary",))
    texts = [f"{JAPANESE}{number}" for number in range(120)]
    findings, spaced = Findings(small_brief(texts)), Findings(small_brief([f"{word} again" for word in texts]))
    assert findings.unspaced and not Findings(small_brief(LETTERS)).unspaced
    assert not len(findings.campaigns[1]) and not len(findings.themes.themes) and not len(findings.exemplars)
    facts = {fact.name: fact.value for fact in about_the_analysis(findings)}
    assert facts["comments-unspaced"] == 120
    assert spaced.unspaced, "a word among signs changes nothing"
    assert find(JAPANESE[4:8], JAPANESE) == [(4, 8)], "any signs in a row may be quoted"


def test_an_excerpt_is_short_also_where_no_spaces_part_words() -> None:
    from brief.book.computing import _excerpt

    assert _excerpt(JAPANESE * 20) == f"{(JAPANESE * 20)[:50]} …"


def test_what_an_analysis_says_is_said_again_also_where_it_names_a_number_twice() -> None:
    unseen = pd.DataFrame({"hand": ["for", "for", "against"], "stance": ["against", "for", "against"]})
    reason = machine_coding.why_no_better(unseen)
    assert reason.count("of 3 comments") == 1 and reason.endswith("that of 2 of the 3.")
    with speaking("de"):
        again = say_again(reason)
        assert again.startswith("Ein Modell war sich bei 3 von 3 Kommentaren sicher") and again.endswith("2 der 3.")
        assert say_again(reason.replace("the 3.", "the 4.")).startswith("A model"), "not the same number"


def test_german_counts_none_of_a_noun_without_an_adjective() -> None:
    """With "keine" an adjective would end otherwise than with a number."""
    entries = catalogue.parsed((FOLDER / "de.po").read_text(encoding="utf-8"), "de", "de.po")
    nouns = [tuple(entry.string or ()) for entry in entries if not isinstance(entry.id, str) and "{" not in entry.id[0]]
    assert len(nouns) > 30
    assert [forms for forms in nouns if not forms[1].removeprefix("{number} ")[0].isupper()] == []
    with speaking("de"):
        for several in (("doubtful boundary", "doubtful boundaries"), ("assessor", "assessors")):
            assert language.counted(0, *several) in ("keine Zweifelsfälle bei Grenzen", "keine Bewerter")


@pytest.mark.parametrize("words", ["No", "~", "2017", "Why:", "a: b", "a #b", "- x", "2017-09-20", 'a "b"\\: c', ""])
def test_a_translation_is_what_yaml_reads(words: str) -> None:
    assert yaml.safe_load(passages.translated_yaml("title: Why\n", lambda _: words)) == {"title": words}
    front = passages.translated("---\nbrief:\n  question: Why?\n---\n", lambda _: words).split("---\n")[1]
    assert yaml.safe_load(front) == {"brief": {"question": words}}


HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
KLINGON = f"""# By a translator.
{HEAD}"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2);\\n"

# Not sure of the case.
#, fuzzy
#| msgid "Subject"
msgid "Theme"
msgstr "qech"

msgid "stance"
msgid_plural "stances"
msgstr[0] "a"
msgstr[1] "b"
msgstr[2] "c"
"""


def test_a_catalogue_brought_up_to_date_loses_nothing_of_a_translator(tmp_path: Path) -> None:
    po = tmp_path / "tlh.po"
    po.write_text(KLINGON, encoding="utf-8")
    catalogues.refresh(po)
    text = po.read_text(encoding="utf-8")
    assert text.startswith("# By a translator.\n") and "nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2);" in text
    entries = {str(entry.id): entry for entry in catalogue.parsed(text, "tlh", "tlh.po")}
    theme = entries["Theme"]
    assert (theme.string, theme.fuzzy, theme.user_comments) == ("qech", True, ["Not sure of the case."])
    assert entries["('stance', 'stances')"].string == ("a", "b", "c")
    assert "Theme" in extraction.left_to_translate(text, "tlh", catalogues.said())
    catalogues.refresh(po)
    assert po.read_text(encoding="utf-8") == text and [path.name for path in tmp_path.iterdir()] == ["tlh.po"]


@pytest.mark.parametrize(
    "slip", ['msgstr "qech', 'msgstr qech"', 'msgst "qech"', 'msgstr "qe"ch"', 'msgstr "qech"\nqech', "msgstr[x] 'q'"]
)
def test_a_catalogue_with_a_slip_is_refused_with_its_line_and_stays(tmp_path: Path, slip: str) -> None:
    po = tmp_path / "tlh.po"
    broken = KLINGON.replace('msgstr "qech"', slip)
    po.write_text(broken, encoding="utf-8")
    with pytest.raises(BriefError, match=rf"tlh\.po, line 1{1 + slip.count(chr(10))}: the catalogue cannot be read"):
        catalogues.refresh(po)
    assert po.read_text(encoding="utf-8") == broken


def test_a_catalogue_of_a_country_is_written(tmp_path: Path) -> None:
    assert catalogues.refresh(tmp_path / "de-AT.po")[1:] == (len(catalogues.said()), [])
    assert '"Language: de\\n"' in (tmp_path / "de-AT.po").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ("nplurals=2; plural=(n >> 1);", r"the rule of plurals '\(n >> 1\)' cannot be read"),
        ("nplurals=2; plural=(1 / n);", "cannot be read: "),
        ("nplurals=2; plural=n;", "gives form 2 for 2, and nplurals is 2"),
    ],
)
def test_a_rule_of_plurals_that_cannot_be_read_is_told_before_a_brief_is_made(
    tmp_path: Path, rule: str, what: str
) -> None:
    po = tmp_path / "fr.po"
    po.write_text(f'{HEAD}"Plural-Forms: {rule}\\n"\n', encoding="utf-8")
    with pytest.raises(BriefError, match=what):
        starter.new(tmp_path / "brief", "fr", po)
    assert not (tmp_path / "brief").exists()
