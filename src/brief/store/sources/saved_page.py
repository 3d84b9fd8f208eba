"""A news page saved from a browser, or its source: HTML, MHTML, a web archive of Safari. Nothing is fetched.

Recognised by its markup and never by its name. The article and the comments are what a reader sees; nothing of a script
or a style is ever text. Where a platform shows comments in a frame, the preview tells which file of its folder has it.
"""

from __future__ import annotations

import email
import email.policy
import plistlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd

from brief.errors import fail
from brief.prose.catalogue import message
from brief.store import page_article, page_comments, page_words
from brief.store.html_trees import Element, blocks, line_of, plain, tree
from brief.store.opening import Decoded, content_of, decoded_head, decoded_markup
from brief.store.sources import NOT_MINE, Found, Likeness

NAME = "a page saved from a browser (HTML, MHTML, web archive): article and comments"
ANSWERS = ("title", "comments_from", "encoding")

_MARKUP = re.compile(
    r"\A\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|article|main|section|div|"
    r"ul|ol|li|table|p|h1|header|script|link|style)\b",
    re.I | re.S,
)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.I)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://\S+?)\s*-->")
_FRAMES = re.compile(
    r"disqus|coral|talk|comment|komment|facebook\.com/plugins|viafoura|spot\.?im|openweb|hyvor|commento|cusdis|saved_resource",
    re.I,
)
_CALLS = re.compile(
    r"disqus_thread|coral_thread|coral_talk|commento|hyvor-talk|viafoura|spot-?im|data-openweb|fb-comments", re.I
)
_SHOWN = 12
"""So many pieces that were left out are shown in the preview."""


@dataclass(frozen=True)
class _Page:
    """The parts of a saved page: its own markup, that of its frames, its address where the file tells it."""

    file: Decoded
    frames: tuple[str, ...] = ()
    address: str = ""


def recognises(path: Path, head: bytes) -> Likeness:
    """By its markup, whatever the file is called."""
    if head.startswith(b"bplist00") and b"WebMainResource" in head:
        return Likeness(0.9, "it is a web archive")
    text = decoded_head(head).lstrip("\ufeff")
    if _is_mhtml(text):
        return Likeness(0.9, "it is a page with its parts in one file (MHTML)")
    return Likeness(0.8, "it is HTML") if _MARKUP.match(text) else NOT_MINE


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """The article and the comments of a saved page, or the comments alone where it is a frame with comments."""
    page = _page(path, str(answers.get("encoding", "")))
    root = _tree(page.file.text, path.name)
    words = " ".join(str(answers.get("comments_from", "")).split())
    thread = page_comments.thread(root, words)
    guesses, messages = [thread.guess] if thread.guess else [], [*page.file.messages]
    article = page_article.article(root, thread.elements, str(answers.get("title", "")))
    for frame in page.frames if not thread.rows else ():
        inner = page_comments.thread(_tree(frame, path.name), words)
        if inner.rows:
            thread = replace(inner, elements=[])
            messages.append("The comments stand in a frame of the page.")
            break
    if not thread.rows and (rows := list(_of_data(root))) and page_comments.begins_with(rows, words):
        thread = page_comments.Thread(rows)
        messages.append("The comments are taken from what the page tells search engines: it shows none of them itself.")
    if words and not thread.rows:
        remedy = (
            "Copy the first words of the first comment as the page shows them, or its author's name; "
            "without --comments-from the preview shows what is recognised by itself."
        )
        raise fail(f"no comment of the page begins with '{words}'", remedy, path.name)
    if article.article is None and not thread.rows:
        raise fail(
            "neither an article nor comments were found in this page",
            "Save the page once more when all of it is shown, or copy its text into a .txt file.",
            path.name,
        )
    if not thread.rows:
        messages += _where_comments_are(root, page.file.text, path)
        guesses.append("No comments were found; --comments-from 'first words' says where they begin.")
    elif not thread.guess and not words:
        guesses.append(
            "Comments were recognised by how the page names its parts; --comments-from 'words' says otherwise."
        )
    messages += _left_out(article.left)
    comments = pd.DataFrame(thread.rows if thread.rows else {"text": []}, dtype="str")
    inner_article = article.article
    if inner_article is not None and not inner_article.known.get("url") and page.address:
        inner_article = replace(inner_article, known={**inner_article.known, "url": page.address})
    if inner_article is not None and thread.rows and _is_frame_of_comments(root, inner_article.paragraphs):
        inner_article = None
    return Found(
        article=inner_article,
        comments=comments,
        how=message("Read from the saved page, in its order."),
        guesses=(*article.guesses, *guesses),
        messages=tuple(messages),
        more_evidence=_more(root, len(thread.rows)),
        whole=inner_article is not None,
    )


# The parts of the file -----------------------------------------------------------------------------------------------


def _tree(text: str, file: str) -> Element:
    if not text.strip():
        raise fail("the page is empty", "Save it once more.", file)
    return tree(text)


def _page(path: Path, encoding: str) -> _Page:
    content = content_of(path)
    if content.startswith(b"bplist00"):
        return _web_archive(content, path.name)
    if _is_mhtml(decoded_head(content[:65_536])):
        return _mhtml(content, path.name)
    file = _decoded(content, path.name, encoding)
    saved = _SAVED_FROM.search(file.text[:5000])
    return _Page(file, address=saved[1] if saved else "")


def _decoded(content: bytes, file: str, encoding: str = "") -> Decoded:
    said = _CHARSET.search(content[:20_000])
    return decoded_markup(content, file, encoding, said[1].decode("ascii") if said else "")


def _is_mhtml(text: str) -> bool:
    head = text[:4000].lower()
    return "mime-version:" in head and "multipart/related" in head and not head.lstrip().startswith("<")


def _mhtml(content: bytes, file: str) -> _Page:
    """The first page of the file, and its frames."""
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    pages = []
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            inner = part.get_payload(decode=True)
            if isinstance(inner, bytes):
                pages.append(_decoded(inner, file, part.get_content_charset() or ""))
    if not pages:
        raise fail("the file holds no page", "Save the page once more, as HTML.", file)
    address = str(message.get("Snapshot-Content-Location") or "")
    return _Page(pages[0], tuple(page.text for page in pages[1:]), address if address.startswith("http") else "")


def _web_archive(content: bytes, file: str) -> _Page:
    """The main page of the archive, and its frames."""
    try:
        archive = plistlib.loads(content)
        main = archive["WebMainResource"]
        frames = [frame["WebMainResource"]["WebResourceData"] for frame in archive.get("WebSubframeArchives", [])]
        page = _decoded(main["WebResourceData"], file, str(main.get("WebResourceTextEncodingName", "")))
        inner = tuple(_decoded(frame, file).text for frame in frames)
    except (KeyError, TypeError, ValueError, plistlib.InvalidFileException):
        raise fail("the web archive cannot be read", "Save the page once more, as HTML.", file) from None
    return _Page(page, inner, str(main.get("WebResourceURL", "")))


# What the preview tells ----------------------------------------------------------------------------------------------


def _left_out(pieces: tuple[str, ...]) -> Iterator[str]:
    """What stands among the paragraphs and is no part of the article."""
    if pieces:
        shown = " / ".join(f"“{piece[:60]}{'…' if len(piece) > 60 else ''}”" for piece in pieces[:_SHOWN])
        more = f" and {len(pieces) - _SHOWN} more" if len(pieces) > _SHOWN else ""
        yield f"Left out of the article, such as captions, bylines and boxes: {shown}{more}."


def _where_comments_are(root: Element, text: str, path: Path) -> Iterator[str]:
    """Which file has the comments, where the page shows them in a frame."""
    frames = [
        frame.get("src") or "" for frame in root.iter("iframe") if _FRAMES.search(" ".join(map(str, frame.values())))
    ]
    for source in frames:
        name = unquote(source.partition("?")[0]).removeprefix("./")
        inside = path.parent / name
        if "://" not in source and ".." not in Path(name).parts and inside.is_file():
            yield f"The comments stand in a frame, in a file of the page's folder: brief add '{name}' --article ID."
            return
    if frames or _CALLS.search(text):
        folder = f"{path.stem}_files"
        there = path.parent / folder
        names = sorted(file.name for file in there.glob("*.htm*")) if there.is_dir() else []
        where = f"perhaps in {folder}/{names[0]}" if names else f"in the folder {folder}, where the browser saved one"
        yield (
            f"The comments stand in a frame that is not in this file: {where}. "
            "Add that file as well, with --article ID; or show all comments in the browser, and copy the page's text."
        )


def _more(root: Element, shown: int) -> str:
    """The words by which the page tells of more comments than it shows; empty where it does not."""
    heading = ""
    for block in blocks(root):
        line = " ".join(block.text.split())
        if page_words.tells_of_more(line):
            return line
        number = page_words.heading_of_comments(line)
        if number is not None and number > shown and not heading:
            heading = line
    for element in root.iter("a", "button"):
        line = line_of(element)
        if page_words.tells_of_more(line):
            return line
    return heading


def _is_frame_of_comments(root: Element, paragraphs: tuple[str, ...]) -> bool:
    """Whether a page that seems to have an article is a frame with comments alone: no heading, no long paragraph."""
    return next(root.iter("h1", "article"), None) is None and not any(len(paragraph) > 100 for paragraph in paragraphs)


def _of_data(root: Element) -> Iterator[dict[str, str]]:
    """Comments that the page's JSON-LD gives in the words of schema.org."""
    for entry in page_article.linked_data(root):
        yield from _comments_of(entry, "", 0)


def _comments_of(entry: Mapping[str, Any], parent: str, depth: int) -> Iterator[dict[str, str]]:
    inner = entry.get("comment", [])
    for number, comment in enumerate(inner if isinstance(inner, list) else [inner], start=1):
        text = comment.get("text") or comment.get("commentText") if isinstance(comment, dict) else ""
        if not isinstance(text, str) or not plain(text) or depth > 50:
            continue
        author = comment.get("author")
        name = author.get("name", "") if isinstance(author, dict) else author
        place = f"{parent}.{number}" if parent else str(number)
        yield {
            "comment_id": place,
            "parent_id": parent,
            "author": str(name or ""),
            "posted_at": str(comment.get("dateCreated") or comment.get("datePublished") or ""),
            "likes": str(comment.get("upvoteCount") or ""),
            "text": plain(text),
        }
        yield from _comments_of(comment, place, depth + 1)
