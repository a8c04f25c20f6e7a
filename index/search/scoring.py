"""How the parts of a score are put together. Pure functions of arrays.

The figures in `ScoreWeights` were chosen on `dev` questions and on the practice statements;
`docs/ranking.md` says how.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.models.encoder import Floats

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ScoreWeights:
    """How much each part of a score counts.

    Attributes:
        background: The share of the mean score over unrelated questions that is subtracted.
        passage: The share of the score of the whole passage; the rest is the sentence's own.
        words: What a full match of words adds, on the scale of a cosine.
        history: The weight of the score for the earlier questions, against 1 for the question
            itself, when the question certainly follows them up.
        reranker: What each unit of the log-odds of the reranker adds, on the scale of a cosine.
    """

    background: float = 0.25
    passage: float = 0.2
    words: float = 0.3
    history: float = 1.0  # the adapter was trained with this value
    reranker: float = 0.0075


SCORE_WEIGHTS = ScoreWeights()


def calibrate(scores: Floats, background: Floats, weights: ScoreWeights) -> Floats:
    """Subtract a share of what a passage or sentence scores for unrelated questions.

    Short, general lines are similar to every question, and this lowers their scores. To divide by
    the standard deviation as well was measured to be worse (JSQuAD 0.92 -> 0.91).

    Args:
        scores: f32 (n,), MaxSim or cosine.
        background: f32 (n,), the mean of the same over the background questions.
        weights: See `ScoreWeights`.
    """
    return np.asarray(scores - weights.background * background, np.float32)


def blend(sentences: Floats, passages: Floats, weights: ScoreWeights) -> Floats:
    """Mix the score of each sentence with that of its passage; both are f32 (sentences,)."""
    share = weights.passage
    return np.asarray((1 - share) * sentences + share * passages, np.float32)


def add_words(semantic: Floats, words: Floats, weights: ScoreWeights) -> Floats:
    """Add the proportional BM25 `words`, 0..1, to semantic scores; both are f32 (n,)."""
    return np.asarray(semantic + weights.words * words, np.float32)


def add_history(
    scores: Floats | float,
    history: Floats | float,
    followup_weight: float,
    weights: ScoreWeights = SCORE_WEIGHTS,
) -> Floats:
    """Mix scores for a question with scores for the earlier questions.

    Args:
        scores: f32 (sentences,), scores of sentences for the question.
        history: f32 (sentences,), scores of their passages for the earlier questions.
        followup_weight: 0..1, how likely the question follows up the earlier ones.
        weights: See `ScoreWeights`.
    """
    share = weights.history * followup_weight
    return np.asarray((scores + share * history) / (1 + share), np.float32)


def add_reranker(scores: Doubles, logits: Doubles, weights: ScoreWeights) -> Doubles:
    """Add what the reranker says to scores.

    Args:
        scores: f64 (sentences,), scores without the reranker.
        logits: f64 (sentences,), log-odds above their lower bound, so 0 for a sentence that surely
            does not answer.
        weights: See `ScoreWeights`.
    """
    return np.asarray(scores + weights.reranker * logits, np.float64)
