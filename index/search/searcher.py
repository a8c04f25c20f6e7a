"""Search in a data folder: encodes a question, looks its words up, ranks and reranks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from corpus.errors import ShuttenError
from corpus.records import Provenance, Statement
from index.building.adding import refuse_mixing
from index.late_interaction.background import Background
from index.late_interaction.centring import centred
from index.models.encoder import Encoded, Encoder, Floats
from index.search.cards import CardMatches, match_cards
from index.search.draft import Draft, FollowupEvidence, FollowupModel
from index.search.query import Query, remark_vector
from index.search.ranking import Eligible, Ranking
from index.search.reranker import any_sentence, rerank, with_history
from index.search.retrying import TRIES, retried
from index.search.scope import Scope
from index.search.scoring import SCORE_WEIGHTS, ScoreWeights
from index.search.snapshot import SentenceKey, Snapshot, load_snapshot
from index.store.base import Store
from index.store.values import ChangedMeanwhileError

_T = TypeVar("_T")
# The encodings and rerankings of so many questions are kept. The earlier questions of a
# conversation are looked at again and again, and many users ask the same.
_REMEMBERED = 256
_SEARCHES_OF_MEMORY = 32  # each reads some 10 MB of a large library
_LOOKED_UP = 8  # questions whose scores by words are kept


class Searcher:
    """Ranks the sentences of a data folder. It can be called from several threads.

    It follows the changes of other processes: each question sees the last committed state.

    Args:
        store: The data folder.
        encoder: The model that its index was made with.
        weights: How much each part of a score counts.

    Attributes:
        fingerprint: See `Background.fingerprint`.
        encoded: Encodes a question.

    Raises:
        ShuttenError: The index was made with another model.
    """

    def __init__(
        self, store: Store, encoder: Encoder, weights: ScoreWeights = SCORE_WEIGHTS
    ) -> None:
        self._store, self._encoder, self._weights = store, encoder, weights
        self.fingerprint = Background(encoder).fingerprint
        self._lock = threading.Lock()
        self._opened: Snapshot | None = None
        self.encoded: Callable[[str], Encoded] = lru_cache(_REMEMBERED)(self._encode_question)
        self._rerank = lru_cache(_REMEMBERED)(encoder.rerank)
        self._queries: dict[str, Query] = {}
        self._searches = 0
        refuse_mixing(store, self.fingerprint)

    @property
    def model(self) -> str:
        """The names of all models that an answer depends on."""
        return ":".join(filter(None, (self.fingerprint, self._encoder.reranker)))

    def search(
        self,
        question: str,
        history: str = "",
        followup_model: FollowupModel = lambda _: 1.0,
        eligible: Eligible = any_sentence,
        scope: Scope | None = None,
        excluded: Set[SentenceKey] = frozenset(),
    ) -> Ranking:
        """Rank the sentences for a question.

        Args:
            question: The question.
            history: Earlier questions that it may follow up, as one text.
            followup_model: Says how likely it follows them up, 0..1.
            eligible: Says which sentences may be returned. No others are reranked.
            scope: The statements that are searched; all if omitted.
            excluded: Sentences that are not returned.

        Raises:
            ShuttenError: There is no statement in the index.
        """
        self._release_memory()
        for _ in range(TRIES):
            snapshot, query = self.look_up(question)
            if scope is not None and not len(scope.passages(snapshot)):
                raise self._busy()  # these statements were removed meanwhile
            draft = Draft(snapshot, query, scope)
            weight = followup_model(draft.evidence()) if history else 0.0
            if not weight:
                return self._reranked(draft.ranking().without(excluded), question, eligible)
            snapshot_of_history, earlier = self.look_up(history)
            if snapshot_of_history is snapshot:
                ranking = draft.followup_ranking(earlier, weight).without(excluded)
                return self._reranked(ranking, with_history(history, question), eligible)
        raise self._busy()

    def _release_memory(self) -> None:
        """Give back the memory of mapped files now and then, so that it does not grow for ever.

        Else all of a large library would be counted as memory of this program after a while.
        """
        with self._lock:
            self._searches += 1
            if self._opened and self._searches % _SEARCHES_OF_MEMORY == 0:
                self._opened.arrays.release()

    def evidence(self, question: str) -> FollowupEvidence:
        """Return what tells whether a question follows up earlier ones.

        Raises:
            ShuttenError: There is no statement in the index.
        """
        return Draft(*self.look_up(question)).evidence()

    def look_up(self, question: str) -> tuple[Snapshot, Query]:
        """Encode a question and look its words up.

        Returns:
            The committed snapshot, and the question as it is ranked against that snapshot.

        Raises:
            ShuttenError: There is no statement in the index.
        """
        encoded = self.encoded(question)
        with self._lock:
            return self._now(lambda now: (now, self._query(now, question, encoded)))

    def _reranked(self, ranking: Ranking, searched: str, eligible: Eligible) -> Ranking:
        ranking = replace(ranking, searched=searched)
        if eligible is not any_sentence:
            ranking = ranking.only(eligible)
        return rerank(ranking, self._rerank)

    def cards(self, question: str) -> tuple[Snapshot, CardMatches]:
        """Return the committed snapshot, and how a question fits the card of each statement.

        Raises:
            ShuttenError: There is no statement in the index.
        """
        snapshot, query = self.look_up(question)
        return snapshot, match_cards(snapshot, query)

    def snapshot(self) -> Snapshot:
        """Return the committed snapshot.

        Raises:
            ShuttenError: There is no statement in the index.
        """
        with self._lock:
            return self._now(lambda now: now)

    def statements(self) -> Mapping[str, Statement]:
        """Return all statements by id, as they are searched.

        Raises:
            ShuttenError: There is no statement in the index.
        """
        return self.snapshot().statements

    def facts(self) -> Mapping[str, Provenance]:
        """Return the provenance of all statements by id.

        Raises:
            ShuttenError: There is no statement in the index.
        """
        return self.snapshot().facts

    def remark_vector(self, remark: str) -> Floats:
        """Return the vector that tells what kind of remark it is; see `query.remark_vector`."""
        return remark_vector(self.encoded(remark))

    def statement(self, name: str) -> Statement:
        """Return a statement as it is searched.

        Raises:
            ShuttenError: There is no statement of that id.
        """
        return retried(lambda: self._statement(name))

    def _statement(self, name: str) -> Statement:
        with self._lock:
            statement = self._now(lambda now: now.statements.get(name))
        return statement or self._store.statement(name)

    def _now(self, use: Callable[[Snapshot], _T]) -> _T:
        """Call a function with the committed snapshot, within one read transaction.

        The caller holds the lock, so that a generation is loaded only once. It is loaded anew where
        another process merged its segments before they were opened.
        """
        for _ in range(TRIES):
            with self._store.reading():
                generation = self._store.meta("generation") or ""
                if not self._store.has_statements():
                    raise ShuttenError(
                        f"{self._store.name}: no statement is indexed; "
                        "add one with `shutten index add PATH`"
                    )
                try:
                    snapshot = self._load(generation)
                except ChangedMeanwhileError as error:
                    lost = error
                else:
                    return use(snapshot)
            if (self._store.meta("generation") or "") == generation:
                raise lost
        raise self._busy()

    def _busy(self) -> ShuttenError:
        return ShuttenError(f"{self._store.name}: the index keeps changing; try again in a moment")

    def _load(self, generation: str) -> Snapshot:
        if self._opened is None or self._opened.arrays.generation != generation:
            refuse_mixing(self._store, self.fingerprint)
            self._opened = load_snapshot(self._store, generation, self._weights, self._opened)
            self._queries.clear()
        return self._opened

    def _encode_question(self, text: str) -> Encoded:
        (encoded,) = self._encoder.encode([text], "query")
        return encoded

    def _query(self, snapshot: Snapshot, text: str, encoded: Encoded) -> Query:
        """Return a question as it is ranked. The caller holds the lock.

        An answer looks the same text up several times, so the last few are kept. They are not many,
        since each has scores for the whole library.
        """
        if text not in self._queries:
            tokens = centred(encoded.tokens, snapshot.centring)
            words = snapshot.arrays.words.scores(text)
            while len(self._queries) >= _LOOKED_UP:
                del self._queries[next(iter(self._queries))]
            self._queries[text] = Query.of(encoded, tokens, snapshot.background, words)
        return self._queries[text]
