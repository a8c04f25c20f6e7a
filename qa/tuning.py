"""Fits `calibration.json`: `python -m qa.tuning OFF_SUBJECT.json...` (SQuAD-format files).

The positives are the project's answerable `dev` questions. The negatives are its unanswerable
`dev` questions, and questions of other subjects (the files given), which together weigh as much
as these. The threshold refuses one in twenty answerable `dev` questions at most.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from corpus.library import QUESTIONS
from corpus.questions import load_questions
from qa.abstaining import features
from qa.assistant import Assistant
from qa.evaluation import auc
from qa.squad import paragraphs

_PER_FILE = 100
_REFUSED = 0.05


def fit(assistant: Assistant, off_subject: Sequence[Path]) -> dict[str, float | str]:
    """The table that `calibration.json` holds."""
    from sklearn.linear_model import LogisticRegression

    dev = [q for q in load_questions(QUESTIONS / "jucip-2023.jsonl") if q.split == "dev"]
    other = [text for path in off_subject for text in _sample(path)]
    asked = [(q.text, q.history) for q in dev] + [(text, ()) for text in other]
    x = np.array([features(assistant.rank(*one)[1]) for one in asked])
    y = np.array([q.answerable for q in dev] + [False] * len(other))
    near = len(dev) - int(y.sum())
    weights = np.ones(len(y))
    weights[len(dev) :] = near / max(1, len(other))
    spread = x.std(axis=0)
    model = LogisticRegression().fit(x / spread, y, weights)
    sure = model.predict_proba(x / spread)[:, 1]
    score, information = (model.coef_[0] / spread).tolist()
    return {
        "intercept": round(float(model.intercept_[0]), 3),
        "score": round(score, 3),
        "information": round(information, 3),
        "threshold": round(float(np.quantile(sure[y], _REFUSED)), 3),
        "how": (
            f"logistic regression on {int(y.sum())} answerable and {near} unanswerable dev "
            f"questions and {len(other)} questions of other subjects; AUC against other "
            f"subjects {auc(sure[y], sure[len(dev) :]):.3f}, against unanswerable dev questions "
            f"{auc(sure[y], sure[: len(dev)][~y[: len(dev)]]):.3f}, on the data it was fitted to"
        ),
    }


def _sample(path: Path) -> list[str]:
    questions = [qa["question"] for _, _, paragraph in paragraphs(path) for qa in paragraph["qas"]]
    return random.Random(0).sample(questions, min(_PER_FILE, len(questions)))  # noqa: S311


def main(arguments: Sequence[str]) -> None:
    """Fit and write the file beside this one."""
    table = fit(Assistant.open(), [Path(argument) for argument in arguments])
    target = Path(__file__).with_name("calibration.json")
    target.write_text(json.dumps(table, indent=2) + "\n", "utf-8")
    print(target.read_text("utf-8"))


if __name__ == "__main__":
    main(sys.argv[1:])
