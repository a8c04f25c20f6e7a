"""From a question to an answer: the class that scripts, the page and the interfaces use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from time import perf_counter

import numpy as np

from corpus import arguments
from corpus.errors import ShuttenError
from corpus.language import detect_language
from corpus.records import Statement
from index.home import Library
from index.models.encoder import Encoder
from index.search.ranking import Eligible, Ranking
from index.search.reranker import any_sentence
from index.search.retrying import retried
from index.search.scope import Scope
from index.search.searcher import Searcher
from index.search.stored_statements import StatementSummary
from index.store.base import Store
from qa import overview
from qa.answers.answer import Answer, Level, Quote
from qa.answers.facts import Facts
from qa.answers.scope import AnswerScope
from qa.combining import decide, each_once
from qa.confidence.calibration import Calibration, shipped
from qa.confidence.quote_count import MAX_QUOTES
from qa.opening import open_index
from qa.originals import OriginalFinding, prove_original
from qa.questions.checks import clean_question
from qa.questions.followups import asks_for_more, clean
from qa.questions.intent import Intent, intent
from qa.questions.remark_kinds import IDLE
from qa.retrieval import Retrieval, key_of_quote, quote_of
from qa.scope import answering, filters
from qa.scope.answering import ScopedResult
from qa.scope.chooser import Chooser
from qa.scope.counterparts import with_counterparts
from qa.scope.filters import Allowed, Filter, Within
from qa.scope.parallels import Parallels
from qa.scope.resolution import Meant

MAX_HISTORY = 30  # earlier questions that count; "anything else?" asks each of them again
DEFAULT_QUOTES = 3  # of `retrieve`
NEAREST = 3  # sentences that are shown besides the quotes
_NONE: Mapping[str, StatementSummary] = {}
_CONFIDENT: tuple[Level, ...] = ("high", "fair")

Outcome = Answer | ShuttenError
# Is called with a question, how it ended, and how many seconds that took.
Observer = Callable[[str, Outcome, float], None]


class Assistant:
    """Answers questions over the statements of one data folder.

    It can be used from several threads. `Assistant.open()` is the usual way to make one.

    Attributes:
        observers: They are told how each question ended that `ask` was called with.
    """

    def __init__(self, store: Store, searcher: Searcher, calibration: Calibration) -> None:
        self._store, self.searcher, self.calibration = store, searcher, calibration
        self._retrieval = Retrieval(searcher, calibration)
        self._chooser = Chooser(searcher)
        self._parallels = Parallels()
        self.observers: list[Observer] = []

    @classmethod
    def open(cls, home: Path | str | Library | None = None, store: str = "") -> Assistant:
        """Open a library. A new data folder gets the bundled statement.

        Args:
            home: The data folder. Without it, `SHUTTEN_HOME` or the data directory of the user.
            store: The address of the store with the statements, such as
                `milvus://localhost:19530/library`. Without it, `SHUTTEN_STORE` or the data folder.

        Raises:
            ShuttenError: The library or its model cannot be used; the message says why.
        """
        return cls.over(*open_index(home, store))

    @classmethod
    def over(cls, store: Store, encoder: Encoder) -> Assistant:
        """Answer over a data folder that is open; see `qa.opening`.

        Raises:
            ShuttenError: The index was made with another model.
        """
        return cls(store, Searcher(store, encoder), shipped())

    @property
    def store(self) -> Store:
        """Where the statements are."""
        return self._store

    @property
    def home(self) -> Path:
        """The data folder."""
        return self._store.home

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        k: int = MAX_QUOTES,
        within: Filter = None,
    ) -> Answer:
        """Answer a question with quotes, or say that the statements are silent.

        Args:
            question: The question in any language, up to 2,000 characters.
            history: The earlier questions of the user, oldest first. The last 30 count.
            k: The largest number of quotes, 1 to 12. Fewer are given if fewer seem to answer.
            within: A filter of statements, such as `{"since": "2023", "parties": ["India"]}`, or
                the id of one statement. See `qa.scope.filters.Within`.

        Raises:
            ShuttenError: The question is empty or too long, or `k` is out of range.
        """
        begun = perf_counter()
        try:
            answer = retried(lambda: self._answer_to(question, history, k, within))
        except ShuttenError as error:
            self._tell(question, error, begun)
            raise
        self._tell(question, answer, begun)
        return answer

    def _tell(self, question: str, outcome: Outcome, begun: float) -> None:
        for observe in self.observers:
            observe(question, outcome, perf_counter() - begun)

    def _answer_to(self, question: str, history: Sequence[str], k: int, within: Filter) -> Answer:
        text, history = clean_question(question), arguments.require_texts(history, "history")
        check_count(k)
        turns, allowed = history[-MAX_HISTORY:], self._allowed(within)
        meant = self._chooser.meant(text, turns, self._retrieval.follows_up, allowed)
        return self._ask(question, turns, k, meant, allowed)

    def check_filter(self, within: Filter) -> None:
        """Raise `ShuttenError` where a filter of statements cannot be used."""
        self._allowed(within)

    def _allowed(self, within: Filter) -> Allowed:
        """Return what a filter lets through."""
        return Allowed.by(Within.of(within), self.searcher.facts())

    def _ask(
        self,
        question: str,
        history: Sequence[str],
        k: int,
        meant: Meant,
        allowed: Allowed,
    ) -> Answer:
        """Answer a question of which it is known which statements it means."""
        text = clean_question(question)
        bare = self._chooser.asked(text, meant)
        wish = intent(text, history, self.searcher, self._retrieval.follows_up, bare)
        if wish.kind in IDLE:
            return overview.reply(question, wish.kind, self.searcher.model)
        if meant.why == "missing":
            return self._no_such_statement(question, meant)
        if wish.kind == "statement":
            ranking = self._retrieval.rank(text, (), overview.in_opening, meant.scope)
            named = meant.statements if meant.certain else ()
            answer = overview.answer(question, wish.confidence, ranking, k, named)
            return replace(answer, statements=len(ranking.snapshot.statements))
        answer = self._answer(question, bare, wish.history, k, meant)
        if answer.level in _CONFIDENT:
            return answer
        return self._otherwise(answer, wish, k, meant, allowed)

    def _answer(
        self, question: str, text: str, history: Sequence[str], k: int, meant: Meant
    ) -> Answer:
        """Answer from the text of the statements that are meant.

        Args:
            question: The question as it was asked.
            text: What is searched: the question without the words that name these statements.
            history: The earlier questions, oldest first.
            k: The largest number of quotes.
            meant: The statements.
        """
        search = self._retrieval
        excluded = search.quoted_before(text, history, meant.scope)
        found = answering.search(search, meant, text, history, excluded)
        result, elsewhere = found.result, found.elsewhere
        if found.each:
            outcome = decide(result, found.speaking, self.calibration.threshold)
        else:
            outcome = search.outcome(result, history, excluded, found.scope)
        ranking, quotes = result.ranking, search.quotes(outcome, k)
        if not quotes and elsewhere and elsewhere.confidence >= self.calibration.threshold:
            outcome = replace(outcome, reason="other_statement")
            ranking = elsewhere.ranking
        shown = set(map(key_of_quote, quotes))
        others = (hit for hit in ranking.hits if hit.sentence_key not in shown)
        nearest = islice(each_once(islice(others, 4 * NEAREST)), NEAREST)
        language = detect_language(text)
        return Answer(
            question=question,
            searched=_as_asked(question, text, result.ranking.searched),
            status="answered" if quotes else "not_found",
            confidence=outcome.confidence,
            language=language,
            quotes=self._completed(quotes, found, language),
            nearest=self._completed(list(map(quote_of, nearest)), found, language),
            passages=self._searched(found, ranking),
            reason=outcome.reason,
            unanswered=outcome.unanswered,
            model=self.searcher.model,
            level=self._level(outcome.first_right, quotes),
            statements=len(ranking.snapshot.statements),
            scope=self._scope(meant, found.statements, found.silent),
        )

    def _completed(
        self, quotes: Sequence[Quote], found: ScopedResult, language: str
    ) -> tuple[Quote, ...]:
        """Add to quotes what stands beside them, and in which other statements the words stand."""
        snapshot = found.result.ranking.snapshot
        compared = with_counterparts(quotes, snapshot, found.earlier)
        parallel = self._parallels.added(compared, snapshot, language)
        return tuple(map(self._chooser.with_others, parallel))

    def _searched(self, found: ScopedResult, ranking: Ranking) -> int:
        """Return how many passages were searched for what is shown."""
        if not found.statements or found.silent or ranking is not found.result.ranking:
            return ranking.total
        snapshot = ranking.snapshot
        return int(np.isin(snapshot.statement_of, snapshot.places(found.statements)).sum())

    def _no_such_statement(self, question: str, meant: Meant) -> Answer:
        """Refuse a question about a meeting of which there is no statement."""
        snapshot = self.searcher.snapshot()
        statements = snapshot.statements
        return Answer(
            question=question,
            searched=clean(question),
            status="not_found",
            confidence=0.0,
            language=detect_language(question),
            quotes=(),
            nearest=(),
            passages=snapshot.total,
            reason="unknown_meeting",
            model=self.searcher.model,
            facts=tuple(
                Facts.of(statements[name]) for name in meant.statements if name in statements
            ),
            statements=len(statements),
            scope=self._scope(meant, meant.statements),
        )

    def _scope(
        self, meant: Meant, statements: Sequence[str], silent: Sequence[str] = ()
    ) -> AnswerScope:
        """Return what was searched and why, with the titles of the statements."""
        scope = AnswerScope(meant.why, tuple(statements), tuple(silent), meant.earlier)
        return scope.titled(self.searcher.facts())

    def _otherwise(
        self, answer: Answer, wish: Intent, k: int, meant: Meant, allowed: Allowed
    ) -> Answer:
        """Read the question in another way; return that answer if it is more confident."""
        text = clean(answer.question)
        if not answer.quotes and answer.searched != text and not asks_for_more(text):
            # A question that finds nothing with the earlier ones may have a subject of its own.
            itself = self._chooser.meant(text, (), self._retrieval.follows_up, allowed)
            alone = self._ask(answer.question, (), k, itself, allowed)
            if alone.level in _CONFIDENT or alone.facts:
                return alone
        if wish.subject:
            # Words such as "statement" and "mention" draw the search to titles and reports.
            about = meant.about(wish.subject)
            on_subject = self._ask(wish.subject, wish.history, k, about, allowed)
            if on_subject.level == "high" or (answer.quotes and on_subject.level in _CONFIDENT):
                return replace(
                    on_subject,
                    question=answer.question,
                    searched=answer.searched,
                    language=answer.language,
                )
        return answer

    def _level(self, first_right: float, quotes: Sequence[Quote]) -> Level:
        """Return the level of an answer. What may be less than a sentence is never called high."""
        if not quotes:
            return ""
        level = self.calibration.level(first_right)
        return "fair" if level == "high" and quotes[0].doubtful else level

    # -- search -------------------------------------------------------------------------------

    def retrieve(
        self, question: str, k: int = DEFAULT_QUOTES, within: Filter = None
    ) -> list[Quote]:
        """Return the `k` best sentences, whether or not they answer the question.

        Args:
            question: The question.
            k: The number of sentences.
            within: A filter of statements; see `ask`.

        Raises:
            ShuttenError: The question is empty or too long, or `k` is below 1.
        """
        k, text = arguments.require_count(k, "k", 1), clean_question(question)
        return retried(lambda: self._retrieve(text, k, within))

    def _retrieve(self, text: str, k: int, within: Filter) -> list[Quote]:
        allowed = self._allowed(within)
        meant = self._chooser.meant(text, (), self._retrieval.follows_up, allowed)
        asked = self._chooser.asked(text, meant)
        ranked = self._retrieval.rank(asked, scope=meant.scope).hits
        k = min(k, len(ranked))
        hits = islice(each_once(islice(ranked, 4 * k)), k)
        return [self._chooser.with_others(quote_of(hit)) for hit in hits]

    def rank(
        self,
        question: str,
        history: Sequence[str] = (),
        eligible: Eligible = any_sentence,
        within: Filter = None,
    ) -> Ranking:
        """Rank the sentences for a question.

        Earlier questions count as much as the question is likely to follow them up.

        Args:
            question: The question.
            history: The earlier questions of the user, oldest first.
            eligible: Says which sentences may be returned; all if omitted.
            within: A filter of statements; see `ask`.

        Raises:
            ShuttenError: The question is empty or too long, or the filter cannot be used.
        """
        turns = arguments.require_texts(history, "history")
        return self._retrieval.rank(question, turns, eligible, self.scope_within(within))

    def scope_within(self, within: Filter) -> Scope | None:
        """Return the statements that a filter lets through, all alike; None if there is no filter.

        Raises:
            ShuttenError: The filter cannot be used, or lets nothing through.
        """
        given = filters.Within.of(within)
        if given.is_empty:
            return None
        names = filters.allowed(given, self.searcher.facts())
        return Scope.equally(names)

    def statement(self, statement: str) -> Statement:
        """Return a statement with its text, passages and provenance.

        Raises:
            ShuttenError: There is no statement of that id.
        """
        return self.searcher.statement(arguments.require_text(statement, "the id of a statement"))

    def summaries(self) -> Mapping[str, StatementSummary]:
        """Return the summary of each statement, by its id, without reading any text.

        It is the same object as long as no statement changes.
        """
        return self.searcher.snapshot().summaries if self._store.has_statements() else _NONE

    def statement_ids(self) -> list[str]:
        """Return the ids of all statements."""
        return self._store.statement_ids()

    def document_file(self, statement: str) -> bytes | None:
        """Return the file that a statement was read from; None if it is not kept, or is the text.

        Raises:
            ShuttenError: The kept file is damaged.
        """
        return self._store.document_file(statement)

    def has_document_file(self, statement: str) -> bool:
        """Return whether the file that a statement was read from is kept."""
        return self._store.has_document_file(statement)

    def prove_original(self, statement: str) -> OriginalFinding:
        """Return whether the kept file of a statement gives its text; see `qa.originals`.

        Raises:
            ShuttenError: There is no statement with this id, or its kept file is damaged.
        """
        return prove_original(self.statement(statement).source, self.document_file(statement))


def _as_asked(question: str, without_names: str, searched: str) -> str:
    """Return what was searched, with the words that name a statement."""
    text = clean(question)
    if without_names == text or not searched.endswith(without_names):
        return searched
    return searched.removesuffix(without_names) + text


def check_count(k: int) -> None:
    """Raise `ShuttenError` unless an answer may have `k` quotes."""
    arguments.require_count(k, "k", 1, MAX_QUOTES)


@cache
def _default() -> Assistant:
    return Assistant.open()


def retrieve(question: str, k: int = DEFAULT_QUOTES) -> list[Quote]:
    """Return the `k` best sentences for a question from the default data folder."""
    return _default().retrieve(question, k)
