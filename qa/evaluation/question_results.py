"""The results of single questions as frozen values, and their JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from corpus.question_sets import Question
from qa.answers.answer import Level, Status

MEASURES = ("success@1", "success@3", "recall@3", "mrr", "ndcg@5")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class RankingMeasures(Generic[Value]):
    """One value for each measure of a ranking, in the order of `MEASURES`.

    A sentence is right when it holds a gold fragment. The values of one question are 0..1.

    Attributes:
        success_at_1: 1 if the first sentence is right, else 0.
        success_at_3: 1 if one of the first three sentences is right, else 0.
        recall_at_3: The share of the right sentences that are among the first three.
        mrr: The reciprocal rank of the first right sentence.
        ndcg_at_5: The normalised discounted cumulative gain of the first five sentences.
    """

    success_at_1: Value
    success_at_3: Value
    recall_at_3: Value
    mrr: Value
    ndcg_at_5: Value

    def by_name(self) -> dict[str, Value]:
        """Return the values by the names in `MEASURES`."""
        values = (
            self.success_at_1,
            self.success_at_3,
            self.recall_at_3,
            self.mrr,
            self.ndcg_at_5,
        )
        return dict(zip(MEASURES, values, strict=True))


@dataclass(frozen=True, slots=True)
class QuestionRanking:
    """The ranking of one answerable question.

    Attributes:
        question: The question.
        passage: Statement and passage of the first sentence, as `statement:passage`.
        measures: The measures of the ranking.
    """

    question: Question
    passage: str
    measures: RankingMeasures[float]

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object of the ranking."""
        return {
            "id": self.question.id,
            "language": self.question.language,
            "kind": self.question.kind,
            "family": self.question.family,
            "passage": self.passage,
            **self.measures.by_name(),
        }


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """The answer to one question. A quote is right when it holds a fragment of `gold` or `also`.

    Attributes:
        question: The question.
        status: The status of the answer.
        confidence: The confidence of the answer, 0..1.
        level: The level of confidence.
        first_right: Whether the first quote is right.
        complete: Whether the quotes hold every gold fragment. None for unanswerable questions.
        precision: The share of right quotes. None without quotes and for unanswerable questions.
        recall: The share of gold fragments in the quotes. None for unanswerable questions.
        quotes: The number of quotes.
        first_length: The length of the first quote in code points. None without quotes.
        offsets_valid: Whether every quote is in its statement at its offsets.
        detected: Code of the language that was detected.
    """

    question: Question
    status: Status
    confidence: float
    level: Level
    first_right: bool
    complete: bool | None
    precision: float | None
    recall: float | None
    quotes: int
    first_length: int | None
    offsets_valid: bool
    detected: str

    @property
    def several(self) -> bool:
        """Whether a complete answer has several quotes."""
        return len(self.question.gold) > 1

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object of the answer."""
        return {
            "id": self.question.id,
            "language": self.question.language,
            "kind": self.question.kind,
            "answerable": self.question.answerable,
            "status": self.status,
            "confidence": self.confidence,
            "level": self.level,
            "first_right": self.first_right,
            "complete": self.complete,
            "several": self.several,
            "precision": self.precision,
            "recall": self.recall,
            "quotes": self.quotes,
            "first_length": self.first_length,
            "offsets_valid": self.offsets_valid,
            "detected": self.detected,
        }
