"""Vectors of length 1 in one byte a number, as they are stored and searched.

They only propose passages, which are compared token by token then, so little is lost.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from index.models.encoder import Floats

Rounded = npt.NDArray[np.int8]

_LARGEST = 127  # of an int8
_DEVIATIONS = 8  # The largest value that is not cut off, in standard deviations.


def steps(dimension: int) -> float:
    """Return how many steps of an int8 a difference of 1 has.

    The values of a vector of length 1 have the standard deviation 1 / sqrt(dimension).
    """
    return _LARGEST / min(1.0, _DEVIATIONS / math.sqrt(dimension))


def rounded(vectors: Floats) -> Rounded:
    """Round vectors of length 1, f32 (rows, dimension)."""
    levels = np.rint(vectors * steps(vectors.shape[-1]))
    return np.asarray(np.clip(levels, -_LARGEST, _LARGEST), np.int8)


def restored(vectors: Rounded) -> Floats:
    """Return what rounded vectors stand for, f32 (rows, dimension)."""
    return np.asarray(vectors / steps(vectors.shape[-1]), np.float32)
