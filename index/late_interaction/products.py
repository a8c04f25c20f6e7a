"""Products of token codes with a query, in whole numbers.

Processors multiply numbers of one byte several times as fast as floating-point numbers, and the
codes have so few levels that nothing is lost. numpy has no such product, onnxruntime has.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from index.models.encoder import Floats
from index.models.onnx_session import Session, open_session
from index.models.trained_arrays import read_package_file

GRAPH = "product.onnx"  # `scripts/product_graph.py` writes it
_LARGEST = 127  # of an int8


def products(levels: npt.NDArray[np.uint8], query: Floats) -> Floats:
    """Return the product of each row of codes with each row of a query, f32 (tokens, query tokens).

    Args:
        levels: u8 (tokens, dimension). A level n stands for the value 2 n - 3.
        query: f32 (query tokens, dimension). Each row is rounded to 255 levels.
    """
    scales = np.maximum(np.abs(query).max(axis=1, initial=0), 1e-12) / _LARGEST
    rounded = np.rint(query / scales[:, None]).astype(np.int8)
    offsets = -3 * scales * rounded.sum(axis=1, dtype=np.int32)
    inputs = {
        "levels": levels,
        "query": np.ascontiguousarray(rounded.T),
        "scales": (2 * scales).astype(np.float32),
        "offsets": offsets.astype(np.float32),
    }
    (found,) = _session().run(None, inputs)
    return np.asarray(found, np.float32)


@cache
def _session() -> Session:
    return open_session(read_package_file(__package__, GRAPH))
