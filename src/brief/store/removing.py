"""Taking out what was added: an article with its comments, or a collection, as if it had not come in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from brief.contract import files as contract_files
from brief.contract import tables, text_files
from brief.contract.journal import writing
from brief.data import keys, ledger, privacy, samples
from brief.data.brief import Brief
from brief.data.loading import load
from brief.errors import fail
from brief.store import stored
from brief.store.changes import changing

_CODINGS = "data/codings"


@dataclass(frozen=True)
class Removed:
    """What was taken out: the articles, the collections, how many comments and codings they had, and the files of the
    samples that were drawn from these.
    """

    articles: tuple[str, ...]
    collections: tuple[str, ...]
    comments: int
    codings: int
    samples: tuple[str, ...] = ()


def remove(root: Path, name: str, note: str, *, with_codings: bool = False) -> Removed:
    """Take an article and its collections, or a collection, out of the brief; the ledger keeps that it was there.

    What a maintainer wrote about it (claims, voices, statements of chapters) is not taken out: where something still
    refers to it, that is a fault and nothing is changed. Codings, and samples drawn from its comments for a coder, go
    only `with_codings`, since nobody can make them anew. A comment that was withdrawn stays withdrawn: its words do not
    come back with the file they came in with. Raises `BriefError` where there is no such article or collection, where
    its comments are coded or drawn, and with the faults of what would be left.
    """
    with writing(root):
        brief = load(root)
        articles = [article.article_id for article in brief.articles if article.article_id == name]
        collections = [
            collection.collection_id
            for collection in brief.collections
            if collection.collection_id == name or collection.article_id in articles
        ]
        if not articles and not collections:
            there = [article.article_id for article in brief.articles]
            there += [collection.collection_id for collection in brief.collections]
            listed = ", ".join(dict.fromkeys(there)) or "nothing yet"
            raise fail(f"there is no article and no collection '{name}'", f"Name one of these: {listed}.")
        comments = {
            row["comment_id"]: ledger.fingerprint(row["text"])
            for collection in collections
            for file in stored.files_of(root, collection)
            for row in file.rows()
        }
        codings = list(_without(root, _CODINGS, comments))
        coded = sum(number for _, _, number in codings)
        if coded and not with_codings:
            what = f"the comments of '{name}' are coded: {coded} codings would go with them"
            raise fail(what, "Give --with-codings if they may.", f"{_CODINGS}/")
        drawn = [
            path.stem for path in samples.files(root) if comments.keys() & set(samples.read(root, path.stem).comments)
        ]
        files = tuple(f"{samples.FOLDER}/{name}.yml" for name in drawn)
        if drawn and not with_codings:
            what = f"comments of '{name}' were drawn for a coder: {', '.join(files)} would go with them"
            raise fail(what, "Give --with-codings if that may; then draw anew: brief sample -n NUMBER.")
        _carry_out(brief, articles, collections, comments, codings, files, note)
    return Removed(tuple(articles), tuple(collections), len(comments), coded, files)


def _carry_out(
    brief: Brief,
    articles: Collection[str],
    collections: Collection[str],
    comments: Mapping[str, str],
    codings: Collection[tuple[str, str, int]],
    drawn: Collection[str],
    note: str,
) -> None:
    gone = {**comments, **{ledger.table_item(name): "" for name in collections}}
    for article in brief.articles:
        if article.article_id in articles:
            texts = enumerate(article.paragraphs, start=1)
            gone |= {
                ledger.paragraph_item(article.article_id, number): ledger.fingerprint(text) for number, text in texts
            }
    recorded = ledger.current(brief.ledger, keys.at_hand(brief.root))
    day = brief.topic.edition.isoformat()
    with changing(brief.root) as changes:
        changes.unlist(articles, collections)
        for name in articles:
            changes.remove(f"data/articles/{name}.md")
        for name in collections:
            for comments_file in stored.files_of(brief.root, name):
                changes.remove(comments_file.file)
        for file in drawn:
            changes.remove(file)
        for file, text, _ in codings:
            changes.write(file, text)
        for file, text, _ in _masking_without(brief.root, comments):
            changes.write(file, text)
        changes.record(
            [
                ledger.entry(day, ledger.REMOVAL, item, gone[item], note)
                for item in sorted(gone.keys() & set(recorded))
                if recorded[item].event != ledger.WITHDRAWAL
            ]
        )


def _without(root: Path, folder: str, comments: Collection[str]) -> Iterator[tuple[str, str, int]]:
    """Each file of codings that has some of these comments: its path, its text without them, how many they are."""
    for path in sorted((root / folder).glob("*.csv")):
        yield from _file_without(path, f"{folder}/{path.name}", comments, tables.CODINGS)


def _masking_without(root: Path, comments: Collection[str]) -> Iterator[tuple[str, str, int]]:
    path = root / privacy.FILE
    if path.is_file():
        yield from _file_without(path, privacy.FILE, comments, tables.MASKING)


def _file_without(
    path: Path, file: str, comments: Collection[str], columns: tuple[tables.Column, ...]
) -> Iterator[tuple[str, str, int]]:
    frame = contract_files.read_csv(path, file)
    rows = contract_files.records(frame)
    kept = [row for row in rows if row["comment_id"] not in comments]
    if len(kept) < len(rows):
        names = tables.in_order(map(str, frame.columns), columns)
        yield file, text_files.write_csv(kept, names), len(rows) - len(kept)
