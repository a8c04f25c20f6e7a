"""Runs of question sets, one after the other, apart from the queue in which readers ask."""

from __future__ import annotations

import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from corpus.errors import ShuttenError
from web.gate import BusyError

WAITING = 8
# Seconds after which a page that has not asked has gone. Browsers let a page that is not looked at
# ask once a minute.
PATIENCE = 90.0


class StoppedError(ShuttenError):
    """The reader stopped the run, or has gone."""


@dataclass(slots=True)
class Run:
    """One run, for one session.

    Attributes:
        work: Does it, and gives the results. It calls `check` now and then, and sets `done`.
        patience: Seconds after which the page that asks for it has gone.
        done: How far it is, 0..1; None while it waits for others.
        outcome: The results, or why there are none; None before the end.
        stopped: Whether it shall end at its next `check`.
        heard: When its page asked for it last, by `time.monotonic`.
    """

    work: Callable[[Run], dict[str, Any]]
    patience: float
    done: float | None = None
    outcome: dict[str, Any] | ShuttenError | None = None
    stopped: bool = False
    heard: float = field(default_factory=time.monotonic)

    def check(self) -> None:
        """Raise `StoppedError` if nobody waits for it any more."""
        if self.stopped or time.monotonic() - self.heard > self.patience:
            raise StoppedError("the run was stopped")

    def finish(self) -> None:
        """Do the work; whatever comes of it is the outcome."""
        try:
            self.check()
            self.done = 0.0
            self.outcome = self.work(self)
        except ShuttenError as error:
            self.outcome = error
        except Exception:  # nobody else would hear of it
            traceback.print_exc()
            self.outcome = ShuttenError("the run failed; whoever runs the server finds the reason")


class Runs:
    """The runs of all sessions; each has one at most. For any thread.

    Args:
        waiting: So many may wait while one runs.
        patience: See `Run`.
    """

    def __init__(self, waiting: int = WAITING, patience: float = PATIENCE) -> None:
        self._waiting, self._patience = waiting, patience
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._lock = threading.Lock()
        self._busy = False

    def start(self, session: str, work: Callable[[Run], dict[str, Any]]) -> None:
        """Run this when those before it are done, instead of an earlier one of the session.

        Raises:
            BusyError: Too many are waiting.
        """
        with self._lock:
            self._stop(session)
            self._forget_gone()
            if sum(run.outcome is None for run in self._runs.values()) > self._waiting:
                raise BusyError("too many question sets are waiting; try again in a while")
            self._runs[session] = Run(work, self._patience)
            if not self._busy:
                self._busy = True
                threading.Thread(target=self._finish_all, daemon=True).start()

    def look(self, session: str) -> Run | None:
        """The run of a session, if there is one; it is given once when it has ended."""
        with self._lock:
            run = self._runs.get(session)
            if run:
                run.heard = time.monotonic()
                if run.outcome is not None:
                    del self._runs[session]
            return run

    def stop(self, session: str) -> None:
        """End the run of a session at its next question."""
        with self._lock:
            if run := self._runs.get(session):
                run.stopped = True

    def _stop(self, session: str) -> None:
        if run := self._runs.pop(session, None):
            run.stopped = True

    def _forget_gone(self) -> None:
        gone = time.monotonic() - self._patience
        for session in [name for name, run in self._runs.items() if run.heard < gone]:
            self._stop(session)

    def _next(self) -> Run | None:
        with self._lock:
            run = next((one for one in self._runs.values() if one.outcome is None), None)
            self._busy = run is not None
            return run

    def _finish_all(self) -> None:
        while run := self._next():
            run.finish()
