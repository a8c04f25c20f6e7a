"""What the page says, in both languages: `words.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gradio as gr

HERE = Path(__file__).parent
STATIC = HERE / "static"
TABLE: dict[str, Any] = json.loads((HERE / "words.json").read_text("utf-8"))
WORDS: dict[str, dict[str, str]] = {code: TABLE[code] for code in ("en", "ja")}
HEADER = "".join(TABLE["header"])
TRANSLATIONS = gr.I18n(
    **{
        code: {f"shutten_{key}": text for key, text in words.items()}
        for code, words in WORDS.items()
    }
)


def said(key: str) -> Any:
    """A word of the page in the language of the browser."""
    return TRANSLATIONS(f"shutten_{key}")
