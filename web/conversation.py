"""What happens in the chat: a question is asked, an old one is asked again, all are forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import gradio as gr

from corpus.errors import ShuttenError
from qa.answer import Answer
from qa.assistant import Assistant
from qa.rendering import conversation_to_markdown
from web.gate import Gate
from web.markup import answer_turn, bilingual, problem, user_turn
from web.newest import Newest
from web.panel import panel
from web.turns import MAX_TURNS, Turn, from_json, history, text_of, to_json

_WARMING = 60.0  # seconds
Turns = Sequence[Turn]
Changes = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Parts:
    """The components that events change.

    Attributes:
        box: Where a question is typed.
        turns: Questions and answers.
        notice: What is wrong with a question.
        source: The statement, as `web.panel` gives it.
        answers: The turns so far, on the server.
        cleared: The turns that were cleared last.
        undo: Has them again; seen only while there are no others (`page.css`).
    """

    box: gr.Textbox
    turns: gr.Chatbot
    notice: gr.HTML
    source: gr.HTML
    answers: gr.State
    cleared: gr.State
    undo: gr.Button

    @property
    def all(self) -> list[Any]:
        """In the order of their fields."""
        return [getattr(self, one.name) for one in fields(self)]


@dataclass(frozen=True, slots=True)
class Conversation:
    """What happens in the chat.

    Every event is given the questions as the browser keeps them, and the turns of the server,
    which are gone after a restart. Only `fill` looks for answers that are missing from those.

    Attributes:
        assistant: Answers.
        gate: What each question waits at.
        parts: What is changed by it.
        newest: What has begun in each session.
    """

    assistant: Assistant
    gate: Gate
    parts: Parts
    newest: Newest = field(default_factory=Newest)

    @property
    def _unchanged(self) -> Changes:
        """Gradio empties all components for a generator that gives nothing."""
        return {self.parts.box: gr.skip()}

    # Gradio names its endpoints after functions, and `ask` is the one for programs.
    def put(
        self, question: Any, asked: Any, turns: Turns, request: gr.Request
    ) -> Iterator[Changes]:
        """Show a question, then its answer."""
        self.newest.begin(request.session_hash)
        yield from self._turn(self._known(asked, turns), Turn(text_of(question)))

    def ask_alone(
        self, number: Any, asked: Any, turns: Turns, request: gr.Request
    ) -> Iterator[Changes]:
        """Ask a question again without those before it.

        The last one is answered anew where it stands. An earlier one comes again as the newest,
        as those after it may lean on it as it was understood.
        """
        self.newest.begin(request.session_hash)
        before = self._known(asked, turns)
        if not (isinstance(number, int) and 0 <= number < len(before)):
            yield self._unchanged
            return
        again = Turn(before[number].question, alone=True)
        yield from self._turn(before[:-1] if number == len(before) - 1 else before, again)

    def _turn(self, before: Turns, new: Turn) -> Iterator[Changes]:
        """The turns are made anew from the answers, so that the page never sends them."""
        parts, turns = self.parts, [*before, new][-MAX_TURNS:]
        yield {parts.box: "", parts.notice: "", parts.turns: self._chat(turns)}
        try:
            turns[-1] = new.answered(self._answer(turns, len(turns) - 1))
            chat, source = self._chat(turns), panel(turns, self.assistant)
        except ShuttenError as error:
            trouble = problem(new.question, error, self.assistant.home)
            yield {
                parts.box: new.question,
                parts.notice: trouble,
                parts.turns: self._chat(before),
            }
            return
        yield {
            parts.turns: chat,
            parts.source: source,
            parts.answers: turns,
            parts.notice: _full(turns),
        }

    def restore(self, asked: Any, turns: Turns, request: gr.Request) -> Changes:
        """Show what was asked before a reload, and after it what the address asks.

        The address may name a statement as well, which is shown then.
        """
        turns, query = self._known(asked, turns), dict(request.query_params)
        linked, named = text_of(query.get("q")).strip(), text_of(query.get("s"))
        if linked and linked not in [turn.searched for turn in turns[-1:]]:
            turns = [*turns, Turn(linked, alone=True)][-MAX_TURNS:]
        known = not named or named in self.assistant.statement_ids()
        return {
            self.parts.turns: self._chat(turns),
            self.parts.source: panel(turns, self.assistant),
            self.parts.answers: turns,
            self.parts.notice: _full(turns) if known else bilingual("no_such_statement"),
        }

    def fill(self, asked: Any, turns: Turns, request: gr.Request) -> Iterator[Changes]:
        """Look for the answers that are missing, the last one first: it is the one in view.

        It ends when the reader has gone on, so that a newer question is never taken off the page.
        """
        begun = self.newest.count(request.session_hash)
        parts, turns = self.parts, self._known(asked, turns)
        missing = [number for number, turn in enumerate(turns) if turn.answer is None]
        yield self._unchanged
        if not self.gate.warm.is_set():
            yield {parts.notice: bilingual("warming")}
            self.gate.warm.wait(_WARMING)
            yield {parts.notice: _full(turns)}
        for number in reversed(missing):
            try:
                turns[number] = turns[number].answered(self._answer(turns, number))
                chat, source = self._chat(turns), panel(turns, self.assistant)
            except ShuttenError as error:
                trouble = problem(turns[number].question, error, self.assistant.home)
                yield {parts.notice: trouble}
                return
            if self.newest.count(request.session_hash) != begun:
                return
            yield {parts.turns: chat, parts.source: source, parts.answers: list(turns)}

    def clear(self, asked: Any, turns: Turns, request: gr.Request) -> Changes:
        """Forget all questions, but for what `unclear` needs."""
        self.newest.begin(request.session_hash)
        parts, turns = self.parts, self._known(asked, turns)
        return {
            parts.box: "",
            parts.notice: bilingual("cleared") if turns else "",
            parts.source: panel([], self.assistant),
            parts.answers: [],
            parts.cleared: turns,
            parts.undo: gr.update(visible=bool(turns)),
        }

    def unclear(self, cleared: Turns) -> Changes:
        """Have again what was cleared last; `fill` finds answers that are missing."""
        parts, turns = self.parts, self._known(to_json(cleared), cleared)
        return {
            parts.turns: self._chat(turns),
            parts.notice: _full(turns),
            parts.source: panel(turns, self.assistant),
            parts.answers: turns,
            parts.undo: gr.update(visible=False),
        }

    def as_markdown(self, asked: Any, turns: Turns) -> str:
        """The conversation to read."""
        about = self.assistant.statement
        return conversation_to_markdown(
            self._all(asked, turns), lambda name: about(name).provenance
        )

    def as_json(self, asked: Any, turns: Turns) -> str:
        """The conversation with all that proves it, as `shutten verify` reads it."""
        rows = [answer.to_json() for answer in self._all(asked, turns)]
        return json.dumps({"answers": rows}, ensure_ascii=False, indent=1)

    def _known(self, asked: Any, turns: Turns) -> list[Turn]:
        """The turns, without answers that cite what has changed or gone since.

        After a restart of the server they are what the browser kept, without any answer.
        """
        kept = from_json(asked)
        if [(one.question, one.alone) for one in turns] != [
            (one.question, one.alone) for one in kept
        ]:
            return kept
        return [one if self._stands(one.answer) else replace(one, answer=None) for one in turns]

    def _stands(self, answer: Answer | None) -> bool:
        """Whether what an answer cites is still there, as it was."""
        known = self.assistant.statement_ids()
        cited = {(one.statement, one.sha256) for one in answer.ranked} if answer else ()
        return all(
            name in known and self.assistant.statement(name).source.sha256 == checksum
            for name, checksum in cited
        )

    def _all(self, asked: Any, turns: Turns) -> list[Answer]:
        turns = self._known(asked, turns)
        return [turn.answer or self._answer(turns, number) for number, turn in enumerate(turns)]

    def _chat(self, turns: Turns) -> list[gr.MessageDict]:
        shown: list[gr.MessageDict] = []
        for number, turn in enumerate(turns):
            shown.append(user_turn(turn.question))
            if turn.answer:
                alone = turn.alone and number > 0
                shown.append(answer_turn(turn.answer, self.assistant, alone=alone))
        return shown

    def _answer(self, turns: Turns, number: int) -> Answer:
        with self.gate.turn():
            return self.assistant.ask(turns[number].question, history(turns, number))


def _full(turns: Turns) -> str:
    """That the oldest question goes with the next one, where it does."""
    return bilingual("full", MAX_TURNS, "status") if len(turns) == MAX_TURNS else ""
