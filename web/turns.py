"""The turns of a conversation: what was asked, how, and its answer where there is one yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qa.answer import Answer
from qa.assistant import MAX_HISTORY, MAX_QUESTION

# So many questions of a session are shown and kept, in the browser, and asked anew when it
# reloads. The longest of them still pass `web.guard.MAX_BODY` together.
MAX_TURNS = MAX_HISTORY


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer.

    Attributes:
        question: As it was asked.
        alone: Whether it was asked without the questions before it.
        answer: Missing until it was looked for.
        searched: As the question was understood when it was last answered; empty if it never was.
    """

    question: str
    alone: bool = False
    answer: Answer | None = None
    searched: str = ""

    def answered(self, answer: Answer) -> Turn:
        """The turn with its answer."""
        return Turn(self.question, self.alone, answer, answer.searched)


def history(turns: Sequence[Turn], number: int) -> list[str]:
    """The earlier questions that the turn of that number may lean on.

    None where it was asked alone, and none from before an earlier turn that was: it began anew.
    """
    start = max(place for place in range(number + 1) if turns[place].alone or not place)
    return [turn.question for turn in turns[start:number]]


def to_json(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """The questions, without their answers, as the browser keeps them.

    How the last one was understood is kept as well: the address of the page asks that.
    """
    return [
        {"question": turn.question, "alone": turn.alone, "searched": turn.searched * (turn is last)}
        for last in turns[-1:]
        for turn in turns
    ]


def from_json(rows: Any) -> list[Turn]:
    """The last questions that a browser kept; whatever else it sends is passed over."""
    turns = [_turn(row) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [turn for turn in turns if _usable(turn.question)][-MAX_TURNS:]


def _turn(row: dict[str, Any]) -> Turn:
    searched = text_of(row.get("searched"))
    return Turn(text_of(row.get("question")), row.get("alone") is True, None, searched)


def questions_of(value: Any) -> list[str]:
    """Earlier questions as a client sends them, which may be anything."""
    texts = [text_of(one) for one in value] if isinstance(value, list) else []
    return [one for one in texts if _usable(one)]


def _usable(question: str) -> bool:
    return bool(question.strip()) and len(question) <= MAX_QUESTION


def text_of(value: Any) -> str:
    """A text as a browser or a client sends it, which may be anything."""
    return value if isinstance(value, str) else ""
