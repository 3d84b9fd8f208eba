"""What the benchmarks of matching and themes share: ArgKP-2021, any number of texts made from it, time and memory."""

from __future__ import annotations

import argparse
import multiprocessing
import random
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

ROOT = Path(__file__).parents[1]


def data_folder(purpose: str) -> Path:
    """The folder of shared data, as the command line names it; ends the program with a message where it is missing."""
    parser = argparse.ArgumentParser(description=purpose)
    parser.add_argument("data", nargs="?", type=Path, default=ROOT.parent / "shared" / "data", help="shared data")
    folder: Path = parser.parse_args().data
    if not (folder / "kpa2021").is_dir():
        print(f"skipped: there is no kpa2021 in {folder}. Name the folder that holds it.")
        sys.exit(0)
    return folder


def read_split(data: Path, split: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """One split: arguments (comment_id, text, topic, stance, group), key points (target_id, ...) and labels."""
    folder = data / "kpa2021" / ("test_data" if split == "test" else "kpm_data")
    arguments, key_points, labels = (
        pd.read_csv(folder / f"{name}_{split}.csv") for name in ("arguments", "key_points", "labels")
    )
    arguments = arguments.rename(columns={"arg_id": "comment_id", "argument": "text"})
    key_points = key_points.rename(columns={"key_point_id": "target_id", "key_point": "text"})
    for frame in (arguments, key_points):
        frame["group"] = frame["topic"] + " " + frame["stance"].astype("str")
    return arguments, key_points, labels.rename(columns={"arg_id": "comment_id", "key_point_id": "target_id"})


def many_texts(arguments: pd.DataFrame, count: int) -> pd.DataFrame:
    """So many distinct texts (comment_id, text): halves of two arguments on one topic joined, seeded."""
    chance = random.Random(count)
    by_topic = [list(texts) for _, texts in arguments.groupby("topic")["text"]]
    made: dict[str, None] = {}
    while len(made) < count:
        one, other = chance.sample(chance.choice(by_topic), 2)
        head, tail = one.split(), other.split()
        made[" ".join(head[: chance.randint(3, max(3, len(head)))] + tail[len(tail) // 2 :])] = None
    return pd.DataFrame({"comment_id": [f"c{number:07}" for number in range(count)], "text": list(made)})


def measured(work: Callable[..., object], *given: object) -> tuple[float, float]:
    """Seconds of processor time and peak memory of a call, in a process of its own.

    Others may use the machine too, so it is not the time on the clock. Memory in MB, beyond what was held before.
    """
    context = multiprocessing.get_context("spawn")  # a forked one would fill memory that its parent freed
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(sender, work, given))
    process.start()
    seconds, megabytes = receiver.recv()
    process.join()
    return seconds, megabytes


def _measure(
    sender: multiprocessing.connection.Connection, work: Callable[..., object], given: tuple[Any, ...]
) -> None:
    before = _megabytes("VmRSS")
    started = time.process_time()
    work(*given)
    took = time.process_time() - started
    sender.send((took, _megabytes("VmHWM") - before))


def _megabytes(field: str) -> float:
    """Memory of this process as Linux tells it, else not a number; `resource.getrusage` would tell of the parent's."""
    status = Path("/proc/self/status")
    found = re.search(rf"{field}:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found.group(1)) / 1024 if found else float("nan")


def print_scale(name: str, work: Callable[..., object], arguments: pd.DataFrame, *given: object) -> None:
    """Throughput and memory of a call on 10,000 and 100,000 texts."""
    print(f"\n{name}: throughput and memory\n{'texts':>10}{'CPU s':>10}{'texts/s':>10}{'MB more':>10}")
    for count in (10_000, 100_000):
        seconds, megabytes = measured(work, many_texts(arguments, count), *given)
        print(f"{count:>10,}{seconds:>10.1f}{count / seconds:>10,.0f}{megabytes:>10,.0f}")
