"""Numbers of rows, and ranges of them, such as the sentences of some passages."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.int64]


def joined_ranges(begins: Indices, ends: Indices) -> tuple[Indices, Indices]:
    """Return the numbers of some ranges, one range after another.

    Args:
        begins: i64 (ranges,), the first number of each range.
        ends: i64 (ranges,), one past the last number of each; not below `begins`.

    Returns:
        i64 (numbers,) twice: the numbers, and the place of the range that each is in.
    """
    counts = ends - begins
    owners = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts) - counts
    return np.arange(len(owners)) + (begins - starts)[owners], owners
