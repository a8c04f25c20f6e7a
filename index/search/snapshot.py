"""A consistent state of the index in memory: arrays, and the texts that their rows stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.records import Passage, Span, Statement
from index.late_interaction.centring import TokenCentring
from index.late_interaction.codes import Indices
from index.late_interaction.maxsim import TokenMatrix
from index.models.encoder import Floats
from index.names import Names
from index.search.scoring import SCORE_WEIGHTS, ScoreWeights
from index.store.base import Store
from index.store.search_arrays import SearchArrays
from index.store.values import StatementKey

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
        by_key: The same, by their keys in the database.
        names: The names in each statement, by its id.
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
    by_key: Mapping[StatementKey, Statement]
    names: Mapping[str, Names]
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


def load_snapshot(
    store: Store, generation: str, weights: ScoreWeights, before: Snapshot | None = None
) -> Snapshot:
    """Load all that ranking needs of one generation, within the read transaction of the caller.

    Args:
        store: The data folder.
        generation: The name of the generation.
        weights: How much each part of a score counts.
        before: The snapshot of an earlier generation. Its statements are not read again.

    Raises:
        ChangedMeanwhileError: A segment of that generation is gone.
        ShuttenError: The tables of the database do not fit one another, or a segment is damaged.
    """
    keys = store.statement_keys()
    known = before.by_key if before else {}
    read = dict(store.statements(key.row for key in keys if key not in known))
    by_key = {key: known.get(key) or read[key.row] for key in keys}
    try:
        return _snapshot(store, by_key, store.search_arrays(generation), weights)
    except (ValueError, LookupError, TypeError) as error:
        raise store.inconsistency(f"its tables do not fit together ({error})") from error


def _snapshot(
    store: Store,
    by_key: Mapping[StatementKey, Statement],
    arrays: SearchArrays,
    weights: ScoreWeights,
) -> Snapshot:
    statements = {statement.id: statement for statement in by_key.values()}
    by_row = {key.row: statement for key, statement in by_key.items()}
    passages, sentences = _texts(by_row, arrays.statements)
    counts = [len(passage.sentences) for _, passage in passages]
    if counts != np.diff(arrays.first_sentence).tolist():
        raise ValueError("the segments have other sentences than the statements")
    places = {row: place for place, row in enumerate(by_row)}
    background = store.background()
    return Snapshot(
        arrays,
        statements,
        by_key,
        store.names(),
        passages,
        sentences,
        np.array([places[row] for row in arrays.statements.tolist()], np.int64),
        np.repeat(np.arange(len(passages)), counts),
        arrays.first_sentence,
        _cards(arrays, places),
        background.centring,
        background.tokens,
        weights,
    )


def _texts(
    by_row: Mapping[int, Statement], statements: Indices
) -> tuple[list[tuple[Statement, Passage]], list[Span]]:
    """Return the passages and the spans of the sentences, in the order of the segments.

    Args:
        by_row: The statements by their database rows.
        statements: i64 (passages,), the database row of the statement of each passage. The passages
            of a statement follow one another.
    """
    passages = [
        (by_row[row], passage)
        for row in dict.fromkeys(statements.tolist())
        for passage in by_row[row].passages
    ]
    if len(passages) != len(statements):
        raise ValueError("the segments have other passages than the statements")
    return passages, [span for _, passage in passages for span in passage.sentences]


def _cards(arrays: SearchArrays, places: Mapping[int, int]) -> TokenMatrix:
    """Return the tokens of the cards, in the order of the statements."""
    owners = np.array([places[row] for row in arrays.card_statements.tolist()], np.int64)
    if sorted(owners.tolist()) != list(range(len(places))):
        raise ValueError("not one card per statement")
    order = np.argsort(owners)
    cards = arrays.cards
    return TokenMatrix(cards.rows, cards.begins[order], cards.ends[order])
