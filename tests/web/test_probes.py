"""`/healthz` and `/readyz` tell other programs whether a server is alive and can answer."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest
from milvus_servers import running
from serving import served
from statements import statement_from

from index.building import adding
from index.models.encoder import Encoder
from index.store.local import LocalStore
from index.store.milvus.store import MilvusStore
from qa.assistant import Assistant
from web.gate import Gate
from web.probes import obstacle_of
from web.security.accounts import add


def probe(address: str, name: str, **options: Any) -> tuple[int, dict[str, str]]:
    reply = httpx.get(address + name, timeout=30, **options)
    return reply.status_code, reply.json()


def ready(address: str) -> tuple[int, dict[str, str]]:
    """Return the reply of `/readyz`, once the model was loaded."""
    for _ in range(100):
        reply = probe(address, "readyz")
        if "model" not in reply[1].get("reason", ""):
            return reply
        threading.Event().wait(0.2)
    return reply


def test_a_server_is_alive_and_ready(assistant: Assistant) -> None:
    with served(assistant) as address:
        assert probe(address, "healthz") == (200, {"status": "alive"})
        assert ready(address) == (200, {"status": "ready"})
        assert httpx.head(address + "readyz").status_code == 200
        assert httpx.post(address + "healthz").status_code >= 400


def test_probes_need_no_password_and_no_name(assistant: Assistant, tmp_path: Path) -> None:
    accounts = tmp_path / "who"
    add(accounts, "ann", "a long password of hers")
    with served(assistant, auth_file=accounts) as address:
        assert httpx.get(address).status_code == 401
        other = {"Host": "10.0.0.7:80"}
        assert probe(address, "healthz", headers=other) == (200, {"status": "alive"})
        assert httpx.get(address + "readyz", headers=other).status_code in (200, 503)


def warm() -> Gate:
    gate = Gate()
    gate.warm.set()
    return gate


def test_what_keeps_a_server_from_answering(
    assistant: Assistant, encoder: Encoder, tmp_path: Path
) -> None:
    assert obstacle_of(assistant, warm())() == ""
    assert obstacle_of(assistant, Gate())() == "the model is being loaded"
    gate = warm()
    gate.shut(0)
    assert obstacle_of(assistant, gate)() == "the server is being stopped"
    with contextlib.closing(LocalStore(tmp_path / "empty")) as store:
        empty = Assistant.over(store, encoder)
        assert obstacle_of(empty, warm())() == "there are no statements"


def test_an_outcome_is_remembered_for_a_second(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, gate = [10.0], warm()
    obstacle = obstacle_of(assistant, gate, lambda: now[0])
    assert obstacle() == ""
    gate.shut(0)
    now[0] = 10.9
    assert obstacle() == ""
    now[0] = 11.1
    assert obstacle() == "the server is being stopped"


def test_a_server_without_its_store_is_alive_and_not_ready(
    encoder: Encoder, tmp_path: Path
) -> None:
    with running(tmp_path / "server") as server:
        store = MilvusStore(tmp_path, server.address())
        statement = statement_from("Record\n\n- They build a harbour.\n", "meeting")
        adding.add(store, encoder, [(statement, "file.txt")], progress=False)
        with served(Assistant.over(store, encoder)) as address:
            assert ready(address) == (200, {"status": "ready"})
            server.kill()
            threading.Event().wait(1.1)
            assert probe(address, "healthz") == (200, {"status": "alive"})
            expected = {"status": "not ready", "reason": "the statements cannot be read"}
            assert probe(address, "readyz") == (503, expected)
            server.start()
            threading.Event().wait(1.1)
            assert probe(address, "readyz") == (200, {"status": "ready"})
