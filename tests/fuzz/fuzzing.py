"""Runs the cases of an interface, and reports each kind of failure once."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from odd import OddValues
from process import memory
from project import ROOT

_T = TypeVar("_T")
MAX_SECONDS = 10  # of a case
MAX_MEMORY = 1500  # MB of a process
MAX_GROWTH = 500  # MB that a process which holds more already may grow by
_SHOWN = 400  # characters of a case and of its error


class TooLongError(BaseException):
    """A case takes too long. It is no `Exception`, so that the tested code does not catch it."""


@dataclass
class Failures:
    """The failed cases of an interface.

    Attributes:
        first: The description of the first case of each kind of failure.
        counts: How many cases failed in the same way.
    """

    first: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, number: int, case: Any, error: BaseException) -> None:
        """Count a failed case, and describe it if it is the first of its kind."""
        places = places_of(error)
        message = shortened(f"{type(error).__name__}: {error}")
        without_values = re.sub(r"\d+|\".*\"|'.*'", "", message)
        kind = f"{type(error).__name__}{places}" if places else without_values
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self.first.setdefault(kind, f"{message}{places}\n  case {number}: {shortened(repr(case))}")

    def __str__(self) -> str:
        return "\n\n".join(f"{count} x {self.first[kind]}" for kind, count in self.counts.items())


@dataclass(frozen=True)
class Fuzz:
    """Draws cases from a seed, and runs them.

    Attributes:
        seed: The same seed draws the same cases.
        cases: How many cases there are for each interface.
        start: The number of the first case. With it a single case can be repeated.
    """

    seed: int
    cases: int
    start: int = 0

    def run(
        self,
        interface: str,
        draw: Callable[[OddValues], _T],
        check: Callable[[_T], object],
        process: int | None = None,
        share: float = 1.0,
    ) -> None:
        """Check every case of an interface, and fail with all kinds of failures.

        Args:
            interface: The name of the interface. Each has its own cases.
            draw: Makes a case.
            check: Checks a case. It raises when the case fails.
            process: The number of the process whose memory is checked; without it, this process.
            share: The share of the cases that is run, for an interface whose cases take long.
        """
        failures, process = Failures(), process or os.getpid()
        memory_before = memory(process, "VmRSS")
        reset_peak(process)
        for number in range(self.start, self.start + max(1, round(self.cases * share))):
            case = draw(OddValues(f"{self.seed} {interface} {number}"))
            try:
                with limited_time():
                    check(case)
            except (Exception, SystemExit, TooLongError) as error:
                failures.add(number, case, error)
        repeat = f"--fuzz-seed {self.seed}, one of them with --fuzz-start NUMBER --fuzz-cases 1"
        if failures.counts:
            pytest.fail(f"{interface}, {repeat}:\n\n{failures}", pytrace=False)
        peak = memory(process, "VmHWM")
        limit = max(MAX_MEMORY, memory_before + MAX_GROWTH)
        assert peak <= limit, f"{interface}, {repeat}: {peak} MB"


@contextlib.contextmanager
def limited_time() -> Iterator[None]:
    """Stop a case that takes too long. Where it cannot be stopped, fail afterwards."""

    def stop(*_: object) -> None:
        raise TooLongError(f"over {MAX_SECONDS} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, MAX_SECONDS)
    start = time.monotonic()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    seconds = time.monotonic() - start
    assert seconds <= MAX_SECONDS, f"took {seconds:.0f} s"


def places_of(error: BaseException) -> str:
    """Return the last places of the tested code that an error went through.

    There are none for the error of a failed check.
    """
    frames = traceback.extract_tb(error.__traceback__)
    places = [
        (Path(frame.filename).relative_to(ROOT), frame)
        for frame in frames
        if ROOT in Path(frame.filename).parents
    ]
    return "".join(
        f"\n  {path}:{frame.lineno} {frame.name}: {frame.line}"
        for path, frame in places[-3:]
        if "tests" not in path.parts
    )


def shortened(text: str) -> str:
    """Return the beginning and the end of a long text, in ASCII."""
    text = text.encode("ascii", "backslashreplace").decode()
    if len(text) <= _SHOWN:
        return text
    return f"{text[: _SHOWN // 2]} ... {text[-_SHOWN // 2 :]} ({len(text):,} characters)"


def reset_peak(process: int) -> None:
    """Let the peak of the memory of a process begin now."""
    with contextlib.suppress(OSError):
        Path(f"/proc/{process}/clear_refs").write_text("5", "utf-8")
