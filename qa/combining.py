"""What was found for the parts of a question, and how that becomes one answer. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.records import Span
from index.search.ranking import Hit, Ranking
from qa.answers.answer import Reason

# Below this share of the threshold, a part of a question is called unanswered.
_SURELY_SILENT = 0.5

Key = tuple[str, Span]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for one question, or for a part of one.

    Attributes:
        question: As it was asked.
        ranking: All sentences, ranked.
        hits: Those that may be quoted, best first.
        sure: 0..1, that the first of them answers.
        off_subject: Whether the question is about other things than the statements.
        count: How many of the hits seem to answer, if the first does.
        first: 0..1, that the first of them is the right one.
    """

    question: str
    ranking: Ranking
    hits: Sequence[Hit]
    sure: float
    off_subject: bool
    count: int
    first: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to answer.

    Attributes:
        quoted: Sentences that seem to answer, best first.
        sure: 0..1, that they do.
        reason: See `Answer`.
        unanswered: Parts of the question on which the statements seem to be silent.
        first: 0..1, that the first quote is the right one.
    """

    quoted: Sequence[Hit]
    sure: float
    reason: Reason
    unanswered: tuple[str, ...] = ()
    first: float = 0.0


def key(hit: Hit) -> Key:
    """What tells a sentence from all others."""
    return hit.statement.id, hit.span


def decide(whole: Found, pieces: Sequence[Found], threshold: float) -> Outcome:
    """Put together what was found for a question and for its parts, if it has any.

    Args:
        whole: For the question.
        pieces: For each part of it.
        threshold: Confidence from which on something is answered.
    """
    answering = [one for one in (whole, *pieces) if one.sure >= threshold]
    if not answering:
        return Outcome((), whole.sure, "off_subject" if whole.off_subject else "not_stated")
    silent = [one.question for one in pieces if one.sure < _SURELY_SILENT * threshold]
    quoted = merge(answering)
    first = max(one.first for one in answering if key(one.hits[0]) == key(quoted[0]))
    if 0 < len(silent) < len(pieces):
        sure = min(one.sure for one in answering)
        return Outcome(quoted, sure, "partly", tuple(silent), first)
    return Outcome(quoted, max(one.sure for one in answering), "", (), first)


def merge(found: Sequence[Found]) -> list[Hit]:
    """The sentences that seem to answer, each once: the best of every part before the others."""
    placed: dict[Key, tuple[bool, float, Hit]] = {}
    for one in found:
        for rank, hit in enumerate(one.hits[: one.count]):
            place = (rank > 0, -hit.score, hit)
            if key(hit) not in placed or place[:2] < placed[key(hit)][:2]:
                placed[key(hit)] = place
    return [hit for _, _, hit in sorted(placed.values(), key=lambda place: place[:2])]
