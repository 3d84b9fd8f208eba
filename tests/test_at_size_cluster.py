"""The analysis on a real Dask cluster: separate processes, a worker killed while it works, the same bytes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from brief.errors import BriefError
from brief.findings.at_size import engines
from dockets import Watched, analysed, content, drawn, written

HERE = ("--host", "127.0.0.1")


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
    port = str(free_port())
    address = f"tcp://127.0.0.1:{port}"
    with ExitStack() as stack:
        launched(stack, "distributed.cli.dask_scheduler", *HERE, "--port", port, "--no-dashboard", "--no-show")
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(tmp_path / "dask"))
        workers = [
            launched(stack, "distributed.cli.dask_worker", address, *HERE, *options, "--name", name) for name in "ab"
        ]
        yield address, workers


def test_a_worker_that_is_killed_while_it_works_loses_nothing(
    tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "_PATIENCE", 120.0)
    address, workers = cluster
    docket = written(tmp_path / "docket.csv", drawn(80))
    analysed(docket, tmp_path / "alone", 1_000)
    with engines.engine(2, address) as dask:
        analysed(docket, tmp_path / "out", 2, by=dask, progress=Watched("Reading", 2, workers[0].kill))
    assert workers[0].wait() < 0 and workers[1].poll() is None
    assert content(tmp_path / "out") == content(tmp_path / "alone")


def test_a_scheduler_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_PATIENCE", 0.5)
    nobody = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(BriefError, match=f"no Dask scheduler answers at '{nobody}'"), engines.engine(2, nobody):
        pass
