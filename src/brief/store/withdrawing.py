"""Taking a comment back: its words leave the store, others' words still hide its author, and what is left is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from brief.contract import files as contract_files
from brief.contract import inputs, tables, text_files
from brief.contract.journal import writing
from brief.data import claims, ledger, privacy
from brief.data.brief import WITHDRAWN, Brief
from brief.data.loading import load
from brief.errors import fail
from brief.prose.folding import fold
from brief.prose.masking import MASK, Masking
from brief.store.changes import changing, comments_of

_TEXTS = (".csv", ".md", ".yml", ".json", ".bib")
_WHY = "it names the author of a comment that was withdrawn"


def withdraw(root: Path, comment_id: str, note: str) -> list[str]:
    """Withdraw a comment: text, author and all that is known of it leave the store; its row and fingerprint stay.

    Where others name its author, those words are masked from now on by rows of `data/masking.csv`: without its author
    among the authors, nothing else would tell that the words are a name. Codings of the comment stay in their file and
    are no longer read. Returns the places of the brief in which its words or its author's name still stand. Raises
    `BriefError` where there is no such comment, or it is withdrawn already.
    """
    with writing(root):
        return _withdraw(load(root), comment_id, note)


def _withdraw(brief: Brief, comment_id: str, note: str) -> list[str]:
    for collection in brief.collections:
        rows, columns = comments_of(brief.root, collection.collection_id)
        for place, row in enumerate(rows):
            if row["comment_id"] == comment_id:
                if row.get("status") == WITHDRAWN:
                    raise fail(f"the comment '{comment_id}' is withdrawn already", "Nothing is left to do.")
                rows[place] = _withdrawn(row)
                naming = list(_decided(brief, comment_id, row.get("author", "")))
                # A claim that quotes the comment must not keep its author from taking it back; the next check tells it.
                with changing(brief.root, leaving="data/claims.csv") as changes:
                    kept = tables.in_order([*columns, "status"], tables.COMMENTS)
                    changes.write(f"data/comments/{collection.collection_id}.csv", text_files.write_csv(rows, kept))
                    if naming:
                        changes.write(privacy.FILE, _with_rows(brief.root, naming))
                    day = brief.topic.edition.isoformat()
                    sha256 = ledger.fingerprint(row["text"])
                    changes.record([ledger.entry(day, "withdrawal", comment_id, sha256, note)])
                return list(_still_there(brief, comment_id, row))
    raise fail(f"there is no comment '{comment_id}'", "Use an id of a file in data/comments/.")


def _withdrawn(row: Mapping[str, str]) -> dict[str, str]:
    """The row of a comment once it is withdrawn: its place stays, what its author wrote and was called does not."""
    kept = ("comment_id", "parent_id", "position", "source")
    return {**{name: row[name] for name in kept if name in row}, "status": WITHDRAWN}


def _decided(brief: Brief, comment_id: str, author: str) -> Iterator[dict[str, str]]:
    """The decisions that keep an author masked in the words of others; none where other comments are by the same."""
    others = [(name, text, by) for name, text, by in brief.texts() if name != comment_id]
    if not author or author in {by for _, _, by in others}:
        return
    decided = {(one.comment_id, one.words) for one in brief.masking.decisions}
    names = Masking(authors=frozenset({author})).names
    for name, text, _ in others:
        folded = fold(text)
        words = {text[slice(*folded.place(start, end))] for start, end, _ in names.found(folded.text)}
        for one in sorted(words):
            if (name, one) not in decided:
                yield {"comment_id": name, "words": one, "decision": MASK, "note": _WHY}


def _with_rows(root: Path, new: list[dict[str, str]]) -> str:
    path = root / privacy.FILE
    before = contract_files.records(contract_files.read_csv(path, privacy.FILE)) if path.is_file() else []
    return text_files.write_csv([*before, *new], [column.name for column in tables.MASKING])


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
