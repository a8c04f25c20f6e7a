"""What kind of remark is made to the assistant: most ask for content, a few do not.

A softmax model over what a remark sounds like to the encoder, in any language
(`remark_kinds.npz`, fitted
by `python -m training.remark_kinds`). It says "content" unless it is sure of another kind: a
question taken for a greeting is worse than a greeting that is looked up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from index.models.encoder import Floats
from index.models.trained_arrays import arrays

Kind = Literal["content", "statement", "help", "greeting", "thanks"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Idle = Literal["help", "greeting", "thanks"]
IDLE: tuple[Idle, ...] = get_args(Idle)  # what asks nothing of the statements
FILE = "remark_kinds.npz"


@dataclass(frozen=True, slots=True)
class Kinds:
    """A softmax model.

    Attributes:
        weights: f32 (kinds, dimension), in the order of `KINDS`.
        bias: f32 (kinds,).
        least: Chance from which on a remark is taken for another kind than content.
    """

    weights: Floats
    bias: Floats
    least: float

    def chances(self, sound: npt.ArrayLike) -> Floats:
        """The chance of each kind, f32 (remarks, kinds).

        Args:
            vectors: f32 (remarks, dimension), see `Searcher.remark_vector`.
        """
        logits = np.asarray(sound, np.float32) @ self.weights.T + self.bias
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)

    def of(self, sound: Floats) -> tuple[Kind, float]:
        """The kind of one remark, f32 (dimension,), and the chance that it is that.

        Content where another model heard it.
        """
        if len(sound) != self.weights.shape[1]:
            return "content", 1.0
        (chances,) = self.chances(sound[None])
        best = int(chances.argmax())
        found = best if chances[best] >= self.least else 0
        return KINDS[found], float(chances[found])

    def table(self) -> dict[str, npt.NDArray[Any]]:
        """What the file holds."""
        halves = {"weights": self.weights, "bias": self.bias}
        return {
            **{name: values.astype(np.float16) for name, values in halves.items()},
            "least": np.array(self.least),
        }


@cache
def shipped() -> Kinds:
    """The model that comes with the project."""
    table = arrays(__package__, FILE)
    weights, bias = (table[name].astype(np.float32) for name in ("weights", "bias"))
    return Kinds(weights, bias, float(table["least"]))
