"""Answers that are not looked up in the body of a statement. Pure functions.

A question about a statement as a whole is answered by its title, its opening, and what is recorded
of it; a remark that asks nothing, by a word on what can be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

from corpus.records import Passage, Span, Statement
from index.search.ranking import Hit, Ranking
from index.search.snapshot import Location
from qa.answers.answer import Answer, Quote
from qa.answers.facts import Facts
from qa.questions.language import detect_language
from qa.questions.remark_kinds import Idle

_OPENING = 5  # passages that count as the opening, at most
_QUOTES = 4
# Scores of two statements nearer than this do not tell which of them is meant.
_APART = 0.05
_LISTED = 20  # statements that are named where it is not clear which is meant


def opening(statement: Statement) -> tuple[Passage, ...]:
    """The title and the paragraphs before the first list: what a reader sees first."""
    first = [one for one in statement.passages[:_OPENING] if one.section == 0]
    return tuple(first) or statement.passages[:1]


def reply(remark: str, kind: Idle, model: str) -> Answer:
    """To a remark that asks nothing of the statements.

    Args:
        remark: As it was made.
        kind: What it is.
        model: See `Answer`.
    """
    return Answer(
        question=remark,
        searched=remark.strip(),
        status="no_question",
        confidence=0.0,
        language=detect_language(remark),
        quotes=(),
        nearest=(),
        passages=0,
        reason=kind,
        model=model,
    )


def answer(
    question: str,
    confidence: float,
    ranking: Ranking,
    statements: Callable[[str], Statement],
    known: Sequence[str],
    k: int,
) -> Answer:
    """To a question about a statement as a whole, or about which of several is not clear.

    Args:
        question: As it was asked.
        sure: 0..1, that it is such a question.
        ranking: All sentences for it.
        statements: Gives a statement by id.
        known: Ids of all statements.
        k: At most so many quotes.
    """
    hits = list(filter(in_opening, ranking.hits))
    chosen = meant(question, hits, known)
    quoted: Sequence[Quote] = ()
    if chosen:
        quoted = quotes(statements(chosen), hits, k)
    return Answer(
        question=question,
        searched=ranking.searched,
        status="answered" if chosen else "not_found",
        confidence=confidence if chosen else 0.0,
        language=detect_language(question),
        quotes=tuple(quoted),
        nearest=(),
        passages=ranking.total,
        reason="" if chosen else "which",
        facts=tuple(Facts.of(statements(one)) for one in ([chosen] if chosen else known[:_LISTED])),
    )


def in_opening(location: Location) -> bool:
    """Whether a sentence stands in the opening of its statement."""
    return location.span.end <= opening(location.statement)[-1].span.end


def meant(question: str, hits: Sequence[Hit], known: Sequence[str]) -> str:
    """The id of the statement that a question is about; empty where that is not clear.

    The one whose id is named in it, else the one whose opening is clearly nearest.

    Args:
        question: As it was asked.
        hits: Sentences of openings, best first.
        known: Ids of all statements.
    """
    if len(known) == 1:
        return known[0]
    named = [name for name in known if name.casefold() in question.casefold()]
    if named:
        return max(named, key=len)
    best: dict[str, float] = {}
    for hit in hits:
        best.setdefault(hit.statement.id, hit.score)
    if not best:
        return ""
    first, *others = islice(best.items(), 2)
    clear = not others or first[1] - others[0][1] >= _APART
    return first[0] if clear else ""


def quotes(statement: Statement, hits: Sequence[Hit], k: int) -> list[Quote]:
    """The title as one quote, then the sentences of the opening, best first.

    Args:
        statement: The statement.
        hits: Sentences of openings, best first.
        k: At most so many quotes.
    """
    chosen: dict[Span, Quote] = {}
    for hit in hits:
        if hit.statement.id == statement.id:
            title = hit.passage.kind == "heading"
            span = hit.passage.span if title else hit.span
            quote = Quote.of(statement, hit.passage, span, hit.score, hit.match.marks())
            chosen.setdefault(span, quote)
    first = statement.passages[0]
    named = chosen.pop(first.span, None) or Quote.of(statement, first, first.span, 0.0)
    return [named, *chosen.values()][: min(k, _QUOTES)]
