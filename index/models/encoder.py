"""Texts to sentence vectors and token vectors: the protocol, and the int8 ONNX engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]
Role = Literal["query", "passage"]
_OUTPUTS = ("states", "tokens", "heads")  # see `index.models.graph`
_READING = ("reading",)
_WINDOW, _ASKED = 512, 160  # tokens of a pair, and of the question in it
_Outputs = tuple[Floats, ...]


@dataclass(frozen=True, slots=True)
class Importance:
    """What a trained model says of the tokens of a question.

    Attributes:
        finding: f32 (n,), how much each counts in finding the sentence; sums to 1.
        answering: f32 (n,), how much in telling whether that sentence answers; sums to 1.
        asked: How much the question by itself sounds like one that is answered, 0 for neither.
    """

    finding: Floats
    answering: Floats
    asked: float


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text as an encoder sees it. All rows have length 1.

    Attributes:
        vector: f32 (dimension,), the mean of the last layer's token vectors.
        tokens: f32 (n, dimension), for late interaction, without prefix and special tokens; the
            bundled model gives a question one more, which stands for all of it.
        spans: i32 (n, 2), the code points of the text each token stands for; 0:0 for that one.
        importance: Of each token of a question; nothing for a passage to go by, and None where
            the model was not trained for it.
    """

    vector: Floats
    tokens: Floats
    spans: Ints
    importance: Importance | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage as one text.

    Attributes:
        ids: Token ids, the question's first.
        start: Where those of the passage begin.
    """

    ids: list[int]
    start: int


def paired(question: list[int], passage: list[int]) -> Pair:
    """Put a passage behind a question; what goes beyond the window is cut off.

    Args:
        question: Token ids, see `question_ids`.
        passage: Token ids, with the special tokens around them.
    """
    return Pair([*question, *passage[1:]][:_WINDOW], len(question))


def question_ids(encoding: Encoding) -> list[int]:
    """The tokens of a question in a pair; of a long one its end, which says what is asked."""
    ids = [
        token
        for window in _windows(encoding)
        for token, special in zip(window.ids, window.special_tokens_mask, strict=True)
        if not special
    ]
    first, last = encoding.ids[0], encoding.ids[-1]
    return [first, *ids[-_ASKED:], last]


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage, read together with a question.

    Attributes:
        logits: f32 (n,), how much each token is part of an answer.
        spans: i32 (n, 2), the code points of the passage each token stands for.
    """

    logits: Floats
    spans: Ints


class Encoder(Protocol):
    """What search needs of a model. Safe to call from several threads."""

    trained: bool
    """Whether token vectors were trained for late interaction, and need no centring."""

    reader: str
    """Names what reads passages together with a question; empty where nothing can."""

    @property
    def fingerprint(self) -> str:
        """Names the model and its exact weights; vectors of two fingerprints never mix."""

    def encode(self, texts: Sequence[str], role: Role) -> Iterator[Encoded]:
        """Encode texts one after another, in their order.

        Texts longer than the model's window are read in several windows, none is cut.
        """

    def read(self, question: str, passages: Sequence[str]) -> list[Reading]:
        """Read each passage together with the question; nothing where the model cannot do so."""

    def __hash__(self) -> int:
        """Encoders are compared by identity; what they made may be cached."""


def unit_rows(rows: npt.ArrayLike) -> Floats:
    """Scale each row to length 1; a row of zeros stays."""
    values = np.asarray(rows, np.float32)
    norms = np.linalg.norm(values, axis=-1, keepdims=True)
    return np.asarray(values / np.maximum(norms, 1e-12), np.float32)


class OnnxEncoder:
    """The bundled model, run by onnxruntime."""

    trained = True

    _PREFIX = {"query": "query: ", "passage": "passage: "}  # as multilingual-e5 was trained
    # Tokens that end beyond this many code points are kept. A question keeps its colon: its vector
    # stands for what the whole question asks, as it was trained to (ColBERT has `[Q]` for that).
    _SKIPPED = {"query": len("query"), "passage": len("passage: ")}
    _BATCH, _TOKENS = 8, 1024  # texts and tokens in a batch: attention takes room for each pair
    _PADDED = 1.15  # in a batch no text is longer than the shortest by more
    _SORTED = 256  # texts are sorted by length within stretches of this many

    def __init__(self, folder: Path, fingerprint: str, reader: str) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self.fingerprint, self.reader = fingerprint, reader
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        options = onnxruntime.SessionOptions()
        # It would keep what the longest texts took, and takes the next power of two.
        options.enable_cpu_mem_arena = False
        # Threads that spin while they wait slow down everything else on a small machine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._lower, self._vectors, self._reader = (
            onnxruntime.InferenceSession(
                str(folder / f"{name}.onnx"), options, providers=["CPUExecutionProvider"]
            )
            for name in ("lower", "vectors", "reader")
        )

    def token_count(self, text: str, role: Role) -> int:
        """How many tokens the model reads for `text`, prefix and special tokens included."""
        encoding = self._tokenizer.encode(self._PREFIX[role] + text)
        return sum(len(window.ids) for window in _windows(encoding))

    def encode(self, texts: Sequence[str], role: Role) -> Iterator[Encoded]:
        """See `Encoder.encode`."""
        prefix = self._PREFIX[role]
        for start in range(0, len(texts), self._SORTED):
            stretch = [prefix + _encodable(text) for text in texts[start : start + self._SORTED]]
            encodings = self._tokenizer.encode_batch(stretch)
            pools = [_Pool(one, len(prefix), self._SKIPPED[role]) for one in encodings]
            places = [(pool, window) for pool in pools for window in range(len(pool.ids))]
            ids = [pool.ids[window] for pool, window in places]
            for number, outputs in self._run(ids, self._vectors, _OUTPUTS):
                pool, window = places[number]
                pool.put(window, *outputs)
            for pool in pools:
                yield pool.encoded()

    def read(self, question: str, passages: Sequence[str]) -> list[Reading]:
        """See `Encoder.read`."""
        before = self._PREFIX["passage"]
        asked = question_ids(self._tokenizer.encode(self._PREFIX["query"] + _encodable(question)))
        encodings = self._tokenizer.encode_batch([before + _encodable(one) for one in passages])
        pairs = [paired(asked, encoding.ids) for encoding in encodings]
        outputs = dict(self._run([pair.ids for pair in pairs], self._reader, _READING))
        return [
            _reading(encoding, len(before), outputs[number][0][pair.start :])
            for number, (encoding, pair) in enumerate(zip(encodings, pairs, strict=True))
        ]

    def _run(
        self, texts: Sequence[list[int]], upper: InferenceSession, names: Sequence[str]
    ) -> Iterator[tuple[int, _Outputs]]:
        """Number of each text, in any order, and what some upper layers say of it."""
        for batch in self._batches([len(text) for text in texts]):
            lengths = [len(texts[number]) for number in batch]
            ids = np.ones((len(batch), max(lengths)), np.int64)  # 1 is the padding token
            mask = np.zeros_like(ids)
            for row, number in enumerate(batch):
                ids[row, : lengths[row]] = texts[number]
                mask[row, : lengths[row]] = 1
            (states,) = self._lower.run(("lower",), {"input_ids": ids, "attention_mask": mask})
            found = upper.run(names, {"lower": states, "attention_mask": mask})
            for row, number in enumerate(batch):
                yield number, tuple(one[row, : lengths[row]] for one in found)

    def _batches(self, lengths: Sequence[int]) -> Iterator[list[int]]:
        """Numbers of texts of about the same length."""
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


def _encodable(text: str) -> str:
    """Lone surrogates cannot reach the tokenizer; the model would not know them anyway."""
    return text.encode("utf-8", "replace").decode("utf-8")


class _Pool:
    """What is kept of a text while its windows are read: room for them all would be ten times it.

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
            for flags, (starts, ends) in zip(special, (one.T for one in spans), strict=True)
        ]
        self._begins = np.cumsum([0, *map(np.count_nonzero, self._kept)])
        self._spans = np.concatenate([a[b] for a, b in zip(spans, self._kept, strict=True)])

    def put(self, window: int, states: Floats, tokens: Floats, heads: Floats) -> None:
        """Take what the model says of the tokens of a window."""
        if not len(self._sum):
            self._sum = np.zeros(states.shape[1], np.float32)
            self._tokens = np.empty((self._begins[-1], tokens.shape[1]), np.float32)
            self._heads = np.empty((self._begins[-1], heads.shape[1]), np.float32)
        kept, own = self._kept[window], slice(*self._begins[window : window + 2])
        self._sum += states.sum(axis=0)
        self._tokens[own], self._heads[own] = unit_rows(tokens[kept]), heads[kept]

    def encoded(self) -> Encoded:
        """The text, when all its windows were read."""
        return Encoded(
            vector=unit_rows(self._sum / sum(map(len, self.ids))),
            tokens=self._tokens,
            spans=np.maximum(self._spans - self._prefix, 0),
            importance=_importance(self._heads),
        )


def _reading(passage: Encoding, prefix: int, logits: Floats) -> Reading:
    """What was said of a passage's tokens, but for those of its prefix and special ones."""
    read = slice(1, 1 + len(logits))
    spans = np.array(passage.offsets[read], np.int32) - prefix
    kept = (np.array(passage.special_tokens_mask[read]) == 0) & (spans[:, 1] > 0)
    return Reading(logits[kept], np.maximum(spans[kept], 0))


def _importance(heads: Floats) -> Importance:
    """Reads the outputs of the head, f32 (n, 3)."""
    counts = np.logaddexp(0, heads[:, :2])  # softplus
    finding, answering = (counts / np.maximum(counts.sum(axis=0), 1e-12)).T
    return Importance(finding, answering, float(answering @ heads[:, 2]))
