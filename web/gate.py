"""Limits how many questions are answered at once: those of the page, of programs and of agents."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from corpus.errors import ShuttenError

MAX_RUNNING, MAX_WAITING = 2, 30
BULK_SHARE = 0.1  # of one processor, for work in bulk while others wait


class BusyError(ShuttenError):
    """Too many callers wait for a turn, or the server is being stopped."""


class Gate:
    """Gives out turns in the order in which callers come. Any thread may use it.

    A few callers have a turn at the same time and some more may wait. Callers beyond that are
    refused at once. Work in bulk, such as the run of a question set, gives way to all who wait.

    Args:
        running: How many callers may have a turn at the same time.
        waiting: How many callers may wait for a turn.
        noun: Plural name of the work, for the error message.

    Attributes:
        warm: Set after the model was loaded. Before that, an answer takes seconds.
    """

    def __init__(
        self, running: int = MAX_RUNNING, waiting: int = MAX_WAITING, noun: str = "questions"
    ) -> None:
        self.warm = threading.Event()
        self._noun = noun
        self._places = threading.BoundedSemaphore(running + waiting)
        self._next_bulk = 0.0  # when work in bulk need wait no longer, by `time.monotonic`
        self._changed = threading.Condition()  # held while the state below changes
        self._max_inside, self._inside, self._is_shut = running, 0, False
        self._queue: deque[threading.Event] = deque()  # each is set when its turn has come
        self._nobody_waits = threading.Event()
        self._nobody_waits.set()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and hold it.

        Raises:
            BusyError: Too many callers are waiting, or the gate was shut.
        """
        if not self._places.acquire(blocking=False):
            raise BusyError(f"too many {self._noun} at once; ask again in a moment")
        try:
            with self._admitted():
                yield
        finally:
            self._places.release()

    @contextmanager
    def patient_turn(self) -> Iterator[None]:
        """Wait for a turn as long as it takes, after giving way as in `spare`, and hold it.

        It is for work in bulk. It takes no place of those that may wait.

        Raises:
            BusyError: The gate was shut.
        """
        with self.spare(), self._admitted():
            yield

    @contextmanager
    def spare(self) -> Iterator[None]:
        """Give way to callers who wait for a turn, then do a piece of work in bulk.

        While anybody waits, all work in bulk together gets `BULK_SHARE` of one processor. With a
        share of a tenth, nine seconds must pass after a piece that took one second. So the pieces
        should be small. Only processor time counts, not the time in which this thread waits.
        """
        self._nobody_waits.wait(max(0.0, self._next_bulk - time.monotonic()))
        start = time.thread_time()
        try:
            yield
        finally:
            used = time.thread_time() - start
            self._next_bulk = time.monotonic() + used * (1 / BULK_SHARE - 1)

    @property
    def running(self) -> int:
        """How many callers have a turn."""
        return self._inside

    @property
    def waiting(self) -> int:
        """How many callers wait for one."""
        return len(self._queue)

    @property
    def is_shut(self) -> bool:
        """Whether no more turns are given out."""
        return self._is_shut

    def shut(self, wait: float) -> None:
        """Give out no more turns, and wait until those that are held have ended.

        A process that ends while its model runs would crash.

        Args:
            wait: Seconds to wait at most.
        """
        with self._changed:
            self._is_shut = True
            self._nobody_waits.set()
            self._changed.wait_for(lambda: not self._inside, wait)

    @contextmanager
    def _admitted(self) -> Iterator[None]:
        if my_turn := self._enter_or_queue():
            my_turn.wait()
        try:
            if self._is_shut:
                raise BusyError("the server is being stopped")
            yield
        finally:
            self._leave()

    def _enter_or_queue(self) -> threading.Event | None:
        """Go in and return None, or join the queue and return an event that is set at its turn."""
        with self._changed:
            if self._inside < self._max_inside:
                self._inside += 1
                return None
            my_turn = threading.Event()
            self._queue.append(my_turn)
            self._nobody_waits.clear()
            return my_turn

    def _leave(self) -> None:
        with self._changed:
            if self._queue:  # the next caller takes the turn over, so `_inside` stays
                self._queue.popleft().set()
            else:
                self._inside -= 1
                self._changed.notify_all()
            if not self._queue:
                self._nobody_waits.set()
