"""A vector store in FAISS. The only file that knows FAISS."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING, Self

import numpy as np

from index.late_interaction.maxsim import Indices
from index.models.encoder import Floats
from index.store.vectors.base import VectorIndex

if TYPE_CHECKING:
    import faiss


class FaissIndex(VectorIndex):
    """A flat FAISS index: it compares a vector with all rows by their inner product."""

    suffix = ".faiss"

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Iterable[Floats]) -> Self:
        """See `VectorIndex.build`."""
        import faiss

        remaining = iter(vectors)
        first = next(remaining, None)
        if first is None:
            raise ValueError("an index needs at least one vector")
        index = faiss.IndexFlatIP(len(first))
        for vector in chain([first], remaining):
            if vector.shape != first.shape:
                raise ValueError(f"vectors of {len(first)} and of {len(vector)} numbers")
            index.add(np.ascontiguousarray(vector[None], np.float32))
        return cls(index)

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """See `VectorIndex.from_bytes`."""
        import faiss

        try:
            return cls(faiss.deserialize_index(np.frombuffer(content, np.uint8)))
        except RuntimeError as error:
            raise ValueError(f"not a FAISS index ({error})") from error

    def to_bytes(self) -> bytes:
        """See `VectorIndex.to_bytes`."""
        import faiss

        return bytes(faiss.serialize_index(self._index).tobytes())

    @property
    def dimension(self) -> int:
        """See `VectorIndex.dimension`."""
        return int(self._index.d)

    @property
    def vectors(self) -> Floats:
        """See `VectorIndex.vectors`."""
        return np.asarray(self._index.reconstruct_n(0, len(self)), np.float32)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def nearest(self, vector: Floats, count: int) -> tuple[Indices, Floats]:
        """See `VectorIndex.nearest`."""
        if vector.shape != (self.dimension,):
            raise ValueError(f"a vector of shape {vector.shape} in {self.dimension} dimensions")
        cosines, rows = self._index.search(vector[None, :], min(count, len(self)))
        return rows[0], cosines[0]
