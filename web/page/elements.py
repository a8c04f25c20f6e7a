"""Small pieces of HTML, and the escaping of everything that stands in them. All are pure.

No character of a question or a source can act as markup on the page: every character that means
something to HTML, or to the templates of `gr.HTML`, is written as a character reference.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_SPECIAL = re.compile(r"[\x00\r\"$&'<>`{}]")


def escaped(text: str) -> str:
    """Return text as HTML whose `textContent` is the same text again.

    NUL becomes U+FFFD, since HTML cannot hold it.
    """
    return _SPECIAL.sub(lambda match: f"&#{ord(match[0]) or 0xFFFD};", text)


def html_value(data: Any) -> str:
    """Return data as JSON for the value of a `gr.HTML`, which must not find any tag in it."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def in_each(lines: Mapping[str, str]) -> str:
    """Return lines by the language of the page, of which the style sheet shows one."""
    return "".join(
        f'<span class="ui-{language}">{escaped(line)}</span>' for language, line in lines.items()
    )


def buttons(keys: Mapping[str, str], texts: Mapping[str, str]) -> str:
    """Return buttons for `page.js`.

    Args:
        keys: The key of each button's text, by the value of the button.
        texts: The texts.
    """
    return " ".join(
        f'<button type="button" value="{value}">{escaped(texts[key])}</button>'
        for value, key in keys.items()
    )


def paragraph(kind: str, text: str) -> str:
    """Return text as a paragraph; empty if there is no text."""
    return f'<p class="{kind}">{escaped(text)}</p>' if text else ""
