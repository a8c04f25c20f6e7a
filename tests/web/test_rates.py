"""The rate limit, and how senders are told apart."""

from __future__ import annotations

import pytest
from clock import Clock
from hypothesis import given
from hypothesis import strategies as st

from web.rates import Rate, TooOftenError, sender


def test_a_burst_is_allowed_and_then_one_after_each_interval() -> None:
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


def test_an_action_that_is_given_back_does_not_count() -> None:
    rate = Rate(1, 10.0, clock=Clock())
    for _ in range(5):
        assert rate.take("a") == 0
        rate.give_back("a")
    rate.give_back("unknown")


def test_only_so_many_keys_are_remembered() -> None:
    rate = Rate(1, 10.0, max_keys=50, clock=Clock())
    for number in range(1000):
        rate.take(number)
    assert all(rate.take(number) > 0 for number in range(950, 1000))
    assert rate.take(949) == 0  # forgotten, although its time is not over


@given(
    st.integers(1, 5),
    st.floats(0.5, 20),
    st.lists(st.floats(0, 30), min_size=1, max_size=60),
)
def test_the_rate_is_never_exceeded(burst: int, seconds: float, pauses: list[float]) -> None:
    clock, times = Clock(), list[float]()
    rate = Rate(burst, seconds, clock=clock)
    for pause in pauses:
        clock.now += pause
        if not rate.take("a"):
            times.append(clock.now)
    for first, start in enumerate(times):
        for count, end in enumerate(times[first:], 1):
            assert count <= burst + (end - start) / seconds + 1e-6


@pytest.mark.parametrize(
    ("client", "expected"),
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
def test_the_sender_is_an_address_or_a_network(
    client: tuple[str, int] | None, expected: str
) -> None:
    assert sender({"client": client}) == expected


def test_the_error_says_how_long_to_wait() -> None:
    error = TooOftenError("too many remarks", 2.5)
    assert (error.seconds, str(error)) == (3, "too many remarks; wait 3 s")
