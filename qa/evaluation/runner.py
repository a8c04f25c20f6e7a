"""Runs a question set and measures the rankings and the answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from corpus.errors import ShuttenError
from corpus.question_sets import Question, load_questions
from corpus.records import Statement
from qa.evaluation.answer_measures import Answering, measure_answer, summarize_answers
from qa.evaluation.baselines import Ranker, System
from qa.evaluation.gold_sentences import outside_error, questions_within
from qa.evaluation.question_results import QuestionAnswer, QuestionRanking
from qa.evaluation.ranking_measures import measure_rankings, paired_tests, summarize_system
from qa.evaluation.results import Results
from qa.scope.filters import Filter, Within, allowed
from qa.together import together


def evaluate(
    assistant: Answering,
    path: Path,
    rankers: Mapping[System, Ranker],
    split: str | None = None,
    report_progress: Callable[[float], None] = lambda _: None,
    within: Filter = None,
) -> Results:
    """Measure systems on a question set.

    Rankings are measured on all answerable questions, whether the product answers or abstains.
    Answers are measured on all questions, if `full` is one of the systems. With a filter, only the
    gold in the statements that are searched counts; see `questions_within`.

    Args:
        assistant: The product, which answers the questions.
        path: The question set.
        rankers: The systems to compare, see `baselines.rankers`.
        split: Measure only the questions of this split.
        report_progress: Called with the progress, 0..1.
        within: A filter of statements; see `Assistant.ask`. The rankers have it already.

    Raises:
        ShuttenError: The set cannot be read, has no question of that split or of these statements,
            or the filter cannot be used.
    """
    given = [row for row in load_questions(path) if split in (None, row.split)]
    if not given:
        raise ShuttenError(f"{path}: no question of split {split!r}; see its `split` fields")
    searched, others = _divided(assistant, within)
    questions = questions_within(given, searched, others) if others else given
    left_out = len(given) - len(questions)
    if left_out and not any(question.answerable for question in questions):
        raise outside_error(path, left_out)
    started = time.perf_counter()
    rounds = len(rankers) + ("full" in rankers)
    rankings: dict[System, Sequence[QuestionRanking]] = {}
    for system, ranker in rankers.items():
        report_progress(len(rankings) / rounds)
        rankings[system] = measure_rankings(searched, questions, ranker)
    answers: list[QuestionAnswer] = []
    measured = partial(measure_answer, assistant, within=within)
    with together(measured, questions if "full" in rankers else ()) as results:
        for number, answer in enumerate(results):
            report_progress((len(rankers) + number / len(questions)) / rounds)
            answers.append(answer)
    seconds = round(time.perf_counter() - started, 2)
    return _results(path.name, split, questions, left_out, rankings, answers, seconds)


def _divided(assistant: Answering, within: Filter) -> tuple[list[Statement], list[Statement]]:
    """Return the statements that a filter lets through, and the others."""
    statements = {name: assistant.statement(name) for name in assistant.statement_ids()}
    given = Within.of(within)
    facts = {name: statement.provenance for name, statement in statements.items()}
    names = set(statements) if given.is_empty else set(allowed(given, facts))
    inside = [statement for name, statement in statements.items() if name in names]
    return inside, [statement for name, statement in statements.items() if name not in names]


def _results(
    name: str,
    split: str | None,
    questions: Sequence[Question],
    left_out: int,
    rankings: Mapping[System, Sequence[QuestionRanking]],
    answers: Sequence[QuestionAnswer],
    seconds: float,
) -> Results:
    """Summarize the measures of all questions."""
    return Results(
        question_set=name,
        split=split,
        n=len(questions),
        left_out=left_out,
        answerable=sum(question.answerable for question in questions),
        systems={system: summarize_system(rows) for system, rows in rankings.items()},
        paired=paired_tests(rankings),
        rankings=tuple(next(iter(rankings.values()))),
        answers=tuple(answers),
        answer_summary=summarize_answers(answers) if answers else None,
        seconds=seconds,
    )
