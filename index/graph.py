"""Writes a BERT encoder as an ONNX graph straight from its weights, and its tokenizer.

The graph maps `input_ids` and `attention_mask`, int64 (batch, length), to `tokens`,
f32 (batch, length, hidden): the last layer's token vectors. Pooling is left to the caller.
Torch has no part in it.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from index.weights import Weights

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto
    from tokenizers import Tokenizer

_OPSET = 17
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

    def linear(self, x: str, weights: npt.ArrayLike, bias: npt.ArrayLike) -> str:
        product = self.add("MatMul", x, self.constant(np.asarray(weights).T))
        return self.add("Add", product, self.constant(bias))

    def ints(self, *values: int) -> str:
        return self.constant(values, np.int64)


def build_graph(weights: Weights) -> ModelProto:
    """The encoder as an f32 ONNX model."""
    from onnx import TensorProto, helper

    sizes, graph = weights.sizes, _Graph()
    mask = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    mask = graph.add("Unsqueeze", mask, graph.ints(1, 2))
    absent = graph.add("Sub", graph.constant(1.0), mask)
    bias = graph.add("Mul", absent, graph.constant(_MASKED))
    x = _embeddings(graph, weights)
    for layer in range(sizes.layers):
        x = _layer(graph, weights, f"l{layer}.", x, bias)
    graph.add("Identity", x, output="tokens")

    def tensor(name: str, kind: int, *shape: str | int) -> ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, shape)

    ids = [
        tensor(name, TensorProto.INT64, "batch", "length")
        for name in ("input_ids", "attention_mask")
    ]
    tokens = tensor("tokens", TensorProto.FLOAT, "batch", "length", sizes.hidden)
    body = helper.make_graph(graph.nodes, "encoder", ids, [tokens], graph.constants)
    opset = helper.make_opsetid("", _OPSET)
    return helper.make_model(body, opset_imports=[opset], ir_version=8, producer_name="shutten")


def _embeddings(graph: _Graph, weights: Weights) -> str:
    sizes = weights.sizes
    words = graph.constant(weights.matrix("emb.word", sizes.vocabulary))
    positions = (
        weights.matrix("emb.pos", sizes.positions) + weights.vector("emb.type")[: sizes.hidden]
    )
    x = graph.add("Gather", words, "input_ids")
    length = graph.add("Slice", graph.add("Shape", x), graph.ints(1), graph.ints(2))
    used = graph.add("Slice", graph.constant(positions), graph.ints(0), length, graph.ints(0))
    return _normalise(graph, weights, "emb.ln", graph.add("Add", x, used))


def _layer(graph: _Graph, weights: Weights, prefix: str, x: str, mask: str) -> str:
    sizes = weights.sizes
    width = sizes.hidden // sizes.heads
    split = graph.ints(0, 0, sizes.heads, width)

    def linear(name: str, x: str, rows: int, scale: float = 1.0) -> str:
        matrix = weights.matrix(f"{prefix}{name}.w", rows) * scale
        return graph.linear(x, matrix, weights.vector(f"{prefix}{name}.b") * scale)

    def heads(name: str, order: tuple[int, ...], scale: float = 1.0) -> str:
        projected = linear(name, x, sizes.hidden, scale)
        return graph.add("Transpose", graph.add("Reshape", projected, split), perm=order)

    query = heads("q", (0, 2, 1, 3), width**-0.5)  # the scaling of attention, folded in
    scores = graph.add("MatMul", query, heads("k", (0, 2, 3, 1)))
    shares = graph.add("Softmax", graph.add("Add", scores, mask), axis=-1)
    mixed = graph.add("MatMul", shares, heads("v", (0, 2, 1, 3)))
    mixed = graph.add("Transpose", mixed, perm=(0, 2, 1, 3))
    mixed = graph.add("Reshape", mixed, graph.ints(0, 0, sizes.hidden))
    attended = graph.add("Add", x, linear("ao", mixed, sizes.hidden))
    x = _normalise(graph, weights, prefix + "aln", attended)
    inner = _gelu(graph, linear("fi", x, sizes.feed_forward))
    return _normalise(
        graph, weights, prefix + "oln", graph.add("Add", x, linear("fo", inner, sizes.hidden))
    )


def _normalise(graph: _Graph, weights: Weights, name: str, x: str) -> str:
    scale, shift = (graph.constant(weights.vector(f"{name}.{part}")) for part in "wb")
    return graph.add("LayerNormalization", x, scale, shift, epsilon=weights.sizes.epsilon)


def _gelu(graph: _Graph, x: str) -> str:
    """Give x * (1 + erf(x / sqrt 2)) / 2, written as onnxruntime knows to fuse it."""
    erf = graph.add("Erf", graph.add("Div", x, graph.constant(2**0.5)))
    grown = graph.add("Mul", x, graph.add("Add", erf, graph.constant(1.0)))
    return graph.add("Mul", grown, graph.constant(0.5))


def write_int8(model: ModelProto, path: Path) -> None:
    """Quantise the weights to int8, one scale a channel, and write the model to `path`."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        model,
        path,
        op_types_to_quantize=["MatMul", "Gather"],
        per_channel=True,
        weight_type=QuantType.QInt8,
    )


def build_tokenizer(weights: Weights) -> Tokenizer:
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
