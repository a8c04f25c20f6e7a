"""A server gives the same answers as a data folder: quotes, order and confidence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from libraries import PATHS
from milvus_servers import MilvusServer, drop
from stores import SERVERS

from corpus.library import QUESTIONS, bundled_paths, load_statement
from index.building import adding
from index.store.base import Store
from index.store.local import LocalStore
from index.store.milvus.store import MilvusStore
from qa.answers.answer import Answer
from qa.assistant import Assistant
from training.ablation import CachingEncoder

pytestmark = pytest.mark.slow
pytest_plugins = ["stores", "command_line"]

ASKED = 200


def questions() -> list[str]:
    """Questions of the split that may be looked at: of the statement and of the library."""
    asked: list[str] = []
    for name in ("jucip-2023.jsonl", "library-named.jsonl"):
        lines = (QUESTIONS / name).read_text("utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        asked += [row["question"] for row in rows if row["split"] == "dev"][: ASKED - 40]
    return asked[:ASKED]


def essence(answer: Answer) -> tuple[object, ...]:
    quotes = [(quote.statement, quote.start, quote.end, quote.text) for quote in answer.quotes]
    nearest = [(quote.statement, quote.start, quote.end) for quote in answer.nearest]
    return answer.status, quotes, nearest, round(answer.confidence, 4), answer.scope


@pytest.mark.parametrize("server", SERVERS)
def test_the_same_answers_to_200_questions(
    server: str, request: pytest.FixtureRequest, caching_encoder: CachingEncoder, tmp_path: Path
) -> None:
    milvus: MilvusServer = request.getfixturevalue(server)
    address = milvus.address()
    pairs = [(load_statement(path), str(path)) for path in (*bundled_paths(), *PATHS)]
    stores: list[Store] = [
        LocalStore(tmp_path / "data"),
        MilvusStore(tmp_path, address),
    ]
    for store in stores:
        adding.add(store, caching_encoder, pairs, progress=False)
    local, remote = (Assistant.over(store, caching_encoder) for store in stores)
    asked = questions()
    assert len(asked) == ASKED
    different = [
        question
        for question in asked
        if essence(local.ask(question)) != essence(remote.ask(question))
    ]
    assert different == []
    history = asked[:2]
    follow_up = "And what about the others?"
    assert essence(local.ask(follow_up, history)) == essence(remote.ask(follow_up, history))
    drop(address)
