"""Posting lists of clusters. They tell quickly which of many cards may fit a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.models.encoder import Floats
from index.ranges import Indices
from index.store.search_arrays import ClusteredCards


@dataclass(frozen=True, slots=True)
class CardClusters:
    """The clusters of the tokens of all cards, as posting lists.

    Attributes:
        centres: f32 (clusters, dimension), of length 1; none in a small library.
        starts: i64 (clusters + 1,), the first card of each cluster in `cards`.
        cards: i64 (n,), the cards of each cluster.
        without: i64 (m,), the cards whose tokens have no clusters, ascending.
        count: How many cards there are.
    """

    centres: Floats
    starts: Indices
    cards: Indices
    without: Indices
    count: int

    @classmethod
    def of(cls, parts: Sequence[ClusteredCards], places: Indices) -> CardClusters:
        """Join the clusters of segments.

        Args:
            parts: The clusters of each segment that has some.
            places: i64 (cards,), what each card of the search arrays is called from now on; all
                numbers from 0 on.
        """
        centres = [part.centres for part in parts]
        pairs = [_pairs(part, places) for part in parts]
        counts = [
            np.bincount(pair[:, 0], minlength=len(own))
            for pair, own in zip(pairs, centres, strict=True)
        ]
        cards = np.concatenate([np.zeros(0, np.int64), *(pair[:, 1] for pair in pairs)])
        return cls(
            np.concatenate(centres) if centres else np.zeros((0, 0), np.float32),
            np.concatenate([[0], np.cumsum(np.concatenate([np.zeros(0, np.int64), *counts]))]),
            cards,
            np.setdiff1d(np.arange(len(places)), cards),
            len(places),
        )

    def cosines(self, tokens: Floats, least: float, otherwise: float) -> Floats:
        """Estimate the best cosine of each token of a question in each card.

        Args:
            tokens: f32 (n, dimension), the tokens of the question.
            least: Centres below this cosine are not looked at.
            otherwise: The estimate for a card with no other centre.

        Returns:
            f32 (cards, n).
        """
        found = np.full((self.count, len(tokens)), otherwise, np.float32)
        cosines = self.centres @ tokens.T
        for number, own in enumerate(cosines.T):
            near = np.flatnonzero(own >= least)
            # Of several values for one card, the last one counts, which is the highest.
            for cluster in near[np.argsort(own[near])].tolist():
                cards = self.cards[self.starts[cluster] : self.starts[cluster + 1]]
                found[cards, number] = own[cluster]
        return found


def _pairs(part: ClusteredCards, places: Indices) -> Indices:
    """Return each cluster with each of its cards once, i64 (n, 2), by ascending clusters."""
    count = len(places)
    both = np.unique(part.clusters.astype(np.int64) * count + places[part.cards])
    return np.stack(np.divmod(both, count), axis=1)
