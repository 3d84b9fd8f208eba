"""`brief analyse` on a real Dask cluster: separate processes, a worker killed while it works, the same bytes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from brief.cli import main
from brief.findings.at_size import keeping
from dockets import content, drawn, ended, started, written

_PATIENCE = 60.0


def launched(stack: ExitStack, *arguments: str) -> subprocess.Popen[bytes]:
    """A process of the cluster, ended with the test."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", *arguments]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stack.callback(process.wait)
    stack.callback(process.kill)
    return process


def free_port() -> int:
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        return int(own.getsockname()[1])


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler with two workers, each a process of its own, and the workers."""
    address, here = f"tcp://127.0.0.1:{(port := free_port())}", ("--host", "127.0.0.1")
    with ExitStack() as stack:
        launched(stack, "distributed.cli.dask_scheduler", *here, "--port", str(port), "--no-dashboard", "--no-show")
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(tmp_path / "dask"))
        workers = [
            launched(stack, "distributed.cli.dask_worker", address, *here, *options, "--name", name) for name in "ab"
        ]
        yield address, workers


def test_a_worker_that_is_killed_while_it_works_loses_nothing(
    tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, workers = cluster
    docket = written(tmp_path / "docket.csv", drawn(80, copies=0.5, edited=0.2, slots=0.2))
    ended(started(tmp_path, str(docket), "--out", str(tmp_path / "alone"), "--processes", "1"))
    out = tmp_path / "out"
    running = started(tmp_path, str(docket), "--out", str(out), "--batch-rows", "1", "--scheduler", address)
    until = time.monotonic() + _PATIENCE
    while running.poll() is None and not list(out.glob(f"{keeping.FOLDER}/*/read-*-*[0-9a-f]")):
        assert time.monotonic() < until
        with suppress(subprocess.TimeoutExpired):
            running.wait(0.02)
    workers[0].kill()
    ended(running)
    assert workers[0].wait() < 0 and workers[1].poll() is None
    assert content(out) == content(tmp_path / "alone")


def test_a_scheduler_that_does_not_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brief.findings.at_size.engines._PATIENCE", 0.5)
    docket = written(tmp_path / "docket.csv", drawn(5))
    nobody = f"tcp://127.0.0.1:{free_port()}"
    options = ["--out", str(tmp_path / "out"), "--scheduler", nobody]
    result = CliRunner().invoke(main, ["analyse", str(docket), *options])
    assert result.exit_code == 1 and f"no Dask scheduler answers at '{nobody}'" in result.stderr
