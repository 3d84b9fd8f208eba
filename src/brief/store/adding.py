"""Adding to a brief: a copied page becomes an article and its comments; a CSV file, or an export, more comments."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from slugify import slugify

from brief.contract import files as reading
from brief.contract import tables, text_files
from brief.data import ledger
from brief.data.brief import WITHDRAWN
from brief.data.loading import load
from brief.errors import BriefError, Fault, fail
from brief.store.changes import changing, comments_of
from brief.store.sources import copied_page, polis

_OPENING = 70


@dataclass(frozen=True)
class Origin:
    """What the caller says of a page: it cannot be read off it."""

    publisher: str
    published: str = ""
    url: str = ""
    author: str = ""
    language: str = "en"
    retrieved: str = ""
    article_id: str = ""


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


def described(page: copied_page.CopiedPage) -> str:
    """What was recognised on a page, for the person who adds it."""
    lines = [f"Headline: {page.headline}", "", f"Article, paragraphs: {len(page.paragraphs)}"]
    lines += [f"  {number:>3}  {opening(text)}" for number, text in enumerate(page.paragraphs, start=1)]
    lines += ["", f"Comments, blocks: {len(page.blocks)}"]
    lines += [f"  {number:>3}  {opening(text)}" for number, text in enumerate(page.blocks, start=1)]
    lines += ["", f"Footer: {' / '.join(page.footer) or '(none)'}"]
    if page.more_evidence:
        lines.append(f"The page tells of more comments than it shows: “{page.more_evidence}”")
    lines += ["", "Guessed:", *(f"  - {guess}" for guess in page.guesses)]
    return "\n".join(lines)


def read_page(path: Path, comments_from: str, merge: Sequence[tuple[int, int]]) -> copied_page.CopiedPage:
    """Read a copied page from a file. Raises `BriefError` for a file that is no text or no page."""
    return copied_page.read(text_files.read_text(path, path.name), path.name, comments_from, merge)


def add_page(root: Path, path: Path, page: copied_page.CopiedPage, origin: Origin, replace: bool) -> str:
    """Write a recognised page into `data/`: the article, its comments, the ledger. Returns the article's id.

    Raises `BriefError`, with `data/` untouched, where the article is there already and `replace` is not asked for, or
    where the result would have a fault. With `replace`, a comment whose text is there already keeps its id and what
    else is known of it, and one that was withdrawn stays withdrawn.
    """
    brief = load(root)
    name = _sound_id(origin.article_id or slug(f"{origin.publisher} {origin.published}"), "--id")
    if not replace and (root / f"data/articles/{name}.md").exists():
        raise fail(
            f"the article '{name}' is there already",
            "Give --replace to replace it, or --id for another name.",
            f"data/articles/{name}.md",
        )
    today = brief.topic.edition.isoformat()
    front = {
        "article_id": name,
        "title": page.headline,
        "publisher": origin.publisher,
        "author": origin.author,
        "published": origin.published,
        "url": origin.url,
        "language": origin.language,
        "retrieved": origin.retrieved or today,
    }
    recorded = ledger.current(brief.ledger)
    rows = [_raw(today, path)]
    rows += [
        ledger.entry(today, "article", ledger.paragraph_item(name, number), ledger.fingerprint(text))
        for number, text in enumerate(page.paragraphs, start=1)
    ]
    if replace:
        gone = ledger.lost_paragraphs(recorded, name, len(page.paragraphs))
        rows += [ledger.entry(today, "edit", item, ledger.fingerprint(""), "the page was replaced") for item in gone]
    with changing(root) as changes:
        changes.write(f"data/articles/{name}.md", reading.article_text(front, page.paragraphs))
        changes.list_article(name)
        if page.blocks:
            before, columns = comments_of(root, name)
            comments = _as_comments(page.blocks, name, path.name, before, recorded)
            shown = [row for row in comments if row.get("status") != WITHDRAWN]
            rows += [
                ledger.entry(today, "comment", row["comment_id"], ledger.fingerprint(row["text"])) for row in shown
            ]
            used = [*columns, "comment_id", "position", "source", *(["status"] if len(shown) < len(comments) else [])]
            names = tables.in_order([*used, "text"], tables.COMMENTS)
            changes.write(f"data/comments/{name}.csv", text_files.write_csv(comments, names))
            known = any(one.collection_id == name for one in brief.collections)
            changes.list_collection(_collection_of_page(name, page, known))
        last = _recorded_last(brief.ledger)
        changes.record([row for row in rows if (row["item"], row["sha256"]) not in last])
    return name


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


def _collection_of_page(name: str, page: copied_page.CopiedPage, known: bool) -> dict[str, Any]:
    """The keys of a page's collection; of one that is known only those that the page decides."""
    collection: dict[str, Any] = {"id": name, "article": name}
    if not known:
        how = "Copied from the page, in its order; cut at blank lines"
        collection |= {
            "unit": "comment block",
            "units": "comment blocks",
            "how": f"{how}, some joined by hand." if page.joined else f"{how}.",
        }
    if page.more_evidence:
        collection |= {"more_exist": True, "more_evidence": page.more_evidence}
    elif known:
        collection |= {"more_exist": "unknown", "more_evidence": ""}
    return collection


def add_comments(root: Path, path: Path, collection_id: str, article: str, question: str) -> int:
    """Add the rows of a CSV file to a collection, made if it is not there. Returns how many were added.

    The file has the columns of the contract, at least `text`, or is the file of statements that Polis exports (see
    `polis`); ids and positions that it does not give are made.
    Raises `BriefError`, with `data/` untouched, where a row has a fault, an id is taken, or a text was withdrawn.
    """
    brief = load(root)
    _sound_id(collection_id, "--collection")
    frame, how = reading.read_csv(path, path.name), f"Added from {path.name}."
    if polis.recognised(frame):
        frame, how = polis.comments(frame, path)
    if "text" not in frame:
        raise fail("the column 'text' is missing", "Name the column that holds the comments text.", path.name, 1)
    recorded = ledger.current(brief.ledger)
    taken_back = ledger.withdrawn_texts(recorded)
    before, columns = comments_of(root, collection_id)
    last = _last_number([*(row["comment_id"] for row in before), *recorded], collection_id)
    place = max((int(row["position"]) for row in before if row.get("position")), default=len(before))
    new: list[dict[str, str]] = []
    faults: list[Fault] = []
    for number, row in enumerate(reading.records(frame), start=1):
        if (item := taken_back.get(ledger.fingerprint(row["text"]))) is not None and row["text"]:
            what = f"the comment is one that was withdrawn, as '{item}'"
            faults.append(Fault(what, "Take the row out.", path.name, number + 1, "text"))
        if not row["text"].strip() and row.get("status") != WITHDRAWN:
            faults.append(Fault("the comment has no text", "Take the row out.", path.name, number + 1, "text"))
        row["comment_id"] = row.get("comment_id") or f"{collection_id}-{last + number}"
        row["position"] = row.get("position") or str(place + number)
        row["source"] = row.get("source") or path.name
        new.append(row)
    names = tables.in_order([*columns, "comment_id", "position", "source", *map(str, frame.columns)], tables.COMMENTS)
    faults += tables.check_frame(pd.DataFrame(new, columns=names, dtype="str").fillna(""), tables.COMMENTS, path.name)
    if faults:
        raise BriefError(faults)
    today = brief.topic.edition.isoformat()
    rows = [_raw(today, path)]
    rows += [ledger.entry(today, "comment", row["comment_id"], ledger.fingerprint(row["text"])) for row in new]
    with changing(root) as changes:
        changes.write(f"data/comments/{collection_id}.csv", text_files.write_csv([*before, *new], names))
        if all(one.collection_id != collection_id for one in brief.collections):
            belongs = {"article": article} if article else {"question": question or brief.topic.question}
            changes.list_collection({"id": collection_id, **belongs, "how": how})
        if not brief.topic.pseudonym_key and any(row.get("author") for row in new):
            changes.topic("pseudonym_key", secrets.token_hex(16))
        changes.record(rows)
    return len(new)
