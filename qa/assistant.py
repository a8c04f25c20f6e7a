"""The whole way from a question to an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
from qa.answer import Answer, Quote
from qa.calibration import ON_SUBJECT, Calibration, shipped
from qa.conversation import MAX_TURNS, asks_for_more, leaned_on, leaning, may_lean
from qa.language import detect_language
from qa.quoting import MAX_QUOTES, how_many

MAX_QUESTION = 2000
DEFAULT_QUOTES = 3  # of `retrieve`
NEAREST = 3  # runners-up shown
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
        searched, ranking, hits = self._look_up(question, history)
        model, matrix = self.calibration, features(ranking, hits)
        sure = model.confidence(matrix) if _WORD.search(key) else 0.0
        found = sure >= model.threshold
        count = min(k, how_many(ranking, hits, model)) if found else 0
        quotes = tuple(self._quote(hit) for hit in hits[: count + NEAREST])
        # What is left after earlier quotes is silent on more, not off the subject.
        off = len(hits) == len(ranking.hits) and model.subject(matrix) < ON_SUBJECT
        return Answer(
            question=question,
            searched=searched,
            status="answered" if found else "not_found",
            confidence=sure,
            language=detect_language(key),
            quotes=quotes[:count],
            nearest=quotes[count:],
            passages=ranking.total,
            reason="" if found else "off_subject" if off else "not_stated",
            model=self._searcher.fingerprint,
        )

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
        return Quote.of(self.statement(hit.statement), hit.passage, hit.span, hit.score)


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
