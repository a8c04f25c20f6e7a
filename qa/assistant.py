"""From a question to an answer: the class that scripts, the page and the interfaces use."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from functools import cache
from pathlib import Path

from corpus import arguments
from corpus.errors import ShuttenError
from corpus.library import bundled_paths, load_statement
from corpus.records import Span, Statement
from index.building import adding
from index.building.rebuilding import open_store
from index.home import data_home
from index.models.catalogue import open_encoder
from index.search.ranking import Eligible, FollowupEvidence, Hit, Ranking
from index.search.reranker import any_sentence, with_history
from index.search.searcher import Searcher
from index.search.snapshot import Location, SentenceKey
from index.store.store import Store
from qa import overview
from qa.answers.answer import Answer, Level, Quote
from qa.answers.provisos import with_provisos
from qa.combining import Outcome, PartResult, decide
from qa.confidence.abstention import abstention_features
from qa.confidence.calibration import Calibration, shipped
from qa.confidence.quote_count import MAX_QUOTES, quote_count
from qa.questions.followups import asks_for_more, clean, earlier_questions, followup_weight
from qa.questions.intent import Intent, intent, is_tiny
from qa.questions.language import detect_language
from qa.questions.multipart import parts
from qa.questions.remark_kinds import IDLE

MAX_QUESTION = 2000  # characters
MAX_HISTORY = 30  # earlier questions that count; "anything else?" asks each of them again
DEFAULT_QUOTES = 3  # of `retrieve`
NEAREST = 3  # sentences that are shown besides the quotes
_CONFIDENT: tuple[Level, ...] = ("high", "fair")


class Assistant:
    """Answers questions over the statements of one data folder.

    It can be used from several threads. `Assistant.open()` is the usual way to make one.
    """

    def __init__(self, store: Store, searcher: Searcher, calibration: Calibration) -> None:
        self._store, self.searcher, self.calibration = store, searcher, calibration

    @classmethod
    def open(cls, home: Path | str | None = None) -> Assistant:
        """Open a data folder. A new one gets the bundled statement.

        Args:
            home: The folder. Without it, `SHUTTEN_HOME` or the data directory of the user.

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
            question: The question in any language, up to 2,000 characters.
            history: The earlier questions of the user, oldest first. The last 30 count.
            k: The largest number of quotes, 1 to 12. Fewer are given if fewer seem to answer.

        Raises:
            ShuttenError: The question is empty or too long, or `k` is out of range.
        """
        text, history = clean_question(question), arguments.require_texts(history, "history")
        check_count(k)
        meant = intent(text, history[-MAX_HISTORY:], self.searcher, self._follows_up)
        if meant.kind in IDLE:
            return overview.reply(question, meant.kind, self.searcher.model)
        if meant.kind == "statement":
            ranking = self.rank(text, eligible=overview.in_opening)
            ids = self.statement_ids()
            return overview.answer(question, meant.confidence, ranking, self.statement, ids, k)
        answer = self._answer(question, meant.history, k)
        return answer if answer.level in _CONFIDENT else self._otherwise(answer, meant, k)

    def _answer(self, question: str, history: Sequence[str], k: int) -> Answer:
        """Answer from the text of the statements."""
        text = clean(question)
        quoted_before = self._quoted_before(text, history)
        whole = self._result(text, history, quoted_before)
        outcome = self._outcome(whole, history, quoted_before)
        quotes = self._quotes(outcome, k)
        shown = set(map(_key, quotes))
        nearest = (hit for hit in whole.ranking.hits if hit.sentence_key not in shown)
        return Answer(
            question=question,
            searched=whole.ranking.searched,
            status="answered" if quotes else "not_found",
            confidence=outcome.confidence,
            language=detect_language(text),
            quotes=quotes,
            nearest=tuple(_quote(hit) for hit, _ in zip(nearest, range(NEAREST), strict=False)),
            passages=whole.ranking.total,
            reason=outcome.reason,
            unanswered=outcome.unanswered,
            model=self.searcher.model,
            level=self._level(outcome.first_right, quotes),
            statements=len(self.statement_ids()),
        )

    def _otherwise(self, answer: Answer, meant: Intent, k: int) -> Answer:
        """Read the question in another way; return that answer if it is more confident."""
        text = clean(answer.question)
        if not answer.quotes and answer.searched != text and not asks_for_more(text):
            # A question that finds nothing with the earlier ones may have a subject of its own.
            alone = self.ask(answer.question, (), k)
            if alone.level in _CONFIDENT or alone.facts:
                return alone
        if meant.subject:
            # Words such as "statement" and "mention" draw the search to titles and reports.
            bare = self.ask(meant.subject, meant.history, k)
            if bare.level == "high" or (answer.quotes and bare.level in _CONFIDENT):
                return replace(
                    bare,
                    question=answer.question,
                    searched=answer.searched,
                    language=answer.language,
                )
        return answer

    def _quotes(self, outcome: Outcome, k: int) -> tuple[Quote, ...]:
        return with_provisos(tuple(map(_quote, outcome.quoted[:k])), self.statement, k)

    def _level(self, first_right: float, quotes: Sequence[Quote]) -> Level:
        """Return the level of an answer. What may be less than a sentence is never called high."""
        if not quotes:
            return ""
        level = self.calibration.level(first_right)
        return "fair" if level == "high" and quotes[0].doubtful else level

    # -- parts and follow-ups -----------------------------------------------------------------

    def _outcome(
        self, whole: PartResult, history: Sequence[str], excluded: Set[SentenceKey]
    ) -> Outcome:
        """Search the parts of a question too. A later part may follow up those before it."""
        pieces = parts(whole.question)
        results = [
            self._result(piece, (*history, *pieces[:number]), excluded)
            for number, piece in enumerate(pieces if len(pieces) > 1 else ())
        ]
        return decide(whole, results, self.calibration.threshold)

    def _result(
        self, question: str, history: Sequence[str], excluded: Set[SentenceKey]
    ) -> PartResult:
        """Search for a question or a part of one, without the sentences that are excluded."""
        ranking = self._ranking(question, history, excluded)
        if not len(ranking.scores):  # all sentences have been quoted
            return PartResult(question, ranking)
        model, features = self.calibration, abstention_features(ranking)
        # So few letters mean something only if the statement has them too.
        meaningless = is_tiny(question) and not features["words"]
        # When earlier quotes are excluded, the rest says nothing about the subject.
        off_subject = ranking.complete and model.subject(features) < model.off_subject
        return PartResult(
            question,
            ranking,
            confidence=0.0 if meaningless else model.confidence(features),
            off_subject=off_subject,
            count=quote_count(ranking, model),
            first_right=model.first_right(features),
        )

    def _ranking(
        self, question: str, history: Sequence[str], excluded: Set[SentenceKey]
    ) -> Ranking:
        def eligible(location: Location) -> bool:
            return location.sentence_key not in excluded

        if excluded and self._follows_up(question, history):
            # "Anything else?" has no subject of its own, so the last subject is ranked.
            ranking = self.rank(*_subject(history), eligible=eligible)
            searched = with_history(earlier_questions(history), clean_question(question))
            return replace(ranking, searched=searched)
        return self.rank(question, history, eligible=eligible)

    def _follows_up(self, question: str, history: Sequence[str]) -> bool:
        """Whether a question follows up earlier ones."""
        if not earlier_questions(history):
            return False
        return self._followup_model(self.searcher.evidence(clean_question(question))) > 0

    def _followup_model(self, evidence: FollowupEvidence) -> float:
        return followup_weight(evidence, self.calibration)

    def _quoted_before(self, question: str, history: Sequence[str]) -> set[SentenceKey]:
        """Return what was quoted since the subject came up, if a question asks for more of it.

        The history holds questions only, so each of them is answered again, with as many quotes as
        an answer may have: what was shown with a smaller `k` is among them.
        """
        quoted: set[SentenceKey] = set()
        turns = [turn for turn in history if turn.strip() and len(turn) <= MAX_QUESTION]
        if not asks_for_more(question) or not turns:
            return quoted
        start = len(turns) - 1
        while start and asks_for_more(turns[start]):
            start -= 1
        for place in range(start, len(turns)):
            text, before = clean(turns[place]), turns[:place]
            if text:
                excluded = frozenset(quoted)
                outcome = self._outcome(self._result(text, before, excluded), before, excluded)
                quoted |= set(map(_key, self._quotes(outcome, MAX_QUOTES)))
        return quoted

    # -- search -------------------------------------------------------------------------------

    def retrieve(self, question: str, k: int = DEFAULT_QUOTES) -> list[Quote]:
        """Return the `k` best sentences, whether or not they answer the question.

        Raises:
            ShuttenError: The question is empty or too long, or `k` is below 1.
        """
        k = arguments.require_count(k, "k", 1)
        return [_quote(hit) for hit in self.rank(question).hits[:k]]

    def rank(
        self,
        question: str,
        history: Sequence[str] = (),
        eligible: Eligible = any_sentence,
    ) -> Ranking:
        """Rank the sentences for a question.

        Earlier questions count as much as the question is likely to follow them up.

        Args:
            question: The question.
            history: The earlier questions of the user, oldest first.
            eligible: Says which sentences may be returned; all if omitted.

        Raises:
            ShuttenError: The question is empty or too long.
        """
        text, turns = clean_question(question), arguments.require_texts(history, "history")
        return self.searcher.search(text, earlier_questions(turns), self._followup_model, eligible)

    def statement(self, statement: str) -> Statement:
        """Return a statement with its text, passages and provenance.

        Raises:
            ShuttenError: There is no statement of that id.
        """
        return self.searcher.statement(arguments.require_text(statement, "the id of a statement"))

    def statement_ids(self) -> list[str]:
        """Return the ids of all statements."""
        return self._store.statement_ids()


def _quote(hit: Hit) -> Quote:
    return Quote.of(hit.statement, hit.passage, hit.span, hit.score, hit.match.marks())


def _key(quote: Quote) -> SentenceKey:
    return quote.statement, Span(quote.start, quote.end)


def _subject(history: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return the last question that had a subject of its own, and the questions before it."""
    turns = [turn for turn in history if turn.strip()]
    while len(turns) > 1 and asks_for_more(turns[-1]):
        turns.pop()
    return turns[-1], turns[:-1]


def check_count(k: int) -> None:
    """Raise `ShuttenError` unless an answer may have `k` quotes."""
    arguments.require_count(k, "k", 1, MAX_QUOTES)


def clean_question(question: str) -> str:
    """Return the question as a search key, without control characters and lone surrogates.

    Raises:
        ShuttenError: It is not a text, empty, or too long.
    """
    question = arguments.require_text(question, "the question")
    if len(question) > MAX_QUESTION:
        raise ShuttenError(
            f"the question has {len(question):,} characters; ask in {MAX_QUESTION:,} or fewer"
        )
    sentence_key = clean(question)
    if not sentence_key:
        raise ShuttenError("the question is empty; type what you want to know")
    return sentence_key


@cache
def _default() -> Assistant:
    return Assistant.open()


def retrieve(question: str, k: int = DEFAULT_QUOTES) -> list[Quote]:
    """Return the `k` best sentences for a question from the default data folder."""
    return _default().retrieve(question, k)
