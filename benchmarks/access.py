"""Measure the model of access: `python benchmarks/access.py`.

Printed: messages per second through a whole run of the model under the status quo, and through key escrow, beside a
bare loop of the package DoubleRatchet in the same process; the ratio is what agreement, fan-out to devices, storage
and escrow cost. And the processor time of everything that a build computes for the chapter, which is to stay below six
seconds: one draw encrypted and tried, the others counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from brief_access.model import outcomes
from brief_access.protocol import Identity, PreKeys, Session, new_key
from brief_access.runs import DESIGNS, play
from brief_access.settings import read

BARE = 600


def bare() -> int:
    """Send keys to and fro between two devices that share a session, with a ratchet step for each."""
    ann, ben, keys = Identity(), Identity(), PreKeys()
    one, wrap = Session.start(ann, keys.bundle(ben), new_key(), b"")
    assert wrap.opening is not None
    other, _ = Session.accept(ben, keys, wrap.opening, wrap, b"")
    for _ in range(BARE):
        one, other = other, one
        other.open(one.seal(new_key(), b""), b"")
    return BARE


def rate(run: Callable[[], int]) -> float:
    """Messages per second, the best of three."""
    rates = []
    for _ in range(3):
        began = time.perf_counter()
        count = run()
        rates.append(count / (time.perf_counter() - began))
    return max(rates)


def main() -> None:
    given = read(Path(__file__).parents[1])
    designs = {design.name: design for design in DESIGNS}
    peer = rate(bare)
    print(f"DoubleRatchet alone      {peer:8.0f} messages/s")
    for name in ("status-quo", "escrow-single"):
        own = rate(lambda name=name: len(play(designs[name], given).envelopes))  # type: ignore[misc]
        print(f"{name:24} {own:8.0f} messages/s, {own / peer:.2f} of it (each goes to three devices)")
    began = time.process_time()
    found = outcomes(given)
    took = time.process_time() - began
    told = f"{len(found.attempts)} outcomes and {given.draws} draws"
    print(f"all that a build computes: {told} in {took:.1f} s of processor time")


if __name__ == "__main__":
    main()
