"""What a library on a server says when something is wrong with the server."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from milvus_servers import MilvusServer, running
from statements import statement_from

from corpus.errors import ShuttenError
from corpus.records import Statement
from index.building import adding
from index.building.checking import check
from index.models.encoder import Encoder
from index.search.searcher import Searcher
from index.store.milvus import client as clients
from index.store.milvus import schema
from index.store.milvus.address import Address
from index.store.milvus.client import Client
from index.store.milvus.store import MilvusStore
from index.store.values import UnreachableError

pytest_plugins = ["stores"]

QUESTION = "Who builds a harbour?"


def meeting(name: str = "meeting", more: str = "") -> Statement:
    return statement_from(f"Record of a meeting\n\n- They build a harbour.\n{more}", name)


def add(store: MilvusStore, encoder: Encoder, *statements: Statement) -> None:
    pairs = [(statement, "file.txt") for statement in statements]
    adding.add(store, encoder, pairs, progress=False)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MilvusServer]:
    """A server that may be killed."""
    with running(tmp_path / "server") as server:
        yield server


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("localhost:19530/library", "write milvus://HOST:PORT/NAME"),
        ("http://localhost:19530/library", "write milvus://HOST:PORT/NAME"),
        ("milvus://localhost:99999/library", "write milvus://HOST:PORT/NAME"),
        ("milvus:///library", "write milvus://HOST:PORT/NAME"),
        ("milvus://localhost", "write milvus://HOST:PORT/NAME"),
        ("milvus://user:secret@localhost/library", "write milvus://HOST:PORT/NAME"),
        ("milvus://localhost/", "cannot name a library"),
        ("milvus://localhost/1st", "cannot name a library"),
        ("milvus://localhost/共同声明", "cannot name a library"),
        (f"milvus://localhost/{'x' * 201}", "cannot name a library"),
    ],
)
def test_a_wrong_address_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ShuttenError, match=problem):
        Address.parse(text)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("milvus://localhost/library", "http://localhost:19530"),
        ("milvus://10.0.0.7:19630/a_b/", "http://10.0.0.7:19630"),
        ("milvuss://db.example.org:443/Library2", "https://db.example.org:443"),
        ("milvus://[::1]:19530/library", "http://[::1]:19530"),
    ],
)
def test_addresses(text: str, url: str) -> None:
    address = Address.parse(text)
    assert address.url == url
    assert Address.parse(str(address)) == address


def test_a_package_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "find_spec", lambda _: None)
    with pytest.raises(ShuttenError, match=r'pip install "shutten\[milvus\]"'):
        Client(Address("localhost", 19530, "library"))


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # The port is taken, and nothing listens.
        address = Address("127.0.0.1", nobody.getsockname()[1], "library")
        with pytest.raises(UnreachableError, match="start it, or check the address") as raised:
            MilvusStore(tmp_path, address)
    assert len(str(raised.value)) < 400
    assert "\n" not in str(raised.value)


def test_a_server_that_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "_SECONDS", 1.0)
    monkeypatch.setattr(clients, "_PATIENCE", 2.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = Address("127.0.0.1", silent.getsockname()[1], "library")
        begun = time.monotonic()
        with pytest.raises(UnreachableError, match="does not answer"):
            MilvusStore(tmp_path, address)
        assert time.monotonic() - begun < 30


def test_a_restart_is_bridged(server: MilvusServer, encoder: Encoder, tmp_path: Path) -> None:
    store = MilvusStore(tmp_path, server.address())
    add(store, encoder, meeting())
    searcher = Searcher(store, encoder)
    before = [hit.score for hit in searcher.search(QUESTION).hits]
    server.kill()
    server.start()
    assert [hit.score for hit in searcher.search(QUESTION).hits] == before
    server.kill()
    for _ in range(3):  # A connection that failed often would wait long before it looks again.
        with pytest.raises(UnreachableError):
            searcher.search("What else?")
    server.start()
    assert searcher.search("What else?").hits


def test_a_full_disk_at_the_server(server: MilvusServer, encoder: Encoder, tmp_path: Path) -> None:
    address = server.address()
    with contextlib.closing(MilvusStore(tmp_path, address)) as store:
        add(store, encoder, meeting())
    server.stop()
    server.start(most_bytes=20_000)
    long = meeting("long", "".join(f"- They plant tree {number}.\n" for number in range(200)))
    with contextlib.closing(MilvusStore(tmp_path, address)) as store:
        with pytest.raises(ShuttenError, match=r"Milvus says|does not answer") as raised:
            add(store, encoder, long)
        assert "\n" not in str(raised.value)
    server.stop()
    server.start()
    with contextlib.closing(MilvusStore(tmp_path, address)) as store:
        assert store.statement_ids() == ["meeting"]
        assert check(store) == []
        add(store, encoder, long)
        assert store.statement("long") == long
        assert check(store) == []


def test_collections_of_another_program(milvus: MilvusServer, tmp_path: Path) -> None:
    from pymilvus import DataType

    address = milvus.address()
    client = Client(address)
    fields = [
        {"field_name": "id", "datatype": DataType.INT64, "is_primary": True},
        {"field_name": "vector", "datatype": DataType.FLOAT_VECTOR, "dim": 4},
    ]
    index = {"field_name": "vector", "index_type": "FLAT", "metric_type": "IP"}
    names = schema.Collections.of(address.collection)
    client.create(names.rows, fields, [index])
    with pytest.raises(ShuttenError, match="is none of Shutten; choose another name"):
        MilvusStore(tmp_path, address)
    client.drop(names.rows)


def test_a_library_of_another_version(
    milvus: MilvusServer, encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = milvus.address()
    store = MilvusStore(tmp_path, address)
    add(store, encoder, meeting())
    own = schema.VERSION
    monkeypatch.setattr(schema, "VERSION", "newer")
    with pytest.raises(ShuttenError, match=f"store version {own}, this one reads newer"):
        MilvusStore(tmp_path, address)
    store.drop()


def test_vectors_of_another_length(milvus: MilvusServer, encoder: Encoder, tmp_path: Path) -> None:
    address = milvus.address()
    store = MilvusStore(tmp_path, address)
    schema.create(Client(address), schema.Collections.of(address.collection), 12, words=True)
    with pytest.raises(ShuttenError, match="its vectors have 12 numbers"):
        add(store, encoder, meeting())
    store.drop()


def test_rows_that_belong_to_nothing_are_deleted(
    milvus: MilvusServer, encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = milvus.address()
    names = schema.Collections.of(address.collection)
    store, client = MilvusStore(tmp_path, address), Client(address)
    add(store, encoder, meeting())
    add(store, encoder, meeting(more="- They plant trees.\n"))
    passages = len(store.statement("meeting").passages)
    assert client.count(names.passages) > passages  # those of the text before are still there
    monkeypatch.setattr("index.store.milvus.store._ABANDONED", 0)
    store.tidy()
    assert client.count(names.passages) == passages
    assert client.count(names.rows, 'kind == "pending"') == 0
    assert store.statement("meeting") == meeting(more="- They plant trees.\n")
    assert check(store) == []
    store.drop()
