"""Words of Japanese comments: told apart where a dictionary is installed, and looked for nowhere else."""

from __future__ import annotations

import re

import pytest

from brief import figures
from brief.analysis import hashing, segmenting
from brief.figures import Table, Unavailable
from brief.findings.facts.comments import about_the_analysis
from brief.findings.findings import Findings
from small_briefs import brief as small_brief

HOURS = "図書館を六時に閉めることに反対します。夜に勉強する学生の居場所がなくなります。"
LETTER = "市役所の皆さま、図書館の開館時間を短くしないでください。仕事の後に本を借りる人がたくさんいます。"
#: Forty comments: a letter that twelve sent, six of them with a sentence of their own; and answers by people.
COMMENTS = (
    *(f"{LETTER}{'私は毎週通っています。' if number % 2 else ''}" for number in range(12)),
    *(f"{HOURS}{number}番の意見です。" for number in range(8)),
    *(f"費用が高すぎるので早く閉めてもよいと思う。電気代は{number}円でした。" for number in range(10)),
    *(f"子どもの安全のために夜は警備員を増やしてほしい。事故が{number}件ありました。" for number in range(10)),
)


def facts(findings: Findings) -> dict[str, object]:
    return {fact.name: fact.value for fact in about_the_analysis(findings)}


def test_without_a_dictionary_nothing_is_looked_for_by_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segmenting, "PACKAGES", ("sudachipy", "no_such_dictionary"))
    findings = Findings(small_brief(COMMENTS, language="ja"))
    assert findings.unspaced and findings.worded is findings.comments
    assert not len(findings.campaigns[1]) and not len(findings.exemplars)
    known = facts(findings)
    assert (known["comments-unspaced"], known["comments-segmented"], known["segmenter"]) == (40, 0, "")


def test_with_a_dictionary_japanese_is_read_by_its_words() -> None:
    findings = Findings(small_brief(COMMENTS, language="ja"))
    known = facts(findings)
    assert (known["comments-unspaced"], known["comments-segmented"]) == (0, 40)
    assert re.fullmatch(r"sudachipy [\d.]+, sudachidict_core \d+", str(known["segmenter"]))
    described = findings.campaigns[1]
    sent = dict(zip(map(findings.as_written, described["template"]), described["submissions"], strict=True))
    assert sent[LETTER] == sent[f"{LETTER}私は毎週通っています。"] == 6
    assert set(findings.campaign_versions["text"]) <= set(COMMENTS)
    assert len(findings.exemplars)


def test_themes_are_named_and_quoted_as_people_write() -> None:
    said = (
        ("夜に勉強する学生の居場所がなくなる", "電気代がもったいない", "事故が心配だ"),
        ("自習室を開けてほしい", "税金の無駄だ", "警備員を増やせ"),
    )
    texts = [f"{said[0][number % 3]}。{said[1][number % 3]}。私は{number}歳です。" for number in range(120)]
    findings = Findings(small_brief(texts, language="ja"))
    themes = findings.themes
    assert len(themes.themes) == 3, themes.reason
    written = "".join(texts)
    assert [phrase for named in themes.themes["phrases"] for phrase in named.split("; ") if phrase not in written] == []
    stored = dict(zip(findings.comments["comment_id"], texts, strict=True))
    assert all(row["quote"] in stored[row["comment_id"]] for row in themes.exemplars.to_dict("records"))


def test_words_that_are_shown_have_no_spaces_of_the_program() -> None:
    findings = Findings(small_brief(COMMENTS, language="ja"))
    for name in ("campaigns", "campaign-versions", "campaign-additions"):
        shown = figures.tables()[name](findings, {})
        assert isinstance(shown, Table) and not isinstance(shown, Unavailable)
        assert not [cell for cell in shown.data.to_numpy().flatten() if re.search("[ぁ-ん] [ぁ-ん]", str(cell))], name


def test_the_same_words_come_back_and_the_text_stays_as_it_was() -> None:
    for text in (*COMMENTS, "AIで検索 する。\n\n夜は 9時まで、OKです", "", "Close it.", "本" * 25_000, "半\ud800分"):
        spaced = segmenting.spaced(text)
        assert spaced == segmenting.spaced(text) and "".join(spaced.split()) == "".join(text.split())
        assert not text.strip() or segmenting.verbatim(spaced, text) == text.strip()
    assert segmenting.spaced("Close it, don't.") == "Close it, don't."
    assert segmenting.spaced("AIで検索") == "AI で 検索"
    assert segmenting.joined("AI で 検索 […] する") == "AIで検索[…]する"
    assert {"図書館", "反対"} <= set(hashing.words(segmenting.spaced(HOURS)))


def test_only_japanese_is_told_apart() -> None:
    assert segmenting.segmenter(["图书馆六点关门。"] * 3) is None
    assert segmenting.segmenter(["Close it."]) is None and segmenting.segmenter([]) is None
    assert segmenting.is_installed() and segmenting.segmenter([HOURS]) is not None
    assert segmenting.verbatim("no such", HOURS) == segmenting.verbatim("", HOURS) == ""
