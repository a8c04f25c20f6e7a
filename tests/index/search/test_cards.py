"""The card of a statement takes the words that name it out of a question."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from corpus.library import load_statement
from index.building import adding
from index.models.encoder import Encoder
from index.search.cards import match_cards, naming_share
from index.search.query import Query
from index.search.scope import MOST_NAMED, Scope
from index.search.searcher import Searcher
from index.search.snapshot import Snapshot
from index.store.local import LocalStore

FILES = {
    "chile": "# U.S.-Chile Joint Statement\n\nPresidents Rojas and Hale met in Valdivia.\n",
    "samoa": "# U.S.-Samoa Joint Statement\n\nPresident Hale met Prime Minister Tavita in Apia.\n",
}
BODY = "\nThey will test new sea cables. They will train nurses.\n"
QUESTION = "What did Hale and Rojas agree on nurses in Valdivia?"


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Searcher]:
    folder: Path = tmp_path_factory.mktemp("cards")
    for name, opening in FILES.items():
        (folder / f"{name}.md").write_text(opening + BODY, "utf-8")
    store = LocalStore(folder / "data")
    statements = [load_statement(folder / f"{name}.md") for name in FILES]
    adding.add(store, encoder, [(statement, statement.id) for statement in statements])
    yield Searcher(store, encoder)
    store.close()


@pytest.fixture(scope="module")
def asked(searcher: Searcher) -> tuple[Snapshot, Query]:
    return searcher.look_up(QUESTION)


def test_a_share_lies_between_nothing_and_everything() -> None:
    share = naming_share(np.float32([-1, 0.45, 0.65, 0.85, 1]))
    assert share == pytest.approx([0, 0, 0.5, 1, 1], abs=1e-6)


def test_names_that_only_one_card_has_name_its_statement(asked: tuple[Snapshot, Query]) -> None:
    cards, places = match_cards(*asked), asked[0].statements.places
    chile, samoa = places["chile"], places["samoa"]
    assert cards.naming[chile] > cards.naming[samoa] >= 0
    assert cards.similarity[chile] > cards.similarity[samoa]


def test_what_names_the_statement_no_longer_counts(
    searcher: Searcher, asked: tuple[Snapshot, Query]
) -> None:
    snapshot, query = asked
    scoped = Scope.equally(["chile"]).without_naming(snapshot, query)
    before, after = query.query_weights.retrieval, scoped.query_weights.retrieval
    assert after.sum() == pytest.approx(before.sum(), abs=1e-4)
    assert (after >= 0).all()
    spans = searcher.encoded(QUESTION).spans

    def gain_of(word: str) -> float:
        """How many times the weight of a word grows."""
        start = QUESTION.index(word)
        inside = (spans[:, 0] < start + len(word)) & (spans[:, 1] > start)
        return float(after[inside].sum() / before[inside].sum())

    assert gain_of("nurses") > 1 > gain_of("Rojas")
    assert gain_of("nurses") > gain_of("Valdivia")


def test_a_question_that_names_no_statement_stays_as_it_is(asked: tuple[Snapshot, Query]) -> None:
    snapshot, query = asked
    assert np.array_equal(
        Scope({"chile": 0.0}).without_naming(snapshot, query).query_weights.retrieval,
        query.query_weights.retrieval,
    )


def test_a_question_that_only_names_the_statement_keeps_its_weights(searcher: Searcher) -> None:
    snapshot, query = searcher.look_up("Rojas Valdivia")
    weights = Scope.equally(["chile"]).without_naming(snapshot, query).query_weights
    assert weights.retrieval.sum() == pytest.approx(query.query_weights.retrieval.sum(), abs=1e-4)


def test_many_statements_are_not_named_one_by_one() -> None:
    names = [f"s{number}" for number in range(MOST_NAMED + 1)]
    assert Scope.equally(names[1:]).named == tuple(names[1:])
    assert Scope.equally(names).named == ()
    assert Scope.equally(names).priors == dict.fromkeys(names, 0.0)
