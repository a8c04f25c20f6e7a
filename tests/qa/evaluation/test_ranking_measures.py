from __future__ import annotations

import pytest
from statements import statement_from

from corpus.errors import ShuttenError
from corpus.question_sets import Question
from qa.evaluation.gold_sentences import GoldSentences
from qa.evaluation.question_results import QuestionRanking, RankingMeasures
from qa.evaluation.ranking_measures import invariance, paired_tests, summarize_system
from qa.evaluation.results import GroupSummary, Invariance

TEXT = "橋は三月に架けた。港は五月に整備した。橋は古い。\n"


TOWN = [statement_from(TEXT, "town")]


def ranking(
    number: int, success: float, *, passage: str = "p", family: str = "", language: str = "ja"
) -> QuestionRanking:
    question = Question(str(number), "?", language, gold=("x",), family=family)
    return QuestionRanking(question, passage, RankingMeasures(success, 1.0, success, success, 0.5))


def test_sentences_with_another_right_fragment_count_as_the_gold_one() -> None:
    gold = GoldSentences.of(TOWN, Question("a", "?", gold=("三月",), also=("橋", "五月")))
    assert gold.names == ("town:0-9",)
    assert gold.equivalents == {"town:19-24": "town:0-9", "town:9-19": "town:0-9"}


def test_of_several_gold_sentences_none_stands_for_another() -> None:
    gold = GoldSentences.of(TOWN, Question("a", "?", gold=("橋",), also=("五月",)))
    assert gold.names == ("town:0-9", "town:19-24")
    assert gold.equivalents == {}


@pytest.mark.parametrize(("gold", "also"), [("牛肉", "橋"), ("橋", "牛肉")])
def test_a_fragment_in_no_sentence_is_an_error(gold: str, also: str) -> None:
    with pytest.raises(ShuttenError, match="question a: '牛肉' is in no sentence"):
        GoldSentences.of(TOWN, Question("a", "?", gold=(gold,), also=(also,)))


def test_invariance_is_the_share_of_families_with_one_passage() -> None:
    rankings = [
        ranking(1, 1, family="same", passage="p"),
        ranking(2, 1, family="same", passage="p"),
        ranking(3, 1, family="differing", passage="p"),
        ranking(4, 1, family="differing", passage="q"),
        ranking(5, 1, passage="r"),
    ]
    assert invariance(rankings) == Invariance(0.5, 2)
    assert invariance(rankings[4:]) is None


def test_paired_tests_compare_the_first_system_with_each_other_one() -> None:
    full, dense, lexical = (
        [ranking(number, success) for number, success in enumerate(successes)]
        for successes in ((1, 1, 1, 0, 1, 1), (0, 0, 0, 1, 1, 0), (0, 0, 0, 0, 0, 0))
    )
    first, second = paired_tests({"full": full, "dense": dense, "lexical": lexical})
    assert (first.first, first.other, first.wins, first.losses) == ("full", "dense", 4, 1)
    assert (second.other, second.wins, second.losses) == ("lexical", 5, 0)
    assert (first.p, second.p) == pytest.approx((12 / 32, 2 / 32))
    assert (first.p_holm, second.p_holm) == pytest.approx((12 / 32, 4 / 32))


def test_a_family_is_one_observation_of_a_paired_test() -> None:
    full = [ranking(number, 1, family="f") for number in range(8)]
    dense = [ranking(number, 0, family="f") for number in range(8)]
    (test,) = paired_tests({"full": full, "dense": dense})
    assert (test.wins, test.p) == (8, 1.0)


def test_a_system_is_summarized_by_language() -> None:
    summary = summarize_system(
        [ranking(1, 1), ranking(2, 0), ranking(3, 1, language="en")],
    )
    assert summary.measures.success_at_1.mean == pytest.approx(2 / 3)
    assert list(summary.by_language) == ["en", "ja"]
    assert summary.by_language["ja"] == GroupSummary(2, RankingMeasures(0.5, 1.0, 0.5, 0.5, 0.5))
    assert summary.by_kind["fact"].n == 3


def test_without_answerable_questions_nothing_is_known() -> None:
    summary = summarize_system([])
    assert (summary.measures.mrr.low, summary.measures.mrr.high) == (0.0, 1.0)
    assert summary.by_language == {}
