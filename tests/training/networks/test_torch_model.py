"""The models in torch are the models that onnxruntime runs, and what ships fits them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from index.models.encoder import Encoder, pooled, unit_rows
from index.models.graph import reranker_graph, vectors_graph
from index.models.lora import RANKER, RERANKER, Adapter, load_adapter
from index.models.onnx_encoder import run
from index.models.onnx_session import open_session
from index.models.tokenizer import Tokenizer, framed
from index.models.weights import ModelWeights
from training.networks import ranking_loss
from training.networks.torch_model import FIRST_ADAPTED, AdaptedEncoder
from training.networks.trained_models import LateInteraction, Reranker


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
    ids = framed(tokenizer.encode("query: Wann findet das Treffen statt?").ids)
    words = weights.blocks("emb.word", weights.sizes.vocabulary)
    graphs = [
        vectors_graph(Adapter(weights, model.table()), {}),
        reranker_graph(Adapter(weights, reranker.table()), {}),
    ]
    (tokens, heads, states), (logits,) = (
        run(open_session(graph.serialized()), words, ids) for graph in graphs
    )
    with torch.no_grad():
        (trained,) = model.upper(model.lower([ids]))
        trained_tokens, trained_heads = model.token_vectors(trained).numpy(), model.heads(trained)
        trained_logits = reranker([ids])[0].numpy()
    assert ((tokens * trained_tokens).sum(axis=1) > 0.98).all()
    assert are_close(heads, trained_heads.numpy())
    assert are_close(logits, trained_logits)
    projection = model.projection.detach().numpy()
    assert np.allclose(unit_rows(states @ projection.T), tokens, atol=1e-3)


def test_the_vector_of_a_text_is_pooled_as_in_training(
    model: LateInteraction, weights: ModelWeights, tokenizer: Tokenizer, encoder: Encoder
) -> None:
    text = "Open RANの普及を歓迎した。"
    model.start_from(load_adapter(weights).arrays)
    ids = framed(tokenizer.encode(f"passage: {text}").ids)
    with torch.no_grad():
        (states,) = model.upper(model.lower([ids]))
        tokens, heads = model.token_vectors(states), model.heads(states)
    (encoded,) = encoder.encode([text], "passage")
    kept = slice(len(tokens) - 1 - len(encoded.tokens), -1)
    owners = torch.zeros(len(encoded.tokens), dtype=torch.long)
    (vector,) = ranking_loss.pooled(tokens[kept], heads[kept], owners, 1)
    assert encoded.vector @ vector.numpy() > 0.98
    assert encoded.pooling is not None
    assert np.allclose(encoded.vector, pooled(encoded.tokens, encoded.pooling), atol=1e-6)
    assert encoded.states.size == 0  # only questions have them
    (asked,) = encoder.encode([text], "query")
    assert asked.states.shape == (len(asked.tokens), model.sizes.hidden)
    projected = unit_rows(asked.states @ model.projection.detach().numpy().T)
    assert np.allclose(projected, asked.tokens, atol=1e-3)


@pytest.mark.parametrize("name", [RANKER, RERANKER])
def test_shipped_adapters_are_complete(name: str, weights: ModelWeights) -> None:
    adapter = load_adapter(weights, name)
    assert all(np.isfinite(array).all() for array in adapter.arrays.values())
    assert adapter.first_changed_layer == FIRST_ADAPTED
    assert adapter.head[0].shape == (384, {RANKER: 4, RERANKER: 1}[name])


def test_training_can_start_from_the_shipped_adapter(
    model: LateInteraction, weights: ModelWeights
) -> None:
    shipped = load_adapter(weights).arrays
    model.start_from(shipped)
    table = model.table()
    assert table.keys() == shipped.keys()
    assert all(np.array_equal(table[name], values) for name, values in shipped.items())
