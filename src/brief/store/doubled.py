"""What is stored already under another name: it may be wanted twice, but never without a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from urllib.parse import urlsplit

from brief.contract import comment_files
from brief.data.brief import Brief
from brief.data.shapes import Article
from brief.prose.placeholders import is_placeholder

LOOKED_AT = 20_000
"""So many comments that are new or changed are looked for among those of other collections."""
_BATCH = 50_000
_SHARE = 0.5
"""From such a share on, those of another collection are likely the same ones: a short answer is given by many."""


def articles(brief: Brief, name: str, url: str, paragraphs: tuple[str, ...]) -> Iterator[str]:
    """The articles of other names that are at the same address, or have the same paragraphs; a message for each."""
    for article in brief.articles:
        if article.article_id == name:
            continue
        if why := _why_same(article, url, paragraphs):
            yield (
                f"This article is stored already as '{article.article_id}', {why}; "
                f"--id {article.article_id} --replace takes this in as a newer copy of it."
            )


def comments(brief: Brief, name: str, rows: Iterable[Mapping[str, str]], *, page: bool) -> Iterator[str]:
    """The other collections in which most of the new comments stand, by their words; a message for each.

    In: the collection that the rows come into, and whether they stand on a `page` with an article.
    """
    new = Counter(_words(row["text"]) for row in islice(rows, LOOKED_AT) if not is_placeholder(row["text"]))
    if not new:
        return
    others = sorted(collection.collection_id for collection in brief.collections)
    for collection in (other for other in others if other != name):
        texts: set[str] = set()
        for batch, _, _ in comment_files.batches(brief.root, collection, _BATCH):
            texts.update(new.keys() & set(map(_words, batch["text"])))
        same = sum(new[words] for words in texts)
        if same >= _SHARE * new.total():
            where = f"Stored already in '{collection}', with the same words"
            below_article = any(article.article_id == collection for article in brief.articles)
            option = f"--id {collection} --replace" if page else f"--collection {collection}"
            remedy = f"; {option} takes this in as a newer copy" if below_article or not page else ""
            yield f"{where}: {same} of {new.total()} comments, so they count twice{remedy}."


def _why_same(article: Article, url: str, paragraphs: tuple[str, ...]) -> str:
    if url and article.url and _address(url) == _address(article.url):
        return "with the same address"
    return "with the same paragraphs" if paragraphs == article.paragraphs else ""


def _address(url: str) -> tuple[str, str, str]:
    """What of an address says which page it is: neither its scheme nor a place within the page."""
    parts = urlsplit(url)
    return parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/"), parts.query


def _words(text: str) -> str:
    return " ".join(text.split())
