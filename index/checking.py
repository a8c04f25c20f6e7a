"""Verifies every invariant of a data folder."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from corpus.errors import ShuttenError
from corpus.parsing import parse
from corpus.records import Statement
from index import derived, schema
from index.storage import DamagedError, Store


def check(store: Store) -> list[str]:
    """What is wrong with a data folder, in words; an empty list when all is well."""
    problems: list[str] = []
    with store.reading():
        try:
            problems.extend(_problems(store))
        except (ShuttenError, ValueError, LookupError, TypeError) as error:
            problems.append(f"{store.path}: {error}")
    return problems


def _problems(store: Store) -> Iterator[str]:
    if (verdict := store.integrity()) != "ok":
        yield f"{store.path}: {verdict}"
        return
    for name in store.statement_ids():
        try:
            statement = store.statement(name)
        except DamagedError as error:
            yield str(error)
        else:
            yield from _passage_problems(statement)
    for table, words in schema.WORDS.items():
        rows = [unit.row for unit in store.units(table)]
        if rows != store.word_rows(words):
            yield f"{words}: does not hold the words of exactly the {table}"
    if store.statement_ids():
        store.background()
    yield from _embedding_problems(store)
    if generation := store.meta("generation"):
        wrong = derived.verify(store, generation)
        yield from wrong
        if not wrong and store.statement_ids():
            yield from _derived_problems(store, generation)


def _passage_problems(statement: Statement) -> Iterator[str]:
    if statement.passages != parse(statement.source.text):
        yield f"{statement.id}: passages and sentences are not those its text gives"
    ids = [passage.id for passage in statement.passages]
    if len(set(ids)) != len(ids):
        yield f"{statement.id}: passage ids are not unique"


def _embedding_problems(store: Store) -> Iterator[str]:
    needed = {unit.embedding for table in schema.WORDS for unit in store.units(table)}
    needed |= {unit.embedding for unit in store.units("passages", "introduced")}
    present = store.embedded()
    if missing := needed - present:
        yield f"embeddings of {len(missing)} wordings are missing"
    if unused := present - needed:
        yield f"{len(unused)} embeddings belong to no wording"
    for key, embedding in zip(
        sorted(needed & present), store.embeddings(sorted(needed & present)), strict=True
    ):
        rows = np.vstack([embedding.vector[None, :], embedding.tokens.astype(np.float32)])
        norms = np.linalg.norm(rows, axis=1)
        if not np.allclose(norms, 1, atol=0.01):
            yield f"the embedding {key[:12]} has rows that are not of length 1"


def _derived_problems(store: Store, generation: str) -> Iterator[str]:
    try:
        loaded = derived.load(store, generation)
    except FileNotFoundError:
        yield f"{derived.folder(store, generation)}: does not fit the database"
        return
    for table in schema.WORDS:
        stored = store.embeddings(unit.embedding for unit in store.units(table))
        for number, embedding in enumerate(stored):
            if not np.allclose(getattr(loaded, table).vectors[number], embedding.vector):
                yield f"{table}: row {number} of the derived files is not what is stored"
    read = store.embeddings(unit.embedding for unit in store.units("passages", "introduced"))
    tokens, starts = loaded.passages.tokens, store.passage_starts()
    for number, embedding in enumerate(read):
        own = slice(tokens.begins[number], tokens.ends[number])
        same = np.array_equal(tokens.rows[own], embedding.tokens)
        if not same or not np.array_equal(loaded.spans[own], embedding.spans + starts[number]):
            yield f"passages: the tokens of row {number} are not what is stored"
