"""What the user wants: an answer from the text, a statement as a whole, or no answer at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.search.searcher import Searcher
from qa.questions import remark_kinds, subjects
from qa.questions.followups import clean, has_cue, may_follow_up
from qa.questions.remark_kinds import IDLE, Kind

# The confidence from which on a remark is taken to be about a statement as a whole.
_WHOLE = 0.9
# The same for a remark that may be a follow-up: "Tell me more about it" looks like one of each.
_WHOLE_ALONE, _IDLE_ALONE = 0.998, 0.9
_TINY = 3  # letters of an acronym
_TINY_CONFIDENCE = 0.98  # the confidence from which on so few letters are no acronym
_CHARACTER = re.compile(r"\w")

FollowsUp = Callable[[str, Sequence[str]], bool]


@dataclass(frozen=True, slots=True)
class Intent:
    """What the user wants.

    Attributes:
        kind: `content`, `statement`, or one of `IDLE`.
        confidence: 0..1, that the kind is right.
        subject: What a question about the text is about; empty for other questions. See
            `qa.questions.subjects`.
        history: The earlier questions that may count, oldest first.
    """

    kind: Kind
    confidence: float
    subject: str
    history: tuple[str, ...]


def intent(
    remark: str,
    history: Sequence[str],
    searcher: Searcher,
    follows_up: FollowsUp,
    bare: str = "",
) -> Intent:
    """Tell what the user wants.

    Args:
        remark: What the user wrote, after `qa.questions.followups.clean`.
        history: The earlier questions of the user, oldest first.
        searcher: Encodes remarks.
        follows_up: Says whether a question follows up earlier ones.
        bare: The remark without the words that name a statement. "What is the statement about?"
            shows more clearly what is wanted than the same with a date and parties.
    """
    bare = bare or remark
    earlier = tuple(turn for turn in history if not _is_idle(clean(turn), searcher))
    subject = subjects.shipped().subject(bare, searcher.encoded(bare))
    kind, confidence = _kind(remark, searcher)
    if kind == "content" and bare != remark:
        bare_kind, surely = _kind(bare, searcher)
        if bare_kind == "statement" and surely >= _WHOLE_ALONE:
            kind, confidence = bare_kind, surely
    if kind == "statement" and (subject or confidence < _WHOLE):
        kind = "content"
    elif kind != "content" and confidence < (_WHOLE_ALONE if kind == "statement" else _IDLE_ALONE):
        kind = "content" if earlier and follows_up(remark, earlier) else kind
    if subject and not has_cue(subject):
        earlier = ()  # "Does the statement mention Taiwan?" names its own subject
    return Intent(kind, confidence, subject, earlier)


def is_tiny(remark: str) -> bool:
    """Whether a remark has only a few Latin letters or digits, as an acronym has."""
    characters = _CHARACTER.findall(remark)
    return len(characters) <= _TINY and all(character.isascii() for character in characters)


def _kind(remark: str, searcher: Searcher) -> tuple[Kind, float]:
    """Return the kind of a remark and the confidence in it."""
    if not _CHARACTER.search(remark):
        return "content", 1.0
    kind, confidence = remark_kinds.shipped().of(searcher.remark_vector(remark))
    if kind != "content" and is_tiny(remark) and confidence < _TINY_CONFIDENCE:
        return "content", 1 - confidence  # "AI" looks like a call for help
    return kind, confidence


def _is_idle(turn: str, searcher: Searcher) -> bool:
    """Whether an earlier turn asked nothing. No question can follow it up then."""
    return not turn or (may_follow_up(turn) and _kind(turn, searcher)[0] in IDLE)
