"""Measures answers over a library of statements: the right statement, and its right words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Any

from corpus.errors import ShuttenError
from corpus.library_questions import Fragment, LibraryQuestion, load_library_questions
from corpus.records import Statement
from index.search.snapshot import SentenceKey
from qa.answers.answer import Answer
from qa.assistant import Assistant
from qa.evaluation.gold_sentences import outside_error
from qa.retrieval import key_of_quote
from qa.scope.filters import Filter, Within

Ask = Callable[[LibraryQuestion], Answer]


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


def evaluate(
    assistant: Assistant,
    path: Path,
    split: str | None = None,
    *,
    given: bool = False,
    within: Filter = None,
) -> dict[str, LibrarySummary]:
    """Measure the answers to a question set.

    Args:
        assistant: The product.
        path: The question set.
        split: Measure only the questions of this split.
        given: Whether it is also measured with the statements given that are meant.
        within: A filter of statements; see `Assistant.ask`. Only the gold in them counts, and a
            question is left out if all its gold is in others.

    Returns:
        The figures by name: `full`, and `given`.

    Raises:
        ShuttenError: The set cannot be read, has no question of that split or of these statements,
            or names a statement that is not in the data folder, or the filter cannot be used.
    """
    every = [row for row in load_library_questions(path) if split in (None, row.split)]
    if not every:
        raise ShuttenError(f"{path}: no question of split {split!r}; see its `split` fields")
    statements = {name: assistant.statement(name) for name in assistant.statement_ids()}
    named = {name for question in every for name in question.meant}
    if missing := sorted(named - statements.keys()):
        raise ShuttenError(f"{path}: there is no statement {missing[0]!r} in {assistant.home}")
    scope = assistant.scope_within(within)
    names = scope.priors.keys() if scope else statements.keys()
    questions = _within(every, names) if scope else every
    left_out = len(every) - len(questions)
    if left_out and not any(question.gold for question in questions):
        raise outside_error(path, left_out)

    def ask(question: LibraryQuestion) -> Answer:
        return assistant.ask(question.text, question.history, within=within)

    def ask_given(question: LibraryQuestion) -> Answer:
        inside = [name for name in question.meant if name in names]
        chosen = Within(tuple(inside)) if inside and question.gold else within
        return assistant.ask(question.text, question.history, within=chosen)

    ways = {"full": ask, "given": ask_given} if given else {"full": ask}
    return {
        name: summarize(measure(questions, statements, way), left_out) for name, way in ways.items()
    }


def _within(questions: Sequence[LibraryQuestion], names: Set[str]) -> list[LibraryQuestion]:
    """Return the questions that can be asked of some statements, with the gold that is in them."""
    kept = []
    for question in questions:
        gold = tuple(fragment for fragment in question.gold if fragment.statement in names)
        if gold or not question.gold:
            kept.append(replace(question, gold=gold))
    return kept


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
    return [_measure(question, statements, ask(question)) for question in questions]


def _measure(
    question: LibraryQuestion, statements: Mapping[str, Statement], answer: Answer
) -> LibraryResult:
    gold = [_sentences([fragment], statements) for fragment in question.gold]
    right = set().union(*gold) | _sentences(question.also, statements)
    meant = set(question.meant) or {statement for statement, _ in right}
    best = list(map(key_of_quote, answer.ranked[:3]))
    quoted = list(map(key_of_quote, answer.quotes))
    answerable = bool(gold)
    return LibraryResult(
        question.id,
        question.kind,
        question.language,
        bool(answer.quotes),
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
