"""Checks that everything in a library fits together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import get_args

import numpy as np

from corpus.documents import Format
from corpus.errors import ShuttenError
from corpus.formats.encodings import detect_encoding
from corpus.records import Passage, Statement
from corpus.segmentation.parsing import parse
from index.building.encoding import sentence_bounds, sentence_tokens
from index.late_interaction.background import BackgroundTokens
from index.late_interaction.codes import CodeParts
from index.late_interaction.maxsim import TokenMatrix
from index.lexical.postings import Postings
from index.lexical.same_words import sentence_keys
from index.lexical.terms import search_terms
from index.models.encoder import Floats
from index.names import Names
from index.store.base import Store
from index.store.encoder_inputs import card_input, passage_input
from index.store.local import LocalStore
from index.store.segments.encodings import PassageEncoding
from index.store.segments.segment import Segment
from index.store.vectors.rounding import restored

_SHA256 = 64  # hexadecimal digits of a checksum
_TOLERANCE = 0.01  # for numbers that were rounded
_LONGEST = 1.5  # of a token vector whose values were rounded; see `TokenCodes`


def check(store: Store) -> list[str]:
    """Return what is wrong with a library, a line each. The list is empty if all is well."""
    parts: list[Callable[[], Iterator[str]]] = [
        partial(part, store) for part in (_check_statements, _check_settings, _check_background)
    ]
    try:
        with store.reading():
            if isinstance(store, LocalStore):
                parts += [partial(_check_segments, store), partial(_check_index, store)]
            else:
                parts.append(partial(_check_stored, store))
            problems = _problems(store, store.problems)
            if not problems:  # What is in a damaged store cannot be relied on.
                for check_part in parts:
                    problems += _problems(store, check_part)
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
        problems.append(f"{store.name}: damaged ({type(error).__name__}: {error})")
    return problems


def _check_statements(store: Store) -> Iterator[str]:
    for name in store.statement_ids():
        yield from _problems(store, partial(_check_statement, store, name))


def _check_statement(store: Store, name: str) -> Iterator[str]:
    statement, original = store.statement(name), store.original(name)
    yield from _document_problems(store, statement)
    if (detect_encoding(original.data) or original.encoding) != original.encoding:
        yield f"{original.id}: its bytes are not read as they were recorded to be"
    if statement.passages != parse(statement.source.text):
        yield f"{original.id}: passages and sentences are not those its text gives"
        return
    keys = [passage_input(statement, passage).key for passage in statement.passages]
    if keys != store.wordings(name):
        yield f"{original.id}: its passages are recorded with other words"
    if store.card_key(original.id) != card_input(statement).key:
        yield f"{original.id}: its card is recorded with other words"
    if store.names_of(name) != Names.of(statement):
        yield f"{original.id}: other names are recorded than those in its title and opening"


def _document_problems(store: Store, statement: Statement) -> Iterator[str]:
    """Check the document of a statement: its file, and the map from the text to it."""
    document, end = statement.source.document, 0
    if document is None:
        return
    if document.format not in get_args(Format) or not document.reader.startswith(document.format):
        yield f"{statement.id}: its original is recorded with another format or reader"
    if len(document.sha256) != _SHA256 or store.document_file(statement.id) == b"":
        yield f"{statement.id}: the checksum of its original is damaged"
    for stretch in document.details.map.stretches:
        if not end <= stretch.start < stretch.end <= len(statement.source.text):
            yield f"{statement.id}: the map to its original does not fit the text"
            return
        end = stretch.end


def _check_settings(store: Store) -> Iterator[str]:
    for key in () if store.is_empty() else ("generation", "fingerprint"):
        if not store.meta(key):
            yield f"{store.name}: the setting {key!r} is missing"


def _check_background(store: Store) -> Iterator[str]:
    if not store.is_empty() and not np.isclose(store.background().weights.sum(), 1):
        yield "the weights of the background questions do not have the sum 1"


def _check_segments(store: LocalStore) -> Iterator[str]:
    for file in store.segment_files():
        if damage := file.damage(store.home):
            yield f"{damage}; run `shutten index rebuild`"


def _check_stored(store: Store) -> Iterator[str]:
    """Compare what is stored of each passage with the statements."""
    if store.is_empty():
        return
    background = store.background()
    for name in store.statement_ids():
        stored = store.stored(name)
        for passage, encoding in zip(stored.statement.passages, stored.passages, strict=True):
            for problem in _encoding_problems(background, passage, encoding):
                yield f"{name}, passage {passage.id}: {problem}"


def _check_index(store: LocalStore) -> Iterator[str]:
    """Compare what the segments hold with the statements."""
    damaged = set(store.damaged_ids())
    statements = {
        row: store.statement(name)
        for row, name in store.statement_rows().items()
        if name not in damaged
    }
    missing = {
        row: (statement, passage)
        for number, statement in statements.items()
        for row, passage in zip(store.passage_rows(number), statement.passages, strict=True)
    }
    cards = set(statements)
    for file in store.segment_files():
        try:
            segment = store.open_segment(file)
        except ShuttenError:
            continue  # `_check_segments` says so
        yield from _check_segment(store, segment, missing)
        cards -= set(segment.card_statements.tolist())
    if missing:
        yield f"the index lacks {len(missing)} passages; run `shutten index rebuild`"
    if cards:
        yield f"the index lacks the cards of {len(cards)} statements; run `shutten index rebuild`"


def _check_segment(
    store: LocalStore, segment: Segment, missing: dict[int, tuple[Statement, Passage]]
) -> Iterator[str]:
    """Compare the passages of one segment with the statements.

    Args:
        store: The data folder.
        segment: The segment.
        missing: The passages that were not found yet, by their database rows. Those that are found
            are taken out.
    """
    background, name = store.background(), segment.path.name
    terms: list[list[str]] = [[] for _ in segment.sentence_terms]
    keys = segment.sentence_keys.copy()
    for place, row in enumerate(segment.rows.tolist()):
        if row not in missing:
            continue
        statement, passage = missing.pop(row)
        encoding = segment.encoding(place)
        for problem in _encoding_problems(background, passage, encoding):
            yield f"{name}: {statement.id}, passage {passage.id}: {problem}"
        first = int(segment.first_sentences[place])
        keys[first : first + len(passage.sentences)] = sentence_keys(statement, [passage])
        for number, sentence in enumerate(passage.sentences):
            terms[first + number] = search_terms(sentence.of(statement.source.text))
    if not _are_postings(segment, terms) or (keys != segment.sentence_keys).any():
        yield f"{name}: it does not hold the words of exactly its sentences"


def _encoding_problems(
    background: BackgroundTokens, passage: Passage, encoding: PassageEncoding
) -> Iterator[str]:
    tokens = encoding.tokens
    lengths = np.linalg.norm(tokens.vectors(), axis=1)
    if (
        not _have_length_1(restored(encoding.vectors))
        or not ((lengths > 1 - _TOLERANCE) & (lengths < _LONGEST)).all()
    ):
        yield "a vector is not of length 1"
    ranges = sentence_tokens(encoding.spans, sentence_bounds(passage))
    if not np.array_equal(ranges, encoding.sentence_tokens):
        yield "its sentences have the tokens of other words"
        return
    begins, ends = ranges.astype(np.int64).T
    scores, score = background.mean_scores(TokenMatrix(CodeParts.of(tokens), begins, ends))
    if not np.allclose(
        [*scores, score],
        [*encoding.sentence_background, encoding.background],
        atol=_TOLERANCE,
    ):
        yield "its scores for the background questions are others"


def _are_postings(segment: Segment, terms: list[list[str]]) -> bool:
    """Return whether a segment has the postings of some sentences.

    Sentences that no statement has any more may have any; they are given without terms.
    """
    lengths = np.array(list(map(len, terms)))
    known = lengths > 0
    if (segment.sentence_terms[known] != lengths[known]).any():
        return False
    expected, own = Postings.of(terms), segment.postings
    kept = known[own.sentences]
    keys = np.repeat(own.terms, np.diff(own.starts))[kept]
    return (
        np.array_equal(keys, np.repeat(expected.terms, np.diff(expected.starts)))
        and np.array_equal(own.sentences[kept], expected.sentences)
        and np.array_equal(own.counts[kept], expected.counts)
    )


def _have_length_1(rows: Floats) -> bool:
    return bool(np.allclose(np.linalg.norm(rows, axis=1), 1, atol=_TOLERANCE))
