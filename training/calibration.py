"""Fits `qa/confidence/calibration.json`: `python -m training.calibration [--quick] SQUAD.json...`.

The files in SQuAD format hold questions about other subjects.

Each figure of "how" is measured on statements that were left out of the fit; see
`training.cases` for
what is read. With `--quick`, one practice statement in three is read and a sample of the training
questions, and the direction of questions that ask for several things stays as it is.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.files import replacing
from corpus.question_sets import Question
from index.models.catalogue import BUNDLED, open_encoder
from index.models.encoder import Encoder
from qa.confidence import abstention, calibration
from qa.confidence.calibration import shipped
from qa.evaluation.statistics import calibration_error
from training.cases import (
    Case,
    answering,
    cases,
    pooled_vectors,
    silence,
)
from training.datasets import TRAINED_ON, questions
from training.followup_cases import follow_ups, remarks_in_halves
from training.logistic import ANSWERED, Example, Floats, aucs, direction, fit, left_out, only

Bools = npt.NDArray[np.bool_]
_REFUSED = 0.10  # of the questions that are answered in other words than theirs
_MISJUDGED = 0.004  # of the questions about a statement's subjects may be said to be off them
_TAKEN = 0.01  # of the questions that stand alone may be taken for a follow-up
_RIGHT = 0.93  # of the answers called high have the right first quote
_EVEN = 0.5  # from this chance of a right first quote on, an answer is called fair
_SAMPLE, _EVERY = 7000, 3  # training questions and practice statements of a quick fit
_HEARD = 8  # times that a remark written to be a follow-up or not counts beside a question
_WRITTEN = ("answered", "paraphrase", "near")  # kinds of questions that a person put
_SHOWN = 400  # characters of a line


def answers(examples: Sequence[Example]) -> list[Example]:
    """Questions told apart by whether they are answered, by the features that tell that."""
    return [only(one, abstention.ANSWER) for one in examples]


def on_subject(examples: Sequence[Example]) -> list[Example]:
    """The same questions, told apart by whether they are about the statement's subjects."""
    return [
        replace(only(one, abstention.SUBJECT), right=one.kind in (*ANSWERED, "near"))
        for one in examples
        if one.kind != "removed"
    ]


def directions(encoder: Encoder, *, quick: bool) -> dict[str, list[float]]:
    """The directions of the gist that `calibration.json` holds, from the training questions."""
    asked = questions(*TRAINED_ON)
    if quick:
        random.Random(0).shuffle(asked)  # noqa: S311
        asked = asked[:_SAMPLE]
    found = pooled_vectors(encoder, asked)
    several = (
        shipped().several_direction
        if quick
        else direction(found, [len(one.gold) > 1 for one in asked])
    )
    remarks, _ = remarks_in_halves()
    return {
        "several_direction": list(several),
        "followup_direction": _follow_up(encoder, asked, found, remarks),
    }


def _follow_up(
    encoder: Encoder,
    asked: Sequence[Question],
    found: npt.NDArray[np.float32],
    remarks: Sequence[Question],
) -> list[float]:
    heard = np.tile(pooled_vectors(encoder, remarks), (_HEARD, 1))
    leans = [one.kind == "followup" for one in remarks] * _HEARD
    return direction(
        np.concatenate([found, heard]), [*(bool(one.history) for one in asked), *leans]
    )


def first_right(examples: Sequence[Example]) -> list[Example]:
    """The questions that a person put, told apart by whether the best sentence answers them."""
    return [
        replace(only(one, abstention.FIRST), right=one.first)
        for one in examples
        if one.kind in _WRITTEN
    ]


def bar(chances: Floats, right: Bools, wanted: float) -> float:
    """The least chance from which on at least the share `wanted` is right; 1 where none is.

    Args:
        chances: f64 (n,).
        right: bool (n,), whether each is.
        wanted: 0..1.
    """
    order = np.argsort(-chances)
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(shares >= wanted)
    return round(float(chances[order][good[-1]]), 3) if len(good) else 1.0


def _silence(asked: Sequence[Example]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Whether to answer, and how sure the first quote is: figures, and how good they are."""
    silent, first = answers(asked), first_right(asked)
    sure, right = left_out(silent), np.array([one.right for one in silent])
    kinds = np.array([one.kind for one in silent])
    threshold = round(float(np.quantile(sure[kinds == "paraphrase"], _REFUSED)), 3)
    chances, rightly = left_out(first), np.array([one.right for one in first])
    told = sure[np.isin(kinds, _WRITTEN)] >= threshold
    high = bar(chances[told], rightly[told], _RIGHT)
    levels = {"high": chances >= high, "fair": (chances >= _EVEN) & (chances < high)}
    levels["low"] = ~levels["high"] & ~levels["fair"]
    figures = {
        "confidence": asdict(fit(silent)),
        "threshold": threshold,
        "first_right": asdict(fit(first)),
        "high": high,
        "fair": min(_EVEN, high),
    }
    how = {
        "answered": int((kinds == "answered").sum()),
        "auc_against": aucs(silent, sure, "answered"),
        "calibration_error": round(calibration_error(sure.tolist(), right.tolist()) or 0.0, 3),
        "refused": {
            kind: round(float(np.mean(sure[kinds == kind] < threshold)), 3) for kind in _WRITTEN
        },
        **{f"{name}_right": _share(rightly[told & one]) for name, one in levels.items()},
        **{f"{name}_said": _share(one[told]) for name, one in levels.items()},
    }
    return figures, how


def _subject(asked: Sequence[Example]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Whether a question is about what the statement is about."""
    subject = on_subject(asked)
    about, on = left_out(subject), np.array([one.right for one in subject])
    least = round(float(np.quantile(about[on], _MISJUDGED)), 3)
    figures = {"subject": asdict(fit(subject)), "off_subject": least}
    return figures, {"auc_of_subject": aucs(subject, about, "answered")}


def _leaning(leaning: Sequence[Example]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Whether a question leans on the ones before it."""
    leant, alone = left_out(leaning), np.array([not one.right for one in leaning])
    kinds = np.array([one.kind for one in leaning])
    least = round(float(np.quantile(leant[alone], 1 - _TAKEN)), 3)
    how = {
        "followup_auc": aucs(leaning, leant, "follow-up"),
        "taken_for_follow_ups": {
            kind: _share(leant[kinds == kind] >= least) for kind in set(kinds)
        },
    }
    return {"followup": asdict(fit(leaning)), "followup_from": least}, how


def _share(holds: Bools) -> float:
    return round(float(np.mean(holds)), 3) if len(holds) else 0.0


def calibrate(
    cases: Sequence[Case], off_subject: Sequence[Path], sounds: dict[str, list[float]]
) -> dict[str, Any]:
    """The table that `calibration.json` holds.

    Args:
        cases: What is asked of which statement.
        off_subject: SQuAD-format files of other subjects.
        sounds: See `directions`.
    """
    asked = list(silence(cases, off_subject))
    fitted = [
        _silence(asked),
        _subject(asked),
        _leaning(list(follow_ups(cases, sounds["followup_direction"]))),
    ]
    several = list(answering(cases, sounds["several_direction"]))
    table: dict[str, Any] = {"quoting": asdict(fit(several, even=False))}
    how: dict[str, Any] = {
        "by": "python -m training.calibration, on statements left out of each fit",
        "statements": len(cases),
    }
    for figures, measured in fitted:
        table |= figures
        how |= measured
    return {**table, "how": how, **sounds}


def main(arguments: Sequence[str]) -> None:
    """Fit and write the file beside this module."""
    quick = "--quick" in arguments
    off_subject = [Path(one) for one in arguments if one != "--quick"]
    with ExitStack() as stack:
        encoder = open_encoder(BUNDLED)
        found = list(cases(encoder, stack, _EVERY if quick else 1))
        table = calibrate(found, off_subject, directions(encoder, quick=quick))
    target = Path(calibration.__file__).with_name("calibration.json")
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in table.items()]
    print("\n".join(line[:_SHOWN] for line in lines))
    with replacing(target) as file:
        file.write(("{\n" + ",\n".join(lines) + "\n}\n").encode())


if __name__ == "__main__":
    main(sys.argv[1:])
