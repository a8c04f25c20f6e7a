"""Question sets run one after the other, for who waits for them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from clock import wait_until

from corpus.errors import ShuttenError
from web.gate import BusyError
from web.page.measuring.run_queue import Run, Runs, StoppedError


class Work:
    """Runs that go on until they are let."""

    def __init__(self) -> None:
        self.began: list[str] = []
        self._go = threading.Event()

    def named(self, name: str) -> Callable[[Run], dict[str, Any]]:
        def work(run: Run) -> dict[str, Any]:
            self.began.append(name)
            while not self._go.wait(0.01):
                run.check()
            return {"name": name}

        return work

    def let(self) -> None:
        self._go.set()


@pytest.fixture
def work() -> Iterator[Work]:
    work = Work()
    yield work
    work.let()


def outcome(runs: Runs, session: str) -> Any:
    found: list[Run] = []

    def ended() -> bool:
        run = runs.look(session)
        assert run
        found[:] = [run]
        return run.outcome is not None

    wait_until(ended)
    return found[0].outcome


def test_one_runs_at_a_time_and_each_is_given_once(work: Work) -> None:
    runs = Runs()
    for name in "abc":
        runs.start(name, work.named(name))
    wait_until(lambda: bool(work.began))
    waiting = runs.look("b")
    assert waiting
    assert (waiting.done, waiting.outcome) == (None, None)
    time.sleep(0.05)
    assert work.began == ["a"]
    work.let()
    assert [outcome(runs, name) for name in "abc"] == [{"name": name} for name in "abc"]
    assert work.began == ["a", "b", "c"]
    assert runs.look("a") is None
    runs.start("a", work.named("a"))  # after a rest, another can run
    assert outcome(runs, "a") == {"name": "a"}


def test_only_so_many_wait_and_a_session_has_one(work: Work) -> None:
    runs = Runs(waiting=2)
    for name in "abc":
        runs.start(name, work.named(name))
    with pytest.raises(BusyError, match="try again"):
        runs.start("d", work.named("d"))
    runs.start("c", work.named("c again"))  # in the place of its first
    work.let()
    assert outcome(runs, "c") == {"name": "c again"}
    assert "c" not in work.began


def test_a_run_is_stopped_by_its_session_alone(work: Work) -> None:
    runs = Runs()
    runs.start("a", work.named("a"))
    runs.start("b", work.named("b"))
    runs.stop("b")
    runs.stop("nobody")
    runs.stop("a")
    assert isinstance(outcome(runs, "a"), StoppedError)
    assert isinstance(outcome(runs, "b"), StoppedError)
    assert work.began in ([], ["a"])


def test_a_run_that_nobody_asks_for_ends_and_makes_room(work: Work) -> None:
    runs = Runs(waiting=0, patience=0.2)
    runs.start("gone", work.named("gone"))

    def taken() -> bool:
        try:
            runs.start("here", work.named("here"))
        except BusyError:
            return False
        return True

    assert not taken()
    wait_until(taken)
    work.let()
    assert outcome(runs, "here") == {"name": "here"}
    assert runs.look("gone") is None


def test_what_goes_wrong_is_the_outcome(capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(_: Run) -> dict[str, Any]:
        raise ShuttenError("no such set")

    def crash(_: Run) -> dict[str, Any]:
        raise ZeroDivisionError

    runs = Runs()
    runs.start("a", refuse)
    assert str(outcome(runs, "a")) == "no such set"
    runs.start("a", crash)
    assert "the run failed" in str(outcome(runs, "a"))
    assert "ZeroDivisionError" in capsys.readouterr().err  # for whoever runs the server
