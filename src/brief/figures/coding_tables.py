"""Tables that a brief shows: the codebook, who coded, and each comment's coding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from brief.analysis import coding
from brief.contract import modules
from brief.contract import tables as contract
from brief.data.bibliography import names_of
from brief.figures import SILENT, Table, Unavailable, table
from brief.findings import naming
from brief.findings.facts import Fact
from brief.prose.language import capital

if TYPE_CHECKING:
    from brief.data.shapes import Code
    from brief.findings.findings import Findings

_CODEBOOK = "The codebook of this brief"
_GLOSSARY = "The glossary of this brief"
_NO_CODEBOOK = Unavailable("There is no codebook yet.")
_NO_COMMENTS = Unavailable("There are no comments to code yet.")


@table("stances")
def stances(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """The stances of the codebook and how many comments have each, alone and read in the thread."""
    brief = findings.brief
    if brief.codebook is None:
        return _NO_CODEBOOK
    if findings.comments.empty:
        return _NO_COMMENTS
    total = findings.summary
    many = capital(naming.nouns(brief)[1])
    rows = [
        (code.label, code.definition, *(coding.number(total, kind, code.id) for kind in ("stance", "stance_in_thread")))
        for code in brief.codebook.stances
    ]
    left = coding.uncoded(total)
    caption = f"Stances on the question “{naming.short(brief.codebook.question)}”"
    if not coding.number(total, "coded"):
        return Table(caption, _definitions("Stance", brief.codebook.stances), _CODEBOOK)
    if left:
        rows.append((naming.NOT_CODED_LABEL, "Not read with the codebook yet.", left, left))
    return Table(
        caption=caption,
        data=pd.DataFrame(rows, columns=["Stance", "Definition", many, "Read in the thread"]),
        source=f"{_CODEBOOK}; {naming.source(brief)}",
        note=f"Each is coded from its own text{' and the article' if brief.articles else ''}; the last column reads it "
        "together with its neighbours.",
    )


@table("themes")
def themes(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """The themes of the codebook: definition, what belongs and what does not, an example, and how many have it."""
    brief = findings.brief
    if brief.codebook is None:
        return _NO_CODEBOOK
    if not brief.codebook.themes:
        return Unavailable("The codebook has no themes yet.")
    if findings.comments.empty:
        return _NO_COMMENTS
    total = findings.summary
    rows = [
        (
            code.label,
            code.definition,
            code.include,
            code.exclude,
            "; ".join(f"“{example}”" for example in code.examples),
            coding.number(total, "theme", code.id),
        )
        for code in brief.codebook.themes
    ]
    columns = ["Theme", "Definition", "Belongs here", "Does not", "Example", capital(naming.nouns(brief)[1])]
    data = pd.DataFrame(rows, columns=columns)
    if not coding.number(total, "coded") or not naming.themes_read(brief):
        return Table("Themes of the codebook", data[columns[:-1]], _CODEBOOK, folded_on_phones=True)
    return Table(
        caption="Themes of the codebook",
        data=data,
        source=f"{_CODEBOOK}; {naming.source(brief)}",
        note=f"A {naming.nouns(brief)[0]} counts under each of its themes.",
        folded_on_phones=True,
    )


@table("certainties")
def certainties(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """The degrees of certainty that a coder can give, and how many comments have each."""
    brief = findings.brief
    if brief.codebook is None or not brief.codebook.certainties:
        return _NO_CODEBOOK
    total = findings.summary
    rows = [
        (code.label, code.definition, coding.number(total, "certainty", code.id)) for code in brief.codebook.certainties
    ]
    left = coding.number(total, "certainty", "")
    if left:
        rows.append((capital(naming.NOT_STATED), "The coder did not say how certain the stance is.", left))
    return Table(
        caption="Certainty of the reading",
        data=pd.DataFrame(rows, columns=["Certainty", "Definition", capital(naming.nouns(brief)[1])]),
        source=f"{_CODEBOOK}; {naming.source(brief)}",
    )


@table("voices")
def voices(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """The voices that the article's text was cut by."""
    brief = findings.brief
    if brief.codebook is None or not brief.codebook.voices:
        return Unavailable("The codebook has no voices.")
    return Table("Voices in the article", _definitions("Voice", brief.codebook.voices), _CODEBOOK)


@table("coders")
def coders(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Who coded, what kind of coder that is, and how it was done."""
    brief = findings.brief
    if not len(brief.coders):
        return Unavailable("There are no coders yet.")
    yes = {True: "yes", False: "no"}
    known = brief.coders
    data = pd.DataFrame(
        {
            "Coder": known["name"].to_numpy(),
            "Kind": known["kind"].to_numpy(),
            "Blind": [yes[bool(value)] for value in known["blind"]],
            "Independent": [yes[bool(value)] for value in known["independent"]],
            "How": known["how"].to_numpy(),
        }
    )
    return Table(
        caption="Who coded, and how",
        data=data,
        source="The list of coders of this brief",
        column_notes={
            "Blind": "Whether the coder did not know how others had coded.",
            "Independent": "Whether the coder had no part in writing this brief.",
        },
    )


def _definitions(name: str, listed: Sequence[Code]) -> pd.DataFrame:
    return pd.DataFrame([(code.label, code.definition) for code in listed], columns=[name, "Definition"])


@table("glossary")
def glossary(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """The terms of the brief in plain words, with sources where they state facts; nothing where there are none."""
    if findings.brief.glossary.empty:
        return SILENT
    return Table(
        caption="What the terms of this brief mean", data=_terms(findings, findings.brief.glossary), source=_GLOSSARY
    )


@table("article-terms")
def article_terms(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Those terms of the brief that stand in an article, in plain words; nothing where none does."""
    text = " ".join(words for article in findings.brief.articles for words in article.paragraphs).casefold()
    listed = findings.brief.glossary
    found = listed[[term.casefold() in text for term in listed["term"]]]
    if found.empty:
        return SILENT
    return Table(caption="Terms that the article uses", data=_terms(findings, found), source=_GLOSSARY)


def _terms(findings: Findings, listed: pd.DataFrame) -> pd.DataFrame:
    cited = ["; ".join(names_of(findings.brief.sources, cell)) for cell in listed["sources"]]
    named = {"Term": listed["term"], "What it means": listed["meaning"], "Source": cited}
    return pd.DataFrame(named).reset_index(drop=True)


@table("dictionary")
def dictionary(findings: Findings, facts: Mapping[str, Fact]) -> Table:
    """Every column and key of the data files, from the declaration that validates them."""
    brief = findings.brief
    data = contract.dictionary(modules.contract_of(brief.topic.modules)).rename(columns=str.capitalize)
    return Table(
        caption="What the data files hold",
        data=data,
        source="The declaration of the data files in the code",
    )
