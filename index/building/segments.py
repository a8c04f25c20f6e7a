"""Makes the segment of statements that are put into a data folder."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.records import Passage, Statement
from index.building.encoding import encode_cards, encode_passages
from index.late_interaction.background import BackgroundTokens
from index.late_interaction.codes import Indices, TokenCodes
from index.lexical.terms import search_terms
from index.models.encoder import Encoder
from index.store.encoder_inputs import card_input, passage_input
from index.store.segments import folder
from index.store.segments.building import NewCard, NewPassage, build_segment
from index.store.segments.encodings import PassageEncoding
from index.store.segments.segment import Segment
from index.store.store import Store


@dataclass(frozen=True, slots=True)
class _Known:
    """What was encoded already.

    Attributes:
        passages: By the key of the passage with its context.
        cards: By the key of the card.
    """

    passages: dict[bytes, PassageEncoding]
    cards: dict[bytes, TokenCodes]


def put_segment(
    store: Store,
    background: BackgroundTokens,
    encoder: Encoder,
    statements: Sequence[tuple[Statement, str]],
    file_of: Callable[[Statement], bytes | None],
) -> dict[str, int]:
    """Put statements into the open transaction, and write their segment.

    A passage or a card that the data folder has already, in the same words, is not read again.

    Args:
        store: The data folder.
        background: The background questions as the model encoded them.
        encoder: The model.
        statements: Pairs of a statement and the path it is added from; at least one.
        file_of: Returns the document that the text of a statement was read from, if it is kept.

    Returns:
        How many texts of each statement were encoded, by its id.
    """
    known = _known(store, [statement for statement, _ in statements])
    new: dict[bytes, tuple[Statement, Passage]] = {}
    cards: dict[bytes, Statement] = {}
    counts: dict[str, int] = {}
    for statement, _ in statements:
        before = len(new) + len(cards)
        for passage in statement.passages:
            key = passage_input(statement, passage).key
            if key not in known.passages:
                new.setdefault(key, (statement, passage))
        if card_input(statement).key not in known.cards:
            cards.setdefault(card_input(statement).key, statement)
        counts[statement.id] = len(new) + len(cards) - before
    encodings = encode_passages(background, encoder, new.values())
    known.passages.update(zip(new, encodings, strict=True))
    tokens = encode_cards(background, encoder, list(cards.values()))
    known.cards.update(zip(cards, tokens, strict=True))
    store.put_segment(_segment(store, statements, known, file_of))
    return counts


def _segment(
    store: Store,
    statements: Sequence[tuple[Statement, str]],
    known: _Known,
    file_of: Callable[[Statement], bytes | None],
) -> Segment:
    """Store statements and return the segment of all of them."""
    passages: list[NewPassage] = []
    cards: list[NewCard] = []
    for statement, origin in statements:
        row = store.put_statement(statement, origin, file_of(statement))
        cards.append(NewCard(row, known.cards[card_input(statement).key]))
        rows = store.passage_rows(row)
        for passage_row, passage in zip(rows, statement.passages, strict=True):
            encoding = known.passages[passage_input(statement, passage).key]
            passages.append(NewPassage(passage_row, row, encoding, _terms(statement, passage)))
    return build_segment(folder.new_path(store.home), passages, cards)


def _terms(statement: Statement, passage: Passage) -> list[list[str]]:
    """Return the search terms of each sentence of a passage."""
    text = statement.source.text
    return [search_terms(sentence.of(text)) for sentence in passage.sentences]


def _known(store: Store, statements: Sequence[Statement]) -> _Known:
    """Return what the data folder has already of the texts of some statements."""
    stored, known = _Stored(store), _Known({}, {})
    for statement in statements:
        for passage in statement.passages:
            key = passage_input(statement, passage).key
            row = store.wording_row(key)
            if row is not None:
                known.passages[key] = stored.passage(row)
        key = card_input(statement).key
        if store.card_key(statement.id) == key:
            known.cards[key] = stored.card(store.statement_row(statement.id) or 0)
    return known


class _Stored:
    """What the segments of a data folder hold. A segment is opened when it is needed."""

    def __init__(self, store: Store) -> None:
        self._store, self._files = store, store.segment_files()
        self._segments: dict[str, Segment] = {}

    def passage(self, row: int) -> PassageEncoding:
        """Return what the model made of the passage at a row of the database."""
        segment = self._segment(row)
        return segment.encoding(self._place(segment.rows, row))

    def card(self, statement: int) -> TokenCodes:
        """Return the tokens of the card of the statement at a row of the database."""
        segment = self._segment(self._store.passage_rows(statement)[0])
        return segment.card(self._place(segment.card_statements, statement))

    def _segment(self, row: int) -> Segment:
        first_rows = [file.first_row for file in self._files]
        file = self._files[max(0, bisect_right(first_rows, row) - 1)]
        if file.name not in self._segments:
            self._segments[file.name] = self._store.open_segment(file)
        return self._segments[file.name]

    def _place(self, rows: Indices, row: int) -> int:
        place = int(np.searchsorted(rows, row))
        if place == len(rows) or rows[place] != row:
            raise self._store.inconsistency(f"the segments do not hold row {row}")
        return place
