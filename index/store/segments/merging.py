"""Merges segments: what no statement needs any more is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from index.late_interaction.codes import TokenCodes
from index.lexical.postings import merge_postings
from index.ranges import Indices
from index.store.segments.array_file import Array, Stretches, read_rows
from index.store.segments.segment import Segment, to_arrays
from index.store.vectors.clusters import clusters_of_tokens, clusters_of_vectors

FANOUT = 8  # A size class has segments of up to so many times as many passages as the one below.
_Mask = npt.NDArray[np.bool_]
# The large arrays, which are copied in stretches, and the array that says where a passage begins.
_LARGE = {
    "codes": "first_tokens",
    "scales": "first_tokens",
    "spans": "first_tokens",
    "vectors": "first_vectors",
}


def due(sizes: Sequence[tuple[int, int]]) -> slice:
    """Return which segments should become one now; an empty slice if it is not worth it.

    The newest segments are merged when together they are of a larger size class than each of the
    older ones among them. So each passage is copied only as often as there are classes, and fewer
    than `FANOUT` segments of each class remain. A segment is written anew, too, when less than half
    of its passages are still needed.

    Args:
        sizes: How many passages of each segment are still needed, at least one, and how many it
            has.
    """
    needed = [count for count, _ in sizes]
    for first in range(len(sizes) - 1):
        if _size_class(sum(needed[first:])) > _size_class(max(needed[first:-1])):
            return slice(first, len(sizes))
    for number, (count, size) in enumerate(sizes):
        if 2 * count < size:
            return slice(number, number + 1)
    return slice(0, 0)


def _size_class(size: int) -> int:
    """Return the logarithm of a number of passages to the base `FANOUT`, rounded down."""
    level = 0
    while size >= FANOUT:
        size, level = size // FANOUT, level + 1
    return level


@dataclass(frozen=True, slots=True)
class _Kept:
    """Which parts of one segment are kept.

    Attributes:
        segment: The segment.
        passages: bool (passages,).
        sentences: bool (sentences,).
        cards: bool (cards,).
        runs: The first kept passage of each run, and one past its last.
    """

    segment: Segment
    passages: _Mask
    sentences: _Mask
    cards: _Mask
    runs: list[tuple[int, int]]

    @classmethod
    def of(cls, segment: Segment, statements: Indices) -> _Kept:
        passages = np.isin(segment.statements, statements)
        edges = np.flatnonzero(np.diff(passages, prepend=False, append=False)).tolist()
        return cls(
            segment,
            passages,
            np.repeat(passages, np.diff(segment.first_sentences)),
            np.isin(segment.card_statements, statements),
            list(zip(edges[::2], edges[1::2], strict=True)),
        )

    def lengths(self, starts: Indices) -> Indices:
        """Return how long the stretch of each kept passage is."""
        return np.diff(starts)[self.passages]

    def rows(self, name: str, starts: Indices) -> Iterator[Array]:
        """Yield the rows of a large array that belong to kept passages."""
        for first, last in self.runs:
            yield from read_rows(self.segment.path, name, int(starts[first]), int(starts[last]))


def merged_arrays(segments: Sequence[Segment], statements: Indices) -> dict[str, Stretches]:
    """Return the arrays of the segment that takes the place of several others.

    Args:
        segments: The segments, by ascending rows of their passages.
        statements: i64 (statements,), the database rows of the statements that are kept.
    """
    kept = [_Kept.of(segment, statements) for segment in segments]
    large = {name: _large(kept, name, starts) for name, starts in _LARGE.items()}
    return {
        **{name: Stretches.of(array) for name, array in _small_arrays(kept).items()},
        **large,
        **{name: Stretches.of(array) for name, array in _clusters(kept, *large["vectors"].shape)},
    }


def _clusters(kept: Sequence[_Kept], count: int, dimension: int) -> Iterator[tuple[str, Array]]:
    clusters = clusters_of_vectors(lambda: _stretches(kept, "vectors"), count, dimension)
    yield "cluster_centres", clusters.centres
    yield "vector_clusters", clusters.of_vectors


def _large(kept: Sequence[_Kept], name: str, starts: str) -> Stretches:
    arrays = [to_arrays(part.segment)[name] for part in kept]
    count = sum(int(part.lengths(getattr(part.segment, starts)).sum()) for part in kept)
    return Stretches(
        np.result_type(*(array.dtype for array in arrays)),
        (count, *arrays[0].shape[1:]),
        _stretches(kept, name),
    )


def _stretches(kept: Sequence[_Kept], name: str) -> Iterator[Array]:
    starts = _LARGE[name]
    return chain.from_iterable(part.rows(name, getattr(part.segment, starts)) for part in kept)


def _small_arrays(kept: Sequence[_Kept]) -> dict[str, Array]:
    """Return the arrays that fit into memory."""

    def starts(name: str) -> Indices:
        lengths = [part.lengths(getattr(part.segment, name)) for part in kept]
        return np.concatenate([[0], np.cumsum(np.concatenate(lengths))]).astype(np.int64)

    def passages(name: str) -> Array:
        return np.concatenate([getattr(part.segment, name)[part.passages] for part in kept])

    def sentences(name: str) -> Array:
        return np.concatenate([getattr(part.segment, name)[part.sentences] for part in kept])

    first_tokens = starts("first_tokens")
    arrays: dict[str, Array] = {
        **{name: passages(name) for name in ("rows", "statements", "background")},
        **{
            name: sentences(name)
            for name in ("sentence_background", "sentence_terms", "sentence_keys")
        },
        **{name: starts(name) for name in ("first_sentences", "first_vectors")},
        "first_tokens": first_tokens,
        "sentence_tokens": _sentence_tokens(kept, first_tokens),
    }
    return arrays | _postings(kept) | _cards(kept)


def _sentence_tokens(kept: Sequence[_Kept], first_tokens: Indices) -> Array:
    """Return the tokens of the kept sentences, by their new numbers."""
    passages = np.cumsum([0, *(part.passages.sum() for part in kept)])
    moved = []
    for part, first, last in zip(kept, passages[:-1], passages[1:], strict=True):
        shifts = first_tokens[first:last] - part.segment.first_tokens[:-1][part.passages]
        shifts = np.repeat(shifts, part.lengths(part.segment.first_sentences))
        moved.append(part.segment.sentence_tokens[part.sentences] + shifts[:, None])
    return np.concatenate(moved).astype(np.uint32)


def _postings(kept: Sequence[_Kept]) -> dict[str, Array]:
    parts, first = [], 0
    for part in kept:
        numbers = np.full(len(part.sentences), -1, np.int64)
        count = int(part.sentences.sum())
        numbers[part.sentences] = np.arange(first, first + count)
        parts.append((part.segment.postings, numbers))
        first += count
    postings = merge_postings(parts)
    return {
        "terms": postings.terms,
        "term_starts": postings.starts,
        "posting_sentences": postings.sentences,
        "posting_counts": postings.counts,
    }


def _cards(kept: Sequence[_Kept]) -> dict[str, Array]:
    cards = [
        (part.segment.card_statements[place], part.segment.card(int(place)))
        for part in kept
        for place in np.flatnonzero(part.cards)
    ]
    tokens = TokenCodes(
        np.concatenate([card.codes for _, card in cards]),
        np.concatenate([card.scales for _, card in cards]),
    )
    clusters = clusters_of_tokens(tokens)
    return {
        "card_statements": np.array([statement for statement, _ in cards], np.int64),
        "first_card_tokens": np.cumsum([0, *(len(card) for _, card in cards)], dtype=np.int64),
        "card_codes": tokens.codes,
        "card_scales": tokens.scales,
        "card_cluster_centres": clusters.centres,
        "card_token_clusters": clusters.of_vectors,
    }
