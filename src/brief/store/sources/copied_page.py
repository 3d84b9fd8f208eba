"""A news page as somebody copied it: headline, paragraphs, a gap, reader comments, the page's footer.

What a page does not mark has to be guessed: where the comments begin (at the first gap of two or more blank lines, or
where the caller says), and where a comment ends (at a blank line, unless the caller merges blocks).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from brief.errors import fail
from brief.store.opening import opened
from brief.store.sources import NOT_MINE, Found, FoundArticle, Likeness

NAME = "a page copied as text: headline, paragraphs, a gap, comments"
ANSWERS = ("comments_from", "merge", "encoding")

#: Lines by which pages end; compared without case, arrows and numbers.
_MORE = tuple(
    f"{verb} {which} comments" for verb in ("view", "show", "see", "load", "read") for which in ("all", "more")
)
_FOOTERS = (*_MORE, "load more", "show more", "back to top", "back to the top")
_BETWEEN = re.compile(r"\n(?:[^\S\n]*\n)+")
_GAP = 2
#: What no page begins with that somebody copied: markup, JSON; and files that are no text: archives, PDFs, pictures.
_NO_PAGES = ("<", "{", "[", "%PDF")
_BINARY = (b"PK\x03\x04", b"%PDF", b"PAR1", b"\x89PNG", b"\xff\xd8", b"\x1f\x8b")
#: A first chunk longer than this is a paragraph: the headline was not copied.
_LONGEST_HEADLINE = 300


@dataclass(frozen=True)
class CopiedPage:
    """What was recognised: texts verbatim, the headline on one line.

    `blocks` are the comments, `joined` says whether the caller merged any; `guesses` says in words what could be
    otherwise.
    """

    headline: str
    paragraphs: tuple[str, ...]
    blocks: tuple[str, ...]
    footer: tuple[str, ...]
    more_evidence: str
    guesses: tuple[str, ...]
    joined: bool = False


def recognises(path: Path, head: bytes) -> Likeness:
    """Any text may be a copied page, so this module is the least sure of all; markup and data of programs are none."""
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if path.suffix.lower() == ".csv" or text.startswith(_NO_PAGES) or head.startswith(_BINARY):
        return NOT_MINE
    return Likeness(0.1, "it is plain text, and nothing else is known of it")


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """The article and the comments of a copied page; how it was cut is told in what was guessed."""
    file = opened(path, str(answers.get("encoding", "")))
    page = parse(file.text, path.name, str(answers.get("comments_from", "")), answers.get("merge", ()))
    cut = "Copied from the page, in its order; cut at blank lines"
    return Found(
        article=FoundArticle(page.headline, page.paragraphs),
        comments=pd.DataFrame({"text": pd.Series(page.blocks, dtype="str")}),
        how=f"{cut}, some joined by hand." if page.joined else f"{cut}.",
        guesses=page.guesses,
        told=(
            *file.told,
            f"Footer: {' / '.join(page.footer) or '(none)'}",
        ),
        keys={"unit": "comment block", "units": "comment blocks"},
        more_evidence=page.more_evidence,
        whole=True,
    )


def parse(text: str, file: str = "", comments_from: str = "", merge: Sequence[tuple[int, int]] = ()) -> CopiedPage:
    """Recognise a copied page. Every word of it is in the result once, verbatim.

    `comments_from` are the words the first comment begins with; `merge` are ranges of blocks (first and last, from 1)
    that are one comment each. Raises `BriefError` for a text that is no page.
    """
    body, footer = _without_footer(text.replace("\r\n", "\n"))
    chunks, gaps = _chunks(body)
    if len(chunks) < 2:
        raise fail(
            "this is not a copied page: a headline and a paragraph below it are needed",
            "Copy the page from its headline on, with blank lines between the paragraphs.",
            file,
        )
    if len(chunks[0]) > _LONGEST_HEADLINE:
        raise fail(
            "the page does not begin with a headline but with a long paragraph",
            "Put the headline on top, with a blank line below it.",
            file,
        )
    start = _first_comment(chunks, gaps, comments_from, file)
    guesses = []
    if start < len(chunks):
        found = sum(gap >= _GAP for gap in gaps[2:])
        where = f"after the first of {found} gaps" if found > 1 else "after the gap"
        where = "at the words given" if comments_from else f"{where} of two or more blank lines"
        guesses.append(f"The comments begin {where}; --comments-from 'first words' says otherwise.")
        guesses.append("Each blank line ends a comment; --merge 5-7 makes several blocks one comment.")
        if footer:
            guesses.append("The lines of the footer are no comment; a page with other last lines has them as one.")
    else:
        guesses.append("No comments were found; --comments-from 'first words' says where they begin.")
    more = next((line for line in footer if _folded(line) in _MORE), "")
    return CopiedPage(
        headline=" ".join(chunks[0].split()),
        paragraphs=tuple(chunks[1:start]),
        blocks=_merged(chunks[start:], merge, file),
        footer=footer,
        more_evidence=more,
        guesses=tuple(guesses),
        joined=bool(merge),
    )


def _folded(line: str) -> str:
    return " ".join(re.sub(r"[^a-z ]", " ", line.casefold()).split())


def _without_footer(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without the lines of the page's footer, and these lines."""
    rows = text.rstrip("\n \t").split("\n")
    end = len(rows)
    while end and (not rows[end - 1].strip() or _folded(rows[end - 1]) in _FOOTERS):
        end -= 1
    return "\n".join(rows[:end]), tuple(row.strip() for row in rows[end:] if row.strip())


def _chunks(body: str) -> tuple[list[str], list[int]]:
    """What stands between blank lines, and how many blank lines stand before each chunk."""
    body = body.lstrip("\ufeff").strip("\n")
    spans = [(0, 0), *((found.start(), found.end()) for found in _BETWEEN.finditer(body)), (len(body), len(body))]
    chunks = [body[before[1] : after[0]] for before, after in pairwise(spans)]
    gaps = [body.count("\n", *span) - 1 for span in spans[:-1]]
    kept = [(chunk, gap) for chunk, gap in zip(chunks, gaps, strict=True) if chunk.strip()]
    return [chunk for chunk, _ in kept], [gap for _, gap in kept]


def _first_comment(chunks: list[str], gaps: list[int], comments_from: str, file: str) -> int:
    """The place of the first comment among the chunks; their number where there is none."""
    if comments_from:
        for place, chunk in enumerate(chunks[1:], start=1):
            if chunk.startswith(comments_from):
                if place == 1:
                    raise fail("no paragraph stands before the comments", "Give later first words.", file)
                return place
        raise fail(
            f"no paragraph begins with '{comments_from}'", "Copy the first words of the first comment exactly.", file
        )
    return next((place for place in range(2, len(chunks)) if gaps[place] >= _GAP), len(chunks))


def _merged(blocks: list[str], merge: Sequence[tuple[int, int]], file: str) -> tuple[str, ...]:
    """The comments, with the blocks of each range joined by a blank line."""
    joined = {place: place for place in range(1, len(blocks) + 1)}
    # In their order, so that ranges that overlap become one.
    for first, last in sorted(merge):
        if not 1 <= first < last <= len(blocks):
            raise fail(
                f"the blocks {first}-{last} cannot be merged: there are {len(blocks)}",
                "Give two of the numbers shown, the smaller first.",
                file,
            )
        for place in range(first, last + 1):
            joined[place] = joined[first]
    comments: dict[int, list[str]] = {}
    for place, block in enumerate(blocks, start=1):
        comments.setdefault(joined[place], []).append(block)
    return tuple("\n\n".join(parts) for parts in comments.values())
