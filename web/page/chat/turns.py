"""The turns of a conversation: each question, how it was asked, and its answer if there is one."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from qa.answers.answer import Answer, Quote
from qa.assistant import MAX_HISTORY
from qa.questions.checks import MAX_QUESTION
from qa.scope.filters import Within
from web.page.chat.choices import ANYWHERE, EVERYTHING, choice_from_browser, choice_to_json
from web.page.statements import Summaries

# So many questions of a session are shown. The browser keeps them and sends them again when it
# reloads; even the longest of them are together smaller than `web.security.guard.MAX_BODY`.
MAX_TURNS = MAX_HISTORY


def _new_key() -> str:
    return secrets.token_hex(6)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer.

    Attributes:
        question: The question as it was asked.
        alone: Whether it was asked without the questions before it.
        within: The statements that were chosen to be asked.
        answer: The answer; None until there is one.
        searched: How the question was understood when it was last answered; empty before that.
        question_key: Key of the question on the page; see `web.page.chat.log_entries`.
        answer_key: Key of the answer. Each new answer gets a new key; empty without an answer.
    """

    question: str
    alone: bool = False
    answer: Answer | None = None
    searched: str = ""
    within: Within = ANYWHERE
    question_key: str = field(default_factory=_new_key, compare=False)
    answer_key: str = field(default="", compare=False)

    @property
    def cited(self) -> Sequence[Quote]:
        """All that the answer quotes, nearest sentences and counterparts too; empty without it."""
        return self.answer.cited if self.answer else ()

    @property
    def named(self) -> list[str]:
        """The ids of the statements that it was asked of, and that its answer cites or names."""
        scope = self.answer.scope.titles if self.answer else ()
        facts = self.answer.facts if self.answer else ()
        cited = [name for quote in self.cited for name in (quote.statement, *quote.also_in)]
        return [*self.within.statements, *scope, *(each.statement for each in facts), *cited]

    def answered(self, answer: Answer) -> Turn:
        """Return the turn with an answer."""
        return replace(self, answer=answer, searched=answer.searched, answer_key=_new_key())

    def unanswered(self) -> Turn:
        """Return the turn without its answer."""
        return replace(self, answer=None, answer_key="")


@dataclass(frozen=True, slots=True)
class BrowserState:
    """What a browser says that it has; see `chat.js`.

    Attributes:
        turns: The questions, without answers.
        shown: Keys of the entries that are on the page; see `web.page.chat.log_entries`.
        statement_list: Name of the list of statements that it has; see `web.page.source_panel`.
        chosen: The ids of the statements that the next question is asked of; empty for all.
        event: Number of the event that sends this; see `web.page.chat.event_order`.
    """

    turns: tuple[Turn, ...] = ()
    shown: frozenset[str] = frozenset()
    statement_list: str = ""
    chosen: tuple[str, ...] = ()
    event: int = 0


def history(turns: Sequence[Turn], number: int) -> list[str]:
    """Return the earlier questions that a turn may follow up.

    There are none for a question that was asked alone. Questions before an earlier turn that was
    asked alone do not count: the conversation began anew there.

    Args:
        turns: All turns.
        number: Number of the turn, from 0.
    """
    start = max(place for place in range(number + 1) if turns[place].alone or not place)
    return [turn.question for turn in turns[start:number]]


def asked_again(how: Any, turns: Sequence[Turn]) -> Turn | None:
    """Return the turn that asks an earlier question in another way; None if that cannot be done.

    Args:
        how: What `chat.js` sends: the number of the `turn` and the `way`: `alone` without the
            earlier questions, `everything` of all statements whatever the question names,
            `within-ID` of one statement.
        turns: All turns.
    """
    number, way = (how.get("turn"), how.get("way")) if isinstance(how, dict) else (None, None)
    if not (isinstance(number, int) and 0 <= number < len(turns) and isinstance(way, str)):
        return None
    turn = turns[number]
    if way == "alone":
        return Turn(turn.question, alone=True, within=turn.within)
    if way == "everything":
        within = EVERYTHING
    elif way.startswith("within-"):
        within = Within((way.removeprefix("within-"),))
    else:
        return None
    if number == len(turns) - 1:
        return Turn(turn.question, turn.alone, within=within)
    # As the newest one it would follow up other questions, so it is asked as it was understood.
    return Turn(turn.searched or turn.question, alone=True, within=within)


def current_turns(state: BrowserState, turns: Sequence[Turn], statements: Summaries) -> list[Turn]:
    """Return the turns of a conversation, without answers that are out of date.

    After a restart of the server they are what the browser kept, without any answer.

    Args:
        state: What the browser has.
        turns: What the server has.
        statements: The summaries of those that the turns name, or of all.
    """
    if _questions(turns) != _questions(state.turns):
        return list(state.turns)
    return without_outdated_answers(turns, statements)


def _questions(turns: Sequence[Turn]) -> list[tuple[str, bool, Within]]:
    return [(turn.question, turn.alone, turn.within) for turn in turns]


def without_outdated_answers(turns: Sequence[Turn], statements: Summaries) -> list[Turn]:
    """Return the turns, without answers that cite a statement that was changed or removed."""
    return [
        turn
        if all(
            quote.statement in statements and statements[quote.statement].sha256 == quote.sha256
            for quote in turn.cited
        )
        else turn.unanswered()
        for turn in turns
    ]


def questions_to_json(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """Return the questions, without answers, as the browser keeps them.

    The address of the page asks the last question in the form in which it was understood. So the
    browser keeps that form of the last question only.
    """
    return [
        {
            "question": turn.question,
            "alone": turn.alone,
            "searched": turn.searched if number == len(turns) else "",
            "within": choice_to_json(turn.within),
        }
        for number, turn in enumerate(turns, 1)
    ]


def parse_browser_state(value: Any) -> BrowserState:
    """Parse what a browser sends. Whatever cannot be used is left out."""
    state = value if isinstance(value, dict) else {}
    turns = [_turn(row) for row in _list(state.get("turns")) if isinstance(row, dict)]
    usable = [turn for turn in turns if _can_be_asked(turn.question)]
    shown = frozenset(map(text_or_empty, _list(state.get("shown"))))
    chosen = choice_from_browser({"statements": state.get("chosen")}).statements
    name, event = text_or_empty(state.get("statements")), state.get("event")
    number = event if isinstance(event, int) else 0
    return BrowserState(tuple(usable[-MAX_TURNS:]), shown, name, chosen, number)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _turn(row: dict[str, Any]) -> Turn:
    return Turn(
        question=text_or_empty(row.get("question")),
        alone=row.get("alone") is True,
        searched=text_or_empty(row.get("searched")),
        within=choice_from_browser(row.get("within")),
    )


def parse_history(value: Any) -> list[str]:
    """Return the earlier questions that a client sends. Whatever cannot be asked is left out."""
    questions = map(text_or_empty, _list(value))
    return [question for question in questions if _can_be_asked(question)]


def _can_be_asked(question: str) -> bool:
    return bool(question.strip()) and len(question) <= MAX_QUESTION


def text_or_empty(value: Any) -> str:
    """Return a value that a browser or a client sends, if it is a text; otherwise an empty text."""
    return value if isinstance(value, str) else ""
