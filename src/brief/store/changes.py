"""Changing the store: everything is written aside, checked as a whole, and moved in only when it is sound."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from brief.contract import files as contract_files
from brief.contract import tables, text_files
from brief.contract.journal import link, move_in, remove_emptied, staging, writing
from brief.data import keys as brief_keys
from brief.data import ledger, privacy
from brief.data.brief import WITHDRAWN
from brief.data.loading import check_data
from brief.errors import BriefError, fail
from brief.store import keying, stored

_TOPIC = "data/brief.yml"
_KEY_OF_A_TRIAL = "0" * 64
"""Where a brief has no key yet, a trial makes none: what is recorded under this one goes away with it."""


class Changes:
    """Changes to files of `data/` that are made together or not at all."""

    def __init__(self, staged: Path, spare_key: str = "") -> None:
        self.staged, self._spare_key = staged, spare_key
        self.changed: list[str] = []
        self.removed: list[str] = []

    def write(self, file: str, text: str) -> None:
        """Write a file of the staged copy, never in place."""
        with self.writing(file) as new, new.open("w", encoding="utf-8", newline="") as out:
            out.write(text)

    @contextmanager
    def writing(self, file: str) -> Iterator[Path]:
        """A path to write a file of the staged copy at, which takes the place of the file when the block ends."""
        path = self.staged / file
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.tmp")
        yield new
        new.replace(path)
        if file not in self.changed:
            self.changed.append(file)

    def remove(self, file: str) -> None:
        """Take a file out of the staged copy, and out of the data once everything is moved in."""
        (self.staged / file).unlink()
        remove_emptied(self.staged, file)
        self.removed.append(file)

    def topic(self, key: str, value: str) -> None:
        """Set a key of `data/brief.yml`; comments and order of the file stay."""
        with self._topic() as keys:
            keys[key] = value

    def list_article(self, article_id: str) -> None:
        """List an article in `data/brief.yml`, if it is not listed."""
        with self._topic() as keys:
            listed = _list_in(keys, "articles")
            if article_id not in listed:
                listed.append(article_id)

    def list_collection(self, collection: Mapping[str, Any]) -> None:
        """List a collection in `data/brief.yml`; of one that is listed, the keys given are set and the others stay."""
        with self._topic() as keys:
            listed = _list_in(keys, "collections")
            for entry in listed:
                if entry["id"] == collection["id"]:
                    entry.update(collection)
                    return
            listed.append(dict(collection))

    def unlist(self, articles: Collection[str], collections: Collection[str]) -> None:
        """Take articles and collections off the lists of `data/brief.yml`."""
        with self._topic() as keys:
            for name, gone in (("articles", articles), ("collections", collections)):
                listed = _list_in(keys, name)
                for place in range(len(listed) - 1, -1, -1):
                    if (listed[place]["id"] if name == "collections" else listed[place]) in gone:
                        del listed[place]

    def seal(self) -> None:
        """Note in `data/brief.yml` what the ledger is now, so that one that is lost or put in its place is seen."""
        sealed = ledger.seal(contract_files.records(contract_files.read_csv(self.staged / ledger.FILE, ledger.FILE)))
        with self._topic() as keys:
            if "ledger" in keys or "articles" not in keys:
                keys["ledger"] = sealed
            else:
                # Above the lists, which grow.
                keys.insert(list(keys).index("articles"), "ledger", sealed)

    @contextmanager
    def _topic(self) -> Iterator[Any]:
        yaml = YAML()
        yaml.preserve_quotes = True
        yaml.width = 10_000
        keys = yaml.load((self.staged / _TOPIC).read_text(encoding="utf-8"))
        yield keys
        out = StringIO()
        yaml.dump(keys, out)
        self.write(_TOPIC, out.getvalue())

    def decide(self, rows: Sequence[dict[str, str]]) -> None:
        """Add rows to the decisions about masking."""
        if rows:
            path = self.staged / privacy.FILE
            before = contract_files.records(contract_files.read_csv(path, privacy.FILE)) if path.is_file() else []
            self.write(privacy.FILE, text_files.write_csv([*before, *rows], [column.name for column in tables.MASKING]))

    def record(self, rows: list[dict[str, str]]) -> None:
        """Add rows to the ledger, their fingerprints as bare digests: here they come under the key of the brief.

        Bare fingerprints of comments that an earlier version left come under it too, in the ledger and in the records
        of editions. Where the key of the last rows is not at hand, the new rows are under another one.
        """
        if rows:
            self.write(ledger.FILE, keying.ledger_with(self.staged, rows, self._spare_key))
            for file, text in keying.records_keyed(self.staged, self._spare_key):
                self.write(file, text)


@contextmanager
def changing(root: Path, leaving: str = "", *, trial: bool = False, sound: bool = False) -> Iterator[Changes]:
    """Change the data at `root` as a whole; nobody else writes meanwhile.

    What the block writes is checked together with everything else, then moved in, `data/brief.yml` last. Raises
    `BriefError` with the faults, and leaves `data/` untouched, where the result would not be sound; faults of the file
    `leaving` are left for the next check to tell. A `trial` is checked in the same way, and nothing is moved in. Data
    that were loaded since nobody else writes are `sound`, and not checked again before the change.
    """
    with writing(root):
        before = set() if sound else set(check_data(root))
        with staging(root) as staged:
            shutil.copytree(root / "data", staged / "data", copy_function=link)
            changes = Changes(staged, _KEY_OF_A_TRIAL if trial else "")
            yield changes
            if ledger.FILE in changes.changed:
                # A row more would make a ledger the right one that is not.
                if lost := [fault for fault in before if fault.file == ledger.FILE]:
                    raise BriefError(lost)
                changes.seal()
            new = [fault for fault in check_data(staged) if fault not in before and fault.file != leaving]
            if new:
                raise BriefError(new)
            if trial:
                return
            files = sorted(changes.changed, key=lambda name: (name == _TOPIC, name))
            move_in(root, staged, files, changes.removed)


def _list_in(keys: Any, name: str) -> Any:
    """A list of `data/brief.yml`; one written as [] becomes a list with an item a line."""
    if not keys.get(name):
        keys[name] = []
    return keys[name]


def record_edit(root: Path, item: str, note: str) -> None:
    """Record that a text was edited on purpose: a comment, a paragraph (id#p3), or every paragraph of an article.

    Raises `BriefError` where there is no such text, or it is the one that was recorded last.
    """
    with writing(root):
        _record_edit(root, item, note)


def _record_edit(root: Path, item: str, note: str) -> None:
    keys = contract_files.read_yaml(root / _TOPIC, _TOPIC)
    if not isinstance(keys, dict):
        raise BriefError(check_data(root))
    recorded = _recorded(root)
    day = str(keys["edition"])
    collections = [str(collection["id"]) for collection in keys.get("collections") or ()]
    if item in collections and (table := ledger.table_item(item)) in recorded:
        edited = {table: stored.digest_of(root, item)}
    else:
        edited = {name: ledger.fingerprint(text) for name, text in _texts(root, keys, recorded, item)}
        if not edited:
            raise fail(f"there is no text '{item}'", "Name a comment, a paragraph as ARTICLE#p3, or an article.")
    edited = {
        name: digest
        for name, digest in edited.items()
        if name in recorded and (recorded[name].event == ledger.WITHDRAWAL or recorded[name].is_of(digest) is False)
    }
    if not edited:
        raise fail(f"nothing is to be recorded: '{item}' is as it came in, or was added by hand", "Edit it first.")
    with changing(root) as changes:
        changes.record([ledger.entry(day, "edit", name, digest, note) for name, digest in edited.items()])


def _recorded(root: Path) -> dict[str, ledger.Recorded]:
    path = root / ledger.FILE
    if not path.is_file():
        return {}
    return ledger.current(contract_files.read_csv(path, ledger.FILE), brief_keys.at_hand(root))


def _texts(
    root: Path, keys: Mapping[str, Any], recorded: Mapping[str, ledger.Recorded], item: str
) -> Iterator[tuple[str, str]]:
    """The texts of an item: a paragraph, every paragraph of an article, or a comment."""
    for name in keys.get("articles") or ():
        _, paragraphs = contract_files.read_article(root / f"data/articles/{name}.md", f"data/articles/{name}.md")
        texts = {ledger.paragraph_item(name, number): text for number, text in enumerate(paragraphs, start=1)}
        texts |= dict.fromkeys(ledger.lost_paragraphs(recorded, name, len(paragraphs)), "")
        yield from ((name, text) for name, text in texts.items() if name == item or name.startswith(f"{item}#p"))
    for collection in keys.get("collections") or ():
        for file in stored.files_of(root, str(collection["id"])):
            for row in file.rows():
                if row["comment_id"] == item and row.get("status") != WITHDRAWN:
                    yield item, row["text"]
