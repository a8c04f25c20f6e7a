"""Writes a BERT encoder as ONNX graphs straight from its weights, and its tokenizer.

Three graphs, so that what is not asked for is not run and nothing is stored twice:
- `lower` maps `input_ids` and `attention_mask`, int64 (batch, length), to `lower`, f32 (batch,
  length, hidden), the states below the first layer that any adapter changed;
- `vectors` maps `lower` and `attention_mask` to `states`, of the same shape: the last layer of the
  model as it came, for pooling; `tokens`: vectors of length 1 for late interaction, from the upper
  layers as the adapter changed them; and `heads`, f32 (batch, length, 3): what its head says of
  each token;
- `reranker` maps the same to `logits`, f32 (batch, length): what the reranker's head says of each
  token of a question and a passage in one text.

The weights keep the blocks of 32 they come in, as int8 with a scale each, and meet activations
that onnxruntime rounds to int8 in blocks of 32 as well. Rounding whole tensors instead (its
dynamic quantisation) is twice as fast, but a text's vectors then depend on the texts it is
batched with (cosine 0.996 to itself); here they are the same to the last bit.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from index.models.lora import Adapter
from index.models.weights import BLOCK, ModelWeights

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto
    from tokenizers import Tokenizer

_OPSET = 17
_MICROSOFT = "com.microsoft"  # onnxruntime's own operators
_INT8_ACTIVATIONS = 4
_MASKED = -10000.0


class _Graph:
    """Collects nodes and constants; every method returns the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def constant(self, values: npt.ArrayLike, dtype: type = np.float32) -> str:
        from onnx import numpy_helper

        name = f"c{len(self.constants)}"
        array: npt.NDArray[Any] = np.ascontiguousarray(values, dtype)
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def add(self, op: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        from onnx import helper

        output = output or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def linear(
        self, x: str, weights: ModelWeights | Adapter, name: str, rows: int, scale: float = 1.0
    ) -> str:
        values, scales = weights.blocks(f"{name}.w", rows)
        product = self.add(
            "MatMulNBits",
            x,
            self.constant(values, np.uint8),
            self.constant(scales * scale),
            domain=_MICROSOFT,
            K=values.shape[1] * BLOCK,
            N=rows,
            bits=8,
            block_size=BLOCK,
            accuracy_level=_INT8_ACTIVATIONS,
        )
        return self.add("Add", product, self.constant(weights.vector(f"{name}.b") * scale))

    def ints(self, *values: int) -> str:
        return self.constant(values, np.int64)

    def mask(self) -> str:
        """What is added to the scores of attention: much is taken off where no token is."""
        from onnx import TensorProto

        present = self.add("Cast", "attention_mask", to=TensorProto.FLOAT)
        present = self.add("Unsqueeze", present, self.ints(1, 2))
        absent = self.add("Sub", self.constant(1.0), present)
        return self.add("Mul", absent, self.constant(_MASKED))

    def model(
        self, source: tuple[str, tuple[int, ...]], outputs: Mapping[str, tuple[int, ...]]
    ) -> ModelProto:
        """The graph as a model: what it reads besides the mask, and what it gives, by token."""
        from onnx import TensorProto, helper

        def tensor(name: str, kind: int, width: tuple[int, ...]) -> ValueInfoProto:
            return helper.make_tensor_value_info(name, kind, ["batch", "length", *width])

        name, width = source
        kind = TensorProto.FLOAT if width else TensorProto.INT64
        inputs = [tensor(name, kind, width), tensor("attention_mask", TensorProto.INT64, ())]
        results = [tensor(name, TensorProto.FLOAT, width) for name, width in outputs.items()]
        body = helper.make_graph(self.nodes, "encoder", inputs, results, self.constants)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
        return helper.make_model(body, opset_imports=opsets, ir_version=8, producer_name="shutten")


def build_graphs(
    weights: ModelWeights, adapter: Adapter, reranker: Adapter
) -> dict[str, ModelProto]:
    """The encoder as int8 ONNX models by name."""
    return {
        "lower": _lower(weights, adapter.first),
        "vectors": _vectors(weights, adapter),
        "reranker": _reranker(reranker),
    }


def _lower(weights: ModelWeights, first: int) -> ModelProto:
    graph = _Graph()
    x, mask = _embeddings(graph, weights), graph.mask()
    for layer in range(first):
        x = _layer(graph, weights, f"l{layer}.", x, mask)
    graph.add("Identity", x, output="lower")
    return graph.model(("input_ids", ()), {"lower": (weights.sizes.hidden,)})


def _vectors(weights: ModelWeights, adapter: Adapter) -> ModelProto:
    graph, hidden = _Graph(), weights.sizes.hidden
    graph.add("Identity", _upper(graph, weights, adapter.first), output="states")
    _late_interaction(graph, adapter, _upper(graph, adapter, adapter.first))
    outputs = {"states": (hidden,), "tokens": (hidden,), "heads": (3,)}
    return graph.model(("lower", (hidden,)), outputs)


def _reranker(reranker: Adapter) -> ModelProto:
    graph = _Graph()
    logits = _head(graph, reranker, _upper(graph, reranker, reranker.first))
    graph.add("Squeeze", logits, graph.ints(2), output="logits")
    return graph.model(("lower", (reranker.sizes.hidden,)), {"logits": ()})


def _upper(graph: _Graph, weights: ModelWeights | Adapter, first: int) -> str:
    x, mask = "lower", graph.mask()
    for layer in range(first, weights.sizes.layers):
        x = _layer(graph, weights, f"l{layer}.", x, mask)
    return x


def _embeddings(graph: _Graph, weights: ModelWeights) -> str:
    sizes = weights.sizes
    words, scales = weights.blocks("emb.word", sizes.vocabulary)
    x = graph.add(
        "GatherBlockQuantized",
        graph.constant(words.reshape(sizes.vocabulary, -1), np.uint8),
        "input_ids",
        graph.constant(scales),
        domain=_MICROSOFT,
        bits=8,
        block_size=BLOCK,
        gather_axis=0,
        quantize_axis=1,
    )
    positions = (
        weights.matrix("emb.pos", sizes.positions) + weights.vector("emb.type")[: sizes.hidden]
    )
    length = graph.add("Slice", graph.add("Shape", x), graph.ints(1), graph.ints(2))
    used = graph.add("Slice", graph.constant(positions), graph.ints(0), length, graph.ints(0))
    return _normalise(graph, weights, "emb.ln", graph.add("Add", x, used))


def _late_interaction(graph: _Graph, adapter: Adapter, x: str) -> None:
    """Centred unit vectors, and what the head says of each token."""
    centre, projection = adapter.projection
    unit = graph.add("LpNormalization", x, axis=-1, p=2)
    apart = graph.add("Sub", unit, graph.constant(centre))
    apart = graph.add("MatMul", apart, graph.constant(projection))
    graph.add("LpNormalization", apart, output="tokens", axis=-1, p=2)
    graph.add("Identity", _head(graph, adapter, x), output="heads")


def _head(graph: _Graph, adapter: Adapter, x: str) -> str:
    """What the adapter's head says of each token."""
    ones, zeros = np.ones(adapter.sizes.hidden), np.zeros(adapter.sizes.hidden)
    even = graph.add("LayerNormalization", x, graph.constant(ones), graph.constant(zeros))
    weights, bias = adapter.head
    product = graph.add("MatMul", even, graph.constant(weights))
    return graph.add("Add", product, graph.constant(bias))


def _layer(graph: _Graph, weights: ModelWeights | Adapter, prefix: str, x: str, mask: str) -> str:
    sizes = weights.sizes
    width = sizes.hidden // sizes.heads
    split = graph.ints(0, 0, sizes.heads, width)

    def heads(name: str, order: tuple[int, ...], scale: float = 1.0) -> str:
        projected = graph.linear(x, weights, prefix + name, sizes.hidden, scale)
        return graph.add("Transpose", graph.add("Reshape", projected, split), perm=order)

    query = heads("q", (0, 2, 1, 3), width**-0.5)  # the scaling of attention, folded in
    scores = graph.add("MatMul", query, heads("k", (0, 2, 3, 1)))
    shares = graph.add("Softmax", graph.add("Add", scores, mask), axis=-1)
    mixed = graph.add("MatMul", shares, heads("v", (0, 2, 1, 3)))
    mixed = graph.add("Transpose", mixed, perm=(0, 2, 1, 3))
    mixed = graph.add("Reshape", mixed, graph.ints(0, 0, sizes.hidden))
    attended = graph.linear(mixed, weights, prefix + "ao", sizes.hidden)
    x = _normalise(graph, weights, prefix + "aln", graph.add("Add", x, attended))
    inner = _gelu(graph, graph.linear(x, weights, prefix + "fi", sizes.feed_forward))
    outer = graph.linear(inner, weights, prefix + "fo", sizes.hidden)
    return _normalise(graph, weights, prefix + "oln", graph.add("Add", x, outer))


def _normalise(graph: _Graph, weights: ModelWeights | Adapter, name: str, x: str) -> str:
    scale, shift = (graph.constant(weights.vector(f"{name}.{part}")) for part in "wb")
    return graph.add("LayerNormalization", x, scale, shift, epsilon=weights.sizes.epsilon)


def _gelu(graph: _Graph, x: str) -> str:
    """Give x * (1 + erf(x / sqrt 2)) / 2, written as onnxruntime knows to fuse it."""
    erf = graph.add("Erf", graph.add("Div", x, graph.constant(2**0.5)))
    grown = graph.add("Mul", x, graph.add("Add", erf, graph.constant(1.0)))
    return graph.add("Mul", grown, graph.constant(0.5))


def build_tokenizer(weights: ModelWeights) -> Tokenizer:
    """XLM-RoBERTa's tokenizer: nmt_nfkc normalisation, then unigram pieces."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(weights.pieces, unk_id=3, byte_fallback=False))
    spaces = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.normalizer = normalizers.Sequence([normalizers.Precompiled(_nmt_nfkc()), spaces])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.enable_truncation(weights.sizes.positions)
    return tokenizer


def _nmt_nfkc() -> bytes:
    """Take the normalisation table that sentencepiece writes into any model it trains."""
    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2 as pb

    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["a b c d e"]),
        model_writer=written,
        vocab_size=12,
        hard_vocab_limit=False,
        normalization_rule_name="nmt_nfkc",
        minloglevel=2,
    )
    model = pb.ModelProto.FromString(written.getvalue())  # type: ignore[attr-defined]
    return bytes(model.normalizer_spec.precompiled_charsmap)
