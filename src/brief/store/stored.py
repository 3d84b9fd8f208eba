"""The files of stored comments: the rows of each, and how one is written anew, as CSV or as Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from brief.contract import comment_files, parquet_files, text_files
from brief.contract import files as contract_files
from brief.data import ledger
from brief.store.rows import Rows

_BATCH = 10_000

Row = Mapping[str, str]


@dataclass(frozen=True)
class StoredFile:
    """A file of comments: where it lies, its path in the brief, and the columns that stand in it."""

    path: Path
    file: str
    columns: Sequence[str]

    @property
    def is_parquet(self) -> bool:
        """Whether it is a Parquet file."""
        return self.path.suffix == comment_files.ENDING

    def rows(self) -> Iterator[dict[str, str]]:
        """Its rows one by one, as texts. Raises `BriefError` where it is not sound."""
        read = parquet_files.batches if self.is_parquet else contract_files.csv_batches
        for batch, _ in read(self.path, self.file, _BATCH):
            yield from contract_files.records(batch)


def files_of(root: Path, collection_id: str) -> list[StoredFile]:
    """The files of a collection's comments, none where nothing is stored. Raises `BriefError` for one with a fault."""
    if not comment_files.stored(root, collection_id).exists():
        return []
    return [_file(path, path.relative_to(root).as_posix()) for path in comment_files.paths(root, collection_id)]


def rows_of(file: StoredFile | None) -> Rows:
    """The rows of a file, to be taken up by their places; none where there is no file."""
    if file is None:
        return Rows([], [])
    return Rows(file.columns, ([row[name] for name in file.columns] for row in file.rows()))


def digest_of(root: Path, collection_id: str) -> str:
    """The digest of all comments of a collection, as the ledger records a table."""
    texts = ledger.TableDigest()
    for file in files_of(root, collection_id):
        for row in file.rows():
            texts.update([row["comment_id"]], [row["text"]])
    return texts.hexdigest()


def write(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows as a file of comments, row by row: as Parquet where its name ends so, else as CSV."""
    cells = ([row.get(name, "") for name in columns] for row in rows)
    # A file that is written aside has a further ending.
    if comment_files.ENDING in path.suffixes:
        parquet_files.write(path, columns, cells)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(text_files.csv_lines(columns, cells))


def _file(path: Path, file: str) -> StoredFile:
    if path.suffix == comment_files.ENDING:
        return StoredFile(path, file, parquet_files.columns_of(path, file))
    head, _ = next(contract_files.csv_batches(path, file, 1))
    return StoredFile(path, file, [str(name) for name in head.columns])
