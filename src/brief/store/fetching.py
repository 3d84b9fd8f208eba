"""Comments that are kept elsewhere: copied into the brief by a command, so that no build needs a network.

A collection of `data/brief.yml` names the address under `comments`: one that fsspec knows, of a Parquet or CSV file or
of a folder of Parquet files. What is built and checked is the copy in `data/comments/`, whose texts the ledger has a
fingerprint of.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from filecmp import cmp
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any

from brief.contract import comment_files
from brief.contract import files as contract_files
from brief.contract.comment_files import ENDING, FOLDER, MOST_FILES
from brief.contract.journal import staging, writing
from brief.contract.text_files import CONTROL
from brief.data import keys, ledger
from brief.errors import BriefError, fail
from brief.store.changes import changing

_TOPIC = "data/brief.yml"
_BATCH = 50_000
_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Fetched:
    """What was copied of a collection: the address, files and bytes, and whether the brief had all of it already."""

    collection_id: str
    address: str
    files: int
    size: int
    as_before: bool


def fetch(root: Path, name: str = "", *, dry_run: bool = False) -> list[Fetched]:
    """Copy the comments of a collection from its address, or of every collection that has one.

    Nothing changes with `dry_run`. Raises `BriefError`, with `data/` untouched, for a collection without an address,
    one that cannot be read, files that are no comments, and where the result would have a fault.
    """
    with writing(root), staging(root) as aside:
        fetched = []
        for collection_id, address in _addresses(root, name):
            files = _copied(address, collection_id, aside)
            before = _there(root, collection_id)
            same = sorted(before) == files and all(cmp(root / file, aside / file, shallow=False) for file in files)
            size = sum((aside / file).stat().st_size for file in files)
            fetched.append(Fetched(collection_id, address, len(files), size, same))
            if not same:
                _taken_in(root, aside, collection_id, files, before, dry_run)
    return fetched


def _addresses(root: Path, name: str) -> Iterator[tuple[str, str]]:
    topic = contract_files.read_yaml(root / _TOPIC, _TOPIC)
    listed = topic.get("collections") if isinstance(topic, Mapping) else None
    entries = [entry for entry in listed or () if isinstance(entry, Mapping)]
    wanted = [entry for entry in entries if entry.get("comments") and name in ("", str(entry.get("id")))]
    if not wanted:
        what = f"the collection '{name}' has no address" if name else "no collection has an address"
        raise fail(what, "Write it under the collection: comments: file:///data/docket.parquet.", _TOPIC)
    yield from ((str(entry["id"]), str(entry["comments"])) for entry in wanted)


def _copied(address: str, collection_id: str, aside: Path) -> list[str]:
    """Copy what stands at an address aside; returns the files as they will be in the brief, sorted."""
    try:
        fsspec: Any = import_module("fsspec")
    except ImportError:
        remedy = "Install it: pip install -e '.[storage]'."
        raise fail("reading from an address needs the package fsspec", remedy, _TOPIC) from None
    try:
        storage, path = fsspec.core.url_to_fs(address)
        files = dict(_files(storage, path, collection_id))
        for file, source in files.items():
            target = aside / file
            target.parent.mkdir(parents=True, exist_ok=True)
            with storage.open(source, "rb") as content, target.open("wb") as copy:
                shutil.copyfileobj(content, copy, _AT_ONCE)
    except BriefError:
        raise
    except ImportError as error:
        raise fail(f"{address} cannot be read: {error}", "Install the package that is named.", _TOPIC) from None
    except Exception as error:  # Each storage has errors of its own.
        what = f"{address} cannot be read: {type(error).__name__}: {str(error)[:200] or 'no reason given'}"
        remedy = "Correct the address, or see to the rights; give keys as the storage asks, never in the address."
        raise fail(what, remedy, _TOPIC) from None
    return sorted(files)


def _files(storage: Any, path: str, collection_id: str) -> Iterator[tuple[str, str]]:
    """The files at an address: each as it will be in the brief, and its path in the storage."""
    ending = PurePosixPath(path).suffix
    if storage.isfile(path):
        if ending not in (ENDING, ".csv"):
            raise fail(f"the file at {path} is neither Parquet nor CSV", "Name one that ends so.", _TOPIC)
        yield f"{FOLDER}/{collection_id}{ending}", path
        return
    every = sorted(str(name) for name in storage.find(path))
    listed = [name for name in every if name.endswith(ENDING)]
    if not listed:
        raise fail(f"there is no file and no folder of Parquet files at {path}", "Correct the address.", _TOPIC)
    if len(listed) > MOST_FILES:
        raise fail(f"the folder holds more than {MOST_FILES:,} files", "Write it anew as fewer, larger files.", _TOPIC)
    for name in listed:
        below = PurePosixPath(name).relative_to(PurePosixPath(path)).as_posix()
        parts = PurePosixPath(below).parts
        if ".." in parts or CONTROL.search(below) is not None:
            raise fail(f"the name '{below[:60]}' cannot be copied", "Rename the file.", _TOPIC)
        if not any(part.startswith((".", "_")) for part in parts):
            yield f"{FOLDER}/{collection_id}{ENDING}/{below}", name


def _there(root: Path, collection_id: str) -> list[str]:
    """The files of a collection that are in the brief."""
    place = comment_files.stored(root, collection_id)
    paths = comment_files.paths(root, collection_id) if place.exists() else []
    return [path.relative_to(root).as_posix() for path in paths]


def _taken_in(root: Path, aside: Path, collection_id: str, files: list[str], before: list[str], dry_run: bool) -> None:
    topic = contract_files.read_yaml(root / _TOPIC, _TOPIC)
    recorded = ledger.current(_ledger(root), keys.at_hand(root))
    digest = _digest_of(aside, collection_id)
    if dry_run:
        return
    with changing(root) as changes:
        for file in set(before) - set(files):
            changes.remove(file)
        for file in files:
            with changes.writing(file) as new:
                (aside / file).replace(new)
        item = ledger.table_item(collection_id)
        if item not in recorded or recorded[item].is_of(digest) is not True:
            changes.record([ledger.entry(str(topic["edition"]), ledger.TABLE, item, digest, "copied by brief fetch")])


def _digest_of(aside: Path, collection_id: str) -> str:
    """The digest of what was copied; a table without the columns of comments is refused when it is taken in."""
    texts = ledger.TableDigest()
    for part in comment_files.batches(aside, collection_id, _BATCH):
        if "comment_id" in part.rows and "text" in part.rows:
            texts.update(part.rows["comment_id"], part.rows["text"])
    return texts.hexdigest()


def _ledger(root: Path) -> Any:
    path = root / ledger.FILE
    if path.is_file():
        return contract_files.read_csv(path, ledger.FILE)
    return contract_files.no_rows(*ledger.COLUMNS)
