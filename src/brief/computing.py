"""From data to snapshot: load the brief, compute facts, draw figures, keep all that the site shows as plain files."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd

from brief import appraisal, figures, modules, project, shown
from brief import facts as facts_module
from brief.analysis import coding
from brief.analysis.alignment import ANSWERS
from brief.bibliography import keys_of
from brief.errors import BriefError
from brief.facts import Fact
from brief.figures import Figure, Unavailable, cards, render
from brief.figures.downloads import csv_for_spreadsheets
from brief.figures.palette import TOKENS, css
from brief.language import long_date
from brief.ledger import BY_HAND, paragraph_item, provenance
from brief.project import Article, Brief
from brief.record import chain_of, printed_date, used

#: How many rows of a table stand on its page; the download has all.
ROWS_SHOWN = 200
_EXCERPT_WORDS = 25


def compute(root: Path, digest: str, folder: Path) -> dict[str, Any]:
    """Everything the site shows of the brief at `root`, as plain data; the files of figures go to `folder/files`.

    Raises `BriefError` with every fault of the data.
    """
    brief = project.load(root)
    for module in brief.topic.modules:
        modules.load(module)
    found = facts_module.compute_facts(brief)
    if faults := appraisal.check_conditions(brief.appraisal, facts_module.values(found)):
        raise BriefError(faults)
    drawn, listed_tables = figures.figures(brief.topic.modules), figures.tables(brief.topic.modules)
    files = folder / "files"
    files.mkdir(parents=True)
    topic = brief.topic
    # The library that draws lets Python go on meanwhile; it draws one picture at a time.
    with ThreadPoolExecutor(max_workers=1) as drawing:
        card = cards.brief_card(topic.title, topic.subtitle, topic.question, _origin(brief))
        drawn_card = drawing.submit(cards.drawn, card)
        made = {name: make(brief, found) for name, make in drawn.items()}
        pictures = {name: drawing.submit(_figure, name, drawn[name], one, brief, files) for name, one in made.items()}
        content = _content(brief, found, listed_tables, files)
    (files / "brief.card.png").write_bytes(drawn_card.result())
    return {"digest": digest, **content, "figures": {name: one.result() for name, one in pictures.items()}}


def _content(
    brief: Brief, found: Mapping[str, Fact], makers: Mapping[str, figures.MakeTable], files: Path
) -> dict[str, Any]:
    """Everything but the figures."""
    return {
        "data_digest": brief.digest,
        "topic": _topic(brief),
        "facts": [_fact(fact) for fact in found.values()],
        "tables": {name: _table(name, make, brief, found, files) for name, make in makers.items()},
        "articles": [_article(article, brief) for article in brief.articles],
        "comments": (listed := _with_answers(brief, _comments(brief), aligned := shown.aligned(brief))),
        "texts": _texts(brief, listed),
        "claims": _claims(brief, listed, aligned),
        "timeline": [
            {**one, "sources": keys_of(one["sources"]), "printed": printed_date(one["date"])}
            for one in shown.records(brief.record.timeline)
        ],
        "evidence": [{**one, "sources": keys_of(one["sources"])} for one in shown.records(brief.record.evidence)],
        "sources": {key: dict(fields) for key, fields in brief.sources.items()},
        "corrections": shown.records(brief.corrections),
        "sources_used": sorted(used(brief.record) | appraisal.used(brief.appraisal)),
        "palette": {token.light: f"var({token.variable})" for token in TOKENS},
        "palette_css": css(),
    }


def _topic(brief: Brief) -> dict[str, Any]:
    topic = brief.topic
    names = ("brief_id", "title", "subtitle", "question", "audience", "publisher", "contact", "language", "rights")
    return {name: getattr(topic, name) for name in names} | {
        "edition": topic.edition.isoformat(),
        "site_url": topic.site_url,
        "redirects": dict(topic.redirects),
        "pdf": list(topic.pdf),
    }


def _origin(brief: Brief) -> str:
    """Where a picture that leaves the page is from."""
    return f"{brief.topic.title}. {brief.topic.publisher}, edition of {long_date(brief.topic.edition)}"


def _fact(fact: Fact) -> dict[str, Any]:
    kind = "date" if fact.as_json()["value"] != fact.value else type(fact.value).__name__
    return {**fact.as_json(), "units": fact.units, "kind": kind}


def _figure(
    name: str,
    make: figures.MakeFigure,
    figure: Figure | Unavailable,
    brief: Brief,
    files: Path,
) -> dict[str, Any]:
    if isinstance(figure, Unavailable):
        return {"unavailable": figure.reason}
    svg = render.svg_standalone(figure.wide, figure)
    whole = folder_of_rows(files) / f"{name}.json"
    whole.parent.mkdir(exist_ok=True)
    whole.write_text(json.dumps(_rows(figure.data), ensure_ascii=False), encoding="utf-8")
    downloads = {
        "csv": csv_for_spreadsheets(figure.data).encode(),
        "svg": svg.encode(),
        "png": render.png(svg),
        "card.png": cards.drawn(cards.figure_card(figure, _origin(brief))),
        "json": (json.dumps(figure.wide, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode(),
    }
    reusable = figure.data.drop(columns=[name for name in figure.texts_of_articles if name in figure.data])
    (folder_of_rows(files) / f"{name}.csv").write_text(csv_for_spreadsheets(reusable), encoding="utf-8")
    for kind, content in downloads.items():
        (files / f"{name}.{kind}").write_bytes(content)
    return {
        "headline": figure.headline,
        "subtitle": figure.subtitle,
        "alt": figure.alt,
        "note": figure.note,
        "source": figure.source,
        "column_notes": dict(figure.column_notes),
        **_rows(figure.data.head(ROWS_SHOWN)),
        "left": max(len(figure.data) - ROWS_SHOWN, 0),
        "wide": figure.wide,
        "narrow": figure.narrow,
        "compact": figure.compact,
        "svg": svg,
        "svg_wide": render.svg_for_page(figure.wide, f"{name}-wide"),
        "svg_compact": render.svg_for_page(figure.compact, f"{name}-compact") if figure.compact else "",
        "svg_narrow": render.svg_for_page(figure.narrow, f"{name}-narrow"),
        "downloads": {kind: len(content) for kind, content in downloads.items()},
        "made_by": figure.made_by,
        "code": inspect.getsource(inspect.unwrap(make)),
    }


def _table(
    name: str,
    make: figures.MakeTable,
    brief: Brief,
    found: Mapping[str, Fact],
    files: Path,
) -> dict[str, Any]:
    table = make(brief, found)
    if isinstance(table, Unavailable):
        return {"unavailable": table.reason}
    download = csv_for_spreadsheets(table.data).encode()
    (files / f"table-{name}.csv").write_bytes(download)
    rows = _rows(table.data.head(ROWS_SHOWN))
    words: dict[str, Any] = {"caption": table.caption, "note": table.note, "source": table.source}
    words |= {"choose": list(table.choose), "matrix": table.matrix, "folds": table.folds}
    return {**words, **rows, "left": len(table.data) - len(rows["rows"]), "size": len(download)}


def folder_of_rows(files: Path) -> Path:
    """Where the whole data of figures are kept, beside the files that are published."""
    return files.parent / "rows"


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
            {
                "anchor": f"{prefix}p{number}",
                "item": paragraph_item(article.article_id, number),
                "number": number,
                "text": _excerpt(text) if excerpt else text,
            }
            for number, text in enumerate(article.paragraphs, start=1)
        ],
    }


def _with_answers(brief: Brief, listed: list[dict[str, Any]], aligned: pd.DataFrame) -> list[dict[str, Any]]:
    """The listed comments, each with the claims it answers and the themes it raises beside the article."""
    claims = dict(zip(brief.record.claims["claim_id"], brief.record.claims["quote"], strict=True))
    numbers = {name: number for number, name in enumerate(brief.record.article_claims["claim_id"], start=1)}
    themes = shown.labels(brief, "themes")
    by_comment: dict[str, list[dict[str, Any]]] = {}
    for row in shown.records(aligned[aligned["comment_id"].isin([comment["id"] for comment in listed])]):
        words = claims.get(row["target"], "") if row["kind"] == ANSWERS else themes.get(row["target"], row["target"])
        by_comment.setdefault(row["comment_id"], []).append(
            {**row, "words": words, "number": numbers.get(row["target"], 0)}
        )
    return [{**comment, "aligned": by_comment.get(comment["id"], [])} for comment in listed]


def _claims(brief: Brief, comments: list[dict[str, Any]], aligned: pd.DataFrame) -> list[dict[str, Any]]:
    """The claims with the chain by which the reader has each, as steps with their kind, and who responds to it.

    Comments that the page lists are named; `answers` counts all.
    """
    listed = []
    labels = {comment["id"]: comment["label"] for comment in comments}
    answering = aligned[aligned["kind"] == ANSWERS]
    for one in shown.records(brief.record.claims):
        chain = [{"name": name, "kind": kind} for name, kind in chain_of(one)]
        own = answering[answering["target"] == one["claim_id"]]
        named = [
            {"id": row["comment_id"], "label": labels[row["comment_id"]], "how": row["how"]}
            for row in shown.records(own)
            if row["comment_id"] in labels
        ]
        keys = {column: keys_of(one[column]) for column in ("said_sources", "sources")}
        listed.append({**one, **keys, "chain": chain, "answered": named, "answers": len(own)})
    return listed


def texts_of(brief: Brief) -> dict[str, str]:
    """What a chapter may quote, by item: the stored paragraphs, and the listed comments as they are shown.

    Nothing but these texts is looked at, so that it can be asked of data that have faults elsewhere.
    """
    listed: list[dict[str, Any]] = []
    for batch in shown.published(brief):
        left = shown.LISTED - len(listed)
        listed += shown.records(batch.head(left).rename(columns={"comment_id": "id"}))
        if len(listed) == shown.LISTED:
            break
    return _texts(brief, listed)


def _texts(brief: Brief, comments: list[dict[str, Any]]) -> dict[str, str]:
    paragraphs = {
        paragraph_item(article.article_id, number): text
        for article in brief.articles
        for number, text in enumerate(article.paragraphs, start=1)
    }
    return paragraphs | {comment["id"]: comment["text"] for comment in comments}


def _excerpt(text: str) -> str:
    words = text.split()
    return text if len(words) <= _EXCERPT_WORDS else " ".join(words[:_EXCERPT_WORDS]) + " …"


def _comments(brief: Brief) -> list[dict[str, Any]]:
    """The comments that the page lists, as they may be shown: names replaced, addresses masked, coding at hand."""
    how = dict(provenance(brief).itertuples(index=False, name=None))
    listed: list[dict[str, Any]] = []
    for batch, rows in shown.batches(brief):
        for comment, reading in zip(shown.records(batch), shown.records(rows), strict=True):
            if len(listed) == shown.LISTED:
                return listed
            listed.append(
                {
                    "id": comment["comment_id"],
                    "label": shown.label(brief, comment),
                    "text": comment["text"],
                    "author": comment["author"],
                    "posted_at": comment["posted_at"],
                    "language": comment["language"],
                    "how": how.get(comment["comment_id"], BY_HAND),
                    "coding": _reading(brief, reading),
                }
            )
    return listed


def _reading(brief: Brief, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """A comment's coding in the words of the codebook; None where it has none."""
    if not row["coded"]:
        return None
    stances, themes = shown.labels(brief, "stances"), shown.labels(brief, "themes")
    certainties = shown.labels(brief, "certainties")
    alone, there = row["stance"], row["stance_in_thread"]
    return {
        "stance": shown.label_of(stances, alone),
        "in_thread": shown.label_of(stances, there) if there != alone else "",
        "certainty": certainties.get(row["certainty"], row["certainty"]),
        "themes": [themes.get(theme, theme) for theme in coding.theme_ids(row["themes"])],
        "boundary": row["boundary"],
        "note": row["note"],
        "coder": shown.coder_named(brief),
    }
