"""Late interaction: how well each token of a question is met by the tokens of a passage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.models.encoder import Floats

Halves = npt.NDArray[np.float16]
Indices = npt.NDArray[np.int64]
_NEARLY = 0.05  # below the best match, on the scale of a cosine
# What is compared at once: a long unit, or many, would take gigabytes.
_ROWS, _CELLS = 2**14, 2**22


@dataclass(frozen=True, slots=True)
class TokenMatrix:
    """The token vectors of many units.

    Attributes:
        rows: f16 (tokens, dimension), unit rows.
        begins: i64 (units,), the first row of each unit.
        ends: i64 (units,), one past its last row.
    """

    rows: Halves
    begins: Indices
    ends: Indices

    def __len__(self) -> int:
        return len(self.begins)


def max_sim_tokens(query: Floats, units: TokenMatrix, chosen: Indices) -> Floats:
    """For each chosen unit and each query token, the cosine of its best match in the unit.

    This is the inner maximum of MaxSim (Khattab & Zaharia 2020, ColBERT); its mean over query
    tokens is the score. A unit without tokens matches nothing: 0.

    Args:
        query: f32 (query tokens, dimension), unit rows.
        units: The token matrix to look in.
        chosen: Which units, ascending.

    Returns:
        f32 (chosen units, query tokens).
    """
    best = np.zeros((len(chosen), len(query)), np.float32)
    begins, ends = units.begins[chosen], units.ends[chosen]
    filled = np.flatnonzero(begins < ends)
    if not len(filled) or not len(query):
        return best
    room = _room(query)
    owners, begins, ends = _pieces(filled, begins[filled], ends[filled], room)
    found = np.concatenate(
        [
            _maxima(query, units.rows, begins[first:last], ends[first:last])
            for first, last in _blocks(ends - begins, room)
        ]
    )
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    best[owners[starts]] = np.maximum.reduceat(found, starts)
    return best


def matches(query: Floats, units: TokenMatrix, unit: int) -> Indices:
    """The rows of one unit that meet a query token best, or nearly so, as a word said twice does.

    Args:
        query: f32 (query tokens, dimension), unit rows.
        units: The token matrix to look in.
        unit: Which unit; it has tokens.

    Returns:
        i64 (n,), ascending.
    """
    begin, end, room = int(units.begins[unit]), int(units.ends[unit]), _room(query)
    least = max_sim_tokens(query, units, np.array([unit])).T - _NEARLY
    near = [
        (query @ units.rows[first : min(first + room, end)].astype(np.float32).T >= least).any(0)
        for first in range(begin, end, room)
    ]
    return np.asarray(begin + np.flatnonzero(np.concatenate(near)), np.int64)


def _room(query: Floats) -> int:
    """How many rows are compared with a question at once."""
    return max(1, min(_ROWS, _CELLS // len(query)))


def _pieces(
    owners: Indices, begins: Indices, ends: Indices, room: int
) -> tuple[Indices, Indices, Indices]:
    """Units cut into pieces of no more than `room` rows: the owner, begin and end of each."""
    counts = -(-(ends - begins) // room)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    cut = np.repeat(begins, counts) + room * within
    return np.repeat(owners, counts), cut, np.minimum(cut + room, np.repeat(ends, counts))


def _blocks(lengths: Indices, room: int) -> Iterator[tuple[int, int]]:
    """Pieces that are looked at together: the first, and one past the last."""
    held, first = np.cumsum(lengths), 0
    while first < len(held):
        before = held[first - 1] if first else 0
        last = int(np.searchsorted(held, before + room, "right"))
        yield first, last
        first = last


def _maxima(query: Floats, rows: Halves, begins: Indices, ends: Indices) -> Floats:
    """For each piece and each query token the best match, f32 (pieces, query tokens)."""
    similar = query @ _rows(rows, begins, ends).astype(np.float32).T
    offsets = np.concatenate([[0], np.cumsum(ends - begins)[:-1]])
    return np.asarray(np.maximum.reduceat(similar, offsets, axis=1).T, np.float32)


def _rows(rows: Halves, begins: Indices, ends: Indices) -> Halves:
    if np.array_equal(begins[1:], ends[:-1]):  # neighbours: one slice, no copy
        return rows[begins[0] : ends[-1]]
    return np.concatenate([rows[a:b] for a, b in zip(begins, ends, strict=True)])
