"""Every vector store keeps the contract of `VectorIndex`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.models.encoder import Floats, unit_rows
from index.store import search_arrays, vectors
from index.store.vectors.base import VectorIndex, VectorPart
from index.store.vectors.rounding import Rounded, rounded, steps

DIMENSION = 8
anywhere = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def implementations() -> list[type[VectorIndex]]:
    """Find the vector stores in all modules of the folder."""
    for module in pkgutil.iter_modules(vectors.__path__, f"{vectors.__name__}."):
        importlib.import_module(module.name)
    return VectorIndex.__subclasses__()


@pytest.fixture(params=implementations(), ids=lambda implementation: implementation.__name__)
def store(request: pytest.FixtureRequest) -> type[VectorIndex]:
    implementation: type[VectorIndex] = request.param
    return implementation


def unit_vectors(count: int, seed: int = 0) -> Floats:
    return unit_rows(np.random.default_rng(seed).normal(size=(count, DIMENSION)))


def random_vectors(count: int, seed: int = 0) -> Rounded:
    return rounded(unit_vectors(count, seed))


def parts(*vectors: Rounded) -> list[VectorPart]:
    return list(map(VectorPart, vectors))


def cosines_of(matrix: Rounded, query: Floats) -> Floats:
    """The cosines of rounded vectors to a rounded question."""
    products = matrix.astype(np.float32) @ rounded(query).astype(np.float32)
    return np.asarray(products / steps(DIMENSION) ** 2, np.float32)


def test_the_store_in_use_is_among_the_tested_ones() -> None:
    assert search_arrays.VECTOR_INDEX in implementations()


@anywhere
@given(st.integers(1, 60), st.integers(1, 80), st.integers(0, 99), st.data())
def test_the_nearest_rows_are_those_with_the_highest_cosines(
    store: type[VectorIndex], rows: int, count: int, seed: int, data: st.DataObject
) -> None:
    """However the vectors are given, in one part or in several."""
    matrix, query = random_vectors(rows, seed), unit_vectors(1, seed + 1)[0]
    cuts = sorted(data.draw(st.lists(st.integers(0, rows), max_size=3)))
    found, cosines = store.build(parts(*np.split(matrix, cuts))).nearest(query, count)
    assert found.shape == cosines.shape == (min(rows, count),)
    assert (found.dtype, cosines.dtype) == (np.int64, np.float32)
    assert len(set(found.tolist())) == len(found)
    assert (np.diff(cosines) <= 0).all()
    exact = cosines_of(matrix, query)
    assert np.allclose(cosines, exact[found], atol=1e-5)
    assert np.allclose(cosines, np.sort(exact)[::-1][: len(found)], atol=1e-5)


@anywhere
@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(1, 80), st.integers(0, 99))
def test_only_the_rows_that_may_be_found_are(
    store: type[VectorIndex], among: list[bool], count: int, seed: int
) -> None:
    matrix, query, mask = (
        random_vectors(len(among), seed),
        unit_vectors(1, seed + 1)[0],
        np.array(among),
    )
    found, cosines = store.build(parts(matrix)).nearest(query, count, mask)
    assert mask[found].all()
    assert len(set(found.tolist())) == len(found) == min(count, int(mask.sum()))
    exact = np.sort(cosines_of(matrix[mask], query))[::-1]
    assert np.allclose(cosines, exact[: len(found)], atol=1e-5)


def test_equal_vectors_are_all_found(store: type[VectorIndex]) -> None:
    one, other = np.eye(DIMENSION, dtype=np.float32)[:2]
    found, cosines = store.build(parts(rounded(np.stack([one, other, one, one])))).nearest(one, 3)
    assert sorted(found.tolist()) == [0, 2, 3]
    assert cosines.tolist() == [1, 1, 1]


def test_vectors_opposite_to_the_question_are_found_too(store: type[VectorIndex]) -> None:
    vector = np.eye(DIMENSION, dtype=np.float32)[0]
    found, cosines = store.build(parts(rounded(np.stack([-vector, vector])))).nearest(vector, 2)
    assert found.tolist() == [1, 0]
    assert cosines.tolist() == [1, -1]


def test_an_index_knows_its_size(store: type[VectorIndex]) -> None:
    index = store.build(parts(random_vectors(33), random_vectors(0), random_vectors(9)))
    assert (len(index), index.dimension) == (42, DIMENSION)


def test_vectors_are_read_one_part_after_another(store: type[VectorIndex]) -> None:
    vectors = unit_vectors(5)

    def one_by_one() -> Iterator[Rounded]:
        buffer = np.empty((1, DIMENSION), np.int8)
        for row in rounded(vectors):
            buffer[0] = row  # what a store kept without copying would change here
            yield buffer

    index = store.build(map(VectorPart, one_by_one()))
    for number, row in enumerate(vectors):
        assert index.nearest(row, 1)[0].tolist() == [number]


def test_vectors_that_cannot_be_written_are_read(store: type[VectorIndex]) -> None:
    """Those of a file that is mapped into memory are of this kind."""
    matrix = random_vectors(5)
    matrix.flags.writeable = False
    assert len(store.build(parts(matrix))) == 5


def test_threads_may_search_at_the_same_time(store: type[VectorIndex]) -> None:
    index, queries = store.build(parts(random_vectors(500))), unit_vectors(200, 1)
    mask = np.arange(500) % 3 > 0
    expected = [index.nearest(query, 10, mask)[0].tolist() for query in queries]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda query: index.nearest(query, 10, mask)[0].tolist(), queries))
    assert found == expected


def test_no_part_is_refused(store: type[VectorIndex]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        store.build([])


def test_vectors_of_different_dimensions_are_refused(store: type[VectorIndex]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        store.build(parts(random_vectors(1), np.ones((1, 1), np.int8)))


def test_a_question_of_another_dimension_is_refused(store: type[VectorIndex]) -> None:
    index = store.build(parts(random_vectors(3)))
    with pytest.raises(ValueError, match=r"\w"):
        index.nearest(np.ones(1, np.float32), 1)
