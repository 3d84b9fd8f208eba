"""Dockets whose campaigns are known: the same for any size of batch, and what is said of them is true."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import generate
from brief.analysis import campaigns
from conftest import CASES, ROOT

GRAMMARS = ROOT / "benchmarks" / "grammars"
TEXTS = list(pd.read_csv(CASES / "analysis" / "word-chains.csv")["text"])


@pytest.fixture(scope="module")
def docket() -> generate.Docket:
    return generate.Docket(GRAMMARS, TEXTS, generate.Kinds(letters=3), seed=1)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_docket_has_the_same_bytes_for_any_batch(tmp_path: Path, docket: generate.Docket, ending: str) -> None:
    read = pd.read_csv if ending == "csv" else pd.read_parquet
    frames = []
    for at_once in (7, 100):
        path = tmp_path / f"{at_once}.{ending}"
        frames.append([read(each) for each in (path, generate.write(path, docket, 100, at_once))])
    assert all(one.equals(other) for one, other in zip(*frames, strict=True))
    assert list(frames[0][0].columns) == list(generate.COLUMNS)
    assert list(frames[0][1].columns) == list(generate.TRUTH)


def test_a_smaller_docket_is_the_beginning_of_a_larger(docket: generate.Docket) -> None:
    small, large = docket.rows(0, 20)[0], docket.rows(0, 60)[0]
    assert large.head(20).equals(small)
    other = generate.Docket(GRAMMARS, TEXTS, generate.Kinds(letters=3), seed=2)
    assert not other.rows(0, 20)[0].equals(small)


def test_the_shares_are_those_asked_for_and_the_truth_is_true(docket: generate.Docket) -> None:
    rows, truth = docket.rows(0, 3_000)
    shares = truth["kind"].value_counts(normalize=True)
    asked = {generate.OWN: 0.5, generate.COPY: 0.3, generate.EDITED: 0.1, generate.SLOTS: 0.1}
    assert all(abs(shares[kind] - share) < 0.03 for kind, share in asked.items())
    copied = truth["kind"] == generate.COPY
    assert list(rows["text"][copied].groupby(truth["campaign"][copied]).nunique()) == [1, 1, 1]
    assert not rows["text"][truth["kind"] == generate.OWN].duplicated().any()
    sizes = truth["campaign"][copied].value_counts()
    assert sizes["letter-1"] > sizes["letter-2"] > sizes["letter-3"]


def test_campaigns_of_a_docket_are_those_that_are_found(docket: generate.Docket) -> None:
    rows, truth = docket.rows(0, 1_000)
    both = campaigns.assign(rows).merge(truth, on="comment_id")
    assert (both["campaign_id"][both["kind"] == generate.OWN] == "").all()
    members = both[both["campaign"] != ""]
    assert (members["campaign_id"] != "").mean() > 0.99
    assert members[members["campaign_id"] != ""].groupby("campaign_id")["campaign"].nunique().max() == 1


def test_a_folder_without_grammars_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="has no grammar"):
        generate.Docket(tmp_path, TEXTS, generate.Kinds(), seed=1)
