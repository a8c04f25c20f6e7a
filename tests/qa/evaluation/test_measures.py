"""The measures, the report, and the quality that is promised, on the real system."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import ShuttenError
from corpus.library import QUESTIONS
from index.models.encoder import Encoder
from qa.assistant import Assistant
from qa.evaluation import report, squad
from qa.evaluation.measures import evaluate
from qa.evaluation.statistics import auc, calibration_error, holm, interval, paired_p

SQUAD = {
    "data": [
        {
            "title": "town",
            "paragraphs": [
                {"context": "港は三月に整備された。", "qas": [{"id": "a", "question": "港は？"}]},
                {"context": "橋は五月に架けられた。", "qas": [{"id": "b", "question": "橋は？"}]},
            ],
        },
        {
            "title": "school",
            "paragraphs": [
                {"context": "学校は丘の上にある。", "qas": [{"id": "c", "question": "学校は？"}]}
            ],
        },
    ]
}
IN_ENGLISH = [("c", "Where is the school?"), ("a", "When was the port built?"), ("x", "Who?")]


@pytest.fixture(scope="module")
def results(assistant: Assistant) -> dict[str, Any]:
    return evaluate(assistant, QUESTIONS / "jucip-2023.jsonl", ["full", "dense"], "test")


def test_the_test_split_is_answered_no_worse_than_measured(results: dict[str, Any]) -> None:
    assert results["success@1"] >= 0.78  # measured 0.803
    assert results["success@3"] >= 0.90  # measured 0.930
    answers = results["answers"]
    assert answers["offsets_valid"] == 1.0
    assert answers["abstention_auc"] >= 0.88  # measured 0.906
    assert answers["false_answers"] <= 0.45  # measured 0.40
    assert answers["false_refusals"] <= 0.09  # measured 0.085, which is 6 of 71
    assert answers["complete_of_several"] >= 0.75
    assert answers["median_first_quote"] <= 160


def test_late_interaction_beats_vectors_alone(results: dict[str, Any]) -> None:
    full, dense = (results["systems"][name]["mrr"]["mean"] for name in ("full", "dense"))
    assert full > dense
    (pair,) = results["paired"]
    assert pair["wins"] > pair["losses"]


def test_no_question_drops_out(results: dict[str, Any]) -> None:
    rows = results["questions"]
    assert len({row["id"] for row in rows}) == len(rows) == results["n"]
    for key in ("by_language", "by_kind"):
        groups = results["systems"]["full"][key].values()
        assert sum(group["n"] for group in groups) == results["answerable"]


def test_the_report_is_whole(results: dict[str, Any], tmp_path: Path) -> None:
    report.write(results, tmp_path)
    assert json.loads((tmp_path / "results.json").read_text("utf-8"))["n"] == results["n"]
    text = (tmp_path / "report.md").read_text("utf-8")
    for plot in ("systems.png", "confidence.png", "reliability.png"):
        assert plot in text
        assert (tmp_path / plot).read_bytes().startswith(b"\x89PNG")
    assert "McNemar" in text
    assert "success@1" in report.summary(results)


def test_a_report_that_cannot_be_written_says_so(results: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ShuttenError, match="cannot be written"):
        report.write(results, tmp_path / "file")


def test_gold_of_another_statement_is_named(assistant: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"id": "a", "question": "港は？", "gold": ["港を整備"]}', "utf-8")
    with pytest.raises(ShuttenError, match="question a: '港を整備' is in no sentence"):
        evaluate(assistant, path)
    with pytest.raises(ShuttenError, match="no question of split 'dev'"):
        evaluate(assistant, path, split="dev")


@pytest.mark.parametrize(
    ("positives", "negatives", "expected"),
    [([2, 3], [0, 1], 1.0), ([0, 1], [2, 3], 0.0), ([1, 1], [1], 0.5), ([1, 3], [2], 0.5)],
)
def test_auc(positives: list[float], negatives: list[float], expected: float) -> None:
    assert auc(positives, negatives) == expected


@pytest.mark.parametrize(
    ("gains", "families", "p"),
    [
        ([], [], 1.0),
        ([0, 0], ["a", "b"], 1.0),
        ([1, 1, 1, 1, 1], list("abcde"), 2 / 32),  # McNemar with five to none
        ([1, 1, -1], list("abc"), 1.0),
        ([1, 1, 1, 1, 1], list("aaaab"), 1.0 / 2),  # two families: two of four sign patterns
        ([1] * 8, ["a"] * 8, 1.0),  # one family proves nothing
    ],
)
def test_families_change_sides_together(gains: list[int], families: list[str], p: float) -> None:
    assert paired_p(gains, families) == pytest.approx(p)


def test_holm_keeps_the_order_and_never_lowers() -> None:
    tests = holm([{"p": 0.04}, {"p": 0.01}, {"p": 0.03}])
    assert [test["p_holm"] for test in tests] == pytest.approx([0.06, 0.03, 0.06])


def test_a_calibrated_confidence_has_no_error() -> None:
    assert calibration_error([0.0, 1.0], [False, True]) == 0
    assert calibration_error([1.0, 0.0], [False, True]) == 1
    assert calibration_error([0.5], [True]) is None


def test_translations_mostly_select_the_same_passage(assistant: Assistant) -> None:
    families = QUESTIONS / "jucip-2023-families.jsonl"
    systems = evaluate(assistant, families, ["full", "dense"])["systems"]
    full, dense = (systems[name]["invariance"] for name in ("full", "dense"))
    assert full["n"] == 25
    assert full["mean"] >= 0.7 > 0.3 > dense["mean"]


def test_auc_of_one_kind_only_is_unknown() -> None:
    assert auc([1.0], []) is None


def test_interval_holds_the_mean_and_narrows() -> None:
    few, many = interval([0, 1] * 5), interval([0, 1] * 500)
    assert few["low"] < few["mean"] == 0.5 < few["high"]
    assert many["high"] - many["low"] < few["high"] - few["low"]


def write(path: Path, data: object) -> Path:
    path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    return path


def test_squad_matches_questions_by_id_across_languages(encoder: Encoder, tmp_path: Path) -> None:
    passages = write(tmp_path / "ja.json", SQUAD)
    qas = [{"id": id_, "question": text} for id_, text in IN_ENGLISH]
    english = {"data": [{"paragraphs": [{"context": "x", "qas": qas}]}]}
    questions = write(tmp_path / "en.json", english)
    found = squad.evaluate(encoder, passages, questions, ["full", "dense", "lexical", "hybrid"])
    assert (found["n"], found["passages"]) == (2, 3)
    assert found["success@1"] == found["recall@5"] == found["mrr@10"] == 1.0
    assert set(found["systems"]) == {"full", "dense", "lexical", "hybrid"}


def test_a_sample_is_the_same_for_the_same_seed(encoder: Encoder, tmp_path: Path) -> None:
    path = write(tmp_path / "ja.json", SQUAD)
    first, second = (squad.evaluate(encoder, path, path, sample=2, seed=1) for _ in range(2))
    assert first["n"] == 2
    assert {k: v for k, v in first.items() if k != "seconds"} == {
        k: v for k, v in second.items() if k != "seconds"
    }


@pytest.mark.parametrize("content", ["[]", "{}", '{"data": [{"paragraphs": [{}]}]}', "no json"])
def test_another_format_is_refused(content: str, encoder: Encoder, tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(content, "utf-8")
    with pytest.raises(ShuttenError, match=r"wrong\.json: not in SQuAD format"):
        squad.evaluate(encoder, path, path)
