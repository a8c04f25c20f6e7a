"""Signals that end a command: it ends as when it is stopped by hand, so that it can tidy up."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_ENDING = [
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
]


class Stopped(KeyboardInterrupt):
    """A signal came that ends the program.

    Attributes:
        code: What the program exits with, as a shell would say it.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.code = 128 + number


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise `Stopped` at the first signal that ends a program; those after it change nothing.

    What was to be ignored is ignored still, as SIGHUP is under `nohup`.
    """
    usual = (signal.SIG_DFL, signal.default_int_handler)
    before = {one: signal.getsignal(one) for one in _ENDING if signal.getsignal(one) in usual}
    if threading.current_thread() is not threading.main_thread():
        before = {}

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        del frame
        for one in before:  # a second one must not break off the tidying up
            signal.signal(one, lambda *_: None)
        raise Stopped(number)

    for one in before:
        signal.signal(one, stop)
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
