"""Drawing comments for a coder: a simple random or a stratified sample, with a record of how it was drawn.

A comment is drawn by a hash of the seed and its id, so a sample depends neither on the order of rows nor on batches,
and anybody can draw it again. Of two samples of one seed the larger holds the smaller, in every stratum of which it
has no fewer.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
import yaml

from brief import exchange, reading, tables
from brief.analysis import coding, distinct
from brief.errors import fail
from brief.privacy import authors, publishable
from brief.project import WITHDRAWN, Brief, load
from brief.store import changing

FOLDER = "data/samples"
STANCE, THEME, COLLECTION = "stance", "theme", "collection"
NONE_GIVEN = "(none)"
"""The stratum of comments that have no value in a column, or no theme."""
_NO_STRATA = ("comment_id", "parent_id", "author", "text")
_BATCH = 50_000
_SIMPLE = (
    "Simple random sample of distinct texts without replacement: those with the smallest SHA-256 of seed and id. "
    "Copies of a text count once; the first by id stands for them."
)
_STRATIFIED = (
    "Stratified random sample of distinct texts without replacement: one text of each stratum, each further one from "
    "the stratum furthest below its proportional share (largest remainders); within a stratum the texts with the "
    "smallest SHA-256 of seed and id. Copies of a text count once; the first by id stands for them."
)
_BY_THEME = " A comment with several themes belongs to the rarest of them."


@dataclass(frozen=True)
class Stratum:
    """A part of the population, and the comments drawn from it."""

    value: str
    size: int
    comments: tuple[str, ...]


@dataclass(frozen=True)
class Sample:
    """A sample as its file in `data/samples/` records it."""

    sample_id: str
    drawn_at: str
    population: int
    population_sha256: str
    by: str
    coder: str
    seed: int
    rule: str
    strata: tuple[Stratum, ...]

    @property
    def comments(self) -> tuple[str, ...]:
        """The ids of the comments drawn."""
        return tuple(name for stratum in self.strata for name in stratum.comments)


class Examiner(Protocol):
    """What the check of all data offers to the check of samples."""

    root: Path
    unread: set[str]

    def yaml(self, file: str) -> Any:
        """A YAML file as plain data."""

    def keys(self, found: Any, columns: tuple[tables.Column, ...], file: str, where: str = "") -> bool:
        """Check the keys of a mapping by the contract."""

    def fault(self, what: str, remedy: str, file: str, row: int | None = None, column: str = "") -> None:
        """Tell a fault."""


# Pure steps -------------------------------------------------------------------------------------------------------


def allocate(sizes: Mapping[str, int], n: int) -> dict[str, int]:
    """How many comments to draw from each stratum: proportional, at least one of each, never more than there are.

    In: comments in each stratum (at least 1), comments to draw, from the number of strata to the sum of sizes. Each
    stratum gets one; each further one goes to the stratum furthest below its proportional share n * size / total. Where
    every share is at least one, that is the method of largest remainders (Hamilton). Exact in whole numbers; of equal
    strata the first by name comes first. Raises `ValueError` for an n that cannot be.
    """
    total = sum(sizes.values())
    if not len(sizes) <= n <= total:
        raise ValueError(f"{n} comments cannot be drawn from {len(sizes)} strata of {total} comments")
    drawn = dict.fromkeys(sorted(sizes), 1)
    waiting = [(total - n * sizes[name], name) for name in drawn if sizes[name] > 1]
    heapq.heapify(waiting)
    for _ in range(n - len(drawn)):
        excess, name = heapq.heappop(waiting)
        drawn[name] += 1
        if drawn[name] < sizes[name]:
            heapq.heappush(waiting, (excess + total, name))
    return drawn


def draw(population: pd.DataFrame, n: int, seed: int) -> pd.DataFrame:
    """Draw n comments.

    In: comment_id (unique), stratum (one value for all is a simple random sample); n as for `allocate`; the seed.
    Out: comment_id, stratum, size, drawn (comments of the stratum there are and were drawn), sorted by a second hash,
    which tells nothing of the stratum.
    """
    sizes = {str(name): int(size) for name, size in population["stratum"].value_counts().items()}
    drawn = allocate(sizes, n)
    rows = population.assign(rank=[_hashed(seed, "draw", name) for name in population["comment_id"]])
    rows = rows.sort_values(["rank", "comment_id"])
    rows = rows[rows.groupby("stratum").cumcount() < rows["stratum"].map(drawn)]
    rows = rows.assign(
        size=rows["stratum"].map(sizes),
        drawn=rows["stratum"].map(drawn),
        order=[_hashed(seed, "order", name) for name in rows["comment_id"]],
    )
    return rows.sort_values(["order", "comment_id"], ignore_index=True)[["comment_id", "stratum", "size", "drawn"]]


def _hashed(seed: int, use: str, comment_id: str) -> str:
    return hashlib.sha256(f"{use} {seed} {comment_id}".encode()).hexdigest()


def weights(sample: Sample) -> pd.DataFrame:
    """The chance that each comment of a sample had, and its inverse.

    Out: comment_id, stratum, inclusion (drawn / size of its stratum), weight (size / drawn: how many comments of the
    population it stands for).
    """
    rows = [
        (name, one.value, len(one.comments) / one.size, one.size / len(one.comments))
        for one in sample.strata
        for name in one.comments
    ]
    return pd.DataFrame(rows, columns=["comment_id", "stratum", "inclusion", "weight"])


# From and to a brief ----------------------------------------------------------------------------------------------


def strata(brief: Brief, by: str) -> tuple[pd.DataFrame, str]:
    """The comments of a brief, each with its stratum (comment_id, stratum), and the coder they come from, if any.

    `by`: empty, `STANCE`, `THEME` (of several, the one that the fewest comments have), `COLLECTION`, or a column of the
    comments. A comment that nobody coded is in the stratum `coding.NOT_CODED`. Raises `BriefError` for a column that no
    comment has, and for stance and theme where no coder's codings are printed.
    """
    if by not in (STANCE, THEME):
        cells = list(_cells(brief, by))
        return pd.DataFrame(cells, columns=["comment_id", "stratum"], dtype="str"), ""
    coder = coding.coder_shown(brief.codings, brief.topic.coder)
    if coder is None:
        remedy = "Name one in data/brief.yml under coder, or leave --by out."
        raise fail(f"no coder is printed whose {by}s could be the strata", remedy)
    parts = [coding.annotate(batch, brief.codings, coder) for batch in brief.comments()]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["comment_id", "stance", "themes"])
    if by == STANCE:
        return rows[["comment_id", "stance"]].rename(columns={"stance": "stratum"}), coder
    listed = [coding.theme_ids(cell) for cell in rows["themes"]]
    times = Counter(theme for themes in listed for theme in themes)
    rarest = [min(themes, key=lambda theme: (times[theme], theme), default=NONE_GIVEN) for themes in listed]
    rarest = [theme if coded else coding.NOT_CODED for theme, coded in zip(rarest, rows["coded"], strict=True)]
    return pd.DataFrame({"comment_id": rows["comment_id"], "stratum": pd.Series(rarest, dtype="str")}), coder


def frame(brief: Brief, by: str) -> tuple[pd.DataFrame, str]:
    """What a sample is drawn from: the distinct texts of a brief, and the coder that strata come from, if any.

    Out: comment_id (the first by id that has the text), stratum (of that comment), submissions (comments that have the
    text). Raises as `strata` does.
    """
    rows, coder = strata(brief, by)
    first: dict[str, str] = {}
    copies: Counter[str] = Counter()
    for batch in brief.comments():
        for name, text in zip(batch["comment_id"], batch["text"], strict=True):
            digest = distinct.digest(text)
            first[digest] = min(first.get(digest, name), name)
            copies[digest] += 1
    sent = {name: copies[digest] for digest, name in first.items()}
    rows = rows[rows["comment_id"].isin(sent)].reset_index(drop=True)
    return rows.assign(submissions=[sent[name] for name in rows["comment_id"]]), coder


def population_digest(population: pd.DataFrame) -> str:
    """The SHA-256 of the sorted ids of what a sample is drawn from."""
    return hashlib.sha256("".join(f"{name}\n" for name in sorted(population["comment_id"])).encode()).hexdigest()


def _cells(brief: Brief, by: str) -> Iterator[tuple[str, str]]:
    """Each comment that is shown, with its collection or what stands in a column."""
    found = by in ("", COLLECTION)
    for collection in brief.collections:
        path = reading.comments_file(brief.root, collection.collection_id)
        for batch, _ in reading.comment_batches(path, path.name, _BATCH):
            shown = batch[batch["status"] != WITHDRAWN] if "status" in batch else batch
            here = by in batch and by not in _NO_STRATA
            found = found or here
            same = {"": "all", COLLECTION: collection.collection_id}.get(by, "")
            values = shown[by] if here else [same] * len(shown)
            yield from ((name, value or NONE_GIVEN) for name, value in zip(shown["comment_id"], values, strict=True))
    if not found:
        remedy = "Give --by stance, theme, collection, or a column of the comments such as language."
        raise fail(f"no collection has a column '{by}' to make strata from", remedy)


def sample(root: Path, n: int, by: str, seed: int, out: Path | None) -> tuple[Sample, Path]:
    """Draw a sample, record it in `data/samples/` and write it as a sheet; returns the record and the sheet's path.

    The sheet is blind: comment_id, position, text as it may leave the store, and empty cells for a reading; nobody's
    codings, in an order that tells nothing. Its format follows its ending, as in `exchange`. Raises `BriefError`, with
    nothing written, where n does not fit, the sheet exists already, or another sample has the name.
    """
    brief = load(root)
    if brief.codebook is None:
        raise fail("there is no codebook to code with", "Write data/codebook.yml.")
    population, coder = frame(brief, by)
    _fits(n, len(population), population["stratum"].nunique(), by)
    drawn = draw(population, n, seed)
    record = _record(brief, population, drawn, by, coder, seed)
    file = f"{FOLDER}/{record.sample_id}.yml"
    before = read(root, record.sample_id) if (root / file).is_file() else record
    if _without_date(before) != _without_date(record):
        raise fail(
            f"there is a sample '{record.sample_id}', and the comments it was drawn from have changed since",
            "Draw with another --seed, or remove the file of that sample if nobody has coded it.",
            file,
        )
    path = out or Path.cwd() / f"{record.sample_id}.csv"
    write = exchange.module_for(path).write
    exchange.not_there(path)
    sheet = _comments(brief, drawn["comment_id"].to_list())
    with changing(root) as changes:
        if before is record:
            changes.write(file, _as_yaml(record))
        write(path, sheet, exchange.no_codings(), brief.codebook)
    return before, path


def _fits(n: int, comments: int, parts: int, by: str) -> None:
    if n > comments:
        remedy = "Draw fewer: -n NUMBER."
        raise fail(f"{n} comments are to be drawn and there are {comments} distinct texts", remedy)
    if n < parts:
        remedy = f"Draw at least {parts}, one of each, or give another --by."
        raise fail(f"{n} comments are to be drawn from {parts} strata by {by}", remedy)


def _record(brief: Brief, population: pd.DataFrame, drawn: pd.DataFrame, by: str, coder: str, seed: int) -> Sample:
    kind = by.replace("_", "-") or "random"
    found = []
    for value, rows in drawn.groupby("stratum", sort=True):
        found.append(Stratum(str(value), int(rows["size"].iloc[0]), tuple(sorted(rows["comment_id"]))))
    return Sample(
        sample_id=f"{kind}-{len(drawn)}-seed-{seed}",
        drawn_at=brief.topic.edition.isoformat(),
        population=len(population),
        population_sha256=population_digest(population),
        by=by,
        coder=coder,
        seed=seed,
        rule=(_STRATIFIED + (_BY_THEME if by == THEME else "")) if by else _SIMPLE,
        strata=tuple(found),
    )


def _without_date(one: Sample) -> dict[str, Any]:
    """What decides whether two samples are one: drawn again in a later edition, it is the same."""
    return {name: value for name, value in vars(one).items() if name != "drawn_at"}


def _comments(brief: Brief, ids: list[str]) -> pd.DataFrame:
    """Comments as they may leave the store, in the order of the ids."""
    wanted, addressed = set(ids), authors(brief)
    parts = [batch[batch["comment_id"].isin(wanted)] for batch in brief.comments()]
    shown = publishable(pd.concat(parts), brief.topic.pseudonym_key or "", addressed)
    return shown.set_index("comment_id").loc[ids].reset_index()


def _as_yaml(one: Sample) -> str:
    keys: dict[str, Any] = {name: value for name, value in vars(one).items() if value != "" and name != "strata"}
    keys["strata"] = [
        {"value": part.value, "size": part.size, "drawn": len(part.comments), "comments": list(part.comments)}
        for part in one.strata
    ]
    return yaml.safe_dump(keys, allow_unicode=True, sort_keys=False, width=120)


def files(root: Path) -> list[Path]:
    """The records of samples, in the order of their names."""
    return sorted((root / FOLDER).glob("*.yml"))


def read(root: Path, sample_id: str) -> Sample:
    """A sample of `data/samples/`. Raises `BriefError` where there is none of that name, or its file is not sound."""
    file = f"{FOLDER}/{sample_id}.yml"
    if tables.ID.fullmatch(sample_id) is None or not (root / file).is_file():
        there = ", ".join(path.stem for path in sorted((root / FOLDER).glob("*.yml"))) or "(none is drawn)"
        raise fail(f"there is no sample '{sample_id}'", f"Use one of: {there}; or draw one: brief sample -n NUMBER.")
    keys = reading.read_yaml(root / file, file)
    try:
        return _sample_from(keys)
    except (KeyError, TypeError, ValueError):
        raise fail("the file is not the record of a sample", "See what is wrong: brief check.", file) from None


def _sample_from(keys: Mapping[str, Any]) -> Sample:
    return Sample(
        sample_id=str(keys["sample_id"]),
        drawn_at=str(keys["drawn_at"]),
        population=int(keys["population"]),
        population_sha256=str(keys["population_sha256"]),
        by=str(keys.get("by") or ""),
        coder=str(keys.get("coder") or ""),
        seed=int(keys["seed"]),
        rule=str(keys["rule"]),
        strata=tuple(
            Stratum(str(one["value"]), int(one["size"]), tuple(str(name) for name in one["comments"]))
            for one in keys["strata"]
        ),
    )


# Checking what is stored ------------------------------------------------------------------------------------------


def examine(examiner: Examiner, known: Mapping[str, str]) -> None:
    """Check every file of `data/samples/`: its keys, that its numbers add up, and that its comments are there."""
    for path in files(examiner.root):
        file = f"{FOLDER}/{path.name}"
        keys = examiner.yaml(file)
        if file in examiner.unread or not examiner.keys(keys, tables.SAMPLE_KEYS, file):
            continue
        places = enumerate(keys["strata"], start=1)
        sound = [examiner.keys(one, tables.STRATUM_KEYS, file, f"strata {place}") for place, one in places]
        if all(sound):
            one = _sample_from(keys)
            for what in _wrong(one, [int(part["drawn"]) for part in keys["strata"]], path.stem):
                examiner.fault(what, "Put the file back as it was drawn.", file)
            gone = [] if "comments" in examiner.unread else [name for name in one.comments if name not in known]
            for name in gone:
                examiner.fault(f"there is no comment '{name}'", "Put it back, or draw a new sample.", file)


def _wrong(one: Sample, drawn: list[int], name: str) -> Iterator[str]:
    """What does not agree within a sample's file; `drawn` are the numbers that it gives for its strata."""
    if one.sample_id != name:
        yield f"the sample_id is '{one.sample_id}' and the file is named '{name}'"
    if sum(part.size for part in one.strata) != one.population:
        yield "the sizes of the strata do not add up to the population"
    for part, number in zip(one.strata, drawn, strict=True):
        if number != len(part.comments) or not 1 <= number <= part.size:
            what = f"the stratum '{part.value}' lists {len(part.comments)} comments"
            yield f"{what}, and says that {number} of {part.size} were drawn"
    for twice in sorted(name for name, times in Counter(one.comments).items() if times > 1):
        yield f"the comment '{twice}' is drawn twice"
