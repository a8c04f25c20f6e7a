"""Measures of rankings: whether the sentences that answer come first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from corpus.question_sets import Question
from corpus.records import Statement
from index.search.ranking import Ranking
from qa.evaluation.baselines import Ranker, System
from qa.evaluation.gold_sentences import GoldSentences, sentence_name
from qa.evaluation.question_results import MEASURES, QuestionRanking, RankingMeasures, Value
from qa.evaluation.results import GroupSummary, Invariance, PairedTest, SystemSummary
from qa.evaluation.statistics import holm, interval, paired_p

_DEPTH = 50  # sentences of a ranking that are measured


def measure_rankings(
    statements: Collection[Statement], questions: Sequence[Question], ranker: Ranker
) -> list[QuestionRanking]:
    """Rank the sentences for each answerable question, and measure the rankings.

    Args:
        statements: The statements that the questions are asked of.
        questions: The questions. Unanswerable questions are left out.
        ranker: The system to measure.

    Raises:
        ShuttenError: A gold fragment is in no sentence.
    """
    answerable = [question for question in questions if question.answerable]
    gold_names: dict[str, Sequence[str]] = {}
    ranked_names: dict[str, Sequence[str]] = {}
    passages: dict[str, str] = {}
    for question in answerable:
        gold = GoldSentences.of(statements, question)
        ranking = ranker(question.text, question.history)
        best = ranking.hits[0]
        passages[question.id] = f"{best.statement.id}:{best.passage.id}"
        gold_names[question.id] = gold.names
        ranked_names[question.id] = _ranked_names(ranking, gold)
    measures = _measures(gold_names, ranked_names)
    return [
        QuestionRanking(question, passages[question.id], measures[question.id])
        for question in answerable
    ]


def _ranked_names(ranking: Ranking, gold: GoldSentences) -> list[str]:
    """Return the names of the first sentences of a ranking, best first and each once."""
    names = (sentence_name(hit.statement.id, hit.span) for hit in ranking.hits[:_DEPTH])
    return list(dict.fromkeys(gold.equivalents.get(name, name) for name in names))


def _measures(
    gold_names: Mapping[str, Sequence[str]], ranked_names: Mapping[str, Sequence[str]]
) -> dict[str, RankingMeasures[float]]:
    """Return the measures of each question. Both arguments hold names of sentences by question."""
    import ir_measures
    from ir_measures import RR, R, Success, nDCG

    measures = (Success @ 1, Success @ 3, R @ 3, RR, nDCG @ 5)
    measure_names = dict(zip(measures, MEASURES, strict=True))
    qrels = [
        ir_measures.Qrel(question, name, 1)
        for question, gold in gold_names.items()
        for name in gold
    ]
    run = [
        ir_measures.ScoredDoc(question, name, float(-rank))
        for question, ranked in ranked_names.items()
        for rank, name in enumerate(ranked)
    ]
    values = {question: dict.fromkeys(MEASURES, 0.0) for question in gold_names}
    for metric in ir_measures.iter_calc(measures, qrels, run):
        values[metric.query_id][measure_names[metric.measure]] = metric.value
    return {question: RankingMeasures(*row.values()) for question, row in values.items()}


def summarize_system(rankings: Sequence[QuestionRanking]) -> SystemSummary:
    """Return the means over all questions, over each language and over each kind."""
    return SystemSummary(
        measures=_aggregate(rankings, interval),
        invariance=invariance(rankings),
        by_language=_summarize_groups(rankings, lambda question: question.language),
        by_kind=_summarize_groups(rankings, lambda question: question.kind),
    )


def _summarize_groups(
    rankings: Sequence[QuestionRanking], group_of: Callable[[Question], str]
) -> dict[str, GroupSummary]:
    groups: dict[str, list[QuestionRanking]] = {}
    for ranking in rankings:
        groups.setdefault(group_of(ranking.question), []).append(ranking)
    return {
        name: GroupSummary(len(group), _aggregate(group, lambda values: float(np.mean(values))))
        for name, group in sorted(groups.items())
    }


def _aggregate(
    rankings: Sequence[QuestionRanking], aggregate: Callable[[list[float]], Value]
) -> RankingMeasures[Value]:
    """Return one value for each measure, from the values of all questions."""
    rows = [ranking.measures.by_name() for ranking in rankings]
    return RankingMeasures(*(aggregate([row[name] for row in rows]) for name in MEASURES))


def invariance(rankings: Sequence[QuestionRanking]) -> Invariance | None:
    """Return how often all questions of a family select the same passage.

    Returns:
        The share of such families, or None if no question has a family.
    """
    passages: dict[str, set[str]] = {}
    for ranking in rankings:
        if ranking.question.family:
            passages.setdefault(ranking.question.family, set()).add(ranking.passage)
    if not passages:
        return None
    same = sum(len(selected) == 1 for selected in passages.values())
    return Invariance(same / len(passages), len(passages))


def paired_tests(
    rankings: Mapping[System, Sequence[QuestionRanking]],
) -> tuple[PairedTest, ...]:
    """Compare the first system with each other system on `success@1`.

    Args:
        rankings: The rankings of each system, for the same questions in the same order.
    """
    first, *others = rankings
    questions = [ranking.question for ranking in rankings[first]]
    families = [question.family or question.id for question in questions]
    gains = {other: _gains(rankings[first], rankings[other]) for other in others}
    p_values = [paired_p(gains[other], families) for other in others]
    return tuple(
        PairedTest(first, other, gains[other].count(1), gains[other].count(-1), p, p_holm)
        for other, p, p_holm in zip(others, p_values, holm(p_values), strict=True)
    )


def _gains(first: Sequence[QuestionRanking], other: Sequence[QuestionRanking]) -> list[int]:
    """Return the difference in `success@1` for each question: 1, 0 or -1."""
    return [
        int(ours.measures.success_at_1 - theirs.measures.success_at_1)
        for ours, theirs in zip(first, other, strict=True)
    ]
