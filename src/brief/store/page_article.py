"""The article of a saved page: headline and paragraphs as a reader sees them, and what the page tells of them.

What a page says to machines (JSON-LD, Open Graph, microdata) is used to find the words a reader sees, never in their
place. Nothing is fetched.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from brief.contract.checking import is_language
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
    about = next((one for one in data if _ARTICLES.search(_kind(one))), {})
    without = _around(comments)
    head, headline, guess = _headline(root, about, title)
    body = _body(root, without, head)
    if body is None or not headline:
        return PageArticle(None)
    size = max(len(line_of(body)), 1)
    left: list[str] = []

    def is_left(one: Element) -> bool:
        if one in without or one is head:
            return True
        if not _is_furniture(one) or len(words := line_of(one)) > size * 0.35:
            return False
        if words:
            left.append(words)
        return True

    found = list(blocks(body, is_left))
    paragraphs = [block.text for block in found if not _is_no_paragraph(block, headline, left)]
    if head is not None and (first := _standfirst(root, head, body, paragraphs)):
        paragraphs.insert(0, first)
    if not paragraphs:
        return PageArticle(None)
    known = {name: value for name, value in _known(root, about, data, without).items() if value}
    return PageArticle(FoundArticle(headline, tuple(paragraphs), known), tuple(dict.fromkeys(left)), guess)


# Where it stands -----------------------------------------------------------------------------------------------------


def _around(comments: list[Element]) -> set[Element]:
    """The comments, and the parts of the page that hold them and no headline."""
    found = set(comments)
    for one in comments[:1]:
        for up in ancestors(one):
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
                found.add(up)
    return found


def _headline(root: Element, about: dict[str, Any], title: str) -> tuple[Element | None, str, tuple[str, ...]]:
    """The element of the headline, its words, and the guess that was made."""
    said = " ".join(title.split())
    told = [said, plain(str(about.get("headline") or "")), _meta(root, "og:title"), _meta(root, "twitter:title")]
    heads = [one for one in root.iter("h1", "h2", "h3") if not _is_hidden_somewhere(one) and line_of(one)]
    for words in (_folded(one) for one in told if one):
        for one in heads:
            if _folded(line_of(one)) == words:
                return one, said or line_of(one), ()
    marked = [one for one in root.xpath("//*[@itemprop='headline']") if not is_hidden(one) and line_of(one)]
    first = [one for one in heads if one.tag == "h1"]
    in_article = [one for one in first if any(up.tag in ("article", "main") for up in ancestors(one))]
    window = _folded(line_of_title(root))
    likely = [one for one in heads if len(line_of(one)) > 12 and window.startswith(_folded(line_of(one)))]
    for found in (marked, likely, in_article, first, [one for one in heads if parts(one) & {"title", "headline"}]):
        if found:
            return found[0], said or line_of(found[0]), ()
    words = next((one for one in told if one), "") or re.split(r"\s+[|\u2013—·-]\s+", line_of_title(root))[0]
    guess = "The headline is the title of the window: no heading was found; --title 'words' says otherwise."
    return None, " ".join(words.split()), (guess,) if words and not said else ()


def line_of_title(root: Element) -> str:
    """The title of the page's window."""
    found = root.find(".//title")
    return " ".join("".join(found.itertext()).split()) if found is not None else ""


def _body(root: Element, without: set[Element], head: Element | None) -> Element | None:
    """The element that holds the paragraphs."""
    weights: dict[Element, float] = defaultdict(float)
    page = root.find("body") if root.find("body") is not None else root
    for block in blocks(page, lambda one: one in without or (_is_furniture(one) and not _is_large(one))):
        one = block.element
        if one is head or one.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            continue
        share = 1 - block.linked / max(len(block.text), 1)
        weight = (
            len(block.text) if len(block.text) >= _LEAST or page_words.is_wide(block.text) else len(block.text) / 8
        ) * share**2
        up = one if one.tag in ("div", "section", "article", "main", "body") else one.getparent()
        for part in (1.0, 0.6, 0.35, 0.2):
            if up is None:
                break
            weights[up] += weight * part
            up = up.getparent()
    if not weights:
        return None
    densest = max(weights, key=lambda one: weights[one])
    for one in root.xpath("//*[@itemprop='articleBody']"):
        if weights.get(one, 0) > 0.3 * weights[densest]:
            return one
    named = [
        one
        for one in weights
        if any(_BODIES.fullmatch(token) for token in tokens(one)) or _BODIES.fullmatch(one.get("id") or "")
    ]
    within = [
        one for one in named if densest in set(ancestors(one)) or one is densest or one in set(ancestors(densest))
    ]
    best = max(within, key=lambda one: weights[one], default=None)
    if best is not None and weights[best] > 0.5 * weights[densest]:
        return _with_sisters(best, weights)
    return densest


def _with_sisters(body: Element, weights: dict[Element, float]) -> Element:
    """The element around, where the article is cut into several parts of one kind."""
    around = body.getparent()
    kind = (body.tag, tokens(body))
    sisters = [one for one in body.itersiblings() if (one.tag, tokens(one)) == kind and weights.get(one)]
    return around if around is not None and sisters and tokens(body) else body


def _is_large(one: Element) -> bool:
    return one.tag in ("body", "main", "article") or sum(len(line_of(p)) for p in one.iter("p")) > 1500


def _is_furniture(one: Element) -> bool:
    """Whether an element is by its own names no part of an article's text."""
    if one.tag in _FIGURES or (one.get("role") or "") in _ROLES or one.get("aria-hidden") == "true":
        return True
    if one.tag in ("p", "h2", "h3", "blockquote", "article", "main", "body", "html"):
        return bool(
            tokens(one) & {"byline", "dateline", "caption", "wp-caption-text", "credit", "meta", "entry-meta", "author"}
        )
    if one.tag == "header" and not any(up.tag in ("article", "main") for up in ancestors(one)):
        return True
    return bool(parts(one) & _FURNITURE) or any(token in tokens(one) for token in ("more-on", "read-more", "see-also"))


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
    for one in root.iter("p", "div", "h2", "strong"):
        if tokens(one) & _STANDFIRST or parts(one) & {
            "standfirst",
            "dek",
            "chapo",
            "entradilla",
            "lede",
            "subheadline",
        }:
            line = line_of(one)
            same = any(up is other for up in ancestors(one) for other in list(ancestors(head))[:4])
            if one not in inside and same and len(line.split()) >= 4 and line not in paragraphs and not is_hidden(one):
                return line
    return ""


def _is_hidden_somewhere(one: Element) -> bool:
    return is_hidden(one) or any(is_hidden(up) or up.tag in ("nav", "aside") for up in ancestors(one))


# What the page tells of it -------------------------------------------------------------------------------------------


def linked_data(root: Element) -> Iterator[dict[str, Any]]:
    """Every object of the page's JSON-LD; what is not JSON is passed over."""
    for script in root.xpath("//script[contains(@type, 'ld+json')]"):
        try:
            found = json.loads("".join(script.itertext()).strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        waiting = [found]
        while waiting:
            one = waiting.pop(0)
            if isinstance(one, list):
                waiting += one
            elif isinstance(one, dict):
                yield one
                waiting += [
                    value for name, value in one.items() if name in ("@graph", "mainEntity", "mainEntityOfPage")
                ]


def _known(root: Element, about: dict[str, Any], data: list[dict[str, Any]], without: set[Element]) -> dict[str, str]:
    publisher = _meta(root, "og:site_name") or _named(about.get("publisher")) or _meta(root, "application-name")
    for name in root.xpath("//*[@itemprop='publisher']//*[@itemprop='name']")[:1]:
        publisher = publisher or name.get("content") or line_of(name)
    if not publisher:
        publisher = next((_named(one) for one in data if "Organization" in _kind(one)), "") or _of_window(root)
    author = _named(about.get("author")) or _author(root, without)
    published = (
        str(about.get("datePublished") or "") or _meta(root, "article:published_time") or _first_time(root, without)
    )
    language = (root.get("lang") or root.get("xml:lang") or _meta(root, "og:locale")).replace("_", "-").strip()
    address = next((one.get("href") or "" for one in root.xpath("//link[@rel='canonical']")), "") or _meta(
        root, "og:url"
    )
    found, _ = dates.read([published], "", language)
    return {
        "publisher": " ".join(publisher.split()),
        "author": author,
        "published": found.get(published.strip(), "")[:10],
        "url": address if urlsplit(address).scheme in ("http", "https") and urlsplit(address).hostname else "",
        "language": language if is_language(language) else "",
    }


def _kind(one: dict[str, Any]) -> str:
    kind = one.get("@type", "")
    return " ".join(map(str, kind)) if isinstance(kind, list) else str(kind)


def _meta(root: Element, name: str) -> str:
    found = root.xpath("//meta[@property=$name or @name=$name]/@content", name=name)
    return " ".join(str(found[0]).split()) if found else ""


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
    for one in outside:
        line = re.sub(
            r"^(?:submitted |posted |written )?(?:by|von|par|por|door|text:)\s+", "", line_of(one), flags=re.I
        )
        line = re.split(r"\s*[|·•,]\s*(?=\d)|\s{2,}", page_words.DATE.sub("", line))[0].strip(" ,|·•-\u2013")
        line = re.sub(r"\s+(?:on|am|le|el|op)(?:\s+\w{2,9},?)?$", "", line)
        if 0 < len(line) <= 80 and not is_hidden(one) and without.isdisjoint([one, *ancestors(one)]):
            return line
    return ""


def _first_time(root: Element, without: set[Element]) -> str:
    """The first date that the page marks outside its comments."""
    for one in root.xpath("//time | //*[@itemprop='datePublished']"):
        value = one.get("datetime") or one.get("content") or page_words.date_in(line_of(one))
        if value and without.isdisjoint([one, *ancestors(one)]):
            return str(value)
    for name in ("date", "dc.date", "DC.date.issued", "pubdate", "parsely-pub-date", "sailthru.date"):
        if value := _meta(root, name):
            return value
    for one in root.xpath(
        "//*[contains(@class, 'date') or contains(@class, 'publi') or contains(@class, 'byline') "
        "or contains(@class, 'submitted') or contains(@class, 'created')]"
    ):
        found = page_words.DATE.search(line_of(one)) if len(one) < 12 and not is_hidden(one) else None
        if found and without.isdisjoint([one, *ancestors(one)]):
            return found.group()
    return ""


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())
