"""The gate: how many are let in, in which order, and what gives way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from web import gate as web_gate
from web.gate import BusyError, Gate

PATIENCE = 20.0


class Crowd:
    """Threads that go through a gate, and the order in which they did."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self._threads: list[threading.Thread] = []

    def send(self, name: str, way: Callable[[], AbstractContextManager[None]]) -> None:
        """Let one go."""

        def go() -> None:
            with way():
                self.order.append(name)

        self._threads.append(threading.Thread(target=go, daemon=True))
        self._threads[-1].start()

    def come(self) -> list[str]:
        """Wait until all have gone through; their order."""
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()
        return self.order


def queued(gate: Gate, count: int) -> None:
    """Wait until `count` threads are in the queue of the gate."""
    end = time.monotonic() + PATIENCE
    while len(gate._queue) != count:
        assert time.monotonic() < end
        time.sleep(0.001)


@contextmanager
def long_work(gate: Gate, monkeypatch: pytest.MonkeyPatch, seconds: float) -> Iterator[None]:
    """Pretend that a piece of work in bulk has just used so many seconds of a processor."""
    clock = iter([0.0, seconds])
    with monkeypatch.context() as patched:
        patched.setattr(web_gate.time, "thread_time", lambda: next(clock))
        with gate.spare():
            pass
    yield


def test_so_many_are_let_in_and_no_more() -> None:
    gate = Gate(running=1, waiting=0)
    with gate.turn(), pytest.raises(BusyError, match="too many"), gate.turn():
        pass
    with gate.turn():
        pass


def test_never_more_inside_than_told() -> None:
    gate, crowd = Gate(running=3, waiting=60), Crowd()
    inside, most = 0, 0
    lock = threading.Lock()

    @contextmanager
    def counted() -> Iterator[None]:
        nonlocal inside, most
        with gate.turn():
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.002)
            yield
            with lock:
                inside -= 1

    for number in range(60):
        crowd.send(str(number), counted)
    assert len(crowd.come()) == 60
    assert (most, inside) == (3, 0)


def test_who_comes_first_is_served_first() -> None:
    gate, crowd = Gate(running=1), Crowd()
    names = [str(number) for number in range(12)]
    with gate.turn():
        for count, name in enumerate(names, 1):
            crowd.send(name, gate.turn)
            queued(gate, count)
    assert crowd.come() == names


def test_a_turn_that_ends_in_an_error_is_given_back() -> None:
    gate = Gate(running=1, waiting=0)
    for _ in range(3):
        with pytest.raises(ValueError, match="no"), gate.turn():
            raise ValueError("no")


@pytest.mark.parametrize("way", ["spare", "patient_turn"])
def test_work_in_bulk_gives_way_to_who_waits(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    gate, crowd = Gate(running=1), Crowd()
    with long_work(gate, monkeypatch, 60), gate.turn():
        crowd.send("first", gate.turn)
        queued(gate, 1)
        crowd.send("bulk", getattr(gate, way))
        crowd.send("second", gate.turn)
        queued(gate, 2)
        assert crowd.order == []
    assert crowd.come()[0] == "first"
    assert sorted(crowd.order) == ["bulk", "first", "second"]


def test_work_in_bulk_goes_on_when_it_has_waited_long_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate, crowd = Gate(running=1), Crowd()
    with long_work(gate, monkeypatch, 0.001), gate.turn():
        crowd.send("reader", gate.turn)
        queued(gate, 1)
        with gate.spare():  # though somebody waits
            assert crowd.order == []
    assert crowd.come() == ["reader"]


def test_work_in_bulk_waits_for_nobody_where_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(running=1)
    with long_work(gate, monkeypatch, 3600), gate.patient_turn():
        pass


def test_a_gate_that_is_shut_waits_for_those_inside_and_lets_nobody_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate, crowd = Gate(running=1), Crowd()
    refused: list[str] = []

    @contextmanager
    def late() -> Iterator[None]:
        with pytest.raises(BusyError, match="being stopped"), gate.turn():
            yield  # which does not come
        refused.append("late")
        yield

    with long_work(gate, monkeypatch, 3600), gate.turn():
        crowd.send("late", late)
        queued(gate, 1)
        crowd.send("bulk", gate.spare)
        shutting = threading.Thread(target=gate.shut, args=(PATIENCE,))
        shutting.start()
        crowd._threads[1].join(PATIENCE)
        assert crowd.order == ["bulk"]  # it gives way no more
        assert shutting.is_alive()
    shutting.join(PATIENCE)
    assert not shutting.is_alive()
    crowd.come()
    assert refused == ["late"]
    with pytest.raises(BusyError), gate.patient_turn():
        pass


def test_a_gate_that_is_shut_waits_for_all_inside() -> None:
    gate = Gate(running=2)
    shutting = threading.Thread(target=gate.shut, args=(PATIENCE,))
    with gate.turn():
        with gate.turn():
            shutting.start()
        shutting.join(0.1)
        assert shutting.is_alive()  # one of the two is still inside
    shutting.join(PATIENCE)
    assert not shutting.is_alive()


def test_a_gate_waits_for_those_inside_only_so_long() -> None:
    gate = Gate(running=1)
    with gate.turn():
        gate.shut(0.01)
