"""Token centring: takes away what all token vectors share, so that only their subjects differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.models.encoder import Floats, unit_rows

_LEAST = 0.02  # the least that a token of a query counts


@dataclass(frozen=True, slots=True)
class TokenCentring:
    """What is subtracted from the token vectors of one model.

    Attributes:
        centre: f32 (dimension,), the mean of the token vectors.
        languages: f32 (n, dimension), orthonormal directions in which token vectors of the same
            meaning differ from language to language.
    """

    centre: Floats
    languages: Floats

    @classmethod
    def identity(cls, dimension: int) -> TokenCentring:
        """Return the centring of a model whose token vectors need none: it changes no vector."""
        return cls(np.zeros(dimension, np.float32), np.zeros((0, dimension), np.float32))


def fit_centring(tokens: Floats, languages: npt.NDArray[np.str_]) -> TokenCentring:
    """Find the mean of token vectors and the directions in which the means per language differ.

    Args:
        tokens: f32 (n, dimension), unit rows.
        languages: (n,), the language of each row.
    """
    means = np.stack([tokens[languages == name].mean(axis=0) for name in np.unique(languages)])
    _, _, directions = np.linalg.svd(means - means.mean(axis=0), full_matrices=False)
    # The differences between n means span n - 1 directions. In a space of few dimensions so many
    # directions would leave nothing of the meaning.
    count = min(len(means) - 1, tokens.shape[1] // 4)
    return TokenCentring(tokens.mean(axis=0), np.asarray(directions[:count], np.float32))


def centred(tokens: Floats, centring: TokenCentring) -> Floats:
    """Subtract the mean and remove the language directions, then scale each row to length 1.

    The token vectors of e5 lie in a narrow cone. Subtracting the mean spreads them (Mu & Viswanath
    2018, All-but-the-Top, without its principal components). What remains still depends on the
    language. Without the directions in which languages differ, a word is nearer to its translation
    (Yang, Yang, Cer & Darve 2021).

    Args:
        tokens: f32 (n, dimension), unit rows.
        centring: What to subtract.

    Returns:
        f32 (n, dimension), unit rows.
    """
    if not len(tokens):
        return tokens
    shifted = tokens - centring.centre
    return unit_rows(shifted - (shifted @ centring.languages.T) @ centring.languages)


def informativeness(query: Floats, background: Floats) -> Floats:
    """Return how much each token of a query tells about the subject of the query.

    It is the distance to the nearest token of the background questions. The tokens "what", "the"
    and 「ですか」 stand in many of them, 「半導体」 stands in none. This does for token vectors
    what inverse document frequency does for words.

    Args:
        query: f32 (n, dimension), centred unit rows.
        background: f32 (m, dimension), centred unit rows of the background questions.

    Returns:
        f32 (n,), above 0.
    """
    if not len(query):
        return np.zeros(0, np.float32)
    nearest = (query @ background.T).max(axis=1)
    return np.asarray(np.maximum(1 - nearest, _LEAST), np.float32)
