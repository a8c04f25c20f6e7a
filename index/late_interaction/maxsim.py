"""MaxSim: compares the token vectors of a query with those of passages and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from index.late_interaction.codes import NumberedTokens
from index.models.encoder import Floats, unit_rows
from index.ranges import Indices, joined_ranges

_NEARLY = 0.05  # A row counts as a best match up to this much below the best cosine.
# The most rows, and the most cosines, that are computed at once. 4,096 rows fit into the cache of
# the processor. Without these limits a long unit, or many units, would need gigabytes of memory.
_ROWS, _CELLS = 2**12, 2**22


@dataclass(frozen=True, slots=True)
class TokenMatrix:
    """The token vectors of many units. A unit is one passage or one sentence.

    Attributes:
        rows: The token vectors.
        begins: i64 (units,), the first row of each unit.
        ends: i64 (units,), one past the last row of each unit.
    """

    rows: NumberedTokens
    begins: Indices
    ends: Indices

    def __len__(self) -> int:
        return len(self.begins)

    def means(self, chosen: Indices) -> Floats:
        """Return the mean token vector of some units, scaled to length 1.

        Args:
            chosen: i64 (chosen units,), the numbers of the units.

        Returns:
            f32 (chosen units, dimension). The row of a unit without tokens is 0.
        """
        begins, ends = self.begins[chosen], self.ends[chosen]
        filled = np.flatnonzero(begins < ends)
        if not len(filled):
            return np.zeros((len(chosen), self.rows.dimension), np.float32)
        vectors = self.rows.take(begins[filled], ends[filled]).vectors()
        offsets = np.cumsum(ends[filled] - begins[filled]) - (ends[filled] - begins[filled])
        means = np.zeros((len(chosen), vectors.shape[1]), np.float32)
        means[filled] = np.add.reduceat(vectors, offsets, axis=0)
        return unit_rows(means)


def max_sim_tokens(query: Floats, units: TokenMatrix, chosen: Indices) -> Floats:
    """Return, for each chosen unit and each query token, the best cosine within the unit.

    This is the inner maximum of MaxSim (Khattab & Zaharia 2020, ColBERT). Its mean over the query
    tokens is the score of a unit. A unit without tokens has the cosine 0.

    Args:
        query: f32 (query tokens, dimension), unit rows.
        units: The units.
        chosen: i64 (chosen units,), the numbers of the units to compare, ascending.

    Returns:
        f32 (chosen units, query tokens).
    """
    best = np.zeros((len(chosen), len(query)), np.float32)
    begins, ends = units.begins[chosen], units.ends[chosen]
    filled = np.flatnonzero(begins < ends)
    if not len(filled) or not len(query):
        return best
    units.rows.fetch(begins[filled], ends[filled])
    room = _rows_at_once(query)
    owners, begins, ends = _cut(filled, begins[filled], ends[filled], room)
    maxima = np.concatenate(
        [
            _piece_maxima(query, units.rows, begins[first:last], ends[first:last])
            for first, last in _groups(ends - begins, room)
        ]
    )
    first_pieces = np.flatnonzero(np.diff(owners, prepend=-1))
    best[owners[first_pieces]] = np.maximum.reduceat(maxima, first_pieces)
    return best


def best_rows(query: Floats, units: TokenMatrix, unit: int, best: Floats) -> Indices:
    """Return the rows of a unit that match a query token best or nearly as well as the best row.

    A word that stands twice in a sentence has two such rows.

    Args:
        query: f32 (query tokens, dimension), unit rows.
        units: The units.
        unit: The number of the unit. It has at least one token.
        best: f32 (query tokens,), the best cosine within the unit; see `max_sim_tokens`.

    Returns:
        i64 (n,), numbers of rows of `units.rows`, ascending.
    """
    begin, end, room = int(units.begins[unit]), int(units.ends[unit]), _rows_at_once(query)
    near = [
        (best - _NEARLY <= units.rows.take(*_range(first, min(first + room, end))).cosines(query))
        for first in range(begin, end, room)
    ]
    return np.asarray(begin + np.flatnonzero(np.concatenate(near).any(axis=1)), np.int64)


def _rows_at_once(query: Floats) -> int:
    """Return how many rows are compared with a query in one step."""
    return max(1, min(_ROWS, _CELLS // len(query)))


def _cut(
    owners: Indices, begins: Indices, ends: Indices, room: int
) -> tuple[Indices, Indices, Indices]:
    """Cut units into pieces of at most `room` rows.

    Returns:
        The owner, the first row and one past the last row of each piece.
    """
    counts = -(-(ends - begins) // room)
    number_in_unit, unit = joined_ranges(np.zeros_like(counts), counts)
    piece_begins = begins[unit] + room * number_in_unit
    piece_ends = np.minimum(piece_begins + room, ends[unit])
    return owners[unit], piece_begins, piece_ends


def _groups(lengths: Indices, room: int) -> Iterator[tuple[int, int]]:
    """Yield (first piece, one past the last) of the pieces that are compared in one step."""
    totals, first = np.cumsum(lengths), 0
    while first < len(totals):
        before = totals[first - 1] if first else 0
        last = int(np.searchsorted(totals, before + room, "right"))
        yield first, last
        first = last


def _range(begin: int, end: int) -> tuple[Indices, Indices]:
    return np.array([begin]), np.array([end])


def _piece_maxima(query: Floats, rows: NumberedTokens, begins: Indices, ends: Indices) -> Floats:
    """Return the best cosine of each query token in each piece, f32 (pieces, query tokens)."""
    cosines = rows.take(begins, ends).cosines(query)
    offsets = np.concatenate([[0], np.cumsum(ends - begins)[:-1]])
    return np.asarray(np.maximum.reduceat(cosines, offsets, axis=0), np.float32)
