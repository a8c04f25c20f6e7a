"""The tables `embeddings` and `background`: what a model made of the texts that it read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from index.late_interaction.background import BackgroundTokens
from index.late_interaction.maxsim import Halves
from index.models.encoder import Floats, Ints
from index.store.statements import Statements


@dataclass(frozen=True, slots=True)
class Embedding:
    """A row of the table `embeddings`: a text as search compares it with questions.

    Attributes:
        vector: f32 (dimension,), of length 1.
        tokens: f16 (n, dimension), centred unit rows.
        spans: i32 (n, 2), the code points of the text that each token covers.
        background: The mean MaxSim over the background questions.
    """

    vector: Floats
    tokens: Halves
    spans: Ints
    background: float

    @classmethod
    def from_row(
        cls, dimension: int, vector: bytes, tokens: bytes, spans: bytes, background: float
    ) -> Embedding:
        """Read a row of the table.

        Raises:
            ValueError: The columns do not fit one another.
        """
        (only_row,) = np.frombuffer(vector, np.float32).reshape(-1, dimension)
        token_rows = np.frombuffer(tokens, np.float16).reshape(-1, dimension)
        token_spans = np.frombuffer(spans, np.int32).reshape(-1, 2)
        if len(token_rows) != len(token_spans):
            raise ValueError("not one span per token")
        return cls(only_row, token_rows, token_spans, float(background))

    def to_row(self) -> tuple[bytes, bytes, bytes, float]:
        """Return the row of the table, without the key."""
        return (
            self.vector.tobytes(),
            self.tokens.tobytes(),
            self.spans.tobytes(),
            self.background,
        )


class Embeddings(Statements):
    """The tables `embeddings` and `background`.

    `embeddings` has one row for each different text of all statements; see `encoder_inputs`.
    `background` has one row: the background questions as the same model encoded them.
    """

    def embedding_keys(self) -> set[str]:
        """Return the keys of all stored embeddings."""
        return set(self._column("SELECT wording FROM embeddings"))

    def put_embedding(self, key: str, embedding: Embedding) -> None:
        """Store an embedding under its key; see `embedding_key`."""
        self._connection.execute(
            "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?, ?, ?)", (key, *embedding.to_row())
        )

    def embeddings(self, keys: Iterable[str]) -> Iterator[Embedding]:
        """Yield the embeddings of some keys, in the order of the keys.

        Raises:
            ShuttenError: An embedding is missing or damaged.
        """
        (dimension,) = self._row("SELECT length(centre) / 4 FROM background") or (0,)
        for key in keys:
            row = self._row(
                "SELECT vector, tokens, spans, background FROM embeddings WHERE wording = ?", key
            )
            if row is None:
                raise self.inconsistency("an embedding is missing")
            try:
                yield Embedding.from_row(dimension, *row)
            except (ValueError, TypeError) as error:
                raise self.inconsistency("an embedding is damaged") from error

    def drop_unused_embeddings(self) -> None:
        """Delete the embeddings of texts that no statement holds any more."""
        self._connection.execute(
            "DELETE FROM embeddings WHERE wording NOT IN (SELECT embedding FROM passages)"
            " AND wording NOT IN (SELECT introduced FROM passages)"
            " AND wording NOT IN (SELECT embedding FROM sentences)"
            " AND wording NOT IN (SELECT embedding FROM cards)"
        )

    def put_background(self, tokens: BackgroundTokens) -> None:
        """Store the background questions as a model encoded them."""
        self._connection.execute("DELETE FROM background")
        self._connection.execute("INSERT INTO background VALUES (?, ?, ?, ?)", tokens.to_row())

    def background(self) -> BackgroundTokens:
        """Return the stored background questions.

        Raises:
            ShuttenError: They are missing or damaged.
        """
        rows = self._rows("SELECT centre, languages, tokens, weights FROM background")
        try:
            (row,) = rows
            return BackgroundTokens.from_row(*row)
        except (ValueError, TypeError) as error:
            raise self.inconsistency("the background questions are damaged") from error
