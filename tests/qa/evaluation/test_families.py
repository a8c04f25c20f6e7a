"""Translations of one question select the same passage, on the question set of families.

The set belongs to the split `test`. The bounds are far from what was measured, so that they show a
fault and nothing can be tuned to them.
"""

from __future__ import annotations

from corpus.library import QUESTIONS
from corpus.question_sets import load_questions
from qa.assistant import Assistant
from qa.evaluation import baselines
from qa.evaluation.ranking_measures import invariance, measure_rankings


def test_translations_mostly_select_the_same_passage(assistant: Assistant) -> None:
    questions = load_questions(QUESTIONS / "jucip-2023-families.jsonl")
    statements = [assistant.statement(name) for name in assistant.statement_ids()]
    full, dense = (
        invariance(measure_rankings(statements, questions, ranker))
        for ranker in baselines.rankers(assistant, ["full", "dense"]).values()
    )
    assert full.n == dense.n == 25
    assert full.mean >= 0.7 > 0.3 > dense.mean
