"""Remarks of readers, and the question set that they become."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from gold import check_gold
from serving import served

from cli.main import main
from corpus.errors import ShuttenError
from corpus.language import detect_language
from corpus.question_sets import load_questions
from corpus.records import Source, Span, Statement
from qa import feedback as qa_feedback
from qa.assistant import Assistant
from qa.feedback import FILE, Feedback, FullError, Kind, Remark, SentencePlace
from qa.scope.filters import Within

JAPANESE, ENGLISH = "量子コンピュータについて何を決めましたか", "What was agreed on Open RAN?"


@pytest.fixture
def feedback(tmp_path: Path, statement: Statement) -> Feedback:
    return Feedback(tmp_path, lambda _: statement)


def sentences(statement: Statement) -> list[Span]:
    return [span for passage in statement.passages for span in passage.sentences]


def sentence_place(statement: Statement, number: int) -> SentencePlace:
    span = sentences(statement)[number]
    return statement.id, span.start, span.end


def text(statement: Statement, number: int) -> str:
    return sentences(statement)[number].of(statement.source.text)


def test_remarks_become_a_question_set(
    feedback: Feedback, statement: Statement, tmp_path: Path
) -> None:
    first, second = sentence_place(statement, 5), sentence_place(statement, 7)
    for remark in (
        Remark("good", ENGLISH, (), (first, second)),
        Remark("better", "それはいつですか", (JAPANESE,), (first,), second),
        Remark("good", "牛肉の関税は何パーセントですか"),
        Remark("bad", "What about tea?", (), (first,)),
    ):
        feedback.add(remark)
    rows = list(feedback.questions())
    assert [(row["kind"], row["gold"], row["also"], row["history"]) for row in rows] == [
        ("fact", [text(statement, 5)], [text(statement, 7)], []),
        ("followup", [text(statement, 7)], [], [JAPANESE]),
        ("unanswerable", [], [], []),
    ]
    assert [row["language"] for row in rows] == [detect_language(row["question"]) for row in rows]
    path = tmp_path / "set.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    assert check_gold(load_questions(path), statement) == []


def test_the_last_remark_on_a_question_counts(feedback: Feedback, statement: Statement) -> None:
    feedback.add(Remark("good", ENGLISH, (), (sentence_place(statement, 5),)))
    feedback.add(Remark("bad", ENGLISH, (), (sentence_place(statement, 5),)))
    assert len(feedback.remarks()) == 2
    assert list(feedback.questions()) == []


def test_remarks_on_changed_or_removed_sentences_are_left_out(
    feedback: Feedback, statement: Statement, tmp_path: Path
) -> None:
    feedback.add(Remark("good", ENGLISH, (), (sentence_place(statement, 5),)))
    feedback.add(Remark("good", JAPANESE, (), (sentence_place(statement, 7),)))
    original, start = statement.source.text, sentences(statement)[5].start
    changed = original[:start] + "×" + original[start + 1 :]
    later = replace(statement, source=Source(statement.id, changed.encode()))
    rows = Feedback(tmp_path, lambda _: later).questions()
    assert [row["question"] for row in rows] == [JAPANESE]

    def removed(name: str) -> Statement:
        raise ShuttenError(f"no statement {name}")

    assert list(Feedback(tmp_path, removed).questions()) == []


@pytest.mark.parametrize(
    "within", [Within(("a", "b")), Within(by_name=False), Within(since="2023", parties=("India",))]
)
def test_a_remark_keeps_the_filter_of_its_question(
    feedback: Feedback, statement: Statement, within: Within
) -> None:
    quotes = (sentence_place(statement, 5),)
    feedback.add(Remark("good", ENGLISH, (), quotes, within=within))
    feedback.add(Remark("good", ENGLISH, (), quotes))
    assert [remark.within for remark in feedback.remarks()] == [within, Within()]
    rows = json.loads(json.dumps(list(feedback.questions())))
    assert [Within.of(row["within"]) for row in rows] == [within, Within()]


def test_a_remark_of_an_older_version_has_no_filter(
    feedback: Feedback, statement: Statement
) -> None:
    feedback.add(
        Remark("good", ENGLISH, (), (sentence_place(statement, 5),), within=Within(("a",)))
    )
    with closing(sqlite3.connect(feedback.path)) as connection, connection:
        connection.execute("UPDATE feedback SET remark = json_remove(remark, '$.within')")
    assert feedback.remarks() == [Remark("good", ENGLISH, (), (sentence_place(statement, 5),))]
    assert len(list(feedback.questions())) == 1


def test_a_filter_names_statements_that_are_there(tmp_path: Path, statement: Statement) -> None:
    there = {"a": statement, statement.id: statement}

    def statement_of(name: str) -> Statement:
        if name not in there:
            raise ShuttenError(f"no statement {name}")
        return there[name]

    feedback = Feedback(tmp_path, statement_of)
    with pytest.raises(ShuttenError, match="no statement b"):
        feedback.add(Remark("bad", "q", within=Within(("a", "b"))))
    quotes = (sentence_place(statement, 5),)
    feedback.add(Remark("good", ENGLISH, (), quotes, within=Within(("a",))))
    assert len(list(feedback.questions())) == 1
    del there["a"]
    assert list(feedback.questions()) == []


@pytest.mark.parametrize(
    ("kind", "quote", "better"),
    [
        ("better", None, None),
        ("good", None, (3, 0)),
        ("good", (1, -1), None),
        ("better", None, (0, 1)),
    ],
    ids=["nothing is better", "good and better", "cut quote", "better is no sentence"],
)
def test_a_wrong_remark_is_not_stored(
    feedback: Feedback,
    statement: Statement,
    kind: Kind,
    quote: tuple[int, int] | None,
    better: tuple[int, int] | None,
) -> None:
    """Quotes are numbers of sentences, and how many characters their ends are moved."""

    def moved(number: int, by: int) -> SentencePlace:
        name, start, end = sentence_place(statement, number)
        return name, start, end + by

    quotes = (moved(*quote),) if quote else ()
    with pytest.raises(ShuttenError):
        feedback.add(Remark(kind, "q", (), quotes, moved(*better) if better else None))
    assert not feedback.path.exists() or feedback.remarks() == []


def test_a_span_across_passages_is_no_sentence(feedback: Feedback, statement: Statement) -> None:
    spans = sentences(statement)
    with pytest.raises(ShuttenError, match="no whole sentence"):
        feedback.add(Remark("better", "q", (), (), (statement.id, spans[0].start, spans[-1].end)))


def test_remarks_from_many_threads_are_all_stored(feedback: Feedback) -> None:
    questions = {f"question {number} \ud800" for number in range(20)}
    threads = [
        threading.Thread(target=feedback.add, args=(Remark("bad", question),))
        for question in questions
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {remark.question for remark in feedback.remarks()} == questions


def test_the_size_of_a_remark_and_of_the_file_is_bounded(
    feedback: Feedback, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ShuttenError, match="65,536 are the most"):
        feedback.add(Remark("bad", "q", ("あ" * 2000,) * 20))
    feedback.add(Remark("bad", "first"))
    monkeypatch.setattr(qa_feedback, "MAX_FILE", feedback.path.stat().st_size)
    with pytest.raises(FullError, match="no more room"):
        feedback.add(Remark("bad", "second"))
    assert [remark.question for remark in feedback.remarks()] == ["first"]


def test_a_damaged_file_is_named(feedback: Feedback) -> None:
    feedback.path.write_bytes(b"no database" * 100)
    with pytest.raises(ShuttenError, match=FILE):
        feedback.add(Remark("bad", "q"))


def test_from_the_page_to_a_question_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], statement: Statement
) -> None:
    assistant = Assistant.open(tmp_path / "home")
    with served(assistant) as address:
        remark = {
            "kind": "better",
            "question": ENGLISH,
            "better": sentence_place(statement, 5),
            "within": {"statements": [statement.id], "by_name": False},
        }
        assert httpx.post(f"{address}feedback", json=remark).json() == {"status": "kept"}
    (kept,) = Feedback(assistant.home, assistant.statement).remarks()
    assert kept.within == Within((statement.id,), by_name=False)
    out = tmp_path / "set.jsonl"
    assert main(["feedback", str(out), "--home", str(tmp_path / "home")]) == 0
    assert "1 questions, of 1 remarks" in capsys.readouterr().out
    (question,) = load_questions(out)
    assert (question.text, question.gold) == (ENGLISH, (text(statement, 5),))
    (tmp_path / "other").mkdir()
    assert main(["feedback", str(out), "--home", str(tmp_path / "other")]) == 2
    assert "no remark" in capsys.readouterr().err
