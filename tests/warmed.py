"""Commands as processes that have their libraries loaded already: forks of a process that all tests share.

A build loads libraries for seconds, and so does each kernel that runs a chapter. Here both begin as a fork of a process
that has loaded them. Nothing of this project is loaded before: a command meets the code that it is told to take.
Forks share the seed of their hashes: a test that compares the bytes of two builds starts one of them as a real command,
or as a fork of the other of two such processes.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

#: What a build and its kernels load that is not of this project; what is not installed is left out.
_LIBRARIES = (
    *("jupyter_book.cli.main", "jupyter_book.sphinx", "sphinx_external_toc", "sphinx_jupyterbook_latex", "myst_nb"),
    *("sphinx_multitoc_numbering", "sphinx.builders.html", "sphinx.builders.linkcheck", "sphinx.search.en", "nbclient"),
    *("jupyter_cache", "jupyter_cache.base", "jupyter_cache.cache.main", "jupyter_client", "ipykernel.ipkernel"),
    *("ipykernel.kernelapp", "IPython.core.completer", "pandas", "altair", "vl_convert", "fontTools.ttLib"),
    *("fontTools.pens.ttGlyphPen", "PIL.Image", "pybtex.database.input.bibtex", "pybtex.database.output.bibtex"),
    *(
        "scipy.sparse.csgraph",
        "scipy.special",
        "lxml.html",
        "ruamel.yaml",
        "jsonschema",
        "phonenumbers",
        "slugify",
        "filelock",
    ),
)
_AT_START = "sitecustomize.py"
_OWNER = "warmed.owner"
#: The two processes that are forked, by the names of their sockets.
FIRST, OTHER = "warmed", "warmed-other"
_SECONDS_TO_LOAD = 120.0
_LOOK_EVERY = 2.0


def can_fork(env: Mapping[str, str]) -> bool:
    """Whether a fork does as a command would in this environment: not where Python itself is to start otherwise."""
    told = {name for name in {*env, *os.environ} if env.get(name) != os.environ.get(name)}
    otherwise = [name for name in told if name.startswith("PYTHON") and name != "PYTHONPATH"]
    places = env.get("PYTHONPATH", "").split(os.pathsep)
    return hasattr(os, "pidfd_open") and not otherwise and not any(Path(one, _AT_START).is_file() for one in places)


def run(
    shared: Path, command: Sequence[str], root: Path, env: Mapping[str, str], seconds: float, server: str = FIRST
) -> tuple[int, str]:
    """Run a Python script as a fork; returns its exit status and all that it printed.

    In: the folder that the tests share, the script with its arguments, where it runs and with what environment, and
    which process is forked.
    Raises `TimeoutExpired` as `subprocess.run` does.
    """
    request = {"argv": [*command], "cwd": str(root), "env": {**env}}
    told, inlet = os.pipe()
    deadline, output = time.monotonic() + seconds, b""
    with Path(os.devnull).open("rb") as nothing, _connected(shared, server) as asking:
        _send(asking, request, (nothing.fileno(), inlet, inlet))
        os.close(inlet)
        try:
            while select.select([told], [], [], max(0.0, deadline - time.monotonic()))[0]:
                if not (more := os.read(told, 65536)):
                    return int(_line(asking)), output.decode("utf-8", "replace")
                output += more
        finally:
            os.close(told)
    raise subprocess.TimeoutExpired([*command], seconds, output)


def share(shared: Path) -> None:
    """Say in the folder that the tests share whose it is: the shared process ends with that one."""
    (shared / _OWNER).write_text(str(os.getpid()), encoding="utf-8")


def stop(shared: Path) -> None:
    """End the shared processes that were started."""
    for server in (FIRST, OTHER):
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as asking:
            asking.connect(str(shared / server))
            asking.sendall(b"{}\n")


def _connected(shared: Path, name: str) -> socket.socket:
    """A connection to the shared process of that name, which is started where there is none."""
    import fcntl

    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        deadline, server = time.monotonic() + _SECONDS_TO_LOAD, None
        while time.monotonic() < deadline and (server is None or server.poll() is None):
            asking = socket.socket(socket.AF_UNIX)
            try:
                asking.connect(str(shared / name))
                return asking
            except OSError:
                asking.close()
            if server is None:
                env = {name: told for name, told in os.environ.items() if name != "PYTHONPATH"}
                command, none = [sys.executable, __file__, "server", str(shared), name], subprocess.DEVNULL
                server = subprocess.Popen(command, env=env, start_new_session=True, stdin=none, stdout=none)
            time.sleep(0.05)
    raise RuntimeError("the process that the tests fork does not start")


def _send(asking: socket.socket, request: Mapping[str, object], files: Sequence[int]) -> None:
    socket.send_fds(asking, [b"\n"], list(files))
    asking.sendall(json.dumps(request).encode() + b"\n")


def _line(asking: socket.socket) -> bytes:
    """What comes over a connection up to the end of a line, or of the connection."""
    said = b""
    while not said.endswith(b"\n") and (more := asking.recv(65536)):
        said += more
    return said


def _kernel(shared: Path, name: str, arguments: Sequence[str]) -> int:
    """Start a kernel as a fork, and be there as long as it is: who ends this process ends the kernel."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a kernel is asked to stop over its own connection
    request = {"argv": ["-m", "ipykernel_launcher", *arguments], "cwd": str(Path.cwd()), "env": {**os.environ}}
    parent = os.getppid()
    with _connected(shared, name) as asking:
        _send(asking, request, (0, 1, 2))
        while not select.select([asking], [], [], _LOOK_EVERY)[0]:
            if os.getppid() != parent:
                return 1
        return int(_line(asking) or 1)


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _serve(shared: Path, name: str) -> dict[str, Any]:
    """Load the libraries and fork for each request; returns in the forks alone, with what is asked of them."""
    for library in _LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(library)
    gc.collect()
    gc.freeze()
    owner = int((shared / _OWNER).read_text(encoding="utf-8"))
    new = shared / f"{name}-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(new))
        listening.listen(16)
        new.rename(shared / name)
        while _is_there(owner):
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            if not select.select([listening], [], [], _LOOK_EVERY)[0]:
                continue
            asking, _ = listening.accept()
            with asking:
                _, files, _, _ = socket.recv_fds(asking, 1, 3)
                request: dict[str, Any] = json.loads(_line(asking) or b"{}") if files else {}
                if not request:
                    break
                if os.fork() == 0:
                    listening.close()
                    if (pid := os.fork()) == 0:
                        os.setsid()
                        for place, file in enumerate(files):
                            os.dup2(file, place)
                            os.close(file)
                        return request
                    _keep(pid, asking, files)
                for file in files:
                    os.close(file)
    os._exit(0)


def _keep(pid: int, asking: socket.socket, files: Sequence[int]) -> None:
    """Wait for a fork and tell how it ended; end it where nobody waits for it any more."""
    for file in files:
        os.close(file)
    watched = os.pidfd_open(pid)
    if asking.fileno() in select.select([asking.fileno(), watched], [], [])[0]:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with contextlib.suppress(OSError):
        asking.sendall(f"{status}\n".encode())
    os._exit(0)


def _begin_kernels_as_forks(shared: Path, name: str) -> None:
    """Where this process starts a kernel of its own Python, let the kernel begin as a fork too.

    Only the command that ipykernel gives for its own Python is another one: who takes a kernel by its name gets that.
    """
    from ipykernel import kernelspec

    own = [sys.executable, "-S", "-E", "-s", __file__, "kernel", str(shared), name, "-f", "{connection_file}"]
    kernelspec.make_ipkernel_cmd = lambda *_, **__: [*own]


def _become(argv: Sequence[str], cwd: str, env: Mapping[str, str]) -> None:
    """Be the command that is asked for, as if Python had been started with it."""
    os.chdir(cwd)
    os.environ.clear()
    # A kernel looks whether its parent is still there.
    os.environ.update(env, JPY_PARENT_PID=str(os.getppid()))
    added = [place for place in env.get("PYTHONPATH", "").split(os.pathsep) if place]
    sys.stdout, sys.stderr = (os.fdopen(file, "w", buffering=1, encoding="utf-8") for file in (1, 2))
    if argv[0] == "-m":
        sys.path[:1] = added
        sys.argv = [*argv[1:]]
        runpy.run_module(argv[1], run_name="__main__", alter_sys=True)
    else:
        sys.path[:1] = [str(Path(argv[0]).parent), *added]
        sys.argv = [*argv]
        runpy.run_path(argv[0], run_name="__main__")


if __name__ == "__main__":
    role, folder, server = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    if role == "kernel":
        sys.exit(_kernel(folder, server, sys.argv[4:]))
    asked = _serve(folder, server)
    _begin_kernels_as_forks(folder, server)
    _become(**asked)
