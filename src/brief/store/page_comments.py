"""The comments of a saved page: which elements hold one, and in each its author, date, likes, text, what it answers.

Platforms name the elements of a comment with words such as `comment-12` or `comment-item`. Elements that are named so
are candidates; those of one kind are the comments whose kind holds most texts. Where nothing is named so,
repeated blocks in a part of the page that is called comments are taken, and that is told as a guess.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from brief.store import page_words
from brief.store.html_trees import Element, ancestors, is_hidden, line_of, parts, tokens
from brief.store.page_parts import AUTHOR, ITEM_ID, NOUN, author_element, has_words, leading_name, own_text, row_of

_ITEM_CLASS = re.compile(
    rf"(?:[a-z0-9]+[-_]+)*(?:{NOUN}|leserkommentar|usercomment|commentitem|commentbox)"
    r"(?:[-_]+(?:item|entry|box|wrapper|wrap|block|single|node|element|card|container|instance|row|reply|child|root))*",
    re.I,
)
_OTHER_NAMES = re.compile(r"(?:js-|u-|is-|has-|l-|hentry|byuser|even|odd|depth-|thread-|alt$)", re.I)
_AREA = re.compile(rf"{NOUN}|diskussion|discussion|conversation|komment\w*|forum|disqus|coral|viafoura|コメント", re.I)
UNNUMBERED = "#"
"""How the names begin that comments without a number have while a page is read."""


@dataclass
class Thread:
    """The comments of a page: rows with columns of the contract, the elements they stand in, and how it was guessed."""

    rows: list[dict[str, str]]
    elements: list[Element] = field(default_factory=list)
    guess: str = ""


def thread(root: Element, comments_from: str = "") -> Thread:
    """The comments of a page, in its order.

    `comments_from` are the words that the first comment begins with, or its author's name: where the page is not read
    so by itself, the kind of element that holds them is taken.
    """
    if comments_from:
        by_itself = thread(root)
        if begins_with(by_itself.rows[:1], comments_from):
            return replace(by_itself, guess="")
    items, guess = _items(root, comments_from)
    inside = set(items)
    rows, kept = list[dict[str, str]](), list[Element]()
    ids, at_level = dict[Element, str](), list[tuple[int, str]]()
    bold = len(items) > 1 and all(leading_name(item) is not None for item in items)
    for number, item in enumerate(items, start=1):
        row = row_of(item, inside, bold=bold)
        if not row["text"]:
            continue
        row["comment_id"] = row["comment_id"] or f"{UNNUMBERED}{number}"
        ids[item] = row["comment_id"]
        level, name = _by_level(item, at_level, row["comment_id"]), row.pop("answered").casefold()
        above = (row["comment_id"] for row in reversed(rows) if name and row["author"].casefold() == name)
        row["parent_id"] = row["parent_id"] or _parent(item, inside, ids) or level or next(above, "")
        rows.append(row)
        kept.append(item)
    _sound_ids(rows)
    return Thread(rows, kept, guess)


# Which elements hold a comment ---------------------------------------------------------------------------------------


def _items(root: Element, comments_from: str) -> tuple[list[Element], str]:
    """The elements that hold a comment each, in the page's order, and the guess that was made, in words."""
    kinds: dict[str, list[Element]] = defaultdict(list)
    for element in root.iter():
        if isinstance(element.tag, str) and not _is_aside(element):
            for kind in _kinds(element):
                kinds[kind].append(element)
    if comments_from:
        kinds = {kind: items for kind, items in kinds.items() if any(_begins(item, comments_from) for item in items)}
        kinds = kinds or {"given": _siblings_of(root, comments_from)}
    best = _best(kinds)
    if best:
        return _with_answers(best, kinds), ""
    # Where words were given that no comment begins with, blocks that are alike are none of those that were meant.
    return _repeated(root) if not comments_from else ([], "")


def _kinds(element: Element) -> Iterator[str]:
    """The kinds of comments that an element may be one of, from its own names."""
    if element.tag in (
        "a",
        "button",
        "time",
        "span",
        "form",
        "img",
        "h1",
        "h2",
        "h3",
        "h4",
        "label",
        "input",
        "body",
        "ul",
        "ol",
    ):
        return
    if "comment" in (element.get("itemtype") or "").lower().rsplit("/", 1)[-1] or element.get("itemprop") == "comment":
        yield "microdata"
    name = element.get("id") or ""
    if ITEM_ID.fullmatch(name):
        yield f"id {element.tag} {re.sub(r'[0-9a-f-]{6,}|[0-9]+', '#', name.lower())}"
    if re.fullmatch(r"(?:comment|reply)[-_]?[0-9a-f-]*", element.get("data-testid") or ""):
        yield f"test {element.tag}"
    if any(element.get(name) for name in ("data-comment-id", "data-commentid", "data-cid", "data-comment")):
        yield f"data {element.tag}"
    for token in tokens(element):
        if (_ITEM_CLASS.fullmatch(token) and not _OTHER_NAMES.match(token)) or (element.tag, token) in (
            ("li", "post"),
            ("tr", "comtr"),
            ("div", "posting"),
        ):
            yield f"class {element.tag} {token}"


def _is_aside(element: Element) -> bool:
    return is_hidden(element) or element.tag in ("nav", "head")


def _best(kinds: dict[str, list[Element]]) -> list[Element]:
    """The kind that holds most comments; of equals the one whose elements are outermost, and so hold the author too."""
    best, most = list[Element](), (0, 0, 0)
    for kind, items in kinds.items():
        inside = set(items)
        filled = [item for item in items if has_words(item, inside)]
        if not filled or (kind.startswith("class") and len(filled) == 1 and not _looks_like_one(filled[0])):
            continue
        depth = min(sum(1 for _ in ancestors(item)) for item in filled)
        weight = (sum(map(_looks_like_one, filled)), len(filled), -depth)
        if weight > most:
            best, most = filled, weight
    return best


def _looks_like_one(item: Element) -> bool:
    """Whether an element has parts as comments have: an author, a date, or a name that numbers it."""
    if ITEM_ID.fullmatch(item.get("id") or "") or item.get("itemtype") or item.get("data-comment-id"):
        return True
    return any(
        element.tag == "time" or AUTHOR.fullmatch(token)
        for element in item.iter()
        if isinstance(element.tag, str)
        for token in (tokens(element) or {""})
    )


def _with_answers(best: list[Element], kinds: dict[str, list[Element]]) -> list[Element]:
    """The comments, with those of other kinds that stand beside or below them: answers may be called otherwise."""
    inside = set(best)
    for kind, items in kinds.items():
        for element in items:
            if element in inside or not _looks_like_one(element) or kind.startswith("microdata"):
                continue
            below = [up for up in ancestors(element) if up in inside]
            if any(child in inside for child in element.iter()) or (
                below and not _is_answer_of(element, below[0], inside)
            ):
                continue
            if below or any(element.getparent() is other.getparent() for other in best):
                inside.add(element)
    return sorted(inside, key=_place(best[0]))


def _is_answer_of(element: Element, holder: Element, inside: set[Element]) -> bool:
    """Whether an element within a comment is a comment of its own: both have an author."""
    own = author_element(element, inside)
    others = author_element(holder, inside | {element})
    return own is not None and others is not None and bool(own_text(holder, inside | {element}))


def _place(anyone: Element) -> Any:
    order = {element: place for place, element in enumerate(anyone.getroottree().iter())}
    return lambda element: order[element]


def _repeated(root: Element) -> tuple[list[Element], str]:
    """Blocks of one kind side by side in a part that is called comments, where no block is called one."""
    best, most = list[Element](), 0
    for area in root.iter("div", "section", "ul", "ol", "aside", "main", "article"):
        named = " ".join(
            filter(None, (area.get("id"), area.get("class"), area.get("aria-label"), area.get("data-testid")))
        )
        if is_hidden(area) or not _AREA.search(named):
            continue
        alike: dict[tuple[Any, ...], list[Element]] = defaultdict(list)
        for element in area.iter("div", "li", "article", "section", "tr", "dd"):
            alike[(element.getparent(), element.tag, tuple(sorted(tokens(element))))].append(element)
        for group in alike.values():
            texts = [text for element in group if (text := own_text(element, set(group)))]
            long = sum(len(text) for text in texts)
            buttons = any(page_words.is_button(text) or page_words.tells_of_more(text) for text in texts)
            if (len(texts) > 1 or _looks_like_one(group[0])) and long > most and not buttons:
                best, most = [element for element in group if own_text(element, set(group))], long
    guess = "The comments are the repeated blocks in the part of the page that is called so"
    return best, f"{guess}; --comments-from 'first words' says otherwise." if best else ""


def _begins(item: Element, words: str) -> bool:
    wanted = " ".join(words.split())
    own = " ".join(own_text(item, {item}).split())
    return own.startswith(wanted) or line_of(item).startswith(wanted)


def begins_with(rows: Sequence[Mapping[str, str]], words: str) -> bool:
    """Whether one of the comments, or the name of its author, begins with the words; with none, each does."""
    wanted = " ".join(words.split())
    return any(" ".join(cell.split()).startswith(wanted) for row in rows for cell in (row["text"], row["author"]))


def _siblings_of(root: Element, words: str) -> list[Element]:
    """The blocks side by side of which the first begins with given words; of nested ones those that are most."""
    best, wanted = list[Element](), " ".join(words.split())
    for element in root.iter("div", "li", "article", "section", "p", "dd", "tr"):
        if not is_hidden(element) and line_of(element).startswith(wanted):
            sisters = [sister for sister in element.itersiblings() if sister.tag == element.tag and line_of(sister)]
            best = [element, *sisters] if len(sisters) >= len(best) else best
    return best


# Which comment answers which -----------------------------------------------------------------------------------------


def _parent(item: Element, inside: set[Element], ids: dict[Element, str]) -> str:
    """The comment around this one, or the one before the list or the indented part in which this one stands."""
    for up in ancestors(item):
        if up in inside:
            return ids.get(up, "")
        if parts(up) & {"indented", "children", "replies", "reply", "nested", "answers", "responses", "thread"}:
            for before in up.itersiblings(preceding=True):
                held = [element for element in before.iter() if element in ids]
                if held:
                    first = held[0] if before in inside or len(held) == 1 else held[-1]
                    return ids[first]
                if before.tag in ("article", "li", "section"):
                    break
    return ""


def _by_level(item: Element, at_level: list[tuple[int, str]], name: str) -> str:
    """What a comment answers by how deep it is said to stand: the last one above it."""
    said = next(
        (item.get(name) for name in ("data-depth", "data-level", "aria-level") if (item.get(name) or "").isdigit()),
        None,
    )
    if said is None:
        said = next((cell.get("indent") for cell in item.iter("td") if (cell.get("indent") or "").isdigit()), None)
    if said is None:
        match = re.search(r"\b(?:depth|level|indent)[-_]?(\d+)\b", item.get("class") or "")
        said = match[1] if match else None
    if said is None:
        return ""
    while at_level and at_level[-1][0] >= int(said):
        at_level.pop()
    parent = at_level[-1][1] if at_level else ""
    at_level.append((int(said), name))
    return parent


def _sound_ids(rows: Sequence[dict[str, str]]) -> None:
    """Ids that stand once each; where the platform gave none, only a comment that is answered gets one, of its words.

    So a newer copy of the page finds comments again by their texts, wherever they stand in it.
    """
    seen: Counter[str] = Counter()
    for row in rows:
        row["parent_id"] = "" if row["parent_id"] == row["comment_id"] else row["parent_id"]
        seen[row["comment_id"]] += 1
        if seen[row["comment_id"]] > 1:
            row["comment_id"] += f"-{seen[row['comment_id']]}"
    name_unnumbered(rows)


def name_unnumbered(rows: Sequence[dict[str, str]]) -> None:
    """Give comments that are answered an id made of their words; take the others' numbers of this reading away."""
    answered, names = {row["parent_id"] for row in rows}, dict[str, str]()
    for row in rows:
        if row["comment_id"].startswith(UNNUMBERED):
            number, words = row["comment_id"], f"{row['author']}\n{row['text']}"
            name = f"c{hashlib.sha256(words.encode()).hexdigest()[:10]}" if number in answered else ""
            while name and name in names.values():
                name += "a"
            names[number] = row["comment_id"] = name
    for row in rows:
        row["parent_id"] = names.get(row["parent_id"], row["parent_id"])
