"""What stands around the article: its claims checked, the timeline, figures from elsewhere, and the sources of all."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from brief.contract import checking, tables
from brief.contract.files import records
from brief.contract.noting import Noting
from brief.data.bibliography import SOURCES, keys_of, read_sources
from brief.data.decisions import DECISIONS, faults_of
from brief.data.ledger import paragraph_item
from brief.errors import BriefError, Fault
from brief.prose import quotations
from brief.prose.language import long_date, month_of
from brief.prose.quotations import Quotation

if TYPE_CHECKING:
    from brief.data.shapes import Article

CLAIMS, TIMELINE, EVIDENCE = "data/claims.csv", "data/timeline.csv", "data/evidence.csv"
ALIGNMENT = "data/alignment.csv"
CODEBOOK, CODERS = "data/codebook.yml", "data/coders.yml"
REPLIES = "data/replies.csv"
FILES = {
    CLAIMS: tables.CLAIMS,
    TIMELINE: tables.TIMELINE,
    EVIDENCE: tables.EVIDENCE,
    ALIGNMENT: tables.ALIGNMENT,
    REPLIES: tables.REPLIES,
    DECISIONS: tables.DECISIONS,
}
BY_ARTICLE, NOT_ANSWERED = "by the article", "not answered"
REPORTED = "reported"
CHAIN_KINDS = ("organisation", "named person", "unnamed")
ON_RECORD, OPINION = "on record", "opinion"
#: What a claim can be without a source: none was found, none was looked for, or none could settle it.
UNSOURCED = ("not settled", "no support found", "not checked", OPINION)
#: Kinds of claim that no source could settle: for these, whether they were said is all there is to check.
NOT_TO_SETTLE = ("demand", OPINION)
_URL = tables.Column("url", "web address", "Where the source is.")
_PRECISION = {"day": r"\d{4}-\d{2}-\d{2}", "month": r"\d{4}-\d{2}", "year": r"\d{4}"}


def chain_of(claim: Mapping[str, str]) -> list[tuple[str, str]]:
    """On whose word the reader has a claim: (name, kind) from the page to the origin. In: a row of claims."""
    steps = zip(claim["chain"].split(";"), claim["chain_kinds"].split(";"), strict=True)
    return [(name.strip(), kind.strip()) for name, kind in steps]


def titled(claim: Mapping[str, str]) -> str:
    """The words of a claim, a row, as a title: before them, in brackets, the subject that they have not themselves."""
    return f"[{claim['subject']}] {claim['quote']}" if claim["subject"] else claim["quote"]


def printed_date(date: str) -> str:
    """A date of the timeline as it is read: 29 March 2016, March 2016 or 2016."""
    parts = date.split("-")
    if len(parts) == 3:
        return long_date(dt.date.fromisoformat(date))
    return month_of(dt.date(int(parts[0]), int(parts[1]), 1)) if len(parts) == 2 else date


def reply_faults(
    register: ClaimRegister, comments: Collection[str] | None, texts: Mapping[str, str]
) -> Iterator[Fault]:
    """What is wrong with the reply matrix; comments are not checked where they are None."""
    for row, reply in enumerate(records(register.replies), start=2):
        for name in keys_of(reply["comments"]):
            if comments is not None and name not in comments:
                yield Fault(f"there is no comment '{name}'", "Correct the id or remove it.", REPLIES, row, "comments")
        if (reply["answered"] == NOT_ANSWERED) != (reply["answer"] == ""):
            remedy = f"Write the answer, or '{NOT_ANSWERED}' and no answer."
            yield Fault("whether it is answered and the answer do not match", remedy, REPLIES, row, "answered")
        if reply["answer"] and not reply["checked_by"]:
            remedy = "Name the coder who checked that the quotation or the source bears the answer."
            yield Fault("nobody is named who checked the answer", remedy, REPLIES, row, "checked_by")
        if reply["answered"] == BY_ARTICLE or reply["quote"] or reply["item"]:
            try:
                quotations.check(Quotation(reply["item"], reply["quote"]), texts)
            except BriefError as error:
                for fault in error.faults:
                    yield replace(fault, file=REPLIES, row=row, column="quote", looked_in=("articles",))
    for name in register.replies["argument_id"][register.replies["argument_id"].duplicated()].unique():
        yield Fault(f"the argument '{name}' is there twice", "Rename one of them.", REPLIES, None, "argument_id")


def used(register: ClaimRegister) -> set[str]:
    """The source keys that rows of the register name."""
    frames = (register.claims, register.timeline, register.evidence, register.replies)
    cells = [cell for frame in frames for cell in frame["sources"]]
    return {key for cell in [*cells, *register.claims["said_sources"]] for key in keys_of(cell)}


@dataclass(frozen=True)
class ClaimRegister(Noting):
    """The rows of claims, timeline, evidence, alignment, replies, decisions: columns as in their files, no rows without
    a file.
    """

    FROM: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "claims": (CLAIMS,),
        "timeline": (TIMELINE,),
        "evidence": (EVIDENCE,),
        "alignment": (ALIGNMENT,),
        "replies": (REPLIES,),
        "decisions": (DECISIONS,),
    }

    claims: pd.DataFrame
    timeline: pd.DataFrame
    evidence: pd.DataFrame
    alignment: pd.DataFrame
    replies: pd.DataFrame
    decisions: pd.DataFrame

    @property
    def article_claims(self) -> pd.DataFrame:
        """The claims that articles make, in the order of their file."""
        return self.claims[self.claims["item"].str.contains("#p", regex=False)].reset_index(drop=True)

    def without(self, comment_ids: Iterable[str]) -> ClaimRegister:
        """The register without what these comments, such as withdrawn ones, answer and argue."""
        gone = set(comment_ids)
        if not gone:
            return self
        aligned = self.alignment[~self.alignment["comment_id"].isin(gone)]
        left = [[name for name in keys_of(cell) if name not in gone] for cell in self.replies["comments"]]
        replies = self.replies.assign(comments=pd.Series([";".join(names) for names in left], dtype="str"))
        replies = replies[replies["comments"] != ""]
        about = {*replies["argument_id"], *self.claims["claim_id"]}
        decisions = self.decisions[self.decisions["about"].isin(about)]
        return replace(
            self,
            alignment=aligned.reset_index(drop=True),
            replies=replies.reset_index(drop=True),
            decisions=decisions.reset_index(drop=True),
        )


def checker_faults(register: ClaimRegister, coders: Collection[str]) -> Iterator[Fault]:
    """Those who are named as having checked claims and answers, and whom nobody has described."""
    for frame, file in ((register.claims, CLAIMS), (register.replies, REPLIES)):
        for row, name in enumerate(frame["checked_by"], start=2):
            if name and name not in coders:
                remedy = f"Use an id of {CODERS}."
                yield Fault(f"there is no '{name}'", remedy, file, row, "checked_by", looked_in=(CODERS,))


def alignment_faults(
    register: ClaimRegister,
    comments: Collection[str] | None,
    themes: Collection[str],
    coders: Collection[str],
    codings: pd.DataFrame,
) -> Iterator[Fault]:
    """What the alignment names that is not there, and themes that it counts in another way than the codings do.

    Comments are not checked where they are None. `codings` are those of all coders: comment_id and themes.
    """
    yield from checker_faults(register, coders)
    yield from _themes_counted_twice(register.alignment, themes, codings)
    claims = set(register.article_claims["claim_id"])
    for row, aligned in enumerate(records(register.alignment), start=2):
        for column, known, file, where in (
            ("comment_id", comments, "data/comments/", ""),
            ("answers", claims, CLAIMS, ", among the claims of an article"),
            ("raises", themes, CODEBOOK, ", under themes"),
            ("coder", coders, CODERS, ""),
        ):
            if known is not None and aligned[column] and aligned[column] not in known:
                what, remedy = f"there is no '{aligned[column]}'", f"Use an id of {file}{where}."
                yield Fault(what, remedy, ALIGNMENT, row, column, looked_in=(file,))
    rows = register.alignment
    for name in sorted(set(rows["comment_id"][rows.duplicated(["comment_id", "answers", "raises"])])):
        yield Fault(f"a row of the comment '{name}' is there twice", "Keep one.", ALIGNMENT, None, "comment_id")


def _themes_counted_twice(rows: pd.DataFrame, known: Collection[str], codings: pd.DataFrame) -> Iterator[Fault]:
    """A theme that the article does not raise is raised by the comments coded with it, and by no others."""
    aligned = set(rows["comment_id"])
    read: dict[str, list[set[str]]] = {}
    for name, cell in zip(codings["comment_id"], codings["themes"], strict=True):
        if name in aligned:
            read.setdefault(str(name), []).append(set(keys_of(cell)))
    raised = {(row["comment_id"], row["raises"]) for row in records(rows) if row["raises"]}
    for theme in sorted({theme for _, theme in raised}.intersection(known)):
        for name, readings in sorted(read.items()):
            where = f"the theme '{theme}' of the comment '{name}'"
            if (name, theme) in raised and not any(theme in themes for themes in readings):
                remedy = "Take it out here, or code the comment with it."
                yield Fault(f"no coder has found {where}", remedy, ALIGNMENT, None, "raises")
            if (name, theme) not in raised and all(theme in themes for themes in readings):
                remedy = "Add a row that raises it, as for the other comments with this theme."
                yield Fault(f"{where} is coded and not counted here", remedy, ALIGNMENT, None, "raises")


def examine(
    root: Path,
    register: ClaimRegister,
    articles: Iterable[Article],
    comments: Mapping[str, str],
    known: Collection[str] | None,
) -> tuple[dict[str, dict[str, str]], list[Fault]]:
    """The sources, and the faults of the register: quotations, chains, dates, sources that are not there.

    `comments` are the texts of the comments that claims are made in, empty where there is none such; `known` the ids of
    all comments, None where they could not be read.
    """
    try:
        sources = read_sources(root)
    except BriefError as error:
        return {}, list(error.faults)
    texts = {item: text for item, text in comments.items() if text}
    for article in articles:
        numbered = enumerate(article.paragraphs, start=1)
        texts |= {paragraph_item(article.article_id, number): text for number, text in numbered}
    faults = [*_claims(register.claims, texts), *_dates(register.timeline), *reply_faults(register, known, texts)]
    faults += faults_of(register.decisions, set(register.replies["argument_id"]), set(register.claims["claim_id"]))
    for key, fields in sources.items():
        if fields.get("url") and (wrong := checking.wrong_value(fields["url"], _URL)):
            faults.append(Fault(*wrong, SOURCES, None, f"{key} url"))
    cited = ((register.claims, CLAIMS), (register.timeline, TIMELINE), (register.evidence, EVIDENCE))
    for frame, file in (*cited, (register.replies, REPLIES)):
        for row, cells in enumerate(records(frame), start=2):
            for column in ("said_sources", "sources"):
                for key in keys_of(cells.get(column, "")):
                    if key not in sources:
                        remedy = f"Add it to {SOURCES}, or correct the key."
                        faults.append(Fault(f"there is no source '{key}'", remedy, file, row, column))
            unsourced = cells.get("holds") in UNSOURCED or cells.get("answered") in (BY_ARTICLE, NOT_ANSWERED)
            if not keys_of(cells["sources"]) and not unsourced:
                faults.append(Fault("the row names no source", f"Name a key of {SOURCES}.", file, row, "sources"))
    return sources, faults


def _claims(claims: pd.DataFrame, texts: Mapping[str, str]) -> Iterator[Fault]:
    for name in claims["claim_id"][claims["claim_id"].duplicated()].unique():
        yield Fault(f"the claim '{name}' is there twice", "Rename one of them.", CLAIMS, None, "claim_id")
    for row, claim in enumerate(records(claims), start=2):
        try:
            quotations.check(Quotation(claim["item"], claim["quote"]), texts)
        except BriefError as error:
            where = ("articles",) if "#p" in claim["item"] else ("comments",)
            yield from (replace(fault, file=CLAIMS, row=row, column="quote", looked_in=where) for fault in error.faults)
        if claim["said"] == ON_RECORD and not keys_of(claim["said_sources"]):
            what = "nothing is named that has it on record"
            yield Fault(what, f"Name a key of {SOURCES}.", CLAIMS, row, "said_sources")
        if (claim["kind"] in NOT_TO_SETTLE) != (claim["holds"] == OPINION):
            what = f"a {claim['kind']} cannot be '{claim['holds']}'"
            remedy = f"Demands and opinions are '{OPINION}', for every side; other kinds are not."
            yield Fault(what, remedy, CLAIMS, row, "holds")
        chain, kinds = claim["chain"].split(";"), [kind.strip() for kind in claim["chain_kinds"].split(";")]
        if len(chain) != len(kinds) or any(kind not in CHAIN_KINDS for kind in kinds):
            yield Fault(
                "the chain and its kinds do not match",
                f"Give each step of the chain one of: {', '.join(CHAIN_KINDS)}.",
                CLAIMS,
                row,
                "chain_kinds",
            )


def _dates(timeline: pd.DataFrame) -> Iterator[Fault]:
    for row, event in enumerate(records(timeline), start=2):
        if not re.fullmatch(_PRECISION.get(event["precision"], ""), event["date"]):
            yield Fault(
                f"the date '{event['date']}' is not a {event['precision']}",
                "Write as much of year-month-day as is known, and say so under precision.",
                TIMELINE,
                row,
                "date",
            )
