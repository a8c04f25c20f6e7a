"""The sentences that are right answers to a question of a question set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.errors import ShuttenError
from corpus.question_sets import Question, sentences_with
from corpus.records import Span, Statement


class Statements(Protocol):
    """The statements that questions are asked of."""

    def statement(self, statement: str) -> Statement:
        """See `Assistant.statement`."""

    def statement_ids(self) -> list[str]:
        """See `Assistant.statement_ids`."""


@dataclass(frozen=True, slots=True)
class GoldSentences:
    """The names of the sentences that are right; see `sentence_name`.

    Attributes:
        names: The sentences that hold a gold fragment.
        equivalents: Sentences that hold another right fragment, each with the gold sentence that it
            is counted as. Empty if there are several gold sentences, because a complete answer
            needs each of them.
    """

    names: tuple[str, ...]
    equivalents: Mapping[str, str]

    @classmethod
    def of(cls, statements: Statements, question: Question) -> GoldSentences:
        """Find the right sentences of a question in all statements.

        Raises:
            ShuttenError: A fragment is in no sentence.
        """
        names = tuple(dict.fromkeys(_names_with(question.gold, statements, question)))
        others = _names_with(question.also, statements, question)
        if len(names) != 1:
            return cls(names, {})
        return cls(names, {name: names[0] for name in others if name not in names})


def sentence_name(statement: str, span: Span) -> str:
    """Return a name for a sentence that no other sentence has.

    Args:
        statement: Id of the statement.
        span: The sentence, in code points of the text of the statement.
    """
    return f"{statement}:{span.start}-{span.end}"


def _names_with(fragments: Sequence[str], statements: Statements, question: Question) -> list[str]:
    """Return the names of the sentences that hold one of the fragments."""
    all_names = []
    for fragment in fragments:
        names = [
            sentence_name(statement, span)
            for statement in statements.statement_ids()
            for span in sentences_with(fragment, statements.statement(statement))
        ]
        if not names:
            raise ShuttenError(
                f"question {question.id}: {fragment!r} is in no sentence of any statement; "
                "mend the question set, or add its statement"
            )
        all_names += names
    return all_names
