"""Locks between processes. A process that waits says which process it waits for."""

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

PATIENCE = 3.0  # seconds of waiting before a notice is printed
_MAX_COMMAND = 60  # code points of a command line that are shown
_UNKNOWN = "another process"


@contextmanager
def exclusive(path: Path, wait: float) -> Iterator[None]:
    """Hold a lock file. The name of this process is written to a file beside it.

    Args:
        path: The lock file.
        wait: How many seconds to wait for another process.

    Raises:
        ShuttenError: Another process still holds the lock after `wait` seconds.
        OSError: The lock file cannot be created.
    """
    lock, holder_file = FileLock(path), path.with_suffix(".holder")
    _acquire(lock, holder_file, wait)
    try:
        with suppress(OSError):  # Nothing depends on this file. It only informs other processes.
            holder_file.write_text(_this_process(), "utf-8", "backslashreplace")
        yield
    finally:
        with suppress(OSError):
            holder_file.unlink()
        lock.release()


def _acquire(lock: FileLock, holder_file: Path, wait: float) -> None:
    deadline, announced = time.monotonic() + wait, ""
    while True:
        remaining = max(0.0, deadline - time.monotonic())
        try:
            lock.acquire(timeout=min(PATIENCE, remaining))
        except Timeout:
            holder = _read_holder(holder_file)
            if remaining <= PATIENCE:
                raise ShuttenError(
                    f"{holder_file.parent}: another process has been writing for over "
                    f"{wait:.0f} s, {holder}; try again when it is done"
                ) from None
            # The name may be missing for a moment, while the lock changes hands.
            if holder != announced and (not announced or holder != _UNKNOWN):
                notice(f"waiting for {holder}")
                announced = holder
        else:
            return


def _read_holder(holder_file: Path) -> str:
    """Return the name of the process that holds the lock, or "another process"."""
    try:
        return holder_file.read_text("utf-8").strip() or _UNKNOWN
    except (OSError, UnicodeDecodeError):
        return _UNKNOWN


def _this_process() -> str:
    """Return the command line of this process, its id and the time of day."""
    program, *arguments = sys.argv or ["python"]
    name = Path(program).name
    command = " ".join(["shutten" if name == "__main__.py" else name, *arguments])
    shown = command if len(command) <= _MAX_COMMAND else f"{command[:_MAX_COMMAND]}…"
    return f"`{' '.join(shown.split())}` (process {os.getpid()}, since {time.strftime('%H:%M')})"
