"""Runs the cases of a door and tells which of them failed, each kind of failure once."""

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
from odd import Odd
from process import memory
from project import ROOT

_T = TypeVar("_T")
SECONDS = 10  # the most that a case may take
MEMORY = 1500  # MB, the most that a process may hold
GROWTH = 500  # MB, the most that one which held much before may grow by
_SHOWN = 400  # characters of a case, and of what it said


class TooLongError(BaseException):
    """A case takes too long. No `Exception`, lest the code under test catch it."""


@dataclass
class Failures:
    """The failed cases of a door, by what they said."""

    first: dict[str, str] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=dict)

    def add(self, number: int, case: Any, error: BaseException) -> None:
        """Keep a failure, unless there is one of its kind."""
        places = places_of(error)
        said = shortened(f"{type(error).__name__}: {error}")
        kind = f"{type(error).__name__}{places}" if places else re.sub(r"\d+|\".*\"|'.*'", "", said)
        self.count[kind] = self.count.get(kind, 0) + 1
        self.first.setdefault(kind, f"{said}{places}\n  case {number}: {shortened(repr(case))}")

    def __str__(self) -> str:
        return "\n\n".join(f"{self.count[kind]} x {self.first[kind]}" for kind in self.count)


@dataclass(frozen=True)
class Fuzz:
    """So many cases from a seed.

    Attributes:
        seed: The same seed draws the same cases.
        cases: How many for each door.
        start: The number of the first one: to see a single case again.
    """

    seed: int
    cases: int
    start: int = 0

    def run(
        self,
        door: str,
        draw: Callable[[Odd], _T],
        check: Callable[[_T], object],
        process: int | None = None,
        share: float = 1.0,
    ) -> None:
        """Try a door with every case, and fail with all that went wrong.

        Args:
            door: Names it; each has its own cases.
            draw: Makes a case.
            check: Tries it; raises when it fails.
            process: Whose memory is looked at; this one's when omitted.
            share: How many of the cases, for a door whose cases take long.
        """
        failures, process = Failures(), process or os.getpid()
        begun = memory(process, "VmRSS")
        reset_peak(process)
        for number in range(self.start, self.start + max(1, round(self.cases * share))):
            case = draw(Odd(f"{self.seed} {door} {number}"))
            try:
                with limited():
                    check(case)
            except (Exception, SystemExit, TooLongError) as error:
                failures.add(number, case, error)
        again = f"--fuzz-seed {self.seed}, one of them with --fuzz-start NUMBER --fuzz-cases 1"
        if failures.count:
            pytest.fail(f"{door}, {again}:\n\n{failures}", pytrace=False)
        peak = memory(process, "VmHWM")
        assert peak <= max(MEMORY, begun + GROWTH), f"{door}, {again}: {peak} MB"


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """Hold a case to its time: stop it where that can be done, or else say so afterwards."""

    def stop(*_: object) -> None:
        raise TooLongError(f"over {SECONDS} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    started = time.monotonic()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    took = time.monotonic() - started
    assert took <= SECONDS, f"took {took:.0f} s"


def places_of(error: BaseException) -> str:
    """The last places in the code under test that an error went through; none of a failed check."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [one for one in frames if ROOT in Path(one.filename).parents]
    return "".join(
        f"\n  {Path(one.filename).relative_to(ROOT)}:{one.lineno} {one.name}: {one.line}"
        for one in own[-3:]
        if "tests" not in Path(one.filename).relative_to(ROOT).parts
    )


def shortened(text: str) -> str:
    """The beginning and the end of a long text, in characters that every terminal shows."""
    text = text.encode("ascii", "backslashreplace").decode()
    if len(text) <= _SHOWN:
        return text
    return f"{text[: _SHOWN // 2]} ... {text[-_SHOWN // 2 :]} ({len(text):,} characters)"


def reset_peak(process: int) -> None:
    """Measure the most memory of a process from now on."""
    with contextlib.suppress(OSError):
        Path(f"/proc/{process}/clear_refs").write_text("5", "utf-8")
