"""How a question is compared with the cards of statements; see `corpus.facts.cards`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from index.late_interaction.codes import Indices
from index.late_interaction.maxsim import max_sim_tokens
from index.models.encoder import Floats
from index.search.query import Query
from index.search.snapshot import Snapshot

# Up to the lower cosine a card says nothing of a token, from the upper one on it names it. Chosen
# on the `dev` questions of one library; figures near to these do as well.
_BEGINS, _NAMES = 0.45, 0.85
_FEWEST = 0.7  # a token that so few cards name, or fewer, counts as if so many did


@dataclass(frozen=True, slots=True)
class CardMatch:
    """How a question fits the card of one statement.

    Attributes:
        similarity: The MaxSim of the question and the card.
        naming: How much of the question names this statement: the sum over its tokens of how far
            the card names them, times the logarithm of how few cards do.
    """

    similarity: float
    naming: float


def match_cards(snapshot: Snapshot, query: Query) -> Mapping[str, CardMatch]:
    """Compare a question with all cards, by the id of the statement."""
    cosines = _cosines(snapshot, query, np.arange(len(snapshot.cards)))
    similarity = cosines @ query.query_weights.retrieval
    share = naming_share(cosines)
    rarity = np.log(len(share) / np.maximum(share.sum(axis=0), _FEWEST))
    naming = share @ np.maximum(rarity, 0)
    values = zip(similarity.tolist(), naming.tolist(), strict=True)
    return {
        name: CardMatch(*value) for name, value in zip(snapshot.statements, values, strict=True)
    }


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
