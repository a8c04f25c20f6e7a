"""A consistent state of the index in memory: arrays, and the texts that their rows stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.records import Passage, Span, Statement
from index.late_interaction.centring import TokenCentring
from index.late_interaction.maxsim import Indices, TokenMatrix
from index.models.encoder import Floats
from index.search.scoring import SCORE_WEIGHTS, ScoreWeights
from index.store import search_arrays
from index.store.search_arrays import SearchArrays
from index.store.store import Store

# The id of a statement and a span: no two sentences share it.
SentenceKey = tuple[str, Span]


@dataclass(frozen=True, slots=True)
class Location:
    """A sentence and where it stands.

    Attributes:
        statement: The statement that holds the sentence.
        passage: The passage that holds it.
        span: The sentence, in code points of the text of the statement.
    """

    statement: Statement
    passage: Passage
    span: Span

    @property
    def sentence_key(self) -> SentenceKey:
        """What tells the sentence from all others."""
        return self.statement.id, self.span


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The search arrays of one generation, and the texts that their rows stand for.

    Attributes:
        arrays: The search arrays.
        statements: All statements, by id.
        passages: The statement and the passage of each passage row.
        sentences: The span of each sentence row.
        statement_of: i64 (passages,), the place of the statement of each passage in `statements`.
        passage_of: i64 (sentences,), the passage row of each sentence.
        first_sentence: i64 (passages + 1,), the row of the first sentence of each passage.
        cards: The tokens of the card of each statement; see `corpus.facts.cards`.
        centring: What is subtracted from the token vectors of a question.
        background: f32 (n, dimension), token vectors of the background questions.
        weights: How much each part of a score counts.
    """

    arrays: SearchArrays
    statements: Mapping[str, Statement]
    passages: Sequence[tuple[Statement, Passage]]
    sentences: Sequence[Span]
    statement_of: Indices
    passage_of: Indices
    first_sentence: Indices
    cards: TokenMatrix
    centring: TokenCentring
    background: Floats
    weights: ScoreWeights = SCORE_WEIGHTS

    def location(self, sentence: int) -> Location:
        """Return the location of a sentence row."""
        statement, passage = self.passages[self.passage_of[sentence]]
        return Location(statement, passage, self.sentences[sentence])


def load_snapshot(store: Store, generation: str, weights: ScoreWeights) -> Snapshot:
    """Load all that ranking needs of one generation, within the read transaction of the caller.

    Raises:
        FileNotFoundError: The files of that generation are gone or damaged.
        ShuttenError: The tables of the database do not fit one another.
    """
    statements = {name: store.statement(name) for name in store.statement_ids()}
    try:
        return _snapshot(store, statements, search_arrays.load(store, generation), weights)
    except (ValueError, LookupError, TypeError) as error:
        raise store.inconsistency(f"its tables do not fit together ({error})") from error


def _snapshot(
    store: Store, statements: Mapping[str, Statement], arrays: SearchArrays, weights: ScoreWeights
) -> Snapshot:
    parsed = {
        (statement.id, passage.id): (statement, passage)
        for statement in statements.values()
        for passage in statement.passages
    }
    ids, spans = store.passage_ids(), store.sentence_spans()
    passage_of = np.searchsorted(arrays.passages.rows, [row for row, _, _ in spans])
    if (np.diff(passage_of) < 0).any():
        raise ValueError("sentences are not in the order of their passages")
    background = store.background()
    passages = [parsed[ids[row]] for row in arrays.passages.rows.tolist()]
    places = {name: place for place, name in enumerate(statements)}
    return Snapshot(
        arrays,
        statements,
        passages,
        [Span(start, end) for _, start, end in spans],
        np.array([places[statement.id] for statement, _ in passages], np.int64),
        passage_of,
        np.searchsorted(passage_of, np.arange(len(arrays.passages.rows) + 1)),
        _cards(store, statements),
        background.centring,
        background.tokens,
        weights,
    )


def _cards(store: Store, statements: Mapping[str, Statement]) -> TokenMatrix:
    """Return the tokens of the cards, in the order of the statements."""
    keys = store.card_keys()
    tokens = [card.tokens for card in store.embeddings(keys[name] for name in statements)]
    ends = np.cumsum([len(rows) for rows in tokens])
    return TokenMatrix(np.concatenate(tokens), np.concatenate([[0], ends[:-1]]), ends)
