"""What search needs of a model: the protocol of encoders, and the values they return."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]
Role = Literal["query", "passage"]


@dataclass(frozen=True, slots=True)
class QueryWeights:
    """How much each token of a query counts, as a trained model says.

    Attributes:
        retrieval: f32 (tokens,), the weight of each token when sentences are ranked; the sum is 1.
        answerability: f32 (tokens,), the weight of each token when the system decides whether the
            best sentence answers; the sum is 1.
        prior: How much the query alone looks like one that statements answer. 0 is neutral.
    """

    retrieval: Floats
    answerability: Floats
    prior: float


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text as a model encodes it. All vectors have length 1.

    Attributes:
        vector: f32 (dimension,), the vector of the whole text, by which candidates are found.
        tokens: f32 (n, dimension), token vectors for late interaction, without the prefix and the
            special tokens. The bundled model adds one token to a query that stands for all of it.
        spans: i32 (n, 2), the code points of the text that each token covers. The token that
            stands for the whole query has the span 0:0.
        query_weights: The weights of the tokens of a query. Passages do not use them. None where
            the model was not trained to weigh tokens.
        pooling: f32 (n,), how much each token counts in `vector`; see `pooled`. None where the
            model was not trained to make `vector` of its token vectors.
        states: f32 (n, hidden), the token vectors of a query before they are projected to fewer
            numbers. They tell what kind of remark it is. Empty for passages, and where the model
            is not the bundled one.
    """

    vector: Floats
    tokens: Floats
    spans: Ints
    query_weights: QueryWeights | None = None
    pooling: Floats | None = None
    states: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))


class Encoder(Protocol):
    """A model that encodes texts. It can be called from several threads.

    Encoders are compared by identity, so that what they returned can be cached.
    """

    trained: bool
    """Whether the token vectors were trained for late interaction. They need no centring then."""

    reranker: str
    """The name of the reranker. It is empty where the model has none."""

    @property
    def fingerprint(self) -> str:
        """The model and its exact weights. Vectors of two fingerprints are never mixed."""

    def encode(self, texts: Sequence[str], role: Role) -> Iterator[Encoded]:
        """Encode texts one after another and yield the results in the same order.

        A text that is longer than the window of the model is read in several windows.
        """

    def rerank(self, question: str, texts: Sequence[str]) -> list[float]:
        """Read each text together with the question.

        Returns:
            The log-odds that each text answers; minus infinity for a text without tokens. The list
            is empty where the model has no reranker.
        """

    def __hash__(self) -> int:
        """Hash by identity."""


def encodable(text: str) -> str:
    """Replace lone surrogates, which no tokenizer can read."""
    return text.encode("utf-8", "replace").decode("utf-8")


def pooled(tokens: Floats, weights: Floats) -> Floats:
    """Return the weighted mean of token vectors, scaled to length 1.

    Args:
        tokens: f32 (n, dimension).
        weights: f32 (n,).
    """
    return unit_rows(weights @ tokens)


def unit_rows(rows: npt.ArrayLike) -> Floats:
    """Scale each row to length 1. A row of zeros stays as it is."""
    values = np.asarray(rows, np.float32)
    norms = np.linalg.norm(values, axis=-1, keepdims=True)
    return np.asarray(values / np.maximum(norms, 1e-12), np.float32)
