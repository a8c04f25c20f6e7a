"""The exception to what was quoted: it stands in the next sentence, and belongs to the answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from corpus.records import Passage, Span, Statement
from corpus.tables import read_table
from qa.answers.answer import Quote

_MOST = 2  # exceptions to one quote: a second one may follow the first


def with_provisos(
    quotes: Sequence[Quote], statement: Callable[[str], Statement], most: int
) -> tuple[Quote, ...]:
    """The quotes, each followed by the sentences that take a part of it back.

    Args:
        quotes: Best first.
        statement: Gives a statement by its id.
        most: At most so many quotes.
    """
    quoted = {(one.statement, one.start) for one in quotes}
    found: list[Quote] = []
    for quote in quotes:
        found.append(quote)
        for proviso in _after(quote, statement(quote.statement)):
            if (proviso.statement, proviso.start) not in quoted:
                quoted.add((proviso.statement, proviso.start))
                found.append(proviso)
    return tuple(found[:most])


def _after(quote: Quote, statement: Statement) -> Iterator[Quote]:
    """The sentences directly after a quote that take a part of it back."""
    text = statement.source.text
    later = [place for place in _sentences(statement) if place[1].start >= quote.end]
    for passage, sentence in later[:_MOST]:
        if not _pattern().match(text, sentence.start, sentence.end):
            return
        yield Quote.of(statement, passage, sentence, quote.score)


def _sentences(statement: Statement) -> Iterator[tuple[Passage, Span]]:
    """Every sentence in reading order, with its passage; notes stand apart."""
    for passage in statement.passages:
        if passage.kind != "note":
            for sentence in passage.sentences:
                yield passage, sentence


@cache
def _pattern() -> re.Pattern[str]:
    table = read_table(__package__, "provisos.json")
    return re.compile("|".join(f"(?:{one})" for one in table["openings"]))
