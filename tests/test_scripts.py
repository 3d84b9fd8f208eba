"""A word is whole in any script, and what is told of texts costs no more than they are long."""

from __future__ import annotations

import pytest

from brief import scripts
from brief.analysis import campaign_texts, exemplars, hashing, stop_words, text_vectors, theme_names

HINDI = "पुस्तकालय बंद नहीं होना चाहिए"


@pytest.mark.parametrize("text", ["ห้องสมุดควรปิด", "图书馆六点关门", "々〆はい", "ｶﾀｶﾅ", "本 and 夜は勉強します"])
def test_scripts_that_set_no_spaces_between_words(text: str) -> None:
    assert scripts.is_unspaced(text) and not scripts.is_unspaced(f"{text} {'library ' * 9}")


@pytest.mark.parametrize("text", ["", "12 ...", "도서관은 여섯 시에 닫는다", HINDI, "Close it."])
def test_scripts_that_set_spaces(text: str) -> None:
    assert not scripts.is_unspaced(text)


def test_vowel_signs_do_not_end_a_word() -> None:
    assert hashing.words(HINDI) == HINDI.split()
    assert theme_names.phrases_in(HINDI, frozenset()) >= {"पुस्तकालय", "बंद नहीं", "होना चाहिए"}
    assert text_vectors.content_words(HINDI, "hi", frozenset()) == HINDI.split()
    assert stop_words.of(HINDI, "hi") == frozenset()


def test_a_run_of_stops_ends_a_sentence_once() -> None:
    whole = "It costs too much" + "!" * 200_000 + " Close it early."
    assert exemplars.quotation(whole, {"close"}).endswith("Close it early.")


def test_what_was_added_to_a_text_without_spaces_is_told_alone() -> None:
    parts = campaign_texts.differences("我们支持。我住在附近。", "我们支持。")
    assert parts[["kind", "words"]].to_numpy().tolist() == [["same", "我们支持。"], ["added", "我住在附近。"]]
