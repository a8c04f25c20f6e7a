"""Unrelated questions: what a unit scores for them, and which words any question has."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np

from corpus.library import QUESTIONS
from corpus.questions import read_json_lines
from index.encoder import Encoder, Floats, unit_rows
from index.interaction import TokenMatrix, max_sim_tokens


class Background:
    """The background questions, encoded once by one model."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        rows = read_json_lines(QUESTIONS / "background.jsonl")
        self.questions = tuple(str(row["question"]) for _, row in rows)

    @property
    def fingerprint(self) -> str:
        """Changes with the questions, and with the model that read them."""
        digest = hashlib.sha256("\n".join(self.questions).encode()).hexdigest()[:8]
        return f"{self._encoder.fingerprint}:background-{digest}"

    @property
    def tokens(self) -> Floats:
        """The centred token vectors of all background questions, f32 (n, dimension)."""
        return self._read()[0]

    @property
    def centre(self) -> Floats:
        """The mean of their token vectors before centring, f32 (dimension,)."""
        return self._read()[2]

    def mean(self, tokens: Floats) -> float:
        """Mean MaxSim of one unit, f32 (n, dimension), over all background questions."""
        if not len(tokens):
            return 0.0
        questions, weights, _ = self._read()
        unit = TokenMatrix(tokens.astype(np.float16), np.array([0]), np.array([len(tokens)]))
        return float(max_sim_tokens(questions, unit, np.array([0]))[0] @ weights)

    def _read(self) -> tuple[Floats, Floats, Floats]:
        return _read(self._encoder, self.questions)


@lru_cache(maxsize=2)
def _read(encoder: Encoder, questions: tuple[str, ...]) -> tuple[Floats, Floats, Floats]:
    """Centred token vectors, the weight of each (every question counts the same), and centre."""
    encoded = [one for one in encoder.encode(questions, "query") if len(one.tokens)]
    tokens = np.concatenate([one.tokens for one in encoded])
    weights = [np.full(len(one.tokens), 1 / len(one.tokens) / len(encoded)) for one in encoded]
    centre = tokens.mean(axis=0)
    return centred(tokens, centre), np.concatenate(weights), centre


def centred(tokens: Floats, centre: Floats) -> Floats:
    """Token vectors without what all have in common, f32 (n, dimension), unit rows again.

    e5's token vectors lie in a narrow cone; taking off the mean spreads them (Mu & Viswanath
    2018, All-but-the-Top, without its principal components).
    """
    return unit_rows(tokens - centre) if len(tokens) else tokens


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
