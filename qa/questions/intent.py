"""What a remark asks for: nothing, a statement as a whole, or what the statements say."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.search.searcher import Searcher
from qa.questions import remark_kinds, subjects
from qa.questions.followups import clean, has_cue, may_follow_up
from qa.questions.remark_kinds import IDLE, Kind

# Chance from which on a remark is of another kind than content.
_WHOLE = 0.9  # on the statement as a whole
# The same where a remark may lean on earlier questions: "Tell me more about it" sounds like it.
_WHOLE_ALONE, _IDLE_ALONE = 0.998, 0.9
_TINY, _SURELY = 3, 0.98  # letters of an acronym; chance from which on it is believed to be none
_WORD = re.compile(r"\w")

FollowsUp = Callable[[str, Sequence[str]], bool]


@dataclass(frozen=True, slots=True)
class Intent:
    """What a remark asks for.

    Attributes:
        kind: `content`, `statement`, or one of `IDLE`.
        sure: The chance of that.
        subject: What a question about the text is about; empty for others. See
            `qa.questions.subjects`.
        history: The earlier questions that may count, oldest first.
    """

    kind: Kind
    confidence: float
    subject: str
    history: tuple[str, ...]


def intent(remark: str, history: Sequence[str], searcher: Searcher, leans: FollowsUp) -> Intent:
    """Tell what a remark asks for.

    Args:
        remark: A clean one, see `qa.questions.followups.clean`.
        history: The user's earlier questions, oldest first, as they were put.
        searcher: What hears remarks.
        leans: Says whether a question leans on earlier ones.
    """
    earlier = tuple(turn for turn in history if not _idle(clean(turn), searcher))
    subject = subjects.shipped().subject(remark, searcher.encoded(remark))
    kind, confidence = _kind(remark, searcher)
    if kind == "statement" and (subject or confidence < _WHOLE):
        kind = "content"
    elif kind != "content" and confidence < (_WHOLE_ALONE if kind == "statement" else _IDLE_ALONE):
        kind = "content" if earlier and leans(remark, earlier) else kind
    if subject and not has_cue(subject):
        earlier = ()  # "Does the statement mention Taiwan?" names its own subject
    return Intent(kind, confidence, subject, earlier)


def is_tiny(remark: str) -> bool:
    """Whether a remark has no more than a few Latin letters or digits, as an acronym has."""
    letters = _WORD.findall(remark)
    return len(letters) <= _TINY and all(one.isascii() for one in letters)


def _kind(remark: str, searcher: Searcher) -> tuple[Kind, float]:
    if not _WORD.search(remark):
        return "content", 1.0
    kind, confidence = remark_kinds.shipped().of(searcher.remark_vector(remark))
    if kind != "content" and is_tiny(remark) and confidence < _SURELY:
        return "content", 1 - confidence  # "AI" sounds like a call for help
    return kind, confidence


def _idle(turn: str, searcher: Searcher) -> bool:
    """Whether an earlier turn asked nothing, so that no question can lean on it."""
    return not turn or (may_follow_up(turn) and _kind(turn, searcher)[0] in IDLE)
