"""Clusters of vectors: groups of near ones, so that a search need not look at all of them.

They are made once, when a large segment is written, and are stored with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.late_interaction.codes import IN_A_BYTE, TokenCodes
from index.models.encoder import Floats
from index.store.vectors.rounding import Rounded

# Fewer vectors are looked at one by one in a few milliseconds.
FEWEST_VECTORS, FEWEST_TOKENS = 50_000, 20_000
_TOKEN_CLUSTERS_PER_ROOT = 4
_OF_A_CLUSTER = 40  # vectors that a centre is computed from
_ROUNDS = 8
_AT_ONCE = 8_192  # vectors that are compared with the centres in one step
_MOST = 2**16  # clusters that an u16 can number


@dataclass(frozen=True, slots=True)
class Clusters:
    """The clusters of some vectors.

    Attributes:
        centres: f32 (clusters, dimension), of length 1; none where the vectors have no clusters.
        of_vectors: u16 (vectors,), the cluster of each vector; empty where they have none.
    """

    centres: Floats
    of_vectors: npt.NDArray[np.uint16]

    def __bool__(self) -> bool:
        return bool(len(self.centres))

    def of(self, mask: npt.NDArray[np.bool_]) -> Clusters:
        """Return the clusters of some of the vectors, bool (vectors,)."""
        return Clusters(self.centres, self.of_vectors[mask]) if self else self

    @classmethod
    def none(cls, dimension: int) -> Clusters:
        """Return no clusters."""
        return cls(np.zeros((0, dimension), np.float32), np.zeros(0, np.uint16))


def clusters_of_vectors(
    stretches: Callable[[], Iterable[Rounded]], count: int, dimension: int
) -> Clusters:
    """Find clusters of the vectors of passages, as many as the square root of their number.

    Args:
        stretches: Returns the vectors in parts, int8 (rows, dimension). It is called twice, so that
            they need not all be in memory.
        count: How many vectors there are. If they are few, they get no clusters.
        dimension: How many numbers a vector has.
    """
    if count < FEWEST_VECTORS:
        return Clusters.none(dimension)
    return _found(stretches, count, round(math.sqrt(count)))


def clusters_of_tokens(tokens: TokenCodes) -> Clusters:
    """Find clusters of the tokens of cards; none if they are few."""
    dimension, count = tokens.codes.shape[1] * IN_A_BYTE, len(tokens)
    if count < FEWEST_TOKENS:
        return Clusters.none(dimension)

    def stretches() -> Iterator[Floats]:
        for first in range(0, count, _AT_ONCE):
            own = slice(first, first + _AT_ONCE)
            yield TokenCodes(tokens.codes[own], tokens.scales[own]).vectors()

    return _found(stretches, count, round(_TOKEN_CLUSTERS_PER_ROOT * math.sqrt(count)))


def _found(
    stretches: Callable[[], Iterable[npt.NDArray[Any]]], count: int, wanted: int
) -> Clusters:
    """Find clusters by k-means over a sample."""
    import faiss

    wanted = min(wanted, _MOST)
    step = max(1, count // (wanted * _OF_A_CLUSTER))
    sample = np.concatenate([part[::step] for part in stretches()]).astype(np.float32)
    means = faiss.Kmeans(sample.shape[1], wanted, niter=_ROUNDS, seed=0, spherical=True)
    means.train(sample)
    centres = np.asarray(means.centroids, np.float32)
    nearest = [
        (part[first : first + _AT_ONCE].astype(np.float32) @ centres.T).argmax(axis=1)
        for part in stretches()
        for first in range(0, len(part), _AT_ONCE)
    ]
    return Clusters(centres, np.concatenate(nearest).astype(np.uint16))
