"""Answers without a model, for tests of what is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from statements import quotes_from

from corpus.records import Provenance, Statement
from qa.answers.answer import Answer


def answered(statement: Statement, question: str = "q", language: str = "en") -> Answer:
    """Return an answer that quotes all of a statement."""
    quotes = tuple(quotes_from(statement))
    return Answer(question, question, "answered", 0.9, language, quotes, (), 7, level="fair")


def refused(answer: Answer) -> Answer:
    """Return a refusal that shows the quotes of an answer as the nearest sentences."""
    return replace(answer, status="not_found", quotes=(), nearest=answer.quotes, level="")


def by_id(statements: Iterable[Statement]) -> dict[str, Statement]:
    """Return statements by their ids."""
    return {statement.id: statement for statement in statements}


def provenance_of(*statements: Statement) -> dict[str, Provenance]:
    """Return the provenance of statements by their ids."""
    return {statement.id: statement.provenance for statement in statements}
