"""Whether the statement that is meant is silent, while others speak of what is asked.

Statements of one series speak of the same subjects. So the best sentence of the statement that is
meant often looks like an answer, although only another statement says what is asked. Then a word of
the question is matched elsewhere much better than here.
"""

from __future__ import annotations

import math

import numpy as np

from index.search.ranking import Ranking

# Fitted by logistic regression to 79 questions of the split `dev` of `library.jsonl` that name a
# statement: 53 that it answers, and 26 that it does not. The last one is chosen so that a tenth of
# the former stay below the threshold of `qa.confidence`.
_SLOPE, _DEFICIT, _INTERCEPT = 0.80, -1.86, 0.50
_HEAVY = 3.0  # one word of a question counts at most this many times the average word
_LEAST = 1e-3  # the confidence is kept this far from 0 and 1


def confidence_beside(confidence: float, here: Ranking, elsewhere: Ranking) -> float:
    """Return the confidence, 0..1, that the first sentence answers, given other statements.

    Args:
        confidence: The confidence without a look at the others.
        here: The ranking of the statements that are meant.
        elsewhere: The ranking of all other statements, for the same question.
    """
    bounded = min(max(confidence, _LEAST), 1 - _LEAST)
    odds = _SLOPE * math.log(bounded / (1 - bounded)) + _DEFICIT * deficit(here, elsewhere)
    return 1 / (1 + math.exp(-odds - _INTERCEPT))


def deficit(here: Ranking, elsewhere: Ranking) -> float:
    """Return how much better one word of a question is matched elsewhere, as a weighted cosine.

    It is the largest difference over the tokens of the question, between the best sentences.
    """
    if not len(here.scores) or not len(elsewhere.scores):
        return 0.0
    weights = here.query.query_weights.retrieval
    heavy = np.minimum(weights * len(weights), _HEAVY)
    better = elsewhere.scores.similarities[0] - here.scores.similarities[0]
    return float((np.maximum(better, 0) * heavy).max(initial=0.0))
