"""The comments that the page lists: each as it may be shown, replies under what they answer, and what to choose by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd

from brief.analysis import attributes, coding
from brief.analysis.alignment import ANSWERS
from brief.data import threads
from brief.data.brief import EARLIER, Brief
from brief.data.claims import titled
from brief.findings import naming
from brief.findings.findings import Findings
from brief.findings.provenance import BY_HAND, provenance
from brief.prose.catalogue import message, say
from brief.prose.language import capital, language_name, moment

READ_AT_A_GLANCE = 10
"""So few comments are read faster than they are chosen from by stance and theme."""
STANCE, THEMES = "stance", "themes"
_LANGUAGE = "language"
_CHOSEN_BY = {STANCE: message("Stance"), THEMES: message("Theme"), _LANGUAGE: message("Language")}
_AT_ONCE = 1_000
"""So many comments are made ready to be shown at a time."""


def comments(findings: Findings) -> list[dict[str, Any]]:
    """The comments that the page lists, as `as_listed` gives them: the first, each reply under what it answers."""
    rows = findings.comments.head(naming.LISTED)
    return list(as_listed(findings, threads.arranged(list(zip(rows["comment_id"], rows["parent_id"], strict=True)))))


def as_listed(findings: Findings, order: Sequence[tuple[int, int]]) -> Iterator[dict[str, Any]]:
    """Comments as they may be shown: names replaced, addresses masked, coding at hand; `groups` says by what to choose.

    In: which of the brief's comments, as places and depths, in the order in which they stand. Not all are held at once.
    """
    places = [place for place, _ in order]
    names = list(findings.comments["comment_id"].iloc[places])
    how = {str(item): str(words) for item, words in provenance(findings).itertuples(index=False, name=None)}
    aligned = _aligned(findings, names)
    spoken, language_of = findings.brief.languages(), cache(_of_language)
    parents = _parents(findings, names, set(findings.comments["parent_id"].iloc[places]))
    words, groups_of = Words(findings.brief), Groups(findings)
    for start in range(0, len(order), _AT_ONCE):
        rows = naming.rows_of(findings.comments.iloc[places[start : start + _AT_ONCE]])
        for row, (_, depth) in zip(rows, order[start : start + _AT_ONCE], strict=True):
            tag = row["language"] or spoken.get(row["collection_id"], "")
            reading = words.reading(row)
            yield {
                "id": row["comment_id"],
                "label": row["label"],
                "text": row["text"],
                "author": row["author"],
                "posted_at": moment(row["posted_at"]),
                "edited_at": moment(row["edited_at"]),
                **language_of(tag, findings.brief.topic.language),
                "answers": parents.get(row["parent_id"]) if row["parent_id"] else None,
                "depth": depth,
                **{name: _number(row[name]) for name in ("likes", "votes_for", "votes_against")},
                "attributes": _attributes(findings, row),
                "how": how.get(row["comment_id"], BY_HAND),
                "coding": reading,
                "aligned": aligned.get(row["comment_id"], []),
                "groups": groups_of(row, tag),
            }


def choices(findings: Findings, listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a reader may choose the listed comments by: id, name, and each value with how many of them have it.

    Only what tells them apart; stance and theme only where there are more than a reader sees at a glance.
    """
    names = names_of_choices(findings)
    if len(listed) <= READ_AT_A_GLANCE:
        names = {name: label for name, label in names.items() if name not in (STANCE, THEMES)}
    return offered(findings, names, counted(comment["groups"] for comment in listed))


def names_of_choices(findings: Findings) -> dict[str, str]:
    """What the choices of `Groups` are called, by their ids."""
    beside = {name: naming.attribute_label(name) for name in findings.attributes_beside}
    return beside | {name: say(_CHOSEN_BY[name]) for name in (_LANGUAGE, STANCE, THEMES)}


def counted(groups: Iterable[Mapping[str, Sequence[str]]]) -> dict[str, Counter[str]]:
    """How many comments have each value, by what they can be chosen by."""
    counts: dict[str, Counter[str]] = {}
    for values in groups:
        for name, own in values.items():
            counts.setdefault(name, Counter()).update(own)
    return counts


def offered(
    findings: Findings, names: Mapping[str, str], counts: Mapping[str, Mapping[str, int]]
) -> list[dict[str, Any]]:
    """The choices that tell comments apart, in the order of `names`: id, name, and each value with its number."""
    order = {
        STANCE: list(naming.labels(findings.brief, "stances").values()),
        THEMES: list(naming.labels(findings.brief, "themes").values()),
    }
    choices = []
    for name, label in names.items():
        own = counts.get(name, {})
        if len(own) > 1:
            known = {value: place for place, value in enumerate(order.get(name, ()))}
            values = sorted(own, key=lambda value: (known.get(value, len(known)), -own[value], value))
            choices.append({"id": name, "name": label, "values": [[value, own[value]] for value in values]})
    return choices


class Groups:
    """The values of comments by what they can be chosen by."""

    def __init__(self, findings: Findings) -> None:
        self.beside, self.own = findings.attributes_beside, findings.brief.topic.language
        self.asking = findings.asking
        self.coded = findings.coder is not None
        self.themed = naming.themes_read(findings.brief) and bool(naming.codes(findings.brief, "themes"))
        self.words, self.language = Words(findings.brief), cache(language_name)

    def __call__(self, row: Mapping[str, Any], tag: str) -> dict[str, list[str]]:
        """The values of a comment, `tag` being that of its language."""
        stated = {name: [naming.short(row[name]) or self._none_given(row, name)] for name in self.beside}
        stated[_LANGUAGE] = [self.language((tag or self.own).split("-")[0], self.own)]
        if self.coded:
            unread = say(naming.NOT_CODED_LABEL)
            stated[STANCE] = [self.words.stance(row["stance"]) if row["coded"] else unread]
            if self.themed:
                stated[THEMES] = (
                    (self.words.themes(row["themes"]) or [say(naming.NO_THEME)]) if row["coded"] else [unread]
                )
        return stated

    def _none_given(self, row: Mapping[str, Any], name: str) -> str:
        asked = row["collection_id"] in self.asking[name]
        return capital(say(naming.NOT_STATED if asked else naming.NOT_ASKED))


def _attributes(findings: Findings, row: Mapping[str, Any]) -> list[list[str]]:
    """What a comment's attributes are called and say, where it has them."""
    labelled = [[naming.attribute_label(name), naming.short(row[name])] for name in findings.attributes_beside]
    return [[name, value] for name, value in labelled if value != attributes.NONE_GIVEN]


def _parents(findings: Findings, names: Sequence[str], answered: set[str]) -> dict[str, dict[str, Any]]:
    """What the listed comments answer: what each is called, and whether it is listed or shown at all."""
    answered, listed = answered - {""}, set(names)
    every = findings.comments.loc[findings.comments["comment_id"].isin(answered), ["comment_id", "label"]]
    labels = dict(zip(every["comment_id"], every["label"], strict=True))
    return {name: {"id": name if name in listed else "", "label": labels.get(name, "")} for name in answered}


def _of_language(tag: str, own: str) -> dict[str, str]:
    """The language of a comment and what it is called; empty where it is that of the page, which is the brief's."""
    if not tag or tag.casefold() == own.casefold():
        return {"language": "", "language_name": ""}
    same = tag.split("-")[0].casefold() == own.split("-")[0].casefold()
    return {"language": tag, "language_name": "" if same else language_name(tag, own)}


def _number(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _aligned(findings: Findings, names: list[str]) -> dict[str, list[dict[str, Any]]]:
    """The claims that comments answer, and the themes they raise beside the article, by comment."""
    brief, aligned = findings.brief, findings.aligned
    claims = {claim["claim_id"]: titled(claim) for claim in naming.rows_of(brief.claim_register.claims)}
    themes = naming.labels(brief, "themes")
    numbers = {name: number for number, name in enumerate(brief.claim_register.article_claims["claim_id"], start=1)}
    by_comment: dict[str, list[dict[str, Any]]] = {}
    for row in naming.rows_of(aligned[aligned["comment_id"].isin(names)]):
        words = claims.get(row["target"], "") if row["kind"] == ANSWERS else themes.get(row["target"], row["target"])
        by_comment.setdefault(row["comment_id"], []).append(
            {**row, "words": words, "number": numbers.get(row["target"], 0)}
        )
    return by_comment


class Words:
    """Codings in the words of the codebook."""

    def __init__(self, brief: Brief) -> None:
        self._stances, self._themes = naming.labels(brief, "stances"), naming.labels(brief, "themes")
        self._certainties = naming.labels(brief, "certainties")
        self._coder = naming.coder_named(brief)

    def stance(self, code: str) -> str:
        """The label of a stance."""
        return naming.label_of(self._stances, code)

    def themes(self, cell: str) -> list[str]:
        """The labels of the themes in a cell."""
        return [self._themes.get(theme, theme) for theme in coding.theme_ids(cell)]

    def certainty(self, code: str) -> str:
        """The label of a certainty."""
        return self._certainties.get(code, code)

    def reading(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        """A comment's coding; None where it has none."""
        if not row["coded"]:
            return None
        alone, there = row["stance"], row["stance_in_thread"]
        return {
            "stance": self.stance(alone),
            "in_thread": self.stance(there) if there != alone else "",
            "certainty": self.certainty(row["certainty"]),
            "themes": self.themes(row["themes"]),
            "boundary": row["boundary"],
            "of_earlier_text": row["text_read"] == EARLIER,
            "note": row["note"],
            "coder": self._coder,
        }
