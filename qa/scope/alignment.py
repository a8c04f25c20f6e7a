"""Aligns the sentences of two texts that say the same in two languages. All is pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.models.encoder import Floats

# How many sentences of both texts may belong together, without those that have no counterpart.
_MATCHES = ((1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1))
_JOINING = 0.03  # what each further sentence of a match must be worth
_SHARE = 0.35  # how far between an average likeness and a best one a match must be


@dataclass(frozen=True, slots=True)
class Match:
    """Sentences that say the same.

    Attributes:
        first: Numbers of the sentences of the first text.
        second: Numbers of those of the second text.
    """

    first: range
    second: range


def aligned(likeness: Floats) -> list[Match]:
    """Return which sentences of two texts belong together, in the order of both texts.

    This is the dynamic programming of Gale & Church (1993), "A program for aligning sentences in
    bilingual corpora", with the likeness of a model in the place of lengths. A sentence may have no
    counterpart.

    Args:
        likeness: f32 (sentences of the first text, sentences of the second text).
    """
    rows, columns = likeness.shape
    if not rows or not columns:
        return []
    worth = likeness - _least(likeness)
    best = np.zeros((rows + 1, columns + 1), np.float64)
    steps = np.zeros((rows + 1, columns + 1, 2), np.int64)
    for row in range(rows + 1):
        for column in range(columns + 1):
            if not row and not column:
                continue
            choices = [(best[row - 1, column], (1, 0))] if row else []
            choices += [(best[row, column - 1], (0, 1))] if column else []
            for first, second in _MATCHES:
                if first <= row and second <= column:
                    block = worth[row - first : row, column - second : column]
                    gain = best[row - first, column - second] + _gain(block)
                    choices.append((gain, (first, second)))
            best[row, column], steps[row, column] = max(choices)
    return _traced(steps)


def _least(likeness: Floats) -> float:
    """Return the likeness from which on two sentences may belong together."""
    average = float(likeness.mean())
    return average + _SHARE * (float(np.median(likeness.max(axis=1))) - average)


def _gain(block: Floats) -> float:
    """Return what it is worth that all sentences of a block belong together.

    Each counts with the best of the others.
    """
    further = block.shape[0] + block.shape[1] - 2
    total = block.max(axis=1).sum() + block.max(axis=0).sum()
    return float(total - _JOINING * further)


def _traced(steps: np.ndarray[tuple[int, int, int], np.dtype[np.int64]]) -> list[Match]:
    matches = []
    row, column = steps.shape[0] - 1, steps.shape[1] - 1
    while row or column:
        first, second = steps[row, column].tolist()
        if first and second:
            matches.append(Match(range(row - first, row), range(column - second, column)))
        row, column = row - first, column - second
    return matches[::-1]
