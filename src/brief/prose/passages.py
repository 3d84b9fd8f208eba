"""The passages of a chapter that a translator translates: its prose, and not what it computes, shows or asks.

Conditions, cells, figures and facts stay as they are, so that a translated chapter can say nothing that the English one
does not ask for. What is translated: the question, headings, titles of folds, paragraphs and items of lists. In a file
of YAML it is the values of some keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial

import yaml

#: The keys of a new brief's files whose values are words for readers.
_WORDS_OF = ("title", "subtitle", "question", "audience", "publisher", "contact", "label", "definition", "caption")
_KEY = re.compile(rf"(?P<before>[ -]*(?:{'|'.join(_WORDS_OF)}): )(?P<words>[^\"'\[{{].*)")
_ITEM = re.compile(r"(?P<before> *[-*] )(?P<words>.*)")
_HEADING = re.compile(r"(?P<before>#+ )(?P<words>.*)")
_TITLE = re.compile(r"(?P<before>:{3,}\{fold\} |:heading: )(?P<words>.*)")
_QUESTION = re.compile(r"(?P<before>  question: )(?P<words>.*)")
_SKIPPED = (":::", ":", "<!--", "%", "---", "(")


def of_chapter(text: str) -> list[str]:
    """The passages of a chapter in Markdown, in their order."""
    passages: list[str] = []
    translated(text, partial(_kept, passages))
    return passages


def of_yaml(text: str) -> list[str]:
    """The words for readers in a file of YAML, in their order."""
    passages: list[str] = []
    translated_yaml(text, partial(_kept, passages))
    return passages


def _kept(passages: list[str], words: str) -> str:
    passages.append(words)
    return words


def translated(text: str, translate: Callable[[str], str]) -> str:
    """The chapter with each passage as `translate` gives it; a passage that comes back as it was keeps its lines."""
    return "".join(_pieces(text.splitlines(keepends=True), translate))


def translated_yaml(text: str, translate: Callable[[str], str]) -> str:
    """A file of YAML with the words for readers as `translate` gives them."""
    lines = []
    for line in text.splitlines(keepends=True):
        key = _KEY.fullmatch(line.rstrip("\n"))
        lines.append(_key(key, translate) if key else line)
    return "".join(lines)


def _key(key: re.Match[str], translate: Callable[[str], str]) -> str:
    return f"{key['before']}{_scalar(translate(key['words']), key['words'])}\n"


def _scalar(words: str, before: str) -> str:
    """Words as YAML takes them; quoted where it would read them as something else."""
    return words if words == before or _read_as_it_is(words) else json.dumps(words, ensure_ascii=False)


def _read_as_it_is(words: str) -> bool:
    try:
        return bool(yaml.safe_load(f"key: {words}\n") == {"key": words})
    except (yaml.YAMLError, ValueError):
        return False


def _pieces(lines: list[str], translate: Callable[[str], str]) -> Iterator[str]:
    place = 0
    if lines and lines[0] == "---\n":
        place = lines.index("---\n", 1) + 1
        for line in lines[:place]:
            question = _QUESTION.fullmatch(line.rstrip("\n"))
            yield _key(question, translate) if question else line
    while place < len(lines):
        line = lines[place]
        if fence := re.match(r"`{3,}", line):
            end = next(here for here in range(place + 1, len(lines)) if lines[here].startswith(fence[0]))
            yield from lines[place : end + 1]
            place = end + 1
        elif not line.strip() or _TITLE.match(line) or line.startswith(_SKIPPED) or _HEADING.match(line):
            plain = line.rstrip("\n")
            yield _one_line(_TITLE.fullmatch(plain) or _HEADING.fullmatch(plain), line, translate)
            place += 1
        else:
            end = place + 1
            while end < len(lines) and _goes_on(lines[end]):
                end += 1
            yield _paragraph(lines[place:end], translate)
            place = end


def _goes_on(line: str) -> bool:
    begins = line.startswith((*_SKIPPED, "```")) or _HEADING.match(line) or _ITEM.match(line)
    return bool(line.strip()) and not begins


def _one_line(match: re.Match[str] | None, line: str, translate: Callable[[str], str]) -> str:
    return f"{match['before']}{translate(match['words'])}\n" if match else line


def _paragraph(lines: list[str], translate: Callable[[str], str]) -> str:
    item = _ITEM.fullmatch(lines[0].rstrip("\n"))
    before = item["before"] if item else ""
    words = " ".join(line.strip() for line in [item["words"] if item else lines[0], *lines[1:]])
    translation = translate(words)
    return "".join(lines) if translation == words else f"{before}{translation}\n"
