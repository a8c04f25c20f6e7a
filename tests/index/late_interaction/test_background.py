"""The background questions as a model encodes them, and their row in the database."""

from __future__ import annotations

import numpy as np
import pytest

from index.late_interaction.background import Background, BackgroundTokens
from index.late_interaction.centring import TokenCentring
from index.late_interaction.codes import CodeParts, TokenCodes
from index.late_interaction.maxsim import TokenMatrix, max_sim_tokens
from index.models.encoder import Encoder, unit_rows


@pytest.fixture(scope="module")
def background(encoder: Encoder) -> Background:
    return Background(encoder)


class Untrained:
    """The same model as one that was not trained, whose background questions are all kept."""

    trained, reranker = False, ""

    def __init__(self, encoder: Encoder) -> None:
        self.fingerprint, self.encode, self.rerank = "untrained", encoder.encode, encoder.rerank


@pytest.fixture(scope="module")
def uncondensed(encoder: Encoder) -> Background:
    return Background(Untrained(encoder))


def test_every_question_has_the_same_share_of_the_weights(
    uncondensed: Background, encoder: Encoder
) -> None:
    texts = [text for text, _ in uncondensed.questions]
    lengths = [len(encoded.tokens) for encoded in encoder.encode(texts, "query")]
    weights = np.split(uncondensed.encoded.weights, np.cumsum(lengths)[:-1])
    shares = [float(question.sum()) for question in weights]
    assert shares == pytest.approx([1 / len(texts)] * len(texts), rel=1e-3)


def test_tokens_have_length_1_but_for_rounding(uncondensed: Background) -> None:
    tokens = uncondensed.encoded.tokens
    assert np.allclose(np.linalg.norm(tokens, axis=1), 1, atol=1e-2)
    assert np.array_equal(tokens, tokens.astype(np.float16))


def test_the_bundled_model_has_means_of_similar_tokens(background: Background) -> None:
    tokens, weights = background.encoded.tokens, background.encoded.weights
    assert len(tokens) == len(weights) <= 256
    assert weights.sum() == pytest.approx(1, abs=1e-4)
    assert (weights > 0).all()
    assert (np.linalg.norm(tokens, axis=1) <= 1.001).all()
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
    tokens, count = background.encoded, 150  # more sentences than are compared in one step
    rows = np.random.default_rng(0).normal(size=(2 * count, tokens.tokens.shape[1]))
    codes, begins = CodeParts.of(TokenCodes.of(unit_rows(rows))), np.arange(0, 2 * count, 2)
    sentences = TokenMatrix(codes, begins, begins + 2)
    of_sentences, of_passage = tokens.mean_scores(sentences)
    best = max_sim_tokens(tokens.tokens, sentences, np.arange(count))
    assert np.allclose(of_sentences, best @ tokens.weights, atol=1e-6)
    assert of_passage == pytest.approx(best.max(axis=0) @ tokens.weights, abs=1e-6)


def test_a_sentence_without_tokens_has_the_mean_0(background: Background) -> None:
    tokens = background.encoded
    codes = CodeParts.of(TokenCodes.of(-tokens.tokens[:1]))  # whose cosines are below 0
    alone = TokenMatrix(codes, np.array([0]), np.array([1]))
    with_empty = TokenMatrix(codes, np.array([0, 1]), np.array([1, 1]))
    (expected,), of_passage = tokens.mean_scores(alone)
    assert tokens.mean_scores(with_empty)[0].tolist() == pytest.approx([expected, 0], abs=1e-6)
    assert of_passage == pytest.approx(expected, abs=1e-6)


def test_fewer_tokens_give_nearly_the_same_means() -> None:
    random = np.random.default_rng(0)
    centres = unit_rows(random.normal(size=(40, 16)))
    tokens = unit_rows(np.repeat(centres, 20, axis=0) + 0.05 * random.normal(size=(800, 16)))
    weights = np.full(len(tokens), 1 / len(tokens), np.float32)
    every = BackgroundTokens(tokens, weights, TokenCentring.identity(16))
    fewer = every.condensed()
    assert len(fewer.tokens) <= 256 < len(tokens)
    assert fewer.weights.sum() == pytest.approx(1, abs=1e-5)
    begins = np.arange(0, 90, 3)
    codes = CodeParts.of(TokenCodes.of(unit_rows(random.normal(size=(90, 16)))))
    sentences = TokenMatrix(codes, begins, begins + 3)
    (expected, whole), (found, of_passage) = (of.mean_scores(sentences) for of in (every, fewer))
    assert np.allclose(found, expected, atol=0.02)
    assert of_passage == pytest.approx(whole, abs=0.02)


def test_the_fingerprint_names_the_model_and_the_questions(
    background: Background, encoder: Encoder
) -> None:
    name, _, checksum = background.fingerprint.rpartition(":background-")
    assert name == encoder.fingerprint
    assert len(bytes.fromhex(checksum)) == 4
