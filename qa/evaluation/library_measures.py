"""Measures answers over a library of statements: the right statement, and its right words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from corpus.library_questions import Fragment, LibraryQuestion
from corpus.records import Statement
from index.search.snapshot import SentenceKey
from qa.answers.answer import Answer
from qa.retrieval import key_of_quote
from qa.together import together


@dataclass(frozen=True, slots=True)
class Reply:
    """What a system says to a question.

    Attributes:
        ranked: The best sentences, best first.
        quotes: Those of them that it quotes as an answer; empty if it refuses.
    """

    ranked: Sequence[SentenceKey]
    quotes: Sequence[SentenceKey]

    @classmethod
    def of(cls, answer: Answer) -> Reply:
        """Return what the product says."""
        return cls(list(map(key_of_quote, answer.ranked)), list(map(key_of_quote, answer.quotes)))


Ask = Callable[[LibraryQuestion], Reply]


@dataclass(frozen=True, slots=True)
class LibraryResult:
    """How one question was answered. What cannot be measured is None.

    Attributes:
        id: The id of the question.
        kind: Its kind.
        language: Its language.
        answered: Whether the answer has quotes.
        statement_right: Whether the best sentence is of a statement that is meant.
        first_right: Whether the best sentence is a right one.
        three_right: Whether one of the best three is.
        recall: The share of the gold sentences that are quoted.
    """

    id: str
    kind: str
    language: str
    answered: bool
    statement_right: bool | None
    first_right: bool | None
    three_right: bool | None
    recall: float | None


@dataclass(frozen=True, slots=True)
class LibrarySummary:
    """The figures of a question set over a library. Shares are 0..1; None without questions.

    Attributes:
        n: The number of questions.
        left_out: The number of questions whose gold is all in statements that are not searched.
        statement: The best sentence is of a statement that is meant.
        first: The best sentence is right.
        three: One of the best three sentences is right.
        latest: The same as `first`, of the questions for the latest statement.
        change: The same, of the questions for what is new.
        complete: Gold sentences that are quoted, of the questions for a list.
        wrong_answered: Questions for what only another statement says that have quotes.
        near_answered: Questions for what no statement says that have quotes.
        off_answered: Questions about other things that have quotes.
        refused: Questions with an answer that have no quotes.
    """

    n: int
    left_out: int
    statement: float | None
    first: float | None
    three: float | None
    latest: float | None
    change: float | None
    complete: float | None
    wrong_answered: float | None
    near_answered: float | None
    off_answered: float | None
    refused: float | None

    def to_json(self) -> dict[str, Any]:
        """Return the figures by name."""
        return asdict(self)


def table(summaries: Mapping[str, LibrarySummary]) -> str:
    """Return the figures as lines of text, one a figure."""
    lines = ["".join(f"{name:>16}" for name in ("", *summaries))]
    for field in LibrarySummary.__dataclass_fields__:
        values = [getattr(summary, field) for summary in summaries.values()]
        cells = ["–" if value is None else f"{value:g}" for value in values]
        lines.append("".join(f"{cell:>16}" for cell in (field, *cells)))
    return "\n".join(lines)


def measure(
    questions: Sequence[LibraryQuestion], statements: Mapping[str, Statement], ask: Ask
) -> list[LibraryResult]:
    """Ask all questions and compare the answers with the gold.

    A refusal is still measured by its nearest sentences, as in `qa.evaluation.runner`.

    Args:
        questions: The questions.
        statements: All statements by id.
        ask: Answers a question.
    """
    with together(ask, questions) as replies:
        return [
            _measure(question, statements, reply)
            for question, reply in zip(questions, replies, strict=True)
        ]


def _measure(
    question: LibraryQuestion, statements: Mapping[str, Statement], reply: Reply
) -> LibraryResult:
    gold = [_sentences([fragment], statements) for fragment in question.gold]
    right = set().union(*gold) | _sentences(question.also, statements)
    meant = set(question.meant) or {statement for statement, _ in right}
    best, quoted = reply.ranked[:3], reply.quotes
    answerable = bool(gold)
    return LibraryResult(
        question.id,
        question.kind,
        question.language,
        bool(quoted),
        bool(best) and best[0][0] in meant if answerable else None,
        bool(best) and _is_among(best[0], right) if answerable else None,
        any(_is_among(key, right) for key in best) if answerable else None,
        fmean(any(_is_among(key, keys) for key in quoted) for keys in gold) if gold else None,
    )


def _sentences(
    fragments: Iterable[Fragment], statements: Mapping[str, Statement]
) -> set[SentenceKey]:
    return set().union(*(fragment.sentences(statements) for fragment in fragments))


def _is_among(quoted: SentenceKey, right: set[SentenceKey]) -> bool:
    """Return whether quoted sentences hold a right one."""
    return any(quoted[0] == name and quoted[1].holds(span) for name, span in right)


def summarize(results: Sequence[LibraryResult], left_out: int = 0) -> LibrarySummary:
    """Return the figures of some results.

    Args:
        results: The results.
        left_out: See `LibrarySummary`.
    """
    answerable = [result for result in results if result.first_right is not None]

    def share(name: str, kind: str = "") -> float | None:
        chosen = [result for result in results if kind in ("", result.kind)]
        values = [getattr(result, name) for result in chosen]
        known = [value for value in values if value is not None]
        return round(fmean(known), 4) if known else None

    return LibrarySummary(
        n=len(results),
        left_out=left_out,
        statement=share("statement_right"),
        first=share("first_right"),
        three=share("three_right"),
        latest=share("first_right", "latest"),
        change=share("first_right", "change"),
        complete=share("recall", "list"),
        wrong_answered=share("answered", "wrong"),
        near_answered=share("answered", "near"),
        off_answered=share("answered", "off"),
        refused=round(fmean(not result.answered for result in answerable), 4)
        if answerable
        else None,
    )
