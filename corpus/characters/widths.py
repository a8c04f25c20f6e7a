"""How wide characters are in a text of fixed pitch, as in a terminal or a plain text file."""

from __future__ import annotations

import unicodedata

_NO_WIDTH = ("Mn", "Me", "Cf", "Cc")


def is_wide(char: str) -> bool:
    """Whether a character takes two columns, as kanji and kana do (UAX #11)."""
    return unicodedata.east_asian_width(char) in "WF"


def columns(text: str) -> int:
    """How many columns a text takes; combining and invisible characters take none."""
    return sum(
        0 if unicodedata.category(char) in _NO_WIDTH else 2 if is_wide(char) else 1 for char in text
    )
