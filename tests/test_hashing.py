"""Words as numbers: the same words get the same number, other words another, in any script and of any length."""

from __future__ import annotations

import random

import pytest

from brief.analysis import hashing

SIGNS = "abcXYZ019_''  ,.-\n\t\u2019\u2018\u201cé\u0149ßÅ\u2014Σς日本語カナ漢\U00020000ไทยक\u093fe\u0301\ufb01①\ud800 "


def drawn(count: int) -> list[str]:
    chance = random.Random(1)
    return ["".join(chance.choice(SIGNS) for _ in range(chance.randint(0, 60))) for _ in range(count)]


def numbers(texts: list[str]) -> list[list[int]]:
    hashes, lengths = hashing.hashed(texts)
    ends = lengths.cumsum()
    return [hashes[end - length : end].tolist() for end, length in zip(ends.tolist(), lengths.tolist(), strict=True)]


def test_each_word_has_its_number_in_every_text() -> None:
    texts = ["", "'", "It's John's; it''s 'quoted'.", "snake_case No.7", *drawn(2_000)]
    words = [hashing.words(text) for text in texts]
    every = numbers(texts)
    assert [len(each) for each in words] == [len(each) for each in every]
    number = {
        word: code for each, codes in zip(words, every, strict=True) for word, code in zip(each, codes, strict=True)
    }
    assert every == [[number[word] for word in each] for each in words]
    assert len(set(number.values())) == len(number) > 1_000


def test_signs_of_a_script_without_spaces_overlap_and_are_known() -> None:
    text = "The bridge 市は橋を修理してください。 stays"
    codes = hashing.hashed([text])[0]
    overlapping = hashing.overlapping(codes).tolist()
    assert overlapping == [not word.isascii() for word in hashing.words(text)]
    assert sum(overlapping) == 9


@pytest.mark.parametrize("size", [7, 64])
def test_where_a_batch_ends_makes_no_difference(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    texts = [" ".join(text.split()) for text in drawn(100)]
    every = numbers(texts)
    hashing._tables.cache_clear()
    monkeypatch.setattr(hashing, "AT_ONCE", 64 * size)
    assert numbers(texts) == every
    hashing._tables.cache_clear()


def test_a_very_long_text_is_cut_between_words_and_a_very_long_word_counts_once() -> None:
    words = [f"word{number}" for number in range(30_000)]
    (every,) = numbers([", ".join(words)])
    assert len(every) == len(set(every)) == len(words)
    assert [len(each) for each in numbers(["a" * 200_000, "a" * 200_000 + " b", "c"])] == [1, 2, 1]
