"""Checks what a caller gives as a question."""

from __future__ import annotations

from collections.abc import Sequence

from corpus import arguments
from corpus.errors import ShuttenError
from qa.questions.followups import clean, with_words

MAX_QUESTION = 2000  # characters


def clean_question(question: str) -> str:
    """Return the question as a search key, without control characters and lone surrogates.

    Raises:
        ShuttenError: It is not a text, empty, or too long.
    """
    question = arguments.require_text(question, "the question")
    if len(question) > MAX_QUESTION:
        raise ShuttenError(
            f"the question has {len(question):,} characters; ask in {MAX_QUESTION:,} or fewer"
        )
    key = clean(question)
    if not key:
        raise ShuttenError("the question is empty; type what you want to know")
    return key


def askable(history: Sequence[str]) -> list[str]:
    """Return the earlier questions that can be asked again, see `with_words`."""
    return with_words([turn for turn in history if len(turn) <= MAX_QUESTION])
