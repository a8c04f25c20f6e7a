"""Checks that everything in a data folder fits together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from operator import attrgetter

import numpy as np

from corpus.errors import ShuttenError
from corpus.formats.encodings import detect_encoding
from corpus.segmentation.parsing import parse
from index.building.embedding import sentence_tokens
from index.lexical import bm25
from index.models.encoder import Floats
from index.store import schema, search_arrays
from index.store.embeddings import Embedding
from index.store.encoder_inputs import card_input, passage_input
from index.store.originals import Original
from index.store.search_arrays import SearchArrays, UnitArrays
from index.store.store import Store

_TOLERANCE = 0.01  # for numbers that were rounded to f16


def check(store: Store) -> list[str]:
    """Return what is wrong with a data folder, a line each. The list is empty if all is well."""
    parts = (
        *(_check_statements, _check_cards, _check_settings, _check_words),
        *(_check_embeddings, _check_sentence_tokens, _check_search_arrays),
    )
    try:
        with store.reading():
            problems = _problems(store, partial(_check_file, store))
            if not problems:  # The rows of a damaged file cannot be relied on.
                for check_part in parts:
                    problems += _problems(store, partial(check_part, store))
            return problems
    except ShuttenError as error:
        return [str(error)]


def _problems(store: Store, check_part: Callable[[], Iterator[str]]) -> list[str]:
    """Return the problems that one check finds, and the error that ends it if there is one."""
    problems = []
    try:
        for problem in check_part():
            problems.append(problem)  # noqa: PERF402 (those before an error are kept)
    except ShuttenError as error:
        problems.append(str(error))
    except Exception as error:  # a damaged row can cause any error
        problems.append(f"{store.path}: damaged ({type(error).__name__}: {error})")
    return problems


def _check_file(store: Store) -> Iterator[str]:
    for problem in store.integrity_problems():
        yield f"{store.path}: {problem}"
    for column in schema.missing_columns(store.columns()):
        yield f"{store.path}: there is no {column}"


def _check_statements(store: Store) -> Iterator[str]:
    for original in store.originals():
        yield from _problems(store, partial(_check_statement, store, original))


def _check_statement(store: Store, original: Original) -> Iterator[str]:
    statement = store.statement(original.id)
    if (detect_encoding(original.data) or original.encoding) != original.encoding:
        yield f"{original.id}: its bytes are not read as they were recorded to be"
    if statement.passages != parse(statement.source.text):
        yield f"{original.id}: passages and sentences are not those its text gives"
        return
    keys = [passage_input(statement, passage).key for passage in statement.passages]
    if keys != store.context_keys(original.id):
        yield f"{original.id}: its passages have the embeddings of other words"


def _check_cards(store: Store) -> Iterator[str]:
    keys, damaged = store.card_keys(), store.damaged_ids()
    for name in store.statement_ids():
        if name not in damaged and keys.get(name) != card_input(store.statement(name)).key:
            yield f"{name}: its card has the embedding of other words"


def _check_settings(store: Store) -> Iterator[str]:
    for key in () if store.is_empty() else ("generation", "fingerprint"):
        if not store.meta(key):
            yield f"{store.path}: the setting {key!r} is missing"


def _check_words(store: Store) -> Iterator[str]:
    if store.damaged_ids():
        return  # The right words are not known.
    texts = {name: store.statement(name).source.text for name in store.statement_ids()}
    for table, word_table in schema.WORD_TABLES.items():
        rows = [(row, texts[name][start:end]) for row, name, start, end in store.unit_spans(table)]
        if store.word_table_contents(table) != bm25.expected_contents(word_table, rows):
            yield f"{word_table}: does not hold the words of exactly the {table}"


def _check_embeddings(store: Store) -> Iterator[str]:
    needed = {key for table in schema.WORD_TABLES for key in store.unit_keys(table)}
    needed |= set(store.all_context_keys()) | set(store.card_keys().values())
    stored = store.embedding_keys()
    if missing := needed - stored:
        yield f"embeddings of {len(missing)} wordings are missing"
    if unused := stored - needed:
        yield f"{len(unused)} embeddings belong to no wording"
    if needed:
        background = store.background()
        if not _have_length_1(background.tokens) or not np.isclose(background.weights.sum(), 1):
            yield "the background questions have rows that are not of length 1"
    keys = sorted(needed & stored)
    for key, embedding in zip(keys, store.embeddings(keys), strict=True):
        rows = np.vstack([embedding.vector, embedding.tokens.astype(np.float32)])
        if not _have_length_1(rows):
            yield f"the embedding {key[:12]} has rows that are not of length 1"


def _check_sentence_tokens(store: Store) -> Iterator[str]:
    for key, places in groupby(store.sentence_places(), key=attrgetter("passage_key")):
        (passage,) = store.embeddings([key])
        for place in places:
            if place.tokens != sentence_tokens(place, passage):
                yield f"sentences: row {place.row} has the tokens of other words"


def _check_search_arrays(store: Store) -> Iterator[str]:
    generation = store.meta("generation")
    if not generation:
        return
    yield from (problems := search_arrays.verify(store, generation))
    if problems or store.is_empty():
        return
    try:
        arrays = search_arrays.load(store, generation)
    except FileNotFoundError:
        yield f"{search_arrays.folder(store, generation)}: does not fit the database"
        return
    yield from _check_units(store, arrays)
    embeddings = store.embeddings(store.all_context_keys())
    for row, (embedding, start) in enumerate(zip(embeddings, store.passage_starts(), strict=True)):
        if not _has_passage(arrays, row, embedding, start):
            yield f"passages: the tokens of row {row} are not what is stored"


def _check_units(store: Store, arrays: SearchArrays) -> Iterator[str]:
    """Compare vectors and background scores with the database."""
    background = store.background()
    for table in schema.WORD_TABLES:
        units: UnitArrays = getattr(arrays, table)
        embeddings = store.embeddings(store.unit_keys(table))
        vectors = np.stack([embedding.vector for embedding in embeddings])
        for row in np.flatnonzero((units.vectors.vectors != vectors).any(axis=1)):
            yield f"{table}: row {row} of the search arrays is not what is stored"
        scores = background.mean_scores(units.tokens)
        if not np.allclose(scores, units.background, atol=_TOLERANCE):
            yield f"{table}: their scores for the background questions are not what is stored"


def _has_passage(arrays: SearchArrays, row: int, embedding: Embedding, start: int) -> bool:
    """Return whether the search arrays have the stored tokens of a passage.

    Args:
        arrays: The search arrays.
        row: The row of the passage in them.
        embedding: The stored embedding of the passage.
        start: The first code point of the passage.
    """
    tokens = arrays.passages.tokens
    own = slice(tokens.begins[row], tokens.ends[row])
    return (
        np.array_equal(tokens.rows[own], embedding.tokens)
        and np.array_equal(arrays.spans[own], embedding.spans + start)
        and arrays.passages.background[row] == np.float32(embedding.background)
    )


def _have_length_1(rows: Floats) -> bool:
    return bool(np.allclose(np.linalg.norm(rows, axis=1), 1, atol=_TOLERANCE))
