"""Keeps the questions to begin with, since they take seconds to make."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from itertools import islice

from index.search.stored_statements import StatementSummary
from qa.assistant import Assistant
from qa.examples.questions import Ask, examples

_READ = 200  # statements whose texts are read, and as many in the language of the reader
_Summaries = Mapping[str, StatementSummary]


class OfferedQuestions:
    """The questions to begin with, for each language. It can be used from several threads.

    Args:
        assistant: Has the statements.
        ask: Answers a question.
    """

    def __init__(self, assistant: Assistant, ask: Ask) -> None:
        self._assistant, self._ask = assistant, ask
        self._kept: dict[str, tuple[_Summaries, list[str]]] = {}
        self._lock = threading.Lock()

    def of(self, language: str) -> list[str]:
        """Return the questions in a language, made from the newest statements.

        They are made anew when the text or a fact of a statement changes, because they name parties
        and dates.
        """
        summaries = self._assistant.summaries()
        with self._lock:
            made_of, questions = self._kept.get(language, ({}, []))
            if made_of != summaries:
                names = _newest(summaries, language)
                statements = {name: self._assistant.statement(name) for name in names}
                questions = examples(statements, language, self._ask)
                self._kept[language] = summaries, questions
            return questions


def _newest(summaries: _Summaries, language: str) -> set[str]:
    """Return the ids of the newest statements, and of the newest ones in a language."""
    newest = sorted(summaries.values(), key=lambda each: each.provenance.date, reverse=True)
    own = (each for each in newest if each.provenance.language == language)
    return {each.id for each in (*newest[:_READ], *islice(own, _READ))}
