"""Unrelated questions: what a unit scores for them, and which words any question has."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from corpus.library import QUESTIONS
from corpus.question_sets import read_json_lines
from index.late_interaction.maxsim import TokenMatrix, max_sim_tokens
from index.models.encoder import Encoded, Encoder, Floats, unit_rows

_AT_ONCE = 64  # units that are compared with the background questions in one product


@dataclass(frozen=True, slots=True)
class TokenCentring:
    """What token vectors say of no subject.

    Attributes:
        centre: f32 (dimension,), the mean token.
        languages: f32 (n, dimension), orthonormal directions in which only languages differ.
    """

    centre: Floats
    languages: Floats

    @classmethod
    def nothing(cls, dimension: int) -> TokenCentring:
        """For a model whose token vectors need no centring."""
        return cls(np.zeros(dimension, np.float32), np.zeros((0, dimension), np.float32))


@dataclass(frozen=True, slots=True)
class BackgroundTokens:
    """The background questions as a model read them.

    Attributes:
        tokens: f32 (n, dimension), the centred token vectors of all, rounded to f16.
        weights: f32 (n,), how much each counts; every question counts the same, 1 in all.
        common: What the token vectors shared.
    """

    tokens: Floats
    weights: Floats
    centring: TokenCentring

    def means(self, units: TokenMatrix) -> Floats:
        """Mean MaxSim of each unit, f32 (units,)."""
        parts = np.array_split(np.arange(len(units)), len(units) // _AT_ONCE + 1)
        return np.concatenate(
            [max_sim_tokens(self.tokens, units, part) @ self.weights for part in parts]
        )

    def stored(self) -> tuple[bytes, bytes, bytes, bytes]:
        """A row of the table `background`."""
        halves = self.tokens.astype(np.float16)
        parts = (self.centring.centre, self.centring.languages, halves, self.weights)
        centre, languages, tokens, weights = (part.tobytes() for part in parts)
        return centre, languages, tokens, weights

    @classmethod
    def of(cls, centre: bytes, languages: bytes, tokens: bytes, weights: bytes) -> BackgroundTokens:
        """What a row of the table `background` holds.

        Raises:
            ValueError: The parts do not fit one another.
        """
        mean = np.frombuffer(centre, np.float32)
        centring = TokenCentring(mean, np.frombuffer(languages, np.float32).reshape(-1, len(mean)))
        halves = np.frombuffer(tokens, np.float16).reshape(-1, len(mean))
        counts = np.frombuffer(weights, np.float32)
        if len(halves) != len(counts):
            raise ValueError("not one weight a token")
        return cls(halves.astype(np.float32), counts, centring)


class Background:
    """The background questions, encoded once by one model.

    Args:
        encoder: The model.
        kept: What it read before, which spares reading them again.
    """

    def __init__(self, encoder: Encoder, kept: BackgroundTokens | None = None) -> None:
        self._encoder, self._kept = encoder, kept
        rows = read_json_lines(QUESTIONS / "background.jsonl")
        self.questions = tuple((str(row["question"]), str(row["language"])) for _, row in rows)

    @property
    def fingerprint(self) -> str:
        """Changes with the questions, and with the model that read them."""
        texts = "\n".join(text for text, _ in self.questions)
        digest = hashlib.sha256(texts.encode()).hexdigest()[:8]
        return f"{self._encoder.fingerprint}:background-{digest}"

    @property
    def centring(self) -> TokenCentring:
        """What their token vectors share."""
        return self.read().centring

    def read(self) -> BackgroundTokens:
        """Their tokens."""
        return self._kept or _read(self._encoder, self.questions)


@lru_cache(maxsize=2)
def _read(encoder: Encoder, questions: tuple[tuple[str, str], ...]) -> BackgroundTokens:
    encoded = list(encoder.encode([text for text, _ in questions], "query"))
    lengths = [len(one.tokens) for one in encoded]
    tokens = np.concatenate([one.tokens for one in encoded])
    spoken = np.repeat([language for _, language in questions], lengths)
    centring = (
        TokenCentring.nothing(tokens.shape[1]) if encoder.trained else fit_centring(tokens, spoken)
    )
    weights = np.concatenate([_weights(one) for one in encoded]) / len(encoded)
    halves = centred(tokens, centring).astype(np.float16)
    return BackgroundTokens(halves.astype(np.float32), np.asarray(weights, np.float32), centring)


def _weights(question: Encoded) -> Floats:
    """How much each token counts, f32 (n,): alike, where the model says nothing of it."""
    if question.query_weights:
        return question.query_weights.retrieval
    count = len(question.tokens)
    return np.full(count, 1 / max(1, count), np.float32)


def fit_centring(tokens: Floats, languages: npt.NDArray[np.str_]) -> TokenCentring:
    """The mean of token vectors, and the space that the means of their languages span.

    Args:
        tokens: f32 (n, dimension), unit rows.
        languages: (n,), the language of each.
    """
    means = np.stack([tokens[languages == one].mean(axis=0) for one in np.unique(languages)])
    _, _, directions = np.linalg.svd(means - means.mean(axis=0), full_matrices=False)
    # So many means span one direction fewer; of a small space, most must be left.
    count = min(len(means) - 1, tokens.shape[1] // 4)
    return TokenCentring(tokens.mean(axis=0), np.asarray(directions[:count], np.float32))


def centred(tokens: Floats, centring: TokenCentring) -> Floats:
    """Token vectors without what all have in common, f32 (n, dimension), unit rows again.

    e5's token vectors lie in a narrow cone; taking off the mean spreads them (Mu & Viswanath
    2018, All-but-the-Top, without its principal components). What is left still tells the
    language; without the directions in which languages differ, a word is nearer to its
    translation (Yang, Yang, Cer & Darve 2021).
    """
    if not len(tokens):
        return tokens
    apart = tokens - centring.centre
    return unit_rows(apart - (apart @ centring.languages.T) @ centring.languages)


def informativeness(query: Floats, background: Floats) -> Floats:
    """How much each token of a question tells about its subject: f32 (query tokens,), above 0.

    It is the distance to the nearest token of the background questions: "what", "the" and
    「ですか」 are in many of them, 「半導体」 in none. It plays the part that inverse document
    frequency plays for words.
    """
    if not len(query):
        return np.zeros(0, np.float32)
    nearest = (query @ background.T).max(axis=1)
    return np.asarray(np.maximum(1 - nearest, 0.02), np.float32)
