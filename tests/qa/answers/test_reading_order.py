"""Quotes of one list are shown together, in the order of the text."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statements import quotes_from, statement_from

from qa.answers.answer import Quote
from qa.answers.reading_order import by_statement, reading_order

TEXT = "They met.\n\n- a1.\n- a2.\n- a3.\n- a4.\n\nThey will:\n\n- b1.\n- b2.\n- b3.\n"


def quotes(name: str) -> dict[str, Quote]:
    return {quote.text: quote for quote in quotes_from(statement_from(TEXT, name))}


FIRST, SECOND = quotes("s"), quotes("t")


@pytest.mark.parametrize(
    ("ranked", "shown"),
    [
        ("", ""),
        ("a2. a1.", "a2. a1."),  # two are no list
        ("a3. a1. a2.", "a1. a2. a3."),
        ("a4. They met. a1. b2. a2.", "a1. a2. a4. They met. b2."),
        ("b1. a4. b3. a1. a2. b2.", "b1. b2. b3. a1. a2. a4."),  # each list for itself
    ],
)
def test_a_list_is_read_in_the_order_of_its_text(ranked: str, shown: str) -> None:
    texts = [f"{text.rstrip('.')}." for text in ranked.split(". ")] if ranked else []
    quotes = reading_order([FIRST[text] for text in texts])
    assert " ".join(quote.text for quote in quotes) == shown


def test_lists_of_two_statements_are_two_lists() -> None:
    ranked = [FIRST["a3."], SECOND["a1."], FIRST["a2."], SECOND["a4."]]
    assert reading_order(ranked) == ranked


@given(st.permutations([*FIRST.values(), *SECOND.values()]), st.integers(0, 16))
def test_none_is_lost_and_the_best_is_in_front_or_in_the_first_list(
    ranked: list[Quote], most: int
) -> None:
    ranked = ranked[:most]
    shown = reading_order(ranked)
    assert sorted(map(id, shown)) == sorted(map(id, ranked))
    if shown and shown[0] is not ranked[0]:
        best = ranked[0]
        first_list = itertools.takewhile(
            lambda quote: (
                (quote.statement, quote.place.section) == (best.statement, best.place.section)
            ),
            shown,
        )
        quotes_of_list = list(first_list)
        assert best in quotes_of_list
        assert len(quotes_of_list) >= 3


@pytest.mark.parametrize(
    ("dates", "shown"),
    [
        ({"s": "2024-01-01", "t": "2023-01-01"}, "s: a1. a3. t: b1. a2."),
        ({"s": "2022-01-01", "t": "2023-01-01"}, "t: b1. a2. s: a1. a3."),
        ({"s": "", "t": "2023-01-01"}, "t: b1. a2. s: a1. a3."),
        ({"s": "2023-01-01", "t": "2023-01-01"}, "s: a1. a3. t: b1. a2."),
    ],
)
def test_quotes_are_grouped_by_statement_from_the_newest_on(
    dates: dict[str, str], shown: str
) -> None:
    ranked = [FIRST["a1."], SECOND["b1."], FIRST["a3."], SECOND["a2."]]
    groups = by_statement(ranked, dates)
    parts = [f"{group[0].statement}: {' '.join(quote.text for quote in group)}" for group in groups]
    assert " ".join(parts) == shown


def test_no_quotes_make_no_group() -> None:
    assert by_statement([], {}) == []
