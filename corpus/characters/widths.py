"""Widths of characters in columns, as in a terminal or a plain text file."""

from __future__ import annotations

import unicodedata

_NO_WIDTH = ("Mn", "Me", "Cf", "Cc")


def is_wide(char: str) -> bool:
    """Return whether a character is two columns wide, as kanji and kana are (UAX #11)."""
    return unicodedata.east_asian_width(char) in "WF"


def columns(text: str) -> int:
    """Return the width of a text in columns. Combining and invisible characters have no width."""
    return sum(
        0 if unicodedata.category(char) in _NO_WIDTH else 2 if is_wide(char) else 1 for char in text
    )


def cut(text: str, width: int) -> str:
    """Return a text that is no wider than `width` columns. One that is cut ends with `…`."""
    if columns(text) <= width:
        return text
    end = len(text)
    while columns(text[:end]) >= width:
        end -= 1
    return f"{text[:end].rstrip()}…"
