"""Measures of answers: right and complete quotes, abstention, and confidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Protocol

import numpy as np

from corpus.characters.folding import key_of
from corpus.question_sets import Question
from corpus.records import Statement
from qa.answers.answer import LEVELS, Answer, Level
from qa.evaluation.question_results import QuestionAnswer
from qa.evaluation.results import AnswerSummary, LevelSummary
from qa.evaluation.statistics import auc, calibration_error
from qa.scope.filters import Filter


class Answering(Protocol):
    """An `Assistant`, or anything else that answers questions about statements."""

    def ask(self, question: str, history: Sequence[str] = (), *, within: Filter = None) -> Answer:
        """See `Assistant.ask`."""

    def statement(self, statement: str) -> Statement:
        """See `Assistant.statement`."""

    def statement_ids(self) -> list[str]:
        """See `Assistant.statement_ids`."""


def measure_answer(
    assistant: Answering, question: Question, within: Filter = None
) -> QuestionAnswer:
    """Ask a question and compare the quotes with its gold fragments.

    Fragments are compared as in `corpus.characters.folding.key_of`.

    Args:
        assistant: Answers the question.
        question: The question.
        within: A filter of statements; see `Assistant.ask`.
    """
    answer = assistant.ask(question.text, question.history, within=within)
    quotes = [key_of(quote.text) for quote in answer.quotes]
    gold = [key_of(fragment) for fragment in question.gold]
    right_fragments = [*gold, *map(key_of, question.also)]
    quoted = [any(fragment in quote for quote in quotes) for fragment in gold]
    right = [any(fragment in quote for fragment in right_fragments) for quote in quotes]
    return QuestionAnswer(
        question=question,
        status=answer.status,
        confidence=answer.confidence,
        level=answer.level,
        first_right=bool(right) and right[0],
        complete=all(quoted) if gold else None,
        precision=float(np.mean(right)) if right and gold else None,
        recall=float(np.mean(quoted)) if gold else None,
        quotes=len(quotes),
        first_length=len(answer.quotes[0].text) if quotes else None,
        offsets_valid=all(
            quote.matches(assistant.statement(quote.statement).source) for quote in answer.cited
        ),
        detected=answer.language,
    )


def summarize_answers(answers: Sequence[QuestionAnswer]) -> AnswerSummary:
    """Return the figures of all answers of a question set."""
    answerable = [answer for answer in answers if answer.question.answerable]
    unanswerable = [answer for answer in answers if not answer.question.answerable]
    several = [answer for answer in answerable if answer.several]
    lengths = [answer.first_length for answer in answers if answer.first_length]
    return AnswerSummary(
        abstention_auc=auc(
            [answer.confidence for answer in answerable],
            [answer.confidence for answer in unanswerable],
        ),
        false_answers=_mean(answer.status == "answered" for answer in unanswerable),
        false_refusals=_mean(answer.status != "answered" for answer in answerable),
        complete_of_several=_mean(bool(answer.complete) for answer in several),
        set_precision=_mean(answer.precision for answer in answerable),
        set_recall=_mean(answer.recall for answer in answerable),
        quotes=_mean(answer.quotes for answer in answerable if answer.quotes),
        calibration_error=calibration_error(
            [answer.confidence for answer in answers],
            [answer.question.answerable for answer in answers],
        ),
        offsets_valid=_mean(answer.offsets_valid for answer in answers),
        language_right=_mean(answer.detected == answer.question.language for answer in answers),
        median_first_quote=median(lengths) if lengths else None,
        n_several=len(several),
        n_unanswerable=len(unanswerable),
        levels=_summarize_levels(answers),
    )


def _summarize_levels(answers: Sequence[QuestionAnswer]) -> dict[Level, LevelSummary]:
    """Return how many answers each level has, and how often their first quote is right."""
    groups = {level: [answer for answer in answers if answer.level == level] for level in LEVELS}
    return {
        level: LevelSummary(len(group), float(np.mean([answer.first_right for answer in group])))
        for level, group in groups.items()
        if group
    }


def _mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of the values that are not None. Of truth values it is the share."""
    numbers = [value for value in values if value is not None]
    return float(np.mean(numbers)) if numbers else None
