"""Errors of the server are reported to clients without any path of the server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from mcp.client import Client as McpClient
from serving import post, served

import ui
from corpus.errors import ShuttenError
from index.models.catalogue import cache_folder
from qa.assistant import Assistant
from qa.feedback import Feedback
from web.errors import for_client

BUNDLED = "jucip-2023-05-26.ja"
QUOTE = {"text": "x", "start": 0, "end": 1, "statement": BUNDLED}
TOOLS = {
    "ask_statement": {"question": "q"},
    "search_passages": {"question": "q"},
    "get_passage": {"statement": BUNDLED, "passage": "x"},
    "verify_quote": {"statement": BUNDLED, "text": "x"},
    "list_statements": {},
}
EVENTS = [
    (0, ["q", [], None]),
    (4, [[{"question": "q"}], None]),
    (11, [[], None]),
    (15, [[], None]),
]


@pytest.fixture(scope="module")
def private_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("secret") / "place"


@pytest.fixture(scope="module")
def address(private_home: Path) -> Iterator[str]:
    with served(Assistant.open(private_home), mcp=True) as address:
        yield address


def http_replies(address: str) -> Iterator[tuple[str, httpx.Response]]:
    """Yield each path and its reply."""
    for path, body in (
        ("ask", {"question": "q"}),
        ("retrieve", {"question": "q"}),
        ("verify", {"quotes": [QUOTE], "nearest": []}),
        ("feedback", {"kind": "good", "question": "q"}),
    ):
        yield path, post(address, path, body)
    for path in ("statements", f"statement?id={BUNDLED}"):
        yield path, httpx.get(address + path, timeout=60)


def gradio_replies(address: str) -> Iterator[str]:
    """Yield the events of each function of the page."""
    event = post(address, "gradio_api/call/ask", {"data": ["q", []]}).json()["event_id"]
    yield httpx.get(f"{address}gradio_api/call/ask/{event}", timeout=60).text
    for number, data in EVENTS:
        body = {"data": data, "fn_index": number, "session_hash": f"s{number}"}
        assert post(address, "gradio_api/queue/join", body).status_code == 200
        query = {"session_hash": f"s{number}"}
        yield httpx.get(f"{address}gradio_api/queue/data", params=query, timeout=60).text


def tool_replies(address: str) -> list[str]:
    """Return the reply of each tool for agents."""

    async def call() -> list[str]:
        async with McpClient(f"{address}mcp") as client:
            return [str((await client.call_tool(name, TOOLS[name])).content) for name in TOOLS]

    return asyncio.run(call())


def break_assistant(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Make everything that the interfaces call raise an error."""

    def fail(*_: object, **__: object) -> None:
        raise error

    for name in ("ask", "retrieve", "statement", "statement_ids", "summaries"):
        monkeypatch.setattr(Assistant, name, fail)
    monkeypatch.setattr(Feedback, "add", fail)


@pytest.mark.parametrize("kind", [ShuttenError, OSError, RuntimeError])
def test_no_interface_names_the_data_folder(
    address: str, private_home: Path, kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    break_assistant(monkeypatch, kind(f"{private_home}/shutten.db: cannot be read"))
    for path, reply in http_replies(address):
        assert reply.status_code == 500, path
        assert list(reply.json()) == ["error"]
        assert reply.json()["error"].startswith("the server ")
        assert "secret" not in reply.text
    assert "secret" not in "".join(gradio_replies(address))
    replies = tool_replies(address)
    assert len(replies) == len(TOOLS)
    assert "secret" not in "".join(replies)


def test_a_damaged_data_folder_is_not_named(address: str, private_home: Path) -> None:
    for file in private_home.iterdir():
        if file.is_file():
            file.write_bytes(b"damaged" * 1000)
    for path, reply in http_replies(address):
        if path != "feedback":  # its own file is made only now
            assert (reply.status_code, list(reply.json())) == (500, ["error"])
        assert "secret" not in reply.text
    assert "secret" not in "".join(gradio_replies(address))
    assert "secret" not in "".join(tool_replies(address))
    for path in ("", "config", "gradio_api/info"):
        assert "secret" not in httpx.get(address + path).text


@pytest.mark.parametrize("folder", [str(cache_folder()), str(Path(ui.__file__).parent)])
def test_folders_of_the_program_are_not_named(
    tmp_path: Path, folder: str, capfd: pytest.CaptureFixture[str]
) -> None:
    error = ShuttenError(f"{folder}/models/x: its sha256 differs from what was built")
    line, is_server_fault = for_client(error, tmp_path)
    assert is_server_fault
    assert folder not in line
    for _ in range(100):
        for_client(error, tmp_path)
    written = capfd.readouterr().err
    assert folder in written
    assert len(written) < 10 * len(f"shutten: {error}\n")  # not a line for each request


def test_a_mistake_of_the_client_is_reported_as_it_is(tmp_path: Path) -> None:
    error = ShuttenError("there is no statement '/etc/passwd'")
    assert for_client(error, tmp_path) == (str(error), False)
