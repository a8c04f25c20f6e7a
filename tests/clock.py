"""Time in tests: a clock that only moves when a test moves it, and waiting for a condition."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """Returns its attribute `now`, in seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def wait_until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until a condition holds.

    Raises:
        AssertionError: It does not hold after so many seconds.
    """
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"this does not hold after {seconds} s"
        time.sleep(0.005)
