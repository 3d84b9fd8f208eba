"""What runs a step over many batches: this process, several of them, or a Dask cluster.

A task is a number and what the step is given; its result comes back with the number, in any order. Only so many tasks
are under way at a time, so that batches do not pile up in memory. What is lost with a process or a worker that ends is
done again: a step follows from what it is given alone.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import pickle
from collections.abc import Callable, Iterator
from concurrent import futures
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from brief.contract import inputs
from brief.errors import fail

Task = tuple[int, tuple[Any, ...]]
Step = Callable[..., Any]
LOCAL = "local"
"""The name of the cluster that is started here."""
_AHEAD = 2
"""So many tasks for each process are under way."""
_TRIES = 3
_PATIENCE = 20.0
"""Seconds that a cluster may take to answer."""


class Engine(Protocol):
    """Runs a step over tasks."""

    workers: int

    def run(self, step: Step, shared: Any, tasks: Iterator[Task]) -> Iterator[tuple[int, Any]]:
        """The number of each task with what `step(shared, *given)` returns for it, in any order."""


class Alone:
    """Everything in this process, in the order of the tasks."""

    workers = 1

    def run(self, step: Step, shared: Any, tasks: Iterator[Task]) -> Iterator[tuple[int, Any]]:
        """As `Engine.run`."""
        for number, given in tasks:
            yield number, step(shared, *given)


class Processes:
    """Processes of this machine."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool = self._started()

    def _started(self) -> futures.ProcessPoolExecutor:
        return futures.ProcessPoolExecutor(self.workers, multiprocessing.get_context("spawn"))

    def run(self, step: Step, shared: Any, tasks: Iterator[Task]) -> Iterator[tuple[int, Any]]:
        """As `Engine.run`. Raises `BriefError` where processes end again and again."""
        content = _Content.of(shared)
        given: dict[int, tuple[Any, ...]] = {}
        waiting: dict[futures.Future[Any], int] = {}
        tries = 0
        while True:
            try:
                while len(waiting) < _AHEAD * self.workers and (task := next(tasks, None)) is not None:
                    given[task[0]] = task[1]
                    waiting[self._pool.submit(_shared_step, step, content, task[1])] = task[0]
                if not waiting:
                    return
                done, _ = futures.wait(waiting, return_when=futures.FIRST_COMPLETED)
                for future in done:
                    result = future.result()
                    number = waiting.pop(future)
                    del given[number]
                    yield number, result
            except BrokenProcessPool:
                tries += 1
                if tries == _TRIES:
                    what = "processes of the analysis end before they are done, perhaps for want of memory"
                    raise fail(what, "Give a smaller --memory, or fewer --processes.") from None
                self._pool.shutdown(wait=False)
                self._pool = self._started()
                waiting = {self._pool.submit(_shared_step, step, content, own): number for number, own in given.items()}

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(wait=True, cancel_futures=True)


class Cluster:
    """A Dask cluster."""

    def __init__(self, library: Any, client: Any) -> None:
        self._library, self._client = library, client
        self.workers = max(len(client.scheduler_info(n_workers=-1)["workers"]), 1)

    def run(self, step: Step, shared: Any, tasks: Iterator[Task]) -> Iterator[tuple[int, Any]]:
        """As `Engine.run`. Raises `BriefError` where workers end again and again."""
        # As a task of its own: what is only sent to a worker would be lost with it.
        content = self._client.submit(_itself, _Content.of(shared), pure=False)
        waiting: dict[Any, int] = {}
        while True:
            while len(waiting) < _AHEAD * self.workers and (task := next(tasks, None)) is not None:
                waiting[self._client.submit(_shared_step, step, content, task[1], pure=False)] = task[0]
            if not waiting:
                return
            done, _ = self._library.wait(list(waiting), return_when="FIRST_COMPLETED")
            for future in done:
                try:
                    result = future.result()
                except self._library.KilledWorker:
                    what = "workers of the cluster end one after the other, perhaps for want of memory"
                    raise fail(what, "Give a smaller --batch-rows, or workers with more memory.") from None
                yield waiting.pop(future), result


@dataclass(frozen=True)
class _Content:
    """What all tasks of a step share, as bytes, and their digest: a process unpacks them once."""

    digest: bytes
    content: bytes

    @classmethod
    def of(cls, shared: Any) -> _Content:
        content = pickle.dumps(shared)
        return cls(hashlib.sha256(content).digest(), content)


_unpacked: dict[bytes, Any] = {}


def _itself(content: _Content) -> _Content:
    return content


def _shared_step(step: Step, content: _Content, given: tuple[Any, ...]) -> Any:
    if content.digest not in _unpacked:
        shared = pickle.loads(content.content)
        _unpacked.clear()
        _unpacked[content.digest] = shared
    return step(_unpacked[content.digest], *given)


@contextmanager
def engine(processes: int, scheduler: str) -> Iterator[Engine]:
    """What runs the steps: so many processes of this machine, or the cluster at an address (`LOCAL`: one of its own).

    Raises `BriefError` where the cluster does not answer, runs another version, or needs what is not installed.
    """
    if scheduler:
        with _cluster(processes, scheduler) as cluster:
            yield cluster
    elif processes == 1:
        yield Alone()
    else:
        pool = Processes(processes)
        try:
            yield pool
        finally:
            pool.close()


@contextmanager
def _cluster(processes: int, scheduler: str) -> Iterator[Engine]:
    try:
        # By name, because the package is an optional one.
        library = import_module("distributed")
    except ImportError:
        remedy = "Install it: pip install -e '.[cluster]'. Or leave --scheduler out."
        raise fail("a Dask cluster needs the package distributed", remedy) from None
    own = None
    try:
        if scheduler == LOCAL:
            own = library.LocalCluster(
                n_workers=processes, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
            )
        client = library.Client(own or scheduler, timeout=_PATIENCE)
    except (OSError, TimeoutError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else "no answer"
        what = f"no Dask scheduler answers at '{scheduler}': {reason}"
        raise fail(what, "Give its address as tcp://host:8786, or --scheduler local.") from None
    try:
        _same_program(client)
        # A batch is large and goes along with its task, so that no worker can lose it.
        with import_module("dask").config.set({"distributed.admin.large-graph-warning-threshold": "1GB"}):
            yield Cluster(library, client)
    finally:
        with suppress(OSError, TimeoutError):
            client.close()
            if own is not None:
                own.close()


def _same_program(client: Any) -> None:
    """Raise `BriefError` where a worker would compute with another program: its bytes may be others."""
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
        digests = client.run(inputs.code_digest)
    except TimeoutError:
        raise fail("the Dask scheduler has no workers", "Start one: dask worker ADDRESS.") from None
    except Exception as error:  # whatever a worker says that has no such package
        what = f"a worker of the cluster cannot run the analysis: {type(error).__name__}: {error}"
        raise fail(what, "Install this version of the program where the workers run.") from None
    differing = sorted(worker for worker, digest in digests.items() if digest != inputs.code_digest())
    if differing:
        what = f"{len(differing)} of {len(digests)} workers run another version of the program or of its packages"
        raise fail(what, "Install the same versions everywhere: pip install -r requirements.txt.")
