"""The next build, started before it is needed: it has all that it will need loaded, and waits for the word.

It is not let go where the program or a library has changed since it was started: then another one is.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from brief.contract import inputs, modules
from brief.errors import BriefError
from brief.site.state import DRAFT

_LIBRARIES = (
    *("jupyter_book.cli.main", "jupyter_book.sphinx", "myst_nb.sphinx_ext", "sphinx.builders.html"),
    *("sphinx.search.en", "sphinx_external_toc", "sphinx_jupyterbook_latex", "sphinxcontrib.bibtex", "altair"),
)
_OWN = (
    *("book.computing", "book.exhibits", "site.builder", "site.browsing", "site.context", "site.directives"),
    *("site.emptying", "site.execution", "site.listings", "site.margins", "site.pdf", "site.publish", "site.quoting"),
    *("site.roles", "site.settings", "site.tracing", "site.verifying.papers", "site.writing"),
)
_COMMAND = f"from {__name__} import wait; wait()"


def wait() -> None:
    """Load what a build needs, and build at the word; without one, do nothing. This is what the process runs."""
    # Who stops the command stops this by what follows: there is no word.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _load()
    if sys.stdin.readline():
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.modules["jupyter_book.cli.main"].main()


def _load() -> None:
    from sphinx.application import builtin_extensions

    from brief import figures
    from brief.figures.drawing import painter
    from brief.findings import facts
    from brief.site import templating

    for name in (*_LIBRARIES, *builtin_extensions, *(f"brief.{own}" for own in _OWN)):
        import_module(name)
    # In the order of a build: modules of topics first. Those that are not switched on make no difference.
    for name in modules.known():
        with contextlib.suppress(BriefError):
            modules.load(name)
    facts.load_own()
    figures.figures()
    templating.compile_all()
    painter.start()
    gc.collect()


class NextBuild:
    """The process that will be the next build of the brief at `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        # What is loaded is the program as it stands now, and what is installed now.
        self._loaded = _program()
        command = [sys.executable, "-c", _COMMAND, "build", str(self._root)]
        environment = {**os.environ, DRAFT: "0"}
        return subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)

    def run(self) -> int:
        """Let it build, and start the one after it; returns the exit status. What it prints is printed."""
        if self._loaded != _program() or self._process.poll() is not None:
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


def _program() -> str:
    """The digest of the program and of what is installed, as they are now."""
    inputs.code_digest.cache_clear()
    return inputs.code_digest()


@contextmanager
def next_build(root: Path) -> Iterator[NextBuild]:
    """While the block runs, a build waits."""
    waiting = NextBuild(root)
    try:
        yield waiting
    finally:
        waiting.stop()
