"""The counterparts of sentences: the most similar sentences of the earlier statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from corpus.records import Span
from index.late_interaction.maxsim import max_sim_tokens
from index.models.encoder import Floats
from index.ranges import Indices
from index.search.ranking import Eligible
from index.search.snapshot import Location, Snapshot
from qa.answers.answer import Quote


def likeness(snapshot: Snapshot, rows: Indices, others: Indices) -> Floats:
    """Return the cosine of each sentence to each of others, f32 (sentences, others)."""
    tokens = snapshot.arrays.sentences.tokens
    return tokens.means(rows) @ tokens.means(others).T


def matched(snapshot: Snapshot, row: int, others: Indices) -> Floats:
    """Return how well other sentences say what one sentence says, f32 (others,).

    It is the MaxSim of its tokens, without weights. Mean vectors would do for a first look, but of
    two sentences on one subject they often take the wrong one.

    Args:
        snapshot: The sentences.
        row: The row of the sentence.
        others: i64 (others,), the rows of the other sentences, ascending.
    """
    units = snapshot.arrays.sentences.tokens
    tokens = units.rows.take(units.begins[[row]], units.ends[[row]]).vectors()
    if not len(tokens):
        return np.zeros(len(others), np.float32)
    return np.asarray(max_sim_tokens(tokens, units, others).mean(axis=1), np.float32)


def with_counterparts(
    quotes: Sequence[Quote], snapshot: Snapshot, earlier: Collection[str]
) -> Sequence[Quote]:
    """Return the quotes, each with the most similar sentence of the earlier statements.

    Titles and headings are no counterparts. A quote of several sentences has the counterpart of
    the one that is most similar to a sentence there.

    Args:
        quotes: Quotes of the later statement.
        snapshot: The sentences of all statements.
        earlier: The ids of the earlier statements; empty if none are compared.
    """
    if not earlier:
        return quotes
    others = _only(_in_text, snapshot, snapshot.sentences_of(earlier))
    return [replace(quote, counterpart=_counterpart(quote, snapshot, others)) for quote in quotes]


def _counterpart(quote: Quote, snapshot: Snapshot, others: Indices) -> Quote | None:
    """Return the sentence that is most similar to a quote, with their MaxSim as its score."""
    span = Span(quote.start, quote.end)
    rows = snapshot.sentences_of([quote.statement])
    rows = _only(lambda location: span.holds(location.span), snapshot, rows)
    if not len(rows) or not len(others):
        return None
    scores = np.max([matched(snapshot, row, others) for row in rows.tolist()], axis=0)
    best = int(scores.argmax())
    nearest = snapshot.location(int(others[best]))
    return Quote.of(nearest.statement, nearest.passage, nearest.span, float(scores[best]))


def _only(eligible: Eligible, snapshot: Snapshot, rows: Indices) -> Indices:
    """Return the rows of those sentences that are eligible."""
    locations = map(snapshot.location, rows.tolist())
    kept: Indices = rows[np.fromiter(map(eligible, locations), bool, len(rows))]
    return kept


def _in_text(location: Location) -> bool:
    return location.passage.kind != "heading"
