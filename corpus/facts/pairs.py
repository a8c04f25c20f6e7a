"""Proposes which statement is the same one in another language."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.records import Statement

_MIN_RATIO = 0.75  # of the passages of the shorter one to those of the longer one


def likely_pair(statement: Statement, others: Iterable[Statement]) -> str:
    """Return the id of the only statement that may be this one in another language; else empty.

    It has the same date, another language, the same parties as far as both are known, and nearly as
    many passages and lists. A statement that has a pair already is not proposed.
    """
    if statement.provenance.pair:
        return ""
    found = [other.id for other in others if _may_be_pair(statement, other)]
    return found[0] if len(found) == 1 else ""


def _may_be_pair(statement: Statement, other: Statement) -> bool:
    facts, theirs = statement.provenance, other.provenance
    if statement.id == other.id or theirs.pair or not facts.date or facts.date != theirs.date:
        return False
    if not facts.language or not theirs.language or facts.language == theirs.language:
        return False
    if facts.parties and theirs.parties and set(facts.parties) != set(theirs.parties):
        return False
    counts = sorted((len(statement.passages), len(other.passages)))
    return counts[0] >= _MIN_RATIO * counts[1] and _lists(statement) == _lists(other)


def _lists(statement: Statement) -> int:
    return max((passage.section for passage in statement.passages), default=0)
