"""What happens in the chat: a question is asked, an old one is asked again, all are forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import gradio as gr

from corpus.errors import ShuttenError
from qa.answers.answer import Answer
from qa.assistant import Assistant
from qa.rendering.terminal import conversation_to_markdown
from web.gate import Gate
from web.page.chat.messages import keys_of, messages
from web.page.chat.newest_event import Newest
from web.page.chat.turns import MAX_TURNS, Kept, Turn, from_json, history, text_of
from web.page.markup import bilingual, problem
from web.page.source_panel import panel

_WARMING = 60.0  # seconds
Turns = Sequence[Turn]
Changes = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Parts:
    """The components that events change.

    Attributes:
        box: Where a question is typed.
        turns: Questions and answers, as `web.page.chat.messages` gives them.
        notice: What is wrong with a question.
        source: The statement, as `web.page.source_panel` gives it.
        answers: The turns so far, on the server.
        cleared: The turns that were cleared last.
        undo: Has them again; seen only while there are no others (`page.css`).
    """

    box: gr.Textbox
    turns: gr.HTML
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

    Every event is given what the browser has, as `web.page.chat.turns.Kept` reads it, and the
    turns of the
    server, which are gone after a restart. Only `fill` looks for answers that are missing.

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
    def put(self, question: Any, told: Any, turns: Turns, request: gr.Request) -> Iterator[Changes]:
        """Show a question, then its answer."""
        self.newest.begin(request.session_hash)
        kept = from_json(told)
        yield from self._turn(self._known(kept, turns), Turn(text_of(question)), kept)

    def ask_alone(
        self, number: Any, told: Any, turns: Turns, request: gr.Request
    ) -> Iterator[Changes]:
        """Ask a question again without those before it.

        The last one is answered anew where it stands. An earlier one comes again as the newest,
        as those after it may lean on it as it was understood.
        """
        self.newest.begin(request.session_hash)
        kept = from_json(told)
        before = self._known(kept, turns)
        if not (isinstance(number, int) and 0 <= number < len(before)):
            yield self._unchanged
            return
        again = Turn(before[number].question, alone=True)
        last = number == len(before) - 1
        yield from self._turn(before[:-1] if last else before, again, kept)

    def _turn(self, before: Turns, new: Turn, kept: Kept) -> Iterator[Changes]:
        """Each step brings all that is new since the event began: the page may miss the first."""
        parts, turns = self.parts, [*before, new][-MAX_TURNS:]
        yield {parts.box: "", parts.notice: "", parts.turns: self._messages(turns, kept.shown)}
        try:
            turns[-1] = new.answered(self._answer(turns, len(turns) - 1))
            shown, source = self._messages(turns, kept.shown), self._panel(turns, kept)
        except ShuttenError as error:
            trouble = problem(new.question, error, self.assistant.home)
            yield {
                parts.box: new.question,
                parts.notice: trouble,
                parts.turns: self._messages(before, kept.shown),
            }
            return
        yield {
            parts.turns: shown,
            parts.source: source,
            parts.answers: turns,
            parts.notice: _full(turns),
        }

    def restore(self, told: Any, turns: Turns, request: gr.Request) -> Changes:
        """Show what was asked before a reload, and after it what the address asks.

        The address may name a statement as well, which is shown then.
        """
        kept, query = from_json(told), dict(request.query_params)
        turns = self._known(kept, turns)
        linked, named = text_of(query.get("q")).strip(), text_of(query.get("s"))
        if linked and linked not in [turn.searched for turn in turns[-1:]]:
            turns = [*turns, Turn(linked, alone=True)][-MAX_TURNS:]
        known = not named or named in self.assistant.statement_ids()
        return {
            self.parts.turns: self._messages(turns, kept.shown),
            self.parts.source: self._panel(turns, kept),
            self.parts.answers: turns,
            self.parts.notice: _full(turns) if known else bilingual("no_such_statement"),
        }

    def fill(self, told: Any, turns: Turns, request: gr.Request) -> Iterator[Changes]:
        """Look for the answers that are missing, the last one first: it is the one in view.

        It ends when the reader has gone on, so that a newer question is never taken off the page.
        An answer that was found before, and did not reach the page, comes first of all.
        """
        begun = self.newest.count(request.session_hash)
        parts, kept = self.parts, from_json(told)
        turns, shown = self._known(kept, turns), set(kept.shown)
        missing = [number for number, turn in enumerate(turns) if turn.answer is None]
        yield {parts.turns: self._messages(turns, shown)}
        shown |= _keys(turns)
        if not self.gate.warm.is_set():
            yield {parts.notice: bilingual("warming")}
            self.gate.warm.wait(_WARMING)
            yield {parts.notice: _full(turns)}
        for number in reversed(missing):
            try:
                turns[number] = turns[number].answered(self._answer(turns, number))
                found, source = self._messages(turns, shown), self._panel(turns, kept)
            except ShuttenError as error:
                trouble = problem(turns[number].question, error, self.assistant.home)
                yield {parts.notice: trouble}
                return
            if self.newest.count(request.session_hash) != begun:
                return
            shown |= _keys(turns)
            yield {parts.turns: found, parts.source: source, parts.answers: list(turns)}

    def clear(self, told: Any, turns: Turns, request: gr.Request) -> Changes:
        """Forget all questions, but for what `unclear` needs."""
        self.newest.begin(request.session_hash)
        parts, kept = self.parts, from_json(told)
        turns = self._known(kept, turns)
        return {
            parts.box: "",
            parts.notice: bilingual("cleared") if turns else "",
            parts.turns: self._messages([], kept.shown),
            parts.source: self._panel([], kept),
            parts.answers: [],
            parts.cleared: turns,
            parts.undo: gr.update(visible=bool(turns)),
        }

    def unclear(self, told: Any, cleared: Turns) -> Changes:
        """Have again what was cleared last; `fill` finds answers that are missing."""
        parts, kept, turns = self.parts, from_json(told), self._standing(cleared)
        return {
            parts.turns: self._messages(turns, kept.shown),
            parts.notice: _full(turns),
            parts.source: self._panel(turns, kept),
            parts.answers: turns,
            parts.undo: gr.update(visible=False),
        }

    def as_markdown(self, told: Any, turns: Turns) -> str:
        """The conversation to read."""
        about = self.assistant.statement
        return conversation_to_markdown(self._all(told, turns), lambda name: about(name).provenance)

    def as_json(self, told: Any, turns: Turns) -> str:
        """The conversation with all that proves it, as `shutten verify` reads it."""
        rows = [answer.to_json() for answer in self._all(told, turns)]
        return json.dumps({"answers": rows}, ensure_ascii=False, indent=1)

    def _known(self, kept: Kept, turns: Turns) -> list[Turn]:
        """The turns, without answers that cite what has changed or gone since.

        After a restart of the server they are what the browser kept, without any answer.
        """
        if _asked(turns) != _asked(kept.turns):
            return list(kept.turns)
        return self._standing(turns)

    def _standing(self, turns: Turns) -> list[Turn]:
        """The turns, without answers that cite what is no longer there as it was."""
        known = set(self.assistant.statement_ids())
        cited = {name for turn in turns for name, _ in _cited(turn)}
        now = {(name, self.assistant.statement(name).source.sha256) for name in cited & known}
        return [one if _cited(one) <= now else replace(one, answer=None) for one in turns]

    def _all(self, told: Any, turns: Turns) -> list[Answer]:
        turns = self._known(from_json(told), turns)
        return [turn.answer or self._answer(turns, number) for number, turn in enumerate(turns)]

    def _messages(self, turns: Turns, shown: Iterable[str]) -> str:
        return messages(turns, self.assistant, frozenset(shown))

    def _panel(self, turns: Turns, kept: Kept) -> str:
        return panel(turns, self.assistant, kept.statements)

    def _answer(self, turns: Turns, number: int) -> Answer:
        with self.gate.turn():
            return self.assistant.ask(turns[number].question, history(turns, number))


def _asked(turns: Turns) -> list[tuple[str, bool]]:
    return [(one.question, one.alone) for one in turns]


def _cited(turn: Turn) -> set[tuple[str, str]]:
    """Statement and checksum of all that an answer cites."""
    return {(one.statement, one.sha256) for one in turn.answer.ranked} if turn.answer else set()


def _keys(turns: Turns) -> set[str]:
    return {key for turn in turns for key in keys_of(turn)}


def _full(turns: Turns) -> str:
    """That the oldest question goes with the next one, where it does."""
    return bilingual("full", MAX_TURNS, "status") if len(turns) == MAX_TURNS else ""
