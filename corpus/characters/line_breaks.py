"""Line breaks of a wrapped text, folded for reading. What is compared and proved keeps them."""

from __future__ import annotations

import re
import unicodedata

from corpus.characters.scripts import UNSPACED

# One line break between two visible characters, with the blanks around it. A blank line is more.
_BLANKS = r"[^\S\r\n\v\f\x85\u2028\u2029]*+"
_BREAK = re.compile(rf"(?<=\S){_BLANKS}(?:\r\n|\n|\r){_BLANKS}(?=\S)")
# It is not known whether the next line goes on without a space: "long-\nterm", "short-\nand".
_HYPHEN = re.compile(r"\S[\-‐‑‒–—−－/\u00ad](?=[\r\n])")
_UNSPACED = re.compile(f"[{UNSPACED}]")


def fold_line_breaks(text: str, start: int = 0, end: int | None = None) -> str:
    """Return a part of a text as it would read in one line. Blank lines stay.

    A single line break becomes one space, or nothing beside a character of a script without spaces
    between words, such as Chinese and Japanese. A hyphen at the end of a line stays as it is, with
    the line break.

    Args:
        text: The text.
        start: Where the part begins.
        end: Where it ends; the end of the text if omitted.
    """
    end = len(text) if end is None else end
    parts: list[str] = []
    done = start
    for match in _BREAK.finditer(text, start):
        if match.end() > end:
            break
        parts += text[done : match.start()], _replacement(text, match)
        done = match.end()
    return "".join([*parts, text[done:end]])


def _replacement(text: str, match: re.Match[str]) -> str:
    before, after = match.start(), match.end()
    if _HYPHEN.match(text, before - 2, before + 1) or unicodedata.category(text[after])[0] == "M":
        return match[0]
    unspaced = _UNSPACED.match(text, before - 1) or _UNSPACED.match(text, after)
    return "" if unspaced else " "
