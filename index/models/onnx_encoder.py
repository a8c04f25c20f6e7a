"""The bundled model, run by onnxruntime."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

from corpus.segmentation.window import QUESTION_TOKENS, WINDOW
from index.models.encoder import (
    Encoded,
    Floats,
    QueryWeights,
    Role,
    encodable,
    pooled,
)
from index.models.onnx_session import Session, open_session
from index.models.tokenizer import Tokenizer, framed
from index.models.weights import Bytes, dequantised

_T = TypeVar("_T")
# What stands before every text, as multilingual-e5 was trained.
PREFIXES: Mapping[Role, str] = {"query": "query: ", "passage": "passage: "}
# Outputs of the graph of vectors, see `index.models.graph`.
_OUTPUTS: Mapping[Role, tuple[str, ...]] = {
    "query": ("tokens", "heads", "states"),
    "passage": ("tokens", "heads"),
}
_PRIOR, _POOLING = 2, 3  # columns of `heads` behind the two weights of a token


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage as one input of the reranker.

    Attributes:
        ids: Token ids, those of the question first.
        start: The place of the first token of the passage.
    """

    ids: list[int]
    start: int


def paired(question: list[int], passage: list[int]) -> Pair:
    """Put a passage behind a question. Tokens beyond the window are cut off.

    Args:
        question: Token ids, see `question_ids`.
        passage: Token ids, with the special tokens around them.
    """
    return Pair([*question, *passage[1:]][:WINDOW], len(question))


def question_ids(ids: list[int]) -> list[int]:
    """Return the token ids of a question for a pair.

    Of a long question the end is kept, because the end usually says what is asked.

    Args:
        ids: The token ids of the question, without special tokens.
    """
    return framed(ids[-QUESTION_TOKENS:])


class _Part(Generic[_T]):
    """A part of the model that a thread loads. A call returns it as soon as it is there."""

    def __init__(
        self,
        threads: ThreadPoolExecutor,
        refused: Callable[[Exception], Exception],
        load: Callable[[], _T],
    ) -> None:
        self._loading, self._refused = threads.submit(load), refused

    def __call__(self) -> _T:
        try:
            return self._loading.result()
        except Exception as error:  # sentencepiece and onnxruntime raise errors of many kinds
            raise self._refused(error) from error


class OnnxEncoder:
    """The bundled model with its reranker. See `Encoder` for the methods.

    Each text is read by one thread, and one at a time: without other texts beside it, its vectors
    are always the same, and no time is spent on padding.

    The tokenizer and the graphs are loaded by threads. Who needs one waits until it is there.

    Args:
        folder: The folder of the built model, see `index.models.built_files`.
        fingerprint: See `Encoder.fingerprint`.
        reranker: See `Encoder.reranker`.
        refused: Makes the error that is raised where a file cannot be loaded.
    """

    trained = True

    # A token is kept if it ends behind this many code points. A query keeps its colon: the token
    # vector of the colon was trained to stand for the whole query (ColBERT uses `[Q]` for that).
    _SKIPPED = {"query": len("query"), "passage": len(PREFIXES["passage"])}
    _STRETCH = 256  # texts whose vectors are kept in memory until they are asked for

    def __init__(
        self,
        folder: Path,
        fingerprint: str,
        reranker: str,
        refused: Callable[[Exception], Exception] = lambda error: error,
    ) -> None:
        self.fingerprint, self.reranker = fingerprint, reranker
        self._threads = ThreadPoolExecutor(os.cpu_count() or 1, "encoder")
        load = partial(_Part, self._threads, refused)
        self._tokenizer = load(lambda: Tokenizer((folder / "tokenizer.model").read_bytes()))
        self._vectors = load(partial(open_session, str(folder / "vectors.onnx")))
        self._reranker = load(partial(open_session, str(folder / "reranker.onnx")))
        self._words: Bytes = np.load(folder / "words.npy", mmap_mode="r")

    def encode(self, texts: Sequence[str], role: Role) -> Iterator[Encoded]:
        """See `Encoder.encode`."""
        for start in range(0, len(texts), self._STRETCH):
            stretch = texts[start : start + self._STRETCH]
            yield from self._threads.map(partial(self._encoded, role=role), stretch)

    def rerank(self, question: str, texts: Sequence[str]) -> list[float]:
        """See `Encoder.rerank`."""
        asked = question_ids(self._tokenizer().encode(PREFIXES["query"] + encodable(question)).ids)
        return list(self._threads.map(partial(self._logit, asked), texts))

    def _encoded(self, text: str, role: Role) -> Encoded:
        prefix = PREFIXES[role]
        read = self._tokenizer().encode(prefix + encodable(text))
        names, vectors = _OUTPUTS[role], self._vectors()
        outputs = [run(vectors, self._words, window, names) for window in read.windows()]
        starts, ends = read.spans.T
        kept = (ends > self._SKIPPED[role]) & (ends > starts)
        # The first and the last token of a window are special ones.
        tokens, heads, *states = (
            np.concatenate([rows[1:-1] for rows in parts])[kept]
            for parts in zip(*outputs, strict=True)
        )
        pooling = np.logaddexp(0, heads[:, _POOLING])  # softplus
        return Encoded(
            vector=pooled(tokens, pooling),
            tokens=tokens,
            spans=np.maximum(read.spans[kept] - len(prefix), 0),
            query_weights=_query_weights(heads),
            pooling=pooling,
            states=states[0] if states else np.zeros((0, 0), np.float32),
        )

    def _logit(self, question: list[int], text: str) -> float:
        """Return the mean log-odds of the tokens of a text, without its prefix."""
        prefix = PREFIXES["passage"]
        read = self._tokenizer().encode(prefix + encodable(text))
        pair = paired(question, framed(read.ids))
        (logits,) = run(self._reranker(), self._words, pair.ids, ("logits",))
        own = read.spans[: len(logits) - pair.start, 1] > len(prefix)
        logits = logits[pair.start :][: len(own)][own]
        return float(logits.mean()) if len(logits) else -math.inf


def run(
    session: Session, words: Bytes, ids: Sequence[int], names: Sequence[str] | None = None
) -> list[Floats]:
    """Run a graph of the model over one text.

    Args:
        session: The graph.
        words: The word vectors of all tokens in blocks, see `ModelWeights.blocks`.
        ids: The token ids of the text.
        names: The outputs to return. None stands for all.
    """
    return session.run(names, {"words": dequantised(np.asarray(words[list(ids)]))})


def _query_weights(heads: Floats) -> QueryWeights:
    """Turn the outputs of the head, f32 (n, 4), into weights."""
    weights = np.logaddexp(0, heads[:, :_PRIOR])  # softplus
    retrieval, answerability = (weights / np.maximum(weights.sum(axis=0), 1e-12)).T
    return QueryWeights(retrieval, answerability, float(answerability @ heads[:, _PRIOR]))
