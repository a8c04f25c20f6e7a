"""Rankings made by hand, for tests of what is done with them."""

from __future__ import annotations

from typing import cast

import numpy as np

from corpus.records import Passage, Provenance, Source, Span, Statement
from corpus.segmentation.parsing import parse
from index.search.query import Match, Query
from index.search.ranking import Hit, Ranking
from index.store.search_arrays import Derived

NOTHING = np.zeros(0, np.float32)
_MATCH = Match(cast(Query, None), cast(Derived, None), 0, NOTHING)


def made(text: str) -> Statement:
    """A statement of this text, called `town`."""
    return Statement(Source("town", text.encode()), Provenance(), parse(text))


def hit(statement: Statement, passage: Passage, span: Span, score: float) -> Hit:
    """A sentence that scores so much."""
    return Hit(statement, passage, span, score, score, 0.0, score, _MATCH)


def ranking(*hits: Hit) -> Ranking:
    """What was found for the question "?", best first."""
    passages = dict.fromkeys((one.statement.id, one.passage.id, one.score) for one in hits)
    return Ranking(hits, tuple(passages), NOTHING, 0.0, NOTHING, len(hits), 0.0, "?")
