"""The bundled model, run by onnxruntime. The only file that knows onnxruntime."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.segmentation.window import QUESTION_TOKENS, WINDOW
from index.models.encoder import (
    Encoded,
    Floats,
    QueryWeights,
    Role,
    TokenLogits,
    encodable,
    unit_rows,
)

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding

# What stands before every text, as multilingual-e5 was trained.
PREFIXES: Mapping[Role, str] = {"query": "query: ", "passage": "passage: "}
_VECTORS = ("states", "tokens", "heads")  # outputs of the graph `vectors`, see `index.models.graph`
_RERANKER = ("logits",)  # output of the graph `reranker`
_Outputs = tuple[Floats, ...]


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


def question_ids(encoding: Encoding) -> list[int]:
    """Return the token ids of a question for a pair.

    Of a long question the end is kept, because the end usually says what is asked.
    """
    ids = [
        token
        for window in _windows(encoding)
        for token, special in zip(window.ids, window.special_tokens_mask, strict=True)
        if not special
    ]
    first, last = encoding.ids[0], encoding.ids[-1]
    return [first, *ids[-QUESTION_TOKENS:], last]


class OnnxEncoder:
    """The bundled model with its reranker. See `Encoder` for the methods.

    Args:
        folder: The folder of the built model.
        fingerprint: See `Encoder.fingerprint`.
        reranker: See `Encoder.reranker`.
    """

    trained = True

    # A token is kept if it ends behind this many code points. A query keeps its colon: the token
    # vector of the colon was trained to stand for the whole query (ColBERT uses `[Q]` for that).
    _SKIPPED = {"query": len("query"), "passage": len(PREFIXES["passage"])}
    # The largest batch, in texts and in tokens. Attention needs memory for each pair of tokens.
    _BATCH, _TOKENS = 8, 1024
    _PADDED = 1.15  # the longest text of a batch, as a multiple of the shortest
    _SORTED = 256  # texts that are sorted by length together

    def __init__(self, folder: Path, fingerprint: str, reranker: str) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self.fingerprint, self.reranker = fingerprint, reranker
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        options = onnxruntime.SessionOptions()
        # The arena would keep the memory of the longest texts, rounded up to a power of two.
        options.enable_cpu_mem_arena = False
        # Threads that spin while they wait slow down everything else on a small machine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._lower, self._vectors, self._reranker = (
            onnxruntime.InferenceSession(
                str(folder / f"{name}.onnx"), options, providers=["CPUExecutionProvider"]
            )
            for name in ("lower", "vectors", "reranker")
        )

    def encode(self, texts: Sequence[str], role: Role) -> Iterator[Encoded]:
        """See `Encoder.encode`."""
        prefix = PREFIXES[role]
        for start in range(0, len(texts), self._SORTED):
            stretch = [prefix + encodable(text) for text in texts[start : start + self._SORTED]]
            encodings = self._tokenizer.encode_batch(stretch)
            pools = [_Pool(item, len(prefix), self._SKIPPED[role]) for item in encodings]
            places = [(pool, window) for pool in pools for window in range(len(pool.ids))]
            ids = [pool.ids[window] for pool, window in places]
            for number, outputs in self._run(ids, self._vectors, _VECTORS):
                pool, window = places[number]
                pool.put(window, *outputs)
            for pool in pools:
                yield pool.encoded()

    def rerank(self, question: str, passages: Sequence[str]) -> list[TokenLogits]:
        """See `Encoder.rerank`."""
        prefix = PREFIXES["passage"]
        query = self._tokenizer.encode(PREFIXES["query"] + encodable(question))
        encodings = self._tokenizer.encode_batch([prefix + encodable(text) for text in passages])
        ids = question_ids(query)
        pairs = [paired(ids, encoding.ids) for encoding in encodings]
        outputs = dict(self._run([pair.ids for pair in pairs], self._reranker, _RERANKER))
        return [
            _passage_logits(encoding, len(prefix), outputs[number][0][pair.start :])
            for number, (encoding, pair) in enumerate(zip(encodings, pairs, strict=True))
        ]

    def _run(
        self, texts: Sequence[list[int]], upper: InferenceSession, names: Sequence[str]
    ) -> Iterator[tuple[int, _Outputs]]:
        """Run the lower layers and one graph above them; yield (number of the text, outputs)."""
        for batch in self._batches([len(text) for text in texts]):
            lengths = [len(texts[number]) for number in batch]
            ids = np.ones((len(batch), max(lengths)), np.int64)  # 1 is the padding token
            mask = np.zeros_like(ids)
            for row, number in enumerate(batch):
                ids[row, : lengths[row]] = texts[number]
                mask[row, : lengths[row]] = 1
            (states,) = self._lower.run(("lower",), {"input_ids": ids, "attention_mask": mask})
            outputs = upper.run(names, {"lower": states, "attention_mask": mask})
            for row, number in enumerate(batch):
                yield number, tuple(output[row, : lengths[row]] for output in outputs)

    def _batches(self, lengths: Sequence[int]) -> Iterator[list[int]]:
        """Group the numbers of texts of about the same length."""
        batch: list[int] = []
        for number in sorted(range(len(lengths)), key=lengths.__getitem__):
            full = len(batch) == self._BATCH or (len(batch) + 1) * lengths[number] > self._TOKENS
            if batch and (full or lengths[number] > lengths[batch[0]] * self._PADDED):
                yield batch
                batch = []
            batch.append(number)
        if batch:
            yield batch


def _windows(encoding: Encoding) -> list[Encoding]:
    return [encoding, *encoding.overflowing]


class _Pool:
    """Collects the outputs for one text while its windows are read.

    Only the mean and the token vectors are kept. All outputs of a long text together would need
    ten times the memory.

    Attributes:
        ids: Token ids of each window.
    """

    def __init__(self, encoding: Encoding, prefix: int, skipped: int) -> None:
        windows = _windows(encoding)
        self.ids = [window.ids for window in windows]
        self._prefix, self._sum = prefix, np.zeros(0, np.float32)
        spans = [np.array(window.offsets, np.int32).reshape(-1, 2) for window in windows]
        special = [np.array(window.special_tokens_mask) for window in windows]
        self._kept = [
            (flags == 0) & (ends > skipped) & (ends > starts)
            for flags, (starts, ends) in zip(special, (pairs.T for pairs in spans), strict=True)
        ]
        self._begins = np.cumsum([0, *map(np.count_nonzero, self._kept)])
        self._spans = np.concatenate([a[b] for a, b in zip(spans, self._kept, strict=True)])

    def put(self, window: int, states: Floats, tokens: Floats, heads: Floats) -> None:
        """Take the outputs for the tokens of one window."""
        if not len(self._sum):
            self._sum = np.zeros(states.shape[1], np.float32)
            self._tokens = np.empty((self._begins[-1], tokens.shape[1]), np.float32)
            self._heads = np.empty((self._begins[-1], heads.shape[1]), np.float32)
        kept, own = self._kept[window], slice(*self._begins[window : window + 2])
        self._sum += states.sum(axis=0)
        self._tokens[own], self._heads[own] = unit_rows(tokens[kept]), heads[kept]

    def encoded(self) -> Encoded:
        """Return the encoded text. All windows must have been read."""
        return Encoded(
            vector=unit_rows(self._sum / sum(map(len, self.ids))),
            tokens=self._tokens,
            spans=np.maximum(self._spans - self._prefix, 0),
            query_weights=_query_weights(self._heads),
        )


def _passage_logits(passage: Encoding, prefix: int, logits: Floats) -> TokenLogits:
    """Drop the logits of the prefix and of the special tokens."""
    read = slice(1, 1 + len(logits))
    spans = np.array(passage.offsets[read], np.int32) - prefix
    kept = (np.array(passage.special_tokens_mask[read]) == 0) & (spans[:, 1] > 0)
    return TokenLogits(logits[kept], np.maximum(spans[kept], 0))


def _query_weights(heads: Floats) -> QueryWeights:
    """Turn the outputs of the head, f32 (n, 3), into weights."""
    weights = np.logaddexp(0, heads[:, :2])  # softplus
    retrieval, answerability = (weights / np.maximum(weights.sum(axis=0), 1e-12)).T
    return QueryWeights(retrieval, answerability, float(answerability @ heads[:, 2]))
