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
from functools import cached_property

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

    @cached_property
    def projection(self) -> tuple[Floats, Floats]:
        """What turns states of the last layer, scaled to length 1, into token vectors.

        Returns:
            The centre to subtract, f32 (hidden,), and the matrix to multiply with then, f32
            (hidden, dimension). The matrix also removes the directions in which languages differ.
        """
        centre, languages, projection = (
            self.arrays[name].astype(np.float32) for name in ("centre", "languages", "projection")
        )
        apart = np.eye(self.sizes.hidden, dtype=np.float32) - languages.T @ languages
        return centre, apart @ projection.T

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
