"""What "high" means: chosen so that it is right, and never said of half a sentence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from qa.assistant import Assistant
from qa.confidence.calibration import shipped


def test_half_a_sentence_is_never_high(assistant: Assistant) -> None:
    (quote, *_) = assistant.ask("What was agreed on Open RAN?").quotes
    whole, half = replace(quote, following=""), replace(quote, following="and so on.")
    assert assistant._level(1.0, [whole]) == "high"
    assert assistant._level(1.0, [half]) == "fair"
    assert assistant._level(0.0, [half]) == "low"
    assert assistant._level(1.0, []) == ""


def test_levels_in_order() -> None:
    found = [shipped().level(chance) for chance in np.linspace(0, 1, 101)]
    assert sorted(found, key=["low", "fair", "high"].index) == found
    assert set(found) == {"low", "fair", "high"}
