"""What stands around the article: its claims checked, the timeline, figures from elsewhere, and the sources of all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief import quotations, tables
from brief.errors import BriefError, Fault
from brief.language import listed
from brief.ledger import paragraph_item
from brief.quotations import Quotation
from brief.tables import read_text

if TYPE_CHECKING:
    from brief.project import Article

SOURCES = "data/sources.bib"
CLAIMS, TIMELINE, EVIDENCE = "data/claims.csv", "data/timeline.csv", "data/evidence.csv"
FILES = {CLAIMS: tables.CLAIMS, TIMELINE: tables.TIMELINE, EVIDENCE: tables.EVIDENCE}
CHAIN_KINDS = ("organisation", "named person", "unnamed")
#: The statuses that a claim can have without a source: they say that none was found or none could settle it.
UNSOURCED = ("not verifiable", "no support found")
_PRECISION = {"day": r"\d{4}-\d{2}-\d{2}", "month": r"\d{4}-\d{2}", "year": r"\d{4}"}


def read_sources(root: Path) -> dict[str, dict[str, str]]:
    """The sources by key: author, title, how published, year, note, url; those that are there. Sorted by key.

    Raises `BriefError` where the file is not BibTeX.
    """
    path = root / SOURCES
    if not path.is_file():
        return {}
    from pybtex.database import BibliographyDataError, parse_string
    from pybtex.scanner import PybtexSyntaxError

    try:
        found = parse_string(read_text(path, SOURCES), "bibtex")
    except (PybtexSyntaxError, BibliographyDataError) as error:
        raise BriefError(Fault(f"this is not BibTeX: {error}", "Correct the entry.", SOURCES)) from None
    sources: dict[str, dict[str, str]] = {}
    for key, entry in sorted(found.entries.items()):
        fields = {name.lower(): value.replace("{", "").replace("}", "") for name, value in entry.fields.items()}
        names = [_name(person) for person in entry.persons.get("author", [])]
        sources[key] = {"author": listed(names), **fields}
    return sources


def _name(person: Any) -> str:
    """A person's or an organisation's name as it is read: first names, then last."""
    parts = [*person.first_names, *person.middle_names, *person.prelast_names, *person.last_names]
    return " ".join(" ".join(parts).replace("{", "").replace("}", "").split())


def keys_of(cell: str) -> list[str]:
    """The source keys in a cell."""
    return [key.strip() for key in cell.split(";") if key.strip()]


def used(record: Record) -> set[str]:
    """The source keys that rows of the record name."""
    frames = (record.claims, record.timeline, record.evidence)
    return {key for frame in frames for cell in frame["sources"] for key in keys_of(cell)}


@dataclass(frozen=True)
class Record:
    """The rows of claims, timeline and evidence; columns as in their files, empty where there is no file."""

    claims: pd.DataFrame
    timeline: pd.DataFrame
    evidence: pd.DataFrame


def examine(
    root: Path, record: Record, articles: Iterable[Article], comments: Mapping[str, str]
) -> tuple[dict[str, dict[str, str]], list[Fault]]:
    """The sources, and the faults of the record: quotations, chains, dates, sources that are not there.

    `comments` are the texts of the comments that claims are made in, empty where there is none such.
    """
    try:
        sources = read_sources(root)
    except BriefError as error:
        return {}, list(error.faults)
    texts = {item: text for item, text in comments.items() if text}
    for article in articles:
        numbered = enumerate(article.paragraphs, start=1)
        texts |= {paragraph_item(article.article_id, number): text for number, text in numbered}
    faults = [*_claims(record.claims, texts), *_dates(record.timeline)]
    for frame, file in ((record.claims, CLAIMS), (record.timeline, TIMELINE), (record.evidence, EVIDENCE)):
        for row, one in enumerate(frame.to_dict("records"), start=2):
            keys = keys_of(one["sources"])
            for key in keys:
                if key not in sources:
                    remedy = f"Add it to {SOURCES}, or correct the key."
                    faults.append(Fault(f"there is no source '{key}'", remedy, file, row, "sources"))
            if not keys and one.get("status") not in UNSOURCED:
                faults.append(Fault("the row names no source", f"Name a key of {SOURCES}.", file, row, "sources"))
    return sources, faults


def _claims(claims: pd.DataFrame, texts: Mapping[str, str]) -> Iterator[Fault]:
    for name in claims["claim_id"][claims["claim_id"].duplicated()].unique():
        yield Fault(f"the claim '{name}' is there twice", "Rename one of them.", CLAIMS, None, "claim_id")
    for row, one in enumerate(claims.to_dict("records"), start=2):
        try:
            quotations.check(Quotation(one["item"], one["quote"]), texts)
        except BriefError as error:
            yield from (Fault(fault.what, fault.remedy, CLAIMS, row, "quote") for fault in error.faults)
        chain, kinds = one["chain"].split(";"), [kind.strip() for kind in one["chain_kinds"].split(";")]
        if len(chain) != len(kinds) or any(kind not in CHAIN_KINDS for kind in kinds):
            yield Fault(
                "the chain and its kinds do not match",
                f"Give each step of the chain one of: {', '.join(CHAIN_KINDS)}.",
                CLAIMS,
                row,
                "chain_kinds",
            )


def _dates(timeline: pd.DataFrame) -> Iterator[Fault]:
    for row, one in enumerate(timeline.to_dict("records"), start=2):
        if not re.fullmatch(_PRECISION.get(one["precision"], ""), one["date"]):
            yield Fault(
                f"the date '{one['date']}' is not a {one['precision']}",
                "Write as much of year-month-day as is known, and say so under precision.",
                TIMELINE,
                row,
                "date",
            )
