"""Levels rise with the chance that the first quote is right. Half a sentence is never "high"."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qa.answers.answer import Quote
from qa.assistant import Assistant
from qa.confidence.calibration import shipped

ORDER = ["low", "fair", "high"]


def test_an_answer_with_half_a_sentence_is_never_high(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "What was agreed on Open RAN?"
    assert assistant.ask(question).level == "high"
    monkeypatch.setattr(Quote, "doubtful", True)
    assert assistant.ask(question).level == "fair"


def test_half_a_sentence_lowers_only_the_highest_level(assistant: Assistant) -> None:
    (quote, *_) = assistant.ask("What was agreed on Open RAN?").quotes
    whole, half = replace(quote, following=""), replace(quote, following="and so on.")
    assert assistant._level(1.0, [whole]) == "high"
    assert assistant._level(1.0, [half]) == "fair"
    assert assistant._level(0.0, [half]) == "low"
    assert assistant._level(1.0, []) == ""


def test_a_refusal_has_no_level(assistant: Assistant) -> None:
    assert assistant.ask("牛肉の関税は何パーセントですか").level == ""


def test_a_higher_chance_has_no_lower_level() -> None:
    levels = [shipped().level(chance) for chance in np.linspace(0, 1, 101)]
    assert sorted(levels, key=ORDER.index) == levels
    assert set(levels) == set(ORDER)
