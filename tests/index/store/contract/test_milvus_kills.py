"""The server is killed while statements are added. Each is there wholly or not at all."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from pathlib import Path

import pytest
from milvus_servers import MilvusServer, running
from statements import statement_from

from corpus.errors import ShuttenError
from corpus.records import Statement
from index.building import adding
from index.building.checking import check
from index.store.milvus.address import Address
from index.store.milvus.store import MilvusStore
from training.ablation import CachingEncoder

pytestmark = pytest.mark.slow
pytest_plugins = ["command_line"]

KILLS = 20
TOWNS = ("港", "橋", "駅")


def versions(number: int) -> list[Statement]:
    places = "".join(f"- 第{number}号の{place}を建てる。\n" for place in ("学校", "駅", "病院"))
    return [
        statement_from(f"{town}の記録\n\n- {town}を整備する。\n{places}", f"town-{town}")
        for town in TOWNS
    ]


class Writer(threading.Thread):
    """Adds statements, and notes the error that ends it."""

    def __init__(
        self, home: Path, address: Address, encoder: CachingEncoder, new: list[Statement]
    ) -> None:
        super().__init__()
        self._home, self._address, self._encoder, self._new = home, address, encoder, new
        self.error = ""

    def run(self) -> None:
        try:
            with contextlib.closing(MilvusStore(self._home, self._address)) as store:
                pairs = [(statement, "file.txt") for statement in self._new]
                adding.add(store, self._encoder, pairs, progress=False)
        except ShuttenError as error:
            self.error = str(error)


def kill_while_adding(server: MilvusServer, writer: Writer, after: float, *, back: bool) -> None:
    """Kill the server and start it again: while the writer still tries, or when it gave up."""
    writer.start()
    time.sleep(after)
    server.kill()
    if not back:
        writer.join()
    server.start()
    writer.join()


def test_20_kills(caching_encoder: CachingEncoder, tmp_path: Path) -> None:
    moments = random.Random(1)
    errors: list[str] = []
    with running(tmp_path / "server") as server:
        address = server.address()
        Writer(tmp_path, address, caching_encoder, versions(0)).run()
        stored = versions(0)
        for number in range(1, KILLS + 1):
            new = versions(number)
            writer = Writer(tmp_path, address, caching_encoder, new)
            kill_while_adding(server, writer, moments.uniform(0, 0.4), back=bool(number % 2))
            errors.append(writer.error)
            with contextlib.closing(MilvusStore(tmp_path, address)) as store:
                assert check(store) == []
                found = [store.statement(statement.id) for statement in new]
            for now, *either in zip(found, stored, new, strict=True):
                assert now in either
            stored = found
        Writer(tmp_path, address, caching_encoder, versions(99)).run()
        with contextlib.closing(MilvusStore(tmp_path, address)) as store:
            assert [store.statement(name) for name in store.statement_ids()] == sorted(
                versions(99), key=lambda statement: statement.id
            )
    assert [error for error in errors if error and "does not answer" not in error] == []
    assert any(errors)  # some writers were cut off
    assert not all(errors)  # and some went on with the server that was back
