"""Encodes new statements. What the store holds already is not encoded again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corpus.records import Passage, Statement
from index.building.encoding import encode_cards, encode_passages
from index.late_interaction.background import BackgroundTokens
from index.lexical.terms import sentence_terms
from index.models.encoder import Encoder
from index.store.base import Store
from index.store.encoder_inputs import card_input, passage_input
from index.store.values import Encodings, NewStatement


def new_statements(
    store: Store,
    background: BackgroundTokens,
    encoder: Encoder,
    statements: Sequence[tuple[Statement, str]],
    file_of: Callable[[Statement], bytes | None],
) -> tuple[list[NewStatement], dict[str, int]]:
    """Encode statements.

    A passage or a card that the store has already, in the same words, is not read again.

    Args:
        store: Where they will be stored.
        background: The background questions as the model encoded them.
        encoder: The model.
        statements: Pairs of a statement and the path it is added from.
        file_of: Returns the document that the text of a statement was read from, if it is kept.

    Returns:
        The statements, and how many texts of each were encoded, by its id.
    """
    known = store.known([statement for statement, _ in statements])
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
    return [_new(*pair, file_of(pair[0]), known) for pair in statements], counts


def _new(statement: Statement, origin: str, file: bytes | None, known: Encodings) -> NewStatement:
    keys = [passage_input(statement, passage).key for passage in statement.passages]
    return NewStatement(
        statement,
        origin,
        file,
        [known.passages[key] for key in keys],
        [sentence_terms(statement, passage) for passage in statement.passages],
        known.cards[card_input(statement).key],
    )
