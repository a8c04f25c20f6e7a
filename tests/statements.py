"""Statements for tests, made of their text alone."""

from __future__ import annotations

from typing import Any

from corpus.facts.reading import complete
from corpus.records import Provenance, Source, Statement
from corpus.segmentation.parsing import parse
from index.search.stored_statements import StatementSummary
from qa.answers.answer import Quote


def statement_from(
    text: str, name: str = "town", encoding: str = "utf-8", **provenance: Any
) -> Statement:
    """Return the statement that a text is parsed into.

    Args:
        text: The text of the statement.
        name: The id of the statement.
        encoding: How the text is encoded in the file.
        **provenance: Fields of `Provenance`.
    """
    source = Source(name, text.encode(encoding), encoding)
    return Statement(source, Provenance(**provenance), parse(text))


def dated(name: str, title: str, date: str) -> Statement:
    """Make a short statement with the facts that its title tells."""
    statement = statement_from("The leaders agreed on a plan.\n", name)
    provenance = complete(
        statement_from("", title=title, date=date).provenance, Source("", b""), ()
    )
    return Statement(statement.source, provenance, statement.passages)


def summaries_of(*statements: Statement) -> dict[str, StatementSummary]:
    """Return the summaries of statements, by their ids."""
    return {
        each.id: StatementSummary(each.id, each.provenance, each.source.sha256, len(each.passages))
        for each in statements
    }


def quotes_from(statement: Statement, score: float = 1.0) -> list[Quote]:
    """Return a quote of every sentence, in the order of the text."""
    return [
        Quote.of(statement, passage, span, score)
        for passage in statement.passages
        for span in passage.sentences
    ]
