"""A news page as somebody copied it: a careful selection, or all that the browser gave.

A careful selection is headline, paragraphs, a gap, reader comments, the page's footer. What it does not mark has to be
guessed: where the comments begin (at the first gap of two or more blank lines, or where the caller says), and where a
comment ends (at a blank line, unless the caller merges blocks). Where the page's own lines stand among them, such as
navigation, dates and buttons, `store/pasted_article.py` and `store/pasted_comments.py` tell them apart.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from brief.errors import fail
from brief.prose.catalogue import message, noun
from brief.store import page_words, pasted_article, pasted_comments
from brief.store.opening import Decoded, decoded, decoded_head
from brief.store.pasted_heads import Line, lines_of
from brief.store.sources import NOT_MINE, Found, FoundArticle, Likeness

NAME = "a page copied as text: headline, paragraphs, a gap, comments"
ANSWERS = ("title", "comments_from", "merge", "encoding")
_MOST_SIGNS, _MOST_LINES = 5_000_000, 50_000
"""So much is read of a copied page: each line is compared with the shapes of comments, which takes its time."""

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
_NONE_FOUND = "No comments were found; --comments-from 'first words' says where they begin."
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
    text = decoded_head(head).lstrip("\ufeff \t\r\n")
    if path.suffix.lower() == ".csv" or text.startswith(_NO_PAGES) or head.startswith(_BINARY) or _is_delimited(text):
        return NOT_MINE
    return Likeness(0.1, "it is plain text, and nothing else is known of it")


def _is_delimited(text: str) -> bool:
    """Whether a text is a table: its first row has several short cells, and every row has as many."""
    lines = text.splitlines()[:40]
    for sign in "\t;|,":
        if len(lines) < 2 or sign not in lines[0] or (sign == "," and ", " in lines[0]):
            continue
        try:
            rows = [row for row in csv.reader(text.splitlines(keepends=True), delimiter=sign) if row][:20]
        except csv.Error:
            continue
        widths = {len(row) for row in (rows[:-1] if len(rows) > 2 else rows)}
        names = all(len(cell) <= 60 and not re.search(r"[.!?]$", cell.strip()) for cell in rows[0])
        if len(widths) == 1 and widths.pop() > 1 and names:
            return True
    return False


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """The article and the comments of a copied page; how it was cut is told in what was guessed."""
    file = decoded(path, str(answers.get("encoding", "")), _MOST_SIGNS)
    if (lines := file.text.count("\n")) > _MOST_LINES:
        what = f"the page has {lines:,} lines, and {_MOST_LINES:,} at most are read"
        raise fail(what, "Copy the article with a part of the comments, and add the others as a table.", path.name)
    if (pasted := _pasted(file, path.name, answers)) is not None:
        return pasted
    page = parse(file.text, path.name, str(answers.get("comments_from", "")), answers.get("merge", ()))
    cut = message("Copied from the page, in its order; cut at blank lines.")
    joined = message("Copied from the page, in its order; cut at blank lines, some joined by hand.")
    return Found(
        article=FoundArticle(page.headline, page.paragraphs),
        comments=pd.DataFrame({"text": pd.Series(page.blocks, dtype="str")}),
        how=joined if page.joined else cut,
        guesses=page.guesses,
        messages=(
            *file.messages,
            f"Footer: {' / '.join(page.footer) or '(none)'}",
        ),
        keys=dict(zip(("unit", "units"), noun("comment block", "comment blocks"), strict=True)),
        more_evidence=page.more_evidence,
        whole=True,
    )


def _pasted(file: Decoded, name: str, answers: Mapping[str, Any]) -> Found | None:
    """What a page holds that was copied with its own lines around article and comments; None where it has none."""
    lines = lines_of(file.text)
    first, title = pasted_article.first_paragraph(lines), str(answers.get("title", ""))
    words = " ".join(str(answers.get("comments_from", "")).split())
    if words and not any(" ".join(line.text.split()).startswith(words) for line in lines):
        remedy = "Copy the first words of the first comment as the page shows them, or the line with its author."
        raise fail(f"no line of the page begins with '{words}'", remedy, name)
    comments = pasted_comments.section(lines, first, words)
    end = comments.start if comments is not None else _foot(lines, first)
    article = pasted_article.article(lines, end, title)
    if comments is None and (article is None or not _has_own_lines(lines, article)):
        return None
    if comments is None and len(lines) > 1 and parse(file.text, name, words).blocks:
        # Nothing shows where a comment ends, so a gap and blank lines do, as in a careful selection.
        comments = pasted_comments.cut_at_gaps(lines, first, words)
        article = pasted_article.article(lines, comments.start, title) if comments is not None else article
    if comments is None and (article is None or words):
        return None
    rows = comments.rows if comments is not None else []
    left = [*(article.left if article else range(end)), *(comments.left if comments else [])]
    left += range(comments.end if comments is not None else end, len(lines))
    framing = [*(article.framing if article else []), *(comments.framing if comments is not None else [])]
    known = article.known.values() if article else ()
    merged = _merged_rows(rows, answers.get("merge", ()), name)
    return Found(
        article=FoundArticle(article.headline, tuple(article.paragraphs), article.known) if article else None,
        comments=pd.DataFrame(merged if merged else {"text": []}, dtype="str"),
        how=message("Copied from the page, in its order; told apart by the names, dates and buttons around them."),
        guesses=(*(article.guesses if article else ()), *(comments.guesses if comments else (_NONE_FOUND,))),
        messages=(
            *file.messages,
            *_left_out([lines[place].text for place in sorted(set(left))]),
            *_around_names([lines[place].text for place in framing], [*known, *(str(row["author"]) for row in rows)]),
        ),
        more_evidence=comments.more if comments is not None else "",
        whole=article is not None,
    )


def _has_own_lines(lines: Sequence[Line], article: pasted_article.PastedArticle) -> bool:
    """Whether a page holds lines that no careful selection has: navigation, notices, an author's line with a date."""
    last = article.used[-1]
    own = [place for place in article.left if place < last and any(map(str.isalnum, lines[place].text))]
    own = [place for place in own if pasted_article.is_notice(lines[place].text)]
    return len(own) + len(article.framing) > 1


def _foot(lines: Sequence[Line], first: int) -> int:
    """The line at which the foot of a page without comments begins."""
    return next((place for place in range(first + 1, len(lines)) if page_words.is_end(lines[place].text)), len(lines))


def _left_out(texts: Sequence[str]) -> Iterator[str]:
    """Every line that is neither of the article nor of a comment, each once, with how often it stands there."""
    counted = Counter(texts)
    if counted:
        shown = " / ".join(f"{text} ({number} times)" if number > 1 else text for text, number in counted.items())
        yield f"Left out, as the page's own lines: {shown}"


def _around_names(texts: Sequence[str], names: Sequence[str]) -> Iterator[str]:
    """The words of lines with an author or a date that are neither, such as “says” or a place."""
    known = {word for name in names for word in name.split()}
    rest = [
        " ".join(word for word in page_words.DATE.sub(" ", text).split() if word.strip(",.:|") not in known)
        for text in texts
    ]
    counted = Counter(words for words in rest if any(map(str.isalnum, words)))
    if counted:
        shown = " / ".join(f"{words} ({number} times)" if number > 1 else words for words, number in counted.items())
        yield f"Left out, around names and dates: {shown}"


def _merged_rows(rows: Sequence[dict[str, str]], merge: Sequence[tuple[int, int]], file: str) -> list[dict[str, str]]:
    """The comments, with the texts of each range joined; the first one's author and date stay."""
    if not merge:
        return list(rows)
    numbers = [str(number) for number in range(len(rows))]
    kept = []
    for group in _merged(numbers, merge, file):
        places = [int(number) for number in group.split("\n\n")]
        kept.append({**rows[places[0]], "text": "\n\n".join(rows[place]["text"] for place in places)})
    return kept


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
        count = sum(gap >= _GAP for gap in gaps[2:])
        where = f"after the first of {count} gaps" if count > 1 else "after the gap"
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
    spans = [(0, 0), *((gap.start(), gap.end()) for gap in _BETWEEN.finditer(body)), (len(body), len(body))]
    chunks = [body[before[1] : after[0]] for before, after in pairwise(spans)]
    gaps = [body.count("\n", *span) - 1 for span in spans[:-1]]
    kept = [(chunk, gap) for chunk, gap in zip(chunks, gaps, strict=True) if chunk.strip()]
    return [chunk for chunk, _ in kept], [gap for _, gap in kept]


def _first_comment(chunks: list[str], gaps: list[int], comments_from: str, file: str) -> int:
    """The place of the first comment among the chunks; their number where there is none."""
    if comments_from:
        for place, chunk in enumerate(chunks[1:], start=1):
            if " ".join(chunk.split()).startswith(" ".join(comments_from.split())):
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
