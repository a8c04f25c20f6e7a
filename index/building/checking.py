"""Verifies every invariant of a data folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from corpus.errors import ShuttenError
from corpus.formats.encodings import detect_encoding
from corpus.segmentation.parsing import parse
from index.building.embedder import placed
from index.lexical import bm25
from index.models.encoder import Floats
from index.store import schema, search_arrays
from index.store.embeddings import Embedding
from index.store.originals import Original
from index.store.store import Store
from index.store.wordings import context_before, wording_key

_NEAR = 0.01  # of numbers that were rounded to f16 on their way


def check(store: Store) -> list[str]:
    """What is wrong with a data folder, in words; an empty list when all is well."""
    try:
        with store.reading():
            problems = _found(store, partial(_file, store))
            if not problems:  # else the rows need not even be readable
                for look in (_statements, _settings, _words, _embeddings, _places, _derived):
                    problems += _found(store, partial(look, store))
            return problems
    except ShuttenError as error:
        return [str(error)]


def _found(store: Store, look: Callable[[], Iterator[str]]) -> list[str]:
    """The problems that one check finds, one of which may be that it cannot go on."""
    problems = []
    try:
        for problem in look():
            problems.append(problem)  # noqa: PERF402 (those before an error are kept)
    except ShuttenError as error:
        problems.append(str(error))
    except Exception as error:  # there is no telling what a damaged row leads to
        problems.append(f"{store.path}: damaged ({type(error).__name__}: {error})")
    return problems


def _file(store: Store) -> Iterator[str]:
    for verdict in store.integrity():
        yield f"{store.path}: {verdict}"
    for column in schema.missing(store.columns()):
        yield f"{store.path}: there is no {column}"


def _statements(store: Store) -> Iterator[str]:
    for original in store.originals():
        yield from _found(store, partial(_statement, store, original))


def _statement(store: Store, original: Original) -> Iterator[str]:
    statement = store.statement(original.id)
    if (detect_encoding(original.data) or original.encoding) != original.encoding:
        yield f"{original.id}: its bytes are not read as they were recorded to be"
    text = statement.source.text
    if statement.passages != parse(text):
        yield f"{original.id}: passages and sentences are not those its text gives"
        return
    expected = [
        wording_key(one.span.of(text), context_before(statement, one)) for one in statement.passages
    ]
    if expected != store.introduced(original.id):
        yield f"{original.id}: its passages have the embeddings of other words"


def _settings(store: Store) -> Iterator[str]:
    for key in () if store.is_empty() else ("generation", "fingerprint"):
        if not store.meta(key):
            yield f"{store.path}: the setting {key!r} is missing"


def _words(store: Store) -> Iterator[str]:
    if store.damaged():
        return  # what they should be cannot be told
    texts = {name: store.statement(name).source.text for name in store.statement_ids()}
    for table, words in schema.WORDS.items():
        rows = [(row, texts[name][start:end]) for row, name, start, end in store.spans(table)]
        if store.words(table) != bm25.expected(words, rows):
            yield f"{words}: does not hold the words of exactly the {table}"


def _embeddings(store: Store) -> Iterator[str]:
    needed = {unit.embedding for table in schema.WORDS for unit in store.units(table)}
    needed |= {unit.embedding for unit in store.units("passages", "introduced")}
    present = store.embedded()
    if missing := needed - present:
        yield f"embeddings of {len(missing)} wordings are missing"
    if unused := present - needed:
        yield f"{len(unused)} embeddings belong to no wording"
    if needed:
        background = store.background()
        if not _are_unit(background.tokens) or not np.isclose(background.weights.sum(), 1):
            yield "the background questions have rows that are not of length 1"
    keys = sorted(needed & present)
    for key, embedding in zip(keys, store.embeddings(keys), strict=True):
        if not _are_unit(np.vstack([embedding.vector, embedding.tokens.astype(np.float32)])):
            yield f"the embedding {key[:12]} has rows that are not of length 1"


def _places(store: Store) -> Iterator[str]:
    known: tuple[str, Embedding] | None = None
    for one in store.placings():
        if known is None or known[0] != one.introduced:
            known = one.introduced, next(iter(store.embeddings([one.introduced])))
        if one.tokens != placed(one, known[1]):
            yield f"sentences: row {one.row} has the tokens of other words"


def _derived(store: Store) -> Iterator[str]:
    generation = store.meta("generation")
    if not generation:
        return
    yield from (wrong := search_arrays.verify(store, generation))
    if wrong or store.is_empty():
        return
    try:
        loaded = search_arrays.load(store, generation)
    except FileNotFoundError:
        yield f"{search_arrays.folder(store, generation)}: does not fit the database"
        return
    for table in schema.WORDS:
        units = getattr(loaded, table)
        stored = store.embeddings(unit.embedding for unit in store.units(table))
        vectors = np.stack([embedding.vector for embedding in stored])
        for row in np.flatnonzero((units.vectors.vectors != vectors).any(axis=1)):
            yield f"{table}: row {row} of the derived files is not what is stored"
        if not np.allclose(
            store.background().mean_scores(units.tokens), units.background, atol=_NEAR
        ):
            yield f"{table}: what they score for anything is not what is stored"
    read = store.embeddings(unit.embedding for unit in store.units("passages", "introduced"))
    for number, (embedding, start) in enumerate(zip(read, store.passage_starts(), strict=True)):
        if not _is_derived(loaded, number, embedding, start):
            yield f"passages: the tokens of row {number} are not what is stored"


def _is_derived(
    loaded: search_arrays.SearchArrays, number: int, embedding: Embedding, start: int
) -> bool:
    """Whether the derived files have what is stored of a passage that begins at `start`."""
    tokens = loaded.passages.tokens
    own = slice(tokens.begins[number], tokens.ends[number])
    return (
        np.array_equal(tokens.rows[own], embedding.tokens)
        and np.array_equal(loaded.spans[own], embedding.spans + start)
        and loaded.passages.background[number] == np.float32(embedding.background)
    )


def _are_unit(rows: Floats) -> bool:
    return bool(np.allclose(np.linalg.norm(rows, axis=1), 1, atol=_NEAR))
