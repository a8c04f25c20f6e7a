"""Pieces of work run at the same time, and their results come in order."""

from __future__ import annotations

import threading
import time

import pytest

from qa.together import together


def test_results_come_in_the_order_of_the_items() -> None:
    def work(number: int) -> int:
        time.sleep((7 - number) / 500)
        return number * number

    with together(work, range(7)) as results:
        assert list(results) == [0, 1, 4, 9, 16, 25, 36]


def test_two_pieces_run_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    meeting = threading.Barrier(2, timeout=30)
    with together(lambda _: meeting.wait(), range(2)) as results:
        assert sorted(results) == [0, 1]


def test_work_that_has_not_begun_is_dropped() -> None:
    begun: list[int] = []

    def work(number: int) -> None:
        begun.append(number)
        time.sleep(0.05)

    with together(work, range(500)) as results:
        next(results)
    count = len(begun)
    assert count < 100
    time.sleep(0.2)
    assert len(begun) == count


def test_an_error_reaches_who_asked() -> None:
    def work(number: int) -> float:
        return 1 / number

    with together(work, [1, 0]) as results:
        assert next(results) == 1
        with pytest.raises(ZeroDivisionError):
            next(results)
