from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import ShuttenError
from index.models.encoder import Encoder
from qa.evaluation import squad
from qa.evaluation.squad import PassageMeasures, SquadResults

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


def write(path: Path, data: object) -> Path:
    path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    return path


def test_questions_match_by_id_across_languages(encoder: Encoder, tmp_path: Path) -> None:
    passages = write(tmp_path / "ja.json", SQUAD)
    qas = [{"id": id_, "question": text} for id_, text in IN_ENGLISH]
    english = {"data": [{"paragraphs": [{"context": "x", "qas": qas}]}]}
    questions = write(tmp_path / "en.json", english)
    systems = ["full", "dense", "lexical", "hybrid"]
    results = squad.evaluate(encoder, passages, questions, systems)
    assert (results.n, results.passages) == (2, 3)
    assert results.systems["full"] == PassageMeasures(1.0, 1.0, 1.0)
    assert list(results.systems) == systems


def test_the_json_repeats_the_first_system() -> None:
    results = SquadResults(
        {"full": PassageMeasures(0.5, 0.75, 0.6), "dense": PassageMeasures(0.1, 0.2, 0.3)},
        n=4,
        passages=9,
        seconds=1.5,
    )
    full = {"success@1": 0.5, "recall@5": 0.75, "mrr@10": 0.6}
    dense = {"success@1": 0.1, "recall@5": 0.2, "mrr@10": 0.3}
    expected = {
        **full,
        "n": 4,
        "passages": 9,
        "seconds": 1.5,
        "systems": {"full": full, "dense": dense},
    }
    assert json.dumps(results.to_json()) == json.dumps(expected)


def test_a_sample_is_the_same_for_the_same_seed(encoder: Encoder, tmp_path: Path) -> None:
    path = write(tmp_path / "ja.json", SQUAD)
    first, second = (squad.evaluate(encoder, path, path, sample=2, seed=1) for _ in range(2))
    assert first.n == 2
    assert replace(first, seconds=0.0) == replace(second, seconds=0.0)


def test_a_sample_needs_a_question(encoder: Encoder, tmp_path: Path) -> None:
    path = write(tmp_path / "ja.json", SQUAD)
    with pytest.raises(ShuttenError, match="a sample of 0 questions"):
        squad.evaluate(encoder, path, path, sample=0)


@pytest.mark.parametrize("content", ["[]", "{}", '{"data": [{"paragraphs": [{}]}]}', "no json"])
def test_another_format_is_refused(content: str, encoder: Encoder, tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(content, "utf-8")
    with pytest.raises(ShuttenError, match=r"wrong\.json: not in SQuAD format"):
        squad.evaluate(encoder, path, path)
