"""The page as Gradio builds it: two tabs, and one endpoint for `gradio_client`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import gradio as gr
from gradio.events import api

from corpus.errors import ShuttenError
from qa.assistant import Assistant
from qa.questions.checks import MAX_QUESTION
from qa.rendering.messages import LANGUAGES, section
from qa.scope.filters import Within
from web.errors import for_client
from web.gate import Gate
from web.page.chat import chat_tab
from web.page.chat.choices import MAX_CHOSEN
from web.page.chat.turns import parse_history, text_or_empty
from web.page.elements import html_value
from web.page.measuring import measuring_tab
from web.page.measuring.run_queue import Runs
from web.page.strings import SCRIPT_TEXTS, STATIC, translated
from web.page.welcome import header

# In the order in which they run: each uses only those before it.
SCRIPTS = (
    "base.js",
    "box.js",
    "fold.js",
    "search.js",
    "about.js",
    "library/choice.js",
    "library/list.js",
    "original.js",
    "statement.js",
    "library/panel.js",
    "library/examples.js",
    "turns.js",
    "chat.js",
    "remarks.js",
    "page.js",
)
STYLES = ("page.css", "library/library.css", "original.css")
# Only where readers may add statements.
UPLOAD_SCRIPTS = (
    "library/dialog.js",
    "library/facts_form.js",
    "library/sending.js",
    "library/preview.js",
    "library/upload_row.js",
    "library/adding.js",
    "library/correcting.js",
)
UPLOAD_STYLES = ("library/adding.css",)
UPLOAD_TEXTS = {
    language: {
        key: texts[language]
        for name in ("page_uploads", "facts")
        for key, texts in section(name).items()
    }
    for language in LANGUAGES
}
THEME = gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["monospace"])


def build(assistant: Assistant, gate: Gate, runs: Runs, uploads: bool = False) -> gr.Blocks:
    """Return the page, with its one public endpoint `/ask`.

    Args:
        assistant: Answers the questions of all sessions.
        gate: Gives out the turns of questions.
        runs: Runs question sets.
        uploads: Whether readers may add statements.
    """

    def ask(
        question: str, history: list[str] | None = None, within: dict[str, Any] | None = None
    ) -> str:
        """Answer a question with verbatim quotes of the statements, or say they are silent.

        Args:
            question: The question, in any language.
            history: Earlier questions of the same conversation, oldest first.
            within: Which statements are searched, such as `{"parties": ["India"]}`.

        Returns:
            The answer as JSON: status, quotes with offsets, nearest passages, confidence.
        """
        try:
            with gate.turn():
                answer = assistant.ask(
                    text_or_empty(question), parse_history(history), within=Within.of(within)
                )
        except ShuttenError as error:
            raise gr.Error(for_client(error, assistant.home)[0], print_exception=False) from None
        return json.dumps(answer.to_json(), ensure_ascii=False)

    page: gr.Blocks
    with gr.Blocks(title="Shutten 出典", fill_width=True) as page:
        gr.HTML(header(len(assistant.statement_ids()), uploads), elem_id="shutten-header")
        with gr.Tabs(elem_id="shutten-tabs"):
            with gr.Tab(translated("tab_ask"), id="ask"):
                chat_tab.add(assistant, gate, page)
            with gr.Tab(translated("tab_measure"), id="measure"):
                measuring_tab.add(assistant, gate, runs)
        api(ask, api_name="ask", concurrency_limit=None)
    page.queue(max_size=64, default_concurrency_limit=2)
    return page


def head(upload_limits: Mapping[str, int] | None = None) -> str:
    """Return the style sheet, the texts and the scripts, for the head of the page.

    Args:
        upload_limits: What readers may upload; None if they may upload nothing.
    """
    most = {"question": MAX_QUESTION, "chosen": MAX_CHOSEN, **(upload_limits or {})}
    texts, scripts, styles = SCRIPT_TEXTS, list(SCRIPTS), list(STYLES)
    if upload_limits:
        texts = {language: texts[language] | UPLOAD_TEXTS[language] for language in texts}
        scripts += UPLOAD_SCRIPTS
        styles += UPLOAD_STYLES
    words, numbers = html_value(texts), json.dumps(most)
    codes = [
        f"window.shuttenWords = {words}; window.shuttenMost = {numbers};",
        *map(_read, scripts),
    ]
    return "".join(
        [
            *(f"<style>{_read(name)}</style>" for name in styles),
            *(f"<script>{code}</script>" for code in codes),
        ]
    )


def early() -> str:
    """Return the style sheet and the script that come before Gradio's own."""
    return f"<style>{_read('early.css')}</style><script>{_read('early.js')}</script>"


def _read(name: str) -> str:
    return (STATIC / name).read_text("utf-8")
