"""How the parts of a score are put together. Pure functions on arrays.

The figures in `WEIGHTS` were chosen on `dev` questions and on samples of JSQuAD and XQuAD; the
README says how.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.models.encoder import Floats


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part counts.

    Attributes:
        background: How much of a unit's mean score over unrelated questions is taken off.
        passage: How much the whole passage counts beside the sentence in it, of 1.
        words: What a full match of words adds, on the scale of a cosine.
        history: How much the passage's score for the earlier questions of a conversation counts,
            against 1 for the sentence's score for the question itself, when it surely leans on
            them.
        reading: What each unit of the reader's log-odds adds, on the scale of a cosine.
    """

    background: float = 0.25
    passage: float = 0.3  # what the adapter was trained with, as `history`
    words: float = 0.3
    history: float = 1.0
    reading: float = 0.005


WEIGHTS = Weights()


def calibrate(scores: Floats, background: Floats, weights: Weights = WEIGHTS) -> Floats:
    """Take off what a unit scores for questions that have nothing to do with it.

    Short, general lines are near to every question; this puts them back in their place.
    Dividing by the spread as well was measured to lose (JSQuAD 0.92 -> 0.91).

    Args:
        scores: f32 (units,), MaxSim or cosine.
        background: f32 (units,), mean of the same over the background questions.
    """
    return np.asarray(scores - weights.background * background, np.float32)


def blend(sentences: Floats, passages: Floats, weights: Weights = WEIGHTS) -> Floats:
    """Let a sentence stand in its passage: both are f32 (sentences,)."""
    share = weights.passage
    return np.asarray((1 - share) * sentences + share * passages, np.float32)


def add_words(meaning: Floats, words: Floats, weights: Weights = WEIGHTS) -> Floats:
    """Let shared words count in proportion: `words` is 0..1 of what could have matched."""
    return np.asarray(meaning + weights.words * words, np.float32)


def add_history(
    scores: Floats | float, for_history: Floats | float, leaning: float, weights: Weights = WEIGHTS
) -> Floats:
    """Let earlier questions choose the passage, while the question chooses the sentence.

    Both are f32 (sentences,), the second the same for all sentences of a passage; `leaning`,
    0..1, is how likely the question leans on the earlier ones.
    """
    share = weights.history * leaning
    return np.asarray((scores + share * for_history) / (1 + share), np.float32)


def add_reading(score: float, logit: float, weights: Weights = WEIGHTS) -> float:
    """Let the reader's log-odds count, from 0 for a sentence that surely does not answer."""
    return score + weights.reading * logit
