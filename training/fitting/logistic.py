"""Small logistic models over features, and their measurement by cross-validation.

The statement of an example is its fold: each statement is measured with a model that was fitted to
all other statements. The commands of `training` fit with these functions; scikit-learn is used here
only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from qa.confidence.calibration import Logistic
from qa.evaluation.statistics import auc

ANSWERED = ("answered", "paraphrase", "topic")  # kinds of examples that a statement answers
# How much each kind weighs among the kinds with the same label. Kinds that are not in the table
# weigh `_OTHER_KINDS`.
_KIND_WEIGHTS = {"answered": 0.6, "paraphrase": 0.3, "topic": 0.1, "near": 0.6}
_OTHER_KINDS = 0.1
# Inverse of the regularisation of a direction, chosen from 0.3, 1 and 3.
_DIRECTION_STRENGTH = 3.0

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """Features of a question, and what a model should predict from them.

    Attributes:
        features: The features by name.
        label: What is to be predicted, for example whether the question is answered.
        kind: The sort of question, so that each sort can be measured by itself.
        statement: The id of the statement that was searched.
        first_right: Whether the best sentence answers the question.
    """

    features: dict[str, float]
    label: bool
    kind: str
    statement: str
    first_right: bool = False


def with_features(example: Example, names: Sequence[str]) -> Example:
    """Return an example with only the named features, in that order."""
    return replace(example, features={name: example.features[name] for name in names})


def labels_of(examples: Sequence[Example]) -> npt.NDArray[np.bool_]:
    """Return the label of each example, bool (examples,)."""
    return np.array([example.label for example in examples])


def kinds_of(examples: Sequence[Example]) -> npt.NDArray[np.str_]:
    """Return the kind of each example, str (examples,)."""
    return np.array([example.kind for example in examples])


def fit_logistic(examples: Sequence[Example], *, balanced: bool = True) -> Logistic:
    """Fit a logistic regression. Its figures are rounded to three places.

    Args:
        examples: Examples with the same features in the same order.
        balanced: Whether both labels weigh the same in total, and the kinds of each label as
            `_KIND_WEIGHTS` says. Otherwise all examples weigh the same.
    """
    from sklearn.linear_model import LogisticRegression

    names = list(examples[0].features)
    features = np.array([list(example.features.values()) for example in examples])
    # The regularisation should not depend on the unit of a feature.
    spread = features.std(axis=0) + 1e-9
    model = LogisticRegression(max_iter=1000).fit(
        features / spread, labels_of(examples), _balanced_weights(examples) if balanced else None
    )
    weights = (model.coef_[0] / spread).tolist()
    figures = {name: round(weight, 3) for name, weight in zip(names, weights, strict=True)}
    return Logistic(round(float(model.intercept_[0]), 3), figures)


def cross_validated_chances(examples: Sequence[Example]) -> Doubles:
    """Predict each example with a model that was fitted to the other statements.

    Returns:
        f64 (examples,), the probability that the label is true.
    """
    statements = np.array([example.statement for example in examples])
    chances = np.zeros(len(examples))
    for statement in np.unique(statements):
        model = fit_logistic([example for example in examples if example.statement != statement])
        for index in np.flatnonzero(statements == statement).tolist():
            chances[index] = model(examples[index].features)
    return chances


def auc_by_kind(examples: Sequence[Example], chances: Doubles, positive: str) -> dict[str, float]:
    """Return the AUC of the kind `positive` against each other kind.

    Args:
        examples: The examples.
        chances: f64 (examples,), the predicted probabilities.
        positive: The kind that should have the higher probabilities.
    """
    kinds = kinds_of(examples)
    positives = chances[kinds == positive].tolist()
    return {
        kind: round(auc(positives, chances[kinds == kind].tolist()) or 0, 3)
        for kind in sorted(set(kinds) - {positive})
    }


def fit_direction(pooled_vectors: npt.ArrayLike, labels: Sequence[bool]) -> list[float]:
    """Fit a direction of pooled vectors. The dot product with it is the log-odds of the label.

    There is no constant term, so a dot product of 0 means even odds.

    Args:
        pooled_vectors: f32 (questions, dimension), see `index.search.query.pooled`.
        labels: The label of each question.
    """
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(
        C=_DIRECTION_STRENGTH, class_weight="balanced", fit_intercept=False, max_iter=1000
    ).fit(pooled_vectors, labels)
    return [round(float(weight), 2) for weight in model.coef_[0]]


def fit_softmax(
    rows: npt.ArrayLike, classes: npt.NDArray[np.int64], weights: Doubles, strength: float
) -> tuple[Doubles, Doubles]:
    """Fit a softmax regression.

    Args:
        rows: (examples, dimension).
        classes: i64 (examples,), the class of each example, counted from 0.
        weights: f64 (examples,), how much each example counts.
        strength: Inverse of the regularisation.

    Returns:
        The weights, f64 (classes, dimension), and the constant terms, f64 (classes,). For two
        classes there is one row, which gives the log-odds of the second class.
    """
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, max_iter=300).fit(rows, classes, weights)
    return model.coef_, model.intercept_


def _labels(examples: Sequence[Example]) -> npt.NDArray[np.bool_]:
    return np.array([example.label for example in examples])


def _balanced_weights(examples: Sequence[Example]) -> Doubles:
    """Return weights so that both labels weigh the same in total; their mean is 1."""
    kinds = [(example.label, example.kind) for example in examples]
    counts = Counter(kinds)
    weights = np.array(
        [_KIND_WEIGHTS.get(kind, _OTHER_KINDS) / counts[label, kind] for label, kind in kinds]
    )
    labels = labels_of(examples)
    for group in (labels, ~labels):
        weights[group] /= weights[group].sum()
    return np.asarray(weights * len(examples) / 2)
