"""What was trained on top of the bundled weights: low-rank changes of its upper layers.

A file holds, for each changed matrix, a pair of factors (LoRA, Hu et al. 2021), and a linear head.
`adapter.npz` makes token vectors for late interaction, in a space it says how to centre; its head
says of each token of a question how much it counts (`training.adapter`). `reranker.npz` reads a
question
and a passage as one text; its head says of each token how much it answers (`training.reranker`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from index.models.trained_arrays import Table, arrays, data
from index.models.weights import Bytes, Floats, ModelWeights, Sizes

RANKER, RERANKER = "adapter.npz", "reranker.npz"
_LARGEST = 127  # of an int8


@dataclass(frozen=True)
class Adapter:
    """Trained arrays by name, over the weights they were trained on."""

    weights: ModelWeights
    table: Table

    @property
    def sizes(self) -> Sizes:
        """The shape of the transformer."""
        return self.weights.sizes

    @property
    def first(self) -> int:
        """The first changed layer; those below are as they came."""
        return int(self.table["first"])

    @cached_property
    def projection(self) -> tuple[Floats, Floats]:
        """What turns last-layer states of length 1 into token vectors.

        Returns:
            f32 (hidden,), taken off; f32 (hidden, hidden), what the rest is multiplied with, which
            leaves out the directions in which languages differ.
        """
        languages = self.table["languages"].astype(np.float32)
        identity = np.eye(self.sizes.hidden, dtype=np.float32)
        return self.table["centre"].astype(np.float32), identity - languages.T @ languages

    @property
    def head(self) -> tuple[Floats, Floats]:
        """Weights f32 (hidden, n) and bias f32 (n,) of the linear head, see the module."""
        return self.table["head.w"].astype(np.float32), self.table["head.b"].astype(np.float32)

    def vector(self, name: str) -> Floats:
        """As in `ModelWeights`: biases and norms are not changed."""
        return self.weights.vector(name)

    def blocks(self, name: str, rows: int) -> tuple[Bytes, Floats]:
        """As in `ModelWeights`, with the change added; each block is rounded to int8."""
        values, scales = self.weights.blocks(name, rows)
        whole = (values.astype(np.float32) - 128) * scales[..., None]
        stem = name.removesuffix(".w")
        a, b = (self.table[f"{stem}.{factor}"].astype(np.float32) for factor in "ab")
        whole += (b @ a).reshape(whole.shape)
        scales = np.abs(whole).max(axis=-1) / _LARGEST
        rounded = np.rint(whole / np.maximum(scales, 1e-12)[..., None])
        return (rounded + 128).astype(np.uint8), scales


def shipped(weights: ModelWeights, name: str = RANKER) -> Adapter:
    """One that comes with the project.

    Raises:
        ShuttenError: It is missing or damaged.
    """
    return Adapter(weights, arrays(__package__, name))


def fingerprint() -> str:
    """12 hex digits that change with the files.

    Raises:
        ShuttenError: One is missing.
    """
    digest = hashlib.sha256()
    for name in (RANKER, RERANKER):
        digest.update(data(__package__, name))
    return digest.hexdigest()[:12]
