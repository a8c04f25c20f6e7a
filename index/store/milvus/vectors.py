"""Finds passages on a server by their vectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.models.encoder import Floats
from index.ranges import Indices
from index.store.milvus.client import Client, Hit
from index.store.milvus.passages import place_of
from index.store.vectors.base import Mask
from index.store.vectors.rounding import rounded, steps

MOST = 16_384  # rows that Milvus returns at most
_MOST_NAMED = 4000  # statements that a condition names; more would take long to read


@dataclass(frozen=True, slots=True)
class Rows:
    """The statements of one catalogue, and the numbers of their passages.

    Attributes:
        first_passages: The number of the first passage of each statement, by the number of the
            statement on the server.
        statement_of: i64 (passages,), the number on the server of the statement of each passage.
    """

    first_passages: Mapping[int, int]
    statement_of: Indices

    def number(self, key: str) -> int:
        """Return the number of a passage by its key, or by the key of one of its vectors.

        It is -1 for another statement, which is being added or deleted this moment.
        """
        row, passage = place_of(key)
        first = self.first_passages.get(row)
        return -1 if first is None else first + passage

    def condition(self, among: Mask | None) -> str:
        """Return the condition for some passages; empty if it would name too many statements.

        Args:
            among: bool (passages,), all or none of each statement; None for all passages.
        """
        if among is None or among.all():
            return ""
        inside, outside = np.unique(self.statement_of[among]), np.unique(self.statement_of[~among])
        named, word = (inside, "in") if len(inside) <= len(outside) else (outside, "not in")
        if len(named) > _MOST_NAMED:
            return ""
        return f"statement {word} [{', '.join(map(str, named.tolist()))}]"


def found_rows(
    find: Callable[[int], Sequence[Hit]], number_of: Callable[[str], int], count: int
) -> list[tuple[int, float]]:
    """Find rows until enough of them can be used.

    Args:
        find: Returns so many hits, best first.
        number_of: Returns the number of a row by its key; -1 if the row cannot be used.
        count: How many are wanted.

    Returns:
        The numbers of the rows and their inner products, best first.
    """
    asked = min(count, MOST)
    while True:
        hits = find(asked)
        numbered = ((number_of(hit.key), hit.product) for hit in hits)
        # A server that was killed may hold a row twice that was being written.
        usable = list({pair[0]: pair for pair in numbered if pair[0] >= 0}.values())
        if len(usable) >= count or len(hits) < asked or asked == MOST:
            return usable[:count]
        asked = min(2 * asked, MOST)


@dataclass(frozen=True, slots=True)
class RemoteVectors:
    """The vectors of all passages, as `NearestVectors`.

    Attributes:
        client: The server.
        collection: The collection of vectors.
        rows: The statements.
        first_vectors: i64 (passages + 1,), the number of the first vector of each passage.
        owners: i64 (vectors,), the passage of each vector.
        dimension: How many numbers a vector has.
    """

    client: Client
    collection: str
    rows: Rows
    first_vectors: Indices
    owners: Indices
    dimension: int

    def nearest(
        self, vector: Floats, count: int, among: Mask | None = None
    ) -> tuple[Indices, Floats]:
        """See `NearestVectors.nearest`. `among` has all vectors of a statement, or none."""
        if vector.shape != (self.dimension,):
            raise ValueError(f"a vector of shape {vector.shape} in {self.dimension} dimensions")
        inside = None if among is None else among[self.first_vectors[:-1]]
        condition = self.rows.condition(inside)
        asked = rounded(vector[None, :])[0].astype(np.float32).tolist()

        def find(limit: int) -> Sequence[Hit]:
            return self.client.nearest(self.collection, "vector", asked, limit, condition)

        def number_of(key: str) -> int:
            passage = self.rows.number(key)
            if passage < 0 or (inside is not None and not inside[passage]):
                return -1
            return int(self.first_vectors[passage]) + int(key.rsplit(".", 1)[1])

        found = found_rows(find, number_of, count)
        cosines = np.array([product for _, product in found], np.float32)
        numbers = np.array([number for number, _ in found], np.int64)
        return numbers, cosines / np.float32(steps(self.dimension) ** 2)
