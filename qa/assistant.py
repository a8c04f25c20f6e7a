"""The whole way from a question to an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.errors import ShuttenError
from corpus.library import bundled_paths, load_statement
from corpus.records import Span, Statement
from index import indexing
from index.database import data_home
from index.models import open_encoder
from index.ranking import Hit, Ranking, System
from index.search import Searcher
from index.storage import Store
from qa.abstaining import features
from qa.answer import Answer, Quote, Reason
from qa.calibration import Calibration, shipped
from qa.conversation import MAX_TURNS, asks_for_more, leaned_on, leaning, may_lean
from qa.language import detect_language
from qa.parts import parts
from qa.quoting import MAX_QUOTES, how_many

MAX_QUESTION = 2000
DEFAULT_QUOTES = 3  # of `retrieve`
NEAREST = 3  # runners-up shown
# Below this share of the threshold, a part of a question is called unanswered.
_SURELY_SILENT = 0.5
_WORD = re.compile(r"\w")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


class Assistant:
    """Answers questions over the statements of one data folder.

    Safe to use from several threads. `Assistant.open()` is the usual way to get one.
    """

    def __init__(self, store: Store, searcher: Searcher, calibration: Calibration) -> None:
        self._store, self._searcher, self.calibration = store, searcher, calibration
        self._statements: dict[tuple[str, str], Statement] = {}

    @classmethod
    def open(cls, home: Path | str | None = None) -> Assistant:
        """Open a data folder, with the bundled statement in it when it is a new one.

        Args:
            home: The folder; `SHUTTEN_HOME` or the user's data directory when omitted.

        Raises:
            ShuttenError: The folder or its model cannot be used; the message says why.
        """
        store = Store(data_home(Path(home) if home is not None else None))
        encoder = open_encoder(indexing.chosen_model(store))
        if store.meta("generation") is None:
            bundled = [(load_statement(path), str(path)) for path in bundled_paths()]
            indexing.add(store, encoder, bundled)
        return cls(store, Searcher(store, encoder), shipped())

    def ask(self, question: str, history: Sequence[str] = (), k: int = MAX_QUOTES) -> Answer:
        """Answer a question with quotes, or say that the statements are silent.

        Args:
            question: In any language, up to 2,000 characters.
            history: The user's earlier questions, oldest first.
            k: At most so many quotes, 1 to 12; there are no more than seem to answer.

        Raises:
            ShuttenError: The question is empty or too long, or `k` is out of range.
        """
        key = clean_question(question)
        check_count(k)
        whole = self._find(question, history)
        pieces = parts(key)
        found = [whole]
        if len(pieces) > 1:  # a later part may lean on an earlier one
            found += [self._find(one, (*history, *pieces[:i])) for i, one in enumerate(pieces)]
        least = self.calibration.threshold
        answering = [one for one in found if one.sure >= least]
        unsure = [one.sure < _SURELY_SILENT * least for one in found[1:]]
        silent = [piece for piece, silence in zip(pieces, unsure, strict=False) if silence]
        merged = _merge(answering)[:k]
        shown = {(hit.statement, hit.span) for hit in merged}
        left = [hit for hit in whole.hits if (hit.statement, hit.span) not in shown][:NEAREST]
        reason: Reason = "off_subject" if whole.off_subject else "not_stated"
        if answering:
            reason = "partly" if 0 < len(silent) < len(pieces) else ""
        return Answer(
            question=question,
            searched=whole.searched,
            status="answered" if answering else "not_found",
            confidence=max(one.sure for one in found),
            language=detect_language(key),
            quotes=tuple(map(self._quote, merged)),
            nearest=tuple(map(self._quote, left)),
            passages=whole.ranking.total,
            reason=reason,
            unanswered=tuple(silent) if reason == "partly" else (),
            model=self._searcher.fingerprint,
        )

    def _find(self, question: str, history: Sequence[str]) -> _Found:
        """What there is for a question, or for a part of one."""
        searched, ranking, hits = self._look_up(question, history)
        model, matrix = self.calibration, features(ranking, hits)
        sure = model.confidence(matrix) if _WORD.search(question) else 0.0
        # What is left after earlier quotes is silent on more, not off the subject.
        off = len(hits) == len(ranking.hits) and model.subject(matrix) < model.off_subject
        return _Found(searched, ranking, hits, sure, off, how_many(ranking, hits, model))

    def _look_up(self, question: str, history: Sequence[str]) -> tuple[str, Ranking, Sequence[Hit]]:
        """What was understood, the ranking, and those of its hits that may be quoted."""
        searched, ranking = self.rank(question, history)
        if not asks_for_more(question):
            return searched, ranking, ranking.hits
        seen = self._quoted_before(history)
        if ranking.leaning:  # "Anything else?" has no words of its own to look for
            _, ranking = self.rank(*_subject(history))
        left = [hit for hit in ranking.hits if (hit.statement, hit.span) not in seen]
        return searched, ranking, left or ranking.hits

    def _quoted_before(self, history: Sequence[str]) -> set[tuple[str, Span]]:
        """What was quoted in answer to the last question, and before it while it asked for more."""
        seen: set[tuple[str, Span]] = set()
        for last in range(len(history) - 1, max(-1, len(history) - 1 - MAX_TURNS), -1):
            try:
                answer = self.ask(history[last], history[:last])
            except ShuttenError:  # an empty turn, say
                break
            seen |= {(quote.statement, Span(quote.start, quote.end)) for quote in answer.quotes}
            if not asks_for_more(history[last]):
                break
        return seen

    def retrieve(self, question: str, k: int = DEFAULT_QUOTES) -> list[Quote]:
        """The `k` best sentences, whether or not they answer the question.

        Raises:
            ShuttenError: The question is empty or too long, or `k` is below 1.
        """
        if k < 1:
            raise ShuttenError(f"k is {k}; ask for at least 1")
        _, ranking = self.rank(question)
        return [self._quote(hit) for hit in ranking.hits[:k]]

    def rank(
        self, question: str, history: Sequence[str] = (), system: System = "full"
    ) -> tuple[str, Ranking]:
        """What was understood, and the ranking behind an answer.

        Earlier questions count as much as the question is likely to lean on them.

        Raises:
            ShuttenError: The question is empty or too long.
        """
        key = clean_question(question)
        context = leaned_on([_CONTROL.sub(" ", turn) for turn in history])[-MAX_QUESTION:]
        if system != "full" and not may_lean(key):
            context = ""
        model = self.calibration.leaning
        ranking = self._searcher.search(
            key, system, context, lambda clues: leaning(key, clues, model)
        )
        return (f"{context} {key}" if ranking.leaning else key), ranking

    def statement(self, statement: str) -> Statement:
        """A statement with its text, passages and provenance.

        Raises:
            ShuttenError: There is none of that id.
        """
        key = (statement, self._store.meta("generation") or "")
        if key not in self._statements:
            self._statements[key] = self._store.statement(statement)
        return self._statements[key]

    def statement_ids(self) -> list[str]:
        """Ids of all statements."""
        return self._store.statement_ids()

    def _quote(self, hit: Hit) -> Quote:
        statement = self.statement(hit.statement)
        return Quote.of(statement, hit.passage, hit.span, hit.score, hit.marks)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found for one question.

    Attributes:
        searched: What was understood.
        ranking: All sentences, ranked.
        hits: Those that may be quoted, best first.
        sure: 0..1, that the first of them answers.
        off_subject: Whether the question is about other things than the statements.
        count: How many of the hits seem to answer, if the first does.
    """

    searched: str
    ranking: Ranking
    hits: Sequence[Hit]
    sure: float
    off_subject: bool
    count: int


def _merge(found: Sequence[_Found]) -> list[Hit]:
    """The sentences that seem to answer, each once, by its best score."""
    best: dict[tuple[str, Span], Hit] = {}
    for one in found:
        for hit in one.hits[: one.count]:
            known = best.get((hit.statement, hit.span))
            if known is None or known.score < hit.score:
                best[hit.statement, hit.span] = hit
    return sorted(best.values(), key=lambda hit: -hit.score)


def _subject(history: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The last question that asked for something of its own, and those before it."""
    turns = [turn for turn in history if turn.strip()]
    while len(turns) > 1 and asks_for_more(turns[-1]):
        turns.pop()
    return turns[-1], turns[:-1]


def check_count(k: int) -> None:
    """Raise `ShuttenError` unless an answer may have `k` quotes."""
    if not 1 <= k <= MAX_QUOTES:
        raise ShuttenError(f"k is {k}; ask for 1 to {MAX_QUOTES} quotes")


def clean_question(question: str) -> str:
    """The question as a search key: control characters and broken code units become spaces.

    Raises:
        ShuttenError: It is empty or too long.
    """
    if len(question) > MAX_QUESTION:
        raise ShuttenError(
            f"the question has {len(question):,} characters; ask in {MAX_QUESTION:,} or fewer"
        )
    key = _CONTROL.sub(" ", question).strip()
    if not key:
        raise ShuttenError("the question is empty; type what you want to know")
    return key


@cache
def _default() -> Assistant:
    return Assistant.open()


def retrieve(question: str, k: int = DEFAULT_QUOTES) -> list[Quote]:
    """The `k` best sentences for a question from the default data folder; see `Assistant`."""
    return _default().retrieve(question, k)
