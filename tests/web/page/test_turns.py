"""The turns of a conversation: which earlier questions count, and what a browser keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from answers import answered
from hypothesis import given
from hypothesis import strategies as st
from statements import statement_from, summaries_of

from corpus.records import Statement
from qa.answers.answer import Answer
from qa.questions.checks import MAX_QUESTION
from web.page.chat.turns import (
    MAX_TURNS,
    BrowserState,
    Turn,
    history,
    parse_browser_state,
    parse_history,
    questions_to_json,
    without_outdated_answers,
)

LATER, EARLIER = statement_from("新しい文。", "later"), statement_from("古い文。", "earlier")
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
def test_a_turn_may_follow_up_what_was_asked_since_one_alone(
    alone: str, number: int, earlier: str
) -> None:
    turns = [Turn(str(place), sign == "a") for place, sign in enumerate(alone)]
    assert "".join(history(turns, number)) == earlier


@pytest.mark.parametrize(
    ("statements", "kept"),
    [
        ([LATER, EARLIER], True),
        ([LATER], False),
        ([LATER, statement_from("別の文。", "earlier")], False),
    ],
)
def test_an_answer_is_outdated_when_a_statement_that_it_compares_is(
    statements: list[Statement], kept: bool
) -> None:
    quote = replace(answered(LATER).quotes[0], counterpart=answered(EARLIER).quotes[0])
    turn = Turn("q").answered(replace(answered(LATER), quotes=(quote,)))
    assert set(turn.named) == {"later", "earlier"}
    (left,) = without_outdated_answers([turn], summaries_of(*statements))
    assert (left.answer is not None) == kept


@given(ALONE)
def test_later_turns_do_not_change_the_history_of_an_earlier_one(alone: list[bool]) -> None:
    turns = [Turn(str(place), is_alone) for place, is_alone in enumerate(alone)]
    for number in range(len(turns)):
        assert history(turns, number) == history(turns[: number + 1], number)


@given(ALONE)
def test_the_browser_keeps_how_each_was_asked(alone: list[bool]) -> None:
    turns = [Turn(f"q{place}", is_alone, None, f"s{place}") for place, is_alone in enumerate(alone)]
    kept = parse_browser_state({"turns": questions_to_json(turns)}).turns
    assert kept[-1] == turns[-1]
    assert list(kept[:-1]) == [replace(turn, searched="") for turn in turns[:-1]]


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
        {"turns": {"question": "q"}, "shown": "abc", "statements": 7, "event": "1"},
        [None, 3, "q", ["q"], {}, {"question": None}, {"question": " "}],
        [{"question": "q" * (MAX_QUESTION + 1)}],
    ],
)
def test_whatever_else_a_browser_sends_is_left_out(sent: Any) -> None:
    assert parse_browser_state(sent) == parse_browser_state({"turns": sent}) == BrowserState()


def test_what_is_shown_is_named_by_keys() -> None:
    state = {"turns": [], "shown": ["a", 7, "b"], "statements": "c", "event": 3}
    shown = frozenset({"a", "", "b"})
    assert parse_browser_state(state) == BrowserState(shown=shown, statement_list="c", event=3)


def test_only_a_true_one_is_alone_and_only_so_many_are_kept() -> None:
    rows = [{"question": f"q{number}", "alone": "yes"} for number in range(MAX_TURNS + 3)]
    turns = parse_browser_state({"turns": rows}).turns
    assert [turn.question for turn in turns] == [f"q{number}" for number in range(3, MAX_TURNS + 3)]
    assert not any(turn.alone for turn in turns)


def test_the_history_of_a_client_may_be_anything() -> None:
    assert parse_history(None) == parse_history("abc") == []
    assert parse_history(["a", "", 3, None, {"b": 1}, "q" * (MAX_QUESTION + 1), "c"]) == ["a", "c"]
