"""Adding to a brief, one path for all: recognise, read, plan, preview, write.

What is recognised and read is the work of a module in `sources`; here it becomes a plan of what would change, which is
shown, and written only then, as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from slugify import slugify

from brief.analysis.attributes import PREFIX
from brief.contract import files as contract_files
from brief.contract import inputs, tables
from brief.contract.inputs import EDITIONS
from brief.contract.journal import writing
from brief.data import keys, ledger
from brief.data.brief import Brief
from brief.data.loading import load
from brief.errors import fail
from brief.prose.folding import fold
from brief.prose.masking import MASK, WORDS_REMOVED, Decision
from brief.store import doubled, naming, planning, sources, starter, stored
from brief.store.changes import changing
from brief.store.preview import LOOKED_AT, without_text
from brief.store.preview import Plan as Plan
from brief.store.sources import FoundArticle, Material


def add(root: Path, path: Path, answers: Mapping[str, Any]) -> Plan:
    """Add a file to the brief at `root`; returns the plan as it was carried out. Raises as `sources.read`, `planned`
    and `write` do.
    """
    material = sources.read(path, answers)
    with writing(root):
        plan = planned(root, path, material, answers)
        write(root, plan)
    return plan


def planned(root: Path, path: Path, material: Material, answers: Mapping[str, Any]) -> Plan:
    """What adding a file to the brief at `root` would change; nothing is written.

    `found` is what `sources.read` gives of the file, `answers` are options of `brief add` by their names, those that
    were given. Raises `BriefError` for a brief with faults, an article without a publisher, or one that is there
    already where `replace` is not asked for, an id that is taken, and two texts under one id.
    """
    brief = load(root)
    if material.article is not None:
        plan = _plan_article(brief, path, material, material.article, answers)
    else:
        plan = _plan_comments(brief, path, material, answers)
    there = {
        file: (root / file).read_bytes()
        for file, text in plan.files.items()
        if isinstance(text, str) and (root / file).is_file()
    }
    at_hand = keys.at_hand(root)
    last = ledger.current(brief.ledger, at_hand) | ledger.current(brief.ledger, at_hand, raw=True)
    plan = replace(
        plan,
        files={file: text for file, text in plan.files.items() if not _is_as_before(text, there.get(file))},
        rows=[row for row in plan.rows if not _is_recorded(row, last)],
    )
    return _with_masking(brief, _accepted(plan, tuple(answers.get("accept", ()))), str(answers.get("language", "")))


def write(root: Path, plan: Plan, *, trial: bool = False) -> None:
    """Carry out a plan that was `planned` since nobody else writes; in a `trial` only find out whether it can be.

    Raises `BriefError`, with `data/` untouched, where the result would have a fault, or where new comments do not look
    like the stored ones and nobody accepted that.
    """
    if plan.changes_nothing:
        return
    if plan.held:
        names = " ".join(f"--accept {difference.name}" for difference in plan.held)
        messages = "; ".join(f"{difference.name}: {difference.message}" for difference in plan.held)
        what = f"the new comments do not look like those that are stored ({messages})"
        raise fail(what, f"Look at the preview. If they are what they should be: {names}.")
    with changing(root, trial=trial, sound=True) as changes:
        for file, text in plan.files.items():
            if isinstance(text, str):
                changes.write(file, text)
            else:
                with changes.writing(file) as new:
                    stored.write(new, text.columns, text.rows)
                if text.instead_of:
                    changes.remove(text.instead_of)
        if plan.article_id:
            changes.list_article(plan.article_id)
        if plan.collection:
            changes.list_collection(plan.collection)
        changes.decide(plan.decided)
        changes.record([dict(row) for row in plan.rows])


def edition_to_raise(root: Path, plan: Plan) -> str:
    """Why the edition of the brief at `root` is older than what a plan takes in, and what to do; empty if it is not.

    The edition is the only clock there is: what comes in is dated by it.
    """
    if plan.changes_nothing:
        return ""
    edition = str(contract_files.read_yaml(root / "data/brief.yml", "data/brief.yml")["edition"])
    why = ""
    if edition == starter.unfilled()["edition"][0]:
        why = "is still that of a new brief"
    elif plan.latest > edition:
        why = f"is older than the newest comment, which is of {plan.latest}"
    elif any((root / EDITIONS).glob(f"{edition}*.json")):
        why = "is recorded already, without what comes in now"
    return f"The edition in data/brief.yml, {edition}, {why}: set the day of the next one there." if why else ""


def slug(text: str) -> str:
    """A text as an identifier: lower-case letters, digits and hyphens, beginning with a letter.

    Other scripts are written in Latin letters; a text without a letter or digit gets a name from its fingerprint.
    """
    joined = slugify(text) or ledger.fingerprint(text)[:8]
    return joined if joined[0].isalpha() else f"a-{joined}"


def _plan_article(
    brief: Brief, path: Path, material: Material, article: FoundArticle, answers: Mapping[str, Any]
) -> Plan:
    """The article, its comments, the ledger. With `replace`, its comments are found again as in a newer export."""
    said = {**article.known, **{name: str(value) for name, value in answers.items()}}
    publisher, published, language = (said.get(name, "") for name in ("publisher", "published", "language"))
    if not publisher:
        raise fail("who published the article is not said", 'Give --publisher "NAME".', path.name)
    name = _sound_id(str(answers.get("id", "")) or slug(f"{publisher} {published}"), "--id")
    file = f"data/articles/{name}.md"
    today = brief.topic.edition.isoformat()
    front = {
        "article_id": name,
        "title": article.headline,
        "publisher": publisher,
        "author": said.get("author", ""),
        "published": published,
        "url": said.get("url", ""),
        "language": language or brief.topic.language,
        "retrieved": said.get("retrieved", ""),
    }
    files = {file: contract_files.article_text(front, article.paragraphs)}
    replaced = bool(answers.get("replace"))
    if not replaced and (brief.root / file).exists():
        remedy = "Give --replace to take it in as a newer copy of it, or --id for another name."
        raise fail(f"the article '{name}' is there already", remedy, file)
    recorded = ledger.current(brief.ledger, keys.at_hand(brief.root))
    rows = [
        ledger.entry(today, "article", ledger.paragraph_item(name, number), ledger.fingerprint(text))
        for number, text in enumerate(article.paragraphs, start=1)
    ]
    if replaced:
        gone = ledger.lost_paragraphs(recorded, name, len(article.paragraphs))
        rows += [ledger.entry(today, "edit", item, ledger.fingerprint(""), "the page was replaced") for item in gone]
    plan = Plan(f"{file}, without comments", files, [_raw(today, path), *rows], {}, name)
    guesses = [] if language else [f"The language is the brief's, {front['language']}; --language says otherwise."]
    plan = replace(
        plan, guesses=guesses, messages=list(doubled.articles(brief, name, front["url"], article.paragraphs))
    )
    if not len(material.comments):
        return plan
    holds = str(answers.get("holds", ""))
    comments = planning.planned(
        brief,
        name,
        material.comments,
        path.name,
        holds,
        page=material.whole,
        without_key=bool(answers.get("without_key")),
    )
    known = any(collection.collection_id == name for collection in brief.collections)
    return replace(
        _with_comments(plan, comments, brief, name, page=material.article is not None),
        added=f"{file} and its comments",
        collection=_collection_of_page(name, material, known),
    )


def _plan_comments(brief: Brief, path: Path, material: Material, answers: Mapping[str, Any]) -> Plan:
    """The comments of an export, taken into a collection, which is made if it is not there."""
    name = _sound_id(str(answers.get("collection", "")) or slug(path.stem), "--collection")
    if not len(material.comments):
        raise fail("the file holds no comment with a text", "Add one that does.", path.name)
    holds, again = str(answers.get("holds", "")), _was_taken(brief, path)
    comments = planning.planned(
        brief,
        name,
        material.comments,
        path.name,
        holds,
        page=material.whole,
        again=again,
        without_key=bool(answers.get("without_key")),
        parquet=bool(answers.get("parquet")),
    )
    collection: dict[str, Any] = {}
    guesses: list[str] = []
    if set(comments.counts) == {"withdrawn"}:
        raise fail("every comment of the file was withdrawn", "Nothing is to be added.", path.name)
    if all(there.collection_id != name for there in brief.collections):
        article, question = str(answers.get("article", "")), str(answers.get("question", ""))
        if not (article or question) and "question" in starter.unfilled_in(brief.root, brief.topic.language):
            what = "it is not said what the comments answer: the brief has no question of its own yet"
            remedy = 'Give --question "WORDS?" or --article ID; or write the question: into data/brief.yml first.'
            raise fail(what, remedy, path.name)
        belongs = {"article": article} if article else {"question": question or brief.topic.question}
        collection = {"id": name, **belongs, **material.keys, "how": material.how}
        if not (article or question):
            guesses = [f"The new collection is in answer to “{brief.topic.question}”; --question says otherwise."]
    today = brief.topic.edition.isoformat()
    plan = Plan(comments.file, {}, [_raw(today, path)], {}, collection=collection, guesses=guesses)
    return _with_comments(plan, comments, brief, name, page=material.article is not None)


def _with_comments(plan: Plan, comments: planning.Planned, brief: Brief, name: str, *, page: bool) -> Plan:
    """A plan, and what comes of the comments of a collection."""
    return replace(
        plan,
        files={**plan.files, comments.file: comments.table, **comments.codings},
        rows=[*plan.rows, *comments.rows],
        counts=comments.counts,
        comments=comments.shown,
        edited=comments.edited,
        latest=comments.latest,
        guesses=[*plan.guesses, *comments.guesses],
        messages=[*plan.messages, *comments.messages, *doubled.comments(brief, name, comments.shown, page=page)],
        unlike=comments.unlike,
    )


def _is_as_before(text: str | planning.Table, there: bytes | None) -> bool:
    return text.encode() == there if isinstance(text, str) else text.as_before


def _accepted(plan: Plan, names: tuple[str, ...]) -> Plan:
    """The plan with what the maintainer accepts; the ledger keeps that and the reason beside the file.

    Raises `BriefError` for a name that is nothing to accept.
    """
    messages = {difference.name: difference.message for difference in plan.unlike}
    for name in names:
        if name not in messages:
            raise fail(f"there is no '{name}' to accept", f"Leave --accept {name} out.")
    note = "; ".join(f"accepted though unlike: {name}: {messages[name]}" for name in names)
    rows = [{**row, "note": note} if note and row["event"] == "raw" else row for row in plan.rows]
    return replace(plan, rows=rows, accepted=names)


def _with_masking(brief: Brief, plan: Plan, language: str) -> Plan:
    """The plan, with what will be masked in the comments that it brings. Where they name somebody who withdrew, rows of
    `data/masking.csv` will mask that.
    """
    looked_at = list(islice(plan.comments, LOOKED_AT))
    authors = {row["author"]: row["comment_id"] for row in reversed(looked_at) if row.get("author")} | dict(
        brief.masking.authors
    )
    veiled, unknown = ledger.veiled(brief.ledger, keys.at_hand(brief.root), WORDS_REMOVED)
    # Every comment, and not only those of the preview: what is found here is never shown.
    names = [name for row in plan.comments for name in naming.rows(veiled, row)] if veiled else []
    new = tuple(Decision(name["comment_id"], name["words"], MASK) for name in names)
    masking = replace(brief.masking, authors=authors, decisions=(*brief.masking.decisions, *new))
    masked, doubtful = [], []
    for row in looked_at:
        name, text = row["comment_id"], row["text"]
        for span in masking.spans(text, name, row.get("language") or language or brief.topic.language):
            masked.append((name, text[span.start : span.end], span.shown))
        folded = fold(text)
        doubtful += [(name, text[slice(*folded.place(*place))]) for place in masking.names.open_to_doubt(folded.text)]
    without, may_be = without_text(looked_at)
    return replace(
        plan,
        masked=masked,
        doubtful=doubtful,
        without_text=without,
        may_be_without=may_be,
        attributes={name for row in looked_at for name in row if name.startswith(PREFIX)},
        decided=names,
        unrecognised=unknown > 0,
    )


def _sound_id(name: str, option: str) -> str:
    """An identifier before it becomes the name of a file. Raises `BriefError` for any other text."""
    if tables.ID.fullmatch(name) is None:
        remedy = f"Give {option} with lower-case letters, digits and single hyphens, beginning with a letter."
        raise fail(f"'{name}' is not an identifier", remedy)
    return name


def _raw(today: str, path: Path) -> dict[str, str]:
    return ledger.entry(today, "raw", path.name, inputs.file_digest(path))


def _is_recorded(row: Mapping[str, str], last: Mapping[str, ledger.Recorded]) -> bool:
    """Whether the ledger has a row already: of a text the last one, of a file any of its bytes."""
    if row["event"] == ledger.RAW:
        return any(known.is_of(row["sha256"]) for known in last.values() if known.event == ledger.RAW)
    return row["item"] in last and bool(last[row["item"]].is_of(row["sha256"]))


def _was_taken(brief: Brief, path: Path) -> bool:
    """Whether this very file was taken in before."""
    raw = ledger.current(brief.ledger, keys.at_hand(brief.root), raw=True)
    digest = _raw("", path)["sha256"]
    return any(recorded.is_of(digest) for recorded in raw.values())


def _collection_of_page(name: str, material: Material, known: bool) -> dict[str, Any]:
    """The keys of a page's collection; of one that is known only those that the page decides."""
    collection: dict[str, Any] = {"id": name, "article": name}
    if not known:
        collection |= {**material.keys, "how": material.how}
    if material.more_evidence:
        # Words without a number may be the label of a link that leads to no further comment.
        counted = any(sign.isdigit() for sign in material.more_evidence)
        collection |= {"more_exist": counted or "unknown", "more_evidence": material.more_evidence}
    elif known:
        collection |= {"more_exist": "unknown", "more_evidence": ""}
    return collection
