"""A vector store in FAISS."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING, Self

import numpy as np

from index.late_interaction.codes import Indices
from index.models.encoder import Floats
from index.store.vectors.base import Mask, VectorIndex
from index.store.vectors.rounding import Rounded, rounded, steps

if TYPE_CHECKING:
    import faiss

_CONVERTED_AT_ONCE = 16_384  # vectors


class FaissIndex(VectorIndex):
    """A flat FAISS index of int8: it compares a vector with all rows by their inner product."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, parts: Iterable[Rounded]) -> Self:
        """See `VectorIndex.build`."""
        import faiss

        remaining = iter(parts)
        first = next(remaining, None)
        if first is None:
            raise ValueError("an index needs at least one part")
        # Threads that wait for one another cost more than they help with a search of milliseconds.
        faiss.omp_set_num_threads(1)
        dimension = first.shape[1]
        index = faiss.IndexScalarQuantizer(
            dimension, faiss.ScalarQuantizer.QT_8bit_direct_signed, faiss.METRIC_INNER_PRODUCT
        )
        for part in chain([first], remaining):
            if part.shape[1] != dimension:
                raise ValueError(f"vectors of {dimension} and of {part.shape[1]} numbers")
            for start in range(0, len(part), _CONVERTED_AT_ONCE):
                index.add(part[start : start + _CONVERTED_AT_ONCE].astype(np.float32))
        return cls(index)

    @property
    def dimension(self) -> int:
        """See `VectorIndex.dimension`."""
        return int(self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def nearest(
        self, vector: Floats, count: int, among: Mask | None = None
    ) -> tuple[Indices, Floats]:
        """See `VectorIndex.nearest`."""
        import faiss

        if vector.shape != (self.dimension,):
            raise ValueError(f"a vector of shape {vector.shape} in {self.dimension} dimensions")
        options = None
        if among is not None:
            bits = np.packbits(among, bitorder="little")
            chosen = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
            options = faiss.SearchParameters(sel=chosen)  # type: ignore[call-arg]
        count = min(count, len(self))
        asked = rounded(vector[None, :]).astype(np.float32)
        products, rows = self._index.search(asked, count, params=options)
        found = rows[0] >= 0
        cosines = products[0][found] / steps(self.dimension) ** 2
        return rows[0][found], cosines.astype(np.float32)
