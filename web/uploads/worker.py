"""A thread that does one piece of work after another."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

_T = TypeVar("_T")


class Worker:
    """Does what it is given, in that order. The thread starts with the first piece of work.

    The thread of a `ThreadPoolExecutor` would keep the whole program from ending while it waits,
    for example for another process that writes into the data folder.

    Args:
        name: Name of the thread.
    """

    def __init__(self, name: str) -> None:
        self._name, self._lock = name, threading.Lock()
        self._work: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None]
        self._work = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = False

    def submit(self, call: Callable[[], _T]) -> Future[_T]:
        """Queue a piece of work. After the end, it is cancelled at once."""
        future: Future[_T] = Future()
        with self._lock:
            if self._closed:
                future.cancel()
                return future
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._work.put((future, call))
        return future

    def close(self, wait: float) -> None:
        """Begin no more work, and wait for the end of what was begun.

        Args:
            wait: Seconds to wait at most.
        """
        with self._lock:
            self._closed = True
            thread = self._thread
        if thread is None:
            return
        self._work.put(None)
        thread.join(wait)

    def _run(self) -> None:
        while (item := self._work.get()) is not None:
            future, call = item
            if self._closed:
                future.cancel()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(call())
            except BaseException as error:
                future.set_exception(error)
