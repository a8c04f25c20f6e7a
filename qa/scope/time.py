"""Questions about time: the latest statement that speaks of something, and what is new in one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from index.search.ranking import Ranking
from index.search.scope import Scope
from qa.combining import PartResult
from qa.scope.counterparts import likeness
from qa.scope.silence import confidence_beside, log_odds, probability

# A statement speaks of the subject from this confidence on.
SPEAKS = 0.3
# But not if the log-odds of another one are so much higher: then it speaks of something else.
_MUCH_SURER = 4.0
# Statements whose best sentence is so far below the best of all, as a cosine, surely do not speak
# of it. So many of the others are looked at.
_PLAUSIBLE, _MAX_LOOKED_AT = 0.2, 12
# How much the likeness to a sentence of the earlier statements takes off the score of a sentence.
_COUNTERPART = 1.0
# Sentences whose score is so much below the best one are about something else, however new.
_ON_SUBJECT = 0.1
_BELOW = 1e-6

Search = Callable[[Scope], PartResult]


def latest(newest_first: Sequence[str], overall: Ranking, search: Search) -> PartResult:
    """Return the result of the newest statement that speaks of what is asked.

    If none surely does, it is the one that does most likely.

    Args:
        newest_first: The ids of the statements.
        overall: The ranking of all of them.
        search: Searches in a scope.
    """
    results = [alone(name, overall, search) for name in _plausible(newest_first, overall)]
    surest = max(results, key=lambda result: result.confidence)
    least = max(SPEAKS, probability(log_odds(surest.confidence) - _MUCH_SURER))
    return next((result for result in results if result.confidence >= least), surest)


def alone(name: str, overall: Ranking, search: Search) -> PartResult:
    """Return what one statement says, with the confidence that it speaks of what is asked.

    Args:
        name: The id of the statement.
        overall: The ranking of all statements that are meant.
        search: Searches in a scope.
    """
    result = search(Scope.equally([name]))
    confidence = confidence_beside(result.confidence, result.ranking, overall)
    return replace(result, confidence=confidence)


def _plausible(newest_first: Sequence[str], overall: Ranking) -> list[str]:
    """Return the statements that may speak of what is asked, newest first."""
    names = overall.snapshot.statements.ids
    rows = overall.snapshot.statement_of[overall.snapshot.passage_of[overall.scores.rows]]
    best: dict[str, float] = {}
    for row, score in zip(rows.tolist(), overall.scores.semantic.tolist(), strict=True):
        best[names[row]] = max(best.get(names[row], -1.0), score)
    best_first = sorted(best, key=lambda name: best[name], reverse=True)
    plausible = {name for name in best_first if best[name] >= best[best_first[0]] - _PLAUSIBLE}
    chosen = plausible.intersection(best_first[:_MAX_LOOKED_AT])
    return [name for name in newest_first if name in chosen]


def is_on_subject(ranking: Ranking) -> npt.NDArray[np.bool_]:
    """Return which sentences are about the subject of the question, bool (sentences,)."""
    score = ranking.scores.score
    return np.asarray(score >= score.max(initial=-np.inf) - _ON_SUBJECT)


def without_counterpart_first(ranking: Ranking, earlier: Sequence[str]) -> Ranking:
    """Sort sentences so that new ones come first, among those on the subject and among the others.

    A sentence is new if no sentence of the earlier statements has a similar vector. The scores of
    the others are lowered until none of them is above one on the subject.

    Args:
        ranking: The sentences of the later statement.
        earlier: The ids of the earlier statements.
    """
    snapshot = ranking.snapshot
    others = snapshot.sentences_of(earlier)
    if not len(others) or not len(ranking.scores):
        return ranking
    nearest = likeness(snapshot, ranking.scores.rows, others).max(axis=1)
    score = ranking.scores.score - _COUNTERPART * nearest
    on_subject = is_on_subject(ranking)
    off_subject = ~on_subject
    if off_subject.any():
        above = float(score[off_subject].max() - score[on_subject].min())
        score[off_subject] -= max(0.0, above) + _BELOW
    scores = replace(ranking.scores, score=score)
    return replace(ranking, scores=scores.best_first())
