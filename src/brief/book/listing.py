"""The comments that the page lists: each as it may be shown, replies under what they answer, and what to choose by."""

from __future__ import annotations

from collections.abc import Mapping
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
_STANCE, _THEMES, _LANGUAGE = "stance", "themes", "language"
_CHOSEN_BY = {_STANCE: message("Stance"), _THEMES: message("Theme"), _LANGUAGE: message("Language")}


def comments(findings: Findings) -> list[dict[str, Any]]:
    """The comments that the page lists, as they may be shown: names replaced, addresses masked, coding at hand.

    They are the first of all comments; among them, a reply stands under what it answers. `groups` says by what each
    can be chosen.
    """
    rows = naming.rows_of(findings.comments.head(naming.LISTED))
    how = {str(item): str(words) for item, words in provenance(findings).itertuples(index=False, name=None)}
    aligned = _aligned(findings, [row["comment_id"] for row in rows])
    spoken = findings.brief.languages()
    parents = _parents(findings, rows)
    listed = []
    for place, depth in threads.arranged([(row["comment_id"], row["parent_id"]) for row in rows]):
        row = rows[place]
        tag = row["language"] or spoken.get(row["collection_id"], "")
        reading = _reading(findings.brief, row)
        listed.append(
            {
                "id": row["comment_id"],
                "label": row["label"],
                "text": row["text"],
                "author": row["author"],
                "posted_at": moment(row["posted_at"]),
                "edited_at": moment(row["edited_at"]),
                **_of_language(tag, findings.brief.topic.language),
                "answers": parents.get(row["parent_id"]) if row["parent_id"] else None,
                "depth": depth,
                **{name: _number(row[name]) for name in ("likes", "votes_for", "votes_against")},
                "attributes": _attributes(findings, row),
                "how": how.get(row["comment_id"], BY_HAND),
                "coding": reading,
                "aligned": aligned.get(row["comment_id"], []),
                "groups": _groups(findings, row, reading, tag),
            }
        )
    return listed


def choices(findings: Findings, listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a reader may choose the listed comments by: id, name, and each value with how many of them have it.

    Only what tells them apart; stance and theme only where there are more than a reader sees at a glance.
    """
    names = {name: naming.attribute_label(name) for name in findings.attributes_beside} | {
        _LANGUAGE: say(_CHOSEN_BY[_LANGUAGE])
    }
    if len(listed) > READ_AT_A_GLANCE:
        names |= {name: say(label) for name, label in _CHOSEN_BY.items()}
    order = {
        _STANCE: list(naming.labels(findings.brief, "stances").values()),
        _THEMES: list(naming.labels(findings.brief, "themes").values()),
    }
    offered = []
    for name, label in names.items():
        every = pd.Series([value for comment in listed for value in comment["groups"].get(name, ())], dtype="str")
        counts = {str(value): int(number) for value, number in every.value_counts().items()}
        if len(counts) > 1:
            known = {value: place for place, value in enumerate(order.get(name, ()))}
            values = sorted(counts, key=lambda value: (known.get(value, len(known)), -counts[value], value))
            offered.append({"id": name, "name": label, "values": [[value, counts[value]] for value in values]})
    return offered


def _groups(
    findings: Findings, row: Mapping[str, Any], reading: Mapping[str, Any] | None, tag: str
) -> dict[str, list[str]]:
    """The values of a comment by what it can be chosen by."""
    stated = {name: [naming.short(row[name]) or capital(say(naming.NOT_STATED))] for name in findings.attributes_beside}
    own = findings.brief.topic.language
    stated[_LANGUAGE] = [language_name((tag or own).split("-")[0], own)]
    if findings.coder is not None:
        stated[_STANCE] = [reading["stance"] if reading else say(naming.NOT_CODED_LABEL)]
        if naming.themes_read(findings.brief) and naming.codes(findings.brief, "themes"):
            themes = reading["themes"] or [say(naming.NO_THEME)] if reading else [say(naming.NOT_CODED_LABEL)]
            stated[_THEMES] = list(themes)
    return stated


def _attributes(findings: Findings, row: Mapping[str, Any]) -> list[list[str]]:
    """What a comment's attributes are called and say, where it has them."""
    labelled = [[naming.attribute_label(name), naming.short(row[name])] for name in findings.attributes_beside]
    return [[name, value] for name, value in labelled if value != attributes.NONE_GIVEN]


def _parents(findings: Findings, rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the listed comments answer: what each is called, and whether it is listed or shown at all."""
    answered = {row["parent_id"] for row in rows} - {""}
    listed = {row["comment_id"] for row in rows}
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


def _reading(brief: Brief, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """A comment's coding in the words of the codebook; None where it has none."""
    if not row["coded"]:
        return None
    stances, themes = naming.labels(brief, "stances"), naming.labels(brief, "themes")
    certainties = naming.labels(brief, "certainties")
    alone, there = row["stance"], row["stance_in_thread"]
    return {
        "stance": naming.label_of(stances, alone),
        "in_thread": naming.label_of(stances, there) if there != alone else "",
        "certainty": certainties.get(row["certainty"], row["certainty"]),
        "themes": [themes.get(theme, theme) for theme in coding.theme_ids(row["themes"])],
        "boundary": row["boundary"],
        "of_earlier_text": row["text_read"] == EARLIER,
        "note": row["note"],
        "coder": naming.coder_named(brief),
    }
