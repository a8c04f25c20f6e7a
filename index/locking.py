"""One writer at a time; whoever has to wait is told for whom."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import ShuttenError
from index.notices import notice

PATIENCE = 3.0  # seconds of waiting in silence
_LONGEST = 60  # code points of a command line that are shown


@contextmanager
def exclusive(path: Path, wait: float) -> Iterator[None]:
    """Hold a lock file; what holds it is written in a file beside it.

    Args:
        path: The lock file.
        wait: Seconds to wait for another process.

    Raises:
        ShuttenError: Another process still holds it after `wait` seconds.
        OSError: The lock file cannot be made.
    """
    lock, beside = FileLock(path), path.with_suffix(".holder")
    _acquire(lock, beside, wait)
    try:
        with suppress(OSError):  # a courtesy to others, which nothing depends on
            beside.write_text(_this_process(), "utf-8", "backslashreplace")
        yield
    finally:
        with suppress(OSError):
            beside.unlink()
        lock.release()


def _acquire(lock: FileLock, beside: Path, wait: float) -> None:
    until, told = time.monotonic() + wait, ""
    while True:
        left = max(0.0, until - time.monotonic())
        try:
            lock.acquire(timeout=min(PATIENCE, left))
        except Timeout:
            holder = _holder(beside)
            if left <= PATIENCE:
                raise ShuttenError(
                    f"{beside.parent}: another process has been writing for over {wait:.0f} s, "
                    f"{holder}; try again when it is done"
                ) from None
            if holder != told:
                notice(f"waiting for {holder}")
                told = holder
        else:
            return


def _holder(beside: Path) -> str:
    """What holds the lock, as far as it has said so."""
    try:
        return beside.read_text("utf-8").strip() or "another process"
    except (OSError, UnicodeDecodeError):
        return "another process"


def _this_process() -> str:
    program, *arguments = sys.argv or ["python"]
    name = Path(program).name
    words = " ".join(["shutten" if name == "__main__.py" else name, *arguments])
    shown = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
    return f"`{' '.join(shown.split())}` (process {os.getpid()}, since {time.strftime('%H:%M')})"
