"""Searches the statements that a question means, and then the others, to tell silence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from corpus.records import Provenance
from index.search.scope import Scope
from index.search.snapshot import SentenceKey
from qa.combining import PartResult
from qa.retrieval import Retrieval
from qa.scope.resolution import Meant
from qa.scope.silence import confidence_beside, with_countries_named
from qa.scope.time import SPEAKS, alone, is_on_subject, latest, without_counterpart_first

# What is new is asked in words that no sentence repeats, so the confidence is this much lower.
_CHANGE = 0.4
_MAX_EACH = 8  # statements of a series that are searched one by one


@dataclass(frozen=True, slots=True)
class ScopedResult:
    """The result of a search in the statements that are meant.

    Attributes:
        result: What they say.
        scope: The statements that were searched at last; None for all.
        statements: The ids of the statements that the answer is from, if the question says which
            ones are meant; otherwise empty.
        silent: The ids of the newer statements that do not speak of it, newest first.
        elsewhere: What all other statements say; None if it was not looked up.
        each: What each statement says alone, for a list over a series; otherwise empty.
        earlier: The ids of the statements that were compared with, if any were.
    """

    result: PartResult
    scope: Scope | None
    statements: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    elsewhere: PartResult | None = None
    each: tuple[PartResult, ...] = ()
    earlier: tuple[str, ...] = ()

    @property
    def speaking(self) -> list[PartResult]:
        """The results of the statements in `each` that speak of what is asked."""
        return [result for result in self.each if result.confidence >= SPEAKS]


def search(
    retrieval: Retrieval,
    meant: Meant,
    question: str,
    history: Sequence[str],
    excluded: Set[SentenceKey],
) -> ScopedResult:
    """Search the statements that a question means.

    Args:
        retrieval: Searches.
        meant: The statements.
        question: The question without the words that name them.
        history: The earlier questions, oldest first.
        excluded: Sentences that are not searched.
    """

    def within(scope: Scope | None) -> PartResult:
        result = retrieval.result(question, history, excluded, scope)
        snapshot = result.ranking.snapshot
        names = snapshot.statements.ids if scope is None else scope.priors
        confidence = with_countries_named(result.confidence, meant.mentions, snapshot, names)
        return replace(result, confidence=confidence)

    result = within(meant.scope)
    if not len(result.ranking.scores):
        return ScopedResult(result, meant.scope, meant.statements)
    if meant.why == "latest":
        return _latest(meant, result, within)
    if meant.why == "change":
        ranking = without_counterpart_first(result.ranking, meant.earlier)
        confidence = min(1.0, result.confidence / _CHANGE)
        # What is new but about something else is not quoted.
        count = min(result.count, int(is_on_subject(result.ranking).sum()))
        result = replace(result, ranking=ranking, confidence=confidence, count=count)
        return ScopedResult(result, meant.scope, meant.statements, earlier=meant.earlier)
    if _is_list_over_series(meant, result):
        return _each(meant, result, within)
    others = other_statements(meant, result.ranking.snapshot.facts)
    if others is None:
        return ScopedResult(result, meant.scope, meant.statements if meant.certain else ())
    elsewhere = within(others)
    confidence = confidence_beside(result.confidence, result.ranking, elsewhere.ranking)
    result = replace(result, confidence=confidence)
    return ScopedResult(result, meant.scope, meant.statements, (), elsewhere)


def other_statements(meant: Meant, facts: Mapping[str, Provenance]) -> Scope | None:
    """Return the scope of the statements that are surely not meant; None if none surely is not.

    Words in the language of the question are matched better than those in another language. So
    only statements in the languages of those that are meant are compared with them, if any are.

    Args:
        meant: The statements that are meant.
        facts: The provenance of all statements, by id.
    """
    others = facts.keys() - set(meant.statements)
    if not (meant.certain and meant.scope and meant.why in ("named", "followup") and others):
        return None
    spoken = {facts[name].language for name in meant.statements}
    alike = [name for name in others if facts[name].language in spoken]
    return Scope(dict.fromkeys(alike or others, 0.0), meant.scope.named)


def _latest(
    meant: Meant, overall: PartResult, within: Callable[[Scope], PartResult]
) -> ScopedResult:
    result = latest(meant.statements, overall.ranking, within)
    chosen = result.ranking.hits[0].statement.id
    newer = meant.statements[: meant.statements.index(chosen)]
    return ScopedResult(result, Scope.equally([chosen]), (chosen,), newer)


def _is_list_over_series(meant: Meant, result: PartResult) -> bool:
    """Return whether a question asks what each statement of a series says."""
    several = 1 < len(meant.statements) <= _MAX_EACH
    return result.is_list and several and meant.certain and meant.mentions.only_parties


def _each(meant: Meant, overall: PartResult, within: Callable[[Scope], PartResult]) -> ScopedResult:
    """Search every statement alone, so that those with other words for the subject are heard."""
    results = [alone(name, overall.ranking, within) for name in meant.statements]
    return ScopedResult(overall, meant.scope, meant.statements, each=tuple(results))
