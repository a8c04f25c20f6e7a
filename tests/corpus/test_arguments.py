"""What is of the wrong kind is refused in one line at the doors for programs."""

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

NO_TEXT = [None, 7, 1.5, b"q", ["q"], {"q": 1}, object(), {"q"}, True]
NO_TEXTS = [None, "one text", b"q", 7, {"q": 1}, [None], ["q", 7], [b"q"], [["q"]], NotImplemented]
NO_COUNT = [None, int, 1.0, float("nan"), "3", [3], True, 0, -1, -(10**5000)]
NO_PATH = ["", 7, b"a", ["a"], object(), "a\0b"]


def one_line(error: pytest.ExceptionInfo[ShuttenError]) -> bool:
    return "\n" not in str(error.value) and len(str(error.value)) < 300


@pytest.mark.parametrize("value", NO_TEXT, ids=repr)
@pytest.mark.parametrize(
    "door",
    [
        lambda assistant, value: assistant.ask(value),
        lambda assistant, value: assistant.retrieve(value),
        lambda assistant, value: assistant.rank(value),
        lambda assistant, value: assistant.statement(value),
        lambda assistant, value: check(assistant, value),
    ],
    ids=["ask", "retrieve", "rank", "statement", "check"],
)
def test_no_text(assistant: Assistant, door: Callable[..., object], value: Any) -> None:
    with pytest.raises(ShuttenError, match=r"must be a text \(str\)") as error:
        door(assistant, value)
    assert one_line(error)


@pytest.mark.parametrize("value", NO_TEXTS, ids=repr)
@pytest.mark.parametrize("door", ["ask", "rank"])
def test_no_history(assistant: Assistant, door: str, value: Any) -> None:
    with pytest.raises(ShuttenError, match=r"history must be a list of texts|each of history"):
        getattr(assistant, door)("半導体", value)


@pytest.mark.parametrize("value", NO_COUNT, ids=range(len(NO_COUNT)))
@pytest.mark.parametrize("door", ["ask", "retrieve"])
def test_no_count(assistant: Assistant, door: str, value: Any) -> None:
    with pytest.raises(ShuttenError, match=r"^k ") as error:
        getattr(assistant, door)("半導体", k=value)
    assert one_line(error)


def test_as_many_quotes_as_nobody_can_have(assistant: Assistant) -> None:
    with pytest.raises(ShuttenError, match="far out of range") as error:
        assistant.ask("半導体", k=10**5000)
    assert one_line(error)


@pytest.mark.parametrize("value", NO_PATH, ids=repr)
@pytest.mark.parametrize("door", [Assistant.open, load_statement, load_questions])
def test_no_path(door: Callable[..., object], value: Any) -> None:
    with pytest.raises(ShuttenError, match=r"must be a text|holds a NUL|is empty"):
        door(value)


def test_no_system() -> None:
    with pytest.raises(ShuttenError, match="give one of full"):
        chosen_systems(["nearest"])


def test_what_is_as_good_is_taken(assistant: Assistant) -> None:
    history = (one for one in ["量子について"])
    answer = assistant.ask(np.str_("半導体"), history, np.int64(2))  # type: ignore[arg-type]
    assert answer.quotes == assistant.ask("半導体", ["量子について"], 2).quotes
    assert len(qa.Assistant.open(str(assistant.home)).retrieve("半導体", np.uint8(2))) == 2
    assert arguments.require_path(Path("a"), "it") == Path("a")
