"""Comments of Isso: its generic JSON (a list of threads), or what its server answers (comments with replies).

Format: isso-comments.de. Addresses are never read. Ids of the generic form are counted within a thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from brief.prose.catalogue import message
from brief.store import jsons
from brief.store.exports import Export, titled
from brief.store.jsons import scalar
from brief.store.markup import plain
from brief.store.sources import NOT_MINE, Found, Likeness

NAME = "comments of Isso (JSON)"
ANSWERS = ("encoding",)

_GENERIC = {"author", "text", "created"}
_ANSWERED = {"replies", "hidden_replies"}
_STATES = {"2": "not approved", "4": "deleted"}


def recognises(path: Path, head: bytes) -> Likeness:
    """By its fields."""
    value = jsons.looked_at(path, head)
    if isinstance(value, list) and value and all(_is_thread(thread) for thread in value):
        return Likeness(0.95, "it is a list of threads with the fields of Isso")
    if isinstance(value, Mapping) and set(value) >= _ANSWERED and isinstance(value["replies"], list):
        return Likeness(0.95, "it is an answer of a server of Isso")
    return NOT_MINE


def _is_thread(value: Any) -> bool:
    if not (isinstance(value, Mapping) and isinstance(value.get("comments"), list) and {"id", "title"} <= set(value)):
        return False
    return all(isinstance(comment, Mapping) and set(comment) >= _GENERIC for comment in value["comments"])


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """The comments of all threads, or of the one that the server answered with."""
    document = jsons.read(path, str(answers.get("encoding", "")))
    export = Export(path.name, messages=list(document.messages))
    if isinstance(document.value, list):
        for thread in document.value:
            _add_thread(thread, len(document.value) > 1, export)
    else:
        _add_answer(document.value, export)
    return export.found(message("Comments of Isso, in their order."))


def _add_thread(thread: Mapping[str, Any], several: bool, export: Export) -> None:
    key = scalar(thread.get("id"))
    export.threads[key] = titled(unquote_plus(scalar(thread.get("title"))), key)

    def named(value: Any) -> str:
        own = scalar(value)
        return f"{key} {own}" if several and own else own

    for comment in thread["comments"]:
        export.rows.append(
            {
                "comment_id": named(comment.get("id")),
                "parent_id": named(comment.get("parent")),
                "author": scalar(comment.get("author")),
                "posted_at": scalar(comment.get("created")),
                "text": plain(scalar(comment.get("text"))),
                **({"likes": scalar(comment["likes"])} if "likes" in comment else {}),
                "thread": key,
            }
        )


def _add_answer(value: Mapping[str, Any], export: Export) -> None:
    """Add the comments of a server's answer, each followed by its replies."""
    waiting = deque((answer, "") for answer in [value])
    while waiting:
        comment, above = waiting.popleft()
        own = scalar(comment.get("id"))
        if comment is not value:
            if kind := _STATES.get(scalar(comment.get("mode"))):
                export.left_out[kind] += 1
            else:
                export.rows.append(
                    {
                        "comment_id": own,
                        "parent_id": scalar(comment.get("parent")) or above,
                        "author": scalar(comment.get("author")),
                        "posted_at": scalar(comment.get("created")),
                        "likes": scalar(comment.get("likes")),
                        "votes_against": scalar(comment.get("dislikes")),
                        "text": plain(scalar(comment.get("text"))),
                    }
                )
        if hidden := int(scalar(comment.get("hidden_replies")) or 0):
            export.not_here["replies that were not loaded"] += hidden
        replies = comment.get("replies")
        inner = [(reply, own) for reply in replies if isinstance(reply, Mapping)] if isinstance(replies, list) else []
        waiting.extendleft(inner[::-1])
