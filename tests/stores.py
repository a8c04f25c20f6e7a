"""Every store, for tests that run over all of them.

PYTEST_DONT_REWRITE: test files import this module and name it in `pytest_plugins`, and pytest warns
when it would rewrite a module that is imported already.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from milvus_servers import MilvusServer, drop
from milvus_servers import full_milvus as full_milvus
from milvus_servers import milvus as milvus

from index.store.base import Store
from index.store.local import LocalStore
from index.store.milvus.store import MilvusStore

MakeStore = Callable[[], Store]


# The names of the fixtures that start a server. Tests of all stores run once with each.
SERVERS = ["milvus", pytest.param("full_milvus", marks=pytest.mark.full_milvus)]


@pytest.fixture(params=["local", *SERVERS])
def make_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeStore]:
    """Opens an empty store, and the same one again when it is called again."""
    with contextlib.ExitStack() as stack:
        if request.param != "local":
            server: MilvusServer = request.getfixturevalue(request.param)
            address = server.address()
            stack.callback(drop, address)

            def make() -> Store:
                return stack.enter_context(contextlib.closing(MilvusStore(tmp_path, address)))

        else:

            def make() -> Store:
                return stack.enter_context(contextlib.closing(LocalStore(tmp_path / "data")))

        yield make


@pytest.fixture
def store(make_store: MakeStore) -> Store:
    return make_store()
