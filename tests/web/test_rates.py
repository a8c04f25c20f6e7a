"""How often somebody may do something, and who is somebody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.rates import Rate, TooOftenError, sender


class Clock:
    """Stands still until it is told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_so_many_at_once_and_then_one_after_the_other() -> None:
    clock = Clock()
    rate = Rate(3, 10.0, clock=clock)
    assert [rate.take("a") for _ in range(4)] == [0, 0, 0, 10]
    assert rate.take("b") == 0
    clock.now += 9
    assert rate.take("a") == 1
    clock.now += 1
    assert [rate.take("a"), rate.take("a")] == [0, 10]
    clock.now += 1000
    assert [rate.take("a") for _ in range(4)] == [0, 0, 0, 10]


def test_what_is_given_back_does_not_count() -> None:
    rate = Rate(1, 10.0, clock=Clock())
    for _ in range(5):
        assert rate.take("a") == 0
        rate.give_back("a")
    rate.give_back("nobody")


def test_not_more_are_remembered_than_told() -> None:
    rate = Rate(1, 10.0, known=50, clock=Clock())
    for number in range(1000):
        rate.take(number)
    assert len(rate._due) == 50
    assert rate.take(999) > 0


@given(
    st.integers(1, 5),
    st.floats(0.5, 20),
    st.lists(st.floats(0, 30), min_size=1, max_size=60),
)
def test_never_more_than_the_rate(burst: int, seconds: float, pauses: list[float]) -> None:
    clock, taken = Clock(), list[float]()
    rate = Rate(burst, seconds, clock=clock)
    for pause in pauses:
        clock.now += pause
        if not rate.take("a"):
            taken.append(clock.now)
    for first, begin in enumerate(taken):
        for count, end in enumerate(taken[first:], 1):
            assert count <= burst + (end - begin) / seconds + 1e-6


@pytest.mark.parametrize(
    ("client", "who"),
    [
        (("10.1.2.3", 5), "10.1.2.3"),
        (("2001:db8:1:2:3:4:5:6", 5), "2001:db8:1:2::/64"),
        (("2001:db8:1:2::9", 5), "2001:db8:1:2::/64"),
        (("fe80::1%eth0", 5), "fe80::/64"),
        (("::ffff:10.1.2.3", 5), "::ffff:10.1.2.3"),
        (("testclient", 5), "testclient"),
        (None, ""),
    ],
)
def test_who_sends(client: tuple[str, int] | None, who: str) -> None:
    assert sender({"client": client}) == who


def test_how_long_to_wait_is_said() -> None:
    error = TooOftenError("too many remarks", 2.5)
    assert (error.seconds, str(error)) == (3, "too many remarks; wait 3 s")
