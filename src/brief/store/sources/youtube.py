"""Comments of YouTube, as its Data API gives them: pages of commentThreads, or of comments.

Format: developers.google.com/youtube/v3/docs/commentThreads. Replies that a page does not hold are counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brief.prose.catalogue import message
from brief.store import jsons
from brief.store.exports import Export, Thread
from brief.store.jsons import scalar
from brief.store.markup import plain
from brief.store.sources import NOT_MINE, Found, Likeness

NAME = "comments of YouTube (JSON of commentThreads)"
ANSWERS = ("encoding",)

_THREAD, _COMMENT = "youtube#commentThread", "youtube#comment"
_KINDS = (_THREAD, _COMMENT)


def recognises(path: Path, head: bytes) -> Likeness:
    """By the kinds that its objects name."""
    if b"youtube#comment" not in head and b"topLevelComment" not in head:
        return NOT_MINE
    value = jsons.looked_at(path, head)
    there = any(_is_thread(item) or item.get("kind") in _KINDS for item in jsons.objects(value, 4))
    listed = any(str(item.get("kind", "")).startswith("youtube#comment") for item in jsons.objects(value, 2))
    return Likeness(1.0, "its objects are comments of YouTube") if there or listed else NOT_MINE


def _is_thread(record: Mapping[str, Any]) -> bool:
    snippet = record.get("snippet")
    return isinstance(snippet, Mapping) and isinstance(snippet.get("topLevelComment"), Mapping)


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """The comments of all pages in the file, each followed by its replies."""
    document = jsons.read(path, str(answers.get("encoding", "")))
    export = Export(path.name, messages=list(document.messages))
    taken: set[str] = set()
    last: Mapping[str, Any] = {}
    for record in jsons.objects(document.value, 6):
        if isinstance(record.get("items"), list):
            last = record
        if not _is_thread(record):
            continue
        snippet = record["snippet"]
        _add(snippet["topLevelComment"], "", snippet, export, taken)
        replies = record.get("replies")
        inner = replies.get("comments") if isinstance(replies, Mapping) else None
        inner = [reply for reply in inner if isinstance(reply, Mapping)] if isinstance(inner, list) else []
        for reply in inner:
            _add(reply, scalar(snippet["topLevelComment"].get("id")), snippet, export, taken)
        total = snippet.get("totalReplyCount")
        if isinstance(total, int) and total > len(inner):
            export.not_here["replies that were not loaded"] += total - len(inner)
    for record in jsons.objects(document.value, 4):
        if record.get("kind") == _COMMENT and scalar(record.get("id")) not in taken:
            _add(record, "", {}, export, taken)
    if last.get("nextPageToken"):
        export.messages.append("Further pages of comments follow, which are not in the file.")
    return export.found(message("Comments of YouTube, in the order of the file."))


def _add(comment: Mapping[str, Any], above: str, thread: Mapping[str, Any], export: Export, taken: set[str]) -> None:
    inner = comment.get("snippet")
    snippet: Mapping[str, Any] = inner if isinstance(inner, Mapping) else {}
    own = scalar(comment.get("id"))
    if own and own in taken:
        return
    taken.add(own)
    video = scalar(snippet.get("videoId") or thread.get("videoId"))
    if video:
        export.threads.setdefault(video, Thread(words=f"the video {video}"))
    posted, updated = scalar(snippet.get("publishedAt")), scalar(snippet.get("updatedAt"))
    export.rows.append(
        {
            "comment_id": own,
            "parent_id": scalar(snippet.get("parentId")) or above,
            "author": scalar(snippet.get("authorDisplayName")),
            "posted_at": posted,
            "edited_at": updated if updated != posted else "",
            "likes": scalar(snippet.get("likeCount")),
            "text": scalar(snippet.get("textOriginal")) or plain(scalar(snippet.get("textDisplay"))),
            "thread": video,
        }
    )
