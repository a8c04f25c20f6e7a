"""The whole way from a question to an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from corpus.errors import ShuttenError
from corpus.library import bundled_paths, load_statement
from corpus.records import Statement
from index import indexing
from index.database import data_home
from index.models import open_encoder
from index.ranking import Hit, Ranking, System
from index.search import Searcher
from index.storage import Store
from qa.abstaining import Calibration, confidence, shipped
from qa.answer import Answer, Quote
from qa.conversation import leaned_on, leaning
from qa.language import detect_language

MAX_QUESTION = 2000
MAX_QUOTES = 12
DEFAULT_QUOTES = 3
_STANDS_ALONE = 0.35  # score from which a very short question needs no earlier one
_WORD = re.compile(r"\w")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


class Assistant:
    """Answers questions over the statements of one data folder.

    Safe to use from several threads. `Assistant.open()` is the usual way to get one.
    """

    def __init__(self, store: Store, searcher: Searcher, calibration: Calibration) -> None:
        self._store, self._searcher, self._calibration = store, searcher, calibration
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

    def ask(self, question: str, history: Sequence[str] = (), k: int = DEFAULT_QUOTES) -> Answer:
        """Answer a question with quotes, or say that the statements are silent.

        Args:
            question: In any language, up to 2,000 characters.
            history: The user's earlier questions, oldest first.
            k: At most so many quotes, 1 to 12.

        Raises:
            ShuttenError: The question is empty or too long, or `k` is out of range.
        """
        key = clean_question(question)
        check_count(k)
        searched, ranking = self.rank(question, history)
        sure = confidence(ranking, self._calibration) if _WORD.search(key) else 0.0
        quotes = tuple(self._quote(hit) for hit in ranking.hits[: 2 * k])
        found = sure >= self._calibration.threshold
        return Answer(
            question=question,
            searched=searched,
            status="answered" if found else "not_found",
            confidence=sure,
            language=detect_language(key),
            quotes=quotes[:k] if found else (),
            nearest=quotes[k:] if found else quotes[:k],
            passages=ranking.total,
        )

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

        A question that leans on earlier ones is ranked together with them; a very short one
        only when it finds little by itself.

        Raises:
            ShuttenError: The question is empty or too long.
        """
        key = clean_question(question)
        leans = leaning(key) if history else "no"
        context = leaned_on([_CONTROL.sub(" ", turn) for turn in history])[-MAX_QUESTION:]
        if context and leans == "yes":
            return f"{context} {key}", self._searcher.search(key, system, context)
        ranking = self._searcher.search(key, system)
        if (
            context
            and leans == "maybe"
            and (system != "full" or ranking.hits[0].score < _STANDS_ALONE)
        ):
            return f"{context} {key}", self._searcher.search(key, system, context)
        return key, ranking

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
