"""Keeps the questions to begin with, since they take seconds to make."""

from __future__ import annotations

import threading

from qa.assistant import Assistant
from qa.examples.questions import Ask, examples


class OfferedQuestions:
    """The questions to begin with, for each language. It can be used from several threads.

    Args:
        assistant: Has the statements.
        ask: Answers a question.
    """

    def __init__(self, assistant: Assistant, ask: Ask) -> None:
        self._assistant, self._ask = assistant, ask
        self._kept: dict[str, tuple[list[str], list[str]]] = {}
        self._lock = threading.Lock()

    def of(self, language: str) -> list[str]:
        """Return the questions in a language. They are made anew when the statements change."""
        statements = {
            name: self._assistant.statement(name) for name in self._assistant.statement_ids()
        }
        state = [statement.source.sha256 for statement in statements.values()]
        with self._lock:
            made_of, questions = self._kept.get(language, ([], []))
            if made_of != state:
                questions = examples(statements, language, self._ask)
                self._kept[language] = state, questions
            return questions
