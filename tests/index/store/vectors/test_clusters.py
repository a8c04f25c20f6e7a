"""Clusters of vectors, and searches that look at some of them only."""

from __future__ import annotations

import numpy as np
import pytest

from index.models.encoder import Floats, unit_rows
from index.store.vectors import clusters
from index.store.vectors.base import VectorPart
from index.store.vectors.clusters import Clusters, clusters_of_vectors
from index.store.vectors.faiss_index import FaissIndex
from index.store.vectors.rounding import Rounded, rounded

DIMENSION = 32


@pytest.fixture(autouse=True)
def _few_vectors_have_clusters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "FEWEST_VECTORS", 1000)


def unit_vectors(count: int, seed: int) -> Floats:
    """Vectors around some centres, as those of texts are."""
    draw = np.random.default_rng(seed)
    centres = np.random.default_rng(0).normal(size=(40, DIMENSION))
    return unit_rows(centres[draw.integers(0, 40, count)] + draw.normal(size=(count, DIMENSION)))


def part(vectors: Rounded) -> VectorPart:
    return VectorPart(
        vectors, clusters_of_vectors(lambda: np.array_split(vectors, 3), *vectors.shape)
    )


def test_few_vectors_get_no_clusters() -> None:
    assert not part(rounded(unit_vectors(999, 1))).clusters


def test_each_vector_is_in_the_cluster_of_the_nearest_centre() -> None:
    vectors = rounded(unit_vectors(3000, 1))
    found = part(vectors).clusters
    assert found
    assert len(found.centres) == round(3000**0.5)
    assert np.allclose(np.linalg.norm(found.centres, axis=1), 1, atol=1e-4)
    nearest = (vectors.astype(np.float32) @ found.centres.T).argmax(axis=1)
    assert np.array_equal(found.of_vectors, nearest)


@pytest.fixture
def rows() -> list[Rounded]:
    return [rounded(unit_vectors(count, count)) for count in (200, 3000, 100, 50, 2500)]


@pytest.fixture
def index(rows: list[Rounded]) -> FaissIndex:
    """Parts with clusters and without them, in turns."""
    return FaissIndex.build(map(part, rows))


def test_rows_are_numbered_over_all_parts(index: FaissIndex, rows: list[Rounded]) -> None:
    vectors = np.concatenate(rows).astype(np.float32)
    assert (len(index), index.dimension) == (len(vectors), DIMENSION)
    for row in range(0, len(vectors), 97):
        found, cosines = index.nearest(unit_rows(vectors[[row]])[0], 5)
        assert row in found.tolist()
        assert (np.diff(cosines) <= 0).all()


def test_most_of_the_nearest_rows_are_found(index: FaissIndex, rows: list[Rounded]) -> None:
    vectors = np.concatenate(rows).astype(np.float32)
    shares = []
    for query in unit_vectors(40, 7):
        best = np.argsort(-(vectors @ rounded(query).astype(np.float32)))[:10]
        shares.append(np.isin(best, index.nearest(query, 100)[0]).mean())
    assert np.mean(shares) > 0.9


@pytest.mark.parametrize("count", [1, 30, 400])
def test_a_narrow_filter_leaves_no_row_out(
    index: FaissIndex, rows: list[Rounded], count: int
) -> None:
    """The fewer rows may be found, the more clusters are looked at."""
    total = sum(map(len, rows))
    mask = np.zeros(total, bool)
    mask[np.random.default_rng(count).permutation(total)[:count]] = True
    found, _ = index.nearest(unit_vectors(1, 9)[0], count, mask)
    assert set(found.tolist()) <= set(np.flatnonzero(mask).tolist())
    assert len(found) >= 0.95 * count
    assert len(index.nearest(unit_vectors(1, 9)[0], 5, np.zeros(total, bool))[0]) == 0


def test_some_of_the_vectors_keep_their_clusters() -> None:
    vectors = rounded(unit_vectors(2000, 3))
    whole = part(vectors).clusters
    assert whole
    mask = np.arange(2000) % 2 == 0
    some = whole.of(mask)
    index = FaissIndex.build([VectorPart(vectors[mask], some)])
    assert np.array_equal(some.of_vectors, whole.of_vectors[mask])
    asked = unit_rows(vectors[[10]].astype(np.float32))[0]
    assert index.nearest(asked, 1)[0].tolist() == [5]
    assert not Clusters.none(4).of(np.zeros(0, bool))
