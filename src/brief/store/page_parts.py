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
        one = stack.pop()
        if isinstance(one.tag, str) and not (is_hidden(one) and one.get("content") is None and one.tag != "time"):
            yield one
            stack += [child for child in reversed(one) if child not in inside]


def own_text(item: Element, inside: set[Element]) -> str:
    """The text of a comment without those of `inside`, author and date still in it."""
    return _text(item, inside - {item}, set())


def has_words(item: Element, inside: set[Element]) -> bool:
    """Whether anything is seen of a comment but those of `inside`."""
    return any((one.text or "").strip() or one.tag == "img" for one in _own(item, inside - {item})) or any(
        (one.tail or "").strip() for one in item
    )


def row_of(item: Element, inside: set[Element], *, bold: bool = False) -> dict[str, str]:
    """What a comment tells of itself; an empty text where somebody wrote nothing.

    `bold` says that the comments of the page begin with a name in bold type.
    """
    author, when = author_element(item, inside), _time_element(item, inside)
    if author is None and bold:
        author = leading_name(item)
    answered, answered_name = "", ""
    for one in _own(item, inside):
        words = line_of(one) if one.tag in ("a", "span", "div", "small") else ""
        if not words or len(words) > 60 or (found := _ANSWERS.fullmatch(words)) is None:
            continue
        links = [one] if one.tag == "a" else list(one.iter("a"))
        answered = answered or next((_id_in((link.get("href") or "").rpartition("#")[2]) for link in links), "")
        answered_name = answered_name or next(filter(None, found.groups()), "").strip()
        inside = inside | {one}
    likes = _likes(item, inside)
    gone = {one for one in (author, when) if one is not None}
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
    for one in _own(item, inside - {item}):
        if one.tag in ("h3", "h4", "h5", "strong", "div") and (
            roles(one) & {"subject", "title", "betreff"}
            or (one.get("property") or "").endswith(":name")
            or "posting-header" in tokens(one)
        ):
            subject = line_of(one)
            if text and 0 < len(subject) <= 150 and page_words.folded(subject)[:20] not in page_words.folded(text)[:60]:
                return f"{subject}\n\n{text}"
    return text


def leading_name(item: Element) -> Element | None:
    """The element in bold type with which a comment begins, where it may be a name."""
    first = next((one for one in item.iterdescendants("strong", "b", "h4", "h5", "cite")), None)
    if first is None or not page_words.is_name(line_of(first).rstrip(":")):
        return None
    return first if line_of(item).startswith(line_of(first)) and line_of(item) != line_of(first) else None


def _text(item: Element, left: set[Element], gone: set[Element]) -> str:
    """What somebody wrote: the part that is called so, else all but author, date and buttons."""
    own = [one for one in _own(item, left) if one is not item]
    for one in own:
        if one.get("itemprop") in ("text", "commentText", "description") or one.get("data-role") == "message":
            return text_of(one, lambda child: child in left)
    around = {one for other in gone for one in [other, *ancestors(other)]}
    for names in _BODY:
        ends = tuple(f"{sign}{name}" for name in names for sign in "-_")
        called = [
            one
            for one in own
            if one not in around and any(token in names or token.endswith(ends) for token in tokens(one))
        ]
        called = [one for one in called if not _is_ui(one)]
        if found := max((_without_ui(one, left, gone) for one in called), key=len, default=""):
            return found
    return _without_ui(item, left, gone)


def _is_ui(one: Element) -> bool:
    """Whether an element, or one around it, is by its name a bar of buttons."""
    return any(
        roles(up) & _UI_PARTS and not roles(up) & {"comment", "post", "item"} for up in [one, *list(ancestors(one))[:2]]
    )


def roles(one: Element) -> set[str]:
    """The words of an element's classes; of names such as `comment-meta__author` the last part alone."""
    last = [token.rpartition("__")[2] for token in (one.get("class") or "").split()]
    return set(re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", " ".join(last)).lower()))


def _without_ui(element: Element, left: set[Element], gone: set[Element]) -> str:
    def is_left(one: Element) -> bool:
        if one in left or one in gone or one.tag in ("button", "nav") or (one.tag == "form" and _is_to_fill(one)):
            return True
        if one.tag in ("p", "blockquote", "pre"):
            return False
        words = roles(one)
        if (
            one.get("itemprop") in ("upvoteCount", "interactionCount")
            or one.tag in ("footer", "time", "cite")
            or (words & _UI_PARTS and not words & {"body", "text", "content"})
        ):
            return True
        if one.tag in ("a", "span", "div", "ul", "li", "header", "small", "h3", "h4", "h5") and len(one) < 12:
            line = line_of(one)
            if one.tag in ("a", "div", "ul", "li", "header", "small", "h3", "h4", "h5", "span") and _is_frame(
                one, line
            ):
                return True
        return False

    return text_of(element, is_left)


def _is_to_fill(form: Element) -> bool:
    return next(form.iter("textarea", "select"), None) is not None


def _is_frame(one: Element, line: str) -> bool:
    """Whether a line of a comment is the platform's: a button, a date, a name that its class tells."""
    if not line:
        return False
    if one.tag in ("a",) or one.get("role") == "button":
        return page_words.is_button(line) or bool(page_words.date_in(line))
    words = roles(one)
    called = bool(
        words & (_TIME | _LIKES | {"meta", "metadata", "author", "username", "byline", "header", "head", "info"})
    )
    return (called and len(line) < 120) or (bool(page_words.date_in(line)) and called)


def author_element(item: Element, inside: set[Element]) -> Element | None:
    """The element with the name of who wrote: the first that is called so and holds a short text."""
    best, most = None, 0
    for one in _own(item, inside - {item}):
        if one is item or one.tag in ("time", "meta", "img", "form", "blockquote", "p", "pre"):
            continue
        words = roles(one)
        named = one.get("itemprop") or one.get("data-testid") or (one.get("property") or "").rpartition(":")[2]
        weight = 0
        if "author" in (one.get("rel") or "").split() or named in ("author", "name", "creator"):
            weight = 3
        elif any(AUTHOR.fullmatch(token) for token in re.findall(r"[a-z]+", named.lower())) or one.tag == "cite":
            weight = 2
        if any(AUTHOR.fullmatch(word) for word in words) and not words & _NO_AUTHOR:
            weight = max(weight, 4 if "fn" in words else 2)
        if one.tag in ("h3", "h4", "h5") and one.get("property"):
            continue
        if weight and weight >= most and 0 < len(_name(one)) <= 60:
            inner = best is not None and best in set(ancestors(one))
            if weight > most or inner:
                best, most = one, weight
    return best if best is not None else _first_name(item, inside)


def _first_name(item: Element, inside: set[Element]) -> Element | None:
    """Where nothing is called an author: a short text right beside the date, before it."""
    when = _time_element(item, inside)
    if when is None:
        return None
    near = {when.getparent(), when.getparent().getparent()} - {None}
    for one in _own(item, inside - {item}):
        if one is when or when in set(one.iter()):
            if one is when:
                return None
            continue
        if (
            one.tag not in ("button", "time", "p")
            and page_words.is_name(line_of(one))
            and {one.getparent(), one.getparent().getparent()} & near
        ):
            return one
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
    own = [one for one in _own(item, inside - {item}) if one is not item]
    for one in own:
        if (
            one.tag == "time"
            or one.get("datetime")
            or one.get("itemprop") in ("dateCreated", "datePublished", "commentTime")
        ):
            return one
        if (one.get("property") or "").rpartition(":")[2] in ("dateCreated", "created", "date"):
            return one
    short = [one for one in own if one.tag in _INLINE and len(line_of(one)) < 60]
    for one in short:
        if page_words.date_in(_title_date(one)):
            return one
    for one in short:
        if roles(one) & _TIME and any(map(str.isdigit, _moment(one))):
            return one
    return next(
        (one for one in own if one.tag in ("a", "span", "small", "em", "div") and page_words.date_in(line_of(one))),
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
    found = page_words.DATE.search(line)
    return line if page_words.date_in(line) or found is None else found.group()


def _title_date(element: Element) -> str:
    return (element.get("title") or element.get("data-original-title") or "").strip()


def _likes(item: Element, inside: set[Element]) -> str:
    """How many liked it; empty where the page does not tell."""
    for one in _own(item, inside - {item}):
        for name in ("data-likes", "data-like-count", "data-likecount", "data-upvotes", "data-score", "data-votes"):
            if re.fullmatch(r"\d+", one.get(name) or ""):
                return str(one.get(name))
        if one is item or one.tag in ("p", "blockquote"):
            continue
        if one.get("itemprop") in ("upvoteCount", "interactionCount") and (
            said := re.search(r"\d+", one.get("content") or line_of(one))
        ):
            return str(said.group())
        line = line_of(one)
        if len(line) > 40:
            continue
        words = roles(one)
        if (
            words & _LIKES
            and not words & {"down", "dislike", "dislikes", "downvote"}
            and (shown := re.fullmatch(r"\D{0,25}(\d[\d.,]*)\D{0,25}", line))
        ):
            return re.sub(r"\D", "", shown[1])
        if (one.tag in ("a", "button", "span") or words) and (count := page_words.likes_in(line)):
            return count
    return ""


def _id(item: Element, inside: set[Element]) -> str:
    """The number that the platform gave a comment; empty where none is seen."""
    for one in _own(item, inside - {item}):
        for name in _NUMBERS:
            value = one.get(name) or ""
            number = _id_in(value) or (value.strip() if name.startswith("data-") and one is item else "")
            if number:
                return number
    return ""


def _id_in(value: str) -> str:
    name = re.compile(r"/?comment/(\d+)|(?:div-|li-)?(?:comment|post|message)-(?:body|message|content)?-?(\d+)")
    found = ITEM_ID.fullmatch(value.rpartition("/")[2]) or name.fullmatch(value)
    return next(filter(None, found.groups())) if found else ""


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
