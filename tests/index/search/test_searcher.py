"""One search does each piece of work once, and builds only the hits that are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from index.late_interaction.maxsim import max_sim_tokens
from index.models.encoder import Encoded, Encoder, Role
from index.search import candidates, searcher
from index.search.candidates import Candidates, TokenSimilarities, propose
from index.search.draft import Draft
from index.search.ranking import Ranking
from index.search.searcher import Searcher
from index.store.local import LocalStore

HISTORY, QUESTION = "サイバーセキュリティのミッションについて教えて", "それはいつ開催されますか"


class CountingEncoder:
    """A model that notes what it encodes."""

    def __init__(self, model: Encoder) -> None:
        self.model, self.encoded = model, list[str]()
        self.trained, self.reranker = model.trained, model.reranker
        self.fingerprint, self.rerank = model.fingerprint, model.rerank

    def encode(self, texts: Sequence[str], role: Role) -> Iterator[Encoded]:
        if role == "query" and len(texts) == 1:  # the background questions come together
            self.encoded += texts
        return self.model.encode(texts, role)


@pytest.fixture
def counting(home: Path, encoder: Encoder) -> tuple[Searcher, CountingEncoder]:
    counted = CountingEncoder(encoder)
    return Searcher(LocalStore(home), counted), counted


def test_a_follow_up_is_encoded_compared_and_sorted_once(
    counting: tuple[Searcher, CountingEncoder], monkeypatch: pytest.MonkeyPatch
) -> None:
    search, model = counting
    drafts, compared = list[Draft](), list[int]()

    class CountingDraft(Draft):
        def __init__(self, *given: object) -> None:
            drafts.append(self)
            super().__init__(*given)  # type: ignore[arg-type]

    def counted(query: object, units: object, rows: Sequence[int]) -> object:
        compared.extend(rows)
        return max_sim_tokens(query, units, rows)  # type: ignore[arg-type]

    monkeypatch.setattr(searcher, "Draft", CountingDraft)
    monkeypatch.setattr(candidates, "max_sim_tokens", counted)
    ranking = search.search(QUESTION, HISTORY)
    assert ranking.followup_weight == 1
    assert ranking.searched == f"{HISTORY} {QUESTION}"
    assert model.encoded == [QUESTION, HISTORY]
    assert len(drafts) == 1
    # Each sentence is compared with the question once and with the earlier question once.
    assert len(compared) == 2 * len(ranking.scores)


def test_earlier_questions_that_do_not_count_are_not_encoded(
    counting: tuple[Searcher, CountingEncoder],
) -> None:
    search, model = counting
    ranking = search.search(QUESTION, HISTORY, lambda _: 0.0)
    assert (ranking.searched, model.encoded) == (QUESTION, [QUESTION])


def test_only_the_hits_that_are_looked_at_are_built(
    counting: tuple[Searcher, CountingEncoder], monkeypatch: pytest.MonkeyPatch
) -> None:
    search, _ = counting
    built = list[int]()
    build = Ranking.hit

    def counted(self: Ranking, place: int) -> object:
        built.append(place)
        return build(self, place)

    monkeypatch.setattr(Ranking, "hit", counted)
    ranking = search.search("半導体")
    assert built == []
    first, last = ranking.hits[0], ranking.hits[-1]
    assert built == [0, len(ranking.scores) - 1]
    assert first.score > last.score
    assert [hit.span for hit in ranking.hits[:2]] == [ranking.hit(0).span, ranking.hit(1).span]


def test_candidates_that_are_added_later_are_compared_alike(
    counting: tuple[Searcher, CountingEncoder],
) -> None:
    snapshot, query = counting[0].look_up("量子コンピュータ")
    every = propose(snapshot, query)
    some, others = every[::3], np.setdiff1d(every, every[::3])
    whole = TokenSimilarities.of(snapshot, query, Candidates.of(snapshot, every))
    part = TokenSimilarities.of(snapshot, query, Candidates.of(snapshot, some))
    both = part.extended(others)
    assert np.array_equal(both.candidates.sentences, whole.candidates.sentences)
    assert np.allclose(both.sentences, whole.sentences, atol=1e-6)
    assert np.allclose(both.passages, whole.passages, atol=1e-6)


def test_only_eligible_sentences_stay(counting: tuple[Searcher, CountingEncoder]) -> None:
    search, _ = counting
    whole = search.search("半導体")
    first = whole.hits[0]
    rest = search.search("半導体", eligible=lambda location: location.span != first.span)
    assert whole.complete
    assert not rest.complete
    assert {hit.span for hit in whole.hits} - {hit.span for hit in rest.hits} == {first.span}
