"""The counterpart of a quote: the most similar sentence of the earlier statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from answers import by_id
from hypothesis import given
from hypothesis import strategies as st
from rankings import ranking
from statements import quotes_from, statement_from

from corpus.records import Span, Statement
from index.late_interaction.codes import CodeParts, TokenCodes
from index.late_interaction.maxsim import TokenMatrix
from index.models.encoder import Floats, unit_rows
from index.search.snapshot import Snapshot
from index.store.search_arrays import SearchArrays
from qa.answers.answer import Quote
from qa.scope.counterparts import with_counterparts
from qa.scope.time import without_counterpart_first

LATER = statement_from("New port. New road.", "later")
EARLIER = statement_from("Old title\n\nOld port.\n\n- Old road.\n- Old rail.\n", "earlier")
OLDEST = statement_from("Oldest port.", "oldest")
EVERY = (LATER, EARLIER, OLDEST)
# Three directions at right angles, which are stored without an error of rounding.
DIRECTIONS = unit_rows([[3, 1, 1, 1], [-1, 3, 1, -1], [-1, -1, 3, 1]])
Counts = Sequence[int]
# How many tokens of each sentence say something of ports, of roads and of rails. A quote with 4 and
# 3 of two kinds is matched to 4/7 by a sentence that has the first kind only.
COUNTS: dict[str, Counts] = {
    "New port.": (4, 0, 3),
    "New road.": (0, 4, 3),
    "Old title": (4, 0, 3),  # as similar as can be, but a heading
    "Old port.": (1, 0, 0),
    "Old road.": (0, 1, 0),
    "Old rail.": (0, 0, 1),
    "Oldest port.": (24, 0, 7),
}


def tokens_of(counts: Counts) -> Floats:
    """Return as many token vectors in each direction as its count says.

    A negative count stands for vectors in the opposite direction.
    """
    return np.repeat(DIRECTIONS * np.sign(counts)[:, None], np.abs(counts), axis=0)


def snapshot_of(counts: Mapping[str, Counts]) -> Snapshot:
    """Return the snapshot of all sentences, with the tokens of their texts."""
    rows = [
        (statement, passage, span, 1.0)
        for statement in EVERY
        for passage in statement.passages
        for span in passage.sentences
    ]
    tokens = [tokens_of(counts[span.of(statement.source.text)]) for statement, _, span, _ in rows]
    bounds = np.cumsum([0, *map(len, tokens)])
    codes = CodeParts.of(TokenCodes.of(np.concatenate(tokens)))
    arrays: Any = SimpleNamespace(
        sentences=SimpleNamespace(tokens=TokenMatrix(codes, bounds[:-1], bounds[1:]))
    )
    return replace(ranking(*rows).snapshot, arrays=cast(SearchArrays, arrays))


def counterparts(quotes: Sequence[Quote], *earlier: str) -> list[tuple[str, float]]:
    """Return the words and the score of each counterpart; no words where there is none."""
    found = [quote.counterpart for quote in with_counterparts(quotes, snapshot_of(COUNTS), earlier)]
    return [(each.text, each.score) if each else ("", 0.0) for each in found]


def nearly(expected: Sequence[tuple[str, float]]) -> list[tuple[str, Any]]:
    """Allow for the precision of the scales, which are f16."""
    return [(text, pytest.approx(score, abs=5e-3)) for text, score in expected]


def whole(statement: Statement) -> Quote:
    """Quote all sentences of the first passage."""
    passage = statement.passages[0]
    span = Span(passage.sentences[0].start, passage.sentences[-1].end)
    return Quote.of(statement, passage, span, 1.0)


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        (["earlier"], [("Old port.", 4 / 7), ("Old road.", 4 / 7)]),
        (["earlier", "oldest"], [("Oldest port.", 1.0), ("Old road.", 4 / 7)]),
        (["oldest"], [("Oldest port.", 1.0), ("Oldest port.", 3 / 7)]),
        (["gone"], [("", 0.0)] * 2),
        ([], [("", 0.0)] * 2),
    ],
)
def test_the_most_similar_sentence_that_is_no_heading(
    earlier: list[str], expected: list[tuple[str, float]]
) -> None:
    assert counterparts(quotes_from(LATER), *earlier) == nearly(expected)


def test_a_quote_of_several_sentences_has_the_nearest_to_one_of_them() -> None:
    assert whole(LATER).text == "New port. New road."
    assert counterparts([whole(LATER)], "earlier", "oldest") == nearly([("Oldest port.", 1.0)])


def test_a_quote_of_a_statement_that_is_gone_has_none() -> None:
    gone = statement_from("New port.", "gone")
    assert counterparts(quotes_from(gone), "earlier") == [("", 0.0)]


def test_the_sentence_with_the_least_similar_counterpart_comes_first() -> None:
    later = [
        (LATER, passage, span, 0.0) for passage in LATER.passages for span in passage.sentences
    ]
    ranked = without_counterpart_first(
        replace(ranking(*later), snapshot=snapshot_of(COUNTS)), ["oldest"]
    )
    quotes = [Quote.of(hit.statement, hit.passage, hit.span, hit.score) for hit in ranked.hits]
    assert [quote.text for quote in quotes] == ["New road.", "New port."]
    found = counterparts(quotes, "oldest")
    assert found == nearly([("Oldest port.", 3 / 7), ("Oldest port.", 1.0)])


@pytest.mark.parametrize(("road", "first"), [(0.95, "New road."), (0.5, "New port.")])
def test_a_new_sentence_off_the_subject_does_not_come_before_one_on_it(
    road: float, first: str
) -> None:
    scores = {"New port.": 1.0, "New road.": road}
    later = [
        (LATER, passage, span, scores[span.of(LATER.source.text)])
        for passage in LATER.passages
        for span in passage.sentences
    ]
    ranked = without_counterpart_first(
        replace(ranking(*later), snapshot=snapshot_of(COUNTS)), ["oldest"]
    )
    hits = list(ranked.hits)
    assert hits[0].span.of(LATER.source.text) == first
    assert hits[0].score > hits[1].score


@given(
    st.lists(
        st.lists(st.integers(-9, 9), min_size=3, max_size=3).filter(any),
        min_size=len(COUNTS),
        max_size=len(COUNTS),
    )
)
def test_no_other_sentence_of_the_earlier_statements_is_nearer(drawn: list[list[int]]) -> None:
    counts = dict(zip(COUNTS, drawn, strict=True))
    tokens = {text: tokens_of(own) for text, own in counts.items()}

    def score(text: str, other: str) -> float:
        return float((tokens[text] @ tokens[other].T).max(axis=1).mean())

    in_text = {"Old port.", "Old road.", "Old rail.", "Oldest port."}
    for quote in with_counterparts(quotes_from(LATER), snapshot_of(counts), ("earlier", "oldest")):
        found = quote.counterpart
        assert found is not None
        assert found.text in in_text
        assert found.matches(by_id(EVERY)[found.statement].source)
        best = max(score(quote.text, text) for text in in_text)
        assert score(quote.text, found.text) == pytest.approx(best, abs=5e-3)
        assert found.score == pytest.approx(best, abs=5e-3)
        assert found.counterpart is None
