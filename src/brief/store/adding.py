"""Adding to a brief, one path for all: recognise, read, plan, preview, write.

What is recognised and read is the work of a module in `sources`; here it becomes a plan of what would change, which is
shown, and written only then, as a whole.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
from slugify import slugify

from brief.contract import files as contract_files
from brief.contract import tables, text_files
from brief.contract.journal import writing
from brief.data import ledger, privacy
from brief.data.brief import WITHDRAWN, Brief
from brief.data.loading import load
from brief.errors import BriefError, Fault, fail
from brief.prose.folding import fold, is_invisible
from brief.prose.placeholders import is_placeholder
from brief.store import sources
from brief.store.changes import changing, comments_of
from brief.store.sources import Found, FoundArticle

_OPENING = 70
"""So many signs of a text are shown in the preview."""
_SHOWN = 60
"""So many texts are shown there."""
_CASES = 20
"""So many words that are masked are shown there."""


@dataclass(frozen=True)
class Plan:
    """What adding a file would change: the texts of files, the entries of `data/brief.yml`, the rows of the ledger.

    `counts` says how many comments are new, as before, or gone; `added` names what was added, as a message tells it.
    `comments`: the rows that are shown; `masked`: a comment, words of it, and what the site shows in their place;
    `doubtful`: a comment, and a word of it that an author is called by and that stays; `without_text`: how many of
    the comments are placeholders.
    """

    added: str
    files: Mapping[str, str]
    rows: Sequence[Mapping[str, str]]
    counts: Mapping[str, int]
    article_id: str = ""
    collection: Mapping[str, Any] = field(default_factory=dict)
    needs_key: bool = False
    comments: Sequence[Mapping[str, str]] = ()
    masked: Sequence[tuple[str, str, str]] = ()
    doubtful: Sequence[tuple[str, str]] = ()
    without_text: int = 0


def add(root: Path, path: Path, answers: Mapping[str, Any]) -> Plan:
    """Add a file to the brief at `root`; returns the plan as it was carried out. Raises as `sources.read`, `planned`
    and `write` do.
    """
    found = sources.read(path, answers)
    with writing(root):
        plan = planned(root, path, found, answers)
        write(root, plan)
    return plan


def planned(root: Path, path: Path, found: Found, answers: Mapping[str, Any]) -> Plan:
    """What adding a file to the brief at `root` would change; nothing is written.

    `found` is what `sources.read` gives of the file, `answers` are options of `brief add` by their names, those that
    were given. Raises `BriefError` for a brief with faults, an article without a publisher, or one that is there
    already where `replace` is not asked for, an id that is taken, and a text that was withdrawn.
    """
    brief = load(root)
    if found.article is not None:
        plan = _plan_article(brief, path, found, found.article, answers)
    else:
        plan = _plan_comments(brief, path, found.comments, found.how, answers)
    return _with_masking(brief, plan, str(answers.get("language", "")))


def write(root: Path, plan: Plan) -> None:
    """Carry out a plan. Raises `BriefError`, with `data/` untouched, where the result would have a fault."""
    with changing(root) as changes:
        for file, text in plan.files.items():
            changes.write(file, text)
        if plan.article_id:
            changes.list_article(plan.article_id)
        if plan.collection:
            changes.list_collection(plan.collection)
        if plan.needs_key:
            changes.topic("pseudonym_key", secrets.token_hex(16))
        changes.record([dict(row) for row in plan.rows])


# Telling what was found ---------------------------------------------------------------------------------------------


def preview(found: Found, plan: Plan | None = None) -> str:
    """What was recognised and, with a plan, what would change; for the person who adds it."""
    lines = [f"Read as {found.source}: {found.why}.", ""]
    if found.article is not None:
        lines += [f"Headline: {found.article.headline}", "", f"Article, paragraphs: {len(found.article.paragraphs)}"]
        lines += [*_numbered(found.article.paragraphs), ""]
    unit = found.keys.get("units", "comments").removeprefix("comment ")
    lines += [f"Comments{'' if unit == 'comments' else f', {unit}'}: {len(found.comments)}"]
    lines += _numbered(found.comments["text"])
    if found.told:
        lines += ["", *found.told]
    if found.more_evidence:
        lines.append(f"The page tells of more comments than it shows: “{found.more_evidence}”")
    if found.guesses:
        lines += ["", "Guessed:", *(f"  - {guess}" for guess in found.guesses)]
    if plan is not None:
        told = ", ".join(f"{name} {number}" for name, number in plan.counts.items() if number)
        lines += ["", f"Comments to store: {told or 'none'}."]
        lines += _masking_told(plan)
    return "\n".join(lines)


def _masking_told(plan: Plan) -> list[str]:
    """What the site will not show of the comments, so that a maintainer can decide otherwise."""
    lines = []
    if plan.without_text:
        lines += ["", f"Without text, such as [deleted] or N/A, so counted and not shown: {plan.without_text}."]
    if plan.masked:
        lines += ["", f"Masked on the site: {len(plan.masked)}. To decide otherwise: {privacy.FILE}."]
        lines += [f"  {name}: “{opening(words)}” becomes {shown}" for name, words, shown in plan.masked[:_CASES]]
        lines += [f"  and {len(plan.masked) - _CASES} more"] if len(plan.masked) > _CASES else []
    if plan.doubtful:
        lines += ["", f"Not masked, though an author is called so: {len(plan.doubtful)}. To mask them: {privacy.FILE}."]
        lines += [f"  {name}: “{opening(word)}”" for name, word in plan.doubtful[:_CASES]]
        lines += [f"  and {len(plan.doubtful) - _CASES} more"] if len(plan.doubtful) > _CASES else []
    return lines


def _numbered(texts: Iterable[str]) -> list[str]:
    """The first words of each text, numbered; of many, the first ones and how many are left."""
    every = [str(text) for text in texts]
    lines = [f"  {number:>3}  {opening(text)}" for number, text in enumerate(every[:_SHOWN], start=1)]
    return lines + ([f"       and {len(every) - _SHOWN} more"] if len(every) > _SHOWN else [])


def slug(text: str) -> str:
    """A text as an identifier: lower-case letters, digits and hyphens, beginning with a letter.

    Other scripts are written in Latin letters; a text without a letter or digit gets a name from its fingerprint.
    """
    joined = slugify(text) or ledger.fingerprint(text)[:8]
    return joined if joined[0].isalpha() else f"a-{joined}"


def opening(text: str) -> str:
    """The first words of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _OPENING else f"{line[:_OPENING].rsplit(' ', 1)[0]} …"


# Planning -----------------------------------------------------------------------------------------------------------


def _plan_article(brief: Brief, path: Path, found: Found, article: FoundArticle, answers: Mapping[str, Any]) -> Plan:
    """The article, its comments, the ledger. With `replace`, a comment whose text is there already keeps its id and
    what else is known of it, and one that was withdrawn stays withdrawn.
    """
    publisher, published = str(answers.get("publisher", "")), str(answers.get("published", ""))
    if not publisher:
        raise fail("who published the article is not said", 'Give --publisher "NAME".', path.name)
    name = _sound_id(str(answers.get("id", "")) or slug(f"{publisher} {published}"), "--id")
    file = f"data/articles/{name}.md"
    replaced = bool(answers.get("replace"))
    if not replaced and (brief.root / file).exists():
        raise fail(
            f"the article '{name}' is there already", "Give --replace to replace it, or --id for another name.", file
        )
    today = brief.topic.edition.isoformat()
    front = {
        "article_id": name,
        "title": article.headline,
        "publisher": publisher,
        "author": str(answers.get("author", "")),
        "published": published,
        "url": str(answers.get("url", "")),
        "language": str(answers.get("language", "en")),
        "retrieved": str(answers.get("retrieved", "")),
    }
    recorded = ledger.current(brief.ledger)
    rows = [_raw(today, path)]
    rows += [
        ledger.entry(today, "article", ledger.paragraph_item(name, number), ledger.fingerprint(text))
        for number, text in enumerate(article.paragraphs, start=1)
    ]
    if replaced:
        gone = ledger.lost_paragraphs(recorded, name, len(article.paragraphs))
        rows += [ledger.entry(today, "edit", item, ledger.fingerprint(""), "the page was replaced") for item in gone]
    files = {file: contract_files.article_text(front, article.paragraphs)}
    collection: dict[str, Any] = {}
    counts: dict[str, int] = {}
    shown: list[dict[str, str]] = []
    if len(found.comments):
        before, columns = comments_of(brief.root, name)
        comments = _as_comments(list(found.comments["text"]), name, path.name, before, recorded)
        shown = [row for row in comments if row.get("status") != WITHDRAWN]
        rows += [ledger.entry(today, "comment", row["comment_id"], ledger.fingerprint(row["text"])) for row in shown]
        used = [*columns, "comment_id", "position", "source", *(["status"] if len(shown) < len(comments) else [])]
        names = tables.in_order([*used, "text"], tables.COMMENTS)
        files[f"data/comments/{name}.csv"] = text_files.write_csv(comments, names)
        known = any(one.collection_id == name for one in brief.collections)
        collection = _collection_of_page(name, found, known)
        kept = {row["comment_id"] for row in before} & {row["comment_id"] for row in comments}
        counts = {"new": len(comments) - len(kept), "as before": len(kept), "gone": len(before) - len(kept)}
    last = _recorded_last(brief.ledger)
    fresh = [row for row in rows if (row["item"], row["sha256"]) not in last]
    with_comments = " and its comments" if len(found.comments) else ", without comments"
    return Plan(f"{file}{with_comments}", files, fresh, counts, name, collection, comments=shown)


def _plan_comments(brief: Brief, path: Path, comments: pd.DataFrame, how: str, answers: Mapping[str, Any]) -> Plan:
    """The rows of a table, added to a collection, made if it is not there; ids and positions not given are made."""
    name = _sound_id(str(answers.get("collection", "")) or slug(path.stem), "--collection")
    recorded = ledger.current(brief.ledger)
    taken_back = ledger.withdrawn_texts(recorded)
    before, columns = comments_of(brief.root, name)
    last = _last_number([*(row["comment_id"] for row in before), *recorded], name)
    place = max((int(row["position"]) for row in before if row.get("position")), default=len(before))
    new: list[dict[str, str]] = []
    faults: list[Fault] = []
    for number, row in enumerate(contract_files.records(comments), start=1):
        if (item := taken_back.get(ledger.fingerprint(row["text"]))) is not None and row["text"]:
            what = f"the comment is one that was withdrawn, as '{item}'"
            faults.append(Fault(what, "Take the row out.", path.name, number + 1, "text"))
        if is_invisible(row["text"]) and row.get("status") != WITHDRAWN:
            faults.append(Fault("the comment has no text", "Take the row out.", path.name, number + 1, "text"))
        row["comment_id"] = row.get("comment_id") or f"{name}-{last + number}"
        row["position"] = row.get("position") or str(place + number)
        row["source"] = row.get("source") or path.name
        new.append(row)
    names = tables.in_order(
        [*columns, "comment_id", "position", "source", *map(str, comments.columns)], tables.COMMENTS
    )
    faults += tables.check_frame(pd.DataFrame(new, columns=names, dtype="str").fillna(""), tables.COMMENTS, path.name)
    if faults:
        raise BriefError(faults)
    today = brief.topic.edition.isoformat()
    rows = [_raw(today, path)]
    rows += [ledger.entry(today, "comment", row["comment_id"], ledger.fingerprint(row["text"])) for row in new]
    collection: dict[str, Any] = {}
    if all(one.collection_id != name for one in brief.collections):
        article, question = str(answers.get("article", "")), str(answers.get("question", ""))
        belongs = {"article": article} if article else {"question": question or brief.topic.question}
        collection = {"id": name, **belongs, "how": how}
    file = f"data/comments/{name}.csv"
    return Plan(
        f"{file}: {len(new)}",
        {file: text_files.write_csv([*before, *new], names)},
        rows,
        {"new": len(new)},
        collection=collection,
        comments=new,
        needs_key=not brief.topic.pseudonym_key and any(row.get("author") for row in new),
    )


def _with_masking(brief: Brief, plan: Plan, language: str) -> Plan:
    """The plan, with what will be masked in the comments that it brings."""
    rows = plan.comments
    authors = brief.masking.authors | {row["author"] for row in rows if row.get("author")}
    masking = replace(brief.masking, authors=authors)
    masked, doubtful, without = [], [], 0
    for row in rows:
        name, text = row["comment_id"], row["text"]
        without += is_placeholder(text)
        for span in masking.spans(text, name, row.get("language") or language or brief.topic.language):
            masked.append((name, text[span.start : span.end], span.shown))
        folded = fold(text)
        doubtful += [(name, text[slice(*folded.place(*place))]) for place in masking.names.open_to_doubt(folded.text)]
    return replace(plan, masked=masked, doubtful=doubtful, without_text=without)


def _sound_id(name: str, option: str) -> str:
    """An identifier before it becomes the name of a file. Raises `BriefError` for any other text."""
    if tables.ID.fullmatch(name) is None:
        remedy = f"Give {option} with lower-case letters, digits and single hyphens, beginning with a letter."
        raise fail(f"'{name}' is not an identifier", remedy)
    return name


def _raw(today: str, path: Path) -> dict[str, str]:
    return ledger.entry(today, "raw", path.name, hashlib.sha256(path.read_bytes()).hexdigest())


def _recorded_last(rows: pd.DataFrame) -> set[tuple[str, str]]:
    """The files and texts of the ledger, each with its last fingerprint: what comes in again is not recorded again."""
    return set(dict(zip(rows["item"], rows["sha256"], strict=True)).items())


def _as_comments(
    blocks: Sequence[str],
    collection_id: str,
    source: str,
    before: Sequence[dict[str, str]],
    recorded: Mapping[str, tuple[str, str]],
) -> list[dict[str, str]]:
    """The blocks of a page as rows; a text that is there already keeps its row, a withdrawn one stays withdrawn."""
    known: dict[str, list[dict[str, str]]] = {}
    for row in before:
        sha256 = recorded.get(row["comment_id"], ("", ""))[1]
        key = sha256 if row.get("status") == WITHDRAWN else ledger.fingerprint(row["text"])
        known.setdefault(key, []).append(row)
    last = _last_number([*(row["comment_id"] for row in before), *recorded], collection_id)
    comments = []
    for position, text in enumerate(blocks, start=1):
        same = known.get(ledger.fingerprint(text))
        if same:
            row = same.pop(0)
        else:
            last += 1
            row = {"comment_id": f"{collection_id}-{last}", "text": text}
        comments.append({**row, "position": str(position), "source": source})
    return comments


def _last_number(names: Iterable[str], collection_id: str) -> int:
    """The highest number that a comment of a collection has, or had: no id is given twice."""
    numbered = (re.fullmatch(re.escape(collection_id) + r"-([0-9]{1,9})", name) for name in names)
    return max((int(match[1]) for match in numbered if match), default=0)


def _collection_of_page(name: str, found: Found, known: bool) -> dict[str, Any]:
    """The keys of a page's collection; of one that is known only those that the page decides."""
    collection: dict[str, Any] = {"id": name, "article": name}
    if not known:
        collection |= {**found.keys, "how": found.how}
    if found.more_evidence:
        # Words without a number may be the label of a link that leads to no further comment.
        told = any(sign.isdigit() for sign in found.more_evidence)
        collection |= {"more_exist": told or "unknown", "more_evidence": found.more_evidence}
    elif known:
        collection |= {"more_exist": "unknown", "more_evidence": ""}
    return collection
