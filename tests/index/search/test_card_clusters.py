"""Cards that are known by the clusters of their tokens."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.library import load_statement
from index.building import adding
from index.building.checking import check
from index.models.encoder import Encoder, unit_rows
from index.search import cards
from index.search.card_clusters import CardClusters
from index.search.cards import match_cards
from index.search.searcher import Searcher
from index.store.local import LocalStore
from index.store.search_arrays import ClusteredCards
from index.store.vectors import clusters

NAMES = ("Rojas and Valdivia", "Okafor and Mbeki", "Lindqvist and Aalto", "Tanaka and Suzuki")


def unit_vectors(count: int, seed: int) -> np.ndarray:
    return unit_rows(np.random.default_rng(seed).normal(size=(count, 8)))


@settings(deadline=None)
@given(
    st.integers(0, 99), st.lists(st.lists(st.integers(0, 4), max_size=6), min_size=1, max_size=8)
)
def test_the_estimate_is_that_of_the_nearest_centre(seed: int, drawn: list[list[int]]) -> None:
    """Cards without tokens in a cluster are known as such."""
    centres, tokens = unit_vectors(5, seed), unit_vectors(3, seed + 1)
    counts = list(map(len, drawn))
    part = ClusteredCards(
        centres,
        np.array([cluster for own in drawn for cluster in own], np.uint16),
        np.repeat(np.arange(len(drawn)), counts),
    )
    places = np.random.default_rng(seed).permutation(len(drawn))
    found = CardClusters.of([part], places)
    estimate = found.cosines(tokens, 0.1, -2.0)
    for card, own in enumerate(drawn):
        cosines = (centres[own] @ tokens.T) if own else np.zeros((0, 3))
        near = np.where(cosines >= 0.1, cosines, -2.0)
        expected = near.max(axis=0, initial=-2.0)
        assert np.allclose(estimate[places[card]], expected, atol=1e-6)
    assert found.without.tolist() == sorted(
        places[card] for card, own in enumerate(drawn) if not own
    )


def test_two_parts_have_clusters_of_their_own() -> None:
    centres = np.eye(2, 8, dtype=np.float32)
    parts = [
        ClusteredCards(centres, np.array([0, 1], np.uint16), np.array([0, 1])),
        ClusteredCards(-centres, np.array([1], np.uint16), np.array([3])),
    ]
    found = CardClusters.of(parts, np.arange(4))
    asked = np.array([[-0.1, -0.9, 0, 0, 0, 0, 0, 0]], np.float32)
    assert found.cosines(asked, 0.5, 0.0)[:, 0].tolist() == pytest.approx([0, 0, 0, 0.9])
    assert found.without.tolist() == [2]


def test_a_library_without_clusters_has_none() -> None:
    found = CardClusters.of([], np.array([1, 0]))
    assert not len(found.centres)
    assert found.without.tolist() == [0, 1]


@pytest.mark.parametrize("merged", [False, True])
def test_the_statement_that_is_named_is_found_by_clusters(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch, merged: bool
) -> None:
    """Only one card of each kind is compared token by token."""
    monkeypatch.setattr(clusters, "FEWEST_TOKENS", 20)
    monkeypatch.setattr(cards, "_COMPARED", 1)
    store = LocalStore(tmp_path / "data")
    for number, names in enumerate(NAMES):
        file = tmp_path / f"{number}.md"
        file.write_text(f"Statement of Presidents {names}\n\nThey spoke of hospitals.\n", "utf-8")
        adding.add(store, encoder, [(load_statement(file), str(file))])
    if not merged:
        adding.remove(store, "1")
    searcher = Searcher(store, encoder)
    for number, names in enumerate(NAMES):
        if number == 1 and not merged:
            continue
        snapshot, query = searcher.look_up(f"What did {names} say of nurses?")
        assert len(snapshot.card_clusters.centres)
        naming = match_cards(snapshot, query).naming
        assert snapshot.statements.ids[int(naming.argmax())] == str(number)
    assert check(store) == []
    store.close()
