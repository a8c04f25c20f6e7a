"""What a follow-up question leaves to the questions before it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Literal

from corpus.splitting import estimated_tokens
from qa.language import detect_language

# A short remark such as「量子は？」or "And cyber?" says little by itself.
_REMARK = re.compile(r"\S{1,6}(?:は|について|の方は)\s*[?？]*")
# How far back a chain of follow-ups is read.
MAX_TURNS = 3
_LONG, _SHORT = 30, 14  # estimated tokens
Leaning = Literal["yes", "maybe", "no"]


def leaned_on(history: Sequence[str]) -> str:
    """The earlier questions that say what a follow-up is about, as one text.

    The last one, and those before it that it leans on in turn.
    """
    parts: list[str] = []
    for earlier in reversed([turn.strip() for turn in history if turn.strip()][-MAX_TURNS:]):
        parts.insert(0, earlier)
        if leaning(earlier) == "no":
            break
    return " ".join(parts)


def leaning(question: str) -> Leaning:
    """Whether a question is to be understood from an earlier one.

    Returns:
        `yes` where a word in it says so, `maybe` where it is just very short, else `no`.
    """
    text = question.strip()
    if _REMARK.fullmatch(text):
        return "yes"
    table = _patterns()
    # A short question hardly shows its language, so openings count in any.
    if any(opening.search(text) for opening in table[_OPENINGS]):
        return "yes"
    # "they" in a long question mostly means something in the question itself.
    length = estimated_tokens(text)
    cues = table.get(detect_language(text), table["en"])
    if length <= _LONG and any(cue.search(text) for cue in cues):
        return "yes"
    return "maybe" if length < _SHORT else "no"


_OPENINGS = "openings"


@cache
def _patterns() -> dict[str, list[re.Pattern[str]]]:
    """Cues by language, and the openings of all."""
    cues = json.loads(files("qa").joinpath("followups.json").read_text("utf-8"))
    del cues["about"]
    table = {
        language: [re.compile(cue, re.IGNORECASE) for cue in found["cue"]]
        for language, found in cues.items()
    }
    openings = [opening for found in cues.values() for opening in found["opening"]]
    table[_OPENINGS] = [re.compile(rf"\A\W*(?:{opening})", re.IGNORECASE) for opening in openings]
    return table
