"""The characters of symbol fonts, such as the bullets of Wingdings, as Unicode characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from corpus.tables import read_table

_PRIVATE = 0xF000  # what files add to the codes of symbol fonts
_CODES = range(0x20, 0x100)
_SYMBOLS = re.compile("[\uf020-\uf0ff]")


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    return read_table(__package__, "symbols.json")


def is_symbol_font(font: str) -> bool:
    """Return whether a font, named in lower case, shows symbols in place of letters."""
    return bool(font) and font in _tables()


def shown_in(font: str, text: str) -> str:
    """Return a text as a font shows it.

    Args:
        font: Name of the font, in lower case.
        text: The text as it is stored. Letters are symbols in a symbol font only. Codes from
            U+F020 on are symbols in any font.

    Returns:
        The text with Unicode characters for the symbols. A symbol without a sure equivalent
        becomes the character of its code in the private use area, and never a letter.
    """
    if is_symbol_font(font):
        return "".join(_shown(font, char) for char in text)
    return _SYMBOLS.sub(lambda match: _shown("", match[0]), text)


def symbol(font: str | None, code: str | None) -> str:
    """Return the character of a symbol (`w:sym`) by its code in hexadecimal digits."""
    if not re.fullmatch("[0-9A-Fa-f]{1,4}", code or ""):
        return ""
    char = chr(int(code or "", 16))
    is_text = char.isprintable() or unicodedata.category(char) == "Co"
    return shown_in((font or "").lower(), char) if is_text else ""


def _shown(font: str, char: str) -> str:
    code = ord(char)
    if code - _PRIVATE in _CODES:
        code -= _PRIVATE
    elif code not in _CODES:  # kanji and the like are in another font
        return char
    if char.isspace():
        return char
    return _tables()[font].get(f"{code:02x}") or chr(_PRIVATE + code)
