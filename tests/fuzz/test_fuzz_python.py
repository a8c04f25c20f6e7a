"""The Python interface returns an answer or raises `ShuttenError`, whatever the arguments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fuzzing import Fuzz
from odd import QUESTIONS, OddValues

import qa
from corpus.errors import ShuttenError
from qa import assistant as assistant_module
from qa.answers.answer import Answer, Quote
from qa.assistant import Assistant
from qa.proof.claims import ClaimCheck
from qa.proof.claims import check as check_claim

pytestmark = pytest.mark.slow

Call = tuple[str, tuple[Any, ...], dict[str, Any]]  # name, arguments, named arguments
NAMES = ["ask", "ask", "ask", "retrieve", "retrieve", "statement", "claim", "open"]


def draw_history(odd: OddValues) -> Any:
    kind = odd.randrange(6)
    if kind == 0:
        return odd.python_value()
    if kind == 1:
        return [odd.python_value() for _ in range(odd.randrange(4))]
    return [odd.text() for _ in range(odd.choice([0, 0, 1, 2, 40]))]


def draw_count(odd: OddValues) -> Any:
    return odd.python_value() if odd.random() < 0.2 else odd.number()


def draw_question(odd: OddValues) -> Any:
    return odd.python_value() if odd.random() < 0.2 else odd.text()


def draw_call(odd: OddValues, folder: Path) -> Call:
    """Draw a call of the interface. Below `folder` no data folder can be made."""
    name = odd.choice(NAMES)
    if name == "ask":
        options = {"history": draw_history(odd)} if odd.random() < 0.6 else {}
        options |= {"k": draw_count(odd)} if odd.random() < 0.5 else {}
        return name, (draw_question(odd),), options
    if name == "retrieve":
        return name, (draw_question(odd),), {"k": draw_count(odd)} if odd.random() < 0.7 else {}
    if name == "claim":
        return name, (draw_question(odd),), {}
    return name, (odd.path(folder) if name == "open" else odd.python_value(),), {}


@pytest.fixture
def functions(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Callable[..., object]]:
    """The functions of the interface by their names."""
    monkeypatch.setattr(assistant_module, "_default", lambda: assistant)
    monkeypatch.setenv("SHUTTEN_HOME", str(assistant.home))
    return {
        "ask": assistant.ask,
        "retrieve": qa.retrieve,
        "statement": assistant.statement,
        "claim": lambda claim: check_claim(assistant, claim),
        "open": Assistant.open,
    }


def test_every_quote_is_true_and_every_error_is_a_shutten_error(
    fuzz: Fuzz, assistant: Assistant, functions: dict[str, Callable[..., object]]
) -> None:
    file = assistant.home / "shutten.db"

    def check(call: Call) -> None:
        name, arguments, options = call
        try:
            result = functions[name](*arguments, **options)
        except ShuttenError:
            return
        for quote in quotes_in(result):
            assert quote.matches(assistant.statement(quote.statement).source)

    fuzz.run("Python", lambda odd: draw_call(odd, file), check)
    assert assistant.ask(QUESTIONS[0]).quotes


def quotes_in(result: object) -> list[Quote]:
    """Return the quotes in the result of a call."""
    if isinstance(result, Answer):
        return [*result.quotes, *result.nearest]
    if isinstance(result, ClaimCheck):
        return [result.quote] if result.quote else []
    return result if isinstance(result, list) else []
