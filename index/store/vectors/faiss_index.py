"""A vector store in FAISS."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from index.models.encoder import Floats
from index.ranges import Indices
from index.store.vectors.base import Mask, VectorIndex, VectorPart
from index.store.vectors.clusters import Clusters
from index.store.vectors.rounding import Rounded, rounded, steps

if TYPE_CHECKING:
    import faiss

# The share of its clusters that a search looks at. With a filter it looks at more, so that it finds
# as many of the rows that may be found.
_PROBED, _FEWEST_PROBED = 0.03, 16


@dataclass(frozen=True, slots=True)
class _Part:
    """A FAISS index over some rows that follow one another.

    Attributes:
        index: The index.
        first: The first of its rows.
        clusters: How many clusters it has; 0 if a search looks at all rows.
        key: See `VectorPart`.
    """

    index: faiss.Index
    first: int
    clusters: int
    key: str = ""

    def nearest(self, asked: Floats, count: int, among: Mask | None) -> tuple[Indices, Floats]:
        """Return the rows with the highest products, and these."""
        import faiss

        selector, share = None, 1.0
        if among is not None:
            own = among[self.first : self.first + self.index.ntotal]
            share = float(own.mean()) if len(own) else 0.0
            bits = np.packbits(own, bitorder="little")
            selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
        if not share:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        parameters: Any = None
        if self.clusters:
            wanted = max(_FEWEST_PROBED, _PROBED * self.clusters) / share
            probed = min(self.clusters, math.ceil(wanted))
            parameters = faiss.SearchParametersIVF(sel=selector, nprobe=probed)  # type: ignore[call-arg]
        elif selector:
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        count = min(count, self.index.ntotal)
        products, rows = self.index.search(asked, count, params=parameters)
        found = rows[0] >= 0
        return rows[0][found] + self.first, products[0][found]


class FaissIndex(VectorIndex):
    """FAISS indexes of int8, which compare vectors by their inner product.

    Parts without clusters are one flat index. A part with clusters is an inverted file (IVF).
    """

    def __init__(self, parts: Sequence[_Part]) -> None:
        self._parts = parts

    @classmethod
    def build(cls, parts: Iterable[VectorPart], before: Self | None = None) -> Self:
        """See `VectorIndex.build`."""
        import faiss

        # Threads that wait for one another cost more than they help with a search of milliseconds.
        faiss.omp_set_num_threads(1)
        known = {part.key: part for part in before._parts if part.key} if before else {}
        built: list[_Part] = []
        first = dimension = 0
        for vectors, clusters, key in parts:
            dimension = dimension or vectors.shape[1]
            if vectors.shape[1] != dimension:
                raise ValueError(f"vectors of {dimension} and of {vectors.shape[1]} numbers")
            if clusters and key in known:
                built.append(replace(known[key], first=first))
            elif clusters:
                index = _inverted_file(vectors, clusters)
                built.append(_Part(index, first, len(clusters.centres), key))
            else:
                if not built or built[-1].clusters:
                    built.append(_Part(_flat(dimension), first, 0))
                built[-1].index.add_sa_codes(_codes(vectors))
            first += len(vectors)
        if not built:
            raise ValueError("an index needs at least one part")
        return cls(built)

    @property
    def dimension(self) -> int:
        """See `VectorIndex.dimension`."""
        return int(self._parts[0].index.d)

    def __len__(self) -> int:
        return sum(int(part.index.ntotal) for part in self._parts)

    def nearest(
        self, vector: Floats, count: int, among: Mask | None = None
    ) -> tuple[Indices, Floats]:
        """See `VectorIndex.nearest`."""
        if vector.shape != (self.dimension,):
            raise ValueError(f"a vector of shape {vector.shape} in {self.dimension} dimensions")
        asked = rounded(vector[None, :]).astype(np.float32)
        found = [part.nearest(asked, count, among) for part in self._parts]
        rows, products = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
        if len(found) > 1:
            best = np.argsort(-products, kind="stable")[:count]
            rows, products = rows[best], products[best]
        return rows, (products / steps(self.dimension) ** 2).astype(np.float32)


def _flat(dimension: int) -> faiss.Index:
    import faiss

    quantizer = faiss.ScalarQuantizer.QT_8bit_direct_signed
    return faiss.IndexScalarQuantizer(dimension, quantizer, faiss.METRIC_INNER_PRODUCT)


def _inverted_file(vectors: Rounded, clusters: Clusters) -> faiss.Index:
    """Return an index with the clusters as they are; nothing is trained."""
    import faiss

    dimension, count = vectors.shape[1], len(clusters.centres)
    centres = faiss.IndexFlatIP(dimension)
    centres.add(clusters.centres)
    index = faiss.IndexIVFScalarQuantizer(
        centres,
        dimension,
        count,
        faiss.ScalarQuantizer.QT_8bit_direct_signed,
        faiss.METRIC_INNER_PRODUCT,
        False,
    )
    index.own_fields, index.is_trained = True, True
    centres.this.disown()  # type: ignore[attr-defined]
    lists: Any = index.invlists
    order = np.argsort(clusters.of_vectors, kind="stable")
    edges = np.searchsorted(clusters.of_vectors[order], np.arange(count + 1)).tolist()
    for number, (begin, end) in enumerate(pairwise(edges)):
        if begin < end:
            rows = order[begin:end]
            codes = _codes(vectors[rows])
            lists.add_entries(number, len(rows), faiss.swig_ptr(rows), faiss.swig_ptr(codes))
    index.ntotal = len(vectors)
    return index


def _codes(vectors: Rounded) -> npt.NDArray[np.uint8]:
    """Return vectors as FAISS stores them: a signed byte n as n + 128."""
    return np.ascontiguousarray(vectors).view(np.uint8) ^ np.uint8(128)
