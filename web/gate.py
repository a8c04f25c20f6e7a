"""How many questions are answered at once, whoever asks: the page, programs, or agents."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from corpus.errors import ShuttenError

RUNNING, WAITING = 2, 30
SHARE = 0.1  # of a processor, for work in bulk while others wait


class BusyError(ShuttenError):
    """More are waiting than there is room for."""


class Gate:
    """Lets a few in at a time, in the order they come; some may wait, the rest are told at once.

    For any thread.

    Args:
        running: So many at a time.
        waiting: So many may wait for their turn.
        what: What it lets in, as a client is told.

    Attributes:
        warm: Set when a first question was answered; before that an answer takes seconds.
    """

    def __init__(
        self, running: int = RUNNING, waiting: int = WAITING, what: str = "questions"
    ) -> None:
        self._what = what
        self._places = threading.BoundedSemaphore(running + waiting)
        self.warm = threading.Event()
        self._running, self._inside, self._shut = running, 0, False
        self._changed = threading.Condition()  # held to change what stands here
        self._queue: deque[threading.Event] = deque()  # each is set when its turn has come
        self._calm = threading.Event()  # nobody waits for a turn
        self._calm.set()
        self._due = 0.0  # when work in bulk may go on though others wait, by `time.monotonic`

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn.

        Raises:
            BusyError: Too many are waiting, or the gate was shut.
        """
        if not self._places.acquire(blocking=False):
            raise BusyError(f"too many {self._what} at once; ask again in a moment")
        try:
            with self._entered():
                yield
        finally:
            self._places.release()

    @contextmanager
    def patient_turn(self) -> Iterator[None]:
        """Wait for a turn however long it takes, and take nobody's place: for work in bulk.

        Raises:
            BusyError: The gate was shut.
        """
        with self.spare(), self._entered():
            yield

    @contextmanager
    def spare(self) -> Iterator[None]:
        """Do a piece of work in bulk, after giving way to those who wait for a turn.

        While anybody waits, all work in bulk together gets `SHARE` of one processor. With a tenth,
        nine seconds must pass after a piece that took one second. So the pieces should be small.
        Only processor time counts, not the time in which this thread waits.
        """
        self._calm.wait(max(0.0, self._due - time.monotonic()))
        began = time.thread_time()
        try:
            yield
        finally:
            self._due = time.monotonic() + (time.thread_time() - began) * (1 / SHARE - 1)

    def shut(self, wait: float) -> None:
        """Let nobody in any more, and wait until those inside are done.

        A process that ends while its model runs would crash.

        Args:
            wait: Seconds, at most.
        """
        with self._changed:
            self._shut = True
            self._calm.set()
            self._changed.wait_for(lambda: not self._inside, wait)

    @contextmanager
    def _entered(self) -> Iterator[None]:
        if own := self._queued():
            own.wait()
        try:
            if self._shut:
                raise BusyError("the server is being stopped")
            yield
        finally:
            self._leave()

    def _queued(self) -> threading.Event | None:
        """Go in and return None, or join the queue and return an event that is set at its turn."""
        with self._changed:
            if self._inside < self._running:
                self._inside += 1
                return None
            self._queue.append(own := threading.Event())
            self._calm.clear()
            return own

    def _leave(self) -> None:
        with self._changed:
            if self._queue:  # the next one goes in instead
                self._queue.popleft().set()
            else:
                self._inside -= 1
                self._changed.notify_all()
            if not self._queue:
                self._calm.set()
