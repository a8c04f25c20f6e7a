"""The texts of the page in both languages, for Gradio and for the scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from qa.rendering.messages import LANGUAGES, messages, section

STATIC = Path(__file__).parent / "static"
TEXTS = {language: messages(language) for language in LANGUAGES}
# What the scripts say themselves.
SCRIPT_TEXTS = {
    language: {key: texts[language] for key, texts in section("page_scripts").items()}
    for language in LANGUAGES
}
TRANSLATIONS = gr.I18n(
    **{
        language: {
            f"shutten_{key}": texts[language]
            for name in ("page", "page_measuring")
            for key, texts in section(name).items()
        }
        for language in LANGUAGES
    }
)


def translated(key: str) -> Any:
    """Return a text that Gradio shows in the language of the browser."""
    return TRANSLATIONS(f"shutten_{key}")
