"""The results of a question set as frozen values, and their JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from qa.answers.answer import Level
from qa.evaluation.baselines import System
from qa.evaluation.question_results import QuestionAnswer, QuestionRanking, RankingMeasures
from qa.evaluation.statistics import Interval


@dataclass(frozen=True, slots=True)
class Invariance:
    """How often translations of one question select the same passage.

    Attributes:
        mean: The share of families whose questions all have one passage first, 0..1.
        n: The number of families.
    """

    mean: float
    n: int


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """The rankings of the questions of one language or kind.

    Attributes:
        n: The number of questions.
        measures: The means over them.
    """

    n: int
    measures: RankingMeasures[float]

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object of the group."""
        return {"n": self.n, **self.measures.by_name()}


@dataclass(frozen=True, slots=True)
class SystemSummary:
    """The rankings of one system.

    Attributes:
        measures: The means over all answerable questions, with intervals.
        invariance: The agreement of translations. None if the set has no families.
        by_language: The questions of each language.
        by_kind: The questions of each kind.
    """

    measures: RankingMeasures[Interval]
    invariance: Invariance | None
    by_language: Mapping[str, GroupSummary]
    by_kind: Mapping[str, GroupSummary]

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object of the system."""
        return {
            **{name: asdict(value) for name, value in self.measures.by_name().items()},
            **({"invariance": asdict(self.invariance)} if self.invariance else {}),
            "by_language": {name: group.to_json() for name, group in self.by_language.items()},
            "by_kind": {name: group.to_json() for name, group in self.by_kind.items()},
        }


@dataclass(frozen=True, slots=True)
class PairedTest:
    """A test of whether two systems differ in `success@1`.

    Attributes:
        first: One system.
        other: The other system.
        wins: The number of questions where only `first` is right.
        losses: The number of questions where only `other` is right.
        p: The two-sided p-value of `statistics.paired_p`.
        p_holm: `p` after the correction of `statistics.holm` for all tests of the evaluation.
    """

    first: System
    other: System
    wins: int
    losses: int
    p: float
    p_holm: float


@dataclass(frozen=True, slots=True)
class LevelSummary:
    """The answers with one level of confidence.

    Attributes:
        n: The number of answers.
        right: The share of them whose first quote is right. An unanswerable question has no right
            quote.
    """

    n: int
    right: float


@dataclass(frozen=True, slots=True)
class AnswerSummary:
    """The answers of the system `full`. A figure is None if there is nothing to measure it on.

    Attributes:
        abstention_auc: AUC of the confidence, answerable against unanswerable questions.
        false_answers: The share of unanswerable questions that were answered.
        false_refusals: The share of answerable questions that were not answered.
        complete_of_several: The share of complete answers, of questions with several fragments.
        set_precision: The mean share of right quotes, of answerable questions with quotes.
        set_recall: The mean share of gold fragments that were quoted.
        quotes: The mean number of quotes of answerable questions with quotes.
        calibration_error: The expected calibration error of the confidence.
        offsets_valid: The share of answers whose quotes are all at their offsets.
        language_right: The share of questions whose language was detected.
        median_first_quote: The median length of the first quote in code points.
        n_several: The number of questions with several fragments.
        n_unanswerable: The number of unanswerable questions.
        levels: The answers by level of confidence. A level without answers is left out.
    """

    abstention_auc: float | None
    false_answers: float | None
    false_refusals: float | None
    complete_of_several: float | None
    set_precision: float | None
    set_recall: float | None
    quotes: float | None
    calibration_error: float | None
    offsets_valid: float | None
    language_right: float | None
    median_first_quote: float | None
    n_several: int
    n_unanswerable: int
    levels: Mapping[Level, LevelSummary]


@dataclass(frozen=True, slots=True)
class Results:
    """What `runner.evaluate` measured on a question set.

    Attributes:
        question_set: File name of the question set.
        split: The split that was measured. None if all questions were.
        n: The number of questions.
        left_out: The number of questions whose gold is all in statements that are not searched.
        answerable: The number of answerable questions.
        systems: The rankings of each system. The first system is the one that is compared.
        paired: The tests of the first system against each other system.
        rankings: The rankings of the first system, one for each answerable question.
        answers: The answers of the system `full`, one for each question. Empty without `full`.
        answer_summary: The summary of `answers`. None without `full`.
        seconds: The time that it took.
    """

    question_set: str
    split: str | None
    n: int
    left_out: int
    answerable: int
    systems: Mapping[System, SystemSummary]
    paired: tuple[PairedTest, ...]
    rankings: tuple[QuestionRanking, ...]
    answers: tuple[QuestionAnswer, ...]
    answer_summary: AnswerSummary | None
    seconds: float

    @property
    def first_system(self) -> System:
        """The system that is compared with each other system."""
        return next(iter(self.systems))

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object that `shutten eval --json` prints."""
        means = {
            name: value.mean
            for name, value in self.systems[self.first_system].measures.by_name().items()
        }
        return {
            "set": self.question_set,
            "split": self.split,
            "n": self.n,
            "left_out": self.left_out,
            "answerable": self.answerable,
            "systems": {system: summary.to_json() for system, summary in self.systems.items()},
            "paired": [asdict(test) for test in self.paired],
            "questions": self._question_rows(),
            **means,
            **({"answers": asdict(self.answer_summary)} if self.answer_summary else {}),
            "seconds": self.seconds,
        }

    def _question_rows(self) -> list[dict[str, Any]]:
        """Return the ranking and the answer of each question as one JSON object.

        Unanswerable questions have no ranking and come last.
        """
        answers = {answer.question.id: answer.to_json() for answer in self.answers}
        rows = [
            ranking.to_json() | answers.pop(ranking.question.id, {}) for ranking in self.rankings
        ]
        return [*rows, *answers.values()]
