"""An export of WordPress (WXR): the comments under its posts and pages.

Comments that were not approved, spam, those in the bin and pingbacks are left out; addresses are never read.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brief.prose.catalogue import message
from brief.store import xmls
from brief.store.exports import Export, titled
from brief.store.markup import plain
from brief.store.opening import decoded_head
from brief.store.sources import NOT_MINE, Found, Likeness

NAME = "an export of WordPress (WXR)"
ANSWERS = ()

_STATES = {"0": "not approved", "hold": "not approved", "spam": "spam", "trash": "deleted", "post-trashed": "deleted"}
_PINGS = ("pingback", "trackback")


def recognises(path: Path, head: bytes) -> Likeness:
    """By its first element and the namespace of WordPress."""
    name, attributes = xmls.root_tag(head)
    there = "wordpress.org/export/" in attributes or "wordpress.org/export/" in decoded_head(head)
    return Likeness(1.0, "it is RSS with the elements of WordPress") if name == "rss" and there else NOT_MINE


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """The approved comments of all posts."""
    tree, messages = xmls.read(path)
    export = Export(path.name, messages=list(messages))
    for channel in xmls.children(tree, "channel"):
        for number, item in enumerate(xmls.children(channel, "item"), start=1):
            _add(item, xmls.text(item, "post_id") or f"item {number}", export)
    return export.found(message("From an export of WordPress, in its order."))


def _add(item: Any, thread: str, export: Export) -> None:
    """Add the comments of a post. An id that another post has used already gets the name of its post before it."""
    export.threads[thread] = titled(xmls.text(item, "title"), xmls.text(item, "link"))
    taken = {row["comment_id"] for row in export.rows}
    comments = list(xmls.children(item, "comment"))
    ids = {
        own: f"{thread}-{own}" if own in taken else own
        for own in (xmls.text(comment, "comment_id") for comment in comments)
    }
    for comment in comments:
        if kind := _left_out(comment):
            export.left_out[kind] += 1
            continue
        parent, date = xmls.text(comment, "comment_parent"), xmls.text(comment, "comment_date_gmt")
        own = xmls.text(comment, "comment_id")
        export.rows.append(
            {
                "comment_id": ids[own] if own else "",
                "parent_id": "" if parent in ("", "0") else ids.get(parent, parent),
                "author": xmls.text(comment, "comment_author"),
                "posted_at": _moment(date) or xmls.text(comment, "comment_date"),
                "text": plain(xmls.text(comment, "comment_content")),
                "thread": thread,
            }
        )


def _moment(date: str) -> str:
    """A date of WordPress, which gives the time of Greenwich; empty for the zeros that stand for none."""
    return "" if not date or date.startswith("0000") else f"{date}Z"


def _left_out(comment: Any) -> str:
    """Why a comment is left out; empty for one that is taken."""
    if (kind := xmls.text(comment, "comment_type")) in _PINGS:
        return f"{kind}s"
    return _STATES.get(xmls.text(comment, "comment_approved").casefold(), "")
