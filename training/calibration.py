"""Fit `qa/confidence/calibration.json`, the figures of the confidence.

    python -m training.calibration [--quick] [SQUAD.json ...]

The command writes the file in place. It takes about a quarter of an hour on two cores. With
`--quick` it takes about five minutes, because it reads one practice statement in three and a sample
of the training questions, and keeps the direction of questions that ask for several things.

The data are the cases of `training.fitting.cases` (splits `dev` and `calibration`), and for the
directions the questions and remarks of the split `train`. The files in SQuAD format hold questions
about other subjects. The figures under "how" are measured by cross-validation: each statement with
models that were fitted to the other statements. Questions and remarks of the split `train` are not
left out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.files import replacing
from index.models.catalogue import BUNDLED, open_encoder
from qa.confidence import abstention, calibration
from qa.evaluation.statistics import calibration_error
from training.fitting.cases import Case, abstention_examples, open_cases, quoting_examples
from training.fitting.directions import fit_directions
from training.fitting.followup_cases import followup_examples
from training.fitting.logistic import (
    ANSWERED,
    Doubles,
    Example,
    auc_by_kind,
    cross_validated_chances,
    fit_logistic,
    kinds_of,
    labels_of,
    with_features,
)

Bools = npt.NDArray[np.bool_]
# Shares that choose the limits of the models:
_REFUSED_SHARE = 0.10  # of the answered paraphrases may be refused
_OFF_SUBJECT_SHARE = 0.004  # of the questions about the subject may be called off it
_FALSE_FOLLOWUP_SHARE = 0.01  # of the questions that stand alone may be called follow-ups
_HIGH_RIGHT_SHARE = 0.93  # of the answers called high must have a right first quote
_FAIR_FROM = 0.5  # the chance of a right first quote from which on an answer is called fair
_QUICK_EVERY = 3  # a quick fit reads one practice statement in three
# Kinds of questions that were written for a statement; the others are put together by programs.
_WRITTEN_KINDS = ("answered", "paraphrase", "near")
_PRINTED = 400  # characters of a line of the file that are printed

_Part = tuple[dict[str, Any], dict[str, Any]]  # fitted figures, and how well they do


def answer_examples(examples: Sequence[Example]) -> list[Example]:
    """Return the examples for the model of whether a question is answered."""
    return [with_features(example, abstention.ANSWER) for example in examples]


def subject_examples(examples: Sequence[Example]) -> list[Example]:
    """Return the examples for the model of whether a question is about the statement's subject."""
    return [
        replace(
            with_features(example, abstention.SUBJECT), label=example.kind in (*ANSWERED, "near")
        )
        for example in examples
        if example.kind != "removed"
    ]


def first_right_examples(examples: Sequence[Example]) -> list[Example]:
    """Return the examples for the model of whether the best sentence is a right one."""
    return [
        replace(with_features(example, abstention.FIRST), label=example.first_right)
        for example in examples
        if example.kind in _WRITTEN_KINDS
    ]


def lowest_chance(chances: Doubles, right: Bools, share: float) -> float:
    """Return the lowest chance from which on at least a given share is right.

    Args:
        chances: f64 (n,), predicted probabilities.
        right: bool (n,), whether each prediction came true.
        share: The share that must be right, 0..1.

    Returns:
        The chance, rounded to three places; 1.0 where no chance reaches the share.
    """
    order = np.argsort(-chances)
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    reached = np.flatnonzero(shares >= share)
    return round(float(chances[order][reached[-1]]), 3) if len(reached) else 1.0


def _fit_confidence(examples: Sequence[Example]) -> _Part:
    """Fit whether a question is answered, and how likely the first quote is right."""
    answer, first = answer_examples(examples), first_right_examples(examples)
    confidences = cross_validated_chances(answer)
    labels = labels_of(answer)
    kinds = kinds_of(answer)
    threshold = round(float(np.quantile(confidences[kinds == "paraphrase"], _REFUSED_SHARE)), 3)
    chances = cross_validated_chances(first)
    first_right = labels_of(first)
    quoted = confidences[np.isin(kinds, _WRITTEN_KINDS)] >= threshold
    high = lowest_chance(chances[quoted], first_right[quoted], _HIGH_RIGHT_SHARE)
    levels = {"high": chances >= high, "fair": (chances >= _FAIR_FROM) & (chances < high)}
    levels["low"] = ~levels["high"] & ~levels["fair"]
    figures = {
        "confidence": asdict(fit_logistic(answer)),
        "threshold": threshold,
        "first_right": asdict(fit_logistic(first)),
        "high": high,
        "fair": min(_FAIR_FROM, high),
    }
    error = calibration_error(confidences.tolist(), labels.tolist())
    how = {
        "answered": int((kinds == "answered").sum()),
        "auc_against": auc_by_kind(answer, confidences, "answered"),
        "calibration_error": round(error or 0.0, 3),
        "refused": {
            kind: _share(confidences[kinds == kind] < threshold) for kind in _WRITTEN_KINDS
        },
        **{f"{name}_right": _share(first_right[quoted & level]) for name, level in levels.items()},
        **{f"{name}_said": _share(level[quoted]) for name, level in levels.items()},
    }
    return figures, how


def _fit_subject(examples: Sequence[Example]) -> _Part:
    """Fit whether a question is about the subject of the statement."""
    subject = subject_examples(examples)
    chances = cross_validated_chances(subject)
    labels = labels_of(subject)
    limit = round(float(np.quantile(chances[labels], _OFF_SUBJECT_SHARE)), 3)
    figures = {"subject": asdict(fit_logistic(subject)), "off_subject": limit}
    return figures, {"auc_of_subject": auc_by_kind(subject, chances, "answered")}


def _fit_followup(examples: Sequence[Example]) -> _Part:
    """Fit whether a question is a follow-up."""
    chances = cross_validated_chances(examples)
    alone = ~labels_of(examples)
    kinds = kinds_of(examples)
    limit = round(float(np.quantile(chances[alone], 1 - _FALSE_FOLLOWUP_SHARE)), 3)
    how = {
        "followup_auc": auc_by_kind(examples, chances, "follow-up"),
        "taken_for_follow_ups": {
            kind: _share(chances[kinds == kind] >= limit) for kind in sorted(set(kinds))
        },
    }
    return {"followup": asdict(fit_logistic(examples)), "followup_from": limit}, how


def _share(mask: Bools) -> float:
    return round(float(np.mean(mask)), 3) if len(mask) else 0.0


def calibrate(
    cases: Sequence[Case], off_subject: Sequence[Path], directions: dict[str, list[float]]
) -> dict[str, Any]:
    """Return the table that `calibration.json` holds.

    Args:
        cases: The statements and questions.
        off_subject: Files in SQuAD format with questions about other subjects.
        directions: See `fit_directions`.
    """
    examples = list(abstention_examples(cases, off_subject))
    followups = list(followup_examples(cases, directions["followup_direction"]))
    sentences = list(quoting_examples(cases, directions["several_direction"]))
    table: dict[str, Any] = {"quoting": asdict(fit_logistic(sentences, balanced=False))}
    how: dict[str, Any] = {
        "by": "python -m training.calibration, on statements left out of each fit",
        "statements": len(cases),
    }
    for figures, quality in (
        _fit_confidence(examples),
        _fit_subject(examples),
        _fit_followup(followups),
    ):
        table |= figures
        how |= quality
    return {**table, "how": how, **directions}


def main(arguments: Sequence[str]) -> None:
    """Fit, print the figures and write the file."""
    quick = "--quick" in arguments
    off_subject = [Path(argument) for argument in arguments if argument != "--quick"]
    with ExitStack() as stack:
        encoder = open_encoder(BUNDLED)
        cases = list(open_cases(encoder, stack, _QUICK_EVERY if quick else 1))
        table = calibrate(cases, off_subject, fit_directions(encoder, quick=quick))
    target = Path(calibration.__file__).with_name("calibration.json")
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in table.items()]
    print("\n".join(line[:_PRINTED] for line in lines))
    with replacing(target) as file:
        file.write(("{\n" + ",\n".join(lines) + "\n}\n").encode())


if __name__ == "__main__":
    main(sys.argv[1:])
