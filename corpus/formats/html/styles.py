"""Reads the `style` attribute of an element: the few properties that change what is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_WORD_LEVEL = re.compile(r"\blevel(\d{1,2})\b")


@dataclass(frozen=True, slots=True)
class Style:
    """What a `style` attribute says.

    Attributes:
        hidden: Whether the element is not shown.
        block: Whether it stands on lines of its own.
        preformatted: Whether the ends of lines in the file are shown.
        superscript: Whether the words are raised.
        struck: Whether the words are struck out.
        unmarked: Whether the items of a list have no marker.
        list_type: How the items of a list are numbered, one of `LIST_TYPES`; empty if not said.
        word_level: The depth of an item of a list that Word wrote, from 1; 0 for anything else.
        word_marker: Whether Word wrote the marker of such an item here.
    """

    hidden: bool = False
    block: bool = False
    preformatted: bool = False
    superscript: bool = False
    struck: bool = False
    unmarked: bool = False
    list_type: str = ""
    word_level: int = 0
    word_marker: bool = False


PLAIN = Style()
LIST_TYPES = {
    "decimal": "1",
    "lower-alpha": "a",
    "lower-latin": "a",
    "lower-roman": "i",
    "upper-alpha": "A",
    "upper-latin": "A",
    "upper-roman": "I",
}


@lru_cache(maxsize=4096)
def read_style(declarations: str) -> Style:
    """Read the value of a `style` attribute."""
    values = dict(_declaration(part) for part in declarations.lower().split(";"))
    display, mso_list = values.get("display", ""), values.get("mso-list", "")
    level = _WORD_LEVEL.search(mso_list)
    list_style = f"{values.get('list-style', '')} {values.get('list-style-type', '')}"
    return Style(
        hidden=display == "none" or values.get("visibility") in ("hidden", "collapse"),
        block=display in ("block", "flex", "grid", "list-item", "table"),
        preformatted=values.get("white-space", "").startswith(("pre", "break-spaces")),
        superscript=values.get("vertical-align") == "super",
        struck="line-through" in f"{values.get('text-decoration')} "
        f"{values.get('text-decoration-line')}",
        unmarked="none" in list_style.split(),
        list_type=next((word for word in list_style.split() if word in LIST_TYPES), ""),
        word_level=int(level.group(1)) if level else 0,
        word_marker=mso_list == "ignore",
    )


def _declaration(part: str) -> tuple[str, str]:
    name, _, value = part.partition(":")
    return name.strip(), value.replace("!important", "").strip()
