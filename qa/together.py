"""Calls a function with many items in several threads, for example with the questions of a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

_In = TypeVar("_In")
_Out = TypeVar("_Out")


@contextmanager
def together(work: Callable[[_In], _Out], items: Iterable[_In]) -> Iterator[Iterator[_Out]]:
    """Call a function with each item, and give the results in the order of the items.

    As many items are worked on at a time as there are cores. When the context is left, work that
    has not begun is dropped, so that Ctrl-C does not wait for it.

    Args:
        work: Is called by several threads.
        items: What it is called with.
    """
    threads = ThreadPoolExecutor(os.cpu_count() or 1)
    try:
        yield threads.map(work, items)
    finally:
        threads.shutdown(cancel_futures=True)
