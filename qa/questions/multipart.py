"""Splits a question that asks for several things, so that each can be answered or refused."""

from __future__ import annotations

import re
from functools import cache

from corpus.language import detect_language
from corpus.segmentation.window import estimated_tokens
from corpus.tables import read_table

MAX_PARTS = 3
_SHORTEST = 4  # estimated tokens that a part has at least


def parts(question: str) -> tuple[str, ...]:
    """Return the parts of a question in order, or the question alone if it has only one part.

    It is split only where a new question begins, as in 「…か、また…」 or "…, and who …". A question
    of more than `MAX_PARTS` parts is not split.
    """
    table = _patterns()
    patterns = [*table["any"], *table.get(detect_language(question), ())]
    matches = (match for pattern in patterns for match in pattern.finditer(question))
    spans = (match.span(match.lastindex or 0) for match in matches)
    cuts = sorted(spans, key=lambda cut: (cut[0], -cut[1]))
    pieces, begin = [], 0
    for start, end in [*cuts, (len(question), len(question))]:
        piece = question[begin:start].strip()
        if start >= begin and estimated_tokens(piece) >= _SHORTEST and _asks(piece):
            pieces.append(piece)
            begin = end
    # Where words are left over at the end, or there are too many parts, nothing is split.
    whole = begin < len(question) or not 1 < len(pieces) <= MAX_PARTS
    return (question,) if whole else tuple(pieces)


def _asks(text: str) -> bool:
    """Whether a text is a question."""
    return any(pattern.search(text) for pattern in _patterns()["asking"])


@cache
def _patterns() -> dict[str, list[re.Pattern[str]]]:
    table = read_table(__package__, "joints.json")
    return {
        language: [re.compile(pattern, re.IGNORECASE) for pattern in patterns]
        for language, patterns in table.items()
    }
