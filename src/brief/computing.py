"""From data to snapshot: load the brief, compute facts, draw figures, keep all that the site shows as plain files."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from brief import facts as facts_module
from brief import figures, privacy, project, tables
from brief.analysis import coding
from brief.errors import BriefError
from brief.facts import Fact
from brief.figures import Figure, Table, Unavailable, render, topline
from brief.figures.downloads import csv_for_spreadsheets
from brief.figures.palette import css, tokens
from brief.language import long_date
from brief.ledger import provenance
from brief.project import Article, Brief

#: How many comments the page lists in full; the rest stand in the figures' data.
LISTED = 200
_EXCERPT_WORDS = 25


def compute(root: Path, digest: str, folder: Path) -> dict[str, Any]:
    """Everything the site shows of the brief at `root`, as plain data; the files of figures go to `folder/files`.

    Raises `BriefError` with every fault of the data.
    """
    brief = project.load(root)
    for module in brief.topic.modules:
        project.topic_module(module)
    found = facts_module.compute_facts(brief)
    files = folder / "files"
    files.mkdir(parents=True)
    return {
        "digest": digest,
        "data_digest": brief.digest,
        "topic": _topic(brief),
        "facts": [_fact(fact) for fact in found.values()],
        "figures": {name: _figure(name, make, brief, found, files) for name, make in figures.figures().items()},
        "tables": {name: _table(name, make, brief, found) for name, make in figures.tables().items()},
        "articles": [_article(article, brief) for article in brief.articles],
        "comments": _comments(brief),
        "palette": {name: {"light": one.light, "dark": one.dark} for name, one in tokens().items()},
        "palette_css": css(),
    }


def _topic(brief: Brief) -> dict[str, Any]:
    topic = brief.topic
    names = ("brief_id", "title", "subtitle", "question", "audience", "publisher", "contact", "language", "rights")
    return {name: getattr(topic, name) for name in names} | {
        "edition": topic.edition.isoformat(),
        "site_url": topic.site_url or "",
    }


def _fact(fact: Fact) -> dict[str, Any]:
    kind = "date" if fact.as_json()["value"] != fact.value else type(fact.value).__name__
    return {**fact.as_json(), "units": fact.units, "kind": kind}


def _figure(
    name: str,
    make: Callable[[Brief, Mapping[str, Fact]], Figure | Unavailable],
    brief: Brief,
    found: Mapping[str, Fact],
    files: Path,
) -> dict[str, Any]:
    figure = make(brief, found)
    if isinstance(figure, Unavailable):
        return {"unavailable": figure.reason}
    svg = render.svg_standalone(figure)
    downloads = {
        "csv": csv_for_spreadsheets(figure.data).encode(),
        "svg": svg.encode(),
        "png": render.png(figure),
        "json": (json.dumps(figure.wide, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode(),
    }
    for kind, content in downloads.items():
        (files / f"{name}.{kind}").write_bytes(content)
    return {
        "headline": figure.headline,
        "subtitle": figure.subtitle,
        "alt": figure.alt,
        "note": figure.note,
        "source": figure.source,
        **_rows(figure.data),
        "wide": figure.wide,
        "narrow": figure.narrow,
        "svg": svg,
        "svg_wide": render.svg_for_page(figure.wide, f"{name}-wide"),
        "svg_narrow": render.svg_for_page(figure.narrow, f"{name}-narrow"),
        "downloads": {kind: len(content) for kind, content in downloads.items()},
        "made_by": figure.made_by,
        "code": inspect.getsource(inspect.unwrap(make)),
    }


def _table(
    name: str,
    make: Callable[[Brief, Mapping[str, Fact]], Table | Unavailable],
    brief: Brief,
    found: Mapping[str, Fact],
) -> dict[str, Any]:
    table = make(brief, found)
    if isinstance(table, Unavailable):
        return {"unavailable": table.reason}
    return {"caption": table.caption, "note": table.note, "source": table.source, **_rows(table.data)}


def _rows(data: pd.DataFrame) -> dict[str, Any]:
    texts = data.astype("string").fillna("")
    return {
        "columns": [str(name) for name in data.columns],
        "rows": [list(row) for row in texts.itertuples(index=False)],
    }


def _article(article: Article, brief: Brief) -> dict[str, Any]:
    prefix = "" if len(brief.articles) == 1 else f"{article.article_id}-"
    excerpt = brief.topic.rights != "full_text"
    return {
        "article_id": article.article_id,
        "title": article.title,
        "publisher": article.publisher,
        "author": article.author or "",
        "url": article.url or "",
        "language": article.language,
        "published": long_date(article.published) if article.published else "",
        "retrieved": long_date(article.retrieved) if article.retrieved else "",
        "excerpt": excerpt,
        "paragraphs": [
            {"anchor": f"{prefix}p{number}", "number": number, "text": _excerpt(text) if excerpt else text}
            for number, text in enumerate(article.paragraphs, start=1)
        ],
    }


def _excerpt(text: str) -> str:
    words = text.split()
    return text if len(words) <= _EXCERPT_WORDS else " ".join(words[:_EXCERPT_WORDS]) + " …"


def _comments(brief: Brief) -> list[dict[str, Any]]:
    """The comments that the page lists, as they may be shown: names replaced, addresses masked, coding at hand."""
    how = dict(provenance(brief).itertuples(index=False))
    units = {collection.collection_id: collection.unit for collection in brief.collections}
    codes = topline.labels(brief)
    shown: list[dict[str, Any]] = []
    for batch in brief.comments():
        batch = privacy.publishable(batch.head(LISTED - len(shown)), brief.topic.pseudonym_key or "")
        for row in coding.annotate(batch, brief).to_dict("records"):
            unit = units[row["collection_id"]]
            shown.append(
                {
                    "id": row["comment_id"],
                    "label": f"{unit[:1].upper()}{unit[1:]} {row['position']}",
                    "text": row["text"],
                    "author": row["author"],
                    "posted_at": row["posted_at"],
                    "language": row["language"],
                    "how": how.get(row["comment_id"], ""),
                    "coding": codes(row),
                }
            )
        if len(shown) >= LISTED:
            break
    return shown


__all__ = ["BriefError", "compute", "tables"]
