"""What a follow-up question leaves to the questions before it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from corpus.splitting import estimated_tokens
from qa.language import detect_language

# A short remark such as「量子は？」or "And cyber?" says little by itself.
_REMARK = re.compile(r"\S{1,6}(?:は|について|の方は)\s*[?？]*")
# How far back a chain of follow-ups is read.
MAX_TURNS = 3
_LONG = 30


def standalone(question: str, history: Sequence[str]) -> str:
    """The question to search for: as asked, or with the earlier questions it leans on before it.

    Args:
        question: The question now.
        history: The user's earlier questions, oldest first.
    """
    parts = [question]
    for earlier in reversed(history[-MAX_TURNS:]):
        if not leans(parts[0]):
            break
        if earlier.strip():
            parts.insert(0, earlier.strip())
    return " ".join(parts)


def leans(question: str) -> bool:
    """Whether a question is to be understood from an earlier one."""
    text = question.strip()
    if _REMARK.fullmatch(text):
        return True
    table = _patterns()
    # A short question hardly shows its language, so openings count in any.
    if any(opening.search(text) for opening in table[_OPENINGS]):
        return True
    # "they" in a long question mostly means something in the question itself.
    if estimated_tokens(text) > _LONG:
        return False
    return any(cue.search(text) for cue in table.get(detect_language(text), table["en"]))


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
