"""Writes the files of the bundled model, from which `OnnxEncoder` runs it.

- `tokenizer.model` is the tokenizer, as sentencepiece reads it.
- `words.npy` has the word vectors in 4-bit blocks, u8 (vocabulary, blocks, 18), as the wheel has
  them; see `index.models.weights`. It is mapped into memory, so only used rows are read.
- `vectors.onnx` and `reranker.onnx` are the graphs of `index.models.graph`. Their weights lie in
  files `.bin` beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from corpus.library import QUESTIONS
from corpus.question_sets import read_json_lines
from index.models import graph
from index.models.lora import Adapter
from index.models.onnx_encoder import PREFIXES, run
from index.models.onnx_session import open_session
from index.models.smoothing import Maxima
from index.models.tokenizer import Tokenizer, framed, tokenizer_model
from index.models.weights import ModelWeights

FILES = (
    *("tokenizer.model", "words.npy"),
    *("vectors.onnx", "vectors.bin", "reranker.onnx", "reranker.bin"),
)


def write_model(
    folder: Path,
    weights: ModelWeights,
    ranker: Adapter,
    reranker: Adapter,
    step: Callable[[], object] = lambda: None,
) -> None:
    """Write all files of the model.

    Args:
        folder: An empty folder.
        weights: The weights of the wheel.
        ranker: The adapter that makes token vectors.
        reranker: The adapter that reads a question and a passage.
        step: Called three times while the files are written.
    """
    tokenizer = tokenizer_model(weights)
    (folder / "tokenizer.model").write_bytes(tokenizer)
    words = weights.blocks("emb.word", weights.sizes.vocabulary)
    np.save(folder / "words.npy", words)
    step()
    sample = _sample(Tokenizer(tokenizer))
    graphs = {"vectors": graph.vectors_graph, "reranker": graph.reranker_graph}
    for (name, graph_of), adapter in zip(graphs.items(), (ranker, reranker), strict=True):
        model = graph_of(adapter, _maxima(adapter, sample))
        model.save(folder / f"{name}.onnx")
        step()


def _sample(tokenizer: Tokenizer) -> list[list[int]]:
    """Return the token ids of some background questions, which are written in many languages."""
    questions = [row["question"] for _, row in read_json_lines(QUESTIONS / "background.jsonl")]
    return [framed(tokenizer.encode(PREFIXES["query"] + text).ids) for text in questions[::4]]


def _maxima(adapter: Adapter, sample: Sequence[list[int]]) -> Maxima:
    """Measure the inputs of the linear layers while the model reads some texts."""
    session = open_session(graph.measuring_graph(adapter).serialized())
    words = adapter.weights.blocks("emb.word", adapter.sizes.vocabulary)
    outputs = [run(session, words, ids) for ids in sample]
    names = [output.name for output in session.get_outputs()]
    return {name: np.max(largest, axis=0) for name, *largest in zip(names, *outputs, strict=True)}
