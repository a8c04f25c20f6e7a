"""Token centring removes the mean and the directions of languages."""

from __future__ import annotations

import numpy as np
import pytest

from index.late_interaction.centring import TokenCentring, centred, fit_centring, informativeness
from index.models.encoder import unit_rows


def test_the_mean_of_all_tokens_is_removed() -> None:
    tokens = unit_rows([[10.0, 1.0], [10.0, -1.0]])
    assert tokens[0] @ tokens[1] > 0.9
    first, second = centred(tokens, fit_centring(tokens, np.array(["ja", "ja"])))
    assert first @ second == pytest.approx(-1)


def test_the_direction_between_languages_is_removed() -> None:
    dog, cat, english, shared = np.eye(4)
    tokens = unit_rows([dog, cat, dog + english, cat + english] + 5 * shared)
    centring = fit_centring(tokens, np.array(["ja", "ja", "en", "en"]))
    assert centring.languages.shape == (1, 4)
    japanese_dog, japanese_cat, english_dog, _ = rows = centred(tokens, centring)
    assert japanese_dog @ english_dog > 0.99
    assert japanese_dog @ japanese_cat < -0.99
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1)


def test_the_identity_changes_nothing() -> None:
    tokens = unit_rows(np.random.default_rng(0).normal(size=(5, 4)))
    assert np.allclose(centred(tokens, TokenCentring.identity(4)), tokens)


def test_no_tokens_are_no_error() -> None:
    tokens = np.zeros((0, 4), np.float32)
    assert centred(tokens, TokenCentring.identity(4)).shape == (0, 4)
    assert informativeness(tokens, unit_rows(np.eye(4))).shape == (0,)


def test_tokens_of_background_questions_tell_less() -> None:
    background = unit_rows([[1.0, 0.0], [0.8, 0.6]])
    common, rare = informativeness(unit_rows([[1.0, 0.1], [-0.5, 1.0]]), background)
    assert 0 < common < rare
