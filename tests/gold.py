"""The mistakes in the gold fragments of question sets."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.characters.folding import key_of
from corpus.question_sets import Question, sentences_with
from corpus.records import Statement


def check_gold(questions: Iterable[Question], statement: Statement) -> list[str]:
    """Return the mistakes in a question set, one line each.

    Each gold fragment must occur exactly once in the statement, within one sentence. Each other
    right answer must occur in a sentence. An unanswerable question has no gold. Fragments are
    compared by their folded keys where the exact words do not occur.
    """
    problems = []
    text_key = key_of(statement.source.text)
    for question in questions:
        for fragment in question.gold:
            count = len(sentences_with(fragment, statement))
            occurrences = statement.source.text.count(fragment) or text_key.count(key_of(fragment))
            if (count, occurrences) != (1, 1):
                problems.append(
                    f"{question.id}: gold {fragment!r} occurs {occurrences} times, "
                    f"whole in {count} sentences"
                )
        problems += [
            f"{question.id}: {fragment!r} is in no sentence"
            for fragment in question.also
            if not sentences_with(fragment, statement)
        ]
        if (question.kind == "unanswerable") == question.answerable:
            problems.append(f"{question.id}: kind {question.kind} and its gold disagree")
    return problems
