"""Taking a comment back: its words leave the store, others' words still hide its author, and what is left is told."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from brief.contract import frozen, inputs, kept_work, tables
from brief.contract.inputs import EDITIONS
from brief.contract.journal import writing
from brief.contract.json_files import read_json
from brief.data import claims, ledger
from brief.data.brief import WITHDRAWN, Brief
from brief.data.loading import load
from brief.errors import fail
from brief.prose import veiled
from brief.prose.masking import Masking
from brief.store import keying, naming, stored
from brief.store.changes import Changes, changing
from brief.store.history import where_it_stands
from brief.store.stored import StoredFile

_TEXTS = (".csv", ".md", ".yml", ".json", ".bib")


def withdraw(root: Path, comment_id: str, note: str) -> list[str]:
    """Withdraw a comment: text, author and all that is known of it leave the store; its row and fingerprint stay.

    Where others name its author, those words are masked from now on by rows of `data/masking.csv`: without its author
    among the authors, nothing else would tell that the words are a name. Of the name itself the ledger keeps keyed
    fingerprints, so that it is recognised in comments that are added later. Codings of the comment stay in their file
    and are no longer read. Returns the places of the brief in which its words or its author's name still stand, and
    the branches of the repository that hold them. Raises `BriefError` where there is no such comment, or it is
    withdrawn already.
    """
    with writing(root):
        places = _withdraw(load(root), comment_id, note)
    # Papers and pictures of earlier builds hold its words, and an analysis may quote them.
    kept_work.forget(root)
    shutil.rmtree(frozen.analysis_folder(root), ignore_errors=True)
    return places


def _withdraw(brief: Brief, comment_id: str, note: str) -> list[str]:
    for collection in brief.collections:
        for file in stored.files_of(brief.root, collection.collection_id):
            row = next((row for row in file.rows() if row["comment_id"] == comment_id), None)
            if row is not None and row.get("status") == WITHDRAWN:
                raise fail(f"the comment '{comment_id}' is withdrawn already", "Nothing is left to do.")
            if row is not None:
                return _taken_back(brief, collection.collection_id, file, row, note)
    raise fail(f"there is no comment '{comment_id}'", "Use an id of a file in data/comments/.")


def _taken_back(brief: Brief, collection_id: str, file: StoredFile, row: Mapping[str, str], note: str) -> list[str]:
    comment_id, author = row["comment_id"], row.get("author", "")
    # By whom other comments are is still an author of the brief, whose name is masked as before.
    leaves = bool(author) and not any(by == author for name, _, by in brief.texts() if name != comment_id)
    others = (text for text in brief.texts() if text[0] != comment_id)
    day = brief.topic.edition.isoformat()
    # A claim that quotes the comment must not keep its author from taking it back; the next check tells it.
    with changing(brief.root, leaving="data/claims.csv") as changes:
        for other in stored.files_of(brief.root, collection_id):
            # The files of a folder have the same columns, so all of them get the status.
            if other == file or "status" not in other.columns:
                with changes.writing(other.file) as new:
                    rows = (_withdrawn(there) if there["comment_id"] == comment_id else there for there in other.rows())
                    stored.write(new, tables.in_order([*other.columns, "status"], tables.COMMENTS), rows)
        changes.decide(list(_decided(brief, author, others)) if leaves else ())
        entries = [
            ledger.entry(day, ledger.NAME, comment_id, ledger.letters_fingerprint(letters), form)
            for form, letters in (veiled.forms(author) if leaves else ())
        ]
        entries += [ledger.entry(day, ledger.WITHDRAWAL, comment_id, ledger.fingerprint(row["text"]), note)]
        table = ledger.table_item(collection_id)
        if table in ledger.current(brief.ledger):
            digest = stored.digest_of(changes.staged, collection_id)
            entries += [ledger.entry(day, ledger.TABLE, table, digest, "without a comment that was withdrawn")]
        changes.record(entries)
        _mark_records(changes, comment_id, day)
    repository = where_it_stands(brief.root, row["text"], author if leaves else "")
    return [*_still_there(brief, comment_id, row), *repository]


def _withdrawn(row: Mapping[str, str]) -> dict[str, str]:
    """The row of a comment once it is withdrawn: its place stays, what its author wrote and was called does not."""
    kept = ("comment_id", "parent_id", "position", "source")
    return {**{name: row[name] for name in kept if name in row}, "status": WITHDRAWN}


def _decided(brief: Brief, author: str, others: Iterable[tuple[str, str, str]]) -> Iterator[dict[str, str]]:
    """The decisions that keep an author masked in the words of others."""
    decided = {(decision.comment_id, decision.words) for decision in brief.masking.decisions}
    names = Masking({author: ""}).names
    for name, text, _ in others:
        for row in naming.rows(names, {"comment_id": name, "text": text}):
            if (row["comment_id"], row["words"]) not in decided:
                yield row


def _mark_records(changes: Changes, comment_id: str, day: str) -> None:
    """In the record of each edition that had the comment, a word takes the place of its fingerprint.

    The digest of all data goes too: whoever has the other data could try texts with it.
    """
    for path in sorted((changes.staged / EDITIONS).glob("*.json")):
        record = read_json(path, f"{EDITIONS}/{path.name}", "Take the record back from the repository.")
        if isinstance(record, dict) and isinstance(record.get("comments"), dict) and comment_id in record["comments"]:
            record["comments"][comment_id] = WITHDRAWN
            record["data_digest"] = ""
            record["altered"] = {**record.get("altered", {}), comment_id: day}
            changes.write(f"{EDITIONS}/{path.name}", keying.as_record(record))


def _still_there(brief: Brief, comment_id: str, row: Mapping[str, str]) -> Iterator[str]:
    """The places that hold its text or its author's name, and those that quote it, as the brief is now."""
    text, author = row["text"].strip(), row.get("author", "")
    if (book := brief.codebook) is not None:
        for code in (*book.stances, *book.certainties, *book.themes):
            if any(words in text for words in code.examples):
                yield f"data/codebook.yml, {code.id}: words of its text"
    named = re.compile(rf"(?<!\w){re.escape(author)}(?!\w)") if author else None
    for folder in ("data", "book"):
        for path in inputs.files(brief.root / folder):
            if path.suffix in _TEXTS:
                file = path.relative_to(brief.root).as_posix()
                quoting = comment_id if file == claims.CLAIMS or folder == "book" else ""
                for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                    here = ["its text"] if text and text in line else []
                    here += ["its author's name"] if named is not None and named.search(line) else []
                    here += ["a quotation of it"] if quoting and quoting in line else []
                    if here:
                        yield f"{file}, line {number}: {' and '.join(here)}"
