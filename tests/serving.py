"""For tests of a running server: free ports, all ways to ask, and an assistant that waits."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
from gradio_client import Client
from mcp.client import Client as McpClient
from ports import free_port

import ui
from cli.main import main as command_line
from qa.answers.answer import Answer, Quote
from qa.assistant import Assistant
from qa.scope.filters import Filter
from web.server import Options


@contextlib.contextmanager
def served(assistant: Any, **options: Any) -> Iterator[str]:
    """Serve an assistant on a free port, and yield the address of the page.

    Args:
        assistant: The assistant, or another object that answers.
        **options: Fields of `Options`.
    """
    server = ui.start(assistant, Options(**{"port": free_port(), **options}))
    try:
        yield server.local_url
    finally:
        server.close()


def post(address: str, path: str, body: Any, **options: Any) -> httpx.Response:
    """Post a body as JSON, with other options of `httpx.post`, and return the reply."""
    return httpx.post(address + path, json=body, timeout=60, **options)


def call_tool(address: str, name: str, arguments: dict[str, Any]) -> Any:
    """Call a tool for agents with the official MCP client, and return its result."""

    async def call() -> Any:
        async with McpClient(f"{address}mcp") as client:
            return (await client.call_tool(name, arguments)).structured_content

    with ThreadPoolExecutor(1) as thread:  # Playwright runs an event loop in this thread
        return thread.submit(lambda: asyncio.run(call())).result()


def ask_with_client(address: str, question: str, **options: Any) -> dict[str, Any]:
    """Ask with `gradio_client`, with other options of its `Client`, and return the answer."""
    client = Client(address, verbose=False, analytics_enabled=False, **options)
    try:
        answer: dict[str, Any] = json.loads(client.predict(question, [], api_name="/ask"))
    finally:
        client.close()
    return answer


def ask_with_command(home: Path, question: str) -> dict[str, Any]:
    """Ask with the command line, and return the answer that it prints."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        command_line(["ask", question, "--json", "--home", str(home)])
    answer: dict[str, Any] = json.loads(printed.getvalue())
    return answer


def ask_everywhere(address: str, home: Path, question: str) -> list[dict[str, Any]]:
    """Return the answers by REST, by `gradio_client`, by the tool for agents and by the command."""
    return [
        post(address, "ask", {"question": question}).json(),
        ask_with_client(address, question),
        call_tool(address, "ask_statement", {"question": question}),
        ask_with_command(home, question),
    ]


class WaitingAssistant:
    """Answers, and warms up, only while the event `go` is set."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant, self.go = assistant, threading.Event()
        self.home, self.statement = assistant.home, assistant.statement
        self.statement_ids, self.summaries = assistant.statement_ids, assistant.summaries

    def retrieve(self, question: str, k: int = 3, within: Filter = None) -> list[Quote]:
        self.go.wait(30)
        return self._assistant.retrieve(question, k, within)

    def ask(
        self, question: str, history: Sequence[str] = (), k: int = 12, within: Filter = None
    ) -> Answer:
        self.go.wait(30)
        return self._assistant.ask(question, history, k, within)
