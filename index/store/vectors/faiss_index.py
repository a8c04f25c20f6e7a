"""Nearest neighbours by cosine (FAISS). The only file that knows FAISS."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from index.late_interaction.maxsim import Indices
from index.models.encoder import Floats

if TYPE_CHECKING:
    import faiss


class VectorIndex:
    """An exact inner-product index over unit vectors; row numbers are the caller's."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def of(cls, vectors: Iterable[Floats]) -> VectorIndex:
        """Index f32 (dimension,) vectors of length 1, one or more."""
        import faiss

        rest = iter(vectors)
        first = next(rest)
        index = faiss.IndexFlatIP(len(first))
        for vector in chain([first], rest):
            index.add(np.ascontiguousarray(vector[None], np.float32))
        return cls(index)

    @classmethod
    def of_bytes(cls, data: bytes) -> VectorIndex:
        """Open an index that `to_bytes` gave."""
        import faiss

        return cls(faiss.deserialize_index(np.frombuffer(data, np.uint8)))

    def to_bytes(self) -> bytes:
        """The index as a file: Python writes and reads it, so any path and error is understood."""
        import faiss

        return bytes(faiss.serialize_index(self._index).tobytes())

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self._index.d)

    @property
    def vectors(self) -> Floats:
        """What was indexed, f32 (rows, dimension)."""
        return np.asarray(self._index.reconstruct_n(0, len(self)), np.float32)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def nearest(self, vector: Floats, count: int) -> tuple[Indices, Floats]:
        """Row numbers and cosines of the `count` nearest rows, best first."""
        scores, rows = self._index.search(vector[None, :], min(count, len(self)))
        return rows[0], scores[0]
