"""Question sets for the second tab: which there are, running one, and why a question failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from corpus.errors import ShuttenError
from corpus.library import QUESTIONS
from corpus.question_sets import Question, load_questions
from index.search.ranking import Hit, Ranking
from qa.answers.answer import Answer
from qa.assistant import Assistant
from qa.evaluation import measures
from qa.evaluation.baselines import Ranker, System, baseline_ranking, rankers
from web.gate import Gate
from web.gradio_limits.uploads import MAX_UPLOAD
from web.page.markup import escaped
from web.page.strings import WORDS

_SHOWN = 5  # sentences of a failed question
_MOST = 500  # questions
_SUFFIXES = (".jsonl", ".csv")
_SYSTEMS: tuple[System, ...] = ("full", "dense")


class Patient:
    """An assistant each of whose answers waits its turn among those of readers.

    Args:
        assistant: Answers.
        gate: Where to wait.
        check: Called before each answer; what it raises ends the work.
    """

    def __init__(
        self, assistant: Assistant, gate: Gate, check: Callable[[], None] = lambda: None
    ) -> None:
        self._assistant, self._gate, self._check = assistant, gate, check
        self.statement, self.statement_ids = assistant.statement, assistant.statement_ids

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """See `Assistant.ask`."""
        self._check()
        with self._gate.patient_turn():
            return self._assistant.ask(question, history)

    def rankers(self) -> dict[System, Ranker]:
        """Return the systems to compare, each of whose rankings waits for a turn too."""
        compared = rankers(self._assistant, _SYSTEMS)
        return {system: partial(self._rank, ranker) for system, ranker in compared.items()}

    def _rank(self, ranker: Ranker, question: str, history: Sequence[str]) -> Ranking:
        self._check()
        with self._gate.patient_turn():
            return ranker(question, history)


def bundled_sets() -> dict[str, tuple[Path, str | None]]:
    """The question sets that ship: what they are called, their file and their split."""
    return {
        "JUCIP 2023 · dev": (QUESTIONS / "jucip-2023.jsonl", "dev"),
        "JUCIP 2023 · test": (QUESTIONS / "jucip-2023.jsonl", "test"),
    }


def measured(
    assistant: Patient, path: Path, split: str | None, step: Callable[[float], None]
) -> dict[str, Any]:
    """Run a question set as `shutten eval` does.

    Args:
        assistant: What is measured.
        path: The question set.
        split: Only questions of this split.
        step: Told of the progress, 0..1.

    Raises:
        ShuttenError: The set cannot be used; the message says why.
    """
    if path.suffix.lower() not in _SUFFIXES:
        raise ShuttenError(f"{path.name}: give a question set as .jsonl or .csv")
    if path.stat().st_size > MAX_UPLOAD:
        raise ShuttenError(f"{path.name}: larger than {MAX_UPLOAD // 2**20} MB; give a smaller one")
    if len(load_questions(path)) > _MOST:
        raise ShuttenError(f"{path.name}: more than {_MOST:,} questions; use `shutten eval`")
    return measures.evaluate(assistant, path, assistant.rankers(), split, step)


def progress(done: float | None) -> str:
    """How far a run is, as HTML.

    Args:
        done: 0..1; None while it waits for others.
    """
    if done is None:
        return f'<p class="going" role="status">{_both("run_waits")}</p>'
    bar = f'<progress max="1" value="{done:.3f}"></progress>'
    return f'<p class="going"><label>{_both("run_goes")} {bar}</label> {done:.0%}</p>'


def failed(results: dict[str, Any], texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Label and id of each question whose first sentence is wrong."""
    return [
        (f"{row['id']} · {texts[row['id']]}", row["id"])
        for row in results["questions"]
        if row.get("success@1") == 0
    ]


def explanation(assistant: Assistant, question: Question) -> str:
    """What was retrieved for a question, and how each part scored it, as HTML."""
    ranking = assistant.rank(question.text, question.history)
    compared = baseline_ranking(assistant.searcher, "dense", question.text, question.history)
    dense = {hit.sentence_key: hit.score for hit in compared.hits}
    wanted = (*question.gold, *question.also)
    rows = [
        _row(place, hit, dense.get(hit.sentence_key), wanted)
        for place, hit in enumerate(ranking.hits, 1)
        if place <= _SHOWN or any(one in hit.span.of(hit.statement.source.text) for one in wanted)
    ]
    heads = ("place", "sentence", "dense", "words_score", "late", "reading", "score")
    head = "".join(f'<th scope="col">{_both(key)}</th>' for key in heads)
    return (
        f'<p class="asked">{escaped(question.text)}</p>'
        f'<table class="why"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def _row(place: int, hit: Hit, dense: float | None, wanted: Sequence[str]) -> str:
    text = hit.span.of(hit.statement.source.text)
    figures = (dense, hit.words, hit.semantic, hit.reranker, hit.score)
    cells = "".join(f"<td>{'' if one is None else f'{one:.2f}'}</td>" for one in figures)
    kind = ' class="right"' if any(one in text for one in wanted) else ""
    return f'<tr{kind}><td>{place}</td><td dir="auto">{escaped(text)}</td>{cells}</tr>'


def _both(key: str) -> str:
    return "".join(
        f'<span class="ui-{code}">{escaped(words[key])}</span>' for code, words in WORDS.items()
    )
