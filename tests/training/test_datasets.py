"""The training data are sound, and nothing that is measured is trained on."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from gold import check_gold

from corpus.library import QUESTIONS
from corpus.question_sets import Question, load_questions, read_json_lines
from corpus.records import Statement
from training.datasets import (
    DATA,
    FOLLOWUPS,
    FRAMES,
    TRAINED_ON,
    Kind,
    questions,
    texts,
    training_texts,
)

KINDS: tuple[Kind, ...] = ("statements", "encyclopedia", "practice", "families", "prose")
CALIBRATED = {"practice": {"calibration"}, "families": {"calibration", "train"}}
OWN_SETS = ("jucip-2023.jsonl", "jucip-2023-families.jsonl")
FILES = sorted(DATA.rglob("*.jsonl"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(DATA).as_posix())
def test_every_row_names_its_split(path: Path) -> None:
    rows = [row for _, row in read_json_lines(path)]
    assert {row["split"] for row in rows} == CALIBRATED.get(path.parent.name, {"train"})
    assert all(row["language"] for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)


def test_a_family_is_trained_on_as_a_whole_or_not_at_all() -> None:
    """What is measured on the other families must not be known from a text of the same parties."""
    trained = {text.statement.id[:2] for text in texts("families", split="train")}
    kept = {text.statement.id[:2] for text in texts("families", split="calibration")}
    assert trained
    assert kept
    assert not trained & kept
    assert kept.isdisjoint(text.statement.id[:2] for text in training_texts())
    assert TRAINED_ON == ("statements", "encyclopedia", "families", "prose")


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_is_in_the_text(kind: Kind) -> None:
    loaded = texts(kind)
    assert [text.statement.id for text in loaded] == sorted(text.statement.id for text in loaded)
    assert {text.statement.id for text in loaded} == {
        row["id"]
        for path in (DATA / kind).glob("*.texts.jsonl")
        for _, row in read_json_lines(path)
    }
    for text in loaded:
        assert text.questions
        assert check_gold(text.questions, text.statement) == []


def test_no_question_is_lost() -> None:
    rows = sum(
        len(list(read_json_lines(path)))
        for kind in KINDS
        for path in (DATA / kind).glob("*.questions.jsonl")
    )
    assert len(questions(*KINDS)) == rows


def table_rows() -> set[tuple[str, ...]]:
    """The rows of all tables in the README of the data, without the marks between cells."""
    lines = (DATA / "README.md").read_text("utf-8").splitlines()
    return {
        tuple(cell.strip().replace(",", "") for cell in line.strip("|").split("|"))
        for line in lines
        if line.startswith("|")
    }


def languages(pattern: str) -> Counter[str]:
    """The number of rows by language, of all files that match."""
    return Counter(
        row["language"] for path in DATA.glob(pattern) for _, row in read_json_lines(path)
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_readme_counts_the_texts(kind: Kind) -> None:
    rows = table_rows()
    for path in (DATA / kind).glob("*.texts.jsonl"):
        language = path.name.split(".")[0]
        counts = [
            len(list(read_json_lines(path.with_name(f"{language}.{suffix}.jsonl"))))
            for suffix in ("texts", "questions")
        ]
        assert (kind, language, *map(str, counts)) in rows


def test_the_readme_counts_the_questions_by_language() -> None:
    frames = json.loads(FRAMES.read_text("utf-8"))["frames"]
    columns = [
        *(languages(f"{kind}/*.questions.jsonl") for kind in KINDS),
        languages("practice/*.paraphrases.jsonl"),
        languages("remarks/kinds.jsonl"),
        languages("remarks/followups.jsonl"),
        Counter({language: len(templates) for language, templates in frames.items()}),
    ]
    codes = re.compile(r".* \((..)\)")
    counts = {match[1]: row[1:] for row in table_rows() if (match := codes.fullmatch(row[0]))}
    for language in set().union(*columns):
        assert counts[language] == tuple(str(column[language]) for column in columns)
    totals = tuple(str(column.total()) for column in columns)
    assert ("all", *totals) in table_rows()


def test_follow_ups_and_other_remarks_are_balanced() -> None:
    kinds = Counter(remark.kind for remark in load_questions(FOLLOWUPS))
    assert kinds.keys() == {"followup", "fact"}
    assert min(kinds.values()) > 100


def stand_alone(questions: Iterable[Question]) -> set[str]:
    """Questions without earlier questions. "What is it called?" may be asked about any text."""
    return {question.text.casefold() for question in questions if not question.history}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_is_measured_is_trained_on(kind: Kind, statement: Statement) -> None:
    own = stand_alone(q for name in OWN_SETS for q in load_questions(QUESTIONS / name))
    sentences = {
        sentence.of(statement.source.text)
        for passage in statement.passages
        for sentence in passage.sentences
    }
    sentences.discard("(仮訳)")
    for text in texts(kind):
        assert not stand_alone(text.questions) & own
        assert not [words for words in sentences if words in text.statement.source.text]
