"""Question sets for the second tab: runs them and explains why a question failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from corpus.errors import ShuttenError
from corpus.library import QUESTIONS
from corpus.question_sets import Question, load_questions
from index.search.ranking import Hit, Ranking
from qa.answers.answer import Answer
from qa.assistant import Assistant
from qa.evaluation.baselines import Ranker, System, baseline_ranking, rankers
from qa.evaluation.results import Results
from qa.evaluation.runner import evaluate
from qa.scope.filters import Filter
from web.gate import Gate
from web.gradio_limits.uploads import MAX_UPLOAD
from web.page.elements import escaped
from web.page.notices import in_both_languages

_SHOWN = 5  # best sentences of a failed question
_MAX_QUESTIONS = 500
_SUFFIXES = (".jsonl", ".csv")
_SYSTEMS: tuple[System, ...] = ("full", "dense")
# The file and the split of each bundled question set, by its name on the page.
BUNDLED_SETS: dict[str, tuple[Path, str | None]] = {
    "JUCIP 2023 · dev": (QUESTIONS / "jucip-2023.jsonl", "dev"),
    "JUCIP 2023 · test": (QUESTIONS / "jucip-2023.jsonl", "test"),
}


class Patient:
    """An assistant that lets questions of readers go first.

    Args:
        assistant: The assistant that answers.
        gate: Gives each answer and each ranking its turn.
        check: Called before each of them. Its exception ends the run.
    """

    def __init__(
        self, assistant: Assistant, gate: Gate, check: Callable[[], None] = lambda: None
    ) -> None:
        self._assistant, self._gate, self._check = assistant, gate, check
        self.statement, self.statement_ids = assistant.statement, assistant.statement_ids

    def ask(self, question: str, history: Sequence[str] = (), *, within: Filter = None) -> Answer:
        """See `Assistant.ask`."""
        self._check()
        with self._gate.patient_turn():
            return self._assistant.ask(question, history, within=within)

    def rankers(self) -> dict[System, Ranker]:
        """Return the systems to compare. Each ranking waits for its turn."""
        compared = rankers(self._assistant, _SYSTEMS)
        return {system: partial(self._rank, ranker) for system, ranker in compared.items()}

    def _rank(self, ranker: Ranker, question: str, history: Sequence[str]) -> Ranking:
        self._check()
        with self._gate.patient_turn():
            return ranker(question, history)


def measure(
    assistant: Patient,
    path: Path,
    split: str | None,
    report_progress: Callable[[float], None],
) -> Results:
    """Run a question set as `shutten eval` does.

    Args:
        assistant: The assistant to measure.
        path: The question set.
        split: Measure only the questions of this split.
        report_progress: Called with the progress, 0..1.

    Raises:
        ShuttenError: The set cannot be used.
    """
    if path.suffix.lower() not in _SUFFIXES:
        raise ShuttenError(f"{path.name}: give a question set as .jsonl or .csv")
    if path.stat().st_size > MAX_UPLOAD:
        raise ShuttenError(f"{path.name}: larger than {MAX_UPLOAD // 2**20} MB; give a smaller one")
    if len(load_questions(path)) > _MAX_QUESTIONS:
        raise ShuttenError(
            f"{path.name}: more than {_MAX_QUESTIONS:,} questions; use `shutten eval`"
        )
    return evaluate(assistant, path, assistant.rankers(), split, report_progress)


def progress(done: float | None) -> str:
    """Return the progress of a run as HTML.

    Args:
        done: The progress, 0..1. None while the run waits for other runs.
    """
    if done is None:
        return f'<p class="going" role="status">{in_both_languages("run_waits")}</p>'
    bar = f'<progress max="1" value="{done:.3f}"></progress>'
    return f'<p class="going"><label>{in_both_languages("run_goes")} {bar}</label> {done:.0%}</p>'


def missed_questions(results: Results) -> list[tuple[str, str]]:
    """Return the label and the id of each question whose first sentence is wrong."""
    return [
        (f"{ranking.question.id} · {ranking.question.text}", ranking.question.id)
        for ranking in results.rankings
        if ranking.measures.success_at_1 == 0
    ]


def explanation(assistant: Assistant, question: Question) -> str:
    """Return the ranking of a question as an HTML table with the parts of each score.

    The table has the best sentences and all sentences that hold a right fragment.
    """
    ranking = assistant.rank(question.text, question.history)
    compared = baseline_ranking(assistant.searcher, "dense", question.text, question.history)
    dense = {hit.sentence_key: hit.score for hit in compared.hits}
    fragments = (*question.gold, *question.also)
    rows = [
        _row(place, hit, dense.get(hit.sentence_key), right)
        for place, hit in enumerate(ranking.hits, 1)
        if (right := _is_right(hit, fragments)) or place <= _SHOWN
    ]
    heads = ("place", "sentence", "dense", "words_score", "late", "reading", "score")
    head = "".join(f'<th scope="col">{in_both_languages(key)}</th>' for key in heads)
    return (
        f'<p class="asked">{escaped(question.text)}</p>'
        f'<table class="why"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def _is_right(hit: Hit, fragments: Sequence[str]) -> bool:
    text = hit.span.of(hit.statement.source.text)
    return any(fragment in text for fragment in fragments)


def _row(place: int, hit: Hit, dense: float | None, right: bool) -> str:
    text = hit.span.of(hit.statement.source.text)
    scores = (dense, hit.words, hit.semantic, hit.reranker, hit.score)
    cells = "".join(f"<td>{'' if score is None else f'{score:.2f}'}</td>" for score in scores)
    css_class = ' class="right"' if right else ""
    return f'<tr{css_class}><td>{place}</td><td dir="auto">{escaped(text)}</td>{cells}</tr>'
