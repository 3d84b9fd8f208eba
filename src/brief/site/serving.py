"""Look at the site while it is written: build, serve on loopback, build again when an input changes."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from brief.contract import inputs
from brief.errors import fail
from brief.site.publish import build

_EVERY = 1.0


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of each request: what a build says should stay in sight."""

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
def served(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve a folder on loopback while the block runs; gives the address. Raises `BriefError` for a taken port."""
    try:
        server = Server(("127.0.0.1", port), partial(_Quiet, directory=str(folder)))
    except OSError as error:
        raise fail(f"the port {port} cannot be used: {error.strerror}", "Name another with --port.") from None
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def serve(root: Path, port: int = 8000, on: Callable[[str], None] = print) -> None:
    """Build and serve until interrupted. A build that fails is told, and the last whole site stays."""
    _try_to_build(root)
    folder = root / "_build" / "html"
    folder.mkdir(parents=True, exist_ok=True)
    with served(folder, port) as address:
        on(f"The brief is at {address} (stop with Ctrl-C).")
        built = inputs.site_digest(root)
        try:
            while True:
                time.sleep(_EVERY)
                inputs.code_digest.cache_clear()
                now = inputs.site_digest(root)
                if now != built:
                    built = now
                    on("Something changed; building again.")
                    _try_to_build(root)
        except KeyboardInterrupt:
            on("Stopped.")


def _try_to_build(root: Path) -> None:
    try:
        build(root)
    except SystemExit:
        sys.stderr.write("The site stays as it was. Correct the fault and save; it is built again by itself.\n")
