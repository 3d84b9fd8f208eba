"""Drawing comments for a coder: the sample is recorded in `data/samples/`, and a blind sheet is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from brief.analysis.sampling import draw
from brief.coding import exchange
from brief.contract.journal import whole, writing
from brief.data.brief import Brief
from brief.data.loading import load
from brief.data.samples import FOLDER, Sample, Stratum, as_yaml, read
from brief.errors import fail
from brief.findings.findings import Findings
from brief.findings.passes import published
from brief.findings.population import THEME, frame, population_digest
from brief.store.changes import changing

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


def sample(root: Path, n: int, by: str, seed: int, out: Path | None) -> tuple[Sample, Path]:
    """Draw a sample, record it in `data/samples/` and write it as a sheet; returns the record and the sheet's path.

    The sheet is blind: comment_id, position, text as it may leave the store, and empty cells for a reading; nobody's
    codings, in an order that tells nothing. Its format follows its ending, as in `exchange`. Raises `BriefError`, with
    nothing written, where n does not fit, the sheet exists already, or another sample has the name.
    """
    with writing(root):
        return _sample(load(root), n, by, seed, out)


def _sample(brief: Brief, n: int, by: str, seed: int, out: Path | None) -> tuple[Sample, Path]:
    root = brief.root
    if brief.codebook is None:
        raise fail("there is no codebook to code with", "Write data/codebook.yml.")
    population, coder = frame(brief, Findings(brief).comments, by)
    _fits(n, len(population), population["stratum"].nunique(), by)
    drawn = draw(population, n, seed)
    sample = _record(brief, population, drawn, by, coder, seed)
    file = f"{FOLDER}/{sample.sample_id}.yml"
    before = read(root, sample.sample_id) if (root / file).is_file() else sample
    if _without_date(before) != _without_date(sample):
        raise fail(
            f"there is a sample '{sample.sample_id}', and the comments it was drawn from have changed since",
            "Draw with another --seed, or remove the file of that sample if nobody has coded it.",
            file,
        )
    path = out or Path.cwd() / f"{sample.sample_id}.csv"
    write = exchange.module_for(path).write
    exchange.not_there(path)
    sheet = _comments(brief, drawn["comment_id"].to_list())
    with whole(path) as new:
        write(new, sheet, exchange.no_codings(), brief.codebook)
        if before is sample:
            with changing(root) as changes:
                changes.write(file, as_yaml(sample))
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
    strata = []
    for value, rows in drawn.groupby("stratum", sort=True):
        strata.append(Stratum(str(value), int(rows["size"].iloc[0]), tuple(sorted(rows["comment_id"]))))
    return Sample(
        sample_id=f"{kind}-{len(drawn)}-seed-{seed}",
        drawn_at=brief.topic.edition.isoformat(),
        population=len(population),
        population_sha256=population_digest(population),
        by=by,
        coder=coder,
        seed=seed,
        rule=(_STRATIFIED + (_BY_THEME if by == THEME else "")) if by else _SIMPLE,
        strata=tuple(strata),
    )


def _without_date(sample: Sample) -> dict[str, Any]:
    """What decides whether two samples are one: drawn again in a later edition, it is the same."""
    return {name: value for name, value in vars(sample).items() if name != "drawn_at"}


def _comments(brief: Brief, ids: list[str]) -> pd.DataFrame:
    """Comments as they may leave the store, in the order of the ids."""
    wanted = set(ids)
    shown = pd.concat([shown[shown["comment_id"].isin(wanted)] for _, shown in published(brief)])
    return shown.set_index("comment_id").loc[ids].reset_index()
