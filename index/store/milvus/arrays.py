"""The search arrays of a library on a server: small ones in memory, large ones where they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from index.late_interaction.codes import CodeParts, TokenCodes
from index.late_interaction.maxsim import TokenMatrix
from index.lexical.bm25 import Lengths
from index.models.encoder import Floats
from index.ranges import Indices
from index.store.milvus.catalogue import Catalogue
from index.store.milvus.client import Client
from index.store.milvus.packing import Shape
from index.store.milvus.passages import Passages, RemoteTokens
from index.store.milvus.schema import Collections, has_words
from index.store.milvus.vectors import RemoteVectors, Rows
from index.store.milvus.words import Frequencies, RemoteWords
from index.store.search_arrays import SearchArrays, UnitArrays
from index.store.segments.array_file import Array
from index.store.segments.segment import starts_of
from index.store.values import NewStatement


def search_arrays(
    client: Client, names: Collections, passages: Passages, catalogue: Catalogue, dimension: int
) -> SearchArrays:
    """Return the search arrays of a catalogue.

    Args:
        client: The server.
        names: The collections.
        passages: Reads passages.
        catalogue: The statements; at least one.
        dimension: How many numbers a vector of a passage has.
    """
    shapes = [entry.shape for entry in catalogue.by_row.values()]
    counts = np.array([len(shape.sentences) for shape in shapes])
    statements = np.repeat(np.array(list(catalogue.by_row), np.int64), counts)
    first_passages = dict(zip(catalogue.by_row, (np.cumsum(counts) - counts).tolist(), strict=True))
    rows = Rows(first_passages, statements)
    places = [
        (row, number)
        for row, count in zip(catalogue.by_row, counts.tolist(), strict=True)
        for number in range(count)
    ]
    first_sentences = _starts(shapes, lambda shape: shape.sentences)
    first_tokens = _starts(shapes, lambda shape: shape.tokens)
    first_vectors = _starts(shapes, lambda shape: shape.vectors)
    owners = np.repeat(np.arange(len(places)), np.diff(first_vectors))
    tokens = RemoteTokens(passages, places, first_tokens, _token_dimension(shapes))
    return SearchArrays(
        catalogue.generation,
        statements,
        first_sentences,
        passages=UnitArrays(
            TokenMatrix(tokens, first_tokens[:-1], first_tokens[1:]),
            _joined(shapes, lambda shape: shape.background),
        ),
        sentences=_sentences(shapes, tokens, first_sentences),
        spans=tokens,
        vectors=RemoteVectors(client, names.vectors, rows, first_vectors, owners, dimension),
        vector_passages=owners,
        words=_words(client, names, passages, shapes, rows, places, first_sentences),
        sentence_keys=_joined(shapes, lambda shape: shape.sentence_keys),
        card_statements=np.array(list(catalogue.by_row), np.int64),
        cards=_cards([shape.card for shape in shapes]),
    )


def mean_length(shapes: Sequence[Shape], new: Sequence[NewStatement]) -> float:
    """Return how many search terms a passage has, on average.

    Args:
        shapes: The statements that are stored.
        new: Those that are about to be.
    """
    terms = [int(shape.sentence_terms.sum()) for shape in shapes]
    passages = [len(shape.sentences) for shape in shapes]
    for statement in new:
        terms.append(sum(len(sentence) for passage in statement.terms for sentence in passage))
        passages.append(len(statement.terms))
    return sum(terms) / max(1, sum(passages))


def _lengths(shapes: Sequence[Shape], first_sentences: Indices) -> tuple[Lengths, Lengths]:
    """Return how many search terms passages and sentences have."""
    terms = _joined(shapes, lambda shape: shape.sentence_terms)
    owners = np.repeat(np.arange(len(first_sentences) - 1), np.diff(first_sentences))
    of_passages = np.bincount(owners, terms.astype(np.float64), len(first_sentences) - 1)
    return Lengths.of(of_passages), Lengths.of(terms)


def _starts(shapes: Sequence[Shape], counts: Callable[[Shape], Array]) -> Indices:
    return starts_of(_joined(shapes, counts).tolist())


def _joined(shapes: Sequence[Shape], part: Callable[[Shape], Array]) -> Array:
    return np.concatenate([part(shape) for shape in shapes])


def _token_dimension(shapes: Sequence[Shape]) -> int:
    return CodeParts.of(shapes[0].card).dimension


def _sentences(
    shapes: Sequence[Shape], tokens: RemoteTokens, first_sentences: Indices
) -> UnitArrays:
    within = _joined(shapes, lambda shape: shape.sentence_tokens).astype(np.int64)
    first = np.repeat(tokens.first_tokens[:-1], np.diff(first_sentences))
    begins, ends = (within + first[:, None]).T
    background: Floats = _joined(shapes, lambda shape: shape.sentence_background)
    return UnitArrays(TokenMatrix(tokens, begins, ends), background)


def _words(
    client: Client,
    names: Collections,
    passages: Passages,
    shapes: Sequence[Shape],
    rows: Rows,
    places: Sequence[tuple[int, int]],
    first_sentences: Indices,
) -> RemoteWords:
    of_passages, of_sentences = _lengths(shapes, first_sentences)
    return RemoteWords(
        *(client, names.passages, rows, passages, places, first_sentences),
        _frequencies(shapes),
        of_passages,
        of_sentences,
        has_words(client, names),
    )


def _frequencies(shapes: Sequence[Shape]) -> Frequencies:
    terms, places = np.unique(_joined(shapes, lambda shape: shape.terms), return_inverse=True)

    def summed(part: Callable[[Shape], Array]) -> Indices:
        return np.bincount(places, _joined(shapes, part), len(terms)).astype(np.int64)

    return Frequencies(
        terms, summed(lambda shape: shape.in_passages), summed(lambda shape: shape.in_sentences)
    )


def _cards(cards: Sequence[TokenCodes]) -> TokenMatrix:
    joined = TokenCodes(
        np.concatenate([card.codes for card in cards]),
        np.concatenate([card.scales for card in cards]),
    )
    starts = starts_of(list(map(len, cards)))
    return TokenMatrix(CodeParts.of(joined), starts[:-1], starts[1:])
