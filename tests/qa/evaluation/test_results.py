"""The JSON of the results, key for key."""

from __future__ import annotations

import json

from corpus.question_sets import Question
from qa.evaluation.question_results import QuestionAnswer, QuestionRanking, RankingMeasures
from qa.evaluation.results import (
    AnswerSummary,
    GroupSummary,
    Invariance,
    LevelSummary,
    PairedTest,
    Results,
    SystemSummary,
)
from qa.evaluation.statistics import Interval

MEASURES = RankingMeasures(1.0, 1.0, 0.5, 1.0, 0.7)
MEASURES_JSON = {"success@1": 1.0, "success@3": 1.0, "recall@3": 0.5, "mrr": 1.0, "ndcg@5": 0.7}
GROUP = GroupSummary(1, MEASURES)
GROUP_JSON = {"n": 1, **MEASURES_JSON}
BRIDGE = Question("a", "橋は？", "ja", "when", gold=("三月", "五月"), family="f")
BEEF = Question("b", "Beef?", "en", "unanswerable")
RANKING = QuestionRanking(BRIDGE, "town:1", MEASURES)
RANKING_JSON = {
    "id": "a",
    "language": "ja",
    "kind": "when",
    "family": "f",
    "passage": "town:1",
    **MEASURES_JSON,
}
ANSWERS = (
    QuestionAnswer(
        BRIDGE, "answered", 0.9, "high", True, False, 0.5, 0.5, 2, 12, True, detected="ja"
    ),
    QuestionAnswer(BEEF, "not_found", 0.1, "", False, None, None, None, 0, None, True, "en"),
)
ANSWER_JSON = {
    "answerable": True,
    "status": "answered",
    "confidence": 0.9,
    "level": "high",
    "first_right": True,
    "complete": False,
    "several": True,
    "precision": 0.5,
    "recall": 0.5,
    "quotes": 2,
    "first_length": 12,
    "offsets_valid": True,
    "detected": "ja",
}
REFUSAL_JSON = {
    "id": "b",
    "language": "en",
    "kind": "unanswerable",
    "answerable": False,
    "status": "not_found",
    "confidence": 0.1,
    "level": "",
    "first_right": False,
    "complete": None,
    "several": False,
    "precision": None,
    "recall": None,
    "quotes": 0,
    "first_length": None,
    "offsets_valid": True,
    "detected": "en",
}
INTERVALS = RankingMeasures(*(Interval(0.5, 0.25, number) for number in (1.0, 0.9, 0.8, 0.7, 0.6)))
INTERVALS_JSON = {
    "success@1": {"mean": 0.5, "low": 0.25, "high": 1.0},
    "success@3": {"mean": 0.5, "low": 0.25, "high": 0.9},
    "recall@3": {"mean": 0.5, "low": 0.25, "high": 0.8},
    "mrr": {"mean": 0.5, "low": 0.25, "high": 0.7},
    "ndcg@5": {"mean": 0.5, "low": 0.25, "high": 0.6},
}
SYSTEM = SystemSummary(INTERVALS, None, {"ja": GROUP}, {"when": GROUP})
SYSTEM_JSON = {**INTERVALS_JSON, "by_language": {"ja": GROUP_JSON}, "by_kind": {"when": GROUP_JSON}}
SUMMARY = AnswerSummary(
    abstention_auc=1.0,
    false_answers=0.0,
    false_refusals=0.0,
    complete_of_several=0.0,
    set_precision=0.5,
    set_recall=0.5,
    quotes=2.0,
    calibration_error=0.1,
    offsets_valid=1.0,
    language_right=1.0,
    median_first_quote=12,
    n_several=1,
    n_unanswerable=1,
    levels={"high": LevelSummary(1, 1.0)},
)
SUMMARY_JSON = {
    "abstention_auc": 1.0,
    "false_answers": 0.0,
    "false_refusals": 0.0,
    "complete_of_several": 0.0,
    "set_precision": 0.5,
    "set_recall": 0.5,
    "quotes": 2.0,
    "calibration_error": 0.1,
    "offsets_valid": 1.0,
    "language_right": 1.0,
    "median_first_quote": 12,
    "n_several": 1,
    "n_unanswerable": 1,
    "levels": {"high": {"n": 1, "right": 1.0}},
}


def text(value: object) -> str:
    """Return the JSON text, which also shows the order of the keys."""
    return json.dumps(value, indent=1)


def test_the_json_of_all_measures() -> None:
    test = PairedTest("full", "dense", wins=3, losses=1, p=0.6, p_holm=0.6)
    results = Results(
        question_set="town.jsonl",
        split="dev",
        n=2,
        left_out=3,
        answerable=1,
        systems={"full": SYSTEM, "dense": SYSTEM},
        paired=(test,),
        rankings=(RANKING,),
        answers=ANSWERS,
        answer_summary=SUMMARY,
        seconds=1.25,
    )
    paired = {"first": "full", "other": "dense", "wins": 3, "losses": 1, "p": 0.6, "p_holm": 0.6}
    assert text(results.to_json()) == text(
        {
            "set": "town.jsonl",
            "split": "dev",
            "n": 2,
            "left_out": 3,
            "answerable": 1,
            "systems": {"full": SYSTEM_JSON, "dense": SYSTEM_JSON},
            "paired": [paired],
            "questions": [RANKING_JSON | ANSWER_JSON, REFUSAL_JSON],
            **dict.fromkeys(MEASURES_JSON, 0.5),
            "answers": SUMMARY_JSON,
            "seconds": 1.25,
        }
    )


def test_the_json_without_answers() -> None:
    results = Results(
        question_set="town.jsonl",
        split=None,
        n=2,
        left_out=3,
        answerable=1,
        systems={"dense": SYSTEM},
        paired=(),
        rankings=(RANKING,),
        answers=(),
        answer_summary=None,
        seconds=1.25,
    )
    assert text(results.to_json()) == text(
        {
            "set": "town.jsonl",
            "split": None,
            "n": 2,
            "left_out": 3,
            "answerable": 1,
            "systems": {"dense": SYSTEM_JSON},
            "paired": [],
            "questions": [RANKING_JSON],
            **dict.fromkeys(MEASURES_JSON, 0.5),
            "seconds": 1.25,
        }
    )


def test_invariance_stands_before_the_groups() -> None:
    system = SystemSummary(INTERVALS, Invariance(0.5, 4), {"ja": GROUP}, {"when": GROUP})
    assert text(system.to_json()) == text(
        {
            **INTERVALS_JSON,
            "invariance": {"mean": 0.5, "n": 4},
            "by_language": {"ja": GROUP_JSON},
            "by_kind": {"when": GROUP_JSON},
        }
    )
