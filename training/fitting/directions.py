"""Fit the two directions of pooled vectors in `qa/confidence/calibration.json`.

One tells whether a question asks for several things, the other whether it is a follow-up. The data
are the questions of the split `train` in `training/data`, and half of the remarks in
`remarks/followups.jsonl`. There is no command: `training.calibration` fits the directions first.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np

from corpus.question_sets import Question
from index.models.encoder import Encoder, Floats
from index.search.query import mean_state
from qa.confidence.calibration import shipped
from training.datasets import TRAINED_ON, questions
from training.fitting.followup_cases import split_remarks
from training.fitting.logistic import fit_direction

_QUICK_QUESTIONS = 7000  # questions that a quick fit draws
_REMARK_COPIES = 8  # how many questions a remark weighs
_SEED = 0


def fit_directions(encoder: Encoder, *, quick: bool) -> dict[str, list[float]]:
    """Fit the directions.

    Args:
        encoder: The bundled model.
        quick: Whether to use a sample of the questions and keep the direction of questions that ask
            for several things as it ships.

    Returns:
        `several_direction` and `followup_direction`, see `Calibration`.
    """
    train_questions = questions(*TRAINED_ON, split="train")
    if quick:
        random.Random(_SEED).shuffle(train_questions)  # noqa: S311
        train_questions = train_questions[:_QUICK_QUESTIONS]
    vectors = pooled_vectors(encoder, train_questions)
    several = (
        shipped().several_direction
        if quick
        else fit_direction(vectors, [len(question.gold) > 1 for question in train_questions])
    )
    return {
        "several_direction": list(several),
        "followup_direction": _followup_direction(encoder, train_questions, vectors),
    }


def _followup_direction(
    encoder: Encoder, train_questions: Sequence[Question], vectors: Floats
) -> list[float]:
    remarks, _ = split_remarks()
    remark_vectors = np.tile(pooled_vectors(encoder, remarks), (_REMARK_COPIES, 1))
    question_labels = [bool(question.history) for question in train_questions]
    remark_labels = [remark.kind == "followup" for remark in remarks] * _REMARK_COPIES
    return fit_direction(
        np.concatenate([vectors, remark_vectors]), [*question_labels, *remark_labels]
    )


def pooled_vectors(encoder: Encoder, questions: Sequence[Question]) -> Floats:
    """Return the pooled vector of each question, f32 (questions, hidden)."""
    encoded = encoder.encode([question.text for question in questions], "query")
    return np.stack([mean_state(output) for output in encoded])
