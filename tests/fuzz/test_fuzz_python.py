"""The Python interface: whatever it is given, it answers or raises `ShuttenError`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fuzzing import Fuzz
from odd import QUESTIONS, Odd

import qa
from corpus.errors import ShuttenError
from qa import assistant as assistant_module
from qa.answers.answer import Answer, Quote
from qa.assistant import Assistant
from qa.proof.claims import ClaimCheck
from qa.proof.claims import check as check_claim

pytestmark = pytest.mark.slow

Call = tuple[str, tuple[Any, ...], dict[str, Any]]


def histories(odd: Odd) -> Any:
    """Earlier questions, or something else."""
    kind = odd.randrange(6)
    if kind == 0:
        return odd.thing()
    if kind == 1:
        return [odd.thing() for _ in range(odd.randrange(4))]
    return [odd.text() for _ in range(odd.choice([0, 0, 1, 2, 40]))]


def counts(odd: Odd) -> Any:
    return odd.thing() if odd.random() < 0.2 else odd.number()


def questions(odd: Odd) -> Any:
    return odd.thing() if odd.random() < 0.2 else odd.text()


def drawn(odd: Odd, folder: Path) -> Call:
    """A call of the interface: its name and arguments."""
    name = odd.choice(["ask", "ask", "ask", "retrieve", "retrieve", "statement", "claim", "open"])
    if name == "ask":
        about = {"history": histories(odd)} if odd.random() < 0.6 else {}
        about |= {"k": counts(odd)} if odd.random() < 0.5 else {}
        return name, (questions(odd),), about
    if name == "retrieve":
        return name, (questions(odd),), {"k": counts(odd)} if odd.random() < 0.7 else {}
    if name == "claim":
        return name, (questions(odd),), {}
    return name, (odd.path(folder) if name == "open" else odd.thing(),), {}


@pytest.fixture
def calls(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Callable[..., object]]:
    monkeypatch.setattr(assistant_module, "_default", lambda: assistant)
    monkeypatch.setenv("SHUTTEN_HOME", str(assistant.home))
    return {
        "ask": assistant.ask,
        "retrieve": qa.retrieve,
        "statement": assistant.statement,
        "claim": lambda claim: check_claim(assistant, claim),
        "open": Assistant.open,
    }


def test_it_answers_or_says_what_is_wrong(
    fuzz: Fuzz, assistant: Assistant, calls: dict[str, Callable[..., object]]
) -> None:
    file = assistant.home / "shutten.db"  # below it nothing can be made

    def check(call: Call) -> None:
        name, arguments, about = call
        try:
            given = calls[name](*arguments, **about)
        except ShuttenError:
            return
        for quote in quotes(given):
            assert quote.matches(assistant.statement(quote.statement).source)

    fuzz.run("Python", lambda odd: drawn(odd, file), check)
    assert assistant.ask(QUESTIONS[0]).quotes


def quotes(given: object) -> list[Quote]:
    """What there is to prove in what a call gave."""
    if isinstance(given, Answer):
        return [*given.quotes, *given.nearest]
    if isinstance(given, ClaimCheck):
        return [given.quote] if given.quote else []
    return given if isinstance(given, list) else []
