"""What readers say of answers: kept beside the index, given out as a question set."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from corpus.errors import ShuttenError
from corpus.records import Span, Statement
from index.store.sqlite_errors import readable_errors
from qa.questions.language import detect_language

Kind = Literal["good", "bad", "better"]
FILE = "feedback.db"
MAX_REMARK, MAX_FILE = 2**16, 2**26  # bytes
_TABLE = """
CREATE TABLE IF NOT EXISTS feedback (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,             -- UTC, ISO 8601
    remark TEXT NOT NULL          -- JSON
)
"""
Words = tuple[str, int, int]  # statement, start, end


@dataclass(frozen=True, slots=True)
class Remark:
    """What a reader says of one answer.

    Attributes:
        kind: The answer is good or bad, or another sentence is better.
        question: As it was asked.
        history: The questions before it, oldest first.
        quotes: What was quoted, best first; nothing of a refusal.
        better: The sentence that answers better.
    """

    kind: Kind
    question: str
    history: tuple[str, ...] = ()
    quotes: tuple[Words, ...] = ()
    better: Words | None = None

    @property
    def right(self) -> tuple[Words, ...]:
        """The sentences that answer, says the reader, best first."""
        if self.kind == "bad":
            return ()
        return (self.better,) if self.better else self.quotes


class FullError(ShuttenError):
    """There are as many remarks as there is room for."""


class Feedback:
    """The remarks of a data folder. For any thread and process.

    Args:
        home: The data folder.
        statement: Gives a statement by id.
    """

    def __init__(self, home: Path, statement: Callable[[str], Statement]) -> None:
        self.path, self._statement = home / FILE, statement

    def add(self, remark: Remark) -> None:
        """Keep a remark.

        Raises:
            FullError: The file has `MAX_FILE` bytes: nothing more is kept, and nothing is lost.
            ShuttenError: It names words that are no whole sentence of a statement, says of no
                sentence that it is better, is too long, or cannot be written.
        """
        if (remark.kind == "better") != (remark.better is not None):
            raise ShuttenError("say which sentence is better, or that the answer is good or bad")
        texts = [self._text(words) for words in remark.right]
        for words in remark.quotes:
            self._text(words)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        text = json.dumps(asdict(remark) | {"texts": texts}, ensure_ascii=True)
        if len(text) > MAX_REMARK:
            raise ShuttenError(f"a remark of {len(text):,} bytes; {MAX_REMARK:,} are the most")
        if self.path.exists() and self.path.stat().st_size >= MAX_FILE:
            raise FullError("there is no more room here for remarks; those there are stay")
        with self._open() as connection, connection:
            connection.execute("INSERT INTO feedback (at, remark) VALUES (?, ?)", (now, text))

    def remarks(self) -> list[Remark]:
        """All of them, oldest first.

        Raises:
            ShuttenError: They cannot be read.
        """
        return [remark for remark, _ in self._rows()]

    def questions(self) -> Iterator[dict[str, Any]]:
        """The remarks as a question set for `shutten eval`; the last on a question counts.

        Left out are those that say what is bad and not what is better, and those on sentences
        that no longer stand there, since the statement was changed or removed.
        """
        last = {(one.question, one.history): (one, texts) for one, texts in self._rows()}
        kept = [(one, texts) for one, texts in last.values() if self._holds(one, texts)]
        for number, (one, texts) in enumerate(kept, 1):
            kind = "unanswerable" if not texts else "followup" if one.history else "fact"
            yield {
                "id": f"feedback-{number}",
                "split": "feedback",
                "language": detect_language(one.question),
                "kind": kind,
                "question": one.question,
                "gold": texts[:1],
                "also": texts[1:],
                "history": list(one.history),
            }

    def _rows(self) -> list[tuple[Remark, list[str]]]:
        """The remarks, and the words of their right sentences when they were made."""
        with self._open() as connection:
            rows = connection.execute("SELECT remark FROM feedback ORDER BY id").fetchall()
        tables = [json.loads(text) for (text,) in rows]
        return [(_remark(table), table["texts"]) for table in tables]

    def _holds(self, remark: Remark, texts: Sequence[str]) -> bool:
        try:
            return remark.kind != "bad" and [self._text(one) for one in remark.right] == texts
        except ShuttenError:
            return False

    def _text(self, words: Words) -> str:
        name, start, end = words
        statement = self._statement(name)
        span = Span(start, end) if 0 <= start < end else None
        if not span or not any(p.holds_whole_sentences(span) for p in statement.passages):
            raise ShuttenError(f"{start}–{end} is no whole sentence of {name}")
        return span.of(statement.source.text)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with (
            readable_errors(self.path),
            closing(sqlite3.connect(self.path, timeout=30)) as connection,
        ):
            connection.execute(_TABLE)
            yield connection


def _remark(row: dict[str, Any]) -> Remark:
    def words(value: Sequence[Any]) -> Words:
        name, start, end = value
        return str(name), int(start), int(end)

    better = words(row["better"]) if row["better"] else None
    quotes = tuple(map(words, row["quotes"]))
    return Remark(row["kind"], row["question"], tuple(row["history"]), quotes, better)
