"""Examples of follow-ups and of questions that stand alone.

They are made from the cases of `training.fitting.cases` and from the remarks in
`training/data/remarks/followups.jsonl`. There is no command: `training.calibration` fits to them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from corpus.question_sets import Question, load_questions
from qa.questions import followups
from training.datasets import FOLLOWUPS
from training.fitting.cases import Case, draw_terms
from training.fitting.logistic import Example

_SEED = 0
_REMARKS = 20  # remarks that are drawn for each statement
_FOLLOWUP_KINDS = ("follow-up", "ellipsis", "remark")
# Questions that name only another party, year or thing, and take all else from the question before.
_ELLIPSES = (
    "And {}?",
    "What about {}?",
    "How about {}?",
    "では{}は?",
    "{}の場合は?",
    "那{}呢？",
    "그럼 {}는요?",
    "Und {}?",
    "Et {} ?",
    "¿Y {}?",
    "E {}?",
    "А {}?",
    "Còn {}?",
    "Dan {}?",
)


def followup_examples(
    cases: Sequence[Case], followup_direction: Sequence[float]
) -> Iterator[Example]:
    """Yield examples of follow-ups and of questions that stand alone.

    The label says whether the question is a follow-up. The kinds of follow-ups are:

    - `follow-up`: a question with earlier questions.
    - `ellipsis`: a term of the statement in a question such as "And X?".
    - `remark`: a remark of the kind `followup`.

    The kinds that stand alone are:

    - `alone`: a question without earlier questions.
    - `term`: a term of the statement alone, as a user types it in a search box.
    - `new subject`: a remark of another kind.

    Args:
        cases: The statements and questions.
        followup_direction: See `Calibration.followup_direction`.
    """
    draw = random.Random(_SEED)  # noqa: S311
    _, remarks = split_remarks()
    for case in cases:
        for text, kind in _questions(case, remarks, draw):
            evidence = case.searcher.evidence(text)
            features = followups.followup_features(evidence, followup_direction)
            yield Example(features, kind in _FOLLOWUP_KINDS, kind, case.statement.id)


def _questions(
    case: Case, remarks: Sequence[Question], draw: random.Random
) -> Iterator[tuple[str, str]]:
    """Yield the questions for one statement, each with its kind."""
    for question in case.questions:
        yield question.text, "follow-up" if question.history else "alone"
    for term in draw_terms(case, draw):
        yield term, "term"
        yield draw.choice(_ELLIPSES).format(term), "ellipsis"
    for remark in draw.sample(remarks, min(_REMARKS, len(remarks))):
        yield remark.text, "remark" if remark.kind == "followup" else "new subject"


def split_remarks() -> tuple[list[Question], list[Question]]:
    """Return one half of the remarks to fit the direction to, and the other for the examples."""
    remarks = load_questions(FOLLOWUPS)
    return remarks[::2], remarks[1::2]
