"""Ranking: the arithmetic on small arrays, and the order on the real statement."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.records import Statement
from index.search.scoring import ScoreWeights, add_history, add_words, blend, calibrate
from qa.assistant import Assistant
from qa.evaluation.baselines import SYSTEMS, System, rankers


def test_calibration_takes_off_what_a_unit_scores_for_anything() -> None:
    scores, background = np.float32([0.9, 0.8]), np.float32([0.8, 0.5])
    assert calibrate(scores, background, ScoreWeights(background=1.0)) == pytest.approx([0.1, 0.3])


def test_words_count_in_proportion() -> None:
    weights = ScoreWeights(passage=0.5)
    meaning = blend(np.float32([0.2, 0.4]), np.float32([0.4, 0.4]), weights)
    assert meaning == pytest.approx([0.3, 0.4])
    added = add_words(meaning, np.float32([1.0, 0.0]), ScoreWeights(words=0.15))
    assert added == pytest.approx([0.45, 0.4])


def test_history_chooses_the_passage_and_the_question_the_sentence() -> None:
    question, history = np.float32([0.1, 0.2, 0.4]), np.float32([0.5, 0.5, 0.0])
    mixed = add_history(question, history, 1.0, ScoreWeights(history=1.0))
    assert mixed == pytest.approx([0.3, 0.35, 0.2])
    assert add_history(question, history, 0.0) == pytest.approx(question)


@pytest.mark.parametrize(
    ("question", "fragment"),
    [
        ("オープンRANについて何が合意されましたか", "オープンRAN"),
        ("ｵｰﾌﾟﾝＲＡＮ", "オープンRAN"),
        ("What was agreed on Open RAN?", "オープンRAN"),
        ("¿Qué se acordó sobre las islas del Pacífico?", "太平洋島嶼国"),
        ("量子计算机的产业利用", "量子コンピュータ"),
        ("반도체 인력 양성", "人材育成"),
        ("Wann ist die Cybersicherheits-Mission nach Japan geplant?", "2023年9月"),
        ("IPEF", "IPEF"),
    ],
)
def test_the_first_sentence_is_about_it(
    assistant: Assistant, statement: Statement, question: str, fragment: str
) -> None:
    hit = assistant.rank(question).hits[0]
    assert fragment in hit.span.of(statement.source.text)


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_system_ranks_every_sentence_once(
    assistant: Assistant, statement: Statement, system: System
) -> None:
    ranking = rankers(assistant, [system])[system]("量子コンピュータ", ())
    sentences = {s for passage in statement.passages for s in passage.sentences}
    assert len(ranking.hits) == len(sentences)
    assert {hit.span for hit in ranking.hits} == sentences
    scores = [hit.score for hit in ranking.hits]
    assert scores == sorted(scores, reverse=True)
    assert ranking.total == len(statement.passages) == len(ranking.passages())


def test_the_same_question_gets_the_same_scores(assistant: Assistant) -> None:
    first, second = (assistant.rank("人権と輸出管理") for _ in range(2))
    assert [hit.score for hit in first.hits] == [hit.score for hit in second.hits]
