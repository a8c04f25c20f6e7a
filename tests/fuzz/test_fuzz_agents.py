"""The tools for agents: any message gets a reply, and any arguments do."""

from __future__ import annotations

from typing import Any

import pytest
from checked_server import BUNDLED, CheckedServer, Request
from fuzzing import Fuzz
from odd import QUESTIONS, OddValues, encoded

pytestmark = pytest.mark.slow

QUOTE = {"text": "両省は、半導体", "statement": BUNDLED, "start": 0, "end": 5}
TOOLS: list[tuple[str, dict[str, Any]]] = [
    ("ask_statement", {"question": QUESTIONS[0], "history": QUESTIONS[1:3]}),
    ("ask_statement", {"question": QUESTIONS[0], "statements": [BUNDLED], "by_name": False}),
    ("search_passages", {"question": QUESTIONS[1], "count": 2}),
    ("get_passage", {"statement": BUNDLED, "passage": "7d052b2ef07a"}),
    ("verify_quote", QUOTE),
    ("verify_quote", {"text": "x", "statement": BUNDLED}),
    ("list_statements", {}),
]
CLIENT = {"protocolVersion": "2025-06-18", "clientInfo": {"name": "x", "version": "1"}}
OTHER_METHODS: list[tuple[str, dict[str, Any]]] = [
    ("initialize", CLIENT | {"capabilities": {}}),
    ("tools/list", {}),
    ("ping", {}),
    ("notifications/cancelled", {"requestId": 1, "reason": "x"}),
    ("resources/read", {"uri": "file:///etc/passwd"}),
    ("completion/complete", {"ref": {"type": "ref/prompt", "name": "x"}}),
]


def message(method: str, parameters: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}


def tool_call(name: str, arguments: Any) -> dict[str, Any]:
    return message("tools/call", {"name": name, "arguments": arguments})


def draw_request(odd: OddValues) -> Request:
    """Draw a call of a tool with odd arguments, or an odd message."""
    name, arguments = odd.choice(TOOLS)
    if odd.random() < 0.7:
        change = odd.mutated if odd.random() < 0.5 else odd.filled
        body = tool_call(name, change(arguments))
        return Request("POST", "mcp", odd.json_bytes(body) if odd.random() < 0.1 else encoded(body))
    others = [message(*other) for other in OTHER_METHODS]
    body = odd.choice([tool_call(name, arguments), *others])
    return Request("POST", "mcp", odd.json_bytes([body] if odd.random() < 0.1 else body))


def test_every_message_gets_a_reply(fuzz: Fuzz, checked_server: CheckedServer) -> None:
    fuzz.run("agents", draw_request, checked_server.send, checked_server.server.process.pid)
    reply = checked_server.send(Request("POST", "mcp", encoded(tool_call(*TOOLS[0]))))
    assert reply.json()["result"]["isError"] is False
