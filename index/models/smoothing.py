"""Evens out the columns of what enters the linear layers of the bundled model.

A few columns of the states are many times larger than all others, so rounding a token as a whole to
int8 would cost the other columns their precision. So each column is divided by a factor, and its
weights are multiplied by it (SmoothQuant, Xiao et al. 2023). This halves the error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from index.models.encoder import Floats
from index.models.lora import Adapter

Maxima = Mapping[str, Floats]
"""The largest absolute values, f32 (columns,), of the input of a matrix by its name: `l3.fi`. The
matrices `q`, `k` and `v` have the same input, which is that of `q`."""

_SHARED_INPUTS = (("q", "k", "v"), ("ao",), ("fi",), ("fo",))
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class LinearLayers:
    """The linear layers of one transformer layer, by name.

    Attributes:
        matrices: f32 (outputs, inputs).
        biases: f32 (outputs,).
        factors: f32 (inputs,), what the input is multiplied with before. Without a name here, the
            input stays as it is.
    """

    matrices: dict[str, Floats]
    biases: dict[str, Floats]
    factors: dict[str, Floats]


def linear_layers(weights: Adapter, layer: str, maxima: Maxima) -> LinearLayers:
    """Return the linear layers of a transformer layer, smoothed where there are maxima."""
    names = [name for group in _SHARED_INPUTS for name in group]
    biases = {name: weights.vector(f"{layer}.{name}.b") for name in names}
    matrices = {
        name: weights.matrix(f"{layer}.{name}.w", len(bias)) for name, bias in biases.items()
    }
    factors = {}
    for group in _SHARED_INPUTS:
        if (largest := maxima.get(f"{layer}.{group[0]}")) is not None:
            factor = _column_factors(largest, [matrices[name] for name in group])
            factors[group[0]] = factor
            matrices |= {name: matrices[name] / factor for name in group}
    if "ao" in factors:
        factor = factors.pop("ao")
        # The input of `ao` is a mean of values, so the matrix of the values takes over its factor.
        matrices["v"], biases["v"] = matrices["v"] * factor[:, None], biases["v"] * factor
    return LinearLayers(matrices, biases, factors)


def _column_factors(largest: Floats, matrices: list[Floats]) -> Floats:
    """Return what makes the columns of an input and of its matrices about equally uneven."""
    weights = np.max([np.abs(matrix).max(axis=0) for matrix in matrices], axis=0)
    factors = np.sqrt(np.maximum(weights, _TINY) / np.maximum(largest, _TINY))
    return np.asarray(factors / np.exp(np.log(factors).mean()), np.float32)
