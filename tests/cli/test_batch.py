"""`shutten ask --batch` writes the answers to a file of questions, all of them or no file."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from command_line import (
    BUNDLED,
    OPEN_RAN,
    CommandResult,
    Shutten,
    bound_by_modes,
    disk_full,
    raising,
)

from qa.assistant import Assistant
from qa.questions.checks import MAX_QUESTION

pytest_plugins = ["command_line"]

GOOD = json.dumps({"id": "1", "question": OPEN_RAN})
OLD = "what was there before\n"


class Batch:
    """A folder with IN.jsonl and an OUT.jsonl that was there before the command."""

    def __init__(self, folder: Path, shutten: Shutten) -> None:
        self.folder, self._shutten = folder, shutten
        self.questions, self.answers = folder / "IN.jsonl", folder / "OUT.jsonl"
        self.answers.write_text(OLD, "utf-8")

    def run(self, content: str | bytes, *options: object) -> CommandResult:
        data = content if isinstance(content, bytes) else content.encode("utf-8")
        self.questions.write_bytes(data)
        return self._shutten("ask", "--batch", self.questions, "--out", self.answers, *options)

    def lines(self, content: str | bytes, *options: object) -> list[dict[str, Any]]:
        assert self.run(content, *options).succeeded() == ""
        text = self.answers.read_text("utf-8")
        assert text.endswith("\n")
        return [json.loads(line) for line in text[:-1].split("\n")]

    def untouched(self) -> bool:
        names = {path.name for path in self.folder.iterdir()}
        return names == {"IN.jsonl", "OUT.jsonl"} and self.answers.read_text("utf-8") == OLD


@pytest.fixture
def batch(shutten: Shutten, tmp_path: Path) -> Batch:
    folder = tmp_path / "batch"
    folder.mkdir()
    return Batch(folder, shutten)


def test_each_line_is_the_single_answer_with_its_id(batch: Batch, shutten: Shutten) -> None:
    history = ["オープンRANについて教えてください"]
    rows = [
        {"id": "z", "question": OPEN_RAN},
        {"id": "共同 1", "question": "牛肉の関税は何パーセントですか", "history": []},
        {"id": "", "question": "それについて詳しく", "history": history, "note": "passed over"},
    ]
    lines = batch.lines("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    assert [line["id"] for line in lines] == [row["id"] for row in rows]
    for row, line in zip(rows, lines, strict=True):
        turns = [word for turn in row.get("history", []) for word in ("--history", turn)]
        single = json.loads(shutten("ask", row["question"], "--json", *turns).out)
        assert line == {"id": row["id"], **single}
    assert [line["status"] for line in lines] == ["answered", "not_found", "answered"]
    assert {path.name for path in batch.folder.iterdir()} == {"IN.jsonl", "OUT.jsonl"}


def test_many_lines_stay_in_order(batch: Batch) -> None:
    ids = [str(number * 7 % 40) for number in range(40)]
    lines = batch.lines("\n".join(json.dumps({"id": id_, "question": "量子"}) for id_ in ids))
    assert [line["id"] for line in lines] == ids


@pytest.mark.parametrize(
    "content",
    [f"{GOOD}\r\n{GOOD}\r\n", f"\ufeff{GOOD}\n{GOOD}", f"\n{GOOD}\n \n\n{GOOD}\n\n"],
    ids=["CRLF", "byte order mark, no last line end", "blank lines"],
)
def test_forms_of_lines(batch: Batch, content: str) -> None:
    assert [line["status"] for line in batch.lines(content)] == ["answered", "answered"]


def test_k_counts_for_every_line(batch: Batch) -> None:
    lines = batch.lines(f"{GOOD}\n{GOOD}\n", "-k", 1)
    assert [len(line["quotes"]) for line in lines] == [1, 1]


@pytest.mark.parametrize(
    "question",
    ["", " \t", "\u3000", "\0", "\ud800", "x" * (MAX_QUESTION + 1), "橋" * 1_000_000],
    ids=["empty", "blank", "wide blank", "NUL", "lone surrogate", "too long", "1 MB"],
)
def test_a_question_that_cannot_be_asked_is_refused_in_its_line(
    batch: Batch, question: str
) -> None:
    rows = [{"id": "bad \ud800", "question": question}, json.loads(GOOD)]
    refusal, answer = batch.lines("\n".join(map(json.dumps, rows)))
    assert answer["status"] == "answered"
    assert refusal["error"].startswith("the question ")
    assert "\n" not in refusal["error"]
    assert (refusal["id"], refusal["question"]) == ("bad \ud800", question)
    assert (refusal["status"], refusal["confidence"]) == ("not_found", 0)
    assert (refusal["quotes"], refusal["nearest"]) == ([], [])
    assert set(answer) >= set(refusal) - {"error"}
    assert "error" not in answer


BAD_LINES = {
    "not JSON": ("{", "not JSON"),
    "cut short": (GOOD[:-1], "not JSON"),
    "two objects": (GOOD + GOOD, "not JSON"),
    "too deep": ("[" * 100_000, "not JSON"),
    "endless number": (f'{{"id": {"9" * 5000}}}', "not JSON"),
    "a list": ("[1]", "object"),
    "a string": ('"x"', "object"),
    "null": ("null", "object"),
    "no id": ('{"question": "x"}', "'id'"),
    "id a number": ('{"id": 1, "question": "x"}', "'id'"),
    "id null": ('{"id": null, "question": "x"}', "'id'"),
    "no question": ('{"id": "2"}', "'question'"),
    "question a number": ('{"id": "2", "question": 5}', "'question'"),
    "question a list": ('{"id": "2", "question": ["x"]}', "'question'"),
    "question null": ('{"id": "2", "question": null}', "'question'"),
    "history a string": ('{"id": "2", "question": "x", "history": "y"}', "'history'"),
    "history null": ('{"id": "2", "question": "x", "history": null}', "'history'"),
    "history of numbers": ('{"id": "2", "question": "x", "history": ["y", 1]}', "'history'"),
}


@pytest.mark.parametrize(("line", "word"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_is_named_and_nothing_written(batch: Batch, line: str, word: str) -> None:
    batch.run(f"{GOOD}\n\n{line}\n{GOOD}\n").refused(f"{batch.questions}, line 3", word)
    assert batch.untouched()


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"", "empty"), (b"\n \n", "empty"), (GOOD.encode("utf-16"), "UTF-8"), (b"\x89PNG", "UTF-8")],
    ids=["empty", "blank", "UTF-16", "binary"],
)
def test_a_file_without_questions(batch: Batch, content: bytes, word: str) -> None:
    batch.run(content).refused(batch.questions, word)
    assert batch.untouched()


def test_questions_that_cannot_be_read(batch: Batch, shutten: Shutten) -> None:
    hidden = batch.folder / "hidden.jsonl"
    hidden.write_text(GOOD, "utf-8")
    hidden.chmod(0)
    with bound_by_modes():
        for path in (hidden, batch.folder, batch.folder / "missing.jsonl"):
            shutten("ask", "--batch", path, "--out", batch.answers).refused(path)
    assert batch.answers.read_text("utf-8") == OLD


@pytest.mark.parametrize(
    "name",
    ["missing/OUT.jsonl", "IN.jsonl/OUT.jsonl", "folder", ".", "locked/OUT.jsonl", "x" * 300],
    ids=["no such folder", "below a file", "a folder", "dot", "read-only", "long name"],
)
def test_answers_that_cannot_be_written(
    batch: Batch, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(batch.folder)
    (batch.folder / "folder").mkdir()
    (batch.folder / "locked").mkdir(mode=0o500)
    batch.answers = Path(name)
    before = sorted(batch.folder.rglob("*"))
    with bound_by_modes():
        batch.run(GOOD).refused(name)
    assert sorted(batch.folder.rglob("*")) == sorted([*before, batch.questions])


@pytest.mark.parametrize(
    ("error", "code"),
    [(KeyboardInterrupt(), 130), (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), 2)],
    ids=["stopped", "disk full"],
)
def test_a_failure_in_the_middle_writes_nothing(
    batch: Batch, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    ask, fail = Assistant.ask, raising(error)

    def ask_once(self: Assistant, question: str, *options: Any) -> Any:
        return fail() if question == "second" else ask(self, question, *options)

    monkeypatch.setattr(Assistant, "ask", ask_once)
    done = batch.run(f'{GOOD}\n{{"id": "2", "question": "second"}}\n')
    assert (done.code, done.out, done.error_text.count("\n")) == (code, "", 1)
    assert batch.untouched()


def test_a_disk_that_fills_up_at_the_end_writes_nothing(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "replace", disk_full)
    batch.run(GOOD).refused(batch.answers, "No space left")
    assert batch.untouched()


@pytest.mark.parametrize("k", [0, 13])
def test_an_impossible_k_is_a_usage_error(batch: Batch, k: int) -> None:
    batch.run(GOOD, "-k", k).refused(f"k is {k}")
    assert batch.untouched()


@pytest.mark.usefixtures("own_home")
def test_without_any_statement_nothing_is_written(batch: Batch, shutten: Shutten) -> None:
    shutten("index", "remove", BUNDLED).succeeded()
    batch.run(GOOD).refused("shutten index add")
    assert batch.untouched()


@pytest.mark.parametrize(
    "argv",
    [["--batch", "a"], ["--out", "b"], ["x", "--batch", "a", "--out", "b"], ["x", "--out", "b"]],
    ids=" ".join,
)
def test_batch_and_out_go_together(shutten: Shutten, argv: list[str]) -> None:
    shutten("ask", *argv).refused("--batch", "--out")
