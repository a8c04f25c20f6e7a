"""The sentences that are right answers to a question of a question set."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import ShuttenError
from corpus.question_sets import Question, sentences_with
from corpus.records import Span, Statement


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
    def of(cls, statements: Collection[Statement], question: Question) -> GoldSentences:
        """Find the right sentences of a question in some statements.

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


def questions_within(
    questions: Sequence[Question], searched: Collection[Statement], others: Collection[Statement]
) -> list[Question]:
    """Return the questions that can be asked of some statements, with the gold that is in them.

    A question whose gold is all in other statements is left out. Fragments that are in no statement
    at all are kept, so that the mistake is reported.

    Args:
        questions: The questions. Unanswerable ones are kept.
        searched: The statements that are searched.
        others: All other statements.
    """

    def is_outside(fragment: str) -> bool:
        return not _is_in(fragment, searched) and _is_in(fragment, others)

    kept = []
    for question in questions:
        gold = tuple(fragment for fragment in question.gold if not is_outside(fragment))
        also = tuple(fragment for fragment in question.also if not is_outside(fragment))
        if gold or not question.gold:
            kept.append(replace(question, gold=gold, also=also))
    return kept


def outside_error(path: Path, count: int) -> ShuttenError:
    """Return the error for a question set of which a filter leaves nothing to answer.

    Args:
        path: The question set.
        count: The number of its questions with an answer.
    """
    answers = f"the answers of all {count} questions are" if count > 1 else "the only answer is"
    return ShuttenError(f"{path}: {answers} in statements that the filter leaves out; widen it")


def _is_in(fragment: str, statements: Collection[Statement]) -> bool:
    return any(sentences_with(fragment, statement) for statement in statements)


def _names_with(
    fragments: Sequence[str], statements: Collection[Statement], question: Question
) -> list[str]:
    """Return the names of the sentences that hold one of the fragments."""
    all_names = []
    for fragment in fragments:
        names = [
            sentence_name(statement.id, span)
            for statement in statements
            for span in sentences_with(fragment, statement)
        ]
        if not names:
            raise ShuttenError(
                f"question {question.id}: {fragment!r} is in no sentence of any statement; "
                "mend the question set, or add its statement"
            )
        all_names += names
    return all_names
