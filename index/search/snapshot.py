"""A consistent state of the index: arrays, and the statements that their rows stand for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from corpus.records import Passage, Provenance, Span, Statement
from index.late_interaction.centring import TokenCentring
from index.late_interaction.maxsim import TokenMatrix
from index.models.encoder import Floats
from index.names import Names
from index.ranges import Indices, joined_ranges
from index.search.card_clusters import CardClusters
from index.search.scoring import SCORE_WEIGHTS, ScoreWeights
from index.search.stored_statements import StatementSummary, StoredStatements
from index.store.base import Store
from index.store.search_arrays import SearchArrays

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
    """The search arrays of one generation, and the statements that their rows stand for.

    Attributes:
        arrays: The search arrays.
        statements: All statements, which are read when they are needed.
        summaries: The summary of each statement, by its id.
        names: The names in each statement, by its id.
        statement_of: i64 (passages,), the place of the statement of each passage in
            `statements.ids`.
        first_passage: i64 (statements,), the row of the first passage of each statement. Those of a
            statement follow one another.
        passage_of: i64 (sentences,), the passage row of each sentence.
        first_sentence: i64 (passages + 1,), the row of the first sentence of each passage.
        cards: The tokens of the card of each statement; see `corpus.facts.cards`.
        card_clusters: The clusters of these tokens.
        centring: What is subtracted from the token vectors of a question.
        background: f32 (n, dimension), token vectors of the background questions.
        weights: How much each part of a score counts.
    """

    arrays: SearchArrays
    statements: StoredStatements
    summaries: Mapping[str, StatementSummary]
    names: Mapping[str, Names]
    statement_of: Indices
    first_passage: Indices
    passage_of: Indices
    first_sentence: Indices
    cards: TokenMatrix
    card_clusters: CardClusters
    centring: TokenCentring
    background: Floats
    weights: ScoreWeights = SCORE_WEIGHTS

    @property
    def total(self) -> int:
        """The number of passages."""
        return len(self.statement_of)

    @property
    def facts(self) -> Mapping[str, Provenance]:
        """The provenance of each statement, by its id."""
        return self.statements.facts

    def id_of(self, passage: int) -> str:
        """Return the id of the statement of a passage row."""
        return self.statements.ids[int(self.statement_of[passage])]

    def passage(self, row: int) -> tuple[Statement, Passage]:
        """Return the statement and the passage of a passage row.

        Raises:
            ChangedMeanwhileError: The statement was removed or changed since.
            ShuttenError: It is damaged.
        """
        statement = self.statements[self.id_of(row)]
        place = row - int(self.first_passage[self.statement_of[row]])
        sentences = int(self.first_sentence[row + 1] - self.first_sentence[row])
        if place < len(statement.passages):
            passage = statement.passages[place]
            if len(passage.sentences) == sentences:
                return statement, passage
        raise self.statements.inconsistency(statement.id)

    def location(self, sentence: int) -> Location:
        """Return the location of a sentence row; see `passage` for the errors."""
        row = int(self.passage_of[sentence])
        statement, passage = self.passage(row)
        return Location(statement, passage, passage.sentences[sentence - self.first_sentence[row]])

    def fetch(self, sentences: Indices) -> None:
        """Read the statements of some sentence rows in one step; see `passage` for the errors.

        A store on a server is then asked once for all of them.
        """
        places = np.unique(self.statement_of[self.passage_of[sentences]])
        self.statements.read([self.statements.ids[place] for place in places.tolist()])

    def sentences_of(self, statements: Collection[str]) -> Indices:
        """Return the rows of the sentences of some statements, ascending."""
        passages = np.flatnonzero(np.isin(self.statement_of, self.places(statements)))
        return joined_ranges(self.first_sentence[passages], self.first_sentence[passages + 1])[0]

    def places(self, statements: Collection[str]) -> Indices:
        """Return the places of some statements in `statements.ids`, ascending."""
        known = self.statements.places
        return np.array(sorted(known[name] for name in statements if name in known), np.int64)


def load_snapshot(
    store: Store, generation: str, weights: ScoreWeights, before: Snapshot | None = None
) -> Snapshot:
    """Load all that ranking needs of one generation, within the read transaction of the caller.

    Args:
        store: The data folder.
        generation: The name of the generation.
        weights: How much each part of a score counts.
        before: The snapshot of an earlier generation. What it has in memory stays.

    Raises:
        ChangedMeanwhileError: A segment of that generation is gone.
        ShuttenError: The tables of the database do not fit one another, or a segment is damaged.
    """
    try:
        statements = StoredStatements(
            store, store.statement_keys(), before.statements if before else None
        )
        arrays = store.search_arrays(generation, before.arrays if before else None)
        names = _names(store, statements, before)
        return _snapshot(store, statements, names, arrays, weights)
    except (ValueError, LookupError, TypeError) as error:
        for damaged in store.damaged_ids():
            store.statement(damaged)  # raises the error that says which file to add again
        raise store.inconsistency(f"its tables do not fit together ({error})") from error


def _snapshot(
    store: Store,
    statements: StoredStatements,
    names: Mapping[str, Names],
    arrays: SearchArrays,
    weights: ScoreWeights,
) -> Snapshot:
    rows = np.array(statements.rows, np.int64)
    background = store.background()
    statement_of = _places(rows, arrays.statements)
    counts = np.diff(arrays.first_sentence)
    return Snapshot(
        arrays,
        statements,
        statements.summaries(np.bincount(statement_of, minlength=len(rows)).tolist()),
        names,
        statement_of,
        _first_passages(statement_of, len(rows)),
        np.repeat(np.arange(len(counts)), counts),
        arrays.first_sentence,
        *_cards(arrays, rows),
        background.centring,
        background.tokens,
        weights,
    )


def _names(
    store: Store, statements: StoredStatements, before: Snapshot | None
) -> Mapping[str, Names]:
    """Return the names in each statement. Those that did not change are not read again."""
    same = statements.unchanged(before.statements) if before else ()
    known = {name: before.names[name] for name in same} if before else {}
    new = [name for name in statements.ids if name not in known]
    return {**known, **store.names(new if known else None)}


def _places(rows: Indices, wanted: Indices) -> Indices:
    """Return the place in `rows` of each wanted row, i64 (wanted,).

    Raises:
        ValueError: One is not there.
    """
    order = np.argsort(rows)
    found = np.minimum(np.searchsorted(rows, wanted, sorter=order), len(rows) - 1)
    places: Indices = order[found]
    if (rows[places] != wanted).any():
        raise ValueError("the segments have passages of other statements")
    return places


def _first_passages(statement_of: Indices, count: int) -> Indices:
    """Return the first passage of each statement, i64 (statements,).

    Raises:
        ValueError: A statement has no passage, or its passages do not follow one another.
    """
    begins = np.flatnonzero(np.diff(statement_of, prepend=-1))
    if len(begins) != count or len(np.unique(statement_of[begins])) != count:
        raise ValueError("the segments have other passages than the statements")
    first = np.empty(count, np.int64)
    first[statement_of[begins]] = begins
    return first


def _cards(arrays: SearchArrays, rows: Indices) -> tuple[TokenMatrix, CardClusters]:
    """Return the tokens of the cards and their clusters, in the order of the statements."""
    owners = _places(rows, arrays.card_statements)
    if sorted(owners.tolist()) != list(range(len(rows))):
        raise ValueError("not one card per statement")
    order = np.argsort(owners)
    cards = arrays.cards
    matrix = TokenMatrix(cards.rows, cards.begins[order], cards.ends[order])
    return matrix, CardClusters.of(arrays.card_clusters, owners)
