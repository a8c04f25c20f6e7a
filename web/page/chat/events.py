"""The events of the chat: a question is asked, asked again, restored, cleared or exported."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from corpus.errors import ShuttenError
from qa.answers.answer import Answer
from qa.assistant import Assistant
from qa.rendering.markdown import conversation_to_markdown
from qa.rendering.outline import cited_provenance
from qa.scope.filters import Within
from web.gate import Gate
from web.page.chat.choices import choice_from_query
from web.page.chat.components import ChatComponents
from web.page.chat.event_order import EventOrder
from web.page.chat.log_entries import entry_keys, log_value, new_entries
from web.page.chat.turns import (
    MAX_TURNS,
    BrowserState,
    Turn,
    asked_again,
    current_turns,
    history,
    parse_browser_state,
    text_or_empty,
    without_outdated_answers,
)
from web.page.notices import bilingual, problem, trouble
from web.page.source_panel import panel
from web.page.statements import StatementLists, Summaries

_WARM_UP_SECONDS = 60.0
Turns = Sequence[Turn]
Changes = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Conversation:
    """The functions that Gradio calls for the events of the chat.

    Each gets the state of the browser, which `parse_browser_state` reads, and the turns on the
    server, which are gone after a restart. No text of a statement is read for them, and an event
    renders a turn at most once.

    Attributes:
        assistant: Answers the questions.
        gate: Gives out the turns of questions.
        components: The components that are changed.
        order: Knows which events are outdated.
        lists: Makes the list of statements beside the chat.
    """

    assistant: Assistant
    gate: Gate
    components: ChatComponents
    order: EventOrder = field(default_factory=EventOrder)
    lists: StatementLists = field(default_factory=StatementLists)

    # Gradio names its endpoints after functions, and `ask` is the one for programs.
    def submit(
        self, question: Any, browser: Any, turns: Turns, request: gr.Request
    ) -> Iterator[Changes]:
        """Show a question, then its answer."""
        state = self._begin(browser, request)
        new = Turn(text_or_empty(question), within=Within(state.chosen))
        steps = self._submitted(new, turns, state)
        yield from self._until_outdated(steps, state, request)

    def _submitted(self, new: Turn, turns: Turns, state: BrowserState) -> Iterator[Changes]:
        """Give the steps of `submit`."""
        statements = self.assistant.summaries()
        yield from self._add_turn(new, current_turns(state, turns, statements), statements, state)

    def ask_again(
        self, how: Any, browser: Any, turns: Turns, request: gr.Request
    ) -> Iterator[Changes]:
        """Ask a question again in another way; see `asked_again`.

        The last question is answered again where it stands. An earlier one is asked as the newest
        instead, because later questions may follow it up as it was understood then.
        """
        state = self._begin(browser, request)
        yield from self._until_outdated(self._asked_again(how, turns, state), state, request)

    def _asked_again(self, how: Any, turns: Turns, state: BrowserState) -> Iterator[Changes]:
        """Give the steps of `ask_again`."""
        statements = self.assistant.summaries()
        earlier = current_turns(state, turns, statements)
        new = asked_again(how, earlier)
        if new is None:
            yield self._no_changes
            return
        if how["turn"] == len(earlier) - 1:
            earlier.pop()
        yield from self._add_turn(new, earlier, statements, state)

    def _begin(self, browser: Any, request: gr.Request) -> BrowserState:
        """Begin an event. The earlier events of the session change nothing from now on."""
        state = parse_browser_state(browser)
        self.order.begin(request.session_hash, state.event)
        return state

    def _until_outdated(
        self, steps: Iterator[Changes], state: BrowserState, request: gr.Request
    ) -> Iterator[Changes]:
        """Take the steps of an event until a newer one has begun, or one fails."""
        try:
            for changes in steps:
                if self.order.is_outdated(request.session_hash, state.event):
                    yield self._no_changes
                    return
                yield changes
        except ShuttenError as error:
            yield self._failed(error)

    def _failed(self, error: ShuttenError) -> Changes:
        """Return the step that only says what went wrong."""
        return {self.components.notice: trouble(error, self.assistant.home)}

    @property
    def _no_changes(self) -> Changes:
        """The step that changes nothing. Without any step, Gradio would empty all components."""
        return {self.components.box: gr.skip()}

    def _add_turn(
        self,
        new: Turn,
        earlier: Turns,
        statements: Summaries,
        state: BrowserState,
    ) -> Iterator[Changes]:
        """Show a new turn without and then with its answer.

        The second step repeats the entries of the first, which the page may have missed.
        """
        components, turns = self.components, [*earlier, new][-MAX_TURNS:]
        entries = new_entries(turns, statements, state.shown)
        yield {
            components.box: "",
            components.notice: "",
            components.turns: log_value(turns, entries, state.event),
        }
        try:
            turns[-1] = new.answered(self._answer(turns, len(turns) - 1))
            statements = self._with_quoted(turns[-1])
        except ShuttenError as error:
            yield {
                components.box: new.question,
                components.notice: problem(new.question, error, self.assistant.home),
                components.turns: log_value(earlier, entries, state.event),
            }
            return
        entries |= new_entries(turns, statements, state.shown | entries.keys())
        yield {
            components.turns: log_value(turns, entries, state.event),
            components.source: self._panel(turns, statements, state),
            components.answers: turns,
            components.notice: _full_notice(turns),
        }

    def restore(self, browser: Any, turns: Turns, request: gr.Request) -> Changes:
        """Show what was asked before a reload, and then the question in the address.

        The address may also name statements: `s` for the one that the panel shows, or for several
        that are chosen to be asked; `in` for those that its question is asked of.
        """
        state, query = parse_browser_state(browser), _query(request)
        return self._shown(lambda statements: self._restored(statements, state, turns, query))

    def _shown(self, show: Callable[[Summaries], Changes]) -> Changes:
        """Return what a function shows of the statements, or why they cannot be read."""
        try:
            return show(self.assistant.summaries())
        except ShuttenError as error:
            return self._failed(error)

    def _restored(
        self,
        statements: Summaries,
        state: BrowserState,
        turns: Turns,
        query: Mapping[str, list[str]],
    ) -> Changes:
        """Return what `restore` shows."""
        turns = current_turns(state, turns, statements)
        linked = "".join(query.get("q", [])[:1]).strip()
        within = choice_from_query(query.get("in", []))
        if linked and (linked, within) not in [(turn.searched, turn.within) for turn in turns[-1:]]:
            turns = [*turns, Turn(linked, alone=True, within=within)][-MAX_TURNS:]
        missing = {*query.get("s", []), *within.statements} - statements.keys()
        return {
            **self._conversation(turns, statements, state),
            self.components.answers: turns,
            self.components.notice: (
                bilingual("no_such_statement") if missing else _full_notice(turns)
            ),
        }

    def fill(self, browser: Any, turns: Turns, request: gr.Request) -> Iterator[Changes]:
        """Find the answers that are missing, the last one first, because that one is in view.

        An answer that was found before, but did not reach the page, is shown before that. The
        event ends when a newer one has begun, so that no newer question is taken off the page.
        """
        state = parse_browser_state(browser)
        yield from self._until_outdated(self._fill(turns, state), state, request)

    def _fill(self, turns: Turns, state: BrowserState) -> Iterator[Changes]:
        """Give the steps of `fill`."""
        components, statements = self.components, self.assistant.summaries()
        turns = current_turns(state, turns, statements)
        missing = [number for number, turn in enumerate(turns) if turn.answer is None]
        entries = new_entries(turns, statements, state.shown)
        yield {components.turns: log_value(turns, entries, state.event)}
        shown = {*state.shown, *entry_keys(turns)}
        if not self.gate.warm.is_set():
            yield {components.notice: bilingual("warming")}
            self.gate.warm.wait(_WARM_UP_SECONDS)
            yield {components.notice: _full_notice(turns)}
        for number in reversed(missing):
            try:
                turns[number] = turns[number].answered(self._answer(turns, number))
                statements = self._with_quoted(turns[number])
            except ShuttenError as error:
                line = problem(turns[number].question, error, self.assistant.home)
                yield {components.notice: line}
                return
            entries = new_entries(turns, statements, shown)
            yield {
                components.turns: log_value(turns, entries, state.event),
                components.source: self._panel(turns, statements, state),
                components.answers: list(turns),
            }
            shown.add(turns[number].answer_key)

    def clear(self, browser: Any, turns: Turns, request: gr.Request) -> Changes:
        """Remove all turns, but keep them for `undo_clear`."""
        state = self._begin(browser, request)
        return self._shown(lambda statements: self._cleared(statements, state, turns))

    def _cleared(self, statements: Summaries, state: BrowserState, turns: Turns) -> Changes:
        """Return what `clear` shows."""
        components, turns = self.components, current_turns(state, turns, statements)
        return {
            **self._conversation([], statements, state),
            components.box: "",
            components.notice: bilingual("cleared", role="status") if turns else "",
            components.answers: [],
            components.cleared: turns,
            components.undo: gr.update(visible=bool(turns)),
        }

    def undo_clear(self, browser: Any, cleared: Turns) -> Changes:
        """Show the turns again that were cleared last. `fill` finds answers that are missing."""
        state = parse_browser_state(browser)
        return self._shown(lambda statements: self._undone(statements, state, cleared))

    def _undone(self, statements: Summaries, state: BrowserState, cleared: Turns) -> Changes:
        """Return what `undo_clear` shows."""
        components, turns = self.components, without_outdated_answers(cleared, statements)
        return {
            **self._conversation(turns, statements, state),
            components.notice: _full_notice(turns),
            components.answers: turns,
            components.undo: gr.update(visible=False),
        }

    def _conversation(self, turns: Turns, statements: Summaries, state: BrowserState) -> Changes:
        """Return the changes that show these turns, and the statement beside them."""
        entries = new_entries(turns, statements, state.shown)
        return {
            self.components.turns: log_value(turns, entries, state.event),
            self.components.source: self._panel(turns, statements, state),
        }

    def _panel(self, turns: Turns, statements: Summaries, state: BrowserState) -> str:
        return panel(turns, self.lists.of(statements), state)

    def export_markdown(self, browser: Any, turns: Turns) -> str:
        """Return the conversation as Markdown, to read."""
        answers = self._all_answers(browser, turns)
        quotes = [quote for answer in answers for quote in answer.ranked]
        return conversation_to_markdown(answers, cited_provenance(quotes, self.assistant.statement))

    def export_json(self, browser: Any, turns: Turns) -> str:
        """Return the conversation as JSON, which `shutten verify` can check."""
        rows = [answer.to_json() for answer in self._all_answers(browser, turns)]
        return json.dumps({"answers": rows}, ensure_ascii=False, indent=1)

    def _all_answers(self, browser: Any, turns: Turns) -> list[Answer]:
        """Return the answers of all turns. Those that are missing are found first."""
        state = parse_browser_state(browser)
        turns = current_turns(state, turns, self.assistant.summaries())
        return [turn.answer or self._answer(turns, number) for number, turn in enumerate(turns)]

    def _answer(self, turns: Turns, number: int) -> Answer:
        with self.gate.turn():
            return self.assistant.ask(
                turns[number].question, history(turns, number), within=turns[number].within
            )

    def _with_quoted(self, turn: Turn) -> Summaries:
        """Return the summaries of all statements.

        Raises:
            ShuttenError: A statement that the answer of `turn` cites was removed.
        """
        summaries = self.assistant.summaries()
        for name in {quote.statement for quote in turn.cited} - summaries.keys():
            self.assistant.statement(name)  # raises the error that says so
        return summaries


def _query(request: gr.Request) -> dict[str, list[str]]:
    """Return the parameters of the address, each with all its values."""
    query: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        query.setdefault(name, []).append(value)
    return query


def _full_notice(turns: Turns) -> str:
    """Return that the next question drops the oldest one; empty while there is room."""
    return bilingual("full", MAX_TURNS, "status") if len(turns) == MAX_TURNS else ""
