"""Which questions follow up earlier ones, and what is searched for then."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from corpus.language import detect_language
from index.search.draft import FollowupEvidence
from qa.assistant import Assistant
from qa.confidence.calibration import Logistic, shipped
from qa.questions.followups import (
    earlier_questions,
    followup_features,
    followup_weight,
    has_cue,
    may_follow_up,
)

WITH_CUE = [
    "それはいつ開催されますか",
    "その目的は何ですか",
    "ほかには？",
    "量子は？",
    "誰が？",
    "And quantum?",
    "What about cyber security?",
    "When is it planned?",
    "Anything else?",
    "Why?",
    "那是什么时候？",
    "그것은 언제 열리나요?",
    "Wann findet das statt?",
    "Et quand ?",
    "¿Y cuándo?",
    "Kapan itu diadakan?",
]
WITHOUT_CUE = [
    "オープンRANについて何が合意されましたか",
    "それぞれの国の支援措置はどう扱われますか",
    "この共同声明はいつ出されましたか",
    "What was agreed on Open RAN?",
    "Who represented Japan at the meeting?",
    "How did the two ministers judge the work so far, and which fields did they want to add to it?",
    "輸出管理での連携について、何を改めて約束し、その中身としてどんな項目が並んでいるのか整理してほしい",
    "¿Qué se acordó sobre la inteligencia artificial?",
    "Was wurde zu Halbleitern vereinbart?",
    "Quelles mesures concernent les îles du Pacifique ?",
    "关于半导体达成了什么协议？",
    "반도체에 대해 무엇이 합의되었나요?",
]


@pytest.mark.parametrize("question", WITH_CUE)
def test_a_question_with_a_cue(question: str) -> None:
    assert has_cue(question)


@pytest.mark.parametrize("question", WITHOUT_CUE)
def test_a_question_without_a_cue(question: str) -> None:
    assert not has_cue(question)


@pytest.mark.parametrize("question", ["量子技術", "どの街で", "Whose networks?", "quantum"])
def test_a_very_short_question_may_be_a_follow_up(question: str) -> None:
    assert may_follow_up(question)
    assert not has_cue(question)


LONG = "次世代半導体の開発で手を結ぶ研究拠点はどこですか"


@pytest.mark.parametrize(
    ("history", "context"),
    [
        ([], ""),
        (["", "  "], ""),
        ([LONG], LONG),
        (["古い話題について教えてもらえますか", LONG], LONG),
        ([LONG, "それはいつですか"], f"{LONG} それはいつですか"),
        ([LONG, "それは？", "なぜ？", "誰が？"], "それは？ なぜ？ 誰が？"),
    ],
)
def test_which_earlier_questions_count(history: list[str], context: str) -> None:
    assert earlier_questions(history) == context


@pytest.mark.parametrize(
    "question",
    [
        "オープンRAN",
        "What was agreed on Open RAN?",
        "量子技術",
        "牛肉の関税は何パーセントですか",
        "What did they decide about quantum computing?",
    ],
)
def test_a_change_of_subject_drops_the_history(assistant: Assistant, question: str) -> None:
    history = ["サイバーセキュリティのミッションについて教えて"]
    assert assistant.ask(question, history).searched == question
    assert assistant.ask(question, history).quotes == assistant.ask(question).quotes


def evidence(tokens: int, words: float, alone: float) -> FollowupEvidence:
    """Make evidence without a pooled vector."""
    return FollowupEvidence(tokens, words, alone, np.zeros(0, np.float32))


@pytest.mark.parametrize(
    ("known", "follows_up"),
    [
        (evidence(5, 0.05, 0.2), True),  # それはいつですか
        (evidence(6, 0.0, 0.15), True),  # And who pays for it?
        (evidence(18, 0.3, 0.5), False),  # 次世代半導体の開発で手を結ぶ研究拠点はどこですか
        (evidence(30, 0.0, 0.4), False),  # a long question in another language
    ],
)
def test_length_and_results_tell_a_follow_up_without_the_pooled_vector(
    known: FollowupEvidence, follows_up: bool
) -> None:
    assert (followup_weight(known, shipped()) > 0.5) == follows_up


@pytest.mark.parametrize(("odds", "counts"), [(-3.0, 0.0), (0.0, 0.5)])
def test_a_history_that_hardly_counts_does_not_count(odds: float, counts: float) -> None:
    fitted = replace(shipped(), followup=Logistic(odds, {}), followup_from=0.4)
    assert followup_weight(evidence(10, 0.0, 0.5), fitted) == counts


def test_the_pooled_vector_tells_a_follow_up() -> None:
    fitted = replace(
        shipped(),
        followup=Logistic(0, {"pooled": 3.0}),
        followup_from=0.5,
        followup_direction=(1.0, 0.0),
    )
    for pooled, follows_up in (((1, 0), True), ((-1, 0), False)):
        known = replace(evidence(5, 0.1, 0.3), pooled=np.array(pooled, np.float32))
        assert (followup_weight(known, fitted) > 0) == follows_up


def test_a_model_says_nothing_of_what_is_not_finite() -> None:
    model = Logistic(0.0, {"score": 2.0})
    assert model({"score": float("nan")}) == 0
    assert model({"score": float("-inf")}) == 0
    assert model({"score": 1e9}) == pytest.approx(1)
    with pytest.raises(KeyError):
        model({})


def test_a_follow_up_finds_what_the_earlier_question_was_about(assistant: Assistant) -> None:
    history = ["サイバーセキュリティのミッションについて教えて"]
    answer = assistant.ask("それはいつ開催されますか", history)
    assert "2023年9月" in answer.quotes[0].text
    assert answer.searched.startswith("サイバーセキュリティ")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("量子技術", "ja"),
        ("何が合意されましたか", "ja"),
        ("What was agreed?", "en"),
        ("Open RAN", "en"),
        ("达成了什么协议？", "zh"),
        ("무엇이 합의되었나요", "ko"),
        ("Was wurde vereinbart?", "de"),
        ("Qu'est-ce qui a été convenu ?", "fr"),
        ("¿Qué se acordó?", "es"),
        ("Apa yang disepakati kedua kementerian?", "id"),
        ("มีการตกลงอะไรบ้าง", "th"),
        ("О чём договорились министры?", "ru"),
        ("", "en"),
        ("2023", "en"),
    ],
)
def test_language_of_a_question(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_the_shipped_model_of_follow_ups_reads_the_features_there_are() -> None:
    known = followup_features(evidence(2, 0.1, 0.3), shipped().followup_direction)
    assert set(shipped().followup.weights) == set(known)
    assert 0 < shipped().followup_from < 1
