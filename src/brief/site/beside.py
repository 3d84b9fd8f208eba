"""What stands beside the text of a comment, as rows: who wrote it and when, what is known, how it was classified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from brief.prose.catalogue import message, say
from brief.prose.language import numeral, within

_AS_IT_CAME = message("recorded as it came in")


_ANSWERS = "answers"
"""What `alignment.annotate` calls a claim that a comment answers; its module would load tables."""


class Row(NamedTuple):
    """A name and what stands for it: quietly a note, somebody's own words set in their direction, or a link."""

    name: str
    value: str
    note: str = ""
    own: bool = False
    href: str = ""
    title: str = ""

    @property
    def words(self) -> str:
        """The value with its note."""
        return f"{self.value} {self.note}".rstrip()


def rows(comment: Mapping[str, Any], claims: str) -> list[Row]:
    """The rows of a comment, as `listing.as_listed` gives it; `claims` is the address of the page of the claims."""
    return [row for row in _rows(comment, claims) if row.value]


def _rows(comment: Mapping[str, Any], claims: str) -> Iterator[Row]:
    coding = comment["coding"]
    edited = say("(edited {date})", date=comment["edited_at"]) if comment["edited_at"] else ""
    yield Row(say("By"), comment["author"])
    yield Row(say("Posted"), comment["posted_at"], edited)
    yield Row(say("Language"), comment["language_name"])
    yield Row(say("Likes"), "" if comment["likes"] is None else numeral(comment["likes"]))
    yield Row(say("Votes"), _votes(comment["votes_for"], comment["votes_against"]))
    for name, value in comment["attributes"]:
        yield Row(name, value, own=True)
    if coding:
        yield Row(say("Stance"), coding["stance"], f"({within(coding['certainty'])})" if coding["certainty"] else "")
        changed = say("From an earlier text of this comment. It was changed since.")
        yield Row(say("Classified"), changed if coding["of_earlier_text"] else "")
        yield Row(say("Read with its neighbours"), coding["in_thread"])
        yield Row(say("Themes"), ", ".join(coding["themes"]))
    else:
        yield Row(say("Stance"), say("Not classified"))
    for target in comment["aligned"]:
        if target["kind"] == _ANSWERS:
            claim = say("claim {number}", number=target["number"])
            note = say("(suggested by similar words, not read)") if target["how"] == "suggested" else ""
            yield Row(say("Responds to"), claim, note, href=f"{claims}#claim-{target['target']}", title=target["words"])
    if coding and coding["boundary"]:
        yield Row(say("Where it begins"), say(coding["boundary"]))
    yield Row(say("Text"), "" if comment["how"] == _AS_IT_CAME else say(comment["how"]))
    yield Row(say("Note"), coding["note"] if coding else "")


def _votes(agree: int | None, disagree: int | None) -> str:
    if agree is None and disagree is None:
        return ""
    if disagree is None:
        return say("{number} agree", number=numeral(agree or 0))
    if agree is None:
        return say("{number} disagree", number=numeral(disagree))
    return say("{agree} agree, {disagree} disagree", agree=numeral(agree), disagree=numeral(disagree))
