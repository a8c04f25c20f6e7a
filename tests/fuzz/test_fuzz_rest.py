"""Plain HTTP: any body, header or address gets a reply."""

from __future__ import annotations

from typing import Any

import pytest
from checked_server import BUNDLED, CheckedServer, Request, quoted
from fuzzing import Fuzz
from odd import QUESTIONS, OddValues

pytestmark = pytest.mark.slow

HEADERS = (
    *("Accept", "Accept-Encoding", "Accept-Language", "Content-Type", "Cookie", "Expect"),
    *("Authorization", "Host", "If-None-Match", "Origin", "Range", "Referer", "User-Agent"),
    *("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP"),
    *("X-Forwarded-Prefix", "X-Gradio-User", "Mcp-Session-Id", "MCP-Protocol-Version"),
)
METHODS = ["POST"] * 12 + ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "X"]
SPAN = [BUNDLED, 0, 5]
GOOD_BODIES: dict[str, list[Any]] = {
    "ask": [
        {"question": QUESTIONS[1], "history": [], "k": 3},
        {"question": QUESTIONS[4], "history": QUESTIONS[:2]},
    ],
    "retrieve": [{"question": QUESTIONS[0], "k": 2}],
    "feedback": [
        {"kind": "good", "question": QUESTIONS[0], "history": [], "quotes": [SPAN]},
        {"kind": "better", "question": QUESTIONS[1], "quotes": [], "better": SPAN},
        {"kind": "bad", "question": QUESTIONS[2], "history": QUESTIONS[:3]},
        {"kind": "bad", "question": QUESTIONS[0], "within": {"statements": [BUNDLED]}},
    ],
}
OTHER_PATHS = [
    *("statements", "statement", "openapi.json", "", "nowhere", "mcp", "gradio_api/info"),
]


def draw_request(odd: OddValues, bodies: dict[str, list[Any]]) -> Request:
    headers = {odd.choice(HEADERS): header_value(odd)} if odd.random() < 0.15 else {}
    if odd.random() < 0.15:
        return Request("GET", address(odd), headers=headers)
    path = odd.either(list(bodies), lambda: odd.choice(OTHER_PATHS), 0.2)
    body = odd.choice(bodies.get(path, [{}]))
    return Request(odd.choice(METHODS), path, odd.json_bytes(body), headers)


def address(odd: OddValues) -> str:
    """Draw an address with an odd parameter, or with an odd name."""
    key = odd.either(["id", "q", "s", "v"], odd.short_text)
    value = odd.either([BUNDLED], odd.short_text, 0.8)
    names = ["statement", "", "statements", "config", "theme.css"]
    name = odd.either(names, odd.short_text, 0.3)
    return f"{quoted(name)}?{quoted(key)}={quoted(value)}"


def header_value(odd: OddValues) -> bytes:
    """Draw bytes that may be the value of a header."""
    value = odd.short_text().encode("utf-8", "surrogatepass")
    return bytes(byte for byte in value if byte >= 32 or byte == 9).strip()


def test_every_request_gets_a_reply(fuzz: Fuzz, checked_server: CheckedServer) -> None:
    question = {"question": QUESTIONS[0]}
    answer = checked_server.client.post("ask", json=question).json()
    bodies = GOOD_BODIES | {"verify": [answer]}
    fuzz.run(
        "REST",
        lambda odd: draw_request(odd, bodies),
        checked_server.send,
        checked_server.server.process.pid,
    )
    assert checked_server.client.post("ask", json=question).json() == answer
