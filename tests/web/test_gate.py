"""The gate: how many callers have a turn, in which order, and what gives way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from clock import wait_until

from web import gate as web_gate
from web.gate import BusyError, Gate

TIMEOUT = 20.0  # seconds


class Callers:
    """Threads that take turns at a gate, and the order in which they got them."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self._threads: dict[str, threading.Thread] = {}

    def start(self, name: str, turn: Callable[[], AbstractContextManager[None]]) -> None:
        """Start a thread that takes a turn."""

        def take_turn() -> None:
            with turn():
                self.order.append(name)

        self._threads[name] = threading.Thread(target=take_turn, daemon=True)
        self._threads[name].start()

    def join(self, *names: str) -> list[str]:
        """Wait until threads have ended, by default all, and return the order of the turns."""
        for name in names or self._threads:
            self._threads[name].join(TIMEOUT)
            assert not self._threads[name].is_alive()
        return self.order


def wait_for_queue(gate: Gate, count: int) -> None:
    """Wait until `count` threads are in the queue, which the gate shows to nobody."""
    wait_until(lambda: len(gate._queue) == count)


@contextmanager
def after_bulk_work(gate: Gate, monkeypatch: pytest.MonkeyPatch, seconds: float) -> Iterator[None]:
    """Pretend that work in bulk has just used so many seconds of a processor."""
    clock = iter([0.0, seconds])
    with monkeypatch.context() as patched:
        patched.setattr(web_gate.time, "thread_time", lambda: next(clock))
        with gate.spare():
            pass
    yield


def test_callers_beyond_the_limit_are_refused() -> None:
    gate = Gate(running=1, waiting=0)
    with gate.turn(), pytest.raises(BusyError, match="too many"), gate.turn():
        pass
    with gate.turn():
        pass


def test_never_more_turns_at_once_than_allowed() -> None:
    gate, callers = Gate(running=3, waiting=60), Callers()
    inside, max_inside = 0, 0
    lock = threading.Lock()

    @contextmanager
    def counted() -> Iterator[None]:
        nonlocal inside, max_inside
        with gate.turn():
            with lock:
                inside += 1
                max_inside = max(max_inside, inside)
            time.sleep(0.002)
            yield
            with lock:
                inside -= 1

    for number in range(60):
        callers.start(str(number), counted)
    assert len(callers.join()) == 60
    assert (max_inside, inside) == (3, 0)


def test_turns_come_in_the_order_of_the_callers() -> None:
    gate, callers = Gate(running=1), Callers()
    names = [str(number) for number in range(12)]
    with gate.turn():
        for count, name in enumerate(names, 1):
            callers.start(name, gate.turn)
            wait_for_queue(gate, count)
    assert callers.join() == names


def test_a_turn_that_ends_with_an_error_is_given_back() -> None:
    gate = Gate(running=1, waiting=0)
    for _ in range(3):
        with pytest.raises(ValueError, match="no"), gate.turn():
            raise ValueError("no")


@pytest.mark.parametrize("method", ["spare", "patient_turn"])
def test_work_in_bulk_gives_way_to_callers_who_wait(
    monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    gate, callers = Gate(running=1), Callers()
    with after_bulk_work(gate, monkeypatch, 60), gate.turn():
        callers.start("first", gate.turn)
        wait_for_queue(gate, 1)
        callers.start("bulk", getattr(gate, method))
        callers.start("second", gate.turn)
        wait_for_queue(gate, 2)
        assert callers.order == []
    assert callers.join()[0] == "first"
    assert sorted(callers.order) == ["bulk", "first", "second"]


def test_work_in_bulk_goes_on_when_it_has_waited_long_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate, callers = Gate(running=1), Callers()
    with after_bulk_work(gate, monkeypatch, 0.001), gate.turn():
        callers.start("reader", gate.turn)
        wait_for_queue(gate, 1)
        with gate.spare():  # although somebody waits
            assert callers.order == []
    assert callers.join() == ["reader"]


def test_work_in_bulk_starts_at_once_if_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(running=1)
    with after_bulk_work(gate, monkeypatch, 3600), gate.patient_turn():
        pass


def test_a_gate_that_is_shut_waits_for_the_turn_that_is_held_and_gives_out_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate, callers = Gate(running=1), Callers()
    refused: list[str] = []

    @contextmanager
    def late() -> Iterator[None]:
        with pytest.raises(BusyError, match="being stopped"), gate.turn():
            yield  # never reached
        refused.append("late")
        yield

    with after_bulk_work(gate, monkeypatch, 3600), gate.turn():
        callers.start("late", late)
        wait_for_queue(gate, 1)
        callers.start("bulk", gate.spare)
        shutting = threading.Thread(target=gate.shut, args=(TIMEOUT,))
        shutting.start()
        assert callers.join("bulk") == ["bulk"]  # it no longer gives way
        assert shutting.is_alive()
    shutting.join(TIMEOUT)
    assert not shutting.is_alive()
    callers.join()
    assert refused == ["late"]
    with pytest.raises(BusyError), gate.patient_turn():
        pass


def test_a_gate_that_is_shut_waits_for_all_turns() -> None:
    gate = Gate(running=2)
    shutting = threading.Thread(target=gate.shut, args=(TIMEOUT,))
    with gate.turn():
        with gate.turn():
            shutting.start()
        shutting.join(0.1)
        assert shutting.is_alive()  # one of the two turns is still held
    shutting.join(TIMEOUT)
    assert not shutting.is_alive()


def test_a_gate_that_is_shut_waits_only_so_long() -> None:
    gate = Gate(running=1)
    with gate.turn():
        gate.shut(0.01)
