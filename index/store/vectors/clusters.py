"""Clusters of vectors: groups of near ones, so that a search need not look at all of them.

They are made once, when a large segment is written, and are stored with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.models.encoder import Floats
from index.store.vectors.rounding import Rounded

# So many vectors are looked at one by one in a few milliseconds.
FEWEST = 150_000
_OF_A_CLUSTER = 64  # vectors that a centre is computed from
_ROUNDS = 10
_AT_ONCE = 16_384  # vectors that are compared with the centres in one step


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


def find_clusters(
    stretches: Callable[[], Iterable[Rounded]], count: int, dimension: int
) -> Clusters:
    """Find clusters by k-means, as many as the square root of the number of vectors.

    Args:
        stretches: Returns the vectors in parts, int8 (rows, dimension). It is called twice, so that
            they need not all be in memory.
        count: How many vectors there are. If they are few, they get no clusters.
        dimension: How many numbers a vector has.
    """
    import faiss

    if count < FEWEST:
        return Clusters.none(dimension)
    clusters = round(math.sqrt(count))
    step = max(1, count // (clusters * _OF_A_CLUSTER))
    means = faiss.Kmeans(dimension, clusters, niter=_ROUNDS, seed=0, spherical=True)
    means.train(np.concatenate([part[::step].astype(np.float32) for part in stretches()]))
    centres = np.asarray(means.centroids, np.float32)
    nearest = [
        (part[first : first + _AT_ONCE].astype(np.float32) @ centres.T).argmax(axis=1)
        for part in stretches()
        for first in range(0, len(part), _AT_ONCE)
    ]
    return Clusters(centres, np.concatenate(nearest).astype(np.uint16))
