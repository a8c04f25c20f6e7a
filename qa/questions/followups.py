"""What a follow-up question leaves to the questions before it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache

from corpus.segmentation.splitting import estimated_tokens
from corpus.tables import read_table
from index.search.ranking import Clues
from qa.confidence.calibration import Calibration, along
from qa.questions.language import detect_language

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
# A short remark such as「量子は？」or "And cyber?" says little by itself.
_REMARK = re.compile(r"\S{1,6}(?:は|について|の方は)\s*[?？]*")
# How far back a chain of follow-ups is read.
MAX_TURNS = 3
_LONG, _SHORT = 30, 14  # estimated tokens


def clean(question: str) -> str:
    """A question as a search key: control characters and broken code units become spaces."""
    return _CONTROL.sub(" ", question).strip()


def leaned_on(history: Sequence[str]) -> str:
    """The earlier questions that say what a follow-up is about, as one text.

    The last one, and those before it that it leans on in turn.
    """
    parts: list[str] = []
    for earlier in reversed([turn.strip() for turn in history if turn.strip()][-MAX_TURNS:]):
        parts.insert(0, earlier)
        if not may_lean(earlier):
            break
    return " ".join(parts)


def leaning(clues: Clues, calibration: Calibration) -> float:
    """How much the earlier questions count, 0..1: the chance that a question leans on them.

    Nothing below a fitted chance: better a follow-up refused than another subject answered with
    this one.
    """
    chance = calibration.leaning(features(clues, calibration.follow_up))
    return chance if chance >= calibration.leaning_from else 0.0


def features(clues: Clues, follow_up: Sequence[float]) -> dict[str, float]:
    """What tells a follow-up: how it sounds, how short it is, and what it finds alone.

    Args:
        clues: What the ranking knows of it.
        follow_up: The direction of the gist in which follow-ups lie.
    """
    return {
        "gist": along(clues.gist, follow_up),
        "tokens": math.log(max(1, clues.tokens)),
        "words": clues.words,
        "alone": clues.alone,
    }


def asks_for_more(question: str) -> bool:
    """Whether a question asks for what has not been said yet: "Anything else?"."""
    return any(more.search(question.strip()) for more in _patterns()[_MORE])


def may_lean(question: str) -> bool:
    """Whether a question might be a follow-up, going by its words alone."""
    return has_cue(question) or estimated_tokens(question.strip()) < _SHORT


def has_cue(question: str) -> bool:
    """Whether a word in a question points to an earlier one."""
    text = question.strip()
    if _REMARK.fullmatch(text):
        return True
    table = _patterns()
    # A short question hardly shows its language, so openings count in any.
    if any(opening.search(text) for opening in table[_OPENINGS]):
        return True
    # "they" in a long question mostly means something in the question itself.
    cues = table.get(detect_language(text), table["en"])
    return estimated_tokens(text) <= _LONG and any(cue.search(text) for cue in cues)


_OPENINGS, _MORE = "openings", "more"


@cache
def _patterns() -> dict[str, list[re.Pattern[str]]]:
    """Cues by language, and the openings of all."""
    cues = read_table(__package__, "followups.json")
    del cues["about"]
    table = {
        language: [re.compile(cue, re.IGNORECASE) for cue in found["cue"]]
        for language, found in cues.items()
    }
    openings = [opening for found in cues.values() for opening in found["opening"]]
    table[_OPENINGS] = [re.compile(rf"\A\W*(?:{opening})", re.IGNORECASE) for opening in openings]
    more = [pattern for found in cues.values() for pattern in found.get("more", ())]
    table[_MORE] = [re.compile(pattern, re.IGNORECASE) for pattern in more]
    return table
