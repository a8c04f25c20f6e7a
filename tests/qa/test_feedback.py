from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from serving import free_port

import ui
from cli.main import main
from corpus.errors import ShuttenError
from corpus.question_sets import check_gold, load_questions
from corpus.records import Source, Statement
from qa import feedback as qa_feedback
from qa.assistant import Assistant
from qa.feedback import FILE, Feedback, FullError, Kind, Remark, Words
from qa.questions.language import detect_language

JAPANESE, ENGLISH = "量子コンピュータについて何を決めましたか", "What was agreed on Open RAN?"


@pytest.fixture
def kept(tmp_path: Path, statement: Statement) -> Feedback:
    return Feedback(tmp_path, lambda _: statement)


def words(statement: Statement, place: int) -> Words:
    span = [one for passage in statement.passages for one in passage.sentences][place]
    return statement.id, span.start, span.end


def text(statement: Statement, place: int) -> str:
    return statement.source.text[slice(*words(statement, place)[1:])]


def test_remarks_become_a_question_set(
    kept: Feedback, statement: Statement, tmp_path: Path
) -> None:
    first, second = words(statement, 5), words(statement, 7)
    for remark in (
        Remark("good", ENGLISH, (), (first, second)),
        Remark("better", "それはいつですか", (JAPANESE,), (first,), second),
        Remark("good", "牛肉の関税は何パーセントですか"),
        Remark("bad", "What about tea?", (), (first,)),
    ):
        kept.add(remark)
    rows = list(kept.questions())
    assert [(row["kind"], row["gold"], row["also"], row["history"]) for row in rows] == [
        ("fact", [text(statement, 5)], [text(statement, 7)], []),
        ("followup", [text(statement, 7)], [], [JAPANESE]),
        ("unanswerable", [], [], []),
    ]
    assert [row["language"] for row in rows] == [detect_language(row["question"]) for row in rows]
    path = tmp_path / "set.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    assert check_gold(load_questions(path), statement) == []


def test_the_last_remark_on_a_question_counts(kept: Feedback, statement: Statement) -> None:
    kept.add(Remark("good", ENGLISH, (), (words(statement, 5),)))
    kept.add(Remark("bad", ENGLISH, (), (words(statement, 5),)))
    assert len(kept.remarks()) == 2
    assert list(kept.questions()) == []


def test_what_no_longer_stands_there_is_left_out(
    kept: Feedback, statement: Statement, tmp_path: Path
) -> None:
    text = statement.source.text
    kept.add(Remark("good", ENGLISH, (), (words(statement, 5),)))
    kept.add(Remark("good", JAPANESE, (), (words(statement, 7),)))
    altered = words(statement, 5)[1]
    changed = text[:altered] + "×" + text[altered + 1 :]
    later = replace(statement, source=Source(statement.id, changed.encode()))
    assert [one["question"] for one in Feedback(tmp_path, lambda _: later).questions()] == [
        JAPANESE
    ]

    def gone(name: str) -> Statement:
        raise ShuttenError(f"no statement {name}")

    assert list(Feedback(tmp_path, gone).questions()) == []


@pytest.mark.parametrize(
    ("kind", "quotes", "better"),
    [("better", [], None), ("good", [], 3), ("good", [(1, -1)], None), ("better", [], (0, 1))],
)
def test_what_is_no_remark_is_not_kept(
    kept: Feedback, statement: Statement, kind: Kind, quotes: list[tuple[int, int]], better: object
) -> None:
    def moved(place: int, by: int) -> Words:
        name, start, end = words(statement, place)
        return name, start, end + by

    chosen = words(statement, better) if isinstance(better, int) else None
    if isinstance(better, tuple):
        chosen = moved(*better)
    with pytest.raises(ShuttenError):
        kept.add(Remark(kind, "q", (), tuple(moved(*one) for one in quotes), chosen))
    assert not kept.path.exists() or kept.remarks() == []


def test_words_across_passages_are_no_sentence(kept: Feedback, statement: Statement) -> None:
    spans = [one for passage in statement.passages for one in passage.sentences]
    with pytest.raises(ShuttenError, match="no whole sentence"):
        kept.add(Remark("better", "q", (), (), (statement.id, spans[0].start, spans[-1].end)))


def test_many_at_once_lose_nothing(kept: Feedback) -> None:
    def say(number: int) -> None:
        kept.add(Remark("bad", f"question {number} \ud800"))

    threads = [threading.Thread(target=say, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one.question for one in kept.remarks()} == {f"question {n} \ud800" for n in range(20)}


def test_a_remark_and_all_of_them_have_a_bound(
    kept: Feedback, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ShuttenError, match="65,536 are the most"):
        kept.add(Remark("bad", "q", ("あ" * 2000,) * 20))
    kept.add(Remark("bad", "first"))
    monkeypatch.setattr(qa_feedback, "MAX_FILE", kept.path.stat().st_size)
    with pytest.raises(FullError, match="no more room"):
        kept.add(Remark("bad", "second"))
    assert [one.question for one in kept.remarks()] == ["first"]


def test_a_damaged_file_is_named(kept: Feedback) -> None:
    kept.path.write_bytes(b"no database" * 100)
    with pytest.raises(ShuttenError, match=FILE):
        kept.add(Remark("bad", "q"))


def test_from_the_page_to_a_question_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], statement: Statement
) -> None:
    assistant = Assistant.open(tmp_path / "home")
    server = ui.serve(assistant, "127.0.0.1", free_port())
    try:
        said = {"kind": "better", "question": ENGLISH, "better": words(statement, 5)}
        assert httpx.post(f"{server.local_url}feedback", json=said).json() == {"status": "kept"}
    finally:
        server.close()
    out = tmp_path / "set.jsonl"
    assert main(["feedback", str(out), "--home", str(tmp_path / "home")]) == 0
    assert "1 questions, of 1 remarks" in capsys.readouterr().out
    (question,) = load_questions(out)
    assert (question.text, question.gold) == (ENGLISH, (text(statement, 5),))
    (tmp_path / "other").mkdir()
    assert main(["feedback", str(out), "--home", str(tmp_path / "other")]) == 2
    assert "no remark" in capsys.readouterr().err
