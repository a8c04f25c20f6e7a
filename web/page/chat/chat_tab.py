"""The first tab: questions on the left, the statement on the right."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr

from qa.assistant import Assistant
from web.gate import Gate
from web.page.chat.components import ChatComponents
from web.page.chat.events import Conversation
from web.page.chat.turns import Turn
from web.page.elements import html_value
from web.page.strings import translated
from web.page.welcome import welcome

_HIDDEN: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
# The inputs of an event end with the state of the browser and the turns on the server. The browser
# fills in the former. The latter never leaves the server.
_WITH_STATE = "(...inputs) => [...inputs.slice(0, -2), shutten.chat.state(), null]"
_BEGIN = "(...inputs) => [...inputs.slice(0, -2), shutten.chat.begin(), null]"
_BEGIN_AGAIN = "() => [shutten.chat.how(), shutten.chat.begin(), null]"
_CLEAR = "() => [shutten.chat.clear(), null]"
_REST = "source => shutten.chat.rest(source)"


def add(assistant: Assistant, gate: Gate, page: gr.Blocks) -> None:
    """Lay the tab out and connect its events."""
    with gr.Row(elem_id="shutten-columns"):
        with gr.Column(elem_id="shutten-chat"):
            turns = _turns(assistant)
            gr.HTML('<p role="status"></p>', elem_id="shutten-working", padding=False)
            notice = gr.HTML(elem_id="shutten-notice")
            gr.HTML(
                html_template='<div class="asking"></div>',
                js_on_load="shutten.choice.attach(element.querySelector('.asking'))",
                apply_default_css=False,
                elem_id="shutten-asking",
            )
            undo = gr.Button(translated("undo"), size="sm", visible=False, elem_id="shutten-undo")
            box = _box(len(assistant.statement_ids()))
            with gr.Row(elem_id="shutten-exports"):
                *exports, clear = (
                    gr.Button(translated(key), size="sm", variant="secondary")
                    for key in ("export_markdown", "export_json", "clear")
                )
        source = gr.HTML(
            html_template='<div class="source"></div>',
            js_on_load="shutten.attach(element, props, watch)",
            apply_default_css=False,
            elem_id="shutten-source",
        )
    components = ChatComponents(
        box=box,
        turns=turns,
        notice=notice,
        source=source,
        answers=gr.State(list[Turn]()),
        cleared=gr.State(list[Turn]()),
        undo=undo,
    )
    _connect(Conversation(assistant, gate, components), page, exports, clear)


def _connect(
    conversation: Conversation, page: gr.Blocks, exports: list[gr.Button], clear: gr.Button
) -> None:
    """Connect every event with its function.

    After a reload, missing answers are looked for until the next question is asked. The search goes
    on when that question is answered.
    """
    components, browser = conversation.components, gr.JSON(visible=False)
    state: list[Any] = [browser, components.answers]
    how = gr.JSON(visible=False)
    # `chat.js` presses these buttons.
    ask_again = gr.Button("", elem_id="shutten-again", visible="hidden")
    fill = gr.Button("", elem_id="shutten-fill", visible="hidden")
    asking: dict[str, Any] = {"concurrency_limit": None, **_HIDDEN}
    restoring: dict[str, Any] = {"js": _WITH_STATE, "concurrency_limit": None, **_HIDDEN}
    answering = [
        components.box.submit(
            conversation.submit, [components.box, *state], components.all, js=_BEGIN, **asking
        ),
        ask_again.click(
            conversation.ask_again, [how, *state], components.all, js=_BEGIN_AGAIN, **asking
        ),
    ]
    for event in answering:
        event.then(None, [components.source], None, js=_REST, **_HIDDEN)
    restored = page.load(conversation.restore, state, components.all, **restoring)
    filling = [
        listen(conversation.fill, state, components.all, **restoring)
        for listen in (fill.click, restored.then)
    ]
    for start in (components.box.submit, ask_again.click):
        # Each cancellation waits until the answer that is being looked for is found. So what a
        # click began is cancelled first: when the end of the list is reached, it may run again.
        start(None, cancels=[*filling, restored], **_HIDDEN)
    # No cancellation is needed here: whatever runs is outdated now, and shows nothing more.
    clear.click(conversation.clear, state, components.all, js=_CLEAR, **_HIDDEN)
    components.undo.click(
        conversation.undo_clear,
        [browser, components.cleared],
        components.all,
        js=_WITH_STATE,
        **_HIDDEN,
    )
    _connect_exports(conversation, exports, state)


def _connect_exports(
    conversation: Conversation, buttons: list[gr.Button], state: list[Any]
) -> None:
    """Let the buttons save the conversation as files."""
    export = gr.Textbox(visible=False)
    for button, write, name in zip(
        buttons,
        (conversation.export_markdown, conversation.export_json),
        ("shutten.md", "shutten.json"),
        strict=True,
    ):
        button.click(write, state, [export], js=_WITH_STATE, **_HIDDEN).success(
            None, [export], None, js=f"text => shutten.save({json.dumps(name)}, text)"
        )


def _turns(assistant: Assistant) -> gr.HTML:
    """Return the log of questions and answers.

    It is no `gr.Chatbot`, because that one draws the whole conversation again at every change.
    """
    return gr.HTML(
        html_value({"welcome": welcome(assistant.summaries().values())}),
        html_template='<div class="turns"></div>',
        js_on_load="shutten.turns.attach(element, props, watch)",
        apply_default_css=False,
        elem_id="shutten-turns",
    )


def _box(statements: int) -> gr.Textbox:
    words = translated("ask_many" if statements > 1 else "ask")
    return gr.Textbox(
        placeholder=words,
        label=words,
        show_label=False,
        container=False,
        submit_btn=True,
        max_lines=6,
        autofocus=True,
        elem_id="shutten-box",
    )
