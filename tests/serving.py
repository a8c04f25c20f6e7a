"""What tests of a running server share: ports, ways to ask, and an assistant that waits."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import socket
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
from gradio_client import Client
from mcp.client import Client as McpClient

from cli.main import main as command_line
from qa.answers.answer import Answer, Quote
from qa.assistant import Assistant


def free_port() -> int:
    """One of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def post(address: str, path: str, body: Any, **about: Any) -> httpx.Response:
    return httpx.post(address + path, json=body, timeout=60, **about)


def tool(address: str, name: str, arguments: dict[str, Any]) -> Any:
    """What a tool for agents gives, by the official client."""

    async def call() -> Any:
        async with McpClient(f"{address}mcp") as client:
            return (await client.call_tool(name, arguments)).structured_content

    with ThreadPoolExecutor(1) as thread:  # Playwright has a loop running in this one
        return thread.submit(lambda: asyncio.run(call())).result()


def by_client(address: str, question: str, **about: Any) -> dict[str, Any]:
    """What `gradio_client` gives."""
    client = Client(address, verbose=False, analytics_enabled=False, **about)
    try:
        answer: dict[str, Any] = json.loads(client.predict(question, [], api_name="/ask"))
    finally:
        client.close()
    return answer


def by_command(home: Path, question: str) -> dict[str, Any]:
    """What the command line prints."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        command_line(["ask", question, "--json", "--home", str(home)])
    answer: dict[str, Any] = json.loads(printed.getvalue())
    return answer


def everywhere(address: str, home: Path, question: str) -> list[dict[str, Any]]:
    """A question's answer by REST, by `gradio_client`, by an agent and by the command line."""
    return [
        post(address, "ask", {"question": question}).json(),
        by_client(address, question),
        tool(address, "ask_statement", {"question": question}),
        by_command(home, question),
    ]


class Slow:
    """Answers, and warms up, when `go` is set."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant, self.go = assistant, threading.Event()
        self.home, self.statement = assistant.home, assistant.statement
        self.statement_ids = assistant.statement_ids

    def retrieve(self, question: str, k: int = 3) -> list[Quote]:
        self.go.wait(30)
        return self._assistant.retrieve(question, k)

    def ask(self, question: str, history: Sequence[str] = (), k: int = 12) -> Answer:
        self.go.wait(30)
        return self._assistant.ask(question, history, k)
