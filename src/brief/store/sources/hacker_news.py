"""Comments of Hacker News: an item with its tree, or hits of a search, as Algolia gives them; or items of its own API.

Formats: hn.algolia.com/api and github.com/HackerNews/API. Stories, polls and users are told and not taken in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from brief.prose.catalogue import message
from brief.store import jsons
from brief.store.exports import Export, Thread, titled
from brief.store.jsons import scalar
from brief.store.markup import plain
from brief.store.sources import NOT_MINE, Found, Likeness

NAME = "comments of Hacker News (JSON of an item, a search, or its API)"
ANSWERS = ("encoding",)

_TYPES = {"story": "stories", "poll": "polls", "pollopt": "options of polls", "job": "jobs"}
_UNKNOWN = "?"
_HIT = {"objectID", "comment_text", "story_id"}
_ITEM = {"type", "children", "created_at_i"}
_OWN = {"by", "id", "time", "type"}


def recognises(path: Path, head: bytes) -> Likeness:
    """By its fields."""
    value = jsons.looked_at(path, head)
    if any(_kind(record) for record in _first(value, 400)):
        return Likeness(0.97, "its records have the fields of Hacker News")
    return NOT_MINE


def _first(value: Any, most: int) -> Iterator[Mapping[str, Any]]:
    for number, record in enumerate(jsons.objects(value) if value is not None else ()):
        if number >= most:
            return
        yield record


def _kind(record: Mapping[str, Any]) -> str:
    """What a record is: a hit of a search, an item of Algolia, an item of the API; empty for another."""
    names = record.keys()
    if names >= _HIT:
        return "hit"
    if names >= _ITEM and isinstance(record["children"], list):
        return "item"
    types = ("comment", *_TYPES)
    return "own" if names >= _OWN and record["type"] in types and isinstance(record["time"], int) else ""


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """The comments of all stories in the file, each once."""
    document = jsons.read(path, str(answers.get("encoding", "")))
    export = Export(path.name, messages=list(document.messages))
    seen: dict[str, str] = {}
    records = [(record, kind) for record in jsons.objects(document.value, 2_000) if (kind := _kind(record))]
    for record, kind in records:
        _add(record, kind, export, seen)
    here = {row["comment_id"]: row for row in export.rows}
    for row in export.rows:
        if row["thread"] == _UNKNOWN:
            # An item of the API names what it answers; the story is what the first of them answers.
            above = row
            while above["parent_id"] in here and above["thread"] == _UNKNOWN:
                above = here[above["parent_id"]]
            row["thread"] = above["parent_id"] if above["thread"] == _UNKNOWN else above["thread"]
            export.threads.setdefault(row["thread"], Thread(words=f"story {row['thread']}"))
    for row in export.rows:
        if row["parent_id"] not in here:
            row["parent_id"] = ""
    if seen.get("again"):
        export.messages.append(f"Comments that stand in the file more than once, taken once: {seen['again']}.")
    searches = [search for search in jsons.objects(document.value, 3) if isinstance(search.get("hits"), list)]
    further = [
        int(search["nbHits"]) - len(search["hits"]) for search in searches if isinstance(search.get("nbHits"), int)
    ]
    if len(searches) == 1 and sum(further) > 0:
        export.not_here["further hits of the search"] += sum(further)
    elif any(number > 0 for number in further):
        export.messages.append(f"Searches with further hits, not in the file: {sum(number > 0 for number in further)}.")
    return export.found(message("Comments of Hacker News, in the order of the file."))


def _add(record: Mapping[str, Any], kind: str, export: Export, seen: dict[str, str]) -> None:
    tags = record.get("_tags")
    of_hit = "comment" if record.get("comment_text") or (isinstance(tags, list) and "comment" in tags) else "story"
    what = of_hit if kind == "hit" else scalar(record.get("type"))
    own = scalar(record.get("objectID") or record.get("id"))
    if what != "comment":
        export.left_out[_TYPES.get(what, "other items")] += own not in seen
        seen[own] = own
        if title := scalar(record.get("title")):
            export.threads.setdefault(own, titled(title, scalar(record.get("url"))))
        return
    if own in seen:
        seen["again"] = str(int(seen.get("again", "0")) + 1)
        return
    seen[own] = own
    empty = not (record.get("author") or record.get("text") or record.get("by") or record.get("comment_text"))
    if record.get("deleted") or record.get("dead") or empty:
        export.left_out["deleted"] += 1
        return
    story = scalar(record.get("story_id")) or _UNKNOWN
    if title := scalar(record.get("story_title")):
        export.threads.setdefault(story, titled(title, scalar(record.get("story_url"))))
    if story != _UNKNOWN:
        export.threads.setdefault(story, Thread(words=f"story {story}"))
    export.rows.append(
        {
            "comment_id": own,
            "parent_id": scalar(record.get("parent_id") or record.get("parent")),
            "author": scalar(record.get("author") or record.get("by")),
            "posted_at": scalar(record.get("created_at") or record.get("time")),
            "likes": scalar(record.get("points")),
            "text": plain(scalar(record.get("comment_text") or record.get("text"))),
            "thread": story,
        }
    )
