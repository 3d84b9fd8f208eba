"""An export of Disqus (XML): its threads and the posts under them.

Format: help.disqus.com, "Comments XML Export". Posts that are deleted or marked as spam are left out; addresses are
never read. A thread is a page of the site; one without a title is called by its link.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brief.prose.catalogue import message
from brief.store import xmls
from brief.store.exports import Export, Thread, is_yes, titled
from brief.store.markup import plain
from brief.store.sources import NOT_MINE, Found, Likeness

NAME = "an export of Disqus (XML)"
ANSWERS = ()


def recognises(path: Path, head: bytes) -> Likeness:
    """By its first element."""
    name, _ = xmls.root_tag(head)
    return Likeness(1.0, "its first element is <disqus>") if name == "disqus" else NOT_MINE


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """The posts of all threads, those of people that Disqus shows."""
    tree, messages = xmls.read(path)
    export = Export(path.name, messages=list(messages))
    for thread in xmls.children(tree, "thread"):
        title, link = xmls.text(thread, "title"), xmls.text(thread, "link")
        export.threads[xmls.attribute(thread, "id")] = titled(title, link)
    for post in xmls.children(tree, "post"):
        if kind := _left_out(post):
            export.left_out[kind] += 1
            continue
        under = xmls.attribute(xmls.child(post, "thread"), "id")
        if under not in export.threads:
            export.threads[under] = Thread(words="a thread that the export does not describe")
        export.rows.append(
            {
                "comment_id": xmls.attribute(post, "id"),
                "parent_id": xmls.attribute(xmls.child(post, "parent"), "id"),
                "author": xmls.text(post, "author", "name") or xmls.text(post, "author", "username"),
                "posted_at": xmls.text(post, "createdAt"),
                "text": plain(xmls.text(post, "message")),
                "thread": under,
            }
        )
    return export.found(message("From an export of Disqus, in its order."))


def _left_out(post: Any) -> str:
    """Why a post is left out; empty for one that is taken."""
    if is_yes(xmls.text(post, "isDeleted")):
        return "deleted"
    if is_yes(xmls.text(post, "isSpam")):
        return "spam"
    approved = xmls.text(post, "isApproved")
    return "not approved" if approved and not is_yes(approved) else ""
