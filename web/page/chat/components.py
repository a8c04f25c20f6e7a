"""The components of the chat that its events change."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import gradio as gr


@dataclass(frozen=True, slots=True)
class ChatComponents:
    """The components that events change.

    Attributes:
        box: Where a question is typed.
        turns: Questions and answers; see `web.page.chat.log_entries`.
        notice: What is wrong with a question, or another line above the box.
        source: The statement; see `web.page.source_panel`.
        answers: The turns so far, on the server.
        cleared: The turns that were cleared last, on the server.
        undo: Restores them. The style sheet shows it only while there are no turns.
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
        """All components, in the order of the fields."""
        return [getattr(self, component.name) for component in fields(self)]
