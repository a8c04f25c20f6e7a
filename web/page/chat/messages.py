"""The conversation as messages for `turns.js`, which draws each of them once."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from qa.answers.answer import Answer
from qa.assistant import Assistant
from qa.rendering.terminal import citations
from web.page.chat.turns import Turn
from web.page.markup import answer_turn, target, user_turn


def messages(turns: Sequence[Turn], assistant: Assistant, shown: Collection[str]) -> str:
    """What the page shows of the turns, as JSON.

    A conversation is long and one turn of it is new, so only what is new is sent: the keys of all
    messages in order, and of those that are not shown yet what to draw. An answer also brings each
    of its quotes as it is copied.

    Args:
        turns: All of them.
        assistant: Gives the statements.
        shown: Keys of the messages that the page has.

    Raises:
        ShuttenError: A statement that is cited was removed.
    """
    keys = [key for turn in turns for key in keys_of(turn)]
    data = {"order": keys, "new": dict(_new(turns, assistant, shown))}
    return as_value(data)


def keys_of(turn: Turn) -> list[str]:
    """The keys of a turn's messages: of the question, and of the answer where there is one."""
    return [turn.asked_key, turn.answer_key] if turn.answer else [turn.asked_key]


def as_value(data: Any) -> str:
    """Data as the value of a `gr.HTML`, which looks for tags in it and shall find none."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _new(
    turns: Sequence[Turn], assistant: Assistant, shown: Collection[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, turn in enumerate(turns):
        if turn.asked_key not in shown:
            yield turn.asked_key, {"html": user_turn(turn.question)}
        if turn.answer and turn.answer_key not in shown:
            alone = turn.alone and number > 0
            html = answer_turn(turn.answer, assistant, alone=alone)
            yield turn.answer_key, {"html": html, "copies": _copies(turn.answer, assistant)}


def _copies(answer: Answer, assistant: Assistant) -> dict[str, dict[str, str]]:
    """Each quote as it is copied, by the link to where it stands."""
    return {
        target(one): citations(one, assistant.statement(one.statement).provenance, answer.language)
        for one in answer.quotes or answer.nearest
    }
