"""Adapters: trained low-rank changes of the upper layers of the bundled model.

The file of an adapter holds a pair of factors for each changed matrix (LoRA, Hu et al. 2021) and a
linear head. There are two adapters:
- `adapter.npz` makes token vectors for late interaction: it also has the centring and the
  projection of the states to these vectors. Its head says how much each token of a question counts,
  and how much each token of a text counts in its vector. `training.adapter` trains it.
- `reranker.npz` reads a question and a passage as one text. Its head says of each token whether it
  is part of an answer. `training.reranker` trains it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from index.models.encoder import Floats
from index.models.trained_arrays import NamedArrays, read_arrays, read_package_file
from index.models.weights import ModelWeights, Sizes

RANKER, RERANKER = "adapter.npz", "reranker.npz"


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

    @property
    def centre(self) -> Floats:
        """What is subtracted from states of the last layer, scaled to length 1, f32 (hidden,)."""
        return self.arrays["centre"].astype(np.float32)

    @property
    def without_languages(self) -> Floats:
        """The matrix that removes the directions in which languages differ, (hidden, hidden)."""
        languages = self.arrays["languages"].astype(np.float32)
        return np.eye(self.sizes.hidden, dtype=np.float32) - languages.T @ languages

    @property
    def projection(self) -> Floats:
        """The matrix that makes token vectors of what is left, f32 (hidden, dimension)."""
        return self.arrays["projection"].astype(np.float32).T

    @property
    def head(self) -> tuple[Floats, Floats]:
        """The weights, f32 (hidden, n), and the bias, f32 (n,), of the linear head."""
        return self.arrays["head.w"].astype(np.float32), self.arrays["head.b"].astype(np.float32)

    def vector(self, name: str) -> Floats:
        """See `ModelWeights.vector`. No adapter changes biases and norms."""
        return self.weights.vector(name)

    def matrix(self, name: str, rows: int) -> Floats:
        """See `ModelWeights.matrix`. The change is added to it."""
        matrix, stem = self.weights.matrix(name, rows), name.removesuffix(".w")
        if f"{stem}.a" not in self.arrays:
            return matrix
        a, b = (self.arrays[f"{stem}.{factor}"].astype(np.float32) for factor in "ab")
        return np.asarray(matrix + b @ a, np.float32)


def load_adapter(weights: ModelWeights, name: str = RANKER) -> Adapter:
    """Load an adapter that comes with the project.

    Raises:
        ShuttenError: Its file is missing or damaged.
    """
    return Adapter(weights, read_arrays(__package__, name))


def fingerprint(name: str) -> str:
    """Return 12 hexadecimal digits that change when the file of an adapter changes.

    Raises:
        ShuttenError: The file is missing.
    """
    return hashlib.sha256(read_package_file(__package__, name)).hexdigest()[:12]
