"""Figures of answers over a library, and the question sets that they are measured with."""

from __future__ import annotations

from pathlib import Path

import pytest
from statements import quotes_from, statement_from

from corpus.errors import ShuttenError
from corpus.library import QUESTIONS
from corpus.library_questions import Fragment, LibraryQuestion, load_library_questions
from qa.answers.answer import Answer, Quote
from qa.evaluation.library_measures import LibraryResult, Reply, measure, summarize, table

OWN_SETS = [f"library{kind}.jsonl" for kind in ("", "-languages", "-more", "-named")]

PORT = statement_from("港を広げる。船を増やす。\n", "port")
TOWN = statement_from("橋を架ける。港を広げる。\n", "town")
STATEMENTS = {statement.id: statement for statement in (PORT, TOWN)}


def question(kind: str, *gold: Fragment, meant: tuple[str, ...] = ("port",)) -> LibraryQuestion:
    return LibraryQuestion(kind, "?", "ja", kind, meant=meant, gold=gold)


def answer(quotes: tuple[Quote, ...], nearest: tuple[Quote, ...] = ()) -> Answer:
    status = "answered" if quotes else "not_found"
    return Answer("?", "?", status, 0.5, "ja", quotes, nearest, 4)


def result(asked: LibraryQuestion, given: Answer) -> LibraryResult:
    (only,) = measure([asked], STATEMENTS, lambda _: Reply.of(given))
    return only


def test_the_same_words_of_another_statement_are_not_right() -> None:
    asked = question("single", Fragment("port", "港を広げる"))
    right = result(asked, answer((quotes_from(PORT)[0],)))
    assert (right.statement_right, right.first_right, right.recall) == (True, True, 1.0)
    wrong = result(asked, answer((quotes_from(TOWN)[1],)))
    assert (wrong.statement_right, wrong.first_right, wrong.recall) == (False, False, 0.0)


def test_a_refusal_is_measured_by_its_nearest_sentences() -> None:
    asked = question("single", Fragment("port", "船を増やす"))
    refused = result(asked, answer((), tuple(quotes_from(PORT))))
    assert (refused.answered, refused.first_right, refused.three_right) == (False, False, True)


def test_figures() -> None:
    gold = Fragment("port", "港を"), Fragment("port", "船を")
    first, second = quotes_from(PORT)
    summary = summarize(
        [
            result(question("list", *gold), answer((first,))),
            result(question("latest", gold[1]), answer((second,))),
            result(question("change", gold[1]), answer(())),
            result(question("wrong"), answer((first,))),
            result(question("near"), answer(())),
        ]
    )
    assert (summary.n, summary.complete, summary.latest, summary.change) == (5, 0.5, 1.0, 0.0)
    assert (summary.wrong_answered, summary.near_answered, summary.off_answered) == (1.0, 0.0, None)
    assert summary.refused == pytest.approx(1 / 3, abs=1e-4)
    assert "wrong_answered" in table({"full": summary})


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('{"id": "a", "question": "?"}', "line 1: 'kind' must be a string"),
        ('{"id": "a", "question": "?", "kind": "any", "gold": ["x"]}', "'gold' must be [{"),
        ('{"id": "a", "question": "?", "kind": "any", "meant": "x"}', "'meant' must be a list"),
    ],
)
def test_a_bad_question_is_named_by_its_line(tmp_path: Path, row: str, message: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(row + "\n", "utf-8")
    with pytest.raises(ShuttenError) as error:
        load_library_questions(path)
    assert message in str(error.value)


@pytest.mark.parametrize("name", OWN_SETS)
def test_the_sets_of_the_project(name: str) -> None:
    questions = load_library_questions(QUESTIONS / name)
    assert len({asked.id for asked in questions}) == len(questions)
    for asked in questions:
        assert asked.split in ("dev", "test")
        assert bool(asked.gold) == (asked.kind not in ("wrong", "near", "off"))
        assert {fragment.statement for fragment in asked.gold} <= set(
            asked.meant
        ) or not asked.meant
    splits = {
        split: {name for asked in questions if asked.split == split for name in asked.meant}
        for split in ("dev", "test")
    }
    assert not splits["dev"] & splits["test"]
