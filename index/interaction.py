"""Late interaction: how well each token of a question is met by the tokens of a passage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.encoder import Floats

Halves = npt.NDArray[np.float16]
Indices = npt.NDArray[np.int64]
_NEARLY = 0.05  # below the best match, on the scale of a cosine


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
    begins, ends = units.begins[chosen], units.ends[chosen]
    lengths = ends - begins
    best = np.zeros((len(chosen), len(query)), np.float32)
    filled = np.flatnonzero(lengths)
    if not len(filled) or not len(query):
        return best
    rows = _rows(units.rows, begins[filled], ends[filled])
    similar = query @ rows.astype(np.float32).T
    offsets = np.concatenate([[0], np.cumsum(lengths[filled])[:-1]])
    best[filled] = np.maximum.reduceat(similar, offsets, axis=1).T
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
    begin, end = int(units.begins[unit]), int(units.ends[unit])
    similar = query @ units.rows[begin:end].astype(np.float32).T
    near = similar >= similar.max(axis=1, keepdims=True) - _NEARLY
    return np.asarray(begin + np.flatnonzero(near.any(axis=0)), np.int64)


def _rows(rows: Halves, begins: Indices, ends: Indices) -> Halves:
    if np.array_equal(begins[1:], ends[:-1]):  # neighbours: one slice, no copy
        return rows[begins[0] : ends[-1]]
    return np.concatenate([rows[a:b] for a, b in zip(begins, ends, strict=True)])
