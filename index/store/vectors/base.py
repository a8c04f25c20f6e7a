"""The interface of a vector store.

To add a store, write a subclass of `VectorIndex` in a module of this folder. The contract tests in
`tests/index/store/vectors` run over every subclass in the folder. `index.store.search_arrays`
chooses the store that is used.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar, Self

from index.late_interaction.maxsim import Indices
from index.models.encoder import Floats


class VectorIndex(ABC):
    """Vectors of length 1 with row numbers 0, 1, 2, ... in the order in which they were given.

    An index never changes after it was built, so several threads may search it at the same time.
    The search is exact. The same question has the same answer each time, after `from_bytes`, too.
    """

    suffix: ClassVar[str]
    """The suffix of a file with the bytes of an index, such as `.faiss`."""

    @classmethod
    @abstractmethod
    def build(cls, vectors: Iterable[Floats]) -> Self:
        """Build an index.

        Args:
            vectors: One or more vectors, f32 (dimension,), of length 1. They are read once, one
                after another, so that they need not all be in memory.

        Raises:
            ValueError: There is no vector, or the vectors differ in their dimension.
        """

    @classmethod
    @abstractmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Return the index that `to_bytes` returned the bytes of.

        Raises:
            ValueError: The bytes are not those of an index, or some are missing. Changed bytes are
                not always noticed; the caller keeps a checksum.
        """

    @abstractmethod
    def to_bytes(self) -> bytes:
        """Return the index as the content of a file."""

    @property
    @abstractmethod
    def dimension(self) -> int:
        """How many numbers a vector has."""

    @property
    @abstractmethod
    def vectors(self) -> Floats:
        """All vectors, f32 (rows, dimension), with exactly the numbers that were given."""

    @abstractmethod
    def __len__(self) -> int:
        """Return the number of rows."""

    @abstractmethod
    def nearest(self, vector: Floats, count: int) -> tuple[Indices, Floats]:
        """Find the rows with the highest cosine to a vector.

        Args:
            vector: f32 (dimension,), of length 1.
            count: How many rows to return, 1 or more. All rows are returned if there are fewer.

        Returns:
            The row numbers, i64 (n,), and their cosines, f32 (n,), highest cosine first. The order
            of rows with the same cosine is not defined.

        Raises:
            ValueError: The vector has another dimension.
        """
