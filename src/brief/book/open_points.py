"""What a public body could not leave open when it publishes a brief: no fault of the data, and no build stops on it.

The points are those that the UK's Algorithmic Transparency Recording Standard asks of a record, and those on which the
duty to disclose generated text depends (Regulation (EU) 2024/1689, article 50(4)).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from brief.book.check import Checked, to_write
from brief.data.brief import READER, Brief
from brief.data.claims import REPLIES
from brief.data.decisions import DECISIONS
from brief.data.loading import load
from brief.data.plan import PLAN
from brief.errors import Fault
from brief.findings import naming
from brief.findings.findings import Findings
from brief.findings.judgements import unchecked

_BRIEF, _CODERS, _CLAIMS = "data/brief.yml", "data/coders.yml", "data/claims.csv"
_NOT_CHECKED = "not checked"


def open_points(root: Path, checked: Checked) -> list[Fault]:
    """Each point with its file and what to do, in the order of the files; none where all are settled.

    `checked` is what the check of the brief at `root` found, which is to have no fault.
    """
    brief = load(root)
    points = [*_of_the_brief(brief), *_of_the_coders(brief), *_of_the_material(brief), *_of_people_named(brief)]
    points += [Fault(f"still to be written: {what}", "Write it.", place) for place, what in to_write(checked).items()]
    return points


def _of_the_brief(brief: Brief) -> Iterator[Fault]:
    topic = brief.topic
    for key, value, what in (
        ("authors", topic.authors, "who wrote the brief"),
        ("funding", topic.funding, "who paid for the brief"),
        ("responsible", topic.responsible, "who holds editorial responsibility for the brief"),
        ("reviewed_by", topic.reviewed_by, "who read the whole text before it was published"),
        ("site_url", topic.site_url, "where the site will be"),
    ):
        if not value:
            yield Fault(f"{what} is not recorded", f"Write {key}: and the answer.", _BRIEF, None, key)
    if topic.drafted_by == "not recorded":
        what = "whether people or a language model wrote the text is not recorded"
        yield Fault(what, "Write drafted_by: and person, language model, or both.", _BRIEF, None, "drafted_by")
    elif topic.drafted_by != READER and not (topic.reviewed_by and topic.responsible):
        what = "a language model wrote text, and no person is named who reviewed it and who is responsible"
        remedy = "Write reviewed_by: and responsible:, or leave the sentence that discloses it where it stands."
        yield Fault(what, remedy, _BRIEF, None, "drafted_by")
    if not topic.contact_href:
        what = "a reader has no address to report a mistake to"
        yield Fault(what, "Write contact: and an address (https: or mailto:).", _BRIEF, None, "contact")


def _of_the_coders(brief: Brief) -> Iterator[Fault]:
    left = unchecked(Findings(brief))
    for coder in naming.rows_of(brief.coders):
        name = str(coder["coder_id"])
        if coder["kind"] == "not recorded":
            what = f"whether a person or a program is behind '{name}' is not recorded"
            yield Fault(what, "Write its kind:, or let a person read it again.", _CODERS, None, name)
        if name in left:
            what = f"no second person is recorded who checked what '{name}' read"
            yield Fault(what, "Have it checked, and write checked_by: and who did.", _CODERS, None, name)


def _of_the_material(brief: Brief) -> Iterator[Fault]:
    for collection in brief.collections:
        place = f"collections {collection.collection_id}"
        if not collection.how:
            yield Fault("how the comments were gathered is not recorded", "Write how:.", _BRIEF, None, place)
        if collection.more_exist is None:
            what = "whether more comments exist than are held is unknown"
            yield Fault(what, "Look, and write more_exist: true or false.", _BRIEF, None, place)
    claims = brief.claim_register.claims
    for row, holds in enumerate(claims["holds"], start=2):
        if holds == _NOT_CHECKED:
            yield Fault("nobody has checked whether the claim holds", "Check it.", _CLAIMS, row, "holds")


def _of_people_named(brief: Brief) -> Iterator[Fault]:
    """What is masked in comments and stands in the words of those who answer them: these are published as written."""
    register = brief.claim_register
    for file, frame, key, columns in (
        (_CLAIMS, register.claims, "claim_id", ("why",)),
        (REPLIES, register.replies, "argument_id", ("argument", "evidence", "answer")),
        (DECISIONS, register.decisions, "about", ("why", "changed")),
        (PLAN, brief.plan.entries, "id", ("plan",)),
    ):
        for cells in naming.rows_of(frame):
            for column in columns:
                for span in brief.masking.spans(cells[column], language=brief.topic.language):
                    what = f"'{cells[column][span.start : span.end]}' is masked in comments, and stands here as written"
                    remedy = "Write it without, unless it names no person who comments."
                    yield Fault(what, remedy, file, None, f"{column} of {cells[key]}")
