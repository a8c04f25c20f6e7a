"""Runs question sets one after the other, outside the queue of the questions of readers."""

from __future__ import annotations

import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from corpus.errors import ShuttenError
from web.gate import BusyError

WAITING = 8
# Seconds after which a page that no longer asks is taken as closed. Browsers let a page in a hidden
# tab ask once a minute.
PATIENCE = 90.0


class StoppedError(ShuttenError):
    """The reader stopped the run or closed the page."""


@dataclass(slots=True)
class Run:
    """The run of one session.

    Attributes:
        work: Runs the question set and returns the results. It calls `check` often and sets `done`.
        patience: Seconds without a question of the page after which the page is taken as closed.
        done: The progress, 0..1. None while the run waits for other runs.
        outcome: The results, or the `ShuttenError` that ended the run. None before the end.
        stopped: Whether the next `check` ends the run.
        heard: When the page last asked for the run, in seconds of `time.monotonic`.
    """

    work: Callable[[Run], object]
    patience: float
    done: float | None = None
    outcome: object = None
    stopped: bool = False
    heard: float = field(default_factory=time.monotonic)

    def check(self) -> None:
        """Raise `StoppedError` if the run was stopped or its page was closed."""
        if self.stopped or time.monotonic() - self.heard > self.patience:
            raise StoppedError("the run was stopped")

    def finish(self) -> None:
        """Do the work and keep the results, or the error, as the outcome."""
        try:
            self.check()
            self.done = 0.0
            self.outcome = self.work(self)
        except ShuttenError as error:
            self.outcome = error
        except Exception:  # nobody waits for this thread, so it reports the error itself
            traceback.print_exc()
            self.outcome = ShuttenError("the run failed; whoever runs the server finds the reason")


class Runs:
    """The runs of all sessions, at most one for each. Any thread may call the methods.

    Args:
        waiting: How many runs may wait while one is running.
        patience: See `Run`.
    """

    def __init__(self, waiting: int = WAITING, patience: float = PATIENCE) -> None:
        self._waiting, self._patience = waiting, patience
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._lock = threading.Lock()
        self._busy = False

    def start(self, session: str, work: Callable[[Run], object]) -> None:
        """Queue a run. It replaces the earlier run of the session.

        Raises:
            BusyError: Too many runs are waiting.
        """
        with self._lock:
            self._stop(session)
            self._forget_closed()
            if sum(run.outcome is None for run in self._runs.values()) > self._waiting:
                raise BusyError("too many question sets are waiting; try again in a while")
            self._runs[session] = Run(work, self._patience)
            if not self._busy:
                self._busy = True
                threading.Thread(target=self._finish_all, daemon=True).start()

    def look(self, session: str) -> Run | None:
        """Return the run of a session, or None. A run that has ended is returned only once."""
        with self._lock:
            run = self._runs.get(session)
            if run:
                run.heard = time.monotonic()
                if run.outcome is not None:
                    del self._runs[session]
            return run

    def stop(self, session: str) -> None:
        """Stop the run of a session before its next question."""
        with self._lock:
            if run := self._runs.get(session):
                run.stopped = True

    def _stop(self, session: str) -> None:
        if run := self._runs.pop(session, None):
            run.stopped = True

    def _forget_closed(self) -> None:
        """Stop the runs whose pages were closed."""
        earliest = time.monotonic() - self._patience
        for session in [name for name, run in self._runs.items() if run.heard < earliest]:
            self._stop(session)

    def _next(self) -> Run | None:
        with self._lock:
            run = next((run for run in self._runs.values() if run.outcome is None), None)
            self._busy = run is not None
            return run

    def _finish_all(self) -> None:
        while run := self._next():
            run.finish()
