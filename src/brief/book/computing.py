"""From data to facts: load the brief, compute what is found in it, and keep all that prose may say as plain data.

Nothing is drawn here: `brief check` and `brief facts` need no picture.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from brief import figures
from brief.analysis.alignment import ANSWERS
from brief.book import listing
from brief.contract import modules
from brief.data import appraisal
from brief.data.bibliography import keys_of
from brief.data.brief import Brief
from brief.data.claims import chain_of, printed_date, used
from brief.data.ledger import paragraph_item
from brief.data.loading import load
from brief.data.shapes import Article
from brief.errors import BriefError
from brief.findings import facts as facts_module
from brief.findings import naming, passes
from brief.findings.facts import Fact
from brief.findings.findings import Findings
from brief.prose.language import long_date
from brief.scripts import is_unspaced

_EXCERPT_WORDS, _EXCERPT_SIGNS = 25, 50


def findings_at(root: Path) -> Findings:
    """What is found in the brief at `root`, with the modules that its topic switches on.

    Raises `BriefError` with every fault of the data.
    """
    brief = load(root)
    for module in brief.topic.modules:
        modules.load(module)
    return Findings(brief)


def compute(findings: Findings) -> dict[str, Any]:
    """Everything but figures and tables that the site shows of a brief, as plain data.

    Raises `BriefError` where a condition of an assessment no longer holds.
    """
    with findings.brief.speaking():
        return _computed(findings)


def _computed(findings: Findings) -> dict[str, Any]:
    brief = findings.brief
    facts = facts_module.compute_facts(findings)
    if faults := appraisal.check_conditions(brief.appraisal, facts_module.values(facts)):
        raise BriefError(faults)
    listed = listing.comments(findings)
    return {
        "data_digest": brief.digest,
        "topic": _topic(brief),
        "facts": [_fact(fact) for fact in facts.values()],
        "looked_at": {fact.made_by: findings.looked_at[fact.made_by] for fact in facts.values()},
        "figure_ids": list(figures.figures(brief.topic.modules)),
        "table_ids": list(figures.tables(brief.topic.modules)),
        "articles": [_article(article, brief) for article in brief.articles],
        "comments": listed,
        "choices": listing.choices(findings, listed),
        "withdrawn": passes.withdrawn(brief),
        "unshown": [list(coding) for coding in brief.unshown],
        "texts": _texts(brief, listed),
        "claims": _claims(findings, listed),
        "timeline": [
            {**event, "sources": keys_of(event["sources"]), "printed": printed_date(event["date"])}
            for event in naming.rows_of(brief.claim_register.timeline)
        ],
        "sources": {key: dict(fields) for key, fields in brief.sources.items()},
        "plan": naming.rows_of(brief.plan.entries),
        "corrections": naming.rows_of(brief.corrections),
        "sources_used": sorted(used(brief.claim_register) | appraisal.used(brief.appraisal) | _of_terms(brief)),
    }


def _of_terms(brief: Brief) -> set[str]:
    """The sources of the glossary."""
    return {key for cell in brief.glossary["sources"] for key in keys_of(cell)}


def _topic(brief: Brief) -> dict[str, Any]:
    topic = brief.topic
    names = ("brief_id", "title", "subtitle", "question", "audience", "publisher", "contact", "language", "rights")
    return {name: getattr(topic, name) for name in names} | {
        "contact_href": topic.contact_href,
        "contact_words": topic.contact_words,
        "edition": topic.edition.isoformat(),
        "searched_to": printed_date(topic.searched_to),
        "site_url": topic.site_url,
        "redirects": dict(topic.redirects),
        "pdf": list(topic.pdf),
        "pdf_fonts": topic.pdf_fonts,
    }


def _fact(fact: Fact) -> dict[str, Any]:
    kind = "date" if fact.as_json()["value"] != fact.value else type(fact.value).__name__
    rows = {"rows": fact.rows.as_json()} if fact.rows else {}
    return {**fact.as_json(), "units": fact.units, "kind": kind, "made_by": fact.made_by, **rows}


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


def _claims(findings: Findings, comments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The claims with the chain by which the reader has each, as steps with their kind, and who responds to it.

    Comments that the page lists are named; `answers` counts all.
    """
    listed = []
    labels = {comment["id"]: comment["label"] for comment in comments}
    answering = findings.aligned[findings.aligned["kind"] == ANSWERS]
    for claim in naming.rows_of(findings.brief.claim_register.claims):
        chain = [{"name": name, "kind": kind} for name, kind in chain_of(claim)]
        own = answering[answering["target"] == claim["claim_id"]]
        named = [
            {"id": row["comment_id"], "label": labels[row["comment_id"]], "how": row["how"]}
            for row in naming.rows_of(own)
            if row["comment_id"] in labels
        ]
        keys = {column: keys_of(claim[column]) for column in ("said_sources", "sources")}
        listed.append({**claim, **keys, "chain": chain, "answered": named, "answers": len(own)})
    return listed


def texts_of(brief: Brief) -> dict[str, str]:
    """What a chapter may quote, by item: the stored paragraphs, and the listed comments as they are shown.

    Nothing but these texts is looked at, so that it can be asked of data that have faults elsewhere.
    """
    listed: list[dict[str, Any]] = []
    for _, batch in passes.published(brief):
        left = naming.LISTED - len(listed)
        listed += naming.rows_of(batch.head(left).rename(columns={"comment_id": "id"}))
        if len(listed) == naming.LISTED:
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
    if is_unspaced(text):
        return text if len(text) <= _EXCERPT_SIGNS else f"{text[:_EXCERPT_SIGNS]} …"
    words = text.split()
    return text if len(words) <= _EXCERPT_WORDS else " ".join(words[:_EXCERPT_WORDS]) + " …"
