"""Adapters: trained low-rank changes of the upper layers of the bundled model.

The file of an adapter holds a pair of factors for each changed matrix (LoRA, Hu et al. 2021) and a
linear head. There are two adapters:
- `adapter.npz` makes token vectors for late interaction and has the centring of these vectors. Its
  head says how much each token of a question counts. `training.adapter` trains it.
- `reranker.npz` reads a question and a passage as one text. Its head says of each token whether it
  is part of an answer. `training.reranker` trains it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from index.models.encoder import Floats
from index.models.trained_arrays import NamedArrays, read_arrays, read_package_file
from index.models.weights import BLOCK_ZERO, Bytes, ModelWeights, Sizes, dequantised

RANKER, RERANKER = "adapter.npz", "reranker.npz"
_LARGEST = 127  # of an int8


@dataclass(frozen=True)
class Adapter:
    """An adapter over the weights it was trained on.

    Attributes:
        weights: The weights of the bundled model.
        arrays: The trained arrays by name.
    """

    weights: ModelWeights
    arrays: NamedArrays

    @property
    def sizes(self) -> Sizes:
        """The sizes of the transformer."""
        return self.weights.sizes

    @property
    def first_changed_layer(self) -> int:
        """The number of the lowest layer that the adapter changes."""
        return int(self.arrays["first"])

    @cached_property
    def projection(self) -> tuple[Floats, Floats]:
        """What turns states of the last layer, scaled to length 1, into token vectors.

        Returns:
            The centre to subtract, f32 (hidden,), and the matrix to multiply with then, f32
            (hidden, hidden). The matrix removes the directions in which languages differ.
        """
        languages = self.arrays["languages"].astype(np.float32)
        identity = np.eye(self.sizes.hidden, dtype=np.float32)
        return self.arrays["centre"].astype(np.float32), identity - languages.T @ languages

    @property
    def head(self) -> tuple[Floats, Floats]:
        """The weights, f32 (hidden, n), and the bias, f32 (n,), of the linear head."""
        return self.arrays["head.w"].astype(np.float32), self.arrays["head.b"].astype(np.float32)

    def vector(self, name: str) -> Floats:
        """See `ModelWeights.vector`. No adapter changes biases and norms."""
        return self.weights.vector(name)

    def blocks(self, name: str, rows: int) -> tuple[Bytes, Floats]:
        """See `ModelWeights.blocks`. The change is added, and each block is rounded to int8."""
        matrix = dequantised(*self.weights.blocks(name, rows))
        stem = name.removesuffix(".w")
        a, b = (self.arrays[f"{stem}.{factor}"].astype(np.float32) for factor in "ab")
        matrix += (b @ a).reshape(matrix.shape)
        scales = np.abs(matrix).max(axis=-1) / _LARGEST
        rounded = np.rint(matrix / np.maximum(scales, 1e-12)[..., None])
        return (rounded + BLOCK_ZERO).astype(np.uint8), scales


LayerWeights = ModelWeights | Adapter


def load_adapter(weights: ModelWeights, name: str = RANKER) -> Adapter:
    """Load an adapter that comes with the project.

    Raises:
        ShuttenError: Its file is missing or damaged.
    """
    return Adapter(weights, read_arrays(__package__, name))


def fingerprint() -> str:
    """Return 12 hexadecimal digits that change when the file of an adapter changes.

    Raises:
        ShuttenError: A file is missing.
    """
    digest = hashlib.sha256()
    for name in (RANKER, RERANKER):
        digest.update(read_package_file(__package__, name))
    return digest.hexdigest()[:12]
