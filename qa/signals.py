"""Turns the signals that end a program into an exception, so that it can clean up and say so."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_ENDING = [
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
]


class Stopped(KeyboardInterrupt):
    """A signal that ends the program was received.

    Attributes:
        code: The exit code of the program: 128 and the number of the signal, as in a shell.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.code = 128 + number


@contextmanager
def leaving(state: Callable[[], str]) -> Iterator[None]:
    """Say what a command leaves behind that a signal ends, in place of what its steps say."""
    try:
        yield
    except KeyboardInterrupt as stop:
        stop.__notes__ = [state()]
        raise


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise `Stopped` at the first signal that ends a program. Later signals change nothing.

    A signal that the program was told to ignore stays ignored, as SIGHUP is under `nohup`.
    """
    defaults = (signal.SIG_DFL, signal.default_int_handler)
    before = {
        number: signal.getsignal(number)
        for number in _ENDING
        if signal.getsignal(number) in defaults
    }
    if threading.current_thread() is not threading.main_thread():
        before = {}  # only the main thread can handle signals

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        del frame
        for handled in before:  # a second signal must not interrupt the cleaning up
            signal.signal(handled, lambda *_: None)
        raise Stopped(number)

    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
