"""Comments of Reddit: the listing of a post (its address with .json), or an archive with a comment a line.

Comments that were not loaded ("more") are counted as not in the file. Texts are Markdown, kept as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from brief.prose.catalogue import message
from brief.store import jsons
from brief.store.exports import Export, titled
from brief.store.jsons import scalar
from brief.store.sources import NOT_MINE, Found, Likeness

NAME = "comments of Reddit (JSON of the listing of a post, or a comment a line)"
ANSWERS = ("encoding",)

_RAW = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)")
_ARCHIVED = {"body", "author", "link_id", "parent_id"}
_GONE = ("[deleted]", "[removed]")


def recognises(path: Path, head: bytes) -> Likeness:
    """By its listings, or by the fields of its records."""
    value = jsons.looked_at(path, head)
    for listing in value if isinstance(value, list) else [value]:
        if (
            isinstance(listing, Mapping)
            and listing.get("kind") == "Listing"
            and isinstance(listing.get("data"), Mapping)
        ):
            return Likeness(1.0, "it is a listing of Reddit")
        if isinstance(listing, Mapping) and listing.keys() >= _ARCHIVED:
            return Likeness(0.95, "its records have the fields of comments of Reddit")
    return NOT_MINE


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """The comments of all posts in the file, each followed by its answers."""
    document = jsons.read(path, str(answers.get("encoding", "")))
    export = Export(path.name, messages=list(document.messages))
    for kind, data in _things(document.value):
        own = scalar(data.get("id"))
        if kind == "t3":
            export.threads[own] = titled(scalar(data.get("title")), _address(data))
            if scalar(data.get("selftext")).strip():
                export.messages.append("The post has a text of its own, which is not taken in.")
        elif kind == "more":
            number = data.get("count")
            export.not_here["comments that were not loaded"] += number if isinstance(number, int) else 0
        elif kind == "t1" or (not kind and isinstance(data.get("body"), str)):
            _add(data, own, export)
    _unescape(export.rows)
    return export.found(message("Comments of Reddit, in the order of the file."))


def _things(value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The things of listings, each comment before its answers: t1 is a comment, t3 a post; archives name no kind."""
    waiting = list(value if isinstance(value, list) else [value])[::-1]
    while waiting:
        thing = waiting.pop()
        if not isinstance(thing, Mapping):
            continue
        kind, data = scalar(thing.get("kind")), thing.get("data")
        if kind == "Listing" and isinstance(data, Mapping):
            inner = data.get("children")
            waiting += list(inner)[::-1] if isinstance(inner, list) else []
        elif kind and isinstance(data, Mapping):
            yield kind, data
            waiting.append(data.get("replies"))
        elif "body" in thing:
            yield "", thing


def _add(data: Mapping[str, Any], own: str, export: Export) -> None:
    thread = scalar(data.get("link_id")).removeprefix("t3_")
    if thread:
        export.threads.setdefault(thread, titled(scalar(data.get("link_title")) or f"post {thread}"))
    parent, author = scalar(data.get("parent_id")), scalar(data.get("author"))
    edited, score = data.get("edited"), data.get("score")
    if isinstance(score, int) and score < 0:
        export.not_here["likes of comments that were voted below zero"] += 1
    export.rows.append(
        {
            "comment_id": own,
            "parent_id": parent.removeprefix("t1_") if not parent.startswith("t3_") else "",
            "author": "" if author in _GONE else author,
            "posted_at": scalar(data.get("created_utc")),
            "edited_at": "" if isinstance(edited, bool) else scalar(edited),
            "likes": _likes(data),
            "text": scalar(data.get("body")),
            "thread": thread,
        }
    )


def _likes(data: Mapping[str, Any]) -> str:
    """The score where it is shown and not below zero, as likes are."""
    score = data.get("score", data.get("ups"))
    hidden = data.get("score_hidden") is True
    return str(score) if isinstance(score, int) and score >= 0 and not hidden else ""


def _address(post: Mapping[str, Any]) -> str:
    url, link = scalar(post.get("url")), scalar(post.get("permalink"))
    return url or (f"https://www.reddit.com{link}" if link else "")


def _unescape(rows: list[dict[str, str]]) -> None:
    """Turn &amp;, &lt; and &gt; back, which Reddit writes unless it is asked not to: then no bare sign is there."""
    if any(_RAW.search(row["text"]) for row in rows):
        return
    for row in rows:
        row["text"] = row["text"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
