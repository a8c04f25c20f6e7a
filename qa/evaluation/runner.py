"""Runs a question set and measures the rankings and the answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from corpus.errors import ShuttenError
from corpus.question_sets import Question, load_questions
from qa.evaluation.answer_measures import Answering, measure_answer, summarize_answers
from qa.evaluation.baselines import Ranker, System
from qa.evaluation.question_results import QuestionAnswer, QuestionRanking
from qa.evaluation.ranking_measures import measure_rankings, paired_tests, summarize_system
from qa.evaluation.results import Results


def evaluate(
    assistant: Answering,
    path: Path,
    rankers: Mapping[System, Ranker],
    split: str | None = None,
    report_progress: Callable[[float], None] = lambda _: None,
) -> Results:
    """Measure systems on a question set.

    Rankings are measured on all answerable questions, whether the product answers or abstains.
    Answers are measured on all questions, if `full` is one of the systems.

    Args:
        assistant: The product, which answers the questions.
        path: The question set.
        rankers: The systems to compare, see `baselines.rankers`.
        split: Measure only the questions of this split.
        report_progress: Called with the progress, 0..1.

    Raises:
        ShuttenError: The set cannot be read, or has no question of that split.
    """
    questions = [row for row in load_questions(path) if split in (None, row.split)]
    if not questions:
        raise ShuttenError(f"{path}: no question of split {split!r}; see its `split` fields")
    started = time.perf_counter()
    rounds = len(rankers) + ("full" in rankers)
    rankings: dict[System, Sequence[QuestionRanking]] = {}
    for system, ranker in rankers.items():
        report_progress(len(rankings) / rounds)
        rankings[system] = measure_rankings(assistant, questions, ranker)
    answers: list[QuestionAnswer] = []
    for number, question in enumerate(questions if "full" in rankers else ()):
        report_progress((len(rankers) + number / len(questions)) / rounds)
        answers.append(measure_answer(assistant, question))
    seconds = round(time.perf_counter() - started, 2)
    return _results(path.name, split, questions, rankings, answers, seconds)


def _results(
    name: str,
    split: str | None,
    questions: Sequence[Question],
    rankings: Mapping[System, Sequence[QuestionRanking]],
    answers: Sequence[QuestionAnswer],
    seconds: float,
) -> Results:
    """Summarize the measures of all questions."""
    return Results(
        question_set=name,
        split=split,
        n=len(questions),
        answerable=sum(question.answerable for question in questions),
        systems={system: summarize_system(rows) for system, rows in rankings.items()},
        paired=paired_tests(rankings),
        rankings=tuple(next(iter(rankings.values()))),
        answers=tuple(answers),
        answer_summary=summarize_answers(answers) if answers else None,
        seconds=seconds,
    )
