"""A question that asks for two things, taken apart, so that each can be answered or not."""

from __future__ import annotations

import re
from functools import cache

from corpus.segmentation.window import estimated_tokens
from corpus.tables import read_table
from qa.questions.language import detect_language

MAX_PARTS = 3
_SHORTEST = 4  # estimated tokens of a part


def parts(question: str) -> tuple[str, ...]:
    """The questions that a question is made of, in order; the question alone where it is one.

    A part is cut only where it begins a question of its own (「…か、また…」, "…, and who …"), and
    a question of more than `MAX_PARTS` is left whole.
    """
    joints = _joints()
    patterns = [*joints["any"], *joints.get(detect_language(question), ())]
    found = [match for one in patterns for match in one.finditer(question)]
    spans = (match.span(match.lastindex or 0) for match in found)
    cuts = sorted(spans, key=lambda cut: (cut[0], -cut[1]))
    pieces, begin = [], 0
    for start, end in [*cuts, (len(question), len(question))]:
        piece = question[begin:start].strip()
        if start >= begin and estimated_tokens(piece) >= _SHORTEST and _asks(piece):
            pieces.append(piece)
            begin = end
    whole = begin < len(question) or not 1 < len(pieces) <= MAX_PARTS  # a remark is left over
    return (question,) if whole else tuple(pieces)


def _asks(text: str) -> bool:
    return any(asking.search(text) for asking in _joints()["asking"])


@cache
def _joints() -> dict[str, list[re.Pattern[str]]]:
    table = read_table(__package__, "joints.json")
    del table["about"]
    return {
        language: [re.compile(joint, re.IGNORECASE) for joint in joints]
        for language, joints in table.items()
    }
