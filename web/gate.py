"""How many questions are answered at once, whoever asks: the page, programs, or agents."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from corpus.errors import ShuttenError

RUNNING, WAITING = 2, 30


class BusyError(ShuttenError):
    """More are waiting than there is room for."""


class Gate:
    """Lets a few in at a time; some may wait, the rest are told at once. For any thread.

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
        self._turns = threading.BoundedSemaphore(running)
        self._places = threading.BoundedSemaphore(running + waiting)
        self.warm = threading.Event()
        self._running, self._shut = running, False

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn.

        Raises:
            BusyError: Too many are waiting, or the gate was shut.
        """
        if not self._places.acquire(blocking=False):
            raise BusyError(f"too many {self._what} at once; ask again in a moment")
        try:
            with self.patient_turn():
                yield
        finally:
            self._places.release()

    @contextmanager
    def patient_turn(self) -> Iterator[None]:
        """Wait for a turn however long it takes, and take nobody's place: for work in bulk.

        Raises:
            BusyError: The gate was shut.
        """
        with self._turns:
            if self._shut:
                raise BusyError("the server is being stopped")
            yield

    def shut(self, wait: float) -> None:
        """Let nobody in any more, and wait until those inside are done.

        A process that ends while its model runs would crash.

        Args:
            wait: Seconds, at most.
        """
        self._shut = True
        end = time.monotonic() + wait
        taken = 0
        for _ in range(self._running):
            taken += self._turns.acquire(timeout=max(0.0, end - time.monotonic()))
        if taken:
            self._turns.release(taken)
