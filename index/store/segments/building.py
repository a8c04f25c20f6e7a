"""Makes the segment of some statements that are added together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.late_interaction.codes import TokenCodes
from index.lexical.postings import Postings
from index.lexical.same_words import Keys
from index.store.segments.array_file import Array
from index.store.segments.encodings import Numbers, PassageEncoding
from index.store.segments.segment import Segment, starts_of
from index.store.vectors.clusters import clusters_of_tokens, clusters_of_vectors


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage of a segment.

    Attributes:
        row: Its database row.
        statement: The database row of its statement.
        encoding: What the model made of it.
        terms: The search terms of each of its sentences.
        keys: u64 (sentences,), the keys of its sentences; see `index.lexical.same_words`.
    """

    row: int
    statement: int
    encoding: PassageEncoding
    terms: Sequence[Sequence[str]]
    keys: Keys


@dataclass(frozen=True, slots=True)
class NewCard:
    """The card of a statement.

    Attributes:
        statement: The database row of the statement.
        tokens: The tokens of the card.
    """

    statement: int
    tokens: TokenCodes


def build_segment(path: Path, passages: Sequence[NewPassage], cards: Sequence[NewCard]) -> Segment:
    """Return the segment of some passages and cards, in memory.

    Args:
        path: Where it will be written.
        passages: The passages, by ascending rows; at least one.
        cards: The cards of their statements; at least one.
    """
    encodings = [passage.encoding for passage in passages]
    terms = [sentence for passage in passages for sentence in passage.terms]
    first_tokens = starts_of([len(encoding.tokens) for encoding in encodings])
    sentence_tokens = [
        encoding.sentence_tokens + np.uint32(first)
        for encoding, first in zip(encodings, first_tokens[:-1], strict=True)
    ]
    vectors = np.concatenate([encoding.vectors for encoding in encodings])
    card_tokens = _joined([card.tokens for card in cards])
    return Segment(
        path=path,
        rows=np.array([passage.row for passage in passages], np.int64),
        statements=np.array([passage.statement for passage in passages], np.int64),
        first_sentences=starts_of([len(passage.terms) for passage in passages]),
        first_tokens=first_tokens,
        background=np.array([encoding.background for encoding in encodings], np.float32),
        sentence_tokens=np.concatenate(sentence_tokens).astype(np.uint32),
        sentence_background=np.concatenate(
            [encoding.sentence_background for encoding in encodings]
        ),
        sentence_terms=np.array(list(map(len, terms)), np.uint32),
        sentence_keys=np.concatenate([passage.keys for passage in passages]),
        tokens=_joined([encoding.tokens for encoding in encodings]),
        spans=smallest(np.concatenate([encoding.spans for encoding in encodings])),
        vectors=vectors,
        clusters=clusters_of_vectors(lambda: [vectors], *vectors.shape),
        first_vectors=starts_of([len(encoding.vectors) for encoding in encodings]),
        postings=Postings.of(terms),
        card_statements=np.array([card.statement for card in cards], np.int64),
        first_card_tokens=starts_of([len(card.tokens) for card in cards]),
        card_tokens=card_tokens,
        card_clusters=clusters_of_tokens(card_tokens),
    )


def smallest(numbers: Array) -> Numbers:
    """Return numbers from 0 on as u16, or as u32 where one is more than that holds."""
    short = int(numbers.max(initial=0)) < 2**16
    return numbers.astype(np.uint16 if short else np.uint32)


def _joined(parts: Sequence[TokenCodes]) -> TokenCodes:
    return TokenCodes(
        np.concatenate([part.codes for part in parts]),
        np.concatenate([part.scales for part in parts]),
    )
