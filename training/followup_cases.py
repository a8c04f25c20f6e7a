"""Follow-ups and what stands alone, to fit and measure `qa.questions.followups` with."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from corpus.question_sets import Question, load_questions
from qa.questions import followups
from training.cases import Case, terms
from training.datasets import FOLLOWUPS
from training.logistic import Example

_SEED = 0
_REMARKS = 20  # of those written to be follow-ups or not, for each statement
# Kinds of what leans on an earlier question.
LEANING = ("follow-up", "ellipsis", "remark")
# Ways to go on to another party, year or thing, with all else left to the question before.
_ELLIPTIC = (
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


def follow_ups(cases: Sequence[Case], followup_direction: Sequence[float]) -> Iterator[Example]:
    """Follow-ups with their history, and what stands alone after a random other question.

    `follow-up`: a question that was written with its history. `ellipsis`: a term of the statement
    in a remark such as "And X?"; `remark`: one of those written for it. `alone`: another question.
    `term`: a bare term of the statement, as one types it. `new subject`: a remark that stands
    alone.

    Args:
        cases: What is asked.
        follow_up: The direction of the gist of questions that lean on earlier ones.
    """
    draw = random.Random(_SEED)  # noqa: S311
    _, remarks = remarks_in_halves()
    for case in cases:

        def example(text: str, kind: str, case: Case = case) -> Example:
            evidence = case.searcher.evidence(text)
            features = followups.followup_features(evidence, followup_direction)
            return Example(features, kind in LEANING, kind, case.statement.id)

        for question in case.questions:
            kind = "follow-up" if question.history else "alone"
            yield example(question.text, kind)
        for term in terms(case, draw):
            yield example(term, "term")
            yield example(draw.choice(_ELLIPTIC).format(term), "ellipsis")
        for remark in draw.sample(remarks, min(_REMARKS, len(remarks))):
            kind = "remark" if remark.kind == "followup" else "new subject"
            yield example(remark.text, kind)


def remarks_in_halves() -> tuple[list[Question], list[Question]]:
    """The remarks written to be follow-ups or not: to fit a direction with, and the rest."""
    remarks = load_questions(FOLLOWUPS)
    return remarks[::2], remarks[1::2]
