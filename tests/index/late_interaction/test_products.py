"""Products of token codes with a query: the graph that comes with the project, and its results."""

from __future__ import annotations

import sys
from importlib.resources import files

import numpy as np
import onnx
import pytest
from project import ROOT

from index.late_interaction.products import GRAPH, products


def test_the_file_is_what_the_script_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT / "scripts"), *sys.path])
    from product_graph import product_graph

    content = files("index.late_interaction").joinpath(GRAPH).read_bytes()
    assert onnx.load_from_string(content) == product_graph()


@pytest.mark.parametrize(("tokens", "asked"), [(1, 1), (7, 3), (0, 2), (2, 0), (3000, 40)])
def test_levels_stand_for_their_values(tokens: int, asked: int) -> None:
    draw = np.random.default_rng(0)
    levels = draw.integers(0, 4, (tokens, 64), np.uint8)
    query = draw.integers(-127, 128, (asked, 64)).astype(np.float32)
    query[:, :1] = 127  # so that no row is rounded
    expected = (2 * levels.astype(np.float32) - 3) @ query.T
    assert np.allclose(products(levels, query), expected, rtol=1e-5)


def test_a_query_of_zeros_is_like_nothing() -> None:
    levels = np.full((2, 8), 3, np.uint8)
    assert not products(levels, np.zeros((3, 8), np.float32)).any()
