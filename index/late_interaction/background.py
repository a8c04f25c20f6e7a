"""The background questions: questions about anything, which no statement is expected to answer.

What a passage or a sentence scores for them is what it scores for any question. The ranking
subtracts a share of it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from corpus.library import QUESTIONS
from corpus.question_sets import read_json_lines
from index.late_interaction.centring import TokenCentring, centred, fit_centring
from index.late_interaction.maxsim import TokenMatrix, max_sim_tokens
from index.models.encoder import Encoded, Encoder, Floats

_SENTENCES_AT_ONCE = 64  # that are compared with the background questions in one step
_CONDENSED = 256  # token vectors that stand for those of all questions


@dataclass(frozen=True, slots=True)
class BackgroundTokens:
    """The token vectors of all background questions.

    Attributes:
        tokens: f32 (n, dimension), centred token vectors, or means of several, rounded to f16.
        weights: f32 (n,), how much each token counts. The sum is 1, and every question has the same
            share of it.
        centring: The centring that was fitted to the questions.
    """

    tokens: Floats
    weights: Floats
    centring: TokenCentring

    def mean_scores(self, sentences: TokenMatrix) -> tuple[Floats, float]:
        """Return the mean MaxSim over the background questions.

        Args:
            sentences: The sentences of one passage.

        Returns:
            The mean of each sentence, f32 (sentences,), and that of the whole passage.
        """
        steps = len(sentences) // _SENTENCES_AT_ONCE + 1
        means, best = [], np.full(len(self.tokens), -1, np.float32)
        for part in np.array_split(np.arange(len(sentences)), steps):
            maxima = max_sim_tokens(self.tokens, sentences, part)
            means.append(maxima @ self.weights)
            best = np.maximum(best, maxima.max(axis=0, initial=-1))
        return np.concatenate(means), float(best @ self.weights)

    def condensed(self) -> BackgroundTokens:
        """Return fewer token vectors that give nearly the same means, several times as quickly.

        The vectors are put into groups of similar ones (k-means). The mean of a group stands for
        its vectors, with the sum of their weights.
        """
        import faiss

        if len(self.tokens) <= _CONDENSED:
            return self
        dimension = self.tokens.shape[1]
        groups = faiss.Kmeans(dimension, _CONDENSED, seed=0, min_points_per_centroid=1)
        groups.train(self.tokens)
        _, nearest = groups.index.search(self.tokens, 1)
        sums = np.zeros((_CONDENSED, self.tokens.shape[1]), np.float32)
        weights = np.zeros(_CONDENSED, np.float32)
        np.add.at(sums, nearest[:, 0], self.tokens * self.weights[:, None])
        np.add.at(weights, nearest[:, 0], self.weights)
        used = weights > 0
        means = (sums[used] / weights[used, None]).astype(np.float16).astype(np.float32)
        return BackgroundTokens(means, weights[used], self.centring)

    def to_row(self) -> tuple[bytes, bytes, bytes, bytes]:
        """Return the row of the table `background`: centre, languages, tokens, weights."""
        return (
            self.centring.centre.tobytes(),
            self.centring.languages.tobytes(),
            self.tokens.astype(np.float16).tobytes(),
            self.weights.tobytes(),
        )

    @classmethod
    def from_row(
        cls, centre: bytes, languages: bytes, tokens: bytes, weights: bytes
    ) -> BackgroundTokens:
        """Read a row of the table `background`.

        Raises:
            ValueError: The columns do not fit one another.
        """
        mean = np.frombuffer(centre, np.float32)
        centring = TokenCentring(mean, np.frombuffer(languages, np.float32).reshape(-1, len(mean)))
        rows = np.frombuffer(tokens, np.float16).reshape(-1, len(mean))
        row_weights = np.frombuffer(weights, np.float32)
        if len(rows) != len(row_weights):
            raise ValueError("not one weight per token")
        return cls(rows.astype(np.float32), row_weights, centring)


class Background:
    """The background questions and what one model makes of them.

    Args:
        encoder: The model.

    Attributes:
        questions: (question, language code) of each.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        rows = read_json_lines(QUESTIONS / "background.jsonl")
        self.questions = tuple((str(row["question"]), str(row["language"])) for _, row in rows)

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the model, followed by a checksum of the questions."""
        texts = "\n".join(text for text, _ in self.questions)
        digest = hashlib.sha256(texts.encode()).hexdigest()[:8]
        return f"{self._encoder.fingerprint}:background-{digest}"

    @property
    def encoded(self) -> BackgroundTokens:
        """The token vectors of the questions. They are computed when first needed."""
        return _encode(self._encoder, self.questions)

    @property
    def centring(self) -> TokenCentring:
        """The centring of the model."""
        return self.encoded.centring


@lru_cache(maxsize=2)
def _encode(encoder: Encoder, questions: tuple[tuple[str, str], ...]) -> BackgroundTokens:
    encoded = list(encoder.encode([text for text, _ in questions], "query"))
    tokens = np.concatenate([question.tokens for question in encoded])
    lengths = [len(question.tokens) for question in encoded]
    languages = np.repeat([language for _, language in questions], lengths)
    centring = (
        TokenCentring.identity(tokens.shape[1])
        if encoder.trained
        else fit_centring(tokens, languages)
    )
    weights = np.concatenate([_token_weights(question) for question in encoded]) / len(encoded)
    # The database stores f16. Rounding here makes fresh and stored token vectors equal.
    rounded = centred(tokens, centring).astype(np.float16).astype(np.float32)
    background = BackgroundTokens(rounded, np.asarray(weights, np.float32), centring)
    # A model that was not trained weighs the tokens of a question by all of these vectors.
    return background.condensed() if encoder.trained else background


def _token_weights(question: Encoded) -> Floats:
    """Return how much each token counts, f32 (n,), with the sum 1.

    All tokens count the same where the model does not weigh them.
    """
    if question.query_weights:
        return question.query_weights.retrieval
    count = len(question.tokens)
    return np.full(count, 1 / max(1, count), np.float32)
