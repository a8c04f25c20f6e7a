"""Plain HTTP: a body, a header or an address of any kind gets a reply in one line."""

from __future__ import annotations

from typing import Any

import pytest
from doors import BUNDLED, Door, Request, quoted
from fuzzing import Fuzz
from odd import QUESTIONS, Odd

pytestmark = pytest.mark.slow

HEADERS = (
    *("Accept", "Accept-Encoding", "Accept-Language", "Content-Type", "Cookie", "Expect"),
    *("Authorization", "Host", "If-None-Match", "Origin", "Range", "Referer", "User-Agent"),
    *("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP"),
    *("X-Forwarded-Prefix", "X-Gradio-User", "Mcp-Session-Id", "MCP-Protocol-Version"),
)

METHODS = ["POST"] * 12 + ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "X"]
SPAN = [BUNDLED, 0, 5]
GOOD: dict[str, list[Any]] = {
    "ask": [
        {"question": QUESTIONS[1], "history": [], "k": 3},
        {"question": QUESTIONS[4], "history": QUESTIONS[:2]},
    ],
    "retrieve": [{"question": QUESTIONS[0], "k": 2}],
    "feedback": [
        {"kind": "good", "question": QUESTIONS[0], "history": [], "quotes": [SPAN]},
        {"kind": "better", "question": QUESTIONS[1], "quotes": [], "better": SPAN},
        {"kind": "bad", "question": QUESTIONS[2], "history": QUESTIONS[:3]},
    ],
}
OTHERS = ["statements", "statement", "openapi.json", "", "nowhere", "mcp", "gradio_api/info"]


def drawn(odd: Odd, good: dict[str, list[Any]]) -> Request:
    headers = {odd.choice(HEADERS): header(odd)} if odd.random() < 0.15 else {}
    if odd.random() < 0.15:
        return Request("GET", address(odd), headers=headers)
    path = odd.either(list(good), lambda: odd.choice(OTHERS), 0.2)
    body = odd.choice(good.get(path, [{}]))
    return Request(odd.choice(METHODS), path, odd.json_bytes(body), headers)


def address(odd: Odd) -> str:
    """An address with odd parameters, or of an odd name."""
    key = odd.either(["id", "q", "s", "v"], odd.short)
    value = odd.either([BUNDLED], odd.short, 0.8)
    name = odd.either(["statement", "", "statements", "config", "theme.css"], odd.short, 0.3)
    return f"{quoted(name)}?{quoted(key)}={quoted(value)}"


def header(odd: Odd) -> bytes:
    """Anything that may stand in one."""
    value = odd.short().encode("utf-8", "surrogatepass")
    return bytes(byte for byte in value if byte >= 32 or byte == 9).strip()


def test_every_request_gets_a_reply(fuzz: Fuzz, door: Door) -> None:
    kept = door.client.post("ask", json={"question": QUESTIONS[0]}).json()
    good = GOOD | {"verify": [kept]}
    fuzz.run("REST", lambda odd: drawn(odd, good), door.send, door.server.process.pid)
    assert door.client.post("ask", json={"question": QUESTIONS[0]}).json() == kept
