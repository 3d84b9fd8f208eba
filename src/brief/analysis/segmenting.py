"""Words of texts in Japanese, which sets no spaces between them, told apart by a dictionary that somebody installed.

Sudachi (Takaoka and others 2018, LREC 2246-2249) with its core dictionary, in units of middle length (mode B): the
packages of the extra `segmenter`. Both are read offline, and the same versions give the same words. They know Japanese
alone; texts in Chinese or Thai stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module, metadata
from importlib.util import find_spec
from typing import Any

from brief.scripts import UNSPACED, is_unspaced

PACKAGES = ("sudachipy", "sudachidict_core")
Segmenter = Callable[[str], str]
"""Sets a space between words that stand without one. Nothing else of a text changes."""

_RUN = re.compile(f"[{UNSPACED}]+")
#: Sudachi takes so many bytes at most, and a sign has up to four.
_LONGEST = 10_000
_HIRAGANA = re.compile("[\u3041-\u3096]")
_SPACE_BESIDE = re.compile(f"(?<=[{UNSPACED}]) | (?=[{UNSPACED}])")


def segmenter(texts: Sequence[str]) -> Segmenter | None:
    """What tells the words of some texts apart; None where most are no Japanese, or where it is not installed."""
    japanese = sum(is_unspaced(text) and _HIRAGANA.search(text) is not None for text in texts)
    return spaced if 2 * japanese > len(texts) and is_installed() else None


def is_installed() -> bool:
    """Whether the packages of the extra are at hand; they are not loaded."""
    return all(find_spec(package) is not None for package in PACKAGES)


def name() -> str:
    """The program and the dictionary with their versions."""
    return ", ".join(f"{package} {metadata.version(package)}" for package in PACKAGES)


def spaced(text: str) -> str:
    """A text with a space between words of Japanese, and beside them where no space or stop is."""
    return _RUN.sub(_apart, text)


def _apart(run: re.Match[str]) -> str:
    signs, text = run[0], run.string
    parts = [signs[start : start + _LONGEST] for start in range(0, len(signs), _LONGEST)]
    words = [word.surface() for part in parts for word in _tokenizer().tokenize(part)]
    before = " " if text[: run.start()][-1:].isalnum() else ""
    after = " " if text[run.end() : run.end() + 1].isalnum() else ""
    return f"{before}{' '.join(words)}{after}"


@cache
def _tokenizer() -> Any:
    sudachi = import_module("sudachipy")
    return sudachi.Dictionary(dict="core").tokenizer(mode=sudachi.SplitMode.B)


def joined(text: str) -> str:
    """Words of `spaced` as people write them: without spaces beside a sign of a script that sets none."""
    return _SPACE_BESIDE.sub("", text)


def verbatim(words: str, text: str) -> str:
    """The stretch of a text that some words of its `spaced` form stand for, as it is written; empty where none is."""
    places = [place for place, sign in enumerate(text) if not sign.isspace()]
    wanted = "".join(words.split())
    at = "".join(text[place] for place in places).find(wanted) if wanted else -1
    return text[places[at] : places[at + len(wanted) - 1] + 1] if at >= 0 else ""
