"""Measures the product on a library of statements, beside baselines and beside an oracle.

The oracle is the product when it is given the statement that is meant.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from functools import partial
from pathlib import Path

from corpus.errors import ShuttenError
from corpus.library_questions import LibraryQuestion, load_library_questions
from corpus.records import Statement
from qa.assistant import DEFAULT_QUOTES, Assistant
from qa.evaluation.baselines import System, baseline_ranking
from qa.evaluation.gold_sentences import outside_error
from qa.evaluation.library_measures import Ask, LibrarySummary, Reply, measure, summarize
from qa.scope.filters import Filter, Within


def evaluate(
    assistant: Assistant,
    path: Path,
    split: str | None = None,
    systems: Sequence[System] = ("full",),
    *,
    given: bool = False,
    within: Filter = None,
) -> dict[str, LibrarySummary]:
    """Measure the answers to a question set.

    Args:
        assistant: The product.
        path: The question set.
        split: Measure only the questions of this split.
        systems: The systems to compare; see `qa.evaluation.baselines`. A baseline knows nothing of
            meetings and never refuses: it quotes the sentences that it ranks first.
        given: Whether it is also measured with the statements given that are meant.
        within: A filter of statements; see `Assistant.ask`. Only the gold in them counts, and a
            question is left out if all its gold is in others.

    Returns:
        The figures by the name of the system, and those with the statements given as `given`.

    Raises:
        ShuttenError: The set cannot be read, has no question of that split or of these statements,
            or names a statement that is not in the data folder, or the filter cannot be used.
    """
    every = _questions(path, split)
    statements = _statements(assistant, path, every)
    scope = assistant.scope_within(within)
    names = scope.priors.keys() if scope else statements.keys()
    questions = _within(every, names) if scope else every
    left_out = len(every) - len(questions)
    if left_out and not any(question.gold for question in questions):
        raise outside_error(path, left_out)

    def ask(system: System, question: LibraryQuestion) -> Reply:
        if system == "full":
            return Reply.of(assistant.ask(question.text, question.history, within=within))
        ranking = baseline_ranking(
            assistant.searcher, system, question.text, question.history, scope
        )
        best = [hit.sentence_key for hit in ranking.hits[:DEFAULT_QUOTES]]
        return Reply(best, best)

    def ask_given(question: LibraryQuestion) -> Reply:
        inside = [name for name in question.meant if name in names]
        chosen = Within(tuple(inside)) if inside and question.gold else within
        return Reply.of(assistant.ask(question.text, question.history, within=chosen))

    ways: dict[str, Ask] = {system: partial(ask, system) for system in systems}
    if given:
        ways["given"] = ask_given
    return {
        name: summarize(measure(questions, statements, way), left_out) for name, way in ways.items()
    }


def _questions(path: Path, split: str | None) -> list[LibraryQuestion]:
    every = [row for row in load_library_questions(path) if split in (None, row.split)]
    if not every:
        raise ShuttenError(f"{path}: no question of split {split!r}; see its `split` fields")
    return every


def _statements(
    assistant: Assistant, path: Path, questions: Sequence[LibraryQuestion]
) -> dict[str, Statement]:
    """Return all statements by id; those that the questions mean must be among them."""
    statements = {name: assistant.statement(name) for name in assistant.statement_ids()}
    named = {name for question in questions for name in question.meant}
    if missing := sorted(named - statements.keys()):
        raise ShuttenError(f"{path}: there is no statement {missing[0]!r} in {assistant.home}")
    return statements


def _within(questions: Sequence[LibraryQuestion], names: Set[str]) -> list[LibraryQuestion]:
    """Return the questions that can be asked of some statements, with the gold that is in them."""
    kept = []
    for question in questions:
        gold = tuple(fragment for fragment in question.gold if fragment.statement in names)
        if gold or not question.gold:
            kept.append(replace(question, gold=gold))
    return kept
