"""A gate for new data: a batch that does not look like what is stored is held until the maintainer accepts it."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import topics
from brief.analysis import gate, machine_coding
from brief.analysis.coding import NOT_CODED
from brief.cli import main
from brief.contract import inputs
from brief.data.loading import load
from consultation import noise, planted

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


def mix(number: int, size: int, unsure: int = 0) -> pd.Series:
    """What a model tells: so many for, the others of them against, and further ones that it cannot tell."""
    return pd.Series(["for"] * number + ["against"] * (size - number) + [NOT_CODED] * unsure, dtype="str")


@pytest.mark.parametrize(
    ("before", "now", "held"),
    [
        (mix(50, 100), mix(58, 60), True),
        (mix(50, 100), mix(36, 60), False),
        (mix(50, 100), mix(19, 19, unsure=500), False),
        (mix(10, 19, unsure=500), mix(60, 60), False),
        (mix(500, 1_000), mix(560, 1_000), False),
    ],
    ids=["another mix", "a mix that chance gives", "few new are told", "few stored are told", "certain and small"],
)
def test_the_stances_that_a_model_tells_are_compared(before: pd.Series, now: pd.Series, held: bool) -> None:
    store, batch = frame(ordinary(80, 6)), frame(ordinary(80, 7))
    found = {one.name: one.message for one in gate.unlike(store, batch, (0, 0), (before, now))}
    assert list(found) == ["stances"] * held
    assert not held or "'against' has 2 of 60, of those stored 50 of 100" in found["stances"]


def test_a_model_is_asked_only_about_texts_that_it_has_not_learned() -> None:
    texts = planted(160, 3)
    hand, batch = texts.head(80), pd.concat([texts.tail(80), texts.head(5)])
    told = machine_coding.stances_told(hand, hand, batch)
    assert told is not None and [len(one) for one in told] == [80, 80]
    unseen = machine_coding.cross_validated(hand)[0]["stance"]
    assert sorted(told[0]) == sorted(unseen)
    assert machine_coding.stances_told(hand.head(49), hand, batch) is None, "no model, nothing is told"


@pytest.mark.parametrize(("kind", "held"), [("person", True), ("language model", False)])
def test_comments_of_one_stance_are_held_where_a_reader_has_coded_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, held: bool
) -> None:
    texts = planted(180, 3)
    root = topics.asked(tmp_path / "brief", list(texts["text"].head(100)))
    topics.code(root / "data", list(texts["stance"].head(100)))
    coders = root / "data" / "coders.yml"
    coders.write_text(coders.read_text(encoding="utf-8").replace("kind: person", f"kind: {kind}"), encoding="utf-8")
    rest = texts.tail(80)
    for name, rows in (("ordinary", rest.head(40)), ("one-sided", rest[rest["stance"] == "against"])):
        rows[["text"]].to_csv(root / f"{name}.csv", index=False)
    monkeypatch.chdir(root)
    for name, expected in (("ordinary", False), ("one-sided", held)):
        given = ["add", f"{name}.csv", "--collection", topics.COLLECTION, "--holds", "more", "--dry-run"]
        told = CliRunner().invoke(main, given).output
        assert ("stances" in told) is expected, told


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
