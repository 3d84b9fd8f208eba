"""A site on loopback as a web server gives it: compressed where the browser takes that, a page of its own for 404."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from urllib.parse import unquote, urlsplit

from brief.site.serving import Quiet, answering

_COMPRESSED = (".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".csv")


class _Compressing(Quiet, SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Path

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def _answer(self, body: bool) -> None:
        path, status = self.site / unquote(urlsplit(self.path).path).lstrip("/"), 200
        if path.is_dir():
            path = path / "index.html"
        if not path.is_file() or not path.resolve().is_relative_to(self.site.resolve()):
            path, status = self.site / "404.html", 404
        content = path.read_bytes() if path.is_file() else b"not found"
        self.send_response(status)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix in _COMPRESSED and "gzip" in self.headers.get("Accept-Encoding", ""):
            content = _compressed(content)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if body:
            self.wfile.write(content)


@cache
def _compressed(content: bytes) -> bytes:
    return gzip.compress(content, 6, mtime=0)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback while the block runs; gives the address without a final slash."""
    with answering(type("Handler", (_Compressing,), {"site": folder})) as address:
        yield address
