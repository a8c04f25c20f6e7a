"""Libraries are copied from a data folder to a server and back."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from libraries import IDS, make_library
from milvus_servers import MilvusServer, drop
from statements import statement_from

from corpus.errors import ShuttenError
from index.building import adding
from index.building.checking import check
from index.building.copying import copy
from index.models.encoder import Encoder
from index.search.searcher import Searcher
from index.store.base import Store
from index.store.local import LocalStore
from index.store.milvus.store import MilvusStore
from index.store.values import NewStatement

pytest_plugins = ["stores"]

QUESTION = "What was agreed on harbours and hydrogen?"


@pytest.fixture(scope="module")
def library(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_library(tmp_path_factory.mktemp("library"), encoder)


@pytest.fixture
def source(library: Path) -> Iterator[LocalStore]:
    with contextlib.closing(LocalStore(library)) as store:
        yield store


@pytest.fixture
def target(milvus: MilvusServer, tmp_path: Path) -> Iterator[MilvusStore]:
    address = milvus.address()
    with contextlib.closing(MilvusStore(tmp_path, address)) as store:
        yield store
    drop(address)


def ranked(store: Store, encoder: Encoder) -> list[tuple[str, int, float]]:
    hits = Searcher(store, encoder).search(QUESTION).hits
    return [(hit.statement.id, hit.span.start, hit.score) for hit in hits]


def test_there_and_back(
    source: LocalStore, target: MilvusStore, encoder: Encoder, tmp_path: Path
) -> None:
    seen: list[str] = []
    assert copy(source, target, seen.append) == len(IDS)
    assert sorted(seen) == sorted(IDS) == target.statement_ids()
    with contextlib.closing(LocalStore(tmp_path / "back")) as back:
        assert copy(target, back) == len(IDS)
        for store in (target, back):
            assert check(store) == []
            assert [store.statement(name) for name in IDS] == [source.statement(n) for n in IDS]
            assert store.origins() == source.origins()
            assert ranked(store, encoder) == ranked(source, encoder)


def test_a_copy_that_was_cut_off_goes_on(
    source: LocalStore, target: MilvusStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(name: str) -> None:
        if len(target.statement_ids()) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy(source, target, stop)
    assert len(target.statement_ids()) == 4
    assert check(target) == []
    put: list[NewStatement] = []
    whole = target.put
    monkeypatch.setattr(target, "put", lambda new: (put.extend(new), whole(new)))
    assert copy(source, target) == len(IDS)
    assert len(put) == len(IDS) - 4
    assert target.statement_ids() == sorted(IDS)


def test_other_statements_of_the_target_stay(
    source: LocalStore, target: MilvusStore, encoder: Encoder
) -> None:
    other = statement_from("Record\n\n- They build a harbour.\n", "other")
    adding.add(target, encoder, [(other, "other.txt")], progress=False)
    copy(source, target)
    assert target.statement_ids() == sorted([*IDS, "other"])


def test_an_empty_library_and_another_model_are_refused(
    source: LocalStore, target: MilvusStore, encoder: Encoder
) -> None:
    with pytest.raises(ShuttenError, match="no statement to copy"):
        copy(target, source)
    adding.add(target, encoder, [(statement_from("- They met.\n"), "town.txt")], progress=False)
    with target.writing():
        target.set_meta("fingerprint", "another")
    with pytest.raises(ShuttenError, match="made with another"):
        copy(source, target)


def test_a_copy_that_differs_is_named(
    source: LocalStore, target: MilvusStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(source, target)
    whole = target.stored

    def damaged(name: str) -> NewStatement:
        stored = whole(name)
        codes = stored.passages[0].tokens.codes
        object.__setattr__(stored.passages[0].tokens, "codes", np.bitwise_xor(codes, 1))
        return stored

    monkeypatch.setattr(target, "stored", damaged)
    with pytest.raises(ShuttenError, match=r"differs from .* in its vectors"):
        copy(source, target)
