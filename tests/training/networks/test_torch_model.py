"""The models in torch are the models that onnxruntime runs, and what ships fits them."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from tokenizers import Tokenizer

from index.models.encoder import Encoder, unit_rows
from index.models.graph import build_graphs
from index.models.lora import RANKER, RERANKER, Adapter, load_adapter
from index.models.weights import ModelWeights
from training.networks.torch_model import FIRST_ADAPTED, AdaptedEncoder
from training.networks.trained_models import LateInteraction, Reranker


def test_an_untrained_model_is_the_bundled_model(
    model: LateInteraction, tokenizer: Tokenizer, encoder: Encoder
) -> None:
    text = "両省はオープンRANの普及を歓迎した。"
    (states,) = model.upper(model.lower([tokenizer.encode(f"passage: {text}").ids]))
    (encoded,) = encoder.encode([text], "passage")
    assert unit_rows(states.detach().numpy().mean(axis=0)) @ encoded.vector > 0.99


def randomise(model: AdaptedEncoder, head: torch.nn.Linear) -> None:
    """Give a model large changes, as if it had been trained."""
    for layer in model.layers[FIRST_ADAPTED:]:
        for name in ("q", "fo"):
            torch.nn.init.normal_(getattr(layer, name).b, std=0.3)
    torch.nn.init.normal_(head.weight, std=0.05)


def are_close(served: Any, trained: Any) -> bool:
    """Whether the outputs of both models agree, up to the rounding to int8."""
    return bool((np.abs(served - trained) < 0.1 + 0.05 * np.abs(trained)).all())


def test_the_trained_model_is_the_served_model(
    model: LateInteraction, reranker: Reranker, tokenizer: Tokenizer, weights: ModelWeights
) -> None:
    randomise(model, model.head)
    randomise(reranker, reranker.out)
    adapters = [Adapter(weights, trained.table()) for trained in (model, reranker)]
    run = {
        name: onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"]).run
        for name, graph in build_graphs(weights, *adapters).items()
    }
    ids = tokenizer.encode("query: Wann findet das Treffen statt?").ids
    mask = np.ones((1, len(ids)), np.int64)
    (lower,) = run["lower"](None, {"input_ids": np.array([ids]), "attention_mask": mask})
    inputs = {"lower": lower, "attention_mask": mask}
    states, tokens, heads = run["vectors"](["states", "tokens", "heads"], inputs)
    (logits,) = run["reranker"](["logits"], inputs)
    with torch.no_grad():
        (trained,) = model.upper(model.lower([ids]))
        trained_tokens = model.centred(trained).numpy()
        normal = torch.nn.functional.layer_norm(trained, trained.shape[-1:])
        trained_heads = model.head(normal).numpy()
        trained_logits = reranker([ids])[0].numpy()
    assert ((tokens[0] * trained_tokens).sum(axis=1) > 0.98).all()
    assert are_close(heads[0], trained_heads)
    assert are_close(logits[0], trained_logits)
    # The pooled states come from the unchanged model; the changes must be large enough to matter.
    unchanged = (unit_rows(states[0]) * unit_rows(trained.numpy())).sum(axis=1)
    assert unchanged.min() < 0.95


@pytest.mark.parametrize("name", [RANKER, RERANKER])
def test_shipped_adapters_are_complete(name: str, weights: ModelWeights) -> None:
    adapter = load_adapter(weights, name)
    assert all(np.isfinite(array).all() for array in adapter.arrays.values())
    assert adapter.first_changed_layer == FIRST_ADAPTED
    assert adapter.head[0].shape == (384, {RANKER: 3, RERANKER: 1}[name])


def test_training_can_start_from_the_shipped_adapter(
    model: LateInteraction, weights: ModelWeights
) -> None:
    shipped = load_adapter(weights).arrays
    model.start_from(shipped)
    table = model.table()
    assert table.keys() == shipped.keys()
    assert all(np.array_equal(table[name], values) for name, values in shipped.items())


def test_a_change_is_rounded_to_blocks(weights: ModelWeights) -> None:
    adapter = load_adapter(weights)
    values, scales = adapter.blocks("l11.fo.w", 384)
    assert values.shape == (384, 1536 // 32, 32)
    assert values.min() >= 1
    assert scales.shape == values.shape[:2]
    original, original_scales = weights.blocks("l11.fo.w", 384)
    a, b = (adapter.arrays[f"l11.fo.{factor}"].astype(np.float32) for factor in "ab")
    exact = (original - 128.0) * original_scales[..., None] + (b @ a).reshape(values.shape)
    error = np.abs((values - 128.0) * scales[..., None] - exact)
    assert (error <= scales[..., None] / 2 + 1e-6).all()
