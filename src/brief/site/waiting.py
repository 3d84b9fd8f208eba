"""The next build, started before it is needed: it has its libraries loaded and waits for the word.

Nothing of this package is loaded before, so that a build always has the program as it stands when it begins.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from brief.contract import inputs
from brief.site.state import DRAFT

_LIBRARIES = "jupyter_book.cli.main jupyter_book.sphinx myst_nb.sphinx_ext sphinx.builders.html sphinxcontrib.bibtex"
_FOR_TABLES = "pandas altair"
_WAIT = f"""
import signal, sys
from importlib import import_module
signal.signal(signal.SIGINT, signal.SIG_IGN)  # who stops the command stops it by what follows: there is no word
for name in {f"{_LIBRARIES} {_FOR_TABLES}".split()!r}:
    import_module(name)
if sys.stdin.readline():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.modules["jupyter_book.cli.main"].main()
"""


class NextBuild:
    """The process that will be the next build of the brief at `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        # What is loaded is what is installed now.
        self._installed = inputs.installed()
        command = [sys.executable, "-c", _WAIT, "build", str(self._root)]
        environment = {**os.environ, DRAFT: "0"}
        return subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)

    def run(self) -> int:
        """Let it build, and start the one after it; returns the exit status. What it prints is printed."""
        if self._installed != inputs.installed() or self._process.poll() is not None:
            self.stop()
            self._process = self._started()
        process = self._process
        process.communicate(b"build\n")
        self._process = self._started()
        return process.returncode

    def stop(self) -> None:
        """End the process that waits; it builds nothing."""
        with contextlib.suppress(OSError):
            self._process.communicate()


@contextmanager
def next_build(root: Path) -> Iterator[NextBuild]:
    """While the block runs, a build waits."""
    waiting = NextBuild(root)
    try:
        yield waiting
    finally:
        waiting.stop()
