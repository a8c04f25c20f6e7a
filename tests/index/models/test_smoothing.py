"""Smoothing changes how layers are rounded, and not what they compute."""

from __future__ import annotations

import numpy as np
import pytest

from index.models.lora import Adapter, load_adapter
from index.models.smoothing import linear_layers
from index.models.weights import read_weights, weights_path

RANDOM = np.random.default_rng(0)
LARGEST = {
    f"l5.{name}": RANDOM.lognormal(0, 2, 384).astype(np.float32) for name in ("q", "ao", "fi")
}


@pytest.fixture(scope="module")
def adapter() -> Adapter:
    return load_adapter(read_weights(weights_path()))


def test_smoothed_layers_compute_the_same(adapter: Adapter) -> None:
    plain, smooth = linear_layers(adapter, "l5", {}), linear_layers(adapter, "l5", LARGEST)
    assert not plain.factors
    assert smooth.factors.keys() == {"q", "fi"}
    x = RANDOM.standard_normal((7, 384))

    def outputs(layers: object, name: str, group: str) -> np.ndarray:
        factors = smooth.factors[group] if layers is smooth else 1.0
        return (x * factors) @ layers.matrices[name].T + layers.biases[name]

    for name, group in (("q", "q"), ("k", "q"), ("fi", "fi")):
        assert np.allclose(outputs(plain, name, group), outputs(smooth, name, group), atol=1e-3)
    attended = [
        outputs(layers, "v", "q") @ layers.matrices["ao"].T + layers.biases["ao"]
        for layers in (plain, smooth)
    ]
    assert np.allclose(*attended, atol=1e-3)


def test_smoothed_inputs_and_matrices_are_about_equally_uneven(adapter: Adapter) -> None:
    plain, smooth = linear_layers(adapter, "l5", {}), linear_layers(adapter, "l5", LARGEST)

    def unevenness(columns: np.ndarray) -> float:
        return float(np.log(columns).std())

    evened = LARGEST["l5.fi"] * smooth.factors["fi"]
    assert unevenness(evened) < unevenness(LARGEST["l5.fi"]) * 0.6
    assert np.allclose(
        evened / np.abs(smooth.matrices["fi"]).max(axis=0),
        evened[0] / np.abs(smooth.matrices["fi"][:, 0]).max(),
        rtol=1e-3,
    )
    assert np.allclose(plain.matrices["fo"], smooth.matrices["fo"])
