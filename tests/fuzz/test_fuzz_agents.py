"""Tools for agents: JSON-RPC of any kind, and tools with any arguments."""

from __future__ import annotations

from typing import Any

import pytest
from doors import BUNDLED, Door, Request
from fuzzing import Fuzz
from odd import QUESTIONS, Odd, encoded

pytestmark = pytest.mark.slow


QUOTE = {"text": "両省は、半導体", "statement": BUNDLED, "start": 0, "end": 5}
TOOLS: list[tuple[str, dict[str, Any]]] = [
    ("ask_statement", {"question": QUESTIONS[0], "history": QUESTIONS[1:3]}),
    ("search_passages", {"question": QUESTIONS[1], "count": 2}),
    ("get_passage", {"statement": BUNDLED, "passage": "7d052b2ef07a"}),
    ("verify_quote", QUOTE),
    ("verify_quote", {"text": "x", "statement": BUNDLED}),
    ("list_statements", {}),
]
VERSION = {"protocolVersion": "2025-06-18", "capabilities": {}}
OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("initialize", VERSION | {"clientInfo": {"name": "x", "version": "1"}}),
    ("tools/list", {}),
    ("ping", {}),
    ("notifications/cancelled", {"requestId": 1, "reason": "x"}),
    ("resources/read", {"uri": "file:///etc/passwd"}),
    ("completion/complete", {"ref": {"type": "ref/prompt", "name": "x"}}),
]


def called(name: str, arguments: Any) -> dict[str, Any]:
    return {"name": name, "arguments": arguments}


def drawn(odd: Odd) -> Request:
    """A tool with odd arguments mostly; or a message that is odd as a whole."""
    name, arguments = odd.choice(TOOLS)
    if odd.random() < 0.7:
        given = odd.mutated(arguments) if odd.random() < 0.5 else odd.filled(arguments)
        body = message("tools/call", called(name, given))
        return Request("POST", "mcp", odd.json_bytes(body) if odd.random() < 0.1 else encoded(body))
    methods = [("tools/call", called(name, arguments)), *OTHERS]
    body = message(*odd.choice(methods))
    return Request("POST", "mcp", odd.json_bytes([body] if odd.random() < 0.1 else body))


def message(method: str, about: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": about}


def test_every_message_gets_a_reply(fuzz: Fuzz, door: Door) -> None:
    fuzz.run("agents", drawn, door.send, door.server.process.pid)
    good = encoded(message("tools/call", called(*TOOLS[0])))
    assert door.send(Request("POST", "mcp", good)).json()["result"]["isError"] is False
