"""Search arrays: all segments of a data folder as if they were one.

The small arrays are joined in memory, without what belongs to no statement any more. The large ones
(token codes, vectors, postings) stay in the files, which are mapped into memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from index.late_interaction.codes import CodeParts
from index.late_interaction.maxsim import TokenMatrix
from index.lexical.bm25 import WordMatches, Words
from index.lexical.same_words import Keys
from index.models.encoder import Floats
from index.ranges import Indices
from index.store.segments.array_file import Array
from index.store.segments.segment import Segment
from index.store.vectors.base import NearestVectors, VectorIndex, VectorPart
from index.store.vectors.faiss_index import FaissIndex

VECTOR_INDEX: type[VectorIndex] = FaissIndex  # the vector store in use


@dataclass(frozen=True, slots=True)
class UnitArrays:
    """The arrays of all passages, or of all sentences. A unit is one of them.

    Attributes:
        tokens: The tokens of each unit, which was read with its context: a passage behind its
            parent bullet, a sentence within its passage.
        background: f32 (units,), the mean MaxSim over the background questions.
    """

    tokens: TokenMatrix
    background: Floats

    def __len__(self) -> int:
        return len(self.background)


class TokenSpans(Protocol):
    """The code points of its passage that each token covers."""

    def of(self, tokens: Indices) -> Indices:
        """Return those of some tokens, i64 (n, 2).

        Args:
            tokens: i64 (n,), numbers of tokens of one passage; at least one.
        """


class ClusteredCards(NamedTuple):
    """The clusters of the tokens of some cards.

    Attributes:
        centres: f32 (clusters, dimension), of length 1.
        clusters: u16 (tokens,), the cluster of each token.
        cards: i64 (tokens,), the card of each token, as `SearchArrays.cards` numbers them.
    """

    centres: Floats
    clusters: Array
    cards: Indices


class WordSearch(Protocol):
    """The search terms of all sentences."""

    def scores(self, question: str) -> WordMatches:
        """Return how well each passage and each sentence matches the words of a question."""


@dataclass(frozen=True, slots=True)
class _SpansOfSegments:
    """The spans of all segments, with the number of the first token of each; see `TokenSpans`."""

    parts: Sequence[Array]
    starts: Indices

    def of(self, tokens: Indices) -> Indices:
        """See `TokenSpans.of`."""
        segment = int(np.searchsorted(self.starts, tokens[0], "right")) - 1
        spans: Indices = self.parts[segment][tokens - self.starts[segment]].astype(np.int64)
        return spans


@dataclass(frozen=True, slots=True)
class SearchArrays:
    """All segments of one generation, by the numbers of passages and sentences.

    Attributes:
        generation: The name of the generation.
        statements: i64 (passages,), the database row of the statement of each passage.
        first_sentence: i64 (passages + 1,), the first sentence of each passage.
        passages: The arrays of all passages.
        sentences: The arrays of all sentences. Their tokens are among those of the passages.
        spans: The code points of its passage that each token covers.
        vectors: The vectors by which passages are found, several for most passages.
        vector_passages: i64 (vectors,), the passage of each vector.
        words: The search terms of all sentences.
        sentence_keys: u64 (sentences,), see `index.lexical.same_words`.
        card_statements: i64 (cards,), the database row of the statement of each card.
        cards: The tokens of the cards; see `corpus.facts.cards`.
        card_clusters: The clusters of the tokens of cards, from each segment that has some.
        segments: The segments; none on a server.
    """

    generation: str
    statements: Indices
    first_sentence: Indices
    passages: UnitArrays
    sentences: UnitArrays
    spans: TokenSpans
    vectors: NearestVectors
    vector_passages: Indices
    words: WordSearch
    sentence_keys: Keys
    card_statements: Indices
    cards: TokenMatrix
    card_clusters: Sequence[ClusteredCards] = ()
    segments: Sequence[Segment] = ()

    def release(self) -> None:
        """Give back the memory of what was read of mapped files. It can be read again."""
        for segment in self.segments:
            segment.release()


def join(
    segments: Sequence[Segment],
    statements: Indices,
    generation: str = "",
    before: SearchArrays | None = None,
) -> SearchArrays:
    """Join segments.

    Args:
        segments: The segments, by ascending rows of their passages; at least one.
        statements: i64 (statements,), the database rows of the statements that there are.
        generation: The name of the generation.
        before: The arrays of an earlier generation, of which parts may be used again.
    """
    kept = [np.isin(segment.statements, statements) for segment in segments]
    of_sentences = [
        np.repeat(mask, np.diff(segment.first_sentences))
        for segment, mask in zip(segments, kept, strict=True)
    ]
    counts = _joined([np.diff(segment.first_sentences) for segment in segments], kept)
    codes = CodeParts.of(*(segment.tokens for segment in segments))
    vectors, owners = _vectors(segments, kept, before)
    card_statements, cards, card_clusters = _cards(segments, statements)
    return SearchArrays(
        generation,
        statements=_joined([segment.statements for segment in segments], kept),
        first_sentence=np.concatenate([[0], np.cumsum(counts)]),
        passages=_passages(segments, kept, codes),
        sentences=_sentences(segments, of_sentences, codes),
        spans=_SpansOfSegments([segment.spans for segment in segments], codes.starts),
        vectors=vectors,
        vector_passages=owners,
        words=Words.of(
            [segment.postings for segment in segments],
            _numbers(of_sentences),
            passage_of=np.repeat(np.arange(len(counts)), counts),
            lengths=_joined([segment.sentence_terms for segment in segments], of_sentences),
        ),
        sentence_keys=_joined([segment.sentence_keys for segment in segments], of_sentences),
        card_statements=card_statements,
        cards=cards,
        card_clusters=card_clusters,
        segments=segments,
    )


def _joined(arrays: Sequence[Array], masks: Sequence[Array]) -> Array:
    """Return the rows of several arrays that are kept, one after another."""
    return np.concatenate([array[mask] for array, mask in zip(arrays, masks, strict=True)])


def _passages(segments: Sequence[Segment], kept: Sequence[Array], codes: CodeParts) -> UnitArrays:
    starts = [
        segment.first_tokens + first
        for segment, first in zip(segments, codes.starts.tolist(), strict=False)
    ]
    begins, ends = (
        _joined([own[part] for own in starts], kept) for part in (slice(None, -1), slice(1, None))
    )
    background = _joined([segment.background for segment in segments], kept)
    return UnitArrays(TokenMatrix(codes, begins, ends), background)


def _sentences(segments: Sequence[Segment], kept: Sequence[Array], codes: CodeParts) -> UnitArrays:
    ranges = [
        segment.sentence_tokens.astype(np.int64) + first
        for segment, first in zip(segments, codes.starts.tolist(), strict=False)
    ]
    begins, ends = _joined(ranges, kept).T
    background = _joined([segment.sentence_background for segment in segments], kept)
    return UnitArrays(TokenMatrix(codes, begins, ends), background)


def _numbers(masks: Sequence[Array]) -> list[Indices]:
    """Number the kept units of all segments; -1 for the others."""
    numbers, first = [], 0
    for mask in masks:
        numbers.append(np.where(mask, first + np.cumsum(mask) - 1, -1))
        first += int(mask.sum())
    return numbers


def _vectors(
    segments: Sequence[Segment], kept: Sequence[Array], before: SearchArrays | None
) -> tuple[VectorIndex, Indices]:
    """Return the vectors of the kept passages, and the number of the passage of each."""
    counts = [np.diff(segment.first_vectors) for segment in segments]
    owners = np.concatenate(
        [np.repeat(numbers, count) for numbers, count in zip(_numbers(kept), counts, strict=True)]
    )
    masks = [np.repeat(mask, count) for mask, count in zip(kept, counts, strict=True)]

    def parts() -> Iterator[VectorPart]:
        for segment, mask in zip(segments, masks, strict=True):
            if mask.all():
                yield VectorPart(segment.vectors, segment.clusters, segment.path.name)
            else:
                yield VectorPart(segment.vectors[mask], segment.clusters.of(mask))
            segment.release()

    known = before.vectors if before and isinstance(before.vectors, VECTOR_INDEX) else None
    return VECTOR_INDEX.build(parts(), known), owners[owners >= 0]


def _cards(
    segments: Sequence[Segment], statements: Indices
) -> tuple[Indices, TokenMatrix, list[ClusteredCards]]:
    """Return the cards of the statements that there are, and the clusters of their tokens."""
    codes = CodeParts.of(*(segment.card_tokens for segment in segments))
    owners = np.concatenate([segment.card_statements for segment in segments])
    begins, ends = (
        np.concatenate(
            [
                segment.first_card_tokens[own] + first
                for segment, first in zip(segments, codes.starts.tolist(), strict=False)
            ]
        )
        for own in (slice(None, -1), slice(1, None))
    )
    kept = np.isin(owners, statements)
    clusters, first = [], 0
    for segment in segments:
        own = np.isin(segment.card_statements, statements)
        if segment.card_clusters:
            counts = np.diff(segment.first_card_tokens)
            numbers = np.repeat(np.where(own, first + np.cumsum(own) - 1, -1), counts)
            there = numbers >= 0
            found = segment.card_clusters
            clusters.append(ClusteredCards(found.centres, found.of_vectors[there], numbers[there]))
        first += int(own.sum())
    return owners[kept], TokenMatrix(codes, begins[kept], ends[kept]), clusters
