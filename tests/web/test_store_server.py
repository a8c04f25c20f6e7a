"""The server with the statements fails while the chat runs: clients are told, and it recovers."""

from __future__ import annotations

import contextlib
from pathlib import Path

import httpx
from milvus_servers import MilvusServer, running
from serving import post, served
from statements import statement_from

from index.building import adding
from index.models.encoder import Encoder
from index.store.milvus.store import MilvusStore
from qa.assistant import Assistant


def ask(address: str, question: str) -> httpx.Response:
    return post(address, "ask", {"question": question})


def fill(server: MilvusServer, home: Path, encoder: Encoder) -> MilvusStore:
    store = MilvusStore(home, server.address())
    statement = statement_from("Record\n\n- They build a harbour at Otaru.\n", "meeting")
    adding.add(store, encoder, [(statement, "file.txt")], progress=False)
    return store


def test_clients_are_told_and_the_chat_recovers(encoder: Encoder, tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(running(tmp_path / "server"))
        store = fill(server, tmp_path, encoder)
        address = stack.enter_context(served(Assistant.over(store, encoder)))
        assert "Otaru" in ask(address, "Where do they build a harbour?").text
        server.kill()
        reply = ask(address, "Where is the harbour?")
        assert reply.status_code == 503
        assert "does not answer at the moment" in reply.text
        assert "milvus" not in reply.text.lower()
        server.start()
        assert "Otaru" in ask(address, "Where is the harbour?").text
