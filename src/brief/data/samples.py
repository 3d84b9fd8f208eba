"""Samples of comments as `data/samples/` records them: each stratum with its size and the comments drawn from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import yaml

from brief.contract import tables
from brief.contract.files import read_yaml
from brief.errors import fail

FOLDER = "data/samples"


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

    def keys(self, mapping: Any, columns: tuple[tables.Column, ...], file: str, where: str = "") -> bool:
        """Check the keys of a mapping by the contract."""

    def fault(self, what: str, remedy: str, file: str, row: int | None = None, column: str = "") -> None:
        """Tell a fault."""


def as_yaml(sample: Sample) -> str:
    """The file of a sample."""
    keys: dict[str, Any] = {name: value for name, value in vars(sample).items() if value != "" and name != "strata"}
    keys["strata"] = [
        {"value": part.value, "size": part.size, "drawn": len(part.comments), "comments": list(part.comments)}
        for part in sample.strata
    ]
    return yaml.safe_dump(keys, allow_unicode=True, sort_keys=False, width=120)


def files(root: Path) -> list[Path]:
    """The records of samples, in the order of their names."""
    return sorted((root / FOLDER).glob("*.yml"))


def read(root: Path, sample_id: str) -> Sample:
    """A sample of `data/samples/`. Raises `BriefError` where there is none of that name, or its file is not sound."""
    file = f"{FOLDER}/{sample_id}.yml"
    if tables.ID.fullmatch(sample_id) is None or not (root / file).is_file():
        there = ", ".join(path.stem for path in files(root)) or "(none is drawn)"
        raise fail(f"there is no sample '{sample_id}'", f"Use one of: {there}; or draw one: brief sample -n NUMBER.")
    keys = read_yaml(root / file, file)
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
            Stratum(str(part["value"]), int(part["size"]), tuple(str(name) for name in part["comments"]))
            for part in keys["strata"]
        ),
    )


def examine(examiner: Examiner, known: Mapping[str, str]) -> None:
    """Check every file of `data/samples/`: its keys, that its numbers add up, and that its comments are there."""
    for path in files(examiner.root):
        file = f"{FOLDER}/{path.name}"
        keys = examiner.yaml(file)
        if file in examiner.unread or not examiner.keys(keys, tables.SAMPLE_KEYS, file):
            continue
        places = enumerate(keys["strata"], start=1)
        sound = [examiner.keys(part, tables.STRATUM_KEYS, file, f"strata {place}") for place, part in places]
        if all(sound):
            sample = _sample_from(keys)
            for what in _wrong(sample, [int(part["drawn"]) for part in keys["strata"]], path.stem):
                examiner.fault(what, "Put the file back as it was drawn.", file)
            gone = [] if "comments" in examiner.unread else [name for name in sample.comments if name not in known]
            for name in gone:
                remedy = f"Put it back, or remove {file} and draw anew: brief sample -n NUMBER."
                examiner.fault(f"there is no comment '{name}'", remedy, file)


def _wrong(sample: Sample, drawn: list[int], name: str) -> Iterator[str]:
    """What does not agree within a sample's file; `drawn` are the numbers that it gives for its strata."""
    if sample.sample_id != name:
        yield f"the sample_id is '{sample.sample_id}' and the file is named '{name}'"
    if sum(part.size for part in sample.strata) != sample.population:
        yield "the sizes of the strata do not add up to the population"
    for part, number in zip(sample.strata, drawn, strict=True):
        if number != len(part.comments) or not 1 <= number <= part.size:
            what = f"the stratum '{part.value}' lists {len(part.comments)} comments"
            yield f"{what}, and says that {number} of {part.size} were drawn"
    for twice in sorted(name for name, times in Counter(sample.comments).items() if times > 1):
        yield f"the comment '{twice}' is drawn twice"
