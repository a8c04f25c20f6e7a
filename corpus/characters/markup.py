"""The mark-up of a text in Markdown or HTML: marks are no words, but they stay in the text."""

from __future__ import annotations

import re

from corpus.characters.folding_steps import STEPS, Edit
from corpus.records import Span

_KNOWN_TAG = re.compile(
    r"<(?:!--|/?(?:a|abbr|b|blockquote|br|center|cite|code|del|div|em|figure|font|h[1-6]|hr|i|img"
    r"|ins|li|mark|ol|p|pre|q|s|small|span|strong|su[bp]|table|tbody|td|tfoot|th|thead|tr|u|ul)\b)",
    re.IGNORECASE,
)
# Folding knows all marks but these, since a place of the text may begin anywhere in a line.
_HEADING_SIGNS = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)


def markup_spans(text: str) -> list[Span]:
    """Return the parts that are mark-up: signs of headings, emphasis, tags, both ends of links.

    They are in order and do not overlap. A reference such as `&amp;` is a character, and no mark.
    """
    return [Span(start, end) for start, end, instead in _edits(text) if not instead.strip(" ")]


def without_markup(text: str) -> str:
    """Return the words of a text: without mark-up, and with characters instead of references."""
    parts: list[str] = []
    done = 0
    for start, end, instead in _edits(text):
        parts += (text[done:start], instead)
        done = end
    return "".join([*parts, text[done:]])


def _edits(text: str) -> list[Edit]:
    """Return what to replace so that only words remain. Of two that overlap, the first is taken."""
    signs = ((match.start(), match.end(), "") for match in _HEADING_SIGNS.finditer(text))
    marks = (edit for edit in STEPS["markup"](text) if _is_mark(text, edit))
    edits: list[Edit] = []
    for edit in sorted([*signs, *marks]):
        if not edits or edit[0] >= edits[-1][1]:
            edits.append(edit)
    return edits


def _is_mark(text: str, edit: Edit) -> bool:
    """Return whether a reader misses nothing without it.

    Search keys leave out more: "<www.example.org>" and the line in "AI_2030" are words for readers.
    """
    start, end, _ = edit
    if text[start] == "<":
        return bool(_KNOWN_TAG.match(text, start))
    if text[start] == "_":
        before, behind = text[max(0, start - 1) : start], text[end : end + 1]
        return not (before.isalnum() and behind.isalnum())
    return True
