"""Tells which statements a question means, from the index that is searched."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.records import Statement
from index.search.cards import CardMatches
from index.search.searcher import Searcher
from index.search.snapshot import Snapshot
from index.store.values import ChangedMeanwhileError
from qa.answers.answer import Quote
from qa.questions.checks import askable
from qa.scope.filters import Allowed
from qa.scope.library import Library
from qa.scope.profiles import Profile
from qa.scope.resolution import Meant, all_alike, resolve
from qa.scope.same_words import SameWords
from qa.scope.wording import without_naming

FollowsUp = Callable[[str, Sequence[str]], bool]


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read of all statements, in one state of the index."""

    statements: Mapping[str, Statement]
    library: Library
    same_words: SameWords


class Chooser:
    """Tells which statements a question means. It can be used from several threads.

    Args:
        searcher: Searches the statements.
    """

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._known: _Known | None = None

    def meant(
        self,
        question: str,
        history: Sequence[str],
        follows_up: FollowsUp,
        allowed: Allowed,
    ) -> Meant:
        """Tell which statements a question means.

        A question that names none but follows up an earlier one means the statements of that one.

        Args:
            question: The question, not empty.
            history: The earlier questions, oldest first.
            follows_up: Says whether a question follows up earlier ones.
            allowed: What a filter lets through.
        """
        meant = self._meant(question, allowed)
        turns = askable(history) if len(self._latest().library.profiles) > 1 else []
        if meant.why not in ("all", "filter") or not turns or not follows_up(question, turns):
            return meant
        for turn in reversed(turns):
            earlier = self._meant(turn, allowed)
            if earlier.why in ("named", "change"):
                return earlier.carried(meant.mentions)
        return meant

    def asked(self, question: str, meant: Meant) -> str:
        """Return a question without the words that name the statements that it means."""
        if not meant.names_statements:
            return question
        parties = self._latest().library.parties_of((*meant.statements, *meant.earlier))
        return without_naming(meant.mentions, parties) or question

    def with_others(self, quote: Quote) -> Quote:
        """Add to a quote, and to its counterpart, in which other statements the words stand."""
        others = self._latest().same_words.others(quote.text, quote.statement)
        counterpart = quote.counterpart and self.with_others(quote.counterpart)
        return replace(quote, also_in=others, counterpart=counterpart)

    def _meant(self, question: str, allowed: Allowed) -> Meant:
        if not allowed.by_name:
            return all_alike(question, self._latest().library, allowed.statements)
        snapshot, cards = self._searcher.cards(question)
        library = self._read(snapshot).library

        def cards_of(part: str) -> CardMatches:
            now, found = self._searcher.cards(part)
            if now is not snapshot:
                raise ChangedMeanwhileError("the statements changed meanwhile; ask again")
            return found

        return resolve(question, library, cards, allowed.statements, cards_of)

    def _latest(self) -> _Known:
        return self._known or self._read(self._searcher.snapshot())

    def _read(self, snapshot: Snapshot) -> _Known:
        """Read what is needed of all statements, once for each state of the index."""
        known, statements = self._known, snapshot.statements
        if known is None or known.statements is not statements:
            names = snapshot.names
            profiles = [Profile.of(*each, names[each[0]]) for each in snapshot.facts.items()]
            known = _Known(statements, Library(profiles), SameWords(snapshot))
            self._known = known
        return known
