"""What the preview of `brief add` tells: what was recognised, what was guessed, what would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from brief.analysis.attributes import FEWEST_OF_A_VALUE
from brief.analysis.gate import Unlike
from brief.data import keys, privacy
from brief.errors import harmless
from brief.prose.placeholders import is_placeholder, may_be_one
from brief.store.planning import Table
from brief.store.reconciling import ORIGINAL, ORIGINAL_PARENT
from brief.store.rows import Rows
from brief.store.sources import Material

_OPENING = 70
"""So many signs of a text are shown in the preview."""
_BEFORE = 30
"""So many of them at most stand before a change."""
_SHOWN = 60
"""So many texts are shown there."""
LOOKED_AT = 20_000
"""In so many comments that are new or changed the preview looks for what will be masked."""
_CASES = 20
"""So many words that are masked, and so many edited comments, are shown there."""


@dataclass(frozen=True)
class Plan:
    """What adding a file would change: the texts of files, the entries of `data/brief.yml`, the rows of the ledger.

    `counts` says how many comments are new, changed, gone, as before, or withdrawn; `added` names what was added, as a
    message tells it. `comments`: the rows that are new or changed; `edited`: the first changed ones, each with the
    stored text and the export's; `latest`: the last day that a comment tells; `attributes`: those of the comments;
    `masked`: a comment, words of it, and what the site shows in their place; `doubtful`: a comment, and a word of it
    that an author is called by and that stays; `without_text`: the texts that are placeholders,
    and `may_be_without` those that may be one and are shown, each with how often it stands (these five of the first
    `LOOKED_AT`); `decided`: rows for `data/masking.csv`; `unrecognised`: names of people who withdrew could not be
    looked for, for want of the key; `unlike`: how the new comments do not look like the stored ones, `accepted` which
    of these ways the maintainer accepts, by their names.
    """

    added: str
    files: Mapping[str, str | Table]
    rows: Sequence[Mapping[str, str]]
    counts: Mapping[str, int]
    article_id: str = ""
    collection: Mapping[str, Any] = field(default_factory=dict)
    comments: Iterable[Mapping[str, str]] = ()
    edited: Sequence[tuple[str, str, str]] = ()
    latest: str = ""
    attributes: Set[str] = frozenset()
    guesses: Sequence[str] = ()
    messages: Sequence[str] = ()
    masked: Sequence[tuple[str, str, str]] = ()
    doubtful: Sequence[tuple[str, str]] = ()
    without_text: Counter[str] = field(default_factory=Counter)
    may_be_without: Counter[str] = field(default_factory=Counter)
    decided: Sequence[dict[str, str]] = ()
    unrecognised: bool = False
    unlike: Sequence[Unlike] = ()
    accepted: Sequence[str] = ()

    @property
    def held(self) -> tuple[Unlike, ...]:
        """The ways in which the new comments do not look like the stored ones and that nobody accepted."""
        return tuple(difference for difference in self.unlike if difference.name not in self.accepted)

    @property
    def changes_nothing(self) -> bool:
        """Whether everything that the file holds is stored already."""
        return not (self.files or self.rows)


def preview(material: Material, plan: Plan | None = None) -> str:
    """What was recognised and, with a plan, what would change; for the person who adds it."""
    lines = [f"Read as {material.source}: {material.why}.", ""]
    if material.article is not None:
        lines += [f"Headline: {harmless(material.article.headline)}"]
        lines += [f"{name.capitalize()}: {harmless(value)}" for name, value in material.article.known.items() if value]
        lines += ["", f"Article, paragraphs: {len(material.article.paragraphs)}"]
        lines += [*_numbered(material.article.paragraphs, len(material.article.paragraphs)), ""]
    unit = material.keys.get("units", "comments").removeprefix("comment ")
    lines += [f"Comments{'' if unit == 'comments' else f', {unit}'}: {len(material.comments)}"]
    if len(material.comments):
        lines += [*_numbered(material.comments.column("text"), len(material.comments)), *_counted(material.comments)]
    messages = [*material.messages, *(plan.messages if plan is not None else ())]
    if messages:
        lines += ["", *map(harmless, messages)]
    if material.more_evidence:
        lines.append(f"The page tells of more comments than it shows: “{harmless(material.more_evidence)}”")
    guesses = [*material.guesses, *(plan.guesses if plan is not None else ())]
    if guesses:
        lines += ["", "Guessed:", *(f"  - {harmless(guess)}" for guess in guesses)]
    if plan is not None:
        counted = ", ".join(f"{name} {number}" for name, number in plan.counts.items() if number)
        lines += ["", f"Into: {plan.added}.", f"Comments to store: {counted or 'none'}."]
        lines += [f"  {name}: {_change(old, new)}" for name, old, new in plan.edited[:_CASES]]
        lines += _more(plan.counts.get("changed", 0))
        lines += _masking_lines(plan)
        lines += _unlike_lines(plan)
    return "\n".join(lines)


def _counted(rows: Rows) -> list[str]:
    """The longest comment, and how many have an author, a date, an answer to another."""
    longest, signs = "", 0
    authors, first, last = set[int](), "", ""
    filled = dict.fromkeys((name for name in ("author", "posted_at", "parent_id") if name in rows.columns), 0)
    for row in rows:
        if len(row["text"]) > signs:
            longest, signs = row["text"], len(row["text"])
        for name in filled:
            filled[name] += row[name] != ""
        if author := row.get("author"):
            authors.add(hash(author))
        if day := row.get("posted_at", "")[:10]:
            first, last = min(first or day, day), max(last, day)
    lines = [f"Longest, {len(longest.split())} words: “{opening(longest)}”"] if len(rows) > 1 else []
    if "author" in filled:
        lines.append(f"With an author: {filled['author']}, of whom different: {len(authors)}.")
    if "posted_at" in filled:
        lines.append(f"With a date: {filled['posted_at']}, from {first} to {last}.")
    if "parent_id" in filled:
        lines.append(f"Answers to others: {filled['parent_id']}.")
    return lines


def _unlike_lines(plan: Plan) -> list[str]:
    """How the new comments do not look like the stored ones, and which of it is accepted."""
    lines = ["", "The new comments do not look like those that are stored:"] if plan.unlike else []
    for difference in plan.unlike:
        lines.append(
            f"  {difference.name}{' (accepted)' if difference.name in plan.accepted else ''}: {difference.message}."
        )
    return lines


def _masking_lines(plan: Plan) -> list[str]:
    """What the site will not show of the comments, so that a maintainer can decide otherwise."""
    lines = []
    if sum(plan.counts.get(state, 0) for state in ("new", "changed")) > LOOKED_AT:
        lines += ["", f"What the site will mask and leave out was looked for in the first {LOOKED_AT:,} comments only."]
    if plan.without_text:
        lines += [
            "",
            f"Without text, so counted and not shown: {plan.without_text.total()}: {_words(plan.without_text)}.",
        ]
    if plan.may_be_without:
        number = plan.may_be_without.total()
        lines += ["", f"Shown, since it may be an answer: {number}: {_words(plan.may_be_without)}."]
    if plan.attributes - {ORIGINAL, ORIGINAL_PARENT}:
        seen = (
            f"Readers see comments counted by attributes whose values have {FEWEST_OF_A_VALUE} comments or more each;"
        )
        lines += ["", f"{seen} attributes: in data/brief.yml names those to show beside each comment, or none."]
    if plan.masked:
        lines += ["", f"Masked on the site: {len(plan.masked)}. To decide otherwise: {privacy.FILE}."]
        lines += [f"  {name}: “{opening(words)}” becomes {shown}" for name, words, shown in plan.masked[:_CASES]]
        lines += _more(len(plan.masked))
    if plan.unrecognised:
        lines += ["", f"Not looked for: names of people who withdrew. Their key is not at hand ({keys.FILE})."]
    if plan.doubtful:
        lines += ["", f"Not masked, though an author is called so: {len(plan.doubtful)}. To mask them: {privacy.FILE}."]
        lines += [f"  {name}: “{opening(word)}”" for name, word in plan.doubtful[:_CASES]]
        lines += _more(len(plan.doubtful))
    return lines


def without_text(rows: Iterable[Mapping[str, str]]) -> tuple[Counter[str], Counter[str]]:
    """The texts that are placeholders, and those that may be one and are shown, each with how often it stands."""
    without, doubtful = Counter[str](), Counter[str]()
    for row in rows:
        words = " ".join(row["text"].split())
        if is_placeholder(row["text"]):
            without[words] += 1
        elif may_be_one(row["text"]):
            doubtful[words] += 1
    return without, doubtful


def _words(texts: Counter[str]) -> str:
    """Texts and how often each stands, the most frequent first; of many, the first ones."""
    named = [f"“{harmless(text)}” ({number})" for text, number in texts.most_common(_CASES)]
    more = f" and {len(texts) - _CASES} more" if len(texts) > _CASES else ""
    return ", ".join(named) + more


def _more(number: int) -> list[str]:
    return [f"  and {number - _CASES} more"] if number > _CASES else []


def _numbered(texts: Iterable[str], number: int) -> list[str]:
    """The first words of each text, numbered; of many, the first ones and how many are left."""
    lines = [f"  {place:>3}  {opening(text)}" for place, text in enumerate(islice(texts, _SHOWN), start=1)]
    return lines + ([f"       and {number - _SHOWN} more"] if number > _SHOWN else [])


def _change(old: str, new: str) -> str:
    """Two texts around the first sign in which they differ."""
    before, after = (harmless(" ".join(text.split())) for text in (old, new))
    if before == after:
        return f"“{opening(old)}” keeps its words; only white space differs"
    same = next((at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    place = min(len(before), len(after)) if same is None else same
    return f"“{_around(before, place)}” becomes “{_around(after, place)}”"


def _around(line: str, place: int) -> str:
    """As much of a line as the preview shows, so that it holds the sign at a place; cut between words where it can."""
    start = max(0, place - _BEFORE) if place > _OPENING - _BEFORE else 0
    start = line.find(" ", start, place) + 1 or start if start else 0
    end = start + _OPENING
    if end < len(line):
        border = line.rfind(" ", place + 1, end)
        end = border if border > 0 else end
    return f"{'… ' if start else ''}{line[start:end].strip()}{' …' if end < len(line) else ''}"


def opening(text: str) -> str:
    """The first words of a text, on one line."""
    line = harmless(" ".join(text.split()))
    return line if len(line) <= _OPENING else f"{line[:_OPENING].rsplit(' ', 1)[0]} …"
