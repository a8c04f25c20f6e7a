"""The first tab: questions on the left, the statement on the right."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from corpus.errors import ShuttenError
from qa.answer import Answer
from qa.assistant import MAX_HISTORY, MAX_QUESTION, Assistant
from qa.rendering import conversation_to_markdown
from web.gate import Gate
from web.markup import answer_turn, bilingual, problem, user_turn, welcome
from web.panel import panel
from web.words import said

# So many questions of a session are shown and kept, in the browser, and asked anew when it
# reloads. The longest of them still pass `web.guard.MAX_BODY` together.
MAX_TURNS = MAX_HISTORY
_WARMING = 60.0  # seconds
_BARE: dict[str, Any] = {"show_label": False, "container": False}
_HIDDEN: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


@dataclass(frozen=True, slots=True)
class Parts:
    """The components that events change.

    Attributes:
        box: Where a question is typed.
        turns: Questions and answers.
        notice: What is wrong with a question.
        source: The statement, as `web.panel` gives it.
        stored: The questions so far, in the browser.
        answers: The answers so far, on the server.
        cleared: The questions and answers that were cleared last.
        undo: Has them again; seen only while there are no others (`page.css`).
    """

    box: gr.Textbox
    turns: gr.Chatbot
    notice: gr.HTML
    source: gr.HTML
    stored: gr.BrowserState
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

    Attributes:
        assistant: Answers.
        gate: What each question waits at.
        parts: What is changed by it.
    """

    assistant: Assistant
    gate: Gate
    parts: Parts

    def turn(self, question: Any, asked: Any, answers: list[Answer]) -> Iterator[dict[Any, Any]]:
        """Show the question, then its answer.

        The turns are made anew from the answers, so that the page never sends them.
        """
        parts, question, history = self.parts, text_of(question), _recent(asked)
        before = self._chat(answers) if self._current(history, answers) else gr.skip()
        asking = [*before, user_turn(question)] if isinstance(before, list) else before
        yield {parts.box: "", parts.notice: "", parts.turns: asking}
        try:
            answers = self._kept(history, answers)
            answers = [*answers, self._ask(question, history)][-MAX_TURNS:]
            chat, source = self._chat(answers), panel(answers[-1:], self.assistant)
        except ShuttenError as error:
            trouble = problem(question, error)
            yield {parts.box: question, parts.notice: trouble, parts.turns: before}
            return
        yield {
            parts.turns: chat,
            parts.source: source,
            parts.stored: [one.question for one in answers],
            parts.answers: answers,
        }

    def restore(self, asked: Any, request: gr.Request) -> Iterator[dict[Any, Any]]:
        """Ask anew what was asked before a reload, and after it what the address asks.

        The address may name a statement as well, whose passage it leads to.
        """
        parts, history, query = self.parts, _recent(asked), dict(request.query_params)
        linked, named = text_of(query.get("q")).strip(), text_of(query.get("s"))
        warm = self.gate.warm.is_set()
        yield {
            parts.source: panel([], self.assistant, named),
            parts.notice: "" if warm else bilingual("warming"),
        }
        self.gate.warm.wait(_WARMING)
        try:
            answers = self._kept(history, [])
            if linked and linked not in [one.searched for one in answers[-1:]]:
                answers = [*answers, self._ask(linked, [])][-MAX_TURNS:]
            chat, source = self._chat(answers), panel(answers, self.assistant, named)
        except ShuttenError as error:
            yield {parts.notice: problem("?", error)}
            return
        yield {
            parts.turns: chat,
            parts.notice: "",
            parts.source: source,
            parts.stored: [one.question for one in answers],
            parts.answers: answers,
        }

    def clear(self, asked: Any, answers: list[Answer]) -> dict[Any, Any]:
        """Forget all questions, but for what `undo` needs."""
        parts, history = self.parts, _recent(asked)
        return {
            parts.box: "",
            parts.notice: bilingual("cleared") if history else "",
            parts.source: panel([], self.assistant),
            parts.stored: [],
            parts.answers: [],
            parts.cleared: (history, answers),
            parts.undo: gr.update(visible=bool(history)),
        }

    def restored(self, cleared: tuple[list[str], list[Answer]]) -> dict[Any, Any]:
        """Have again what was cleared last."""
        parts = self.parts
        answers = self._kept(*cleared)
        return {
            parts.turns: self._chat(answers),
            parts.notice: "",
            parts.source: panel(answers, self.assistant),
            parts.stored: [one.question for one in answers],
            parts.answers: answers,
            parts.undo: gr.update(visible=False),
        }

    def as_markdown(self, asked: Any, answers: Sequence[Answer]) -> str:
        """The conversation to read."""
        about = self.assistant.statement
        kept = self._kept(_recent(asked), answers)
        return conversation_to_markdown(kept, lambda name: about(name).provenance)

    def as_json(self, asked: Any, answers: Sequence[Answer]) -> str:
        """The conversation with all that proves it, as `shutten verify` reads it."""
        rows = [answer.to_json() for answer in self._kept(_recent(asked), answers)]
        return json.dumps({"answers": rows}, ensure_ascii=False, indent=1)

    def _kept(self, history: Sequence[str], answers: Sequence[Answer]) -> list[Answer]:
        """The answers; anew after a restart of the server, or where a statement has changed."""
        if self._current(history, answers):
            return list(answers)
        return [self._ask(one, history[:number]) for number, one in enumerate(history)]

    def _current(self, history: Sequence[str], answers: Sequence[Answer]) -> bool:
        """Whether these are the answers to those questions, and what they cite still stands."""
        known = self.assistant.statement_ids()
        cited = {(one.statement, one.sha256) for answer in answers for one in answer.ranked}
        return [one.question for one in answers] == list(history) and all(
            name in known and self.assistant.statement(name).source.sha256 == checksum
            for name, checksum in cited
        )

    def _chat(self, answers: Sequence[Answer]) -> list[gr.MessageDict]:
        return [
            turn
            for answer in answers
            for turn in (user_turn(answer.question), answer_turn(answer, self.assistant))
        ]

    def _ask(self, question: str, history: Sequence[str]) -> Answer:
        with self.gate.turn():
            return self.assistant.ask(question, history)


def add(assistant: Assistant, gate: Gate, page: gr.Blocks) -> None:
    """Lay the tab out and connect it."""
    # A fixed key and secret: with random ones a restarted server would forget the session.
    stored = gr.BrowserState([], storage_key="shutten", secret="questions")  # noqa: S106
    answers = gr.State(list[Answer]())
    with gr.Row(elem_id="shutten-columns"):
        with gr.Column(elem_id="shutten-chat"):
            turns = _turns(assistant)
            notice = gr.HTML(elem_id="shutten-notice")
            undo = gr.Button(said("undo"), size="sm", visible=False, elem_id="shutten-undo")
            box = _box()
            with gr.Row(elem_id="shutten-exports"):
                exports = [
                    gr.Button(said(f"export_{kind}"), size="sm", variant="secondary")
                    for kind in ("markdown", "json")
                ]
        source = gr.HTML(
            html_template='<div class="source"></div>',
            js_on_load="shutten.attach(element, props, watch)",
            apply_default_css=False,
            elem_id="shutten-source",
        )
    cleared = gr.State((list[str](), list[Answer]()))
    parts = Parts(box, turns, notice, source, stored, answers, cleared, undo)
    talk = Conversation(assistant, gate, parts)
    queued: dict[str, Any] = {"concurrency_limit": None, **_HIDDEN}
    pending: list[Any] = [
        box.submit(talk.turn, [box, stored, answers], parts.all, **queued),
        page.load(talk.restore, [stored], parts.all, **queued),
    ]
    turns.clear(talk.clear, [stored, answers], parts.all, cancels=pending, **_HIDDEN)
    undo.click(talk.restored, [cleared], parts.all, **_HIDDEN)
    kept = gr.Textbox(visible=False)
    for button, write, name in zip(
        exports, (talk.as_markdown, talk.as_json), ("shutten.md", "shutten.json"), strict=True
    ):
        button.click(write, [stored, answers], [kept], **_HIDDEN).success(
            None, [kept], None, js=f"text => shutten.save({json.dumps(name)}, text)"
        )


def _turns(assistant: Assistant) -> gr.Chatbot:
    return gr.Chatbot(
        placeholder=welcome(assistant),
        elem_id="shutten-turns",
        **_BARE,
        layout="panel",
        latex_delimiters=[],
        allow_tags=False,
        # page.js shows a new question at the top; its answer may be a long one.
        autoscroll=False,
        buttons=[],
    )


def _box() -> gr.Textbox:
    return gr.Textbox(
        placeholder=said("ask"),
        label=said("ask"),
        **_BARE,
        submit_btn=True,
        max_lines=6,
        autofocus=True,
        elem_id="shutten-box",
    )


def text_of(value: Any) -> str:
    """A text as a browser or a client sends it, which may be anything."""
    return value if isinstance(value, str) else ""


def questions_of(value: Any) -> list[str]:
    """Earlier questions as a browser or a client sends them, which may be anything."""
    texts = [text_of(one) for one in value] if isinstance(value, list) else []
    return [one for one in texts if one.strip() and len(one) <= MAX_QUESTION]


def _recent(value: Any) -> list[str]:
    return questions_of(value)[-MAX_TURNS:]
