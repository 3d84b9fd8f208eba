"""The article of a saved page: headline and paragraphs as a reader sees them, and what the page tells of them.

What a page says to machines (JSON-LD, Open Graph, microdata) is used to find the words a reader sees, never in their
place. Nothing is fetched.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from brief.contract.checking import is_language
from brief.contract.json_files import from_text
from brief.store import dates, page_words
from brief.store.html_trees import Block, Element, ancestors, blocks, is_hidden, line_of, parts, plain, tokens
from brief.store.pasted_article import is_notice
from brief.store.sources import FoundArticle

_BODIES = re.compile(
    r"(?:[a-z0-9]+[-_]+)*(?:article|entry|post|story|content|news|main|text)[-_]*(?:body|content|text|copy|article)"
    r"(?:[-_]+(?:content|text|inner|module|main|wrapper|copy|\d+))*|prose|rich-text|body-copy|articletext|storybody",
    re.I,
)
_FURNITURE = frozenset(
    (
        *("share", "sharing", "social", "sharedaddy", "related", "recirc", "recirculation", "recommended"),
        *("recommendations", "newsletter", "signup", "subscribe", "promo", "promotion", "advert"),
        *("advertisement", "advertising", "ad", "ads", "adslot", "sponsor", "sponsored", "cookie"),
        *("cookies", "consent", "gdpr", "breadcrumb", "breadcrumbs", "tags", "taglist", "topics"),
        *("byline", "dateline", "caption", "credit", "toolbar", "sidebar", "paywall", "popup", "modal"),
        *("nav", "navigation", "menu", "pagination", "pager", "jp", "outbrain", "taboola", "teaser"),
        *("teasers", "trending", "popular", "author", "bio", "timestamp", "posted", "meta", "pubdate"),
        *("skip", "print", "readmore", "audio", "player"),
    )
)
_FIGURES = ("figure", "figcaption", "aside", "nav", "footer", "form", "button", "time", "table-of-contents", "dialog")
_ROLES = frozenset(
    (
        *("navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog"),
        *("menu", "toolbar"),
    )
)
_STANDFIRST = frozenset(
    (
        *("standfirst", "dek", "deck", "lede", "lead", "subtitle", "subheadline", "subhead", "summary"),
        *("chapo", "entradilla", "vorspann", "intro", "excerpt", "teaser", "sapo", "bajada"),
        *("article-summary",),
    )
)
_ARTICLES = re.compile(r"article|posting|report|review", re.I)
_LEAST = 40
"""A paragraph of fewer signs tells nothing of where an article is."""


@dataclass(frozen=True)
class PageArticle:
    """The article, None where the page holds none; and what stands among its paragraphs and was left out."""

    article: FoundArticle | None
    left: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()


def article(root: Element, comments: list[Element], title: str = "") -> PageArticle:
    """Find the article. `comments` are elements that are none of it; `title` is the headline as the caller says it."""
    data = list(linked_data(root))
    about = next((entry for entry in data if _ARTICLES.search(_kind(entry))), {})
    without = _around(comments)
    head, headline, guess = _headline(root, about, title)
    body = _body(root, without, head)
    if body is None or not headline:
        return PageArticle(None)
    size = max(len(line_of(body)), 1)
    left: list[str] = []

    def is_left(element: Element) -> bool:
        if element in without or element is head:
            return True
        if not _is_furniture(element) or len(words := line_of(element)) > size * 0.35:
            return False
        if words:
            left.append(words)
        return True

    body_blocks = list(blocks(body, is_left))
    paragraphs = [block.text for block in body_blocks if not _is_no_paragraph(block, headline, left)]
    if head is not None and (first := _standfirst(root, head, body, paragraphs)):
        paragraphs.insert(0, first)
    if not paragraphs:
        return PageArticle(None)
    known = {name: value for name, value in _known(root, about, data, without).items() if value}
    return PageArticle(FoundArticle(headline, tuple(paragraphs), known), tuple(dict.fromkeys(left)), guess)


# Where it stands -----------------------------------------------------------------------------------------------------


def _around(comments: list[Element]) -> set[Element]:
    """The comments, and the parts of the page that hold them and no headline."""
    around = set(comments)
    for comment in comments[:1]:
        for up in ancestors(comment):
            if up.tag in ("body", "html", "main", "article") or next(up.iter("h1"), None) is not None:
                break
            if parts(up) & {
                "comments",
                "comment",
                "commentlist",
                "discussion",
                "disqus",
                "respond",
                "kommentare",
                "reacties",
            }:
                around.add(up)
    return around


def _headline(root: Element, about: dict[str, Any], title: str) -> tuple[Element | None, str, tuple[str, ...]]:
    """The element of the headline, its words, and the guess that was made."""
    said = " ".join(title.split())
    headlines = [said, plain(str(about.get("headline") or "")), _meta(root, "og:title"), _meta(root, "twitter:title")]
    heads = [
        element for element in root.iter("h1", "h2", "h3") if not _is_hidden_somewhere(element) and line_of(element)
    ]
    for words in (_folded(headline) for headline in headlines if headline):
        for element in heads:
            if _folded(line_of(element)) == words:
                return element, said or line_of(element), ()
    marked = [
        element for element in root.xpath("//*[@itemprop='headline']") if not is_hidden(element) and line_of(element)
    ]
    first = [element for element in heads if element.tag == "h1"]
    in_article = [element for element in first if any(up.tag in ("article", "main") for up in ancestors(element))]
    window = _folded(line_of_title(root))
    likely = [
        element for element in heads if len(line_of(element)) > 12 and window.startswith(_folded(line_of(element)))
    ]
    for candidates in (
        marked,
        likely,
        in_article,
        first,
        [element for element in heads if parts(element) & {"title", "headline"}],
    ):
        if candidates:
            return candidates[0], said or line_of(candidates[0]), ()
    words = (
        next((headline for headline in headlines if headline), "")
        or re.split(r"\s+[|\u2013—·-]\s+", line_of_title(root))[0]
    )
    guess = "The headline is the title of the window: no heading was found; --title 'words' says otherwise."
    return None, " ".join(words.split()), (guess,) if words and not said else ()


def line_of_title(root: Element) -> str:
    """The title of the page's window."""
    title = root.find(".//title")
    return " ".join("".join(title.itertext()).split()) if title is not None else ""


def _body(root: Element, without: set[Element], head: Element | None) -> Element | None:
    """The element that holds the paragraphs."""
    weights: dict[Element, float] = defaultdict(float)
    page = root.find("body") if root.find("body") is not None else root
    for block in blocks(
        page, lambda element: element in without or (_is_furniture(element) and not _is_large(element))
    ):
        element = block.element
        if element is head or element.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            continue
        share = 1 - block.linked / max(len(block.text), 1)
        weight = (
            len(block.text) if len(block.text) >= _LEAST or page_words.is_wide(block.text) else len(block.text) / 8
        ) * share**2
        up = element if element.tag in ("div", "section", "article", "main", "body") else element.getparent()
        for part in (1.0, 0.6, 0.35, 0.2):
            if up is None:
                break
            weights[up] += weight * part
            up = up.getparent()
    if not weights:
        return None
    densest = max(weights, key=lambda element: weights[element])
    for element in root.xpath("//*[@itemprop='articleBody']"):
        if weights.get(element, 0) > 0.3 * weights[densest]:
            return element
    named = [
        element
        for element in weights
        if any(_BODIES.fullmatch(token) for token in tokens(element)) or _BODIES.fullmatch(element.get("id") or "")
    ]
    within = [
        element
        for element in named
        if densest in set(ancestors(element)) or element is densest or element in set(ancestors(densest))
    ]
    best = max(within, key=lambda element: weights[element], default=None)
    if best is not None and weights[best] > 0.5 * weights[densest]:
        return _with_sisters(best, weights)
    return densest


def _with_sisters(body: Element, weights: dict[Element, float]) -> Element:
    """The element around, where the article is cut into several parts of one kind."""
    around = body.getparent()
    kind = (body.tag, tokens(body))
    sisters = [
        element for element in body.itersiblings() if (element.tag, tokens(element)) == kind and weights.get(element)
    ]
    return around if around is not None and sisters and tokens(body) else body


def _is_large(element: Element) -> bool:
    return element.tag in ("body", "main", "article") or sum(len(line_of(p)) for p in element.iter("p")) > 1500


def _is_furniture(element: Element) -> bool:
    """Whether an element is by its own names no part of an article's text."""
    if element.tag in _FIGURES or (element.get("role") or "") in _ROLES or element.get("aria-hidden") == "true":
        return True
    if element.tag in ("p", "h2", "h3", "blockquote", "article", "main", "body", "html"):
        return bool(
            tokens(element)
            & {"byline", "dateline", "caption", "wp-caption-text", "credit", "meta", "entry-meta", "author"}
        )
    if element.tag == "header" and not any(up.tag in ("article", "main") for up in ancestors(element)):
        return True
    return bool(parts(element) & _FURNITURE) or any(
        token in tokens(element) for token in ("more-on", "read-more", "see-also")
    )


def _is_no_paragraph(block: Block, headline: str, left: list[str]) -> bool:
    """Whether a block among the paragraphs is a button, a line of links, or the headline again."""
    line = " ".join(block.text.split())
    if _folded(line) == _folded(headline):
        return True
    links = block.linked > 0.8 * len(line) and (len(line) < 120 and not re.search(r"[.!?。]$", line))
    if (
        links
        or (len(line) < 60 and is_notice(line))
        or page_words.is_button(line)
        or page_words.date_in(line)
        or page_words.is_end(line)
        or _BYLINE.fullmatch(line)
    ):
        left.append(line)
        return True
    return False


_BYLINE = re.compile(r"(?:by|von|par|por|door|text:?)\s+[^.!?]{3,60}", re.I)


def _standfirst(root: Element, head: Element, body: Element, paragraphs: list[str]) -> str:
    """The words below the headline that lead into the article, where they stand outside its body."""
    inside = set(body.iter())
    for element in root.iter("p", "div", "h2", "strong"):
        if tokens(element) & _STANDFIRST or parts(element) & {
            "standfirst",
            "dek",
            "chapo",
            "entradilla",
            "lede",
            "subheadline",
        }:
            line = line_of(element)
            same = any(up is other for up in ancestors(element) for other in list(ancestors(head))[:4])
            if (
                element not in inside
                and same
                and len(line.split()) >= 4
                and line not in paragraphs
                and not is_hidden(element)
            ):
                return line
    return ""


def _is_hidden_somewhere(element: Element) -> bool:
    return is_hidden(element) or any(is_hidden(up) or up.tag in ("nav", "aside") for up in ancestors(element))


# What the page tells of it -------------------------------------------------------------------------------------------


def linked_data(root: Element) -> Iterator[dict[str, Any]]:
    """Every object of the page's JSON-LD; what is not JSON is passed over."""
    for script in root.xpath("//script[contains(@type, 'ld+json')]"):
        try:
            value = from_text("".join(script.itertext()).strip().rstrip(";"), strict=False)
        except ValueError:
            continue
        waiting = [value]
        while waiting:
            entry = waiting.pop(0)
            if isinstance(entry, list):
                waiting += entry
            elif isinstance(entry, dict):
                yield entry
                waiting += [
                    value for name, value in entry.items() if name in ("@graph", "mainEntity", "mainEntityOfPage")
                ]


def _known(root: Element, about: dict[str, Any], data: list[dict[str, Any]], without: set[Element]) -> dict[str, str]:
    publisher = _meta(root, "og:site_name") or _named(about.get("publisher")) or _meta(root, "application-name")
    for name in root.xpath("//*[@itemprop='publisher']//*[@itemprop='name']")[:1]:
        publisher = publisher or name.get("content") or line_of(name)
    if not publisher:
        publisher = next((_named(entry) for entry in data if "Organization" in _kind(entry)), "") or _of_window(root)
    author = _named(about.get("author")) or _author(root, without)
    published = (
        str(about.get("datePublished") or "") or _meta(root, "article:published_time") or _first_time(root, without)
    )
    language = (root.get("lang") or root.get("xml:lang") or _meta(root, "og:locale")).replace("_", "-").strip()
    address = next((link.get("href") or "" for link in root.xpath("//link[@rel='canonical']")), "") or _meta(
        root, "og:url"
    )
    dates_read = dates.dates_of([published], dates.order_of(dates.orders([published])), language)
    return {
        "publisher": " ".join(publisher.split()),
        "author": author,
        "published": dates_read.get(published.strip(), "")[:10],
        "url": address if urlsplit(address).scheme in ("http", "https") and urlsplit(address).hostname else "",
        "language": language if is_language(language) else "",
    }


def _kind(entry: dict[str, Any]) -> str:
    kind = entry.get("@type", "")
    return " ".join(map(str, kind)) if isinstance(kind, list) else str(kind)


def _meta(root: Element, name: str) -> str:
    contents = root.xpath("//meta[@property=$name or @name=$name]/@content", name=name)
    return " ".join(str(contents[0]).split()) if contents else ""


def _named(who: object) -> str:
    """The name of a person or an organisation in JSON-LD; of several, all of them."""
    if isinstance(who, list):
        return ", ".join(dict.fromkeys(filter(None, map(_named, who))))
    if isinstance(who, dict):
        who = who.get("name", "")
    name = plain(who) if isinstance(who, str) else ""
    return "" if name.startswith("http") else " ".join(name.split())


def _of_window(root: Element) -> str:
    """The paper's name at the end of the window's title."""
    pieces = re.split(r"\s+[|\u2013—·]\s+|\s+-\s+", line_of_title(root))
    return pieces[-1] if len(pieces) > 1 and len(pieces[-1].split()) <= 4 else ""


def _author(root: Element, without: set[Element]) -> str:
    """The author of the byline, or as a meta tag names it."""
    if (said := _meta(root, "author") or _meta(root, "article:author")) and not said.startswith("http"):
        return said
    outside = root.xpath(
        "//*[@rel='author' or @itemprop='author' or contains(concat(' ', @class, ' '), ' byline ') "
        "or contains(concat(' ', @class, ' '), ' author ') or contains(@class, 'submitted')]"
    )
    for element in outside:
        line = re.sub(
            r"^(?:submitted |posted |written )?(?:by|von|par|por|door|text:)\s+", "", line_of(element), flags=re.I
        )
        line = re.split(r"\s*[|·•,]\s*(?=\d)|\s{2,}", page_words.DATE.sub("", line))[0].strip(" ,|·•-\u2013")
        line = re.sub(r"\s+(?:on|am|le|el|op)(?:\s+\w{2,9},?)?$", "", line)
        if 0 < len(line) <= 80 and not is_hidden(element) and without.isdisjoint([element, *ancestors(element)]):
            return line
    return ""


def _first_time(root: Element, without: set[Element]) -> str:
    """The first date that the page marks outside its comments."""
    for element in root.xpath("//time | //*[@itemprop='datePublished']"):
        value = element.get("datetime") or element.get("content") or page_words.date_in(line_of(element))
        if value and without.isdisjoint([element, *ancestors(element)]):
            return str(value)
    for name in ("date", "dc.date", "DC.date.issued", "pubdate", "parsely-pub-date", "sailthru.date"):
        if value := _meta(root, name):
            return value
    for element in root.xpath(
        "//*[contains(@class, 'date') or contains(@class, 'publi') or contains(@class, 'byline') "
        "or contains(@class, 'submitted') or contains(@class, 'created')]"
    ):
        match = page_words.DATE.search(line_of(element)) if len(element) < 12 and not is_hidden(element) else None
        if match and without.isdisjoint([element, *ancestors(element)]):
            return match.group()
    return ""


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())
