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
from brief.prose.catalogue import SOURCE, message, primary, say
from brief.prose.language import capital, quoted

if TYPE_CHECKING:
    from brief.data.shapes import Code
    from brief.findings.findings import Findings

_CODEBOOK = message("The codebook of this brief")
_GLOSSARY = message("The glossary of this brief")
_NO_CODEBOOK = Unavailable(message("There is no codebook yet."))
_NO_COMMENTS = Unavailable(message("There are no comments to code yet."))


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
    caption = say("Stances on the question “{question}”", question=naming.short(brief.codebook.question))
    if not coding.number(total, "coded"):
        return Table(caption, _definitions("Stance", brief.codebook.stances), say(_CODEBOOK))
    if left:
        rows.append((say(naming.NOT_CODED_LABEL), say("Not read with the codebook yet."), left, left))
    return Table(
        caption=caption,
        data=pd.DataFrame(rows, columns=["Stance", "Definition", many, "Read in the thread"]),
        source=f"{say(_CODEBOOK)}; {naming.source(brief)}",
        note=(
            say(
                "Each is coded from its own text and the article; the last column reads it together with its "
                "neighbours."
            )
            if brief.articles
            else say("Each is coded from its own text; the last column reads it together with its neighbours.")
        ),
    )


@table("themes")
def themes(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """The themes of the codebook: definition, what belongs and what does not, an example, and how many have it."""
    brief = findings.brief
    if brief.codebook is None:
        return _NO_CODEBOOK
    if not brief.codebook.themes:
        return Unavailable(say("The codebook has no themes yet."))
    if findings.comments.empty:
        return _NO_COMMENTS
    total = findings.summary
    rows = [
        (
            code.label,
            code.definition,
            code.include,
            code.exclude,
            "; ".join(quoted(example) for example in code.examples),
            coding.number(total, "theme", code.id),
        )
        for code in brief.codebook.themes
    ]
    columns = ["Theme", "Definition", "Belongs here", "Does not", "Example", capital(naming.nouns(brief)[1])]
    data = pd.DataFrame(rows, columns=columns)
    if not coding.number(total, "coded") or not naming.themes_read(brief):
        return Table(say("Themes of the codebook"), data[columns[:-1]], say(_CODEBOOK), folded_on_phones=True)
    return Table(
        caption=say("Themes of the codebook"),
        data=data,
        source=f"{say(_CODEBOOK)}; {naming.source(brief)}",
        note=say("A {one} counts under each of its themes.", one=naming.nouns(brief)[0]),
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
        rows.append((capital(say(naming.NOT_STATED)), say("The coder did not say how certain the stance is."), left))
    return Table(
        caption=say("Certainty of the reading"),
        data=pd.DataFrame(rows, columns=["Certainty", "Definition", capital(naming.nouns(brief)[1])]),
        source=f"{say(_CODEBOOK)}; {naming.source(brief)}",
    )


@table("voices")
def voices(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """The voices that the article's text was cut by."""
    brief = findings.brief
    if brief.codebook is None or not brief.codebook.voices:
        return Unavailable(say("The codebook has no voices."))
    return Table(say("Voices in the article"), _definitions("Voice", brief.codebook.voices), say(_CODEBOOK))


@table("coders")
def coders(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Who coded, what kind of coder that is, and how it was done."""
    brief = findings.brief
    if not len(brief.coders):
        return Unavailable(say("There are no coders yet."))
    yes = {True: say("yes"), False: say("no"), None: say("not recorded")}
    known = brief.coders
    data = pd.DataFrame(
        {
            "Coder": known["name"].to_numpy(),
            "Kind": [say(kind) for kind in known["kind"]],
            "Blind": [yes[value] for value in known["blind"]],
            "Independent": [yes[value] for value in known["independent"]],
            "How": known["how"].to_numpy(),
        }
    )
    return Table(
        caption=say("Who coded, and how"),
        data=data,
        source=say("The list of coders of this brief"),
        column_notes={
            "Blind": say("Whether the coder did not know how others had coded."),
            "Independent": say("Whether the coder had no part in writing this brief."),
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
        caption=say("What the terms of this brief mean"),
        data=_terms(findings, findings.brief.glossary),
        source=say(_GLOSSARY),
    )


@table("article-terms")
def article_terms(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Those terms of the brief that stand in an article, in plain words; nothing where none does."""
    text = " ".join(words for article in findings.brief.articles for words in article.paragraphs).casefold()
    listed = findings.brief.glossary
    terms = listed[[term.casefold() in text for term in listed["term"]]]
    if terms.empty:
        return SILENT
    return Table(caption=say("Terms that the article uses"), data=_terms(findings, terms), source=say(_GLOSSARY))


def _terms(findings: Findings, listed: pd.DataFrame) -> pd.DataFrame:
    cited = ["; ".join(names_of(findings.brief.sources, cell)) for cell in listed["sources"]]
    named = {"Term": listed["term"], "What it means": listed["meaning"], "Source": cited}
    return pd.DataFrame(named).reset_index(drop=True)


@table("dictionary")
def dictionary(findings: Findings, facts: Mapping[str, Fact]) -> Table:
    """Every column and key of the data files, from the declaration that validates them."""
    brief = findings.brief
    columns = ["File", "Column", "Required", "Kind", "Description"]
    data = contract.dictionary(modules.contract_of(brief.topic.modules)).set_axis(columns, axis=1)
    english = primary(brief.topic.language) == SOURCE
    return Table(
        caption=say("What the data files hold"),
        data=data,
        source=say("The declaration of the data files in the code"),
        note="" if english else say("What a column means is said in English."),
        language="" if english else SOURCE,
    )
