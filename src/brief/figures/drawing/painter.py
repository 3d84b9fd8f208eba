"""The library that draws, in a process of its own: it takes much memory, and the memory is free when all is drawn.

The same file is what that process runs: it loads nothing of this package.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from threading import Lock
from typing import IO, Any

VEGA_LITE = "6.4"
_ONE_AT_A_TIME = Lock()
_processes: list[subprocess.Popen[bytes]] = []


class Refused(Exception):
    """The library does not take what it is given: a specification or a picture that is wrong."""


def start() -> None:
    """Start the process, and let it load what it draws with."""
    _ask({"work": "svg", "spec": json.dumps({"mark": "point", "data": {"values": []}})})


def svg(spec: str) -> bytes:
    """A Vega-Lite specification, as JSON, drawn as SVG; nothing is fetched for it."""
    return _ask({"work": "svg", "spec": spec})


def png(picture: str, scale: float, fonts: str) -> bytes:
    """A picture in SVG as PNG, with the fonts of a folder."""
    return _ask({"work": "png", "svg": picture, "scale": scale, "fonts": fonts})


def script() -> bytes:
    """Vega, Vega-Lite and Embed as one module of JavaScript."""
    return _ask({"work": "script"})


def rest() -> None:
    """End the process, where one was started; the next picture starts another."""
    with _ONE_AT_A_TIME:
        while _processes:
            process = _processes.pop()
            process.communicate()


def _ask(request: dict[str, Any]) -> bytes:
    """What the process answers. Raises `Refused` as the library does, and `BriefError` where the process has ended."""
    from brief.errors import fail  # only here: the process itself loads nothing of this package

    with _ONE_AT_A_TIME:
        if not _processes:
            command = [sys.executable, "-P", __file__]
            _processes.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
            atexit.register(rest)
        process = _processes[0]
        try:
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            size, _, refused = process.stdout.readline().decode().strip().partition(" ")
            content = process.stdout.read(int(size or 0))
        except OSError as error:
            size, refused, content = "", str(error), b""
        if not size or len(content) < int(size):
            _processes.clear()
            process.kill()
            process.wait()
            raise fail(
                f"the process that draws pictures has ended: {refused or process.returncode}",
                "See to the memory that is free, then try again.",
            )
        if refused:
            raise Refused(content.decode("utf-8", "replace"))
        return content


def _answered(request: dict[str, Any], known: set[str]) -> bytes:
    import vl_convert

    if request["work"] == "svg":
        return vl_convert.vegalite_to_svg(request["spec"], vl_version=VEGA_LITE, allowed_base_urls=[]).encode()
    if request["work"] == "script":
        return vl_convert.javascript_bundle().encode()  # type: ignore[call-arg]  # its stub asks for what is optional
    if request["fonts"] not in known:
        known.add(request["fonts"])
        vl_convert.register_font_directory(request["fonts"])
    return vl_convert.svg_to_png(request["svg"], scale=request["scale"])


def _serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer requests, a line of JSON each, until there are no more: a line with the size, then so many bytes."""
    known: set[str] = set()
    for line in requests:
        try:
            content, mark = _answered(json.loads(line), known), b""
        except ValueError as error:
            content, mark = str(error).encode(), b" refused"
        answers.write(b"%d%b\n%b" % (len(content), mark, content))
        answers.flush()


if __name__ == "__main__":
    _serve(sys.stdin.buffer, sys.stdout.buffer)
