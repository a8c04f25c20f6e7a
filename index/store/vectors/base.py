"""The interface of a vector store.

To add a store, write a subclass of `VectorIndex` in a module of this folder. The contract tests in
`tests/index/store/vectors` run over every subclass in the folder. `index.store.search_arrays`
chooses the store that is used.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import NamedTuple, Protocol, Self

import numpy as np
import numpy.typing as npt

from index.models.encoder import Floats
from index.ranges import Indices
from index.store.vectors.clusters import Clusters
from index.store.vectors.rounding import Rounded

Mask = npt.NDArray[np.bool_]


class VectorPart(NamedTuple):
    """Some of the vectors of an index.

    Attributes:
        vectors: Vectors of length 1, rounded, int8 (rows, dimension).
        clusters: Their clusters, if there are so many that not all are looked at.
        key: What tells them from all other vectors; empty if that is not known.
    """

    vectors: Rounded
    clusters: Clusters | None = None
    key: str = ""


class NearestVectors(Protocol):
    """Finds vectors by their row numbers, wherever they lie."""

    def nearest(
        self, vector: Floats, count: int, among: Mask | None = None
    ) -> tuple[Indices, Floats]:
        """Find the rows with the highest cosine to a vector.

        Args:
            vector: f32 (dimension,), of length 1.
            count: How many rows to return, 1 or more. All rows are returned if there are fewer.
            among: bool (rows,), the rows that may be found; all if omitted.

        Returns:
            The row numbers, i64 (n,), and their cosines as rounded vectors give them, f32 (n,),
            highest first. The order of rows with the same cosine is not defined.

        Raises:
            ValueError: The vector has another dimension.
        """


class VectorIndex(ABC):
    """Vectors of length 1 in memory, with row numbers 0, 1, 2, ... in the order they were given.

    An index never changes after it was built, so several threads may search it at the same time.
    The same question has the same answer each time. The search leaves no row out but in parts with
    clusters: there it looks at the nearest clusters only.
    """

    @classmethod
    @abstractmethod
    def build(cls, parts: Iterable[VectorPart], before: Self | None = None) -> Self:
        """Build an index.

        Args:
            parts: The vectors. They are read once, one part after another, so that they need not
                all be in memory.
            before: An earlier index, whose parts with the same keys may be used again.

        Raises:
            ValueError: There is no part, or the vectors differ in their dimension.
        """

    @property
    @abstractmethod
    def dimension(self) -> int:
        """How many numbers a vector has."""

    @abstractmethod
    def __len__(self) -> int:
        """Return the number of rows."""

    @abstractmethod
    def nearest(
        self, vector: Floats, count: int, among: Mask | None = None
    ) -> tuple[Indices, Floats]:
        """See `NearestVectors.nearest`."""
