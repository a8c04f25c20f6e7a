"""How a question is compared with the cards of statements; see `corpus.facts.cards`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.late_interaction.maxsim import max_sim_tokens
from index.models.encoder import Floats
from index.ranges import Indices
from index.search.query import Query
from index.search.snapshot import Snapshot

# Up to the lower cosine a card says nothing of a token, from the upper one on it names it. Chosen
# on the `dev` questions of one library; figures near to these do as well.
_BEGINS, _NAMES = 0.45, 0.85
# In a large library: the cosine to the centre of a cluster from which on it is looked at, what the
# others are taken for, and how many cards that seem to fit best are compared token by token.
_ESTIMATED_FROM, _OTHERWISE, _COMPARED = 0.4, 0.25, 150
_FEWEST = 0.7  # a token that so few cards name, or fewer, counts as if so many did


@dataclass(frozen=True, slots=True)
class CardMatches:
    """How a question fits the cards of all statements, in the order of the statements.

    Attributes:
        similarity: f32 (statements,), the MaxSim of the question and each card.
        naming: f32 (statements,), how much of the question names each statement: the sum over its
            tokens of how far the card names them, times the logarithm of how few cards do.
    """

    similarity: Floats
    naming: Floats


def match_cards(snapshot: Snapshot, query: Query) -> CardMatches:
    """Compare a question with the cards.

    In a large library, most cards are known by the clusters of their tokens only. Those that seem
    to fit best are compared token by token.
    """
    cosines = _card_cosines(snapshot, query)
    share = naming_share(cosines)
    rarity = np.log(len(share) / np.maximum(share.sum(axis=0), _FEWEST))
    naming = share @ np.maximum(rarity, 0).astype(np.float32)
    return CardMatches(cosines @ query.query_weights.retrieval, naming)


def _card_cosines(snapshot: Snapshot, query: Query) -> Floats:
    """Return the best cosine of each token of a question in each card, f32 (cards, tokens)."""
    clusters = snapshot.card_clusters
    if not len(clusters.centres):
        return _cosines(snapshot, query, np.arange(len(snapshot.cards)))
    cosines = clusters.cosines(query.tokens, _ESTIMATED_FROM, _OTHERWISE)
    share = naming_share(cosines)
    naming = share @ np.log(len(share) / np.maximum(share.sum(axis=0), 1))
    similarity = cosines @ query.query_weights.retrieval
    best = [np.argsort(-values)[:_COMPARED] for values in (naming, similarity)]
    rows = np.unique(np.concatenate([*best, clusters.without]))
    cosines[rows] = _cosines(snapshot, query, rows)
    return cosines


def naming_share(cosines: Floats) -> Floats:
    """Turn the cosine between a token and a card into how far the card names the token, 0..1."""
    return np.asarray(np.clip((cosines - _BEGINS) / (_NAMES - _BEGINS), 0, 1), np.float32)


def named_tokens(snapshot: Snapshot, query: Query, names: tuple[str, ...]) -> Floats:
    """Return how far each token of a question is named by a card of some statements, f32 (n,)."""
    rows = snapshot.places(names)
    if not len(rows):
        return np.zeros(len(query.tokens), np.float32)
    return naming_share(_cosines(snapshot, query, rows).max(axis=0))


def _cosines(snapshot: Snapshot, query: Query, rows: Indices) -> Floats:
    return max_sim_tokens(query.tokens, snapshot.cards, rows)
