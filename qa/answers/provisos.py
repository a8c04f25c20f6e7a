"""Provisos: a sentence that takes back a part of the quoted one belongs to the answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import islice

from corpus.records import Passage, Span, Statement
from corpus.tables import read_table
from qa.answers.answer import Quote

_MAX_PROVISOS = 2  # after one quote: a second proviso may follow the first


def with_provisos(
    quotes: Sequence[Quote], statement: Callable[[str], Statement], most: int
) -> tuple[Quote, ...]:
    """Return the quotes, each followed by its provisos.

    Args:
        quotes: The quotes, best first.
        statement: Returns the statement with an id.
        most: The largest number of quotes to return.
    """
    quoted = {(quote.statement, quote.start) for quote in quotes}
    extended: list[Quote] = []
    for quote in quotes:
        extended.append(quote)
        for proviso in _provisos(quote, statement(quote.statement)):
            if (proviso.statement, proviso.start) not in quoted:
                quoted.add((proviso.statement, proviso.start))
                extended.append(proviso)
    return tuple(extended[:most])


def _provisos(quote: Quote, statement: Statement) -> Iterator[Quote]:
    """Return the provisos that stand directly after a quote."""
    text = statement.source.text
    sentences = _sentences(statement)
    later = (row for row in sentences if row[1].start >= quote.end)
    for passage, sentence in islice(later, _MAX_PROVISOS):
        if not _openings().match(text, sentence.start, sentence.end):
            return
        yield Quote.of(statement, passage, sentence, quote.score)


def _sentences(statement: Statement) -> Iterator[tuple[Passage, Span]]:
    """Return all sentences in reading order, each with its passage, without those of notes."""
    for passage in statement.passages:
        if passage.kind != "note":
            for sentence in passage.sentences:
                yield passage, sentence


@cache
def _openings() -> re.Pattern[str]:
    """Return the pattern of how a proviso begins."""
    table = read_table(__package__, "provisos.json")
    return re.compile("|".join(f"(?:{opening})" for opening in table["openings"]))
