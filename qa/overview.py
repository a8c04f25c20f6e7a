"""Answers that are not searched for in the text of the statements. Pure functions.

A question about a statement as a whole is answered by its title, its opening and its facts. A
remark that asks nothing is answered by what can be asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from corpus.language import detect_language
from corpus.records import Passage, Span, Statement
from index.search.ranking import Hit, Ranking
from index.search.snapshot import Location
from qa.answers.answer import Answer, Quote
from qa.answers.facts import Facts
from qa.questions.remark_kinds import Idle

_MAX_OPENING = 5  # passages
_MAX_QUOTES = 4
# The best scores of two statements must differ by this much to tell which one is meant.
_MIN_LEAD = 0.05
_MAX_CHOICES = 20  # statements that are named if it is not clear which one is meant


def opening(statement: Statement) -> tuple[Passage, ...]:
    """Return the title and the paragraphs before the first list, which a reader sees first."""
    first = statement.passages[:_MAX_OPENING]
    before_lists = tuple(passage for passage in first if passage.section == 0)
    return before_lists or statement.passages[:1]


def reply(remark: str, kind: Idle, model: str) -> Answer:
    """Return the answer to a remark that asks nothing of the statements.

    Args:
        remark: The remark as it was made.
        kind: The kind of remark.
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
    question: str, confidence: float, ranking: Ranking, k: int, named: Sequence[str] = ()
) -> Answer:
    """Return the answer to a question about a statement as a whole.

    If it is not clear which statement is meant, the answer names the statements to choose from.

    Args:
        question: The question as it was asked.
        confidence: Probability, 0 to 1, that it is such a question.
        ranking: The sentences of all openings, ranked for the question; see `in_opening`.
        k: The largest number of quotes.
        named: The ids of the statements that the question names; empty if it names none.
    """
    statements, hits = ranking.snapshot.statements, ranking.hits
    names = [name for name in named if name in statements] or list(statements)
    chosen = meant_statement(question, hits, names)
    return Answer(
        question=question,
        searched=ranking.searched,
        status="answered" if chosen else "not_found",
        confidence=confidence if chosen else 0.0,
        language=detect_language(question),
        quotes=tuple(opening_quotes(statements[chosen], hits, k)) if chosen else (),
        nearest=(),
        passages=ranking.total,
        reason="" if chosen else "which",
        facts=tuple(
            Facts.of(statements[name]) for name in ([chosen] if chosen else names[:_MAX_CHOICES])
        ),
    )


def in_opening(location: Location) -> bool:
    """Return whether a sentence stands in the opening of its statement."""
    return location.span.end <= opening(location.statement)[-1].span.end


def meant_statement(question: str, hits: Sequence[Hit], names: Sequence[str]) -> str:
    """Return the id of the statement that a question is about; empty if that is not clear.

    It is the one whose id stands in the question, or else the one whose opening is clearly the
    nearest.

    Args:
        question: The question as it was asked.
        hits: Sentences of openings, best first.
        names: Ids of all statements.
    """
    if len(names) == 1:
        return names[0]
    in_question = [name for name in names if name.casefold() in question.casefold()]
    if in_question:
        return max(in_question, key=len)
    best_scores: dict[str, float] = {}
    for hit in hits:
        best_scores.setdefault(hit.statement.id, hit.score)
    if not best_scores:
        return ""
    (name, score), *others = islice(best_scores.items(), 2)
    is_clear = not others or score - others[0][1] >= _MIN_LEAD
    return name if is_clear else ""


def opening_quotes(statement: Statement, hits: Sequence[Hit], k: int) -> list[Quote]:
    """Return the title as one quote, then the other sentences of the opening, best first.

    Args:
        statement: The statement.
        hits: Sentences of openings, best first.
        k: The largest number of quotes.
    """
    by_span: dict[Span, Quote] = {}
    for hit in hits:
        if hit.statement.id == statement.id:
            is_title = hit.passage.kind == "heading"
            span = hit.passage.span if is_title else hit.span
            quote = Quote.of(statement, hit.passage, span, hit.score, hit.match.marks())
            by_span.setdefault(span, quote)
    first = statement.passages[0]
    title = by_span.pop(first.span, None) or Quote.of(statement, first, first.span, 0.0)
    return [title, *by_span.values()][: min(k, _MAX_QUOTES)]
