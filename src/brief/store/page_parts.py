"""What stands in a comment of a saved page: its author, its date, likes, its number, the text, what it answers.

The parts are found by what pages call them, such as `comment-author`, `post-message` or `time`; where they are called
nothing, by what they say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from brief.store import page_words
from brief.store.html_trees import Element, ancestors, is_hidden, line_of, text_of, tokens

NOUN = (
    r"(?:comments?|kommentare?|commentaires?|comentarios?|reacties?|reaktion(?:en)?|postings?|repl(?:y|ies)|responses?)"
)
ITEM_ID = re.compile(
    rf"(?:li-|div-|js-|article-|user-?|disqus-|thread-)*(?:{NOUN}|post|c|cmt|message)[-_:]?(?:id[-_:]?)?"
    r"([0-9]+|[0-9a-f]{8}-[0-9a-f-]{20,}|[0-9a-f]{10,})",
    re.I,
)
AUTHOR = re.compile(
    r"fn|author|authorname|username|user|nickname|nick|name|displayname|commenter|commentator|poster|writer|autor|auteur|"
    r"nutzername|byline|by|submitted|投稿者",
)
_NO_AUTHOR = frozenset(
    (
        *("avatar", "image", "photo", "picture", "badge", "actions", "link", "reply", "meta", "info"),
        *("menu", "icon", "body"),
    )
)
_TIME = frozenset(
    (
        *("date", "time", "timestamp", "ago", "datetime", "posted", "published", "datum", "fecha", "when"),
        *("relative",),
    )
)
_LIKES = frozenset(
    (
        *("react", "respect", "like", "likes", "vote", "votes", "upvote", "upvotes", "recommend"),
        *("recommends", "recommendation", "score", "thumbs", "useful"),
    )
)
_BODY = (
    ("post-message", "comment-content", "comment__content", "comment-text", "comment__text", "comment-body-text"),
    ("comment-message", "comment__body", "commenttext", "field-name-comment-body", "field--name-comment-body"),
    (
        "comment-body",
        "commentbody",
        "comment_text",
        "comment_body",
        "md",
        "usertext-body",
        "commtext",
        "comment-html",
        "post-body",
        "post-content",
    ),
    ("message", "body", "content", "text", "e-content", "comment-copy"),
)
_NUMBERS = (
    *("data-comment-id", "data-commentid", "data-cid", "data-postingid", "id", "name", "about", "data-id"),
    *("data-post-id", "data-fullname"),
)
_INLINE = ("a", "abbr", "span", "small", "div", "p", "em")
_UI_PARTS = frozenset(
    (
        *("reply", "actions", "action", "toolbar", "buttons", "button", "menu", "share", "report", "flag"),
        *("footer", "tools", "links", "permalink", "avatar", "badge", "form", "voting", "vote", "votes"),
        *("likes", "controls", "awaiting"),
    )
)
_ANSWERS = re.compile(
    rf"{page_words.any_of('answer lines')}\s+@?(.{{1,40}}?):?|[→▸↳➜@]\s*(.{{1,40}}?)|(.{{1,30}}?)\s*さんへの返信",
    re.I,
)


def _own(item: Element, inside: set[Element]) -> Iterator[Element]:
    """The elements of a comment without those of its answers, itself included."""
    stack = [item]
    while stack:
        element = stack.pop()
        if isinstance(element.tag, str) and not (
            is_hidden(element) and element.get("content") is None and element.tag != "time"
        ):
            yield element
            stack += [child for child in reversed(element) if child not in inside]


def own_text(item: Element, inside: set[Element]) -> str:
    """The text of a comment without those of `inside`, author and date still in it."""
    return _text(item, inside - {item}, set())


def has_words(item: Element, inside: set[Element]) -> bool:
    """Whether anything is seen of a comment but those of `inside`."""
    return any((element.text or "").strip() or element.tag == "img" for element in _own(item, inside - {item})) or any(
        (element.tail or "").strip() for element in item
    )


def row_of(item: Element, inside: set[Element], *, bold: bool = False) -> dict[str, str]:
    """What a comment tells of itself; an empty text where somebody wrote nothing.

    `bold` says that the comments of the page begin with a name in bold type.
    """
    author, when = author_element(item, inside), _time_element(item, inside)
    if author is None and bold:
        author = leading_name(item)
    answered, answered_name = "", ""
    for element in _own(item, inside):
        words = line_of(element) if element.tag in ("a", "span", "div", "small") else ""
        if not words or len(words) > 60 or (answer := _ANSWERS.fullmatch(words)) is None:
            continue
        links = [element] if element.tag == "a" else list(element.iter("a"))
        answered = answered or next((_id_in((link.get("href") or "").rpartition("#")[2]) for link in links), "")
        answered_name = answered_name or next(filter(None, answer.groups()), "").strip()
        inside = inside | {element}
    likes = _likes(item, inside)
    gone = {element for element in (author, when) if element is not None}
    return {
        "comment_id": _id(item, inside),
        "parent_id": answered or _said_parent(item),
        "answered": answered_name,
        "author": _name(author),
        "posted_at": _moment(when),
        "likes": likes,
        "text": _with_subject(item, inside, _text(item, inside - {item}, gone)),
    }


def _with_subject(item: Element, inside: set[Element], text: str) -> str:
    """The text below the subject that somebody gave it; a subject made of the text's first words is none."""
    for element in _own(item, inside - {item}):
        if element.tag in ("h3", "h4", "h5", "strong", "div") and (
            roles(element) & {"subject", "title", "betreff"}
            or (element.get("property") or "").endswith(":name")
            or "posting-header" in tokens(element)
        ):
            subject = line_of(element)
            if text and 0 < len(subject) <= 150 and page_words.folded(subject)[:20] not in page_words.folded(text)[:60]:
                return f"{subject}\n\n{text}"
    return text


def leading_name(item: Element) -> Element | None:
    """The element in bold type with which a comment begins, where it may be a name."""
    first = next((element for element in item.iterdescendants("strong", "b", "h4", "h5", "cite")), None)
    if first is None or not page_words.is_name(line_of(first).rstrip(":")):
        return None
    return first if line_of(item).startswith(line_of(first)) and line_of(item) != line_of(first) else None


def _text(item: Element, left: set[Element], gone: set[Element]) -> str:
    """What somebody wrote: the part that is called so, else all but author, date and buttons."""
    own = [element for element in _own(item, left) if element is not item]
    for element in own:
        if element.get("itemprop") in ("text", "commentText", "description") or element.get("data-role") == "message":
            return text_of(element, lambda child: child in left)
    around = {element for other in gone for element in [other, *ancestors(other)]}
    for names in _BODY:
        ends = tuple(f"{sign}{name}" for name in names for sign in "-_")
        called = [
            element
            for element in own
            if element not in around and any(token in names or token.endswith(ends) for token in tokens(element))
        ]
        called = [element for element in called if not _is_ui(element)]
        if longest := max((_without_ui(element, left, gone) for element in called), key=len, default=""):
            return longest
    return _without_ui(item, left, gone)


def _is_ui(element: Element) -> bool:
    """Whether an element, or one around it, is by its name a bar of buttons."""
    return any(
        roles(up) & _UI_PARTS and not roles(up) & {"comment", "post", "item"}
        for up in [element, *list(ancestors(element))[:2]]
    )


def roles(element: Element) -> set[str]:
    """The words of an element's classes; of names such as `comment-meta__author` the last part alone."""
    last = [token.rpartition("__")[2] for token in (element.get("class") or "").split()]
    return set(re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", " ".join(last)).lower()))


def _without_ui(element: Element, left: set[Element], gone: set[Element]) -> str:
    def is_left(element: Element) -> bool:
        if (
            element in left
            or element in gone
            or element.tag in ("button", "nav")
            or (element.tag == "form" and _is_to_fill(element))
        ):
            return True
        if element.tag in ("p", "blockquote", "pre"):
            return False
        words = roles(element)
        if (
            element.get("itemprop") in ("upvoteCount", "interactionCount")
            or element.tag in ("footer", "time", "cite")
            or (words & _UI_PARTS and not words & {"body", "text", "content"})
        ):
            return True
        if element.tag in ("a", "span", "div", "ul", "li", "header", "small", "h3", "h4", "h5") and len(element) < 12:
            line = line_of(element)
            if element.tag in ("a", "div", "ul", "li", "header", "small", "h3", "h4", "h5", "span") and _is_frame(
                element, line
            ):
                return True
        return False

    return text_of(element, is_left)


def _is_to_fill(form: Element) -> bool:
    return next(form.iter("textarea", "select"), None) is not None


def _is_frame(element: Element, line: str) -> bool:
    """Whether a line of a comment is the platform's: a button, a date, a name that its class tells."""
    if not line:
        return False
    if element.tag in ("a",) or element.get("role") == "button":
        return page_words.is_button(line) or bool(page_words.date_in(line))
    words = roles(element)
    called = bool(
        words & (_TIME | _LIKES | {"meta", "metadata", "author", "username", "byline", "header", "head", "info"})
    )
    return (called and len(line) < 120) or (bool(page_words.date_in(line)) and called)


def author_element(item: Element, inside: set[Element]) -> Element | None:
    """The element with the name of who wrote: the first that is called so and holds a short text."""
    best, most = None, 0
    for element in _own(item, inside - {item}):
        if element is item or element.tag in ("time", "meta", "img", "form", "blockquote", "p", "pre"):
            continue
        words = roles(element)
        named = (
            element.get("itemprop") or element.get("data-testid") or (element.get("property") or "").rpartition(":")[2]
        )
        weight = 0
        if "author" in (element.get("rel") or "").split() or named in ("author", "name", "creator"):
            weight = 3
        elif any(AUTHOR.fullmatch(token) for token in re.findall(r"[a-z]+", named.lower())) or element.tag == "cite":
            weight = 2
        if any(AUTHOR.fullmatch(word) for word in words) and not words & _NO_AUTHOR:
            weight = max(weight, 4 if "fn" in words else 2)
        if element.tag in ("h3", "h4", "h5") and element.get("property"):
            continue
        if weight and weight >= most and 0 < len(_name(element)) <= 60:
            inner = best is not None and best in set(ancestors(element))
            if weight > most or inner:
                best, most = element, weight
    return best if best is not None else _first_name(item, inside)


def _first_name(item: Element, inside: set[Element]) -> Element | None:
    """Where nothing is called an author: a short text right beside the date, before it."""
    when = _time_element(item, inside)
    if when is None:
        return None
    near = {when.getparent(), when.getparent().getparent()} - {None}
    for element in _own(item, inside - {item}):
        if element is when or when in set(element.iter()):
            if element is when:
                return None
            continue
        if (
            element.tag not in ("button", "time", "p")
            and page_words.is_name(line_of(element))
            and {element.getparent(), element.getparent().getparent()} & near
        ):
            return element
    return None


def _name(element: Element | None) -> str:
    if element is None:
        return ""
    line = line_of(element) or element.get("content") or ""
    line = re.sub(
        r"^(?:comment(?:ed)? |posted |submitted |geschrieben |von |écrit )?(?:by|von|par|por|door)\s+",
        "",
        line,
        flags=re.I,
    )
    line = re.sub(r"\s*\((?:not verified|nicht überprüft|non vérifié|no verificado|niet gecontroleerd)\)", "", line)
    line = re.sub(r"\s*(?:says|said|wrote|sagt|schreibt|meint|a dit|dit|dice|zegt|schreef)?\s*:?$", "", line)
    line = page_words.DATE.sub("", line) if len(line) > 60 else line
    return " ".join(line.split()).strip(" ,·•|-\u2013—")


def _time_element(item: Element, inside: set[Element]) -> Element | None:
    """The element with the date: a `time`, one with a machine's date, or one that is called so."""
    own = [element for element in _own(item, inside - {item}) if element is not item]
    for element in own:
        if (
            element.tag == "time"
            or element.get("datetime")
            or element.get("itemprop") in ("dateCreated", "datePublished", "commentTime")
        ):
            return element
        if (element.get("property") or "").rpartition(":")[2] in ("dateCreated", "created", "date"):
            return element
    short = [element for element in own if element.tag in _INLINE and len(line_of(element)) < 60]
    for element in short:
        if page_words.date_in(_title_date(element)):
            return element
    for element in short:
        if roles(element) & _TIME and any(map(str.isdigit, _moment(element))):
            return element
    return next(
        (
            element
            for element in own
            if element.tag in ("a", "span", "small", "em", "div") and page_words.date_in(line_of(element))
        ),
        None,
    )


def _moment(element: Element | None) -> str:
    """A date as the page gives it to machines, else as it shows it."""
    if element is None:
        return ""
    for name in ("datetime", "content", "data-datetime", "data-timestamp", "data-time", "data-utime"):
        if value := (element.get(name) or "").strip():
            return value
    if page_words.date_in(_title_date(element)):
        return " ".join(_title_date(element).split())
    line = line_of(element)
    match = page_words.DATE.search(line)
    return line if page_words.date_in(line) or match is None else match.group()


def _title_date(element: Element) -> str:
    return (element.get("title") or element.get("data-original-title") or "").strip()


def _likes(item: Element, inside: set[Element]) -> str:
    """How many liked it; empty where the page does not tell."""
    for element in _own(item, inside - {item}):
        for name in ("data-likes", "data-like-count", "data-likecount", "data-upvotes", "data-score", "data-votes"):
            if re.fullmatch(r"\d+", element.get(name) or ""):
                return str(element.get(name))
        if element is item or element.tag in ("p", "blockquote"):
            continue
        if element.get("itemprop") in ("upvoteCount", "interactionCount") and (
            said := re.search(r"\d+", element.get("content") or line_of(element))
        ):
            return str(said.group())
        line = line_of(element)
        if len(line) > 40:
            continue
        words = roles(element)
        if (
            words & _LIKES
            and not words & {"down", "dislike", "dislikes", "downvote"}
            and (shown := re.fullmatch(r"\D{0,25}(\d[\d.,]*)\D{0,25}", line))
        ):
            return re.sub(r"\D", "", shown[1])
        if (element.tag in ("a", "button", "span") or words) and (count := page_words.likes_in(line)):
            return count
    return ""


def _id(item: Element, inside: set[Element]) -> str:
    """The number that the platform gave a comment; empty where none is seen."""
    for element in _own(item, inside - {item}):
        for name in _NUMBERS:
            value = element.get(name) or ""
            number = _id_in(value) or (value.strip() if name.startswith("data-") and element is item else "")
            if number:
                return number
    return ""


def _id_in(value: str) -> str:
    name = re.compile(r"/?comment/(\d+)|(?:div-|li-)?(?:comment|post|message)-(?:body|message|content)?-?(\d+)")
    match = ITEM_ID.fullmatch(value.rpartition("/")[2]) or name.fullmatch(value)
    return next(filter(None, match.groups())) if match else ""


def _said_parent(item: Element) -> str:
    for name in (
        "data-parent-id",
        "data-parent",
        "data-parentid",
        "data-reply-to",
        "data-in-reply-to",
        "data-parent-comment-id",
    ):
        value = (item.get(name) or "").strip()
        if value and value not in ("0", "null", "none", "-1"):
            return _id_in(value) or value
    return ""
