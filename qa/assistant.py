"""The whole way from a question to an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import get_args

from corpus import arguments
from corpus.errors import ShuttenError
from corpus.library import bundled_paths, load_statement
from corpus.records import Span, Statement
from index.building import adding
from index.building.rebuilding import open_store
from index.home import data_home
from index.models.catalogue import open_encoder
from index.search.ranking import Hit, Ranking, System
from index.search.reranker import everything
from index.search.searcher import Searcher
from index.store.store import Store
from qa import overview
from qa.answers.answer import Answer, Level, Quote
from qa.answers.provisos import with_provisos
from qa.combining import Found, Key, Outcome, decide, key
from qa.confidence.abstention import features
from qa.confidence.calibration import Calibration, shipped
from qa.confidence.quote_count import MAX_QUOTES, how_many
from qa.questions.followups import asks_for_more, clean, leaned_on, leaning, may_lean
from qa.questions.intent import Intent, intent, is_tiny
from qa.questions.language import detect_language
from qa.questions.multipart import parts
from qa.questions.remark_kinds import IDLE

MAX_QUESTION = 2000
MAX_HISTORY = 30  # earlier questions that count; "anything else?" asks each of them again
DEFAULT_QUOTES = 3  # of `retrieve`
NEAREST = 3  # runners-up shown
_SURE_ALONE: tuple[Level, ...] = ("high", "fair")


class Assistant:
    """Answers questions over the statements of one data folder.

    Safe to use from several threads. `Assistant.open()` is the usual way to get one.
    """

    def __init__(self, store: Store, searcher: Searcher, calibration: Calibration) -> None:
        self._store, self._searcher, self.calibration = store, searcher, calibration

    @classmethod
    def open(cls, home: Path | str | None = None) -> Assistant:
        """Open a data folder, with the bundled statement in it when it is a new one.

        Args:
            home: The folder; `SHUTTEN_HOME` or the user's data directory when omitted.

        Raises:
            ShuttenError: The folder or its model cannot be used; the message says why.
        """
        folder = None if home is None else arguments.require_path(home, "home")
        store = open_store(data_home(folder))
        encoder = open_encoder(adding.chosen_model(store))
        if store.meta("generation") is None and not store.statement_ids():
            bundled = [(load_statement(path), str(path)) for path in bundled_paths()]
            adding.add(store, encoder, bundled)
        return cls(store, Searcher(store, encoder), shipped())

    @property
    def home(self) -> Path:
        """The data folder."""
        return self._store.home

    def ask(self, question: str, history: Sequence[str] = (), k: int = MAX_QUOTES) -> Answer:
        """Answer a question with quotes, or say that the statements are silent.

        Args:
            question: In any language, up to 2,000 characters.
            history: The user's earlier questions, oldest first; the last 30 count.
            k: At most so many quotes, 1 to 12; there are no more than seem to answer.

        Raises:
            ShuttenError: The question is empty or too long, or `k` is out of range.
        """
        asked, history = clean_question(question), arguments.require_texts(history, "history")
        check_count(k)
        meant = intent(asked, history[-MAX_HISTORY:], self._searcher, self._leans)
        if meant.kind in IDLE:
            return overview.reply(question, meant.kind, self._searcher.model)
        if meant.kind == "statement":
            ranking = self.rank(asked, wanted=overview.in_opening)
            known = self.statement_ids()
            return overview.answer(question, meant.sure, ranking, self.statement, known, k)
        answer = self._answer(question, meant.history, k)
        return answer if answer.level in _SURE_ALONE else self._otherwise(answer, meant, k)

    def _answer(self, question: str, history: Sequence[str], k: int) -> Answer:
        """What the statements say, as the question was put."""
        asked = clean(question)
        whole = self._find(asked, history, self._seen(asked, history, k))
        outcome = self._decide(whole, history)
        quotes = with_provisos(tuple(map(_quote, outcome.quoted[:k])), self.statement, k)
        shown = {(one.statement, Span(one.start, one.end)) for one in quotes}
        nearest = [hit for hit in whole.hits if key(hit) not in shown][:NEAREST]
        return Answer(
            question=question,
            searched=whole.ranking.searched,
            status="answered" if quotes else "not_found",
            confidence=outcome.sure,
            language=detect_language(asked),
            quotes=quotes,
            nearest=tuple(map(_quote, nearest)),
            passages=whole.ranking.total,
            reason=outcome.reason,
            unanswered=outcome.unanswered,
            model=self._searcher.model,
            level=self._level(outcome.first, quotes),
            statements=len(self.statement_ids()),
        )

    def _otherwise(self, answer: Answer, meant: Intent, k: int) -> Answer:
        """A surer answer to the same question read otherwise, or else the one there is."""
        asked = clean(answer.question)
        if not answer.quotes and answer.searched != asked and not asks_for_more(asked):
            # What finds nothing with the earlier questions may have a subject of its own.
            alone = self.ask(answer.question, (), k)
            if alone.level in _SURE_ALONE or alone.facts:
                return alone
        if meant.subject:
            # Words for the text and for saying things draw the search to titles and reports.
            bare = self.ask(meant.subject, meant.history, k)
            if bare.level == "high" or (answer.quotes and bare.level in _SURE_ALONE):
                return replace(
                    bare,
                    question=answer.question,
                    searched=answer.searched,
                    language=answer.language,
                )
        return answer

    def _leans(self, question: str, history: Sequence[str]) -> bool:
        return bool(history) and self.rank(question, history, wanted=lambda _: False).leaning > 0

    def _level(self, first: float, quotes: Sequence[Quote]) -> Level:
        """How sure the first quote is; what may be less than a sentence is never surely right."""
        if not quotes:
            return ""
        level = self.calibration.level(first)
        return "fair" if level == "high" and quotes[0].doubtful else level

    def _decide(self, whole: Found, history: Sequence[str]) -> Outcome:
        """Look for the parts of a question too; a later one may lean on those before it."""
        pieces = parts(whole.question)
        found = [
            self._find(one, (*history, *pieces[:number]))
            for number, one in enumerate(pieces if len(pieces) > 1 else ())
        ]
        return decide(whole, found, self.calibration.threshold)

    def _find(self, question: str, history: Sequence[str], seen: Set[Key] = frozenset()) -> Found:
        """What there is for a question, but for sentences that were `seen`."""

        def new(hit: Hit) -> bool:
            return key(hit) not in seen

        if seen and (unread := self.rank(question, history, wanted=lambda _: False)).leaning:
            # "Anything else?" has no words of its own to look for.
            subject = self.rank(*_subject(history), wanted=new)
            ranking = replace(subject, searched=unread.searched)
        else:
            ranking = self.rank(question, history, wanted=new)
        hits = list(filter(new, ranking.hits))
        if not hits:  # all has been quoted
            return Found(question, ranking, hits, 0.0, False, 0)
        model, matrix = self.calibration, features(ranking, hits)
        # So few letters mean something only where the statement has them too.
        empty = is_tiny(question) and not matrix["words"]
        sure = 0.0 if empty else model.confidence(matrix)
        # What is left after earlier quotes is silent on more, not off the subject.
        off = len(hits) == len(ranking.hits) and model.subject(matrix) < model.off_subject
        first = model.first(matrix)
        return Found(question, ranking, hits, sure, off, how_many(ranking, hits, model), first)

    def _seen(self, question: str, history: Sequence[str], k: int) -> set[Key]:
        """What was quoted since the subject came up, where the question asks for more of it."""
        seen: set[Key] = set()
        turns = [turn for turn in history if turn.strip() and len(turn) <= MAX_QUESTION]
        if not asks_for_more(question) or not turns:
            return seen
        start = len(turns) - 1
        while start and asks_for_more(turns[start]):
            start -= 1
        for place in range(start, len(turns)):
            asked = clean(turns[place])
            if asked:
                found = self._find(asked, turns[:place], frozenset(seen))
                seen |= set(map(key, self._decide(found, turns[:place]).quoted[:k]))
        return seen

    def retrieve(self, question: str, k: int = DEFAULT_QUOTES) -> list[Quote]:
        """The `k` best sentences, whether or not they answer the question.

        Raises:
            ShuttenError: The question is empty or too long, or `k` is below 1.
        """
        k = arguments.require_count(k, "k", 1)
        return [_quote(hit) for hit in self.rank(question).hits[:k]]

    def rank(
        self,
        question: str,
        history: Sequence[str] = (),
        system: System = "full",
        wanted: Callable[[Hit], bool] = everything,
    ) -> Ranking:
        """The ranking behind an answer.

        Earlier questions count as much as the question is likely to lean on them.

        Args:
            question: As it was asked.
            history: The user's earlier questions, oldest first.
            system: See `Searcher.search`.
            wanted: See `Searcher.search`.

        Raises:
            ShuttenError: The question is empty or too long, or there is no such system.
        """
        asked, history = clean_question(question), arguments.require_texts(history, "history")
        context = leaned_on([clean(turn) for turn in history])[-MAX_QUESTION:]
        if system not in get_args(System):
            raise ShuttenError(f"system is {system!r}; give one of {', '.join(get_args(System))}")
        if system != "full" and not may_lean(asked):
            context = ""
        return self._searcher.search(
            asked, system, context, lambda clues: leaning(clues, self.calibration), wanted
        )

    def statement(self, statement: str) -> Statement:
        """A statement with its text, passages and provenance.

        Raises:
            ShuttenError: There is none of that id.
        """
        return self._searcher.statement(arguments.require_text(statement, "the id of a statement"))

    def statement_ids(self) -> list[str]:
        """Ids of all statements."""
        return self._store.statement_ids()


def _quote(hit: Hit) -> Quote:
    return Quote.of(hit.statement, hit.passage, hit.span, hit.score, hit.match.marks())


def _subject(history: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The last question that asked for something of its own, and those before it."""
    turns = [turn for turn in history if turn.strip()]
    while len(turns) > 1 and asks_for_more(turns[-1]):
        turns.pop()
    return turns[-1], turns[:-1]


def check_count(k: int) -> None:
    """Raise `ShuttenError` unless an answer may have `k` quotes."""
    arguments.require_count(k, "k", 1, MAX_QUOTES)


def clean_question(question: str) -> str:
    """The question as a search key: control characters and broken code units become spaces.

    Raises:
        ShuttenError: It is no text, empty, or too long.
    """
    question = arguments.require_text(question, "the question")
    if len(question) > MAX_QUESTION:
        raise ShuttenError(
            f"the question has {len(question):,} characters; ask in {MAX_QUESTION:,} or fewer"
        )
    key = clean(question)
    if not key:
        raise ShuttenError("the question is empty; type what you want to know")
    return key


@cache
def _default() -> Assistant:
    return Assistant.open()


def retrieve(question: str, k: int = DEFAULT_QUOTES) -> list[Quote]:
    """The `k` best sentences for a question from the default data folder; see `Assistant`."""
    return _default().retrieve(question, k)
