"""Look at the site while it is written: build, serve on loopback, build again when an input changes.

The server is the one that tests and the check of the site use as well.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from watchfiles import watch

from brief.contract import frozen, inputs, modules
from brief.errors import fail
from brief.site.waiting import NextBuild, next_build

_FIRST_LOOK = 1000
"""Milliseconds after which a watcher looks by itself once: a change before it stood ready sends it nothing."""


_OWN_NAMES = ("127.0.0.1", "localhost")


class Quiet(BaseHTTPRequestHandler):
    """A handler that says nothing of each request: what is printed beside it should stay in sight."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


class _Fresh(Quiet, SimpleHTTPRequestHandler):
    """Files of a folder, never kept by the browser, to those who ask this machine by its own name."""

    def parse_request(self) -> bool:
        """Refuse what asks for another host: a page elsewhere could give its own name this machine's address."""
        if not super().parse_request():
            return False
        asked = (self.headers.get("Host") or "").rpartition(":")[0] or self.headers.get("Host")
        if asked in _OWN_NAMES:
            return True
        self.send_error(HTTPStatus.MISDIRECTED_REQUEST, "This server answers under 127.0.0.1 and localhost alone")
        return False

    def list_directory(self, path: Any) -> None:
        """No list of a folder's files: a site has none either."""
        self.send_error(HTTPStatus.NOT_FOUND, "There is no such page")

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


class Server(ThreadingHTTPServer):
    """A server on loopback that a browser may leave before it has all of a page."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell what went wrong, but not that a browser closed a page before it had all of it."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def answering(handler: Callable[..., BaseHTTPRequestHandler], port: int = 0) -> Iterator[str]:
    """Answer on loopback while the block runs; gives the address, without a final slash.

    In: what handles a request; the port, by default one that is free. Raises `BriefError` for a port that is taken.
    """
    try:
        server = Server(("127.0.0.1", port), handler)
    except OSError as error:
        raise fail(f"the port {port} cannot be used: {error.strerror}", "Name another with --port.") from None
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def served(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve a folder on loopback while the block runs; otherwise as `answering`."""
    with answering(partial(_Fresh, directory=str(folder)), port) as address:
        yield address


def serve(root: Path, port: int = 8000, on: Callable[[str], None] = print) -> None:
    """Build and serve until interrupted. A build that fails is told, and the last whole site stays.

    Raises `BriefError` where nothing may be written below `root`.
    """
    frozen.check_rights(root)
    folder = root / "_build" / "html"
    with next_build(root) as waiting:
        built = _built_until_at_rest(waiting, root, "")
        folder.mkdir(parents=True, exist_ok=True)
        with served(folder, port) as address:
            on(f"The brief is at {address}/ (stop with Ctrl-C).")
            try:
                for _ in changes(root):
                    if _now(root) != built:
                        on("Something changed; building again.")
                        built = _built_until_at_rest(waiting, root, built)
            except KeyboardInterrupt:
                on("Stopped.")


def _now(root: Path) -> str:
    """The digest of what the site is made from, the program read anew."""
    inputs.code_digest.cache_clear()
    return inputs.site_digest(root, inputs.commit(root))


def _built_until_at_rest(waiting: NextBuild, root: Path, built: str) -> str:
    """Build, and again for as long as something changed meanwhile; returns the digest of what was built last."""
    while (now := _now(root)) != built:
        built = now
        if waiting.run():
            sys.stderr.write("The site stays as it was. Correct the fault and save; it is built again by itself.\n")
    return built


def changes(root: Path) -> Iterator[None]:
    """Tell each time that something may have changed in what the site at `root` is made from, without reading it.

    Folders are watched one by one, since below the root lie others that are large and no input; a folder that comes or
    goes starts the watch anew.
    """
    while True:
        folders = watched(root)
        rounds = watch(*folders, watch_filter=None, recursive=False, rust_timeout=_FIRST_LOOK, yield_on_timeout=True)
        for number, changed in enumerate(rounds):
            if changed or number == 0:
                yield
            if changed and watched(root) != folders:
                break


def watched(root: Path) -> list[Path]:
    """The folders whose files are inputs: the root, those of data, of chapters and of code, and git's own."""
    tops = [root / "data", root / "book", inputs.PACKAGE, *modules.folders().values()]
    below = {path.parent for top in tops if top.is_dir() for path in inputs.files(top)}
    git = [root / ".git"] if (root / ".git").is_dir() else []
    return sorted({root, *(top for top in tops if top.is_dir()), *below, *git})
