"""Follow-up questions: whether a question follows up earlier ones, and which of them count."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from corpus.language import detect_language
from corpus.segmentation.window import estimated_tokens
from corpus.tables import read_table
from index.search.draft import FollowupEvidence
from qa.confidence.calibration import Calibration, along

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
# A short remark such as「量子は？」or "And cyber?", which says little by itself.
_REMARK = re.compile(r"\S{1,6}(?:は|について|の方は)\s*[?？]*")
MAX_TURNS = 3  # earlier questions that are read at most
MAX_CONTEXT = 2000  # characters of them, counted from the end
# Estimated tokens: a cue counts up to _LONG of them; a question below _SHORT may be a follow-up.
_LONG, _SHORT = 30, 14


def clean(question: str) -> str:
    """Replace control characters and lone surrogates with spaces, and strip the ends."""
    return _CONTROL.sub(" ", question).strip()


def with_words(turns: Sequence[str]) -> list[str]:
    """Return the turns that have a letter or a digit, as `clean` returns them.

    Others, such as an emoji, ask nothing.
    """
    return [turn for turn in map(clean, turns) if any(map(str.isalnum, turn))]


def earlier_questions(history: Sequence[str]) -> str:
    """Return the earlier questions that say what a follow-up is about, as one text.

    It is the last question. Where that may be a follow-up itself, the one before comes too, and so
    on.
    """
    parts: list[str] = []
    for question in reversed(with_words(history)[-MAX_TURNS:]):
        parts.insert(0, question)
        if not may_follow_up(question):
            break
    return " ".join(parts)[-MAX_CONTEXT:]


def followup_weight(evidence: FollowupEvidence, calibration: Calibration) -> float:
    """Return how much the earlier questions count, 0..1.

    It is the chance that the question follows them up, or 0 where that chance is below a fitted
    limit: to refuse a follow-up is better than to answer a new question with the old subject.
    """
    features = followup_features(evidence, calibration.followup_direction)
    chance = calibration.followup(features)
    return chance if chance >= calibration.followup_from else 0.0


def followup_features(evidence: FollowupEvidence, direction: Sequence[float]) -> dict[str, float]:
    """Return the features of the follow-up model.

    Args:
        evidence: What the ranking of the question alone tells.
        direction: See `Calibration.followup_direction`.
    """
    return {
        "pooled": along(evidence.pooled, direction),
        "tokens": math.log(max(1, evidence.tokens)),
        "words": evidence.words,
        "alone": evidence.alone,
    }


def asks_for_more(question: str) -> bool:
    """Whether a question asks for what was not quoted yet, as "Anything else?" does."""
    return any(pattern.search(question.strip()) for pattern in _cues().more)


def may_follow_up(question: str) -> bool:
    """Whether a question may be a follow-up, judged by its words alone."""
    return has_cue(question) or estimated_tokens(question.strip()) < _SHORT


def has_cue(question: str) -> bool:
    """Whether a word in a question points to an earlier question."""
    text = question.strip()
    if _REMARK.fullmatch(text):
        return True
    cues = _cues()
    # The language of a short question is uncertain, so the openings of all languages count.
    if any(opening.search(text) for opening in cues.openings):
        return True
    # In a long question "they" mostly stands for something in the question itself.
    own = cues.by_language.get(detect_language(text), cues.by_language["en"])
    return estimated_tokens(text) <= _LONG and any(cue.search(text) for cue in own)


_Patterns = tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class _Cues:
    """Patterns of words by which a question follows up an earlier one, from `followups.json`.

    Attributes:
        by_language: Words that point to an earlier question anywhere in a question.
        openings: The same at the beginning of a question, in all languages.
        more: Words that ask for what was not quoted yet, in all languages.
    """

    by_language: dict[str, _Patterns]
    openings: _Patterns
    more: _Patterns


@cache
def _cues() -> _Cues:
    table = read_table(__package__, "followups.json")
    openings = (opening for found in table.values() for opening in found["opening"])
    more = (pattern for found in table.values() for pattern in found.get("more", ()))
    return _Cues(
        by_language={language: _compiled(found["cue"]) for language, found in table.items()},
        openings=_compiled(rf"\A\W*(?:{opening})" for opening in openings),
        more=_compiled(more),
    )


def _compiled(patterns: Iterable[str]) -> _Patterns:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)
