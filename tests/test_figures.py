"""Every figure and table: complete, computed from the data, the same bytes twice, and safe whatever the texts hold."""

import ast
import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import altair as alt
import pandas as pd
import pytest

from brief import figures
from brief.book.chapters import bare_numbers
from brief.contract import modules
from brief.contract.inputs import PACKAGE
from brief.data.loading import load
from brief.errors import BriefError
from brief.figures import COMPACT, COMPACT_HIGH, NARROW, WIDE, Figure, Table, Unavailable
from brief.figures import comment_tiles as tiles
from brief.figures.drawing import cards, render, text
from brief.figures.drawing.downloads import csv_for_spreadsheets
from brief.figures.drawing.palette import TOKENS
from brief.findings.facts import compute_facts
from brief.findings.findings import Findings
from brief.prose.language import number_word
from conftest import ROOT
from small_briefs import CODED, LETTERS, brief, codebook, codings, no_appraisal, no_claims, voices

FIGURES = tuple(figures.figures())
HOSTILE = (
    "<script>alert(1)</script><foreignObject/>",
    "{eval}`x` {{ 7*7 }} $x$ datum.x signal('a')",
    "=1+1",
    "\u202eright to left\u202c \u2066marks\u2069",
    "NA",
    "1e5",
    "line\r\nbreak\x00and\x1b[31mcontrol",
    "x" * 100_000,
    "word " * 20_000,
    "]]>&amp;<!-- -->",
)


def made(figure_id: str, one: Any) -> Figure:
    """A figure of a brief, or of findings that several figures share."""
    findings = one if isinstance(one, Findings) else Findings(one)
    figure = figures.figures()[figure_id](findings, {})
    assert isinstance(figure, Figure), figure
    return figure


def full(**changed: Any) -> Any:
    return brief(LETTERS, codings=changed.pop("codings", CODED), **changed)


def texts_in(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{{{render.SVG}}}text")]


def test_the_registry_is_sorted_and_knows_who_made_what() -> None:
    assert list(FIGURES) == sorted(FIGURES) != []
    assert list(figures.tables()) == sorted(figures.tables())
    one = made("voice-strip", full())
    assert (one.figure_id, one.made_by) == ("voice-strip", "brief.figures.voice_strip.voice_strip")


def test_no_number_stands_bare_in_the_strings_of_figures() -> None:
    """Numbers and quantifiers are computed; a literal that holds one would not change with the data."""
    found = []
    drawn = sorted(f"figures/{path.stem}" for path in (PACKAGE / "figures").glob("[!_]*.py"))
    for module in (*drawn, "findings/naming"):
        tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                words = re.sub(r"{\w+}", "", node.value)
                found += [(module, node.lineno, bare.word) for bare in bare_numbers(words) if " " in node.value]
    assert found == []


def test_the_file_of_a_figure_bears_its_id() -> None:
    modules.load("access")
    for name, make in figures.figures(("access",)).items():
        assert make.__module__.rpartition(".")[2] == name.replace("-", "_")


def test_two_figures_cannot_have_one_id() -> None:
    figures.figures()
    with pytest.raises(BriefError, match="two figures are named 'voice-strip'"):

        @figures.figure("voice-strip")
        def another(one: Any, facts: Mapping[str, Any]) -> Unavailable:
            return Unavailable("never made")


@pytest.mark.parametrize("figure_id", FIGURES)
def test_a_figure_has_all_its_parts(figure_id: str) -> None:
    one = made(figure_id, full())
    for said in (one.headline, one.subtitle, one.alt, one.note, one.source):
        assert said.strip() == said != ""
        assert "%" not in said
        assert "  " not in said
    assert "base: " in one.subtitle
    assert len(one.data)
    assert set(one.column_notes) <= set(one.data.columns)
    assert one.wide["width"] == WIDE
    assert one.narrow["width"] == NARROW
    assert one.compact and one.compact["width"] == COMPACT and one.compact["height"] <= COMPACT_HIGH
    for spec in (one.wide, one.narrow, one.compact):
        json.dumps(spec, allow_nan=False)
        alt.LayerChart.validate(spec)  # by the schema of Vega-Lite


@pytest.mark.parametrize("figure_id", FIGURES)
def test_spec_and_svg_are_the_same_bytes_twice(figure_id: str) -> None:
    one, again = made(figure_id, full()), made(figure_id, full(batch=5))
    for which in ("wide", "narrow", "compact"):
        spec, other = getattr(one, which), getattr(again, which)
        assert json.dumps(spec) == json.dumps(other)
        assert render.svg_for_page(spec, figure_id) == render.svg_for_page(other, figure_id)
    assert render.png(render.svg_standalone(one.wide, one)) == render.png(render.svg_standalone(again.wide, again))


@pytest.mark.parametrize("figure_id", FIGURES)
@pytest.mark.parametrize("which", ["wide", "narrow"])
def test_svg_for_a_page_needs_nothing_from_outside(figure_id: str, which: str) -> None:
    one = made(figure_id, full())
    svg = render.svg_for_page(getattr(one, which), figure_id)
    root = ElementTree.fromstring(svg)
    assert root.get("aria-hidden") == "true"
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    assert "#" not in re.sub(r"url\(#f[0-9a-f]{10}-", "", svg)
    assert "http" not in svg.replace(render.SVG, "")
    assert not re.search(r"<(script|style|foreignObject|image|use|a)\b|\son\w+=|style=", svg)
    used = set(re.findall(r"var\((--fig-[\w-]+)\)", svg))
    assert used
    assert used <= {token.variable for token in TOKENS}
    for size in re.findall(r'font-size="([\d.]+)px"', svg):
        assert float(size) >= 11


@pytest.mark.parametrize("figure_id", FIGURES)
@pytest.mark.parametrize("which", ["wide", "narrow", "compact"])
def test_no_text_leaves_the_sheet(figure_id: str, which: str) -> None:
    spec = getattr(made(figure_id, full()), which)
    for layer in spec["layer"]:
        mark = layer["mark"]
        for row in layer["data"]["values"]:
            assert 0 <= row["x"] <= spec["width"]
            assert 0 <= row["y"] <= spec["height"]
            if mark["type"] == "text":
                long = text.width(row["text"], mark["fontSize"], mark["fontWeight"])
                ends = {"left": row["x"] + long, "right": row["x"], "center": row["x"] + long / 2}[mark["align"]]
                assert ends <= spec["width"] + 0.5, row["text"]


def test_the_picture_alone_tells_what_it_shows() -> None:
    one = made("voice-strip", full(title='A < B & "C"'))
    svg = render.svg_standalone(one.wide, one)
    root = ElementTree.fromstring(svg)
    said = " ".join(texts_in(svg))
    assert root.findtext(f"{{{render.SVG}}}title") == one.headline
    assert root.findtext(f"{{{render.SVG}}}desc") == one.alt
    for part in (one.headline, one.subtitle, one.note, f"Source: {one.source}"):
        assert part in said
    assert "var(" not in svg
    assert render.png(svg).startswith(b"\x89PNG")


def letters_of(card: str) -> list[float]:
    """The size of each line on a card in pixels of the card, whatever it is scaled by."""
    found: list[float] = []

    def walk(element: ElementTree.Element, scale: float) -> None:
        scale *= float((re.findall(r"scale\(([\d.]+)", element.get("transform", "")) or ["1"])[0])
        if element.tag == f"{{{render.SVG}}}text":
            found.append(float(element.get("font-size", "0").removesuffix("px")) * scale)
        for child in element:
            walk(child, scale)

    walk(ElementTree.fromstring(card), 1.0)
    return found


def test_cards_can_be_read_and_hold_base_and_caveat() -> None:
    """Of the brief itself: every figure has its picture on its card, and no words are cut."""
    real = load(ROOT)
    for module in real.topic.modules:
        modules.load(module)
    findings = Findings(real)
    facts = compute_facts(findings)
    for name, make in figures.figures(real.topic.modules).items():
        one = make(findings, facts)
        assert isinstance(one, Figure)
        card = cards.figure_card(one, "Whose it is")
        said = " ".join(texts_in(card))
        assert min(letters_of(card)) >= cards.SMALLEST, name
        for part in (one.headline, one.subtitle, one.note, f"Source: {one.source}", "Whose it is"):
            assert part in said, name
        assert "scale(" in card, f"{name}: the picture stands on its card"
        assert cards.drawn(card).startswith(b"\x89PNG")


def test_a_picture_too_large_for_a_card_is_left_out() -> None:
    one = made("comment-tiles", full())
    large = {**one.wide, "height": 3_000}
    without = cards.figure_card(replace(one, wide=large, compact=None), "Whose it is")
    assert "scale(" not in without and one.headline in " ".join(texts_in(without))


def test_the_ladder_is_counted_by_origin_and_status() -> None:
    one = made("claims-ladder", full())
    assert one.compact
    said = [row["text"] for layer in one.compact["layer"] for row in layer["data"]["values"] if "text" in row]
    assert "An organisation" in said and "Was it said?" in said and "Does it hold?" in said
    numbers = [int(text) for text in said if text.isdigit()]
    assert sorted(numbers) == sorted([*one.data["Number"], *one.data["Number"]]), "a mark in each of the two parts"
    assert "[The council] wants to close Mill Lane to cars" in list(one.data["Claim"]), "words without a subject get it"


def test_the_text_alternative_tells_every_number() -> None:
    one = made("comment-tiles", full())
    for label, number in (("For closing", 2), ("Against closing", 1), ("Mixed", 1), ("Cannot tell", 1)):
        assert f"{label}: {number_word(number)} (" in one.alt
    assert "No position: none;" in one.alt
    assert "Clear: one; Probable: one; not stated: 3." in one.alt
    assert "Noise: one; Trade: one; Safety: one." in one.alt
    strip = made("voice-strip", full())
    for said in ("The council, 23 words in paragraph 1", "Shops, 3 words in paragraph 2", "The paper itself, 5"):
        assert said in strip.alt
    missing = made("what-is-missing", full(codings=codings((1, "for", "noise"))))
    for said in ("Classified: one", "Not classified: 4", "Not shown: not known", "Noise: one", "Trade: none"):
        assert said in missing.alt


def test_headlines_follow_the_data() -> None:
    assert made("comment-tiles", full()).headline == (
        "Of the 5 letters shown, 2 are “For closing”, 1 “Against closing”"
    )
    fewer = made("comment-tiles", full(codings=codings((2, "against"))))
    assert fewer.headline == "Of the letter read so far, 1 is “Against closing”, none “For closing”"
    assert made("comment-tiles", full(codings=codings())).headline == "5 letters shown, not classified yet"
    assert made("voice-strip", full()).headline == (
        "The longest voice in the article is The council: 23 of its 31 words"
    )
    equal = voices(((1, 1, "shops", "One two."), (1, 2, "paper", "Three four."), (2, 1, "council", "Five.")))
    assert made("voice-strip", full(voices=equal)).headline == (
        "Shops and The paper itself are equally long voices, with 2 words each"
    )


@pytest.mark.parametrize(("more", "said"), [(True, "Not shown"), (None, "Perhaps not shown"), (False, "")])
def test_what_is_missing_knows_three_answers(more: bool | None, said: str) -> None:
    one = made("what-is-missing", full(more_exist=more, codings=codings(*[(at, "for", "noise") for at in range(1, 6)])))
    assert one.headline == "No letter shown raises trade and safety"
    assert ("not known" in set(one.data["Letters"].astype(str))) is (more is not False)
    assert not said or said in set(one.data["What"])


@pytest.mark.parametrize("number", [0, 1, 3, 40, 61, 450])
@pytest.mark.parametrize("coded", [0, 1, 2])
def test_any_number_of_comments_coded_or_not(number: int, coded: int) -> None:
    """Nobody coded, every second one, all of them."""
    places = [at for at in range(1, number + 1) if coded == 2 or (coded and at % 2)]
    stances = ("for", "against", "mixed", "no-position", "cannot-tell")
    read = codings(
        *[(at, stances[at % 5], "noise;trade" if at % 3 else "", "clear" if at % 2 else "") for at in places]
    )
    texts = [f"{LETTERS[at % 5]} {'And more. ' * (at % 30)}" for at in range(number)]
    findings = Findings(brief(texts, codings=read, batch=7))
    tiles = figures.figures()["comment-tiles"](findings, {})
    if not number:
        assert isinstance(tiles, Unavailable)
        assert tiles.reason.endswith(".")
    else:
        assert isinstance(tiles, Figure)
        assert len(tiles.data) == number
        assert ElementTree.fromstring(render.svg_for_page(tiles.narrow, "t")).tag.endswith("svg")
        assert list(tiles.data["Stance"]).count("Not classified") == number - len(places)
    if not places:
        assert isinstance(figures.figures()["what-is-missing"](findings, {}), Unavailable)
        return
    missing = made("what-is-missing", findings)
    assert missing.data["Letters"].iloc[0] == len(places)
    assert missing.data["Letters"].iloc[1] == number - len(places)


def test_figures_without_codebook_voices_or_comments_say_why() -> None:
    bare = brief(
        [], codebook=None, voices=voices(()), codings=codings(), claim_register=no_claims(), appraisal=no_appraisal()
    )
    assert isinstance(figures.figures()["voice-strip"](Findings(bare), {}), Unavailable)
    assert isinstance(figures.figures()["comment-tiles"](Findings(brief(LETTERS, codebook=None)), {}), Unavailable)
    for name in ("what-is-missing", "alignment", "claims-ladder", "options-on-criteria", "timeline"):
        assert isinstance(figures.figures()[name](Findings(bare), {}), Unavailable)
    for name, make in figures.tables().items():
        result = make(Findings(bare), {})
        assert isinstance(result, Unavailable) or name in ("coders", "dictionary", "transparency-record")


def test_a_paragraph_that_nobody_has_cut_is_shown_as_such() -> None:
    one = made("voice-strip", full(voices=voices(((1, 1, "council", "Twelve words."),))))
    assert list(one.data["Voice"]) == ["The council", "Not read yet"]
    assert "Not read yet, 8 words in paragraph 2" in one.alt


def test_full_texts_stand_in_the_data_and_their_beginnings_in_the_tiles() -> None:
    one = made("comment-tiles", full())
    assert sorted(one.data["Text"]) == sorted(LETTERS)
    for spec in (one.wide, one.narrow):
        said = " ".join(texts_in(render.svg_for_page(spec, "tiles")))
        for letter in LETTERS:
            assert letter[:20] in said


def test_stances_of_very_many_comments_are_bars() -> None:
    letters = [f"Letter {number} on the lane." for number in range(tiles.MOST_SQUARES + 1)]
    read = codings(*[(at, "for") for at in range(1, 41)])
    one = made("comment-tiles", brief(letters, codings=read, batch=1_000))
    said = texts_in(render.svg_for_page(one.wide, "tiles"))
    assert "40" in said and f"{len(letters) - 40:,}" in said
    assert sum(len(layer["data"]["values"]) for layer in one.wide["layer"]) < 40


def test_long_texts_end_with_an_ellipsis_in_the_picture_only() -> None:
    letter = "A long letter about the lane. " * 200
    one = made("comment-tiles", brief([letter], codings=codings((1, "for"))))
    assert any(line.endswith("…") for line in texts_in(render.svg_for_page(one.wide, "t")))
    assert list(one.data["Text"]) == [letter]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda value: ascii(value[:12]))
def test_hostile_text_is_text_wherever_it_stands(hostile: str) -> None:
    """In comments, labels, titles and the article: data in the specification, escaped text in the picture."""
    book = codebook(stances=(("for", hostile), ("against", "Against")), themes=(("noise", hostile),), question=hostile)
    one = brief([hostile, "An ordinary letter."], codings=codings((1, "for", "noise"), (2, "for")), codebook=book)
    one.articles[0].title = hostile
    one.voices = voices(((1, 1, "council", hostile), (2, 1, hostile, "Words.")))
    findings = Findings(one)
    for figure_id in FIGURES:
        figure = made(figure_id, findings)
        assert min(letters_of(cards.figure_card(figure, hostile))) >= 14
        for spec in (figure.wide, figure.narrow, *([figure.compact] if figure.compact else [])):
            bare = {key: value for key, value in spec.items() if key != "layer"}
            bare["layer"] = [{key: value for key, value in layer.items() if key != "data"} for layer in spec["layer"]]
            assert "alert" not in json.dumps(bare)
            assert "7*7" not in json.dumps(bare)
            for svg in (render.svg_for_page(spec, figure_id), render.svg_standalone(spec, figure)):
                svg.encode()
                names = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
                assert names <= {"svg", "g", "path", "rect", "text", "title", "desc", "defs", "clipPath"}
        assert len(json.dumps(figure.wide)) < 400_000


def test_lines_fit_the_width_they_were_broken_for() -> None:
    for room in (120, 300):
        for line in text.wrap("Some words of very different length, unbreakable" + "e" * 90, room, 14):
            assert text.width(line, 14) <= room
    assert text.wrap("", 100, 14) == [""]
    assert text.clip("much too long for this", 60, 13).endswith("…")
    assert text.width("WW", 10) > text.width("ii", 10)
    assert text.width("e\u0301", 10) == text.width("e", 10)
    assert text.width("Word", 10, text.BOLD) > text.width("Word", 10)


def test_tables_show_the_codings_and_the_codebook() -> None:
    one = full()
    found = {name: make(Findings(one), {}) for name, make in figures.tables().items()}
    tables = {name: table for name, table in found.items() if isinstance(table, Table)}
    codebook_tables = {"certainties", "coders", "dictionary", "stances", "themes", "voices", "who-read-this"}
    of_options = {"care-most-about", "central-weights", "criteria", "dominance", "option-terms", "options"}
    of_options |= {"options-in-short", "under-some-weights"}
    assert set(tables) == codebook_tables | of_options | {
        "transparency-record",
        "performance-matrix",
        "reply-matrix",
        "to-be-known-first",
    }
    for name, table in tables.items():
        assert table.table_id == name
        assert table.caption
        assert table.source
        assert set(table.column_notes) <= set(table.data.columns)
    assert list(tables["stances"].data["Letters"]) == [2, 1, 1, 0, 1]
    assert list(tables["themes"].data["Letters"]) == [1, 1, 1]
    assert list(tables["certainties"].data["Letters"]) == [1, 1, 3]


def test_excerpt_rights_keep_the_article_out_of_the_data() -> None:
    assert "Text" in made("voice-strip", full()).data.columns
    kept = made("voice-strip", full(rights="excerpt"))
    assert "Text" not in kept.data.columns
    assert "Mill Lane to cars" not in json.dumps(kept.wide)


def test_csv_for_spreadsheets_neutralises_formulas_and_keeps_numbers() -> None:
    texts = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "plain", 'quote " and , comma', "two\nlines", ""]
    data = pd.DataFrame({"=Text": texts, "Number": range(-5, 5), "Maybe": pd.array([None, 1] * 5, dtype="Int64")})
    sheet = csv_for_spreadsheets(data)
    read = list(csv.reader(io.StringIO(sheet, newline="")))
    assert read[0] == ["'=Text", "Number", "Maybe"]
    assert [row[0] for row in read[1:]] == [f"'{one}" for one in texts[:6]] + texts[6:]
    assert [row[1] for row in read[1:]] == [str(number) for number in range(-5, 5)]
    assert {row[2] for row in read[1:]} == {"", "1"}
    assert "\r\n" not in sheet


def test_each_comment_is_called_by_its_place_in_its_collection() -> None:
    assert sorted(made("comment-tiles", full()).data["Letter"]) == [f"Letter {place}" for place in range(1, 6)]
