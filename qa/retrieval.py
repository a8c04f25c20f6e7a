"""What the statements say to a question and its parts: rankings with a confidence."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from corpus.records import Span
from index.search.draft import FollowupEvidence
from index.search.ranking import Eligible, Hit, Ranking
from index.search.reranker import any_sentence, with_history
from index.search.scope import Scope
from index.search.searcher import Searcher
from index.search.snapshot import SentenceKey
from qa.answers.answer import Quote
from qa.answers.provisos import with_provisos
from qa.answers.whole_lists import with_list_items
from qa.combining import Outcome, PartResult, decide
from qa.confidence.abstention import abstention_features
from qa.confidence.calibration import Calibration
from qa.confidence.quote_count import MAX_QUOTES, asks_for_list, quote_count
from qa.questions.checks import askable, clean_question
from qa.questions.followups import asks_for_more, earlier_questions, followup_weight
from qa.questions.intent import is_tiny
from qa.questions.multipart import parts


class Retrieval:
    """Finds what answers a question, or a part of one. It can be used from several threads.

    Args:
        searcher: Ranks sentences.
        calibration: Says how confident a result is.
    """

    def __init__(self, searcher: Searcher, calibration: Calibration) -> None:
        self._searcher, self._calibration = searcher, calibration

    def rank(
        self,
        question: str,
        history: Sequence[str] = (),
        eligible: Eligible = any_sentence,
        scope: Scope | None = None,
        excluded: Set[SentenceKey] = frozenset(),
    ) -> Ranking:
        """Rank the sentences for a question.

        Earlier questions count as much as the question is likely to follow them up.

        Args:
            question: The question.
            history: The earlier questions, oldest first.
            eligible: Says which sentences may be returned; all if omitted.
            scope: The statements that are searched; all if omitted.
            excluded: Sentences that are not returned.

        Raises:
            ShuttenError: The question is empty or too long.
        """
        text, earlier = clean_question(question), earlier_questions(history)
        return self._searcher.search(text, earlier, self._followup_model, eligible, scope, excluded)

    def follows_up(self, question: str, history: Sequence[str]) -> bool:
        """Return whether a question follows up earlier ones."""
        if not earlier_questions(history):
            return False
        return self._followup_model(self._searcher.evidence(clean_question(question))) > 0

    def outcome(
        self,
        result: PartResult,
        history: Sequence[str],
        excluded: Set[SentenceKey],
        scope: Scope | None = None,
    ) -> Outcome:
        """Search the parts of a question too. A later part may follow up those before it.

        Args:
            result: The result for the question as a whole.
            history: The earlier questions, oldest first.
            excluded: Sentences that are not searched.
            scope: The statements that are searched; all if omitted.
        """
        pieces = parts(result.question)
        results = [
            self.result(piece, (*history, *pieces[:number]), excluded, scope)
            for number, piece in enumerate(pieces if len(pieces) > 1 else ())
        ]
        return decide(result, results, self._calibration.threshold)

    def result(
        self,
        question: str,
        history: Sequence[str],
        excluded: Set[SentenceKey] = frozenset(),
        scope: Scope | None = None,
    ) -> PartResult:
        """Search for a question or a part of one, without the sentences that are excluded."""
        ranking = self._ranking(question, history, excluded, scope)
        if not len(ranking.scores):  # all sentences have been quoted
            return PartResult(question, ranking)
        model, features = self._calibration, abstention_features(ranking)
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
            is_list=asks_for_list(ranking, model),
        )

    def _ranking(
        self,
        question: str,
        history: Sequence[str],
        excluded: Set[SentenceKey],
        scope: Scope | None,
    ) -> Ranking:
        turns = askable(history)
        if excluded and self.follows_up(question, turns):
            # "Anything else?" has no subject of its own, so the last subject is ranked.
            place = _subject_place(turns)
            ranking = self.rank(turns[place], turns[:place], scope=scope, excluded=excluded)
            searched = with_history(earlier_questions(turns), clean_question(question))
            return replace(ranking, searched=searched)
        return self.rank(question, history, scope=scope, excluded=excluded)

    def _followup_model(self, evidence: FollowupEvidence) -> float:
        return followup_weight(evidence, self._calibration)

    def quotes(self, outcome: Outcome, k: int) -> tuple[Quote, ...]:
        """Quote the first `k` sentences of an outcome, with what belongs to them.

        To a sentence belong its exceptions, and to a list its items.
        """
        hits = outcome.quoted[:k]
        statement = {hit.statement.id: hit.statement for hit in hits}.__getitem__
        quotes = tuple(map(quote_of, hits))
        if outcome.is_list:
            quotes = with_list_items(quotes, statement, k)
        return with_provisos(quotes, statement, k)

    def quoted_before(
        self, question: str, history: Sequence[str], scope: Scope | None = None
    ) -> set[SentenceKey]:
        """Return what was quoted since the subject came up, if a question asks for more of it.

        The history holds questions only, so each of them is answered again, with as many quotes as
        an answer may have: what was shown with a smaller `k` is among them.
        """
        quoted: set[SentenceKey] = set()
        turns = askable(history)
        if not asks_for_more(question) or not turns:
            return quoted
        for place in range(_subject_place(turns), len(turns)):
            before, excluded = turns[:place], frozenset(quoted)
            result = self.result(turns[place], before, excluded, scope)
            outcome = self.outcome(result, before, excluded, scope)
            quoted |= set(map(key_of_quote, self.quotes(outcome, MAX_QUOTES)))
        return quoted


def quote_of(hit: Hit) -> Quote:
    """Quote the sentence of a hit."""
    return Quote.of(hit.statement, hit.passage, hit.span, hit.score, hit.match.marks())


def key_of_quote(quote: Quote) -> SentenceKey:
    """Return the key of the sentences that were quoted."""
    return quote.statement, Span(quote.start, quote.end)


def _subject_place(turns: Sequence[str]) -> int:
    """Return the place of the last question that has a subject of its own; 0 if none has.

    Args:
        turns: The earlier questions that can be asked again, oldest first; at least one.
    """
    place = len(turns) - 1
    while place and asks_for_more(turns[place]):
        place -= 1
    return place
