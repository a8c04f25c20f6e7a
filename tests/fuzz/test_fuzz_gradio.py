"""The addresses of Gradio: the functions of the page, uploads, and what is around them."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from checked_server import CheckedServer, Request, quoted
from fuzzing import Fuzz
from odd import QUESTIONS, OddValues, encoded
from process import functions

pytestmark = pytest.mark.slow

API = "gradio_api/"
META = {"_type": "gradio.FileData"}
QUESTION_SET = b'{"id": "1", "question": "What was agreed on Open RAN?"}\n'
BOUNDARY = "shutten"
SILENCE = 5  # seconds after which a stream has nothing more to send
MAX_SESSION = 1000  # characters of a session that goes into an address


@dataclass(frozen=True)
class Page:
    """The functions of the page, and a file that was uploaded to it.

    Attributes:
        functions: The types of components that each function takes, by its number.
        measure: The function that measures a bundled question set.
        stop: The function that stops it.
        file: The file as a browser names it.
    """

    functions: dict[int, list[str]]
    measure: int
    stop: int
    file: dict[str, Any]


@pytest.fixture(scope="module")
def page(checked_server: CheckedServer) -> Page:
    client = checked_server.client
    config = client.get("config").json()
    inputs = functions(config)
    (measure,) = [number for number, types in inputs.items() if types == ["dropdown"]]
    (stop,) = [row["id"] for row in config["dependencies"] if row["api_name"] == "stop"]
    (path,) = client.post(f"{API}upload", files={"files": ("set.jsonl", QUESTION_SET)}).json()
    file = {"path": path, "orig_name": "set.jsonl", "meta": META}
    return Page(inputs, measure, stop, file)


def component_value(odd: OddValues, component: str, page: Page) -> Any:
    """Return what a browser sends for a type of component."""
    turns = [{"question": question, "alone": False, "searched": ""} for question in QUESTIONS]
    values = {
        "textbox": odd.choice(QUESTIONS),
        "json": turns[: odd.randrange(3)],
        "number": odd.randrange(3),
        "dropdown": "JUCIP 2023 · dev",
        "file": page.file,
        "radio": "1",
        "api": odd.choice([odd.choice(QUESTIONS), QUESTIONS[:2]]),
    }
    return values.get(component)


def draw_request(odd: OddValues, page: Page) -> Request:
    kind = odd.randrange(10)
    if kind <= 4:
        return function_call(odd, page)
    if kind == 5:
        body = {"data": [odd.choice(QUESTIONS), QUESTIONS[:2]]}
        return Request("POST", f"{API}call/ask", odd.json_bytes(body))
    if kind <= 7:
        return upload(odd)
    if kind == 8:
        name = odd.choice(["cancel", "reset"])
        body = {"session_hash": "shared", "fn_index": 0, "event_id": odd.short_text()}
        return Request("POST", API + name, odd.json_bytes(body))
    return Request("GET", API + address(odd))


def function_call(odd: OddValues, page: Page) -> Request:
    """Draw a call of a function, mostly with odd values."""
    number = odd.choice(list(page.functions))
    data = [component_value(odd, component, page) for component in page.functions[number]]
    session = odd.either(["shared", f"s{odd.randrange(10**9)}"], odd.text, 0.05)
    body = {"fn_index": number, "session_hash": session, "event_data": None}
    if odd.random() < 0.3:
        return Request("POST", f"{API}queue/join", odd.json_bytes(body | {"data": data}))
    data = odd.mutated(data) if odd.random() < 0.3 else odd.filled(data)
    return Request("POST", f"{API}queue/join", encoded(body | {"data": data}))


def upload(odd: OddValues) -> Request:
    """Draw an upload whose names, types and contents may be odd or damaged."""
    head = b'--%b\r\nContent-Disposition: form-data; name="%b"; filename="%b"\r\n%b\r\n'
    name = odd.either(["files"], odd.short_text)
    file = odd.either(["a.jsonl", "b.csv"], odd.short_text)
    content_type = odd.either(
        ["Content-Type: text/csv\r\n", ""], lambda: f"Content-Type: {odd.short_text()}"
    )
    texts = [text.encode("utf-8", "surrogatepass") for text in (BOUNDARY, name, file, content_type)]
    end = f"\r\n--{BOUNDARY}--\r\n".encode()
    body = head % tuple(texts) + odd.file(QUESTION_SET) + end
    if odd.random() < 0.5:
        body = odd.damaged(body)
    form = odd.either([f"multipart/form-data; boundary={BOUNDARY}"], lambda: "multipart/form-data")
    query = f"?upload_id={quoted(odd.short_text())}" if odd.random() < 0.3 else ""
    return Request("POST", f"{API}upload{query}", body, {"Content-Type": form.encode()})


def address(odd: OddValues) -> str:
    """Draw an address to read, with an odd name in it."""
    name = quoted(odd.either(["shared", "nobody", "..", "a/b"], odd.short_text))
    addresses = [
        *("info", f"info?serialize={name}", "startup-events", "app_id", f"file={name}"),
        *(f"queue/data?session_hash={name}", f"call/ask/{name}", f"call/{name}", "queue/data"),
        *(f"upload_progress?upload_id={name}", f"heartbeat/{name}", "upload_progress", name),
    ]
    return odd.choice(addresses)


class Browser:
    """Sends requests, and listens to the streams that they open, as a browser does."""

    def __init__(self, server: CheckedServer, page: Page) -> None:
        self._server, self._page = server, page

    def send(self, request: Request) -> None:
        """Send a request. If it starts something, listen until that has ended."""
        if request.method == "GET":
            self._read(request.path)
            return
        reply = self._server.send(request)
        if reply.status_code == 200 and request.path == f"{API}call/ask":
            self._listen(f"{API}call/ask/{reply.json()['event_id']}")
        if reply.status_code == 200 and request.path == f"{API}queue/join":
            body = json.loads(request.content)
            session = quoted(body["session_hash"][:MAX_SESSION])
            self._listen(f"{API}queue/data?session_hash={session}")
            if body["fn_index"] == self._page.measure:  # it would go on for a minute
                stop = body | {"fn_index": self._page.stop, "data": []}
                self._server.client.post(f"{API}queue/join", json=stop)
        self._server.check_log()

    def _read(self, path: str) -> None:
        """Read a reply, or the beginning of a stream without end."""
        with self._server.client.stream("GET", path, timeout=SILENCE) as reply:
            if "event-stream" in reply.headers.get("content-type", ""):
                with contextlib.suppress(httpx.ReadTimeout):
                    next(reply.iter_raw(), None)
            else:
                reply.read()
                self._server.check_reply(reply)
        self._server.check_log()

    def _listen(self, path: str) -> None:
        """Read a stream to its end."""
        with self._server.client.stream("GET", path) as reply:
            for line in reply.iter_lines():
                assert "Traceback" not in line, line


def test_every_function_takes_any_values(
    fuzz: Fuzz, checked_server: CheckedServer, page: Page
) -> None:
    browser = Browser(checked_server, page)
    process = checked_server.server.process.pid
    fuzz.run("Gradio", lambda odd: draw_request(odd, page), browser.send, process)
    client = checked_server.client
    event = client.post(f"{API}call/ask", json={"data": [QUESTIONS[0], []]}).json()["event_id"]
    assert "event: complete" in client.get(f"{API}call/ask/{event}").text
