"""The mark-up of a text in Markdown or HTML: marks are no words, but they stay in the text."""

from __future__ import annotations

import re

from corpus.characters.folding_steps import STEPS, Edit
from corpus.records import Span

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
    edits: list[Edit] = []
    for edit in sorted([*signs, *STEPS["markup"](text)]):
        if not edits or edit[0] >= edits[-1][1]:
            edits.append(edit)
    return edits
