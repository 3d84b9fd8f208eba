"""Comments in the text of a page as a browser copies it: found by the shape in which they recur.

A comment begins with a head: a line with a name and one with a date, both on one line, or "Ann says:". Its text ends
before buttons such as "Reply" and "Share". What is no text is kept apart line by line, so that nothing gets lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from brief.store import page_words
from brief.store.page_comments import UNNUMBERED, name_unnumbered
from brief.store.page_words import is_button, is_name, likes_in, pieces, words
from brief.store.pasted_heads import ANSWER_ALONE, Head, Line, of_one_shape, with_subjects
from brief.store.pasted_heads import heads as heads_in


@dataclass
class Section:
    """The comments from line `start` to before `end`: rows of them, and what their other lines are.

    `left` are places of lines that are no part of a comment, such as buttons; `framing` those with an author or a date.
    """

    start: int
    end: int
    rows: list[dict[str, str]] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    framing: list[int] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)
    more: str = ""


def section(lines: Sequence[Line], first_paragraph: int, comments_from: str = "") -> Section | None:
    """The comments of a page; None where no shape of comments recurs in it.

    `first_paragraph` is the place of the article's first paragraph, the number of lines where there is none;
    `comments_from` are the words that the first comment, or the line with its author, begins with.
    """
    heads = list(heads_in(lines))
    headings = [place for place, line in enumerate(lines) if page_words.heading_of_comments(line.text) is not None]
    start = _start(lines, heads, headings, first_paragraph, comments_from)
    if start is None:
        return None
    heads = with_subjects(lines, of_one_shape(lines, [head for head in heads if head.first >= start]))
    comments = _with_heads(lines, start, heads) if heads else _without_heads(lines, start)
    if comments is not None:
        comments.more = _more(lines, comments)
    return comments


# Where they begin ----------------------------------------------------------------------------------------------------


def _start(
    lines: Sequence[Line], heads: Sequence[Head], headings: Sequence[int], first: int, comments_from: str
) -> int | None:
    """The line at which comments begin; None where nothing shows that there are any."""
    if comments_from:
        wanted = " ".join(comments_from.split())
        for place, line in enumerate(lines):
            if " ".join(line.text.split()).startswith(wanted):
                around = next((head for head in reversed(heads) if head.first <= place), None)
                near = around is not None and place <= around.last
                return around.first if near and around is not None else place
        return None
    alone = heads and (heads[0].first <= 2 or any(place < heads[0].first <= place + 8 for place in headings))
    again = next((place for place in headings if heads and heads[0].last < place), None) if alone else None
    if again is not None and first == len(lines) and not page_words.is_answers(lines[again].text):
        return again if any(head.first > again for head in heads) else None
    if alone and heads[0].first < first and len(heads) > 1:
        return min([place for place in headings if place < heads[0].first], default=heads[0].first)
    for place in headings:
        if place > first and (any(head.first > place for head in heads) or _tails(lines, place)):
            return place
    after = [head for head in heads if head.first > first]
    after = [head for number, head in enumerate(after) if _has_text(lines, after, number)]
    shapes = Counter(head.style for head in after)
    for number, head in enumerate(after):
        end = after[number + 1].first if number + 1 < len(after) else len(lines)
        if shapes[head.style] > 1 or any(is_button(line.text) for line in lines[head.last : min(end, head.last + 12)]):
            return head.first
    ends = _tails(lines, first)
    if len(ends) > 1:
        before = [place for place in range(first + 1, ends[0]) if is_name(lines[place].text) and lines[place].gap]
        return before[-1] if before else None
    return None


def _has_text(lines: Sequence[Line], heads: Sequence[Head], number: int) -> bool:
    end = heads[number + 1].first if number + 1 < len(heads) else len(lines)
    return heads[number].last < end


def _tails(lines: Sequence[Line], after: int) -> list[int]:
    """Where runs of buttons begin that recur: one of their buttons stands there at least twice."""
    below = range(after + 1, len(lines))
    count = Counter(name for place in below if is_button(lines[place].text) for name in _buttons(lines[place].text))
    often = {name for name, number in count.items() if number > 1}
    places = [place for place in below if is_button(lines[place].text) and _buttons(lines[place].text) & often]
    return [place for place in places if not is_button(lines[place - 1].text)]


# Texts ---------------------------------------------------------------------------------------------------------------


def _with_heads(lines: Sequence[Line], start: int, heads: Sequence[Head]) -> Section:
    """The comments that begin with the given heads."""
    comments = Section(start, len(lines), left=list(range(start, heads[0].first)))
    ends = [head.first for head in heads[1:]] + [len(lines)]
    often = _often([lines[head.last : end] for head, end in zip(heads, ends, strict=True)])
    bodies = [
        _body(lines, head.last, end, often, last=end == len(lines)) for head, end in zip(heads, ends, strict=True)
    ]
    tails = [lines[body.text_end : body.tail] for body in bodies if body.text_end > body.text_start]
    usual = Counter(sum(bool(_buttons(line.text) & often) for line in tail) for tail in tails).most_common(1)
    for number, (head, body) in enumerate(zip(heads, bodies, strict=True), start=1):
        if body.text_end == body.text_start and usual and body.tail - body.text_start > usual[0][0] > 0:
            # All that somebody wrote is the name of a button.
            body = replace(body, text_end=_before_tail(lines, body, often, usual[0][0]))
        text = "\n".join(filter(None, (head.subject, _joined(lines[body.text_start : body.text_end]))))
        if not text:
            comments.left += range(head.first, body.end)
            continue
        others = [*range(head.last, body.text_start), *range(body.text_end, body.end)]
        around = [lines[place].text for place in others]
        answers = [next(filter(None, match.groups())) for line in around if (match := ANSWER_ALONE.fullmatch(line))]
        comments.framing += range(head.first, head.last)
        comments.left += others
        comments.rows.append(
            {
                "comment_id": f"{UNNUMBERED}{number}",
                "parent_id": "",
                "author": head.author,
                "posted_at": head.date,
                "likes": head.likes or _likes(around),
                "text": text,
                "answered": head.answered or (answers[0] if answers else ""),
                "indent": str(lines[head.first].indent),
            }
        )
    comments.end = max((body.end for body in bodies), default=len(lines))
    if addressed := _parents(comments.rows):
        comments.guesses.append(
            f"Answers to the only comment of the person that they begin with, after @: {addressed}."
        )
    name_unnumbered(comments.rows)
    comments.guesses.append(
        "A comment begins where a name stands beside a date, and ends before buttons; --merge 5-7 joins some."
    )
    return comments


def _before_tail(lines: Sequence[Line], body: _Body, often: set[str], buttons: int) -> int:
    """Where the usual number of buttons begins, at the end of a comment that holds nothing else."""
    place = body.tail
    while buttons and place > body.text_start:
        place -= 1
        buttons -= bool(_buttons(lines[place].text) & often)
    return place


def cut_at_gaps(lines: Sequence[Line], first_paragraph: int, comments_from: str = "") -> Section | None:
    """Comments below the first wide gap after the article's first paragraph, cut at blank lines; None without a gap.

    With `comments_from` they begin at the line that begins with these words; None where no line does.
    """
    below = range(first_paragraph + 1, len(lines))
    if comments_from:
        start = next((place for place in below if " ".join(lines[place].text.split()).startswith(comments_from)), None)
    else:
        start = next((place for place in below if lines[place].gap > 1), None)
    if start is None:
        return None
    comments = Section(start, len(lines))
    chunks: list[list[Line]] = []
    for place in range(start, len(lines)):
        if page_words.tells_of_more(lines[place].text) or page_words.is_end(lines[place].text):
            comments.end = place
            break
        if lines[place].gap or not chunks:
            chunks.append([])
        chunks[-1].append(lines[place])
    comments.rows = [
        {"comment_id": "", "parent_id": "", "author": "", "posted_at": "", "text": _joined(chunk)} for chunk in chunks
    ]
    comments.guesses.append("No names, dates or buttons part the comments, so blank lines do; --merge 5-7 joins some.")
    comments.more = _more(lines, comments)
    return comments


@dataclass(frozen=True)
class _Body:
    """Places of lines: the text from `text_start` to before `text_end`, buttons to before `tail`, others to `end`."""

    text_start: int
    text_end: int
    tail: int
    end: int


def _often(regions: Sequence[Sequence[Line]]) -> set[str]:
    """The buttons that stand below most comments."""
    count: Counter[str] = Counter()
    for region in regions:
        count.update(set().union(*(_buttons(line.text) for line in region if is_button(line.text))))
    return {words for words, number in count.items() if number > 1 and number * 2 > len(regions)}


def _buttons(text: str) -> set[str]:
    """The buttons of a line, without numbers."""
    return {name for piece in pieces(text) if (name := page_words.folded(piece))}


def _body(lines: Sequence[Line], start: int, end: int, often: set[str], *, last: bool) -> _Body:
    """The text of a comment between its head and the next one."""
    stop = next((place for place in range(start + 1, end) if _ends(lines, place, last)), end)
    while (
        start < stop
        and (is_button(lines[start].text) or ANSWER_ALONE.fullmatch(lines[start].text))
        and _goes_on(lines, start, stop)
    ):
        start += 1
    tail = stop
    if often and (
        places := [
            place
            for place in range(start, stop)
            if _buttons(lines[place].text) & often and is_button(lines[place].text)
        ]
    ):
        tail = (_first_run(lines, places, stop) if last else places[-1]) + 1
        while tail < stop and is_button(lines[tail].text):
            tail += 1
    text_end = tail
    while text_end > start and _is_below(lines[text_end - 1].text):
        text_end -= 1
    if last and stop == end and not (often and tail < stop):
        text_end = tail = _until_gap(lines, start, tail) if not often else tail
        while text_end > start and _is_below(lines[text_end - 1].text):
            text_end -= 1
    return _Body(start, text_end, tail, end if not last else max(tail, start))


def _goes_on(lines: Sequence[Line], place: int, end: int) -> bool:
    """Whether, below a button right under a head, text follows before the next one."""
    return any(not is_button(line.text) for line in lines[place + 1 : end])


def _first_run(lines: Sequence[Line], places: Sequence[int], stop: int) -> int:
    """The last line of the first run of buttons: below the last comment the page goes on with other things."""
    place = places[0]
    while place + 1 < stop and is_button(lines[place + 1].text):
        place += 1
    return place


def _is_below(text: str) -> bool:
    return (
        is_button(text)
        or page_words.tells_of_more(text)
        or bool(words("pictures").fullmatch(text))
        or bool(likes_in(text))
    )


def _ends(lines: Sequence[Line], place: int, last: bool) -> bool:
    text = lines[place].text
    return last and (page_words.tells_of_more(text) or (page_words.is_end(text) and lines[place].gap > 0))


def _until_gap(lines: Sequence[Line], start: int, end: int) -> int:
    """The end of the last comment of a page without buttons: a wide gap, or the first line that is no sentence."""
    for place in range(start + 1, end):
        if lines[place].gap > 1 or (lines[place].gap and is_name(lines[place].text)):
            return place
    return end


def _joined(lines: Sequence[Line]) -> str:
    return "".join(("\n\n" if line.gap else "\n") * bool(place) + line.text for place, line in enumerate(lines))


_HEART = re.compile("\\s*[\u2764\u2665\u2661\U0001f44d\U0001f493-\U0001f49c][\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]?\\s*")


def _likes(around: Sequence[str]) -> str:
    """The number of likes among the lines around a text; a bare number counts beside the word or a heart alone.

    One that stands by itself may count answers, or those who are against it.
    """
    for place, line in enumerate(around):
        if count := likes_in(line):
            return count
        near = [page_words.folded(other) for other in around[max(0, place - 1) : place + 2]]
        if re.fullmatch(r"\d{1,6}", line) and any(
            word in ("like", "likes", "recommend", "gefällt mir", "j aime", "me gusta", "upvote", "いいね")
            for word in near
        ):
            return line
        beside = [*around[max(0, place - 1) : place], *around[place + 1 : place + 2]]
        if re.fullmatch(r"\d{1,6}", line) and any(map(_HEART.fullmatch, beside)):
            return line
    return ""


def _parents(rows: Sequence[dict[str, str]]) -> int:
    """What each comment answers: the last one of the person it names, else the last one that is less indented.

    One that begins with @ and the name of somebody who wrote a single comment before answers that; returns how many do.
    """
    addressed = 0
    indented = len({row["indent"] for row in rows}) > 1
    of_author: dict[str, list[str]] = {}
    for place, row in enumerate(rows):
        answered, depth = _numbered_name(row.pop("answered")).casefold(), int(row["indent"])
        for earlier in reversed(rows[:place]):
            if answered and earlier["author"].casefold() == answered:
                row["parent_id"] = earlier["comment_id"]
                break
            if indented and not answered and int(earlier["indent"]) < depth:
                row["parent_id"] = earlier["comment_id"]
                break
        if not row.get("parent_id") and not answered:
            row["parent_id"] = _addressed(row["text"], of_author)
            addressed += bool(row["parent_id"])
        of_author.setdefault(row["author"].casefold(), []).append(row["comment_id"])
    for row in rows:
        del row["indent"]
    return addressed


def _addressed(text: str, of_author: Mapping[str, Sequence[str]]) -> str:
    """The only comment of whom a text addresses at its beginning; empty where it addresses nobody, or several do."""
    if not text.startswith("@"):
        return ""
    addressed = text[1:].lstrip().casefold()
    names = [name for name in of_author if name and re.match(rf"{re.escape(name)}(?!\w)", addressed)]
    comments = of_author[max(names, key=len)] if names else []
    return comments[0] if len(comments) == 1 else ""


def _numbered_name(answered: str) -> str:
    """The name of who is answered, without the number of the comment before it."""
    return re.sub(r"^#[\d.]+\s*(?:von|by|de|par|van)?\s*", "", answered).strip(" @")


def _without_heads(lines: Sequence[Line], start: int) -> Section | None:
    """Comments without dates: what stands between runs of buttons; the first line is the author where most have one."""
    ends = _tails(lines, start)
    comments = Section(start, len(lines))
    place = start
    while place < len(lines) and (
        page_words.heading_of_comments(lines[place].text) is not None or is_button(lines[place].text)
    ):
        comments.left.append(place)
        place += 1
    texts: list[tuple[int, int]] = []
    for end in ends:
        if end > place:
            texts.append((place, end))
        while end < len(lines) and is_button(lines[end].text):
            comments.left.append(end)
            end += 1
        place = end
    if not texts:
        return None
    named = sum(end - first > 1 and is_name(lines[first].text) for first, end in texts) * 10 >= len(texts) * 7
    for number, (first, end) in enumerate(texts, start=1):
        named_here = named and end - first > 1 and is_name(lines[first].text)
        text = _joined(lines[first + named_here : end])
        likes = _likes([line.text for line in takewhile(lambda line: is_button(line.text), lines[end:])])
        author = lines[first].text if named_here else ""
        row = {"comment_id": f"{UNNUMBERED}{number}", "parent_id": "", "author": author, "likes": likes, "text": text}
        comments.rows.append({**row, "posted_at": _date_below(lines, end)})
        comments.framing += [first] * named_here
    name_unnumbered(comments.rows)
    comments.end = place
    comments.guesses.append(
        "Comments are told apart by the buttons below them, since no dates were found; --merge 5-7 joins some."
    )
    return comments


def _date_below(lines: Sequence[Line], place: int) -> str:
    """The date among the buttons below a comment."""
    below = takewhile(lambda line: is_button(line.text), lines[place:])
    dated = (page_words.date_in(piece) for line in below for piece in pieces(line.text) if not piece.isdigit())
    return next(filter(None, dated), "")


def _more(lines: Sequence[Line], comments: Section) -> str:
    """The words by which the page tells of more comments than it shows."""
    messages = [line.text for line in lines[comments.start :] if page_words.tells_of_more(line.text)]
    buttons = [text for text in messages if page_words.heading_of_comments(text) is None]
    heading = lines[comments.start].text
    number = page_words.heading_of_comments(heading)
    return buttons[-1] if buttons else heading if number is not None and number > len(comments.rows) else ""
