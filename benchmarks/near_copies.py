"""Near copies alone, beside datasketch and rensa where these are installed: `python benchmarks/near_copies.py`.

A docket of known campaigns is drawn (`generate.py`): a third of it exact copies, a fifth edited ones with a tenth of
the words changed, the rest people's own letters. Each method is given the distinct texts and tells components of near
copies, from phrases of three words and a Jaccard index of a half. Printed: texts a second of processor time with all
reading of words, memory, and pairwise precision and recall against the truth about copies and edited ones. Two edited
letters are often less alike than a half, so near copies alone do not bring all together; the whole search for
campaigns, of which they are the first step, stands beside them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pandas as pd

from argkp import ROOT, measured
from brief.analysis import campaigns, grouping, phrases
from campaigns import pairs
from generate import COPY, EDITED, OWN, Docket, Kinds

HASHES, LEAST, PHRASE = 128, 0.5, 3


def docket(size: int) -> tuple[list[str], list[str]]:
    """Distinct texts, and the campaign of each."""
    chains = list(pd.read_csv(ROOT / "tests" / "cases" / "analysis" / "word-chains.csv")["text"])
    kinds = Kinds(copies=0.3, edited=0.2, slots=0, changed=0.1)
    rows, truth = Docket(ROOT / "benchmarks" / "grammars", chains, kinds, seed=1).rows(0, size)
    assert set(truth["kind"]) == {COPY, EDITED, OWN}
    rows = rows.assign(campaign=truth["campaign"]).drop_duplicates("text")
    return list(rows["text"]), list(rows["campaign"])


def ours(texts: Sequence[str]) -> list[int]:
    return [int(first) for first in grouping.near_copies(phrases.recurring(texts, campaigns.LEAST_WORDS))]


def whole(texts: Sequence[str]) -> list[int]:
    ids = [f"c{place:07}" for place in range(len(texts))]
    rows = campaigns.assign(pd.DataFrame({"comment_id": ids, "text": texts}))
    alone = pd.Series(ids).where(rows["campaign_id"] == "", rows["campaign_id"])
    return [int(code) for code in pd.factorize(alone)[0]]


def said(text: str) -> list[str]:
    words = text.casefold().split()
    return [" ".join(words[place : place + PHRASE]) for place in range(max(len(words) - PHRASE + 1, 1))]


def joined(count: int, links: Iterable[tuple[int, int]]) -> list[int]:
    """The components of linked texts, each named by one of them."""
    first = list(range(count))

    def root(place: int) -> int:
        while first[place] != place:
            first[place] = first[first[place]]
            place = first[place]
        return place

    for one, other in links:
        first[root(one)] = root(other)
    return [root(place) for place in range(count)]


def by_datasketch(texts: Sequence[str]) -> list[int]:
    library = import_module("datasketch")
    table = library.MinHashLSH(threshold=LEAST, num_perm=HASHES)

    def links() -> Iterable[tuple[int, int]]:
        for place, text in enumerate(texts):
            sketch = library.MinHash(num_perm=HASHES)
            sketch.update_batch([phrase.encode() for phrase in said(text)])
            yield from ((place, other) for other in table.query(sketch)[:1])
            table.insert(place, sketch)

    return joined(len(texts), links())


def by_rensa(texts: Sequence[str]) -> list[int]:
    library: Any = import_module("rensa")
    table = library.RMinHashLSH(threshold=LEAST, num_perm=HASHES, num_bands=32)

    def links() -> Iterable[tuple[int, int]]:
        for place, text in enumerate(texts):
            sketch = library.RMinHash(num_perm=HASHES, seed=1)
            sketch.update(said(text))
            yield from ((place, other) for other in table.query(sketch)[:1])
            table.insert(place, sketch)

    return joined(len(texts), links())


METHODS: dict[str, Callable[[Sequence[str]], list[int]]] = {
    "ours": ours,
    "rensa": by_rensa,
    "datasketch": by_datasketch,
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Near copies alone, beside other libraries.")
    parser.add_argument("--size", type=int, nargs="+", default=[10_000, 50_000], help="comments of a docket")
    print(f"{'':28}{'texts a second':>16}{'MB':>8}{'precision':>12}{'recall':>8}")
    for size in parser.parse_args().size:
        texts, truth = docket(size)
        theirs: list[object] = [campaign or place for place, campaign in enumerate(truth)]
        for name, method in METHODS.items():
            if method in (by_rensa, by_datasketch) and not find_spec(name):
                print(f"{name}: not installed")
                continue
            seconds, megabytes = measured(method, texts)
            groups: list[object] = list(method(texts))
            both = pairs(list(zip(groups, theirs, strict=True)))
            precision, recall = both / max(pairs(groups), 1), both / pairs(theirs)
            label = f"{name}, {len(texts):,} texts"
            print(
                f"{label:28}{len(texts) / seconds:>16,.0f}{megabytes:>8,.0f}{precision:>12.3f}{recall:>8.3f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
