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
from index.store.vectors.base import VectorIndex

DIMENSION = 8


def implementations() -> list[type[VectorIndex]]:
    """Find the vector stores in all modules of the folder."""
    for module in pkgutil.iter_modules(vectors.__path__, f"{vectors.__name__}."):
        importlib.import_module(module.name)
    return VectorIndex.__subclasses__()


@pytest.fixture(params=implementations(), ids=lambda implementation: implementation.__name__)
def store(request: pytest.FixtureRequest) -> type[VectorIndex]:
    implementation: type[VectorIndex] = request.param
    return implementation


def random_vectors(count: int, seed: int = 0) -> Floats:
    return unit_rows(np.random.default_rng(seed).normal(size=(count, DIMENSION)))


def test_the_store_in_use_is_among_the_tested_ones() -> None:
    assert search_arrays.VECTOR_INDEX in implementations()


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 60), st.integers(1, 80), st.integers(0, 99))
def test_the_nearest_rows_are_those_with_the_highest_cosines(
    store: type[VectorIndex], rows: int, count: int, seed: int
) -> None:
    matrix, query = random_vectors(rows, seed), random_vectors(1, seed + 1)[0]
    found, cosines = store.build(matrix).nearest(query, count)
    assert found.shape == cosines.shape == (min(rows, count),)
    assert (found.dtype, cosines.dtype) == (np.int64, np.float32)
    assert len(set(found.tolist())) == len(found)
    assert (np.diff(cosines) <= 0).all()
    assert np.allclose(cosines, matrix[found] @ query, atol=1e-5)
    assert np.allclose(cosines, np.sort(matrix @ query)[::-1][: len(found)], atol=1e-5)


def test_equal_vectors_are_all_found(store: type[VectorIndex]) -> None:
    one, other = np.eye(DIMENSION, dtype=np.float32)[:2]
    found, cosines = store.build([one, other, one, one]).nearest(one, 3)
    assert sorted(found.tolist()) == [0, 2, 3]
    assert cosines.tolist() == [1, 1, 1]


def test_vectors_opposite_to_the_question_are_found_too(store: type[VectorIndex]) -> None:
    vector = np.eye(DIMENSION, dtype=np.float32)[0]
    found, cosines = store.build([-vector, vector]).nearest(vector, 2)
    assert found.tolist() == [1, 0]
    assert cosines.tolist() == [1, -1]


def test_the_vectors_are_stored_exactly(store: type[VectorIndex]) -> None:
    matrix = random_vectors(33)
    index = store.build(matrix)
    assert (len(index), index.dimension) == (33, DIMENSION)
    assert index.vectors.dtype == np.float32
    assert np.array_equal(index.vectors, matrix)


def test_vectors_are_read_one_after_another(store: type[VectorIndex]) -> None:
    matrix = random_vectors(5)

    def one_by_one() -> Iterator[Floats]:
        buffer = np.empty(DIMENSION, np.float32)
        for row in matrix:
            buffer[:] = row  # what a store kept without copying would change here
            yield buffer

    assert np.array_equal(store.build(one_by_one()).vectors, matrix)


def test_an_index_is_the_same_after_it_was_written_and_read(store: type[VectorIndex]) -> None:
    index, query = store.build(random_vectors(50)), random_vectors(1, 9)[0]
    copy = store.from_bytes(index.to_bytes())
    assert (len(copy), copy.dimension) == (len(index), index.dimension)
    assert np.array_equal(copy.vectors, index.vectors)
    for ours, theirs in zip(copy.nearest(query, 20), index.nearest(query, 20), strict=True):
        assert np.array_equal(ours, theirs)


def test_threads_may_search_at_the_same_time(store: type[VectorIndex]) -> None:
    index, queries = store.build(random_vectors(500)), random_vectors(200, 1)
    expected = [index.nearest(query, 10)[0].tolist() for query in queries]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda query: index.nearest(query, 10)[0].tolist(), queries))
    assert found == expected


@pytest.mark.parametrize("length", [0, 1, 9, -1], ids=["empty", "1 byte", "9 bytes", "1 less"])
def test_incomplete_bytes_are_refused(store: type[VectorIndex], length: int) -> None:
    content = store.build(random_vectors(3)).to_bytes()
    with pytest.raises(ValueError, match=r"\w"):
        store.from_bytes(content[:length])


def test_bytes_of_something_else_are_refused(store: type[VectorIndex]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        store.from_bytes(b"\xff" * 999)


def test_no_vectors_are_refused(store: type[VectorIndex]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        store.build([])


def test_vectors_of_different_dimensions_are_refused(store: type[VectorIndex]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        store.build([random_vectors(1)[0], np.ones(1, np.float32)])


def test_a_question_of_another_dimension_is_refused(store: type[VectorIndex]) -> None:
    index = store.build(random_vectors(3))
    with pytest.raises(ValueError, match=r"\w"):
        index.nearest(np.ones(1, np.float32), 1)


def test_each_store_has_a_suffix_of_its_own() -> None:
    suffixes = [implementation.suffix for implementation in implementations()]
    assert all(suffix.startswith(".") and suffix[1:].isalnum() for suffix in suffixes)
    assert len(set(suffixes)) == len(suffixes)
