"""Writes the bundled model, a BERT encoder, as two ONNX graphs.

Both read one text: `words`, f32 (length, hidden), the word vectors of its tokens.
- The graph of vectors returns `tokens`, f32 (length, dimension), the token vectors for late
  interaction; `heads`, f32 (length, 4), the output of the head of the adapter for each token; and
  `states`, f32 (length, hidden), the token vectors before they are projected.
- The graph of the reranker returns `logits`, f32 (length,): the output of its head for each token
  of a question and a passage in one text.

Linear layers run in int8, with a scale for each output of the weights and a scale for each token of
the activations. One text is read at a time, so its vectors do not depend on any other text.
"""

from __future__ import annotations

import numpy as np

from index.models.lora import Adapter
from index.models.onnx_graph import OnnxGraph, OnnxModel
from index.models.smoothing import LinearLayers, Maxima, linear_layers


def vectors_graph(adapter: Adapter, maxima: Maxima) -> OnnxModel:
    """Return the graph of vectors as an ONNX model."""
    graph = OnnxGraph()
    x = _Transformer(graph, adapter, maxima).states()
    shifted = graph.add("Sub", _unit(graph, x), graph.constant(adapter.centre))
    apart = graph.add("MatMul", shifted, graph.constant(adapter.without_languages))
    _unit(graph, apart, output="states")
    projected = graph.add("MatMul", apart, graph.constant(adapter.projection))
    _unit(graph, projected, output="tokens")
    graph.add("Identity", _head(graph, adapter, x), output="heads")
    widths = {
        "tokens": adapter.projection.shape[1],
        "heads": len(adapter.head[1]),
        "states": adapter.sizes.hidden,
    }
    outputs = {name: ("length", width) for name, width in widths.items()}
    return graph.model({"words": ("length", adapter.sizes.hidden)}, outputs)


def reranker_graph(reranker: Adapter, maxima: Maxima) -> OnnxModel:
    """Return the graph of the reranker as an ONNX model."""
    graph = OnnxGraph()
    logits = _head(graph, reranker, _Transformer(graph, reranker, maxima).states())
    graph.add("Squeeze", logits, graph.ints(1), output="logits")
    return graph.model({"words": ("length", reranker.sizes.hidden)}, {"logits": ("length",)})


def measuring_graph(adapter: Adapter) -> OnnxModel:
    """Return an ONNX model whose outputs are `Maxima`, for one text without smoothing."""
    graph = OnnxGraph()
    transformer = _Transformer(graph, adapter, {})
    transformer.states()
    for name, x in transformer.inputs.items():
        graph.add("ReduceMax", graph.add("Abs", x), output=name, axes=[0], keepdims=0)
    hidden = adapter.sizes.hidden
    outputs = dict.fromkeys(transformer.inputs, (hidden,))
    return graph.model({"words": ("length", hidden)}, outputs)


def _unit(graph: OnnxGraph, x: str, output: str = "") -> str:
    return graph.add("LpNormalization", x, output=output, axis=-1, p=2)


def _head(graph: OnnxGraph, adapter: Adapter, x: str) -> str:
    """Add the linear head of the adapter, behind a layer normalisation."""
    ones, zeros = np.ones(adapter.sizes.hidden), np.zeros(adapter.sizes.hidden)
    normal = graph.add("LayerNormalization", x, graph.constant(ones), graph.constant(zeros))
    weights, bias = adapter.head
    product = graph.add("MatMul", normal, graph.constant(weights))
    return graph.add("Add", product, graph.constant(bias))


class _Transformer:
    """Adds the layers of the model to a graph.

    Args:
        graph: Where they are added.
        weights: The weights with the changes of an adapter.
        maxima: Empty where nothing is smoothed.
    """

    def __init__(self, graph: OnnxGraph, weights: Adapter, maxima: Maxima) -> None:
        self._graph, self._weights, self._maxima = graph, weights, maxima
        self.inputs: dict[str, str] = {}
        """The inputs that can be smoothed, by the name that they have in `Maxima`."""

    def states(self) -> str:
        """Add everything from `words` to the states of the last layer."""
        graph, weights = self._graph, self._weights
        length = graph.add("Slice", graph.add("Shape", "words"), graph.ints(0), graph.ints(1))
        positions = graph.constant(weights.weights.position_vectors())
        used = graph.add("Slice", positions, graph.ints(0), length, graph.ints(0))
        x = self._normalised("emb.ln", graph.add("Add", "words", used))
        for number in range(weights.sizes.layers):
            x = self._layer(f"l{number}", x)
        return x

    def _layer(self, name: str, x: str) -> str:
        """Add attention and a feed-forward network."""
        layers = linear_layers(self._weights, name, self._maxima)
        self.inputs[f"{name}.q"] = x
        self.inputs[f"{name}.ao"] = mixed = self._attention(layers, x)
        attended = self._linear(layers, mixed, "ao")
        self.inputs[f"{name}.fi"] = x = self._sum(f"{name}.aln", x, attended)
        inner = _gelu(self._graph, self._linear(layers, x, "fi"))
        return self._sum(f"{name}.oln", x, self._linear(layers, inner, "fo"))

    def _attention(self, layers: LinearLayers, x: str) -> str:
        graph, sizes = self._graph, self._weights.sizes
        width = sizes.hidden // sizes.heads
        shape = graph.ints(0, sizes.heads, width)
        query, key, value = (
            graph.add("Reshape", projected, shape)
            for projected in self._linears(layers, x, "q", "k", "v")
        )
        query = graph.add("Transpose", query, perm=(1, 0, 2))
        scores = graph.add("MatMul", query, graph.add("Transpose", key, perm=(1, 2, 0)))
        scaled = graph.add("Mul", scores, graph.constant(width**-0.5))
        shares = graph.add("Softmax", scaled, axis=-1)
        mixed = graph.add("MatMul", shares, graph.add("Transpose", value, perm=(1, 0, 2)))
        mixed = graph.add("Transpose", mixed, perm=(1, 0, 2))
        return graph.add("Reshape", mixed, graph.ints(0, sizes.hidden))

    def _linear(self, layers: LinearLayers, x: str, name: str) -> str:
        (output,) = self._linears(layers, x, name)
        return output

    def _linears(self, layers: LinearLayers, x: str, *names: str) -> list[str]:
        """Add linear layers that share an input, which is rounded once."""
        if (factors := layers.factors.get(names[0])) is not None:
            x = self._graph.add("Mul", x, self._graph.constant(factors))
        rounded = self._graph.rounded(x)
        return [
            self._graph.linear(rounded, layers.matrices[name], layers.biases[name])
            for name in names
        ]

    def _sum(self, name: str, x: str, change: str) -> str:
        return self._normalised(name, self._graph.add("Add", x, change))

    def _normalised(self, name: str, x: str) -> str:
        scale, shift = (
            self._graph.constant(self._weights.vector(f"{name}.{part}")) for part in "wb"
        )
        epsilon = self._weights.sizes.epsilon
        return self._graph.add("LayerNormalization", x, scale, shift, epsilon=epsilon)


def _gelu(graph: OnnxGraph, x: str) -> str:
    """Add x * (1 + erf(x / sqrt 2)) / 2, in the form that onnxruntime turns into one operator."""
    erf = graph.add("Erf", graph.add("Div", x, graph.constant(2**0.5)))
    product = graph.add("Mul", x, graph.add("Add", erf, graph.constant(1.0)))
    return graph.add("Mul", product, graph.constant(0.5))
