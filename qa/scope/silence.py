"""Whether the statement that is meant is silent, while others speak of what is asked.

Statements of one series speak of the same subjects. So the best sentence of the statement that is
meant often looks like an answer, although only another statement says what is asked. Then a word of
the question is matched elsewhere much better than here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from corpus.facts.mentions import Mentions
from corpus.facts.parties import with_members
from index.models.encoder import Floats
from index.search.ranking import Ranking
from index.search.snapshot import Snapshot

# Fitted to 166 questions of two libraries of real statements: 113 that the named statement answers,
# and 53 that it does not. A fit to the invented families of `training.silence` too does as well,
# but worse for the latest statement (`qa.scope.time`). Since countries count, the deficit takes off
# less than was fitted (3.53), and the last figure is lower too. So of 146 questions that the named
# statement answers, in three libraries, 7% stay below the threshold of `qa.confidence`.
_SLOPE, _DEFICIT, _INTERCEPT = 1.66, -3.0, 2.2
# What a country that is asked about and nowhere named takes off the log-odds of the confidence. Of
# 15 such questions to named statements, 13 had no answer.
_UNNAMED = 1.5
_HEAVY = 3.0  # one word of a question counts at most this many times the average word
_BEST = 5  # sentences of each side that are compared
_LEAST = 1e-3  # the confidence is kept this far from 0 and 1


def confidence_beside(confidence: float, here: Ranking, elsewhere: Ranking) -> float:
    """Return the confidence, 0..1, that the first sentence answers, given other statements.

    Args:
        confidence: The confidence without a look at the others.
        here: The ranking of the statements that are meant.
        elsewhere: The ranking of all other statements, for the same question.
    """
    odds = _SLOPE * log_odds(confidence) + _DEFICIT * deficit(here, elsewhere)
    return probability(odds + _INTERCEPT)


def with_countries_named(
    confidence: float, mentions: Mentions, snapshot: Snapshot, statements: Iterable[str]
) -> float:
    """Return the confidence, which is lower if a country that is asked about is nowhere named.

    Args:
        confidence: The confidence that statements answer a question.
        mentions: What the question says. Parties beside a word for a statement name the statement.
        snapshot: All statements.
        statements: The ids of those that are searched.
    """
    asked = {party.code for party in mentions.parties} - mentions.codes_beside_nouns
    if not asked:
        return confidence
    searched = list(statements)
    if all(_is_named(snapshot, searched, code) for code in asked):
        return confidence
    return probability(log_odds(confidence) - _UNNAMED)


def _is_named(snapshot: Snapshot, statements: Sequence[str], code: str) -> bool:
    """Return whether a party is named in some statement, or is one of its parties."""
    names, facts = snapshot.names, snapshot.facts
    there = [name for name in statements if name in facts]  # others were removed meanwhile
    if any(code in names[name].parties for name in there):
        return True
    return any(code in with_members(set(facts[name].parties)) for name in there)


def log_odds(confidence: float) -> float:
    """Return the logarithm of the odds of a confidence, which is first kept from 0 and 1."""
    bounded = min(max(confidence, _LEAST), 1 - _LEAST)
    return math.log(bounded / (1 - bounded))


def probability(odds: float) -> float:
    """Return the probability of some log-odds."""
    return 1 / (1 + math.exp(-odds))


def deficit(here: Ranking, elsewhere: Ranking) -> float:
    """Return how much better one word of a question is matched elsewhere, as a weighted cosine.

    It is the largest difference over the tokens of the question, between the few best sentences.
    """
    if not len(here.scores) or not len(elsewhere.scores):
        return 0.0
    weights = here.query.query_weights.retrieval
    heavy = np.minimum(weights * len(weights), _HEAVY)
    better = _best_match(elsewhere) - _best_match(here)
    return float((np.maximum(better, 0) * heavy).max(initial=0.0))


def _best_match(ranking: Ranking) -> Floats:
    """Return the best cosine of each token of the question in the best sentences, f32 (tokens,)."""
    best: Floats = ranking.scores.similarities[:_BEST].max(axis=0)
    return best
