"""The server's doors: plain HTTP, Gradio and tools for agents, on a server in its own process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fuzzing import SECONDS, Fuzz, shortened
from odd import QUESTIONS, Odd, encoded
from process import Server, serving
from serving import free_port

from web.accounts import add

BUNDLED = "jucip-2023-05-26.ja"
NAME, PASSWORD = "太郎", "ひみつの言葉です"
JSON = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
HEADERS = (
    *("Accept", "Accept-Encoding", "Accept-Language", "Content-Type", "Cookie", "Expect"),
    *("Authorization", "Host", "If-None-Match", "Origin", "Range", "Referer", "User-Agent"),
    *("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP"),
    *("X-Forwarded-Prefix", "X-Gradio-User", "Mcp-Session-Id", "MCP-Protocol-Version"),
)


@dataclass(frozen=True)
class Request:
    """What is sent."""

    method: str
    path: str
    content: bytes = b""
    headers: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Door:
    """The running server, and how far its log was read."""

    server: Server
    client: httpx.Client
    read: int = 0

    def send(self, one: Request) -> httpx.Response | None:
        """The reply, held to what any reply has to be; None where the request was none."""
        headers = {**JSON, **one.headers}
        reply = self.client.request(one.method, one.path, content=one.content, headers=headers)
        self.well(reply)
        return reply

    def well(self, reply: httpx.Response) -> None:
        """Nothing broke: no error of the server's but that it is busy, and its log says nothing."""
        said = shortened(reply.text)
        busy = reply.status_code == 503 and "too many" in reply.text
        assert reply.status_code < 500 or busy, f"{reply.status_code} {said}"
        assert "Traceback" not in reply.text, said
        self.quiet()

    def quiet(self) -> None:
        """No traceback in the log since it was looked at last."""
        said = self.server.printed(self.read)
        self.read += len(said.encode())
        assert "Traceback" not in said, told(said)
        assert self.server.alive, "the server has ended"


def told(log: str) -> str:
    """The last lines of the first traceback in a log: where in our own code, and what it was."""
    lines = log[log.index("Traceback") :].splitlines()
    end = next((n for n, one in enumerate(lines) if n and one[:1].strip()), len(lines) - 1)
    places = [one.strip() for one in lines[:end] if one.startswith("  File ")]
    return "\n  ".join(["in the log:", *places[-3:], lines[end][:300]])


@pytest.fixture(scope="module")
def door(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    accounts = tmp_path_factory.mktemp("accounts") / "accounts"
    add(accounts, NAME, PASSWORD)
    options = ["--port", str(free_port()), "--mcp", "--auth-file", str(accounts)]
    with serving(home, *options) as server:
        about = {"auth": (NAME.encode(), PASSWORD.encode()), "timeout": 2 * SECONDS}
        with httpx.Client(base_url=server.address, **about) as client:  # type: ignore[arg-type]
            yield Door(server, client)


def drawn(odd: Odd, kept: dict[str, Any]) -> Request:
    """A request to one of our own addresses."""
    headers = {odd.choice(HEADERS): odd_header(odd)} if odd.random() < 0.15 else {}
    if odd.random() < 0.15:
        return Request("GET", address(odd), headers=headers)
    path = odd.choice(list(GOOD) * 4 + ["statements", "openapi.json", "", "nowhere", "mcp"])
    if path == "verify":
        good: Any = kept
    else:
        good = odd.choice(GOOD.get(path, [{}]))
    method = odd.choice(["POST"] * 12 + ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "X"])
    return Request(method, path, odd.json_bytes(good), headers)


SPAN = [BUNDLED, 0, 5]
GOOD: dict[str, list[Any]] = {
    "ask": [
        {"question": QUESTIONS[1], "history": [], "k": 3},
        {"question": QUESTIONS[4], "history": QUESTIONS[:2]},
    ],
    "retrieve": [{"question": QUESTIONS[0], "k": 2}],
    "verify": [],
    "feedback": [
        {"kind": "good", "question": QUESTIONS[0], "history": [], "quotes": [SPAN]},
        {"kind": "better", "question": QUESTIONS[1], "quotes": [], "better": SPAN},
        {"kind": "bad", "question": QUESTIONS[2], "history": QUESTIONS[:3]},
    ],
}


def address(odd: Odd) -> str:
    """An address with odd parameters, or of an odd name."""
    key, value = odd.choice(["id", "q", "s", "v", odd.short()]), odd.either([BUNDLED], odd.short)
    name = odd.choice(["statement", "", "statements", "config", "theme.css", odd.short()])
    return f"{quoted(name)}?{quoted(key)}={quoted(value)}"


def quoted(text: str) -> str:
    """As it may stand in an address: every byte escaped."""
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))


def odd_header(odd: Odd) -> bytes:
    """Anything that may stand in a header."""
    value = odd.short().encode("utf-8", "surrogatepass")
    return bytes(byte for byte in value if byte >= 32 or byte == 9).strip()


def test_plain_http_never_breaks(fuzz: Fuzz, door: Door) -> None:
    kept = door.client.post("ask", json={"question": QUESTIONS[0]}).json()
    fuzz.run("REST", lambda odd: drawn(odd, kept), door.send, door.server.process.pid)
    assert door.client.post("ask", json={"question": QUESTIONS[0]}).json() == kept
