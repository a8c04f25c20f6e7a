from __future__ import annotations

from collections.abc import Sequence

import pytest
from statements import quotes_from, statement_from

from corpus.question_sets import Question
from corpus.records import Statement
from qa.answers.answer import Answer
from qa.evaluation.answer_measures import measure_answer, summarize_answers
from qa.evaluation.results import LevelSummary
from qa.scope.filters import Filter

TEXT = "橋は三月に架けた。港は五月に整備した。\n"


class FixedAnswers:
    """Quotes the first sentences of the statement, as many as the question says."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement

    def ask(self, question: str, history: Sequence[str] = (), *, within: Filter = None) -> Answer:
        count = int(question)
        quotes = tuple(quotes_from(statement_from(TEXT))[:count])
        status, level = ("answered", "high") if count else ("not_found", "")
        return Answer(
            question=question,
            searched=question,
            status=status,
            confidence=0.9 if count else 0.2,
            language="ja",
            quotes=quotes,
            nearest=(),
            passages=1,
            level=level,
        )

    def statement(self, statement: str) -> Statement:
        return self._statement

    def statement_ids(self) -> list[str]:
        return ["town"]


@pytest.mark.parametrize(
    ("gold", "also", "first_right", "complete", "precision", "recall"),
    [
        (("三月",), (), True, True, 0.5, 1.0),
        (("五月",), (), False, True, 0.5, 1.0),
        (("五月",), ("橋",), True, True, 1.0, 1.0),
        (("五月", "六月"), (), False, False, 0.5, 0.5),
        (("六月",), (), False, False, 0.0, 0.0),
        ((), (), False, None, None, None),
    ],
)
def test_quotes_are_compared_with_the_gold_fragments(
    gold: tuple[str, ...],
    also: tuple[str, ...],
    first_right: bool,
    complete: bool | None,
    precision: float | None,
    recall: float | None,
) -> None:
    answer = measure_answer(
        FixedAnswers(statement_from(TEXT)), Question("a", "2", "ja", gold=gold, also=also)
    )
    assert (answer.first_right, answer.complete) == (first_right, complete)
    assert (answer.precision, answer.recall) == (precision, recall)
    assert (answer.quotes, answer.first_length) == (2, 9)
    assert answer.several == (len(gold) > 1)


@pytest.mark.parametrize(("text", "valid"), [(TEXT, True), ("X" + TEXT, False)])
def test_offsets_are_checked_in_the_statement(text: str, valid: bool) -> None:
    answer = measure_answer(FixedAnswers(statement_from(text)), Question("a", "1"))
    assert answer.offsets_valid == valid


def test_a_summary_counts_every_answer() -> None:
    questions = [
        Question("answered", "2", "ja", gold=("三月", "五月")),
        Question("incomplete", "1", "ja", gold=("三月", "五月")),
        Question("refused", "0", "en", gold=("三月",)),
        Question("unanswerable", "0", "ja"),
        Question("wrong", "1", "ja"),
    ]
    answers = [
        measure_answer(FixedAnswers(statement_from(TEXT)), question) for question in questions
    ]
    summary = summarize_answers(answers)
    assert summary.abstention_auc == pytest.approx((2 * 1.5 + 0.5) / 6)
    assert summary.false_answers == 1 / 2
    assert summary.false_refusals == 1 / 3
    assert summary.complete_of_several == 1 / 2
    assert summary.set_precision == 1.0
    assert summary.set_recall == pytest.approx((1 + 0.5 + 0) / 3)
    assert summary.quotes == 1.5
    assert summary.offsets_valid == 1.0
    assert summary.language_right == 4 / 5
    assert summary.median_first_quote == 9
    assert (summary.n_several, summary.n_unanswerable) == (2, 2)
    assert summary.levels == {"high": LevelSummary(3, pytest.approx(2 / 3))}


def test_a_summary_of_one_class_leaves_figures_unknown() -> None:
    answers = [measure_answer(FixedAnswers(statement_from(TEXT)), Question("a", "0", "ja"))]
    summary = summarize_answers(answers)
    assert summary.abstention_auc is None
    assert summary.false_refusals is None
    assert summary.median_first_quote is None
    assert summary.levels == {}
