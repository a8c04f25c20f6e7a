"""The turns of a conversation: what was asked, how, and its answer where there is one yet."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from qa.answers.answer import Answer
from qa.assistant import MAX_HISTORY
from qa.questions.checks import MAX_QUESTION

# So many questions of a session are shown and kept, in the browser, and asked anew when it
# reloads. The longest of them still pass `web.security.guard.MAX_BODY` together.
MAX_TURNS = MAX_HISTORY


def _key() -> str:
    return secrets.token_hex(6)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer.

    Attributes:
        question: As it was asked.
        alone: Whether it was asked without the questions before it.
        answer: Missing until it was looked for.
        searched: As the question was understood when it was last answered; empty if it never was.
        asked_key: Names the question as it is drawn on the page; see `web.page.chat.messages`.
        answer_key: Names the answer; each one that is found has another.
    """

    question: str
    alone: bool = False
    answer: Answer | None = None
    searched: str = ""
    asked_key: str = field(default_factory=_key, compare=False)
    answer_key: str = field(default="", compare=False)

    def answered(self, answer: Answer) -> Turn:
        """The turn with its answer."""
        return replace(self, answer=answer, searched=answer.searched, answer_key=_key())


@dataclass(frozen=True, slots=True)
class Kept:
    """What a browser says that it has; see `chat.js`.

    Attributes:
        turns: The questions, without their answers.
        shown: Keys of the messages that are drawn on the page.
        statements: Which list of statements it has; see `web.page.source_panel`.
    """

    turns: tuple[Turn, ...] = ()
    shown: frozenset[str] = frozenset()
    statements: str = ""


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


def from_json(value: Any) -> Kept:
    """What a browser has; whatever else it sends is passed over."""
    told = value if isinstance(value, dict) else {}
    turns = [_turn(row) for row in _list(told.get("turns")) if isinstance(row, dict)]
    turns = [turn for turn in turns if _usable(turn.question)][-MAX_TURNS:]
    shown = frozenset(map(text_of, _list(told.get("shown"))))
    return Kept(tuple(turns), shown, text_of(told.get("statements")))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _turn(row: dict[str, Any]) -> Turn:
    searched = text_of(row.get("searched"))
    return Turn(text_of(row.get("question")), row.get("alone") is True, None, searched)


def questions_of(value: Any) -> list[str]:
    """Earlier questions as a client sends them, which may be anything."""
    texts = [text_of(one) for one in _list(value)]
    return [one for one in texts if _usable(one)]


def _usable(question: str) -> bool:
    return bool(question.strip()) and len(question) <= MAX_QUESTION


def text_of(value: Any) -> str:
    """A text as a browser or a client sends it, which may be anything."""
    return value if isinstance(value, str) else ""
