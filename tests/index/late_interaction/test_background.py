"""The background questions as a model encodes them, and their row in the database."""

from __future__ import annotations

import numpy as np
import pytest

from index.late_interaction.background import Background, BackgroundTokens
from index.late_interaction.maxsim import TokenMatrix, max_sim_tokens
from index.models.encoder import Encoder, unit_rows


@pytest.fixture(scope="module")
def background(encoder: Encoder) -> Background:
    return Background(encoder)


def test_every_question_has_the_same_share_of_the_weights(
    background: Background, encoder: Encoder
) -> None:
    texts = [text for text, _ in background.questions]
    lengths = [len(encoded.tokens) for encoded in encoder.encode(texts, "query")]
    weights = np.split(background.encoded.weights, np.cumsum(lengths)[:-1])
    shares = [float(question.sum()) for question in weights]
    assert shares == pytest.approx([1 / len(texts)] * len(texts), rel=1e-3)


def test_tokens_have_length_1_but_for_rounding(background: Background) -> None:
    tokens = background.encoded.tokens
    assert np.allclose(np.linalg.norm(tokens, axis=1), 1, atol=1e-2)
    assert np.array_equal(tokens, tokens.astype(np.float16))


def test_the_row_of_the_database_keeps_everything(background: Background) -> None:
    tokens = background.encoded
    copy = BackgroundTokens.from_row(*tokens.to_row())
    assert np.array_equal(copy.tokens, tokens.tokens)
    assert np.array_equal(copy.weights, tokens.weights)
    assert np.array_equal(copy.centring.centre, tokens.centring.centre)
    assert np.array_equal(copy.centring.languages, tokens.centring.languages)


@pytest.mark.parametrize("column", range(4))
def test_a_row_with_missing_numbers_is_refused(background: Background, column: int) -> None:
    columns = list(background.encoded.to_row())
    columns[column] = columns[column][:-4] if columns[column] else b"1234"
    with pytest.raises(ValueError, match=r"\w"):
        BackgroundTokens.from_row(*columns)


def test_mean_scores_are_the_weighted_best_cosines(background: Background) -> None:
    tokens, count = background.encoded, 150  # more units than are compared in one step
    rows = np.random.default_rng(0).normal(size=(2 * count, tokens.tokens.shape[1]))
    begins = np.arange(0, 2 * count, 2)
    units = TokenMatrix(unit_rows(rows).astype(np.float16), begins, begins + 2)
    expected = max_sim_tokens(tokens.tokens, units, np.arange(count)) @ tokens.weights
    assert np.allclose(tokens.mean_scores(units), expected, atol=1e-6)


def test_the_fingerprint_names_the_model_and_the_questions(
    background: Background, encoder: Encoder
) -> None:
    name, _, checksum = background.fingerprint.rpartition(":background-")
    assert name == encoder.fingerprint
    assert len(bytes.fromhex(checksum)) == 4
