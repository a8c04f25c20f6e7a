"""The first tab: questions on the left, the statement on the right."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr

from qa.assistant import Assistant
from web.gate import Gate
from web.page.chat.events import Conversation, Parts
from web.page.chat.messages import as_value
from web.page.chat.turns import Turn
from web.page.markup import welcome
from web.page.strings import said

_BARE: dict[str, Any] = {"show_label": False, "container": False}
_HIDDEN: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
# The browser puts in what it has, where the component before the last one stands. The state
# of the server, the last one, never leaves it.
_KEPT = "(...given) => [...given.slice(0, -2), shutten.chat.told(), null]"
_BUSY = "(...given) => [...given.slice(0, -2), shutten.chat.begin(), null]"
_IDLE = "source => shutten.chat.rest(source)"


def add(assistant: Assistant, gate: Gate, page: gr.Blocks) -> None:
    """Lay the tab out and connect it."""
    with gr.Row(elem_id="shutten-columns"):
        with gr.Column(elem_id="shutten-chat"):
            turns = _turns(assistant)
            gr.HTML('<p role="status"></p>', elem_id="shutten-working", padding=False)
            notice = gr.HTML(elem_id="shutten-notice")
            undo = gr.Button(said("undo"), size="sm", visible=False, elem_id="shutten-undo")
            box = _box()
            with gr.Row(elem_id="shutten-exports"):
                *exports, clear = (
                    gr.Button(said(key), size="sm", variant="secondary")
                    for key in ("export_markdown", "export_json", "clear")
                )
        source = gr.HTML(
            html_template='<div class="source"></div>',
            js_on_load="shutten.attach(element, props, watch)",
            apply_default_css=False,
            elem_id="shutten-source",
        )
    parts = Parts(box, turns, notice, source, gr.State(list[Turn]()), gr.State(list[Turn]()), undo)
    _connect(Conversation(assistant, gate, parts), page, exports, clear)


def _connect(
    talk: Conversation, page: gr.Blocks, exports: list[gr.Button], clear: gr.Button
) -> None:
    """Let every event do its work.

    Answers that are missing after a reload are looked for until the next question comes, and
    again when it is answered.
    """
    parts, told = talk.parts, gr.JSON(visible=False)
    kept: list[Any] = [told, parts.answers]
    number = gr.Number(visible=False, precision=0)
    # `chat.js` presses them.
    alone = gr.Button("", elem_id="shutten-alone", visible="hidden")
    more = gr.Button("", elem_id="shutten-fill", visible="hidden")
    busy: dict[str, Any] = {"js": _BUSY, "concurrency_limit": None, **_HIDDEN}
    quiet: dict[str, Any] = {"js": _KEPT, "concurrency_limit": None, **_HIDDEN}
    answering = [
        parts.box.submit(talk.put, [parts.box, *kept], parts.all, **busy),
        alone.click(
            talk.ask_alone,
            [number, *kept],
            parts.all,
            **busy | {"js": "() => [shutten.chat.chosen(), shutten.chat.begin(), null]"},
        ),
    ]
    for one in answering:
        one.then(None, [parts.source], None, js=_IDLE, **_HIDDEN)
    restored = page.load(talk.restore, kept, parts.all, **quiet)
    filling = [
        listen(talk.fill, kept, parts.all, **quiet) for listen in (more.click, restored.then)
    ]
    starting = (parts.box.submit, alone.click)
    for start in starting:
        # One after the other, and each takes until the answer that is being looked for is found.
        # What a click began comes first: by the end of the list it may have been begun anew.
        start(None, cancels=[*filling, restored], **_HIDDEN)
    running = [*filling, *answering, restored]
    clear.click(talk.clear, kept, parts.all, js=_KEPT, cancels=running, **_HIDDEN).then(
        None, [parts.source], None, js=_IDLE, **_HIDDEN
    )
    parts.undo.click(talk.unclear, [told, parts.cleared], parts.all, js=_KEPT, **_HIDDEN)
    written = gr.Textbox(visible=False)
    for button, write, name in zip(
        exports, (talk.as_markdown, talk.as_json), ("shutten.md", "shutten.json"), strict=True
    ):
        button.click(write, kept, [written], js=_KEPT, **_HIDDEN).success(
            None, [written], None, js=f"text => shutten.save({json.dumps(name)}, text)"
        )


def _turns(assistant: Assistant) -> gr.HTML:
    """Not a `gr.Chatbot`, which draws the whole conversation anew whenever it changes."""
    return gr.HTML(
        as_value({"welcome": welcome(assistant)}),
        html_template='<div class="turns"></div>',
        js_on_load="shutten.turns.attach(element, props, watch)",
        apply_default_css=False,
        elem_id="shutten-turns",
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
