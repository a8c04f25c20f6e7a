"""Arguments of a wrong type are refused in one line by all functions for programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import qa
from corpus import arguments
from corpus.errors import ShuttenError
from corpus.library import load_statement
from corpus.question_sets import load_questions
from qa.assistant import Assistant
from qa.evaluation.baselines import chosen_systems
from qa.proof.claims import check

NOT_TEXT = [None, 7, 1.5, b"q", ["q"], {"q": 1}, object(), {"q"}, True]
NOT_TEXTS = [None, "one text", b"q", 7, {"q": 1}, [None], ["q", 7], [b"q"], [["q"]], NotImplemented]
NOT_COUNT = [None, int, 1.0, float("nan"), "3", [3], True, 0, -1, -(10**5000)]
NOT_PATH = ["", 7, b"a", ["a"], object(), "a\0b"]


def one_line(error: pytest.ExceptionInfo[ShuttenError]) -> bool:
    return "\n" not in str(error.value) and len(str(error.value)) < 300


@pytest.mark.parametrize("value", NOT_TEXT, ids=repr)
@pytest.mark.parametrize(
    "function",
    [
        lambda assistant, value: assistant.ask(value),
        lambda assistant, value: assistant.retrieve(value),
        lambda assistant, value: assistant.rank(value),
        lambda assistant, value: assistant.statement(value),
        lambda assistant, value: check(assistant, value),
    ],
    ids=["ask", "retrieve", "rank", "statement", "check"],
)
def test_wrong_texts(assistant: Assistant, function: Callable[..., object], value: Any) -> None:
    with pytest.raises(ShuttenError, match=r"must be a text \(str\)") as error:
        function(assistant, value)
    assert one_line(error)


@pytest.mark.parametrize("value", NOT_TEXTS, ids=repr)
@pytest.mark.parametrize("function", ["ask", "rank"])
def test_wrong_histories(assistant: Assistant, function: str, value: Any) -> None:
    with pytest.raises(ShuttenError, match=r"history must be a list of texts|each of history"):
        getattr(assistant, function)("半導体", value)


@pytest.mark.parametrize("value", NOT_COUNT, ids=range(len(NOT_COUNT)))
@pytest.mark.parametrize("function", ["ask", "retrieve"])
def test_wrong_counts(assistant: Assistant, function: str, value: Any) -> None:
    with pytest.raises(ShuttenError, match=r"^k ") as error:
        getattr(assistant, function)("半導体", k=value)
    assert one_line(error)


def test_a_huge_count(assistant: Assistant) -> None:
    with pytest.raises(ShuttenError, match="far out of range") as error:
        assistant.ask("半導体", k=10**5000)
    assert one_line(error)


@pytest.mark.parametrize("value", NOT_PATH, ids=repr)
@pytest.mark.parametrize("function", [Assistant.open, load_statement, load_questions])
def test_wrong_paths(function: Callable[..., object], value: Any) -> None:
    with pytest.raises(ShuttenError, match=r"must be a text|holds a NUL|is empty"):
        function(value)


def test_wrong_systems() -> None:
    with pytest.raises(ShuttenError, match="give one of full"):
        chosen_systems(["nearest"])


def test_similar_types_are_accepted(assistant: Assistant) -> None:
    history = iter(["量子について"])
    answer = assistant.ask(np.str_("半導体"), history, np.int64(2))  # type: ignore[arg-type]
    assert answer.quotes == assistant.ask("半導体", ["量子について"], 2).quotes
    assert len(qa.Assistant.open(str(assistant.home)).retrieve("半導体", np.uint8(2))) == 2
    assert arguments.require_path(Path("a"), "a path") == Path("a")
