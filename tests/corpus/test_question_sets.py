"""The bundled question sets are correct, and broken question sets are refused."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from gold import check_gold

from corpus.errors import ShuttenError
from corpus.library import QUESTIONS
from corpus.question_sets import Question, load_questions, sentences_with
from corpus.records import Statement
from training.datasets import TrainingText, texts


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return load_questions(QUESTIONS / "jucip-2023.jsonl")


def test_every_gold_fragment_is_in_the_statement(
    questions: list[Question], statement: Statement
) -> None:
    assert check_gold(questions, statement) == []


def test_the_set_is_large_and_mixed(questions: list[Question]) -> None:
    languages = Counter(question.language for question in questions)
    assert len(questions) >= 120
    assert languages["ja"] >= len(questions) / 2
    assert languages["en"] >= len(questions) / 3
    assert len(languages) >= 8
    assert sum(not question.answerable for question in questions) >= 30
    assert {question.split for question in questions} == {"dev", "test"}


@pytest.mark.parametrize("split", ["dev", "test"])
def test_every_passage_is_asked_for(
    split: str, questions: list[Question], statement: Statement
) -> None:
    answering = {
        span
        for question in questions
        if question.split == split
        for fragment in (*question.gold, *question.also)
        for span in sentences_with(fragment, statement)
    }
    missing = [p.id for p in statement.passages if not answering & set(p.sentences)]
    assert missing == []


def test_families_ask_the_same_in_eight_languages(statement: Statement) -> None:
    questions = load_questions(QUESTIONS / "jucip-2023-families.jsonl")
    assert check_gold(questions, statement) == []
    families: dict[str, list[Question]] = {}
    for question in questions:
        families.setdefault(question.family, []).append(question)
    assert len(families) == 25
    for members in families.values():
        assert len({question.language for question in members}) == 8
        assert len({question.gold for question in members}) == 1


PRACTICE = texts("practice")


@pytest.mark.parametrize("text", PRACTICE, ids=lambda text: text.statement.id)
def test_practice_statements_and_their_questions(text: TrainingText) -> None:
    questions = text.questions
    assert check_gold(questions, text.statement) == []
    assert {question.split for question in questions} == {"calibration"}
    assert len(questions) >= 56
    assert sum(not question.answerable for question in questions) >= 19


def test_there_are_practice_statements() -> None:
    assert len(PRACTICE) == 24


def test_paraphrases_of_the_bundled_statement(statement: Statement) -> None:
    questions = load_questions(QUESTIONS / "jucip-2023-paraphrases.jsonl")
    assert check_gold(questions, statement) == []
    assert {question.split for question in questions} == {"dev"}
    assert sum(question.answerable for question in questions) >= 60
    assert sum(not question.answerable for question in questions) >= 30


@pytest.mark.parametrize("text", PRACTICE, ids=lambda text: text.statement.id)
def test_paraphrases_of_a_practice_statement(text: TrainingText) -> None:
    questions = text.paraphrases
    assert check_gold(questions, text.statement) == []
    assert {question.split for question in questions} == {"calibration"}
    assert {question.id[:6] for question in questions} == {f"pp-{text.statement.id[1:]}-"}
    assert Counter(question.answerable for question in questions) == {True: 5, False: 3}


def test_background_questions_are_many_and_spread() -> None:
    lines = (QUESTIONS / "background.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert len({row["question"] for row in rows}) == len(rows) >= 200
    assert len(Counter(row["language"] for row in rows)) == 12


def test_kinds_of_questions_are_spread_over_languages() -> None:
    questions = load_questions(QUESTIONS / "kinds-dev.jsonl")
    kinds = {"statement", "help", "greeting", "thanks", "content"}
    spread = Counter((question.language, question.kind) for question in questions)
    assert {kind for _, kind in spread} == kinds
    assert len(spread) == 12 * len(kinds)
    assert min(spread.values()) >= 5
    assert len({(question.language, question.text) for question in questions}) == len(questions)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"gold": ("経済産業省",)}, "occurs 13 times"),
        ({"gold": ("牛肉の関税",)}, "occurs 0 times"),
        ({"gold": ("確認した。次世代",)}, "whole in 0 sentences"),
        ({"also": ("牛肉",)}, "is in no sentence"),
        ({"gold": ()}, "disagree"),
        ({"kind": "unanswerable"}, "disagree"),
    ],
)
def test_check_gold_finds_mistakes(
    change: dict[str, object], problem: str, questions: list[Question], statement: Statement
) -> None:
    (line,) = check_gold([replace(questions[1], **change)], statement)
    assert problem in line


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "the file is empty"),
        ("{", "line 1: not JSON"),
        ("[]", "line 1: not a JSON object"),
        ('{"id": "a"}', "line 1: 'question' must be a string"),
        ('\n{"id": 1, "question": "x"}', "line 2: 'id' must be a string"),
        ('{"id": "a", "question": "x", "gold": "y"}', "'gold' must be a list of strings"),
        ('{"id": "a", "question": "x", "history": [1]}', "'history' must be a list of strings"),
        ('{"id": "a", "question": "x"}\n{"id": "a", "question": "y"}', "occurs twice"),
    ],
)
def test_the_error_of_a_broken_set_names_the_line(
    content: str, problem: str, tmp_path: Path
) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(content, "utf-8")
    with pytest.raises(ShuttenError, match=r"set\.jsonl") as raised:
        load_questions(path)
    assert problem in str(raised.value)


def test_a_csv_file_is_a_question_set(tmp_path: Path) -> None:
    path = tmp_path / "set.CSV"
    path.write_text(
        '\ufeffquestion,gold,history\n"Who, and when?","first\nsecond",\nAnd then?,,Who?\n\n',
        "utf-8",
    )
    first, second = load_questions(path)
    assert (first.id, first.text, first.gold) == ("1", "Who, and when?", ("first", "second"))
    assert (second.history, second.gold, second.kind) == (("Who?",), (), "unanswerable")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no row"),
        (b"question,gold\n", "no row"),
        (b"\xff\xfe", "UTF-8"),
        (b'question\n"open', "not CSV"),
        (b"gold\nx\n", "line 1: 'question' must be"),
    ],
)
def test_a_broken_csv_file_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "set.csv"
    path.write_bytes(data)
    with pytest.raises(ShuttenError, match=words):
        load_questions(path)
