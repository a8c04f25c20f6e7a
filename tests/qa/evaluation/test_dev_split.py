"""The quality of the real system on the split `dev`, and the report on it.

The split `test` is for reporting, so no test depends on it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from corpus.errors import ShuttenError
from corpus.library import QUESTIONS
from qa.assistant import Assistant
from qa.evaluation import baselines, report
from qa.evaluation.results import Results
from qa.evaluation.runner import evaluate


class DevRun(NamedTuple):
    results: Results
    progress: list[float]


@pytest.fixture(scope="module")
def dev_run(assistant: Assistant) -> DevRun:
    progress: list[float] = []
    path = QUESTIONS / "jucip-2023.jsonl"
    systems = baselines.rankers(assistant, ["full", "dense"])
    results = evaluate(assistant, path, systems, "dev", progress.append)
    return DevRun(results, progress)


@pytest.fixture
def results(dev_run: DevRun) -> Results:
    return dev_run.results


def test_rankings_are_no_worse_than_measured(results: Results) -> None:
    measures = results.systems["full"].measures
    assert measures.success_at_1.mean >= 0.83  # measured 0.849
    assert measures.success_at_3.mean >= 0.92  # measured 0.946


def test_answers_are_no_worse_than_measured(results: Results) -> None:
    answers = results.answer_summary
    assert answers
    # A figure that is missing is None, which cannot be compared, so the test fails.
    assert answers.offsets_valid == 1.0
    assert answers.abstention_auc >= 0.94  # measured 0.965
    assert answers.false_answers <= 0.14  # measured 0.079, which is 3 of 38
    assert answers.false_refusals <= 0.09  # measured 0.066, which is 11 of 166
    assert answers.complete_of_several >= 0.85  # measured 0.966
    assert answers.median_first_quote <= 160  # measured 97


def test_late_interaction_beats_vectors_alone(results: Results) -> None:
    full, dense = (results.systems[name].measures.mrr.mean for name in ("full", "dense"))
    assert full > dense
    (test,) = results.paired
    assert test.wins > test.losses
    assert test.p_holm == test.p < 0.001


def test_every_question_counts(results: Results) -> None:
    assert len({answer.question.id for answer in results.answers}) == results.n
    assert len({ranking.question.id for ranking in results.rankings}) == results.answerable
    for system in results.systems.values():
        for groups in (system.by_language, system.by_kind):
            assert sum(group.n for group in groups.values()) == results.answerable


def test_progress_goes_from_the_start_towards_the_end(dev_run: DevRun) -> None:
    progress = dev_run.progress
    assert progress == sorted(progress)
    assert progress[0] == 0
    assert 0.99 < progress[-1] < 1


def test_the_report_has_the_results_and_the_plots(results: Results, tmp_path: Path) -> None:
    report.write(results, tmp_path)
    assert json.loads((tmp_path / "results.json").read_text("utf-8")) == results.to_json()
    text = (tmp_path / "report.md").read_text("utf-8")
    for plot in ("systems.png", "confidence.png", "reliability.png"):
        assert plot in text
        assert (tmp_path / plot).read_bytes().startswith(b"\x89PNG")
    assert "McNemar" in text
    assert "success@1" in report.summary(results)


def test_a_report_that_cannot_be_written_is_an_error(results: Results, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ShuttenError, match="cannot be written"):
        report.write(results, tmp_path / "file")


def test_a_set_that_does_not_fit_is_an_error(assistant: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"id": "a", "question": "港は？", "gold": ["港を整備"]}', "utf-8")
    systems = baselines.rankers(assistant, ["full"])
    with pytest.raises(ShuttenError, match="question a: '港を整備' is in no sentence"):
        evaluate(assistant, path, systems)
    with pytest.raises(ShuttenError, match="no question of split 'dev'"):
        evaluate(assistant, path, systems, split="dev")
