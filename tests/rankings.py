"""Rankings of chosen sentences, for tests of what uses a ranking."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from statements import summaries_of

from corpus.records import Passage, Span, Statement
from index.late_interaction.centring import TokenCentring
from index.late_interaction.codes import CodeParts
from index.late_interaction.maxsim import TokenMatrix
from index.lexical.bm25 import WordMatches
from index.models.encoder import QueryWeights
from index.names import Names
from index.ranges import Indices
from index.search.card_clusters import CardClusters
from index.search.query import Query
from index.search.ranking import Hit, Ranking, SentenceScores
from index.search.snapshot import Location, Snapshot
from index.search.stored_statements import StoredStatements
from index.store.base import Store
from index.store.originals import Original
from index.store.search_arrays import SearchArrays
from index.store.values import StatementKey

Sentence = tuple[Statement, Passage, Span, float]
EMPTY = np.zeros(0, np.float32)
QUERY = Query(
    EMPTY,
    EMPTY,
    QueryWeights(EMPTY, EMPTY, 0.0),
    cast(WordMatches, None),
    EMPTY,
)


@dataclass(frozen=True)
class _Chosen(Snapshot):
    """Chosen passages and sentences, which need not be all of their statements."""

    passages: Sequence[tuple[Statement, Passage]] = ()
    sentences: Sequence[Span] = ()

    def passage(self, row: int) -> tuple[Statement, Passage]:
        return self.passages[row]

    def sentences_of(self, statements: Collection[str]) -> Indices:
        owners = self.statement_of[self.passage_of]
        return np.flatnonzero(np.isin(owners, self.places(statements)))

    def location(self, sentence: int) -> Location:
        return Location(*self.passages[self.passage_of[sentence]], self.sentences[sentence])


class _Memory:
    """A store that holds statements in memory."""

    name = "memory"

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._statements = statements

    def statements(self, rows: Iterable[int]) -> Iterator[tuple[int, Statement]]:
        return ((row, self._statements[row]) for row in rows)


def _in_memory(statements: Sequence[Statement]) -> StoredStatements:
    originals = [Original.of(statement, "") for statement in statements]
    keys = [
        StatementKey(row, each.id, each.encoding, each.sha256, each.provenance)
        for row, each in enumerate(originals)
    ]
    return StoredStatements(cast(Store, _Memory(statements)), keys)


def ranking(*sentences: Sentence, searched: str = "?") -> Ranking:
    """Return the ranking of some sentences with their scores, best first."""
    passages: list[tuple[Statement, Passage]] = []
    rows = []
    for statement, passage, _, _ in sentences:
        if (statement, passage) not in passages:
            passages.append((statement, passage))
        rows.append(passages.index((statement, passage)))
    count = len(sentences)
    scores = np.array([score for *_, score in sentences], np.float64)
    values = scores.astype(np.float32)
    statements = {statement.id: statement for statement, _ in passages}
    places = list(statements)
    nowhere = np.zeros(0, np.int64)
    snapshot = _Chosen(
        cast(SearchArrays, None),
        _in_memory(list(statements.values())),
        summaries_of(*statements.values()),
        {name: Names.of(statement) for name, statement in statements.items()},
        np.array([places.index(statement.id) for statement, _ in passages], np.int64),
        nowhere,
        np.array(rows, np.int64),
        nowhere,
        TokenMatrix(CodeParts.of(), nowhere, nowhere),
        CardClusters.of([], nowhere),
        TokenCentring(EMPTY, EMPTY),
        EMPTY,
        passages=passages,
        sentences=[span for _, _, span, _ in sentences],
    )
    nothing = np.zeros((count, 0), np.float32)
    zeros = np.zeros(count, np.float32)
    sentence_scores = SentenceScores(
        np.arange(count, dtype=np.int64), scores, values, zeros, values, nothing, np.zeros(count)
    )
    return Ranking(snapshot, QUERY, sentence_scores, 0.0, searched=searched)


def hits(*sentences: Sentence) -> list[Hit]:
    """Return the hits of some sentences."""
    return list(ranking(*sentences).hits)
