"""Which statements a question means, as search uses it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from index.models.encoder import Floats
from index.ranges import Indices
from index.search.cards import named_tokens
from index.search.query import Query
from index.search.snapshot import Snapshot

MOST_NAMED = 4  # a question that means more statements does not name each of them
_LEAST_LEFT = 1e-6  # the share of the weights that must be left


@dataclass(frozen=True, slots=True)
class Scope:
    """The statements that may be quoted, and how likely each of them is meant.

    Attributes:
        priors: What is added to the scores of the sentences of each statement, by its id: 0 for
            the one that is meant most likely, less for others. A statement that is not here is not
            searched.
        named: The ids of the statements that the question names.
    """

    priors: Mapping[str, float]
    named: tuple[str, ...] = ()

    @classmethod
    def equally(cls, names: Iterable[str]) -> Scope:
        """Return the scope of statements that are all meant alike; a few of them are named."""
        priors = dict.fromkeys(names, 0.0)
        return cls(priors, tuple(priors) if len(priors) <= MOST_NAMED else ())

    def mask(self, snapshot: Snapshot) -> npt.NDArray[np.bool_]:
        """Return which passages may be quoted, bool (passages,)."""
        inside = np.zeros(len(snapshot.statements), bool)
        inside[snapshot.places(self.priors)] = True
        return inside[snapshot.statement_of]

    def passages(self, snapshot: Snapshot) -> Indices:
        """Return the rows of the passages that may be quoted, ascending."""
        return np.flatnonzero(self.mask(snapshot))

    def prior_of(self, snapshot: Snapshot, passages: Indices) -> Floats:
        """Return what is added to the scores of the sentences of some passages, f32 (passages,)."""
        priors = [self.priors.get(snapshot.id_of(row), 0.0) for row in passages.tolist()]
        return np.array(priors, np.float32)

    def without_naming(self, snapshot: Snapshot, query: Query) -> Query:
        """Return a question in which the tokens that name a statement count less or not at all.

        They are those that are similar to a token of the card of that statement. In "What did Lula
        and Biden agree on the Amazon?" the names would draw the search to the sentence that says
        who met.
        """
        share = 1 - named_tokens(snapshot, query, self.named)
        weights = query.query_weights
        return replace(
            query,
            query_weights=replace(
                weights,
                retrieval=_scaled(weights.retrieval, share),
                answerability=_scaled(weights.answerability, share),
            ),
        )


def _scaled(weights: Floats, share: Floats) -> Floats:
    """Scale weights and keep their sum; the same weights where nothing would be left."""
    scaled = weights * share
    left = float(scaled.sum())
    return (
        weights
        if left < _LEAST_LEFT
        else (scaled * (float(weights.sum()) / left)).astype(np.float32)
    )
