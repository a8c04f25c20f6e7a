"""How the results for the parts of a question become one answer. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.lexical.same_words import words_of
from index.search.ranking import Hit, Ranking
from index.search.snapshot import SentenceKey
from qa.answers.answer import Reason

# A part of a question is called unanswered below this share of the threshold.
_SILENT = 0.5


@dataclass(frozen=True, slots=True)
class PartResult:
    """The result for a question, or for one part of it.

    Attributes:
        question: The question or the part.
        ranking: The sentences that may be quoted, best first.
        confidence: 0..1, that the first of them answers.
        off_subject: Whether the question is about other things than the statements.
        count: How many of the sentences seem to answer, if the first one does.
        first_right: 0..1, that the first of them is the right one.
        is_list: Whether the question looks like one that asks for a list.
    """

    question: str
    ranking: Ranking
    confidence: float = 0.0
    off_subject: bool = False
    count: int = 0
    first_right: float = 0.0
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to answer.

    Attributes:
        quoted: The sentences that seem to answer, best first.
        confidence: 0..1, that they do.
        reason: See `Answer`.
        unanswered: Parts of the question on which the statements seem to be silent.
        first_right: 0..1, that the first quote is the right one.
        is_list: Whether the question looks like one that asks for a list.
    """

    quoted: Sequence[Hit]
    confidence: float
    reason: Reason
    unanswered: tuple[str, ...] = ()
    first_right: float = 0.0
    is_list: bool = False


def decide(whole: PartResult, parts: Sequence[PartResult], threshold: float) -> Outcome:
    """Combine the result for a question with the results for its parts, if it has any.

    Args:
        whole: The result for the whole question.
        parts: The results for its parts.
        threshold: The confidence from which on a question is answered.
    """
    answered = [result for result in (whole, *parts) if result.confidence >= threshold]
    if not answered:
        return Outcome((), whole.confidence, "off_subject" if whole.off_subject else "not_stated")
    silent = [part.question for part in parts if part.confidence < _SILENT * threshold]
    quoted = merge(answered)
    first_right = max(
        result.first_right
        for result in answered
        if result.ranking.hits[0].sentence_key == quoted[0].sentence_key
    )
    if 0 < len(silent) < len(parts):
        confidence = min(result.confidence for result in answered)
        return Outcome(quoted, confidence, "partly", tuple(silent), first_right, whole.is_list)
    confidence = max(result.confidence for result in answered)
    return Outcome(quoted, confidence, "", (), first_right, whole.is_list)


def merge(results: Sequence[PartResult]) -> list[Hit]:
    """Return the sentences to quote, each once: the best of every part before all others.

    Words that stand in several statements are quoted from the best of them.
    """
    best: dict[SentenceKey, tuple[bool, float, Hit]] = {}
    for result in results:
        for rank, hit in enumerate(result.ranking.hits[: result.count]):
            place = (rank > 0, -hit.score, hit)
            key = hit.sentence_key
            if key not in best or place[:2] < best[key][:2]:
                best[key] = place
    ordered = sorted(best.values(), key=lambda place: place[:2])
    return list(each_once(hit for _, _, hit in ordered))


def each_once(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Leave out the sentences whose words an earlier sentence of another statement has."""
    first: dict[str, str] = {}
    for hit in hits:
        key = words_of(hit.span.of(hit.statement.source.text))
        if first.setdefault(key, hit.statement.id) == hit.statement.id:
            yield hit
