"""Keeps the questions to begin with, since they take seconds to make."""

from __future__ import annotations

import threading

from corpus.records import Provenance
from qa.assistant import Assistant
from qa.examples.questions import Ask, examples

_State = list[tuple[str, str, Provenance]]  # id, checksum and facts of each statement


class OfferedQuestions:
    """The questions to begin with, for each language. It can be used from several threads.

    Args:
        assistant: Has the statements.
        ask: Answers a question.
    """

    def __init__(self, assistant: Assistant, ask: Ask) -> None:
        self._assistant, self._ask = assistant, ask
        self._kept: dict[str, tuple[_State, list[str]]] = {}
        self._lock = threading.Lock()

    def of(self, language: str) -> list[str]:
        """Return the questions in a language.

        They are made anew when the text or a fact of a statement changes, because they name parties
        and dates.
        """
        statements = {
            name: self._assistant.statement(name) for name in self._assistant.statement_ids()
        }
        state = [
            (name, statement.source.sha256, statement.provenance)
            for name, statement in statements.items()
        ]
        with self._lock:
            made_of, questions = self._kept.get(language, ([], []))
            if made_of != state:
                questions = examples(statements, language, self._ask)
                self._kept[language] = state, questions
            return questions
