"""Run a change and kill its process before each of its steps on the disk, one run a step.

Every opening for writing, rename, link, removal, new folder and truncation is a step; Python tells each to an audit
hook before it happens. A process that is killed there leaves what a power cut or `kill -9` leaves.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

RENAMES = frozenset({"os.rename"})
ALL_STEPS = RENAMES | {"open", "os.link", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.symlink"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
KILLED, REFUSED = 137, 3


def at_each_step(
    root: Path, aside: Path, change: Callable[[Path], object], steps: frozenset[str] = ALL_STEPS
) -> Iterator[tuple[int, Path]]:
    """Copies of `root` as they are after `change` was killed before its first step, its second, and so on.

    `steps` limits what counts as a step. Ends when the change comes to its end. Yields the number of the step and the
    copy; each is removed afterwards.
    """
    number = 0
    while True:
        copy = aside / "killed"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(root, copy)
        ended = _run(copy, change, number, steps)
        assert ended in (0, KILLED), f"step {number}: status {ended}"
        yield number, copy
        if ended == 0:
            return
        number += 1


def _run(root: Path, change: Callable[[Path], object], last: int, steps: frozenset[str]) -> int:
    """Run the change in a process of its own, killed before the step of that number; returns its status."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = REFUSED
    try:
        done = 0

        def watch(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal done
            if event in steps and (event != "open" or (arguments[2] or 0) & _WRITING):
                if done == last:
                    os._exit(KILLED)
                done += 1

        sys.addaudithook(watch)
        change(root)
        status = 0
    except BaseException as error:
        sys.stderr.write(f"{error!r}\n")
    finally:
        os._exit(status)
