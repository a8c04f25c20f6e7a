"""Questions to begin with are made from the statements, and the real model answers them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from answers import answered, by_id, refused
from libraries import make_library
from statements import statement_from, summaries_of

from corpus.facts.reading import with_facts_by_hand
from corpus.records import Statement
from index.models.encoder import Encoder
from index.search.stored_statements import StatementSummary
from qa.answers.answer import Answer
from qa.assistant import Assistant
from qa.examples.offered import OfferedQuestions
from qa.examples.questions import Example, examples
from qa.examples.subjects import Subjects, in_words

TEXT = """Joint Statement

They met on 4 May 2023 in Oslo, and the leaders look forward to working together.

# Clean Energy

- They will share clean energy. The wind parks are built for clean energy.

# Semiconductors AND AI

- They welcomed the wind parks in Norway. The leaders look forward to it.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Assistant:
    return Assistant.open(make_library(tmp_path_factory.mktemp("library"), encoder))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["What does the ", "What does the latest ", "What was agreed on "]),
        ("ja", ["共同声明は", "最新の", "について何が合意されましたか"]),
    ],
)
def test_every_kind_of_question_is_offered_and_answered(
    library: Assistant, language: str, words: list[str]
) -> None:
    statements = {name: library.statement(name) for name in library.statement_ids()}
    questions = examples(statements, language, library.ask)
    assert len(questions) == len(set(questions)) == 4
    for word in words:
        assert any(word in question for question in questions)
    answers = [library.ask(question) for question in questions]
    assert [answer.status for answer in answers] == ["answered"] * 4
    assert {answer.language for answer in answers} == {language}
    assert {answer.scope.why for answer in answers} == {"named", "latest", "all"}
    named = [answer for answer in answers if answer.scope.why == "named"]
    assert len({answer.quotes[0].statement for answer in named}) == len(named)


def test_subjects_are_headings_and_pairs_of_words_that_not_every_statement_has() -> None:
    statement = statement_from(TEXT, "s", title="Joint Statement")
    japanese = statement_from(
        "両首脳は、半導体の研究を始める。半導体の工場も建てる。経済産業省が所管する。"
        "経済産業省は支援する。",
        "t",
    )
    subjects = Subjects(by_id([statement, japanese]))
    found = subjects.of("s", 9)
    assert found[0] == "clean energy"
    assert "wind parks" in found
    assert not {"look forward", "joint statement", "working together"} & set(found)
    assert subjects.of("t", 9) == ["半導体"]


@pytest.mark.parametrize(
    ("change", "is_answered"),
    [
        ({}, True),
        ({"status": "not_found"}, False),
        ({"statement": "t"}, False),
        ({"why": "latest"}, False),
        ({"subject": "steel"}, False),
    ],
)
def test_only_an_answer_with_the_subject_counts(change: dict[str, str], is_answered: bool) -> None:
    statement = statement_from("They share clean Energy.", "s")
    answer: Answer = answered(statement)
    if change.pop("status", ""):
        answer = refused(answer)
    example = replace(Example("q", "clean energy", "all", "s"), **change)
    assert example.is_answered_by(answer) == is_answered


def test_words_are_compared_without_case() -> None:
    assert in_words("clean Energy", "Energy that is CLEAN")
    assert not in_words("clean energy", "clean water")


def test_questions_are_made_once_for_each_language_and_each_state(library: Assistant) -> None:
    asked: list[str] = []

    def ask(question: str) -> Answer:
        asked.append(question)
        return library.ask(question)

    offered = OfferedQuestions(library, ask)
    first = offered.of("en")
    count = len(asked)
    assert offered.of("en") == first
    assert len(asked) == count
    assert offered.of("ja") != first
    assert len(asked) > count


class ChangingLibrary:
    """Has one statement, which can be exchanged for another one."""

    def __init__(self, statement: Statement) -> None:
        self.kept = statement

    def summaries(self) -> dict[str, StatementSummary]:
        return summaries_of(self.kept)

    def statement(self, name: str) -> Statement:
        del name
        return self.kept


def test_questions_follow_facts_that_are_set_by_hand() -> None:
    statement = statement_from(TEXT, date="2023-05-04", parties=("US", "NO"), language="en")
    library: Any = ChangingLibrary(statement)
    asked: list[str] = []

    def ask(question: str) -> Answer:
        asked.append(question)
        return refused(answered(statement))

    offered = OfferedQuestions(library, ask)
    offered.of("en")
    assert any("4 May 2023" in question for question in asked)
    library.kept = with_facts_by_hand(statement, {"date": "2024-06-05"})
    asked.clear()
    offered.of("en")
    assert any("5 Jun 2024" in question for question in asked)
    asked.clear()
    offered.of("en")
    assert asked == []


def test_a_library_without_facts_offers_nothing_that_is_not_answered() -> None:
    statements = by_id([statement_from("One. Two.", "a"), statement_from("Three.", "b")])
    assert examples(statements, "en", lambda question: refused(answered(statements["a"]))) == []
