"""A wording as search knows it, and how that lies in the database."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.late_interaction.maxsim import Halves
from index.models.encoder import Floats, Ints


@dataclass(frozen=True, slots=True)
class Embedding:
    """A row of the table `embeddings`.

    Attributes:
        vector: f32 (dimension,), of length 1.
        tokens: f16 (n, dimension), centred.
        spans: i32 (n, 2), code points of the wording.
        background: Mean MaxSim over the background questions.
    """

    vector: Floats
    tokens: Halves
    spans: Ints
    background: float

    @classmethod
    def of(
        cls, dimension: int, vector: bytes, tokens: bytes, spans: bytes, background: float
    ) -> Embedding:
        """What a row of the table holds.

        Raises:
            ValueError: The parts do not fit one another.
        """
        (one,) = np.frombuffer(vector, np.float32).reshape(-1, dimension)
        rows = np.frombuffer(tokens, np.float16).reshape(-1, dimension)
        places = np.frombuffer(spans, np.int32).reshape(-1, 2)
        if len(rows) != len(places):
            raise ValueError("not one span a token")
        return cls(one, rows, places, float(background))

    def stored(self) -> tuple[bytes, bytes, bytes, float]:
        """A row of the table."""
        parts = (self.vector, self.tokens, self.spans)
        vector, tokens, spans = (part.tobytes() for part in parts)
        return vector, tokens, spans, self.background
