"""Measure the analysis at any size: `python benchmarks/scale.py --size 10000 100000 1000000`.

Dockets with known campaigns are drawn (`generate.py`), and 600 comments get a stance by a rule, so that a model has
something to learn. Each docket is analysed whole, in one process, in two, and on a Dask cluster of two worker processes
where `distributed` is installed. Printed for each step: comments a second by the clock and by processor time, and the
most memory that all processes had together. Then pairwise precision and recall of the campaigns, the power with which
time grows, and whether the results have the same bytes.

`--beside` sets rensa, datasketch and scikit-learn's MiniBatchNMF beside it, on the distinct texts of the same docket,
where they are installed. `--unkind` tries dockets that are hard: all the same text, no two alike, one letter of half of
the docket. `--near` ends after near copies. Others may use the machine: processor time tells more than the clock.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import multiprocessing
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path

import pandas as pd
from pyarrow.parquet import ParquetFile

from argkp import ROOT, measured
from brief.analysis import phrases
from brief.findings.at_size import keeping, limits, merging, run
from brief.findings.at_size.docket import Docket, of_files
from brief.findings.at_size.engines import LOCAL, engine
from brief.findings.at_size.progress import EVERY_LINE, Progress
from generate import Docket as Drawn
from generate import Kinds, write
from near_copies import METHODS

HAND_CODED, TOPICS, COMPARED = 600, 20, 100_000
ONE, TWO, DASK = "one process", "two processes", "Dask, two workers"
NEAR = ("Reading", "Comparing")
_NEAR, _WHOLE = "reading to near copies", "whole"
UNKIND = {
    "all the same text": Kinds(copies=1, edited=0, slots=0, letters=1),
    "no two alike": Kinds(copies=0, edited=0, slots=0),
    "one letter of half": Kinds(copies=0.5, edited=0, slots=0, letters=1),
}


@dataclass
class Measured:
    """What a run took: of each step seconds by the clock and of processor time; the most memory in MB; its bytes; and
    what was told of it before: seconds of each step, memory in MB."""

    steps: dict[str, tuple[float, float]] = field(default_factory=dict)
    told: dict[str, float] = field(default_factory=dict)
    told_megabytes: float = 0.0
    megabytes: float = 0.0
    digest: str = ""

    def total(self, names: Sequence[str] = ()) -> tuple[float, float]:
        chosen = [took for name, took in self.steps.items() if not names or name in names]
        return sum(clock for clock, _ in chosen), sum(processor for _, processor in chosen)


def tree(root: int) -> list[int]:
    """The ids of a process and of all that it has started."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            after = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(after[1]), []).append(int(path.parent.name))
    every = [root]
    for process in every:
        every += parents.get(process, [])
    return every


def processor(root: int) -> float:
    """Seconds of processor time of a process and of all that it has started, those that have ended as well."""
    ticks = 0
    for process in tree(root):
        try:
            after = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(int(part) for part in (after[11:15] if process == root else after[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def resident(root: int) -> float:
    """MB in memory of a process and of all that it has started."""
    pages = 0
    for process in tree(root):
        try:
            pages += int(Path(f"/proc/{process}/statm").read_text().split()[1])
        except OSError:
            continue
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Clock(Progress):
    """Notes when each step begins."""

    def __init__(self) -> None:
        super().__init__(lambda line: print(f"    {line}", flush=True), EVERY_LINE)
        self.begun: list[tuple[str, float, float]] = []

    def step(self, name: str, of: int) -> Callable[[int], None]:
        self.begun.append((name, time.perf_counter(), processor(os.getpid())))
        return super().step(name, of)

    def took(self) -> dict[str, tuple[float, float]]:
        ends = [*self.begun[1:], ("", time.perf_counter(), processor(os.getpid()))]
        return {
            name: (end[1] - clock, end[2] - used) for (name, clock, used), end in zip(self.begun, ends, strict=True)
        }


def hand_codes(truth: Path) -> pd.DataFrame:
    """A stance for the first comments, by a rule: whose letter it is."""
    columns = ["comment_id", "campaign"]
    if truth.suffix == ".parquet":
        # Of many comments the whole table would be most of what the run is said to take.
        head: pd.DataFrame = next(
            ParquetFile(truth, pre_buffer=False).iter_batches(HAND_CODED, columns=columns)
        ).to_pandas()
    else:
        head = pd.read_csv(truth, usecols=columns, nrows=HAND_CODED, keep_default_na=False)
    stances = head["campaign"].map(lambda name: "none" if not name else "for" if name[-1] in "02468" else "against")
    return head.assign(stance=stances)[["comment_id", "stance"]]


def _run(sender: Connection, path: Path, truth: Path, out: Path, how: str, memory: str, near: bool) -> None:
    """Analyse a docket in this process, and send what it took."""
    docket = Docket(of_files([path], None).files, hand=hand_codes(truth))
    processes = 1 if how == ONE else 2
    clock = Clock()
    with engine(processes, LOCAL if how == DASK else "") as runs:
        bound = limits.limits(limits.size(memory), processes, docket.about(), None)
        cost = limits.estimated(docket, processes, bound)
        if near:
            kept = keeping.Kept(out, str(bound.batch_rows))
            every = run.read(docket, kept, runs, bound, clock)
            clock.step("Comparing", docket.about())
            texts = merging.merged(every, kept, lambda part: None)
            digest = hashlib.sha256(texts.first.tobytes()).hexdigest()
        else:
            run.analyse(docket, out, runs, bound, clock)
            digest = digest_of(out)
    sender.send(Measured(clock.took(), dict(cost.steps), cost.memory / 1e6, 0.0, digest))


def digest_of(out: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(path for path in out.iterdir() if path.is_file()):
        total.update(path.name.encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def measure(path: Path, truth: Path, out: Path, how: str, memory: str, near: bool) -> Measured:
    shutil.rmtree(out, ignore_errors=True)
    (out / keeping.FOLDER).mkdir(parents=True)
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(sender, path, truth, out, how, memory, near))
    process.start()
    sender.close()
    most, ended = 0.0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not ended.wait(0.2):
            most = max(most, resident(process.pid or 0))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        took: Measured = receiver.recv()
    finally:
        ended.set()
        watching.join()
        process.join()
    took.megabytes = most
    return took


def judged(out: Path, truth: Path) -> tuple[float, float, int]:
    """Pairwise precision and recall of campaigns, and how many comments of people's own are in one."""
    ours = pd.read_parquet(out / "comments.parquet", columns=["campaign_id"])["campaign_id"]
    known = pd.read_parquet(truth, columns=["campaign", "kind"])
    inside, theirs = ours != "", known["campaign"] != ""

    def pairs(sizes: pd.Series) -> int:
        return int((sizes * (sizes - 1) // 2).sum())

    both = pairs(pd.DataFrame({"ours": ours, "theirs": known["campaign"]})[inside & theirs].value_counts())
    own = pairs(ours[inside].value_counts())
    every = pairs(known["campaign"][theirs].value_counts())
    return both / max(own, 1), both / max(every, 1), int((inside & ~theirs).sum())


def show(label: str, size: int, took: Measured) -> None:
    told = f"{took.told_megabytes:,.0f} MB were told before"
    print(f"\n{label}, {size:,} comments: {took.megabytes:,.0f} MB at most, {told}; load {os.getloadavg()[0]:.1f}")
    print(f"{'step':28}{'s':>9}{'CPU s':>9}{'told, s':>9}{'a second':>12}{'a CPU second':>14}")
    told_of = took.told | {_NEAR: sum(took.told[name] for name in NEAR), _WHOLE: sum(took.told.values())}
    for name, (clock, used) in [*took.steps.items(), (_NEAR, took.total(NEAR)), (_WHOLE, took.total())]:
        rates = f"{size / max(clock, 1e-3):12,.0f}{size / max(used, 1e-3):14,.0f}"
        print(f"{name:28}{clock:9.1f}{used:9.1f}{told_of[name]:9.1f}{rates}")


def near_copies_beside(path: Path) -> None:
    """Other libraries on the distinct texts of the docket, and our method for a docket in memory."""
    texts = sorted(set(pd.read_parquet(path, columns=["text"])["text"]))[:COMPARED]
    print(f"\nbeside, {len(texts):,} distinct texts{'':10}{'texts a CPU second':>20}{'MB more':>10}")
    for name, method in METHODS.items():
        if name == "ours" or find_spec(name):
            seconds, megabytes = measured(method, texts)
            print(f"{name + ', near copies':44}{len(texts) / seconds:>20,.0f}{megabytes:>10,.0f}", flush=True)
    seconds, megabytes = measured(by_nmf, texts)
    print(f"{'MiniBatchNMF, themes, tf-idf included':44}{len(texts) / seconds:>20,.0f}{megabytes:>10,.0f}", flush=True)


def by_nmf(texts: Sequence[str]) -> None:
    from sklearn.decomposition import MiniBatchNMF
    from sklearn.feature_extraction.text import TfidfVectorizer

    counted = TfidfVectorizer(min_df=5, max_df=0.5, sublinear_tf=True, stop_words="english").fit_transform(texts)
    MiniBatchNMF(TOPICS, random_state=1, init="nndsvd").fit_transform(counted)


def drawn(folder: Path, name: str, size: int, kinds: Kinds) -> tuple[Path, Path]:
    chains = list(pd.read_csv(ROOT / "tests" / "cases" / "analysis" / "word-chains.csv")["text"])
    path = folder / f"{name}.parquet"
    return path, write(path, Drawn(ROOT / "benchmarks" / "grammars", chains, kinds, seed=1), size, 10_000)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the analysis at any size.")
    parser.add_argument("--size", type=int, nargs="+", default=[10_000, 100_000], help="comments of a docket")
    parser.add_argument("--how", nargs="+", choices=["1", "2", "dask"], default=["1", "2", "dask"], help="what runs it")
    parser.add_argument("--memory", default="2GB", help="as for brief analyse")
    parser.add_argument("--beside", action="store_true", help="other libraries on the same comments")
    parser.add_argument("--unkind", action="store_true", help="dockets that are hard, of the first size")
    parser.add_argument("--near", action="store_true", help="near copies only")
    parser.add_argument("--folder", type=Path, help="where to write; a temporary folder by default")
    given = parser.parse_args()
    ways = [{"1": ONE, "2": TWO, "dask": DASK}[name] for name in given.how]
    if DASK in ways and not find_spec("distributed"):
        print("Dask: not installed")
        ways.remove(DASK)
    phrases.known(())
    used: dict[str, dict[int, float]] = {}
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        for size in given.size:
            path, truth = drawn(folder, f"docket-{size}", size, Kinds())
            digests = set()
            for how in ways:
                took = measure(path, truth, folder / "out", how, given.memory, given.near)
                show(how, size, took)
                digests.add(took.digest)
                used.setdefault(how, {})[size] = took.total()[1]
                if not given.near and how == ways[0]:
                    precision, recall, false = judged(folder / "out", truth)
                    print(f"campaigns: precision {precision:.4f}, recall {recall:.4f}; of people's own {false:,}")
            print(f"the same bytes: {'yes' if len(digests) == 1 else 'NO'}, {len(ways)} ways", flush=True)
            if given.beside:
                near_copies_beside(path)
            path.unlink()
        for how, each in used.items():
            if len(each) > 1:
                small, large = min(each), max(each)
                power = math.log(each[large] / each[small]) / math.log(large / small)
                print(f"{how}: processor time grows with the power {power:.2f} from {small:,} to {large:,}")
        for label, kinds in UNKIND.items() if given.unkind else ():
            path, truth = drawn(folder, "unkind", given.size[0], kinds)
            took = measure(path, truth, folder / "out", ONE, given.memory, given.near)
            show(label, given.size[0], took)
            precision, recall, false = judged(folder / "out", truth)
            print(f"campaigns: precision {precision:.4f}, recall {recall:.4f}; of people's own {false:,}", flush=True)


if __name__ == "__main__":
    main()
