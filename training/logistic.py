"""Small logistic models, fitted to features and measured on statements left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from qa.confidence.calibration import Logistic
from qa.evaluation.statistics import auc

ANSWERED = ("answered", "paraphrase", "topic")
# What each kind weighs among those on its side of a fit; the others weigh the same.
_SHARES = {"answered": 0.6, "paraphrase": 0.3, "topic": 0.1, "near": 0.6}
_SHARE = 0.1
_STRENGTH = 3.0  # inverse of the regularisation of a direction, chosen among 0.3, 1 and 3

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """Features and what they should tell.

    Attributes:
        features: Of a question asked of a statement.
        right: Whether it is answered, or is a follow-up.
        kind: Where it comes from, to be measured apart.
        group: The statement.
        first: Whether the best sentence is one that answers.
    """

    features: dict[str, float]
    right: bool
    kind: str
    group: str
    first: bool = False


def only(example: Example, names: Sequence[str]) -> Example:
    """An example with some of its features."""
    return replace(example, features={name: example.features[name] for name in names})


def fit(examples: Sequence[Example], *, even: bool = True) -> Logistic:
    """Logistic regression.

    Args:
        examples: What to fit.
        even: Whether both sides weigh the same, and their kinds as `_SHARES` says.
    """
    from sklearn.linear_model import LogisticRegression

    names = list(examples[0].features)
    x, right = _matrix(examples), np.array([one.right for one in examples])
    spread = x.std(axis=0) + 1e-9
    model = LogisticRegression(max_iter=1000).fit(
        x / spread, right, _weights(examples) if even else None
    )
    weights = (model.coef_[0] / spread).tolist()
    figures = {name: round(weight, 3) for name, weight in zip(names, weights, strict=True)}
    return Logistic(round(float(model.intercept_[0]), 3), figures)


def left_out(examples: Sequence[Example]) -> Floats:
    """The probability of each example, from a fit that has not seen its statement."""
    groups = np.array([one.group for one in examples])
    chances = np.zeros(len(examples))
    for group in np.unique(groups):
        model = fit([one for one in examples if one.group != group])
        for place in np.flatnonzero(groups == group).tolist():
            chances[place] = model(examples[place].features)
    return chances


def aucs(examples: Sequence[Example], chances: Floats, right: str) -> dict[str, float]:
    """AUC of the kind `right` against each other kind."""
    kinds = np.array([one.kind for one in examples])
    return {
        kind: round(auc(chances[kinds == right].tolist(), chances[kinds == kind].tolist()) or 0, 3)
        for kind in sorted(set(kinds) - {right})
    }


def direction(pooled_vectors: npt.ArrayLike, right: Sequence[bool]) -> list[float]:
    """The direction of the gist that tells the right ones, from even odds at nought.

    Args:
        gists: (questions, dimension), see `Query`.
        right: Which are.
    """
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(
        C=_STRENGTH, class_weight="balanced", fit_intercept=False, max_iter=1000
    ).fit(pooled_vectors, right)
    return [round(float(weight), 2) for weight in model.coef_[0]]


def softmax(
    rows: npt.ArrayLike, kinds: npt.NDArray[np.int64], weights: Floats, strength: float
) -> tuple[Floats, Floats]:
    """Softmax regression.

    Args:
        rows: (examples, dimension).
        kinds: (examples,), the kind of each, from 0.
        weights: (examples,), how much each counts.
        strength: Inverse of the regularisation.

    Returns:
        (kinds, dimension) weights and (kinds,) constant terms; of two kinds, those of the log-odds
        of the second alone.
    """
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, max_iter=300).fit(rows, kinds, weights)
    return model.coef_, model.intercept_


def _matrix(examples: Sequence[Example]) -> Floats:
    return np.array([list(one.features.values()) for one in examples])


def _weights(examples: Sequence[Example]) -> Floats:
    """Both sides weigh the same, and the kinds of a side as `_SHARES` says."""
    kinds = [(one.right, one.kind) for one in examples]
    weights = np.array(
        [_SHARES.get(kind, _SHARE) / kinds.count((right, kind)) for right, kind in kinds]
    )
    right = np.array([one.right for one in examples])
    for side in (right, ~right):
        weights[side] /= weights[side].sum()
    return np.asarray(weights * len(examples) / 2)
