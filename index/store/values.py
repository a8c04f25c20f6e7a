"""Values that go into a store and come out of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from corpus.errors import ShuttenError
from corpus.records import Statement
from index.late_interaction.codes import TokenCodes
from index.store.segments.encodings import PassageEncoding

LOCK_SECONDS = 600.0  # how long a writer waits for another one


def new_generation() -> str:
    """Return a name for the next committed state, which no other one has."""
    return uuid.uuid4().hex


class ChangedMeanwhileError(ShuttenError):
    """Something that a search needs was changed this moment. Looking again helps."""


class UnreachableError(ShuttenError):
    """The server with the statements does not answer. It may answer again in a while."""


class StatementKey(NamedTuple):
    """What tells a statement from all others, also from those of another store.

    A row alone does not: a rebuild gives other statements the same rows.

    Attributes:
        row: Its row.
        id: Its id.
        encoding: The encoding of its text.
        sha256: The checksum of its bytes.
        provenance: Its provenance as a JSON object.
    """

    row: int
    id: str
    encoding: str
    sha256: str
    provenance: str


@dataclass(frozen=True, slots=True)
class NewStatement:
    """A statement that is to be stored.

    Attributes:
        statement: The statement.
        origin: The path that it is added from.
        file: The document that its text was read from, if it is kept.
        passages: What the model made of each of its passages, in reading order.
        terms: The search terms of each sentence of each passage.
        card: The tokens of its card; see `corpus.facts.cards`.
    """

    statement: Statement
    origin: str
    file: bytes | None
    passages: Sequence[PassageEncoding]
    terms: Sequence[Sequence[Sequence[str]]]
    card: TokenCodes


@dataclass(frozen=True, slots=True)
class Encodings:
    """What a model made of some texts.

    Attributes:
        passages: By the key of the passage with its context; see `EncoderInput.key`.
        cards: By the key of the card.
    """

    passages: dict[bytes, PassageEncoding] = field(default_factory=dict)
    cards: dict[bytes, TokenCodes] = field(default_factory=dict)
