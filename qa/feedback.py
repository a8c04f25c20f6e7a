"""The remarks of readers on answers. They are stored beside the index and become a question set."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from corpus.errors import ShuttenError
from corpus.language import detect_language
from corpus.records import Span, Statement
from index.store.sqlite_errors import readable_errors
from qa.scope.filters import Within

Kind = Literal["good", "bad", "better"]
SentencePlace = tuple[str, int, int]  # id of the statement, start and end of the sentence
FILE = "feedback.db"
MAX_REMARK, MAX_FILE = 2**16, 2**26  # bytes
_TABLE = """
CREATE TABLE IF NOT EXISTS feedback (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,             -- UTC, ISO 8601
    remark TEXT NOT NULL          -- JSON
)
"""


@dataclass(frozen=True, slots=True)
class Remark:
    """The remark of a reader on one answer.

    Attributes:
        kind: Whether the answer is good, the answer is bad, or another sentence is better.
        question: The question as it was asked.
        history: The earlier questions, oldest first.
        quotes: The quotes of the answer, best first. A refusal has none.
        better: The sentence that answers better, if `kind` is `better`.
        within: The filter of statements with which the question was asked.
    """

    kind: Kind
    question: str
    history: tuple[str, ...] = ()
    quotes: tuple[SentencePlace, ...] = ()
    better: SentencePlace | None = None
    within: Within = field(default_factory=Within)

    @property
    def right_sentences(self) -> tuple[SentencePlace, ...]:
        """The sentences that answer the question in the opinion of the reader, best first."""
        if self.kind == "bad":
            return ()
        return (self.better,) if self.better else self.quotes


class FullError(ShuttenError):
    """There is no more room for remarks."""


class Feedback:
    """The remarks in a data folder. Several threads and processes may use it at once.

    Args:
        home: The data folder.
        statement: Returns the statement of an id.
    """

    def __init__(self, home: Path, statement: Callable[[str], Statement]) -> None:
        self.path, self._statement = home / FILE, statement

    def add(self, remark: Remark) -> None:
        """Store a remark.

        Raises:
            FullError: The file has reached `MAX_FILE` bytes. The stored remarks stay.
            ShuttenError: The remark names a statement that is not there, or a place that is not a
                whole sentence of one, has the kind `better` without a better sentence or the
                reverse, is too long, or cannot be written.
        """
        if (remark.kind == "better") != (remark.better is not None):
            raise ShuttenError("say which sentence is better, or that the answer is good or bad")
        texts = [self._text(place) for place in remark.right_sentences]
        for place in remark.quotes:
            self._text(place)
        for name in remark.within.statements:
            self._statement(name)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        row = json.dumps(asdict(remark) | {"texts": texts}, ensure_ascii=True)
        if len(row) > MAX_REMARK:
            raise ShuttenError(f"a remark of {len(row):,} bytes; {MAX_REMARK:,} are the most")
        if self.path.exists() and self.path.stat().st_size >= MAX_FILE:
            raise FullError("there is no more room here for remarks; those there are stay")
        with self._open() as connection, connection:
            connection.execute("INSERT INTO feedback (at, remark) VALUES (?, ?)", (now, row))

    def remarks(self) -> list[Remark]:
        """Return all remarks, oldest first.

        Raises:
            ShuttenError: The file cannot be read.
        """
        return [remark for remark, _ in self._rows()]

    def questions(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of a question set for `shutten eval`.

        Only the last remark on a question with its history and its filter counts. Two sorts of
        remarks are left out: those that an answer is bad, and those on statements that were changed
        or removed, so that a sentence is no longer in its place or the filter cannot be used.

        Raises:
            ShuttenError: The file cannot be read.
        """
        latest = {
            (remark.question, remark.history, remark.within): (remark, texts)
            for remark, texts in self._rows()
        }
        usable = [
            (remark, texts) for remark, texts in latest.values() if self._is_usable(remark, texts)
        ]
        for number, (remark, texts) in enumerate(usable, 1):
            kind = "unanswerable" if not texts else "followup" if remark.history else "fact"
            yield {
                "id": f"feedback-{number}",
                "split": "feedback",
                "language": detect_language(remark.question),
                "kind": kind,
                "question": remark.question,
                "gold": texts[:1],
                "also": texts[1:],
                "history": list(remark.history),
                "within": asdict(remark.within),
            }

    def _rows(self) -> list[tuple[Remark, list[str]]]:
        """Return the remarks, each with the texts that its right sentences had at that time."""
        with self._open() as connection:
            rows = connection.execute("SELECT remark FROM feedback ORDER BY id").fetchall()
        objects = [json.loads(text) for (text,) in rows]
        return [(_remark(row), row["texts"]) for row in objects]

    def _is_usable(self, remark: Remark, texts: Sequence[str]) -> bool:
        """Return whether a remark says what is right, and what it names is still as it was."""
        if remark.kind == "bad":
            return False
        try:
            for name in remark.within.statements:
                self._statement(name)
            return [self._text(place) for place in remark.right_sentences] == texts
        except ShuttenError:
            return False

    def _text(self, place: SentencePlace) -> str:
        """Return the text of a sentence, or raise `ShuttenError` if it is not a whole sentence."""
        name, start, end = place
        statement = self._statement(name)
        span = Span(start, end) if 0 <= start < end else None
        if not span or not any(
            passage.holds_whole_sentences(span) for passage in statement.passages
        ):
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
    """Return the remark of a stored JSON object. Those of older versions have no filter."""

    def place(value: Sequence[Any]) -> SentencePlace:
        name, start, end = value
        return str(name), int(start), int(end)

    better = place(row["better"]) if row["better"] else None
    quotes = tuple(map(place, row["quotes"]))
    history, within = tuple(row["history"]), Within.of(row.get("within"))
    return Remark(row["kind"], row["question"], history, quotes, better, within)
