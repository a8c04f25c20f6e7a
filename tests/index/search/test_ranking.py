"""Ranking: the arithmetic on small arrays, and the order on the real statement."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.records import Statement
from index.late_interaction.centring import centred, fit_centring, informativeness
from index.late_interaction.maxsim import TokenMatrix, best_rows, max_sim_tokens
from index.models.encoder import unit_rows
from index.search.scoring import ScoreWeights, add_history, add_words, blend, calibrate
from qa.assistant import Assistant
from qa.evaluation.baselines import SYSTEMS, System, rankers


def matrix(lengths: list[int], seed: int = 0) -> TokenMatrix:
    ends = np.cumsum(lengths, dtype=np.int64)
    rows = np.random.default_rng(seed).normal(size=(int(sum(lengths)), 8))
    return TokenMatrix(unit_rows(rows).astype(np.float16), ends - np.array(lengths), ends)


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.integers(0, 4), st.data())
def test_max_sim_is_the_best_match_of_each_token(
    lengths: list[int], tokens: int, data: st.DataObject
) -> None:
    units = matrix(lengths)
    chosen = np.array(sorted(data.draw(st.sets(st.integers(0, len(lengths) - 1), min_size=1))))
    query = unit_rows(np.random.default_rng(1).normal(size=(tokens, 8)))
    best = max_sim_tokens(query, units, chosen)
    assert best.shape == (len(chosen), tokens)
    for row, unit in zip(best, chosen, strict=True):
        own = units.rows[units.begins[unit] : units.ends[unit]].astype(np.float32)
        expected = (query @ own.T).max(axis=1) if len(own) else np.zeros(tokens)
        assert np.allclose(row, expected, atol=1e-3)


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


def test_centring_takes_off_what_all_tokens_share() -> None:
    tokens = unit_rows([[10.0, 1.0], [10.0, -1.0]])
    assert tokens[0] @ tokens[1] > 0.9
    apart = centred(tokens, fit_centring(tokens, np.array(["ja", "ja"])))
    assert apart[0] @ apart[1] == pytest.approx(-1)


def test_centring_takes_off_what_tells_the_language() -> None:
    dog, cat, english, shared = np.eye(4)
    tokens = unit_rows([dog, cat, dog + english, cat + english] + 5 * shared)
    centring = fit_centring(tokens, np.array(["ja", "ja", "en", "en"]))
    apart = centred(tokens, centring)
    assert centring.languages.shape == (1, 4)
    assert apart[0] @ apart[2] > 0.99
    assert apart[0] @ apart[1] < -0.99
    assert np.linalg.norm(apart, axis=1) == pytest.approx(1)
    assert centred(tokens[:0], centring).shape == (0, 4)


def test_words_of_any_question_tell_less() -> None:
    background = unit_rows([[1.0, 0.0], [0.8, 0.6]])
    common, rare = informativeness(unit_rows([[1.0, 0.1], [-0.5, 1.0]]), background)
    assert 0 < common < rare


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


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=8), st.integers(1, 4), st.integers(1, 100))
def test_what_is_compared_at_once_changes_nothing(
    lengths: list[int], tokens: int, cells: int
) -> None:
    units, query = matrix(lengths), unit_rows(np.random.default_rng(1).normal(size=(tokens, 8)))
    every, filled = np.arange(len(lengths)), [n for n, length in enumerate(lengths) if length]
    whole = max_sim_tokens(query, units, every), [best_rows(query, units, n) for n in filled]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.late_interaction.maxsim._CELLS", cells)
        parts = max_sim_tokens(query, units, every), [best_rows(query, units, n) for n in filled]
    assert np.allclose(whole[0], parts[0], atol=1e-6)
    for one, other in zip(whole[1], parts[1], strict=True):
        assert np.array_equal(one, other)
