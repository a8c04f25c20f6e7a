"""The kind of a remark: most remarks ask for content, a few are greetings, thanks or the like.

A softmax model over the vector of a remark, in any language (`remark_kinds.npz`, fitted by
`python -m training.remark_kinds`). It says "content" unless it is sure of another kind, because a
question that is taken for a greeting is worse than a greeting that is looked up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from index.models.encoder import Floats
from index.models.trained_arrays import read_arrays

Kind = Literal["content", "statement", "help", "greeting", "thanks"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Idle = Literal["help", "greeting", "thanks"]
IDLE: tuple[Idle, ...] = get_args(Idle)  # kinds that ask nothing of the statements
FILE = "remark_kinds.npz"


@dataclass(frozen=True, slots=True)
class Kinds:
    """A softmax model of the kinds.

    Attributes:
        weights: f32 (kinds, dimension), in the order of `KINDS`.
        bias: f32 (kinds,).
        least: The chance from which on a remark is taken for another kind than content.
    """

    weights: Floats
    bias: Floats
    least: float

    def chances(self, vectors: npt.ArrayLike) -> Floats:
        """Return the chance of each kind, f32 (remarks, kinds).

        Args:
            vectors: f32 (remarks, dimension), see `Searcher.remark_vector`.
        """
        logits = np.asarray(vectors, np.float32) @ self.weights.T + self.bias
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)

    def of(self, vector: Floats) -> tuple[Kind, float]:
        """Return the kind of one remark and the chance that it is right.

        Return `content` for a vector of another model, which this one cannot judge.
        """
        if len(vector) != self.weights.shape[1]:
            return "content", 1.0
        (chances,) = self.chances(vector[None])
        best = int(chances.argmax())
        found = best if chances[best] >= self.least else 0
        return KINDS[found], float(chances[found])

    def table(self) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays that the file holds."""
        halves = {"weights": self.weights, "bias": self.bias}
        return {
            **{name: values.astype(np.float16) for name, values in halves.items()},
            "least": np.array(self.least),
        }


@cache
def shipped() -> Kinds:
    """Return the model that comes with the project."""
    table = read_arrays(__package__, FILE)
    weights, bias = (table[name].astype(np.float32) for name in ("weights", "bias"))
    return Kinds(weights, bias, float(table["least"]))
