"""Refuses, in every Python process that finds it, sockets beyond this machine, and writes down who asked."""

import os
import socket
from pathlib import Path
from typing import Any

_LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0", "::")


def _refuse(host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else str(host)
    if host and not name.startswith(_LOOPBACK) and name != socket.gethostname():
        with Path(os.environ["REFUSED_SOCKETS"]).open("a", encoding="utf-8") as log:
            log.write(f"{name}\n")
        raise OSError(f"no network here: {name}")


def _guarded(method: Any) -> Any:
    def guard(self: socket.socket, address: Any, *rest: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse(address[0])
        return method(self, address, *rest)

    return guard


_looked_up = socket.getaddrinfo


def _look_up(host: Any, *rest: Any, **named: Any) -> Any:
    _refuse(host)
    return _looked_up(host, *rest, **named)


socket.socket.connect = _guarded(socket.socket.connect)  # type: ignore[method-assign]
socket.socket.connect_ex = _guarded(socket.socket.connect_ex)  # type: ignore[method-assign]
socket.getaddrinfo = _look_up
