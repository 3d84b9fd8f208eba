"""Sums on one thread: how they are divided among threads would change their last digits, and so the bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits


@contextmanager
def one_thread() -> Iterator[None]:
    """While the block runs, the libraries that calculate use one thread, whatever the machine has.

    A limit holds for libraries that are loaded already. scipy and scikit-learn bring their own pools of threads when
    they are first used, so they are loaded before.
    """
    import scipy.linalg  # noqa: F401
    import sklearn.utils.extmath  # noqa: F401

    with threadpool_limits(1):
        yield
