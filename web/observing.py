"""What a server tells those who run it: metrics in Prometheus' format, and a log of its answers."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from corpus.errors import ShuttenError
from qa.answers.answer import Answer
from qa.assistant import Assistant, Outcome
from web.gate import Gate

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

_SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10)  # the limits of the histogram
_STANDARD_OUTPUT = "-"


class Metrics:
    """Counts answers. The figures have no question and no name of a statement in them.

    Args:
        assistant: Answers the questions.
        gate: Gives out the turns.

    Attributes:
        registry: The figures.
    """

    def __init__(self, assistant: Assistant, gate: Gate) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self.registry: CollectorRegistry = CollectorRegistry()
        own: dict[str, Any] = {"registry": self.registry}
        self._answers = Counter("shutten_answers", "Answers, by their status.", ["status"], **own)
        self._errors = Counter("shutten_errors", "Questions without an answer.", ["kind"], **own)
        self._seconds = Histogram(
            *("shutten_answer_seconds", "Seconds that an answer took, without waiting for a turn."),
            buckets=_SECONDS,
            **own,
        )
        figures: dict[str, tuple[str, Callable[[], float]]] = {
            "shutten_turns_running": ("Callers that have a turn.", lambda: gate.running),
            "shutten_turns_waiting": ("Callers that wait for a turn.", lambda: gate.waiting),
            "shutten_statements": ("Statements in the library.", lambda: _statements(assistant)),
        }
        for name, (text, value) in figures.items():
            Gauge(name, text, **own).set_function(value)

    def observe(self, _: str, outcome: Outcome, seconds: float) -> None:
        """Count how a question ended."""
        if isinstance(outcome, Answer):
            self._answers.labels(outcome.status).inc()
            self._seconds.observe(seconds)
        else:
            self._errors.labels(type(outcome).__name__).inc()

    def serve(self, host: str, port: int) -> Callable[[], None]:
        """Serve the figures at `/metrics` of a port of their own.

        Args:
            host: The address to listen on.
            port: The port.

        Returns:
            A function that ends it.

        Raises:
            ShuttenError: The port is in use.
        """
        from prometheus_client import start_http_server

        try:
            server, thread = start_http_server(port, host, self.registry)
        except (OSError, OverflowError) as error:
            raise ShuttenError(
                f"cannot serve metrics on {host}:{port} ({error}); choose another --metrics-port"
            ) from None

        def close() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return close


class AnswerLog:
    """Writes a line of JSON for each question: when, how it ended, and how long it took.

    Args:
        path: The file that lines are added to, or `-` for standard output.
        questions: Whether the questions themselves are written, too.

    Raises:
        ShuttenError: The file cannot be written.
    """

    def __init__(self, path: Path, *, questions: bool = False) -> None:
        self._questions, self._lock = questions, threading.Lock()
        self._file = _opened(path)

    def observe(self, question: str, outcome: Outcome, seconds: float) -> None:
        """Write how a question ended."""
        line: dict[str, Any] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "milliseconds": round(1000 * seconds),
        }
        if isinstance(outcome, Answer):
            line |= {
                "status": outcome.status,
                "reason": outcome.reason,
                "level": outcome.level,
                "confidence": outcome.confidence,
                "language": outcome.language,
                "quotes": len(outcome.quotes),
                "statements": sorted({quote.statement for quote in outcome.quotes}),
            }
        else:
            line |= {"status": "error", "kind": type(outcome).__name__}
        if self._questions:
            line["question"] = question
        with self._lock:
            print(json.dumps(line, ensure_ascii=True), file=self._file, flush=True)

    def close(self) -> None:
        """Close the file."""
        if self._file is not sys.stdout:
            self._file.close()


def _opened(path: Path) -> TextIO:
    """Open a log for its owner alone, since it says what people asked for."""
    if str(path) == _STANDARD_OUTPUT:
        return sys.stdout
    try:
        number = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError as error:
        problem = error.strerror or error
        raise ShuttenError(f"{path}: the log cannot be written ({problem}); check --log") from None
    return os.fdopen(number, "a", encoding="utf-8")


def _statements(assistant: Assistant) -> float:
    try:
        return len(assistant.store.statement_ids())
    except ShuttenError:  # The store does not answer.
        return float("nan")
