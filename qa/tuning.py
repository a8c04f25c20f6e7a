"""Fits `calibration.json`: `python -m qa.tuning OFF_SUBJECT.json...` (SQuAD-format files).

Each figure of "how" is measured on statements that were left out of the fit; see `qa.examples` for
what is read.
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

from index.encoder import Encoder
from index.models import BUNDLED, open_encoder
from qa import abstaining
from qa.examples import Case, answering, cases, follow_ups, gists, silence
from qa.fitting import ANSWERED, Example, aucs, direction, fit, left_out, only
from qa.statistics import calibration_error

_REFUSED = 0.07  # of the answerable questions about the bundled statement
_MISJUDGED = 0.03  # of the questions about a statement's subjects may be said to be off them
_TAKEN = 0.01  # of the questions that stand alone may be taken for a follow-up
_SHOWN = 400  # characters of a line


def answers(examples: Sequence[Example]) -> list[Example]:
    """Questions told apart by whether they are answered, by the features that tell that."""
    return [only(one, abstaining.ANSWER) for one in examples]


def on_subject(examples: Sequence[Example]) -> list[Example]:
    """The same questions, told apart by whether they are about the statement's subjects."""
    return [
        replace(only(one, abstaining.SUBJECT), right=one.kind in (*ANSWERED, "near"))
        for one in examples
        if one.kind != "removed"
    ]


def directions(encoder: Encoder) -> dict[str, list[float]]:
    """The directions of the gist that `calibration.json` holds, from the training questions."""
    asked, found = gists(encoder)
    return {
        "several": direction(found, [len(one.gold) > 1 for one in asked]),
        "follow_up": direction(found, [bool(one.history) for one in asked]),
    }


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
    silent, subject = answers(asked), on_subject(asked)
    leaning = list(follow_ups(cases, sounds["follow_up"]))
    sure, leant, about = left_out(silent), left_out(leaning), left_out(subject)
    on = np.array([one.right for one in subject])
    right = np.array([one.right for one in silent])
    answered = np.array([one.kind == "answered" for one in silent])
    bundled = np.array([one.group == cases[0].statement.id for one in silent])
    alone = np.array([not one.right for one in leaning])
    least = round(float(np.quantile(leant[alone], 1 - _TAKEN)), 3)
    error = calibration_error(sure.tolist(), right.tolist()) or 0.0
    models = {
        "confidence": fit(silent),
        "leaning": fit(leaning),
        "subject": fit(subject),
        "quoting": fit(list(answering(cases, sounds["several"])), even=False),
    }
    return {
        **{name: asdict(model) for name, model in models.items()},
        "threshold": round(float(np.quantile(sure[answered & bundled], _REFUSED)), 3),
        "off_subject": round(float(np.quantile(about[on], _MISJUDGED)), 3),
        "leaning_from": least,
        "how": {
            "by": "python -m qa.tuning, on statements left out of each fit",
            "statements": len(cases),
            "answered": int(answered.sum()),
            "auc_against": aucs(silent, sure, "answered"),
            "auc_of_subject": aucs(subject, about, "answered"),
            "follow_up_auc": aucs(leaning, leant, "follow-up"),
            "follow_ups_taken": round(float(np.mean(leant[~alone] >= least)), 3),
            "calibration_error": round(error, 3),
        },
        **sounds,
    }


def main(off_subject: Sequence[str]) -> None:
    """Fit and write the file beside this module."""
    with ExitStack() as stack:
        encoder = open_encoder(BUNDLED)
        found = list(cases(encoder, stack))
        table = calibrate(found, [Path(path) for path in off_subject], directions(encoder))
    target = Path(__file__).with_name("calibration.json")
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in table.items()]
    print("\n".join(line[:_SHOWN] for line in lines))
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
