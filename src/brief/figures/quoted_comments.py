"""Words of the comments in tables: quoted by rule, each checked against the whole, which is one click away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from brief.analysis import exemplars as rule
from brief.errors import BriefError
from brief.figures import SILENT, Table, Unavailable, table
from brief.findings import naming
from brief.findings.facts import Fact
from brief.prose import quotations
from brief.prose.catalogue import message, say
from brief.prose.language import capital

if TYPE_CHECKING:
    from brief.findings.findings import Findings

WHOLE = message("Whole text")
_OMITTED = " \u2026"
#: By whether there are themes, and stances: what the table is called, and by what rule comments are chosen.
_SAID = {
    (True, True): (
        message("What comments of each theme and stance say"),
        message(
            "Chosen by rule: the medoid of each theme and stance, then what adds the greatest part to the likeness "
            "covered."
        ),
    ),
    (True, False): (
        message("What comments of each theme say"),
        message("Chosen by rule: the medoid of each theme, then what adds the greatest part to the likeness covered."),
    ),
    (False, True): (
        message("What comments of each stance say"),
        message("Chosen by rule: the medoid of each stance, then what adds the greatest part to the likeness covered."),
    ),
    (False, False): (
        message("What comments say"),
        message("Chosen by rule: the medoid of all, then what adds the greatest part to the likeness covered."),
    ),
}


def shortened(quote: str, text: str) -> str:
    """A span of a text as it is quoted: with an ellipsis where it ends within a sentence.

    Where the rule for quotations forbids to end there, because the sentence goes on with its ground, its condition or
    its other side, the sentence stands to its end.
    """
    place = text.find(quote)
    if place < 0 or not quotations.rest_of_sentence(text, place + len(quote)).strip():
        return quote
    cut = f"{quote}{_OMITTED}"
    try:
        return cut if quotations.find(cut, text) else quote
    except BriefError:
        return quote + quotations.rest_of_sentence(text, place + len(quote)).rstrip()


@table("exemplars")
def exemplars(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """The comments that together are most like all others of their theme and stance, in their own words."""
    brief = findings.brief
    rows = findings.exemplars
    if not len(rows):
        return SILENT
    texts = findings.comments.set_index("comment_id")
    stances, read = naming.labels(brief, "stances"), bool(findings.comments["coded"].any())
    themes = naming.labels(brief, "themes")
    named = dict(zip(findings.themes.themes["theme_id"], findings.themes.themes["phrases"], strict=True))
    wholes = texts["text"].reindex(rows["comment_id"]).to_list()
    quotes = []
    for row, text in zip(naming.rows_of(rows), wholes, strict=True):
        telling = f"{themes.get(row['theme'], '')} {named.get(row['found'], '')}".lower()
        words = set(telling.replace(";", " ").split())
        quotes.append(shortened(rule.quotation(text, words, findings.own_words[row["comment_id"]]), text))
    names = dict(zip(findings.themes.themes["theme_id"], findings.themes.themes["name"], strict=True))
    by_theme = [
        naming.label_of(themes, row["theme"]) if row["theme"] else names.get(row["found"], "")
        for row in naming.rows_of(rows)
    ]
    none = [naming.none_of_a_theme(brief, stance) for stance in rows["stance"]]
    named_or_none = [name or other for name, other in zip(by_theme, none, strict=True)]
    data = pd.DataFrame(
        {
            "Theme": named_or_none,
            "Stance": [naming.label_of(stances, stance) for stance in rows["stance"]],
            capital(naming.nouns(brief)[0]): texts["label"].reindex(rows["comment_id"]).to_list(),
            "Quotation": quotes,
            WHOLE: wholes,
        }
    )
    left_out = [*([] if any(by_theme) else ["Theme"]), *([] if read else ["Stance"])]
    caption, note = _SAID[bool(any(by_theme)), read]
    return Table(
        caption=say(caption),
        data=data.drop(columns=left_out),
        source=naming.source(brief),
        note=f"{say(note)} {say('A long comment is shown in part; the table to download has the whole text.')}",
        opens={"Quotation": WHOLE},
    )
