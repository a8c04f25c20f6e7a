"""A segment: the arrays of some statements, mapped into memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from index.late_interaction.codes import IN_A_BYTE, TokenCodes
from index.lexical.postings import Postings
from index.lexical.same_words import Keys
from index.models.encoder import Floats
from index.ranges import Indices
from index.store.segments.array_file import Array, FileRows, map_arrays
from index.store.segments.encodings import Numbers, PassageEncoding
from index.store.vectors.clusters import Clusters
from index.store.vectors.rounding import Rounded

# Of larger files, token vectors are read where they are needed; see `FileRows`.
_MAPPED_WHOLLY = 256_000_000  # bytes


def no_release() -> None:
    """Give nothing back: the arrays are no mapped file."""


@dataclass(frozen=True, slots=True)
class Segment:
    """The arrays of one segment. Passages, sentences and tokens are numbered from 0 within it.

    Attributes:
        path: The file.
        rows: i64 (passages,), the database row of each passage, ascending.
        statements: i64 (passages,), the database row of the statement of each passage.
        first_sentences: i64 (passages + 1,), the first sentence of each passage, and the number of
            all sentences.
        first_tokens: i64 (passages + 1,), the same for tokens.
        background: f32 (passages,), see `PassageEncoding`.
        sentence_tokens: u32 (sentences, 2), the first token of each sentence and one past its last.
        sentence_background: f32 (sentences,).
        sentence_terms: u32 (sentences,), how many search terms each sentence has.
        sentence_keys: u64 (sentences,), see `index.lexical.same_words`.
        tokens: The token vectors.
        spans: unsigned (tokens, 2), see `PassageEncoding`.
        vectors: int8 (vectors, dimension), see `PassageEncoding`.
        clusters: The clusters of the vectors.
        first_vectors: i64 (passages + 1,), the first vector of each passage.
        postings: The search terms of the sentences.
        card_statements: i64 (cards,), the database row of the statement of each card.
        first_card_tokens: i64 (cards + 1,), the first token of each card.
        card_tokens: The token vectors of the cards; see `corpus.facts.cards`.
        card_clusters: The clusters of these.
        release: Gives back the memory of what was read; see `map_arrays`.
    """

    path: Path
    rows: Indices
    statements: Indices
    first_sentences: Indices
    first_tokens: Indices
    background: Floats
    sentence_tokens: Numbers
    sentence_background: Floats
    sentence_terms: Numbers
    sentence_keys: Keys
    tokens: TokenCodes
    spans: Numbers
    vectors: Rounded
    clusters: Clusters
    first_vectors: Indices
    postings: Postings
    card_statements: Indices
    first_card_tokens: Indices
    card_tokens: TokenCodes
    card_clusters: Clusters
    release: Callable[[], None] = no_release

    @classmethod
    def open(cls, path: Path) -> Segment:
        """Map the file of a segment into memory.

        Raises:
            OSError: The file is missing or cannot be read.
            ValueError: The file is not that of a segment, or is cut.
        """
        arrays, release = map_arrays(path)
        segment = replace(from_arrays(path, arrays), release=release)
        if path.stat().st_size <= _MAPPED_WHOLLY or not hasattr(os, "pread"):  # not on Windows
            return segment
        rows: list[Any] = [FileRows(path, name) for name in _CODES["tokens"]]
        return replace(segment, tokens=TokenCodes(*rows))

    def encoding(self, passage: int) -> PassageEncoding:
        """Return what the model made of one passage."""
        begin, end = self.first_tokens[passage : passage + 2].tolist()
        sentences = slice(*self.first_sentences[passage : passage + 2].tolist())
        return PassageEncoding(
            TokenCodes(self.tokens.codes[begin:end], self.tokens.scales[begin:end]),
            self.spans[begin:end],
            float(self.background[passage]),
            self.sentence_tokens[sentences] - np.uint32(begin),
            self.sentence_background[sentences],
            self.vectors[slice(*self.first_vectors[passage : passage + 2].tolist())],
        )

    def card(self, place: int) -> TokenCodes:
        """Return the tokens of one card."""
        own = slice(*self.first_card_tokens[place : place + 2].tolist())
        return TokenCodes(self.card_tokens.codes[own], self.card_tokens.scales[own])


_POSTINGS = ("terms", "term_starts", "posting_sentences", "posting_counts")
_PLAIN = (
    *("rows", "statements", "first_sentences", "first_tokens", "background", "sentence_tokens"),
    *("sentence_background", "sentence_terms", "sentence_keys", "spans"),
    *("vectors", "first_vectors", "card_statements", "first_card_tokens"),
)
_CLUSTERS = {
    "clusters": ("cluster_centres", "vector_clusters"),
    "card_clusters": ("card_cluster_centres", "card_token_clusters"),
}
_CODES = {"tokens": ("codes", "scales"), "card_tokens": ("card_codes", "card_scales")}


def from_arrays(path: Path, arrays: dict[str, Array]) -> Segment:
    """Return the segment that some arrays are.

    Raises:
        ValueError: An array is missing, or the arrays do not fit one another.
    """
    try:
        plain: dict[str, Any] = {name: arrays[name] for name in _PLAIN}
        codes: dict[str, Any] = {
            name: TokenCodes(*(arrays[part] for part in parts)) for name, parts in _CODES.items()
        }
        postings = Postings(*(arrays[name] for name in _POSTINGS))
        clusters: dict[str, Any] = {
            name: Clusters(*(arrays[part] for part in parts)) for name, parts in _CLUSTERS.items()
        }
    except KeyError as error:
        raise ValueError(f"no segment, it has no {error}") from None
    segment = Segment(path=path, postings=postings, **clusters, **plain, **codes)
    if not _fits(segment):
        raise ValueError("its arrays do not fit one another")
    return segment


def _fits(segment: Segment) -> bool:
    """Return whether the arrays that are in memory as a whole fit those that stay in the file."""
    tokens, sentences = segment.tokens, segment.sentence_tokens
    stretches = (
        (segment.first_sentences, segment.rows, segment.sentence_terms),
        (segment.first_tokens, segment.rows, tokens.scales),
        (segment.first_vectors, segment.rows, segment.vectors),
        (segment.first_card_tokens, segment.card_statements, segment.card_tokens.scales),
    )
    same_length: tuple[tuple[Array, ...], ...] = (
        (segment.rows, segment.statements, segment.background),
        (segment.sentence_terms, sentences, segment.sentence_background, segment.sentence_keys),
        (tokens.scales, tokens.codes, segment.spans),
        (segment.card_tokens.scales, segment.card_tokens.codes),
        (segment.postings.sentences, segment.postings.counts),
    )
    return (
        all(_are_starts(starts, len(units), len(parts)) for starts, units, parts in stretches)
        and all(len({len(array) for array in arrays}) == 1 for arrays in same_length)
        and _are_clusters(segment.clusters, *segment.vectors.shape)
        and _are_clusters(segment.card_clusters, *_shape(segment.card_tokens))
        and len(segment.postings.starts) == len(segment.postings.terms) + 1
        and bool((sentences[:, 0] <= sentences[:, 1]).all())
        and int(sentences.max(initial=0)) <= len(tokens)
        and bool(np.isfinite(segment.background).all())
        and bool(np.isfinite(segment.sentence_background).all())
    )


def _are_clusters(clusters: Clusters, vectors: int, dimension: int) -> bool:
    """Return whether clusters fit the number and the dimension of some vectors; none always do."""
    numbers, count = clusters.of_vectors, len(clusters.centres)
    if not count:
        return not len(numbers)
    fits = len(numbers) == vectors and clusters.centres.shape[1] == dimension
    return fits and int(numbers.max(initial=0)) < count


def _shape(tokens: TokenCodes) -> tuple[int, int]:
    return len(tokens), tokens.codes.shape[1] * IN_A_BYTE


def _are_starts(starts: Indices, units: int, parts: int) -> bool:
    """Return whether some numbers can say where the parts of each unit begin."""
    return (
        len(starts) == units + 1
        and starts[0] == 0
        and starts[-1] == parts
        and bool((np.diff(starts) >= 0).all())
    )


def to_arrays(segment: Segment) -> dict[str, Array]:
    """Return the arrays of a segment by their names in the file."""
    postings = segment.postings
    values = (postings.terms, postings.starts, postings.sentences, postings.counts)
    arrays: dict[str, Array] = dict(zip(_POSTINGS, values, strict=True))
    arrays |= {name: getattr(segment, name) for name in _PLAIN}
    for name, (centres, numbers) in _CLUSTERS.items():
        clusters: Clusters = getattr(segment, name)
        arrays |= {centres: clusters.centres, numbers: clusters.of_vectors}
    for name, (codes, scales) in _CODES.items():
        tokens: TokenCodes = getattr(segment, name)
        arrays |= {codes: tokens.codes, scales: tokens.scales}
    return arrays


def starts_of(lengths: Sequence[int]) -> Indices:
    """Return where each of several stretches begins, and where the last one ends, i64 (n + 1,)."""
    return np.cumsum([0, *lengths], dtype=np.int64)
