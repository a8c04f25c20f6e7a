"""The examples and limits of the calibration are as its docstrings say."""

from __future__ import annotations

import numpy as np
import pytest

from training.calibration import first_right_examples, lowest_chance, subject_examples
from training.fitting.logistic import Example


@pytest.mark.parametrize(
    ("chances", "right", "lowest"),
    [
        ([0.9, 0.8, 0.7], [True, True, False], 0.8),
        ([0.7, 0.9, 0.8], [False, True, True], 0.8),
        ([0.9, 0.8, 0.7], [False, False, False], 1.0),
        ([0.9, 0.8, 0.7], [True, True, True], 0.7),
    ],
)
def test_the_lowest_chance(chances: list[float], right: list[bool], lowest: float) -> None:
    assert lowest_chance(np.array(chances), np.array(right), 0.9) == lowest


def test_examples_of_the_other_models() -> None:
    names = ("score", "half", "anywhere", "words", "answerability", "question_prior", "reranker")
    features = dict.fromkeys((*names, "lead", "second"), 0.0)
    examples = [
        Example(features, kind == "answered", kind, "statement", first_right=kind == "near")
        for kind in ("answered", "near", "removed", "other")
    ]
    assert [row.label for row in subject_examples(examples)] == [True, True, False]
    assert [row.label for row in first_right_examples(examples)] == [False, True]
