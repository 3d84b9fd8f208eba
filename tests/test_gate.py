"""A gate for new data: a batch that does not look like what is stored is held until the maintainer accepts it."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from brief.analysis import gate
from brief.cli import main
from brief.contract import inputs
from brief.data.loading import load
from consultation import noise

Project = Callable[..., Path]


def frame(texts: list[str], authors: list[str] | None = None, days: list[str] | None = None) -> pd.DataFrame:
    blank = [""] * len(texts)
    return pd.DataFrame({"text": texts, "author": authors or blank, "posted_at": days or blank}, dtype="str")


def ordinary(size: int, seed: int) -> list[str]:
    return list(noise(size, seed)["text"])


@pytest.mark.parametrize("size", [20, 100, 1_000])
def test_ordinary_batches_pass(size: int) -> None:
    """Fewer than five in a hundred are held; batches and stores of the same source."""
    runs = 60 if size < 1_000 else 20
    texts = ordinary(4 * size, 7)
    held = 0
    for run in range(runs):
        drawn = np.random.default_rng(run).permutation(len(texts))[: 2 * size]
        held += bool(gate.unlike(frame([texts[n] for n in drawn[:size]]), frame([texts[n] for n in drawn[size:]])))
    assert held / runs < 0.05


@pytest.mark.parametrize(("stored", "size"), [(19, 500), (500, 19), (0, 50), (5, 5)])
def test_too_few_comments_tell_nothing(stored: int, size: int) -> None:
    texts = ordinary(600, 3)
    assert gate.unlike(frame(texts[:stored]), frame(["x"] * size), (0, 0)) == []


def spoilt() -> dict[str, tuple[pd.DataFrame, tuple[int, int]]]:
    texts = ordinary(60, 5)
    names = [f"author {n % 40}" for n in range(60)]
    return {
        "length": (frame([" ".join(text.split()[:2]) for text in texts], names), (0, 0)),
        "language": (frame([codecs.encode(text, "rot13") for text in texts], names), (0, 0)),
        "duplicates": (frame([texts[0] if n % 2 else text for n, text in enumerate(texts)], names), (0, 0)),
        "author": (frame(texts, ["One"] * 60), (0, 0)),
        "day": (frame(texts, names, [f"2021-03-{1 if n < 50 else n - 45:02}" for n in range(60)]), (0, 0)),
        "empty": (frame(texts[:30], names[:30]), (0, 30)),
    }


@pytest.mark.parametrize("name", sorted(spoilt()))
def test_what_is_wrong_with_a_batch_is_named(name: str) -> None:
    store = frame(
        ordinary(80, 6), [f"author {n % 50}" for n in range(80)], [f"2021-02-{1 + n % 20:02}" for n in range(80)]
    )
    batch, without = spoilt()[name]
    found = {one.name: one.message for one in gate.unlike(store, batch, without)}
    assert name in found and found[name][0].isalnum()


def test_the_order_of_the_rows_does_not_matter() -> None:
    store, batch = frame(ordinary(80, 6)), spoilt()["length"][0]
    assert gate.unlike(store, batch) == gate.unlike(store.iloc[::-1], batch.iloc[::-1])


def test_a_batch_is_held_until_it_is_accepted_by_name(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project("base")
    monkeypatch.chdir(root)
    run = CliRunner().invoke
    texts = ordinary(60, 1)
    (root / "a.csv").write_text("text\n" + "\n".join(texts), encoding="utf-8")
    (root / "b.csv").write_text("text\n" + "\n".join(f"Nee nummer {n}" for n in range(30)), encoding="utf-8")
    assert run(main, ["add", "a.csv", "--collection", "letters"]).exit_code == 0
    before = inputs.data_digest(root)
    told = run(main, ["add", "b.csv", "--collection", "letters"])
    assert told.exit_code == 1 and "--accept language --accept length" in told.output, told.output
    told = run(main, ["add", "b.csv", "--collection", "letters", "--accept", "length"])
    assert told.exit_code == 1 and "length (accepted)" in told.output and "--accept language." in told.output
    told = run(main, ["add", "b.csv", "--collection", "letters", "--accept", "day"])
    assert told.exit_code == 1 and "there is no 'day' to accept" in told.output
    assert inputs.data_digest(root) == before
    told = run(main, ["add", "b.csv", "--collection", "letters", "--accept", "length", "--accept", "language"])
    assert told.exit_code == 0, told.output
    notes = load(root).ledger.set_index("item")["note"]
    assert "accepted though unlike: length: half of the comments have at most" in notes["b.csv"]
