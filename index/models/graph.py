"""Writes the bundled model, a BERT encoder, as ONNX graphs.

There are three graphs, so that only what is needed is run, and no weight is stored twice:
- `lower` maps `input_ids` and `attention_mask`, int64 (batch, length), to `lower`, f32 (batch,
  length, hidden): the states below the first layer that an adapter changes.
- `vectors` maps `lower` and `attention_mask` to three outputs. `states`, f32 (batch, length,
  hidden), is the last layer of the original model, for pooling. `tokens`, of the same shape, has
  the token vectors for late interaction, which come from the layers with the adapter. `heads`, f32
  (batch, length, 3), is the output of the head of the adapter for each token.
- `reranker` maps the same inputs to `logits`, f32 (batch, length): the output of the head of the
  reranker for each token of a question and a passage in one text.

The weights are int8 in blocks of 32, each with a scale, as the original weights are. onnxruntime
rounds the activations to int8 in blocks of 32, too. Its dynamic quantisation, which rounds whole
tensors, is twice as fast, but then the vectors of a text depend on the other texts in the batch
(cosine 0.996 to itself). Here they are the same to the last bit.
"""

from __future__ import annotations

import numpy as np

from index.models.lora import Adapter, LayerWeights
from index.models.onnx_graph import OnnxGraph
from index.models.weights import ModelWeights


def build_graphs(weights: ModelWeights, adapter: Adapter, reranker: Adapter) -> dict[str, bytes]:
    """Return the bytes of each ONNX file by the name of the graph."""
    return {
        "lower": _lower(weights, adapter.first_changed_layer),
        "vectors": _vectors(weights, adapter),
        "reranker": _reranker(reranker),
    }


def _lower(weights: ModelWeights, layers: int) -> bytes:
    graph = OnnxGraph()
    x, mask = _embeddings(graph, weights), graph.attention_mask()
    for layer in range(layers):
        x = _layer(graph, weights, f"l{layer}.", x, mask)
    graph.add("Identity", x, output="lower")
    return graph.serialized(("input_ids", ()), {"lower": (weights.sizes.hidden,)})


def _vectors(weights: ModelWeights, adapter: Adapter) -> bytes:
    graph, hidden, first = OnnxGraph(), weights.sizes.hidden, adapter.first_changed_layer
    graph.add("Identity", _upper(graph, weights, first), output="states")
    _token_vectors(graph, adapter, _upper(graph, adapter, first))
    outputs = {"states": (hidden,), "tokens": (hidden,), "heads": (3,)}
    return graph.serialized(("lower", (hidden,)), outputs)


def _reranker(reranker: Adapter) -> bytes:
    graph = OnnxGraph()
    logits = _head(graph, reranker, _upper(graph, reranker, reranker.first_changed_layer))
    graph.add("Squeeze", logits, graph.ints(2), output="logits")
    return graph.serialized(("lower", (reranker.sizes.hidden,)), {"logits": ()})


def _upper(graph: OnnxGraph, weights: LayerWeights, first: int) -> str:
    x, mask = "lower", graph.attention_mask()
    for layer in range(first, weights.sizes.layers):
        x = _layer(graph, weights, f"l{layer}.", x, mask)
    return x


def _embeddings(graph: OnnxGraph, weights: ModelWeights) -> str:
    words = graph.lookup("input_ids", *weights.blocks("emb.word", weights.sizes.vocabulary))
    positions = weights.position_vectors()
    length = graph.add("Slice", graph.add("Shape", words), graph.ints(1), graph.ints(2))
    used = graph.add("Slice", graph.constant(positions), graph.ints(0), length, graph.ints(0))
    return _normalise(graph, weights, "emb.ln", graph.add("Add", words, used))


def _token_vectors(graph: OnnxGraph, adapter: Adapter, x: str) -> None:
    """Add the outputs `tokens`, which are centred unit vectors, and `heads`."""
    centre, projection = adapter.projection
    unit = graph.add("LpNormalization", x, axis=-1, p=2)
    shifted = graph.add("Sub", unit, graph.constant(centre))
    projected = graph.add("MatMul", shifted, graph.constant(projection))
    graph.add("LpNormalization", projected, output="tokens", axis=-1, p=2)
    graph.add("Identity", _head(graph, adapter, x), output="heads")


def _head(graph: OnnxGraph, adapter: Adapter, x: str) -> str:
    """Add the linear head of the adapter, behind a layer normalisation."""
    ones, zeros = np.ones(adapter.sizes.hidden), np.zeros(adapter.sizes.hidden)
    normal = graph.add("LayerNormalization", x, graph.constant(ones), graph.constant(zeros))
    weights, bias = adapter.head
    product = graph.add("MatMul", normal, graph.constant(weights))
    return graph.add("Add", product, graph.constant(bias))


def _layer(graph: OnnxGraph, weights: LayerWeights, prefix: str, x: str, mask: str) -> str:
    """Add a transformer layer: attention and a feed-forward network."""
    sizes = weights.sizes
    attended = graph.linear(
        _attention(graph, weights, prefix, x, mask), weights, f"{prefix}ao", sizes.hidden
    )
    x = _normalise(graph, weights, f"{prefix}aln", graph.add("Add", x, attended))
    inner = _gelu(graph, graph.linear(x, weights, f"{prefix}fi", sizes.feed_forward))
    outer = graph.linear(inner, weights, f"{prefix}fo", sizes.hidden)
    return _normalise(graph, weights, f"{prefix}oln", graph.add("Add", x, outer))


def _attention(graph: OnnxGraph, weights: LayerWeights, prefix: str, x: str, mask: str) -> str:
    sizes = weights.sizes
    width = sizes.hidden // sizes.heads
    shape = graph.ints(0, 0, sizes.heads, width)

    def heads(name: str, order: tuple[int, ...], scale: float = 1.0) -> str:
        projected = graph.linear(x, weights, prefix + name, sizes.hidden, scale)
        return graph.add("Transpose", graph.add("Reshape", projected, shape), perm=order)

    query = heads("q", (0, 2, 1, 3), width**-0.5)  # so the scores are scaled by 1 / sqrt(width)
    scores = graph.add("MatMul", query, heads("k", (0, 2, 3, 1)))
    shares = graph.add("Softmax", graph.add("Add", scores, mask), axis=-1)
    mixed = graph.add("MatMul", shares, heads("v", (0, 2, 1, 3)))
    mixed = graph.add("Transpose", mixed, perm=(0, 2, 1, 3))
    return graph.add("Reshape", mixed, graph.ints(0, 0, sizes.hidden))


def _normalise(graph: OnnxGraph, weights: LayerWeights, name: str, x: str) -> str:
    scale, shift = (graph.constant(weights.vector(f"{name}.{part}")) for part in "wb")
    return graph.add("LayerNormalization", x, scale, shift, epsilon=weights.sizes.epsilon)


def _gelu(graph: OnnxGraph, x: str) -> str:
    """Add x * (1 + erf(x / sqrt 2)) / 2, in the form that onnxruntime turns into one operator."""
    erf = graph.add("Erf", graph.add("Div", x, graph.constant(2**0.5)))
    product = graph.add("Mul", x, graph.add("Add", erf, graph.constant(1.0)))
    return graph.add("Mul", product, graph.constant(0.5))
