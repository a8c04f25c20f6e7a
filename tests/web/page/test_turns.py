from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answers.answer import Answer
from qa.questions.checks import MAX_QUESTION
from web.page.chat.turns import MAX_TURNS, Kept, Turn, from_json, history, to_json

ALONE = st.lists(st.booleans(), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("alone", "number", "earlier"),
    [
        ("....", 0, ""),
        ("....", 3, "012"),
        ("..a.", 2, ""),  # asked alone
        ("..a.", 3, "2"),  # what came before it is another subject
        ("a.a.", 1, "0"),
        ("...a", 2, "01"),  # what comes later does not count
    ],
)
def test_a_turn_leans_on_what_was_asked_since_one_alone(
    alone: str, number: int, earlier: str
) -> None:
    turns = [Turn(str(place), sign == "a") for place, sign in enumerate(alone)]
    assert "".join(history(turns, number)) == earlier


@given(ALONE)
def test_later_turns_do_not_change_what_an_earlier_one_leans_on(alone: list[bool]) -> None:
    turns = [Turn(str(place), one) for place, one in enumerate(alone)]
    for number in range(len(turns)):
        assert history(turns, number) == history(turns[: number + 1], number)


@given(ALONE)
def test_the_browser_keeps_how_each_was_asked(alone: list[bool]) -> None:
    turns = [Turn(f"q{place}", one, None, f"s{place}") for place, one in enumerate(alone)]
    kept = from_json({"turns": to_json(turns)}).turns
    assert kept[-1] == turns[-1]
    assert list(kept[:-1]) == [replace(one, searched="") for one in turns[:-1]]


def test_how_a_question_was_understood_is_remembered() -> None:
    answer = Answer("q", "p q", "not_found", 0.1, "en", (), (), 1)
    assert Turn("q", alone=True).answered(answer) == Turn("q", True, answer, "p q")


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "",
        "[]",
        7,
        {"question": "q"},
        {"turns": {"question": "q"}, "shown": "abc", "statements": 7},
        [None, 3, "q", ["q"], {}, {"question": None}, {"question": " "}],
        [{"question": "q" * (MAX_QUESTION + 1)}],
    ],
)
def test_whatever_else_a_browser_sends_is_passed_over(sent: Any) -> None:
    assert from_json(sent) == from_json({"turns": sent}) == Kept()


def test_what_is_shown_is_told_by_keys() -> None:
    told = {"turns": [], "shown": ["a", 7, "b"], "statements": "c"}
    assert from_json(told) == Kept((), frozenset({"a", "", "b"}), "c")


def test_only_a_true_one_is_alone_and_only_so_many_are_kept() -> None:
    rows = [{"question": f"q{number}", "alone": "yes"} for number in range(MAX_TURNS + 3)]
    turns = from_json({"turns": rows}).turns
    assert [one.question for one in turns] == [f"q{number}" for number in range(3, MAX_TURNS + 3)]
    assert not any(one.alone for one in turns)
