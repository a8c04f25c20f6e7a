"""What Gradio opens: every function of the page, uploads, and the addresses around them."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from doors import Door, Request, quoted
from fuzzing import Fuzz
from odd import QUESTIONS, Odd, encoded
from process import functions

pytestmark = pytest.mark.slow

API = "gradio_api/"
META = {"_type": "gradio.FileData"}
SET = b'{"id": "1", "question": "What was agreed on Open RAN?"}\n'
BOUNDARY = "shutten"
SILENCE = 5  # seconds, after which a stream has nothing to say
LONGEST = 1000  # characters of a session that goes into an address


@dataclass(frozen=True)
class Page:
    """What the page tells of itself, and a file that was uploaded to it.

    Attributes:
        functions: The kinds of components that each function of the server takes, by number.
        measure: The function that begins a measuring of a set that ships.
        stop: The one that ends it.
        file: As a browser names it.
    """

    functions: dict[int, list[str]]
    measure: int
    stop: int
    file: dict[str, Any]


@pytest.fixture(scope="module")
def page(door: Door) -> Page:
    config = door.client.get("config").json()
    found, named = functions(config), {d["api_name"]: d["id"] for d in config["dependencies"]}
    (measure,) = [number for number, kinds in found.items() if kinds == ["dropdown"]]
    (path,) = door.client.post(f"{API}upload", files={"files": ("set.jsonl", SET)}).json()
    return Page(
        found, measure, named["stop"], {"path": path, "orig_name": "set.jsonl", "meta": META}
    )


def good(odd: Odd, kind: str, page: Page) -> Any:
    """What a browser sends for a component."""
    turns = [{"question": one, "alone": False, "searched": ""} for one in QUESTIONS]
    values = {
        "textbox": odd.choice(QUESTIONS),
        "json": turns[: odd.randrange(3)],
        "number": odd.randrange(3),
        "dropdown": "JUCIP 2023 · dev",
        "file": page.file,
        "radio": "1",
        "api": odd.choice([odd.choice(QUESTIONS), QUESTIONS[:2]]),
    }
    return values.get(kind)


def drawn(odd: Odd, page: Page) -> Request:
    kind = odd.randrange(10)
    if kind <= 4:
        number = odd.choice(list(page.functions))
        data = [good(odd, one, page) for one in page.functions[number]]
        session = odd.either(["shared", f"s{odd.randrange(10**9)}"], odd.text, 0.05)
        body = {"fn_index": number, "session_hash": session, "event_data": None}
        if odd.random() < 0.3:
            return Request("POST", f"{API}queue/join", odd.json_bytes(body | {"data": data}))
        data = odd.mutated(data) if odd.random() < 0.3 else odd.filled(data)
        return Request("POST", f"{API}queue/join", encoded(body | {"data": data}))
    if kind == 5:
        body = {"data": [odd.choice(QUESTIONS), QUESTIONS[:2]]}
        return Request("POST", f"{API}call/ask", odd.json_bytes(body))
    if kind <= 7:
        return upload(odd)
    if kind == 8:
        name = odd.choice(["cancel", "reset"])
        body = {"session_hash": "shared", "fn_index": 0, "event_id": odd.short()}
        return Request("POST", API + name, odd.json_bytes(body))
    return Request("GET", API + address(odd))


def upload(odd: Odd) -> Request:
    """Parts of a form: names, kinds and contents as they come, some of it damaged."""
    head = b'--%b\r\nContent-Disposition: form-data; name="%b"; filename="%b"\r\n%b\r\n'
    name, file = odd.either(["files"], odd.short), odd.either(["a.jsonl", "b.csv"], odd.short)
    kind = odd.either(["Content-Type: text/csv\r\n", ""], lambda: f"Content-Type: {odd.short()}")
    names = [one.encode("utf-8", "surrogatepass") for one in (BOUNDARY, name, file, kind)]
    body = head % tuple(names) + odd.file(SET) + f"\r\n--{BOUNDARY}--\r\n".encode()
    if odd.random() < 0.5:
        body = odd.damaged(body)
    form = odd.either([f"multipart/form-data; boundary={BOUNDARY}"], lambda: "multipart/form-data")
    query = f"?upload_id={quoted(odd.short())}" if odd.random() < 0.3 else ""
    return Request("POST", f"{API}upload{query}", body, {"Content-Type": form.encode()})


def address(odd: Odd) -> str:
    """One to look at, with an odd name in it."""
    name = quoted(odd.either(["shared", "nobody", "..", "a/b"], odd.short))
    forms = [
        *("info", f"info?serialize={name}", "startup-events", "app_id", f"file={name}"),
        *(f"queue/data?session_hash={name}", f"call/ask/{name}", f"call/{name}", "queue/data"),
        *(f"upload_progress?upload_id={name}", f"heartbeat/{name}", "upload_progress", name),
    ]
    return odd.choice(forms)


class Browser:
    """Sends what a browser sends, and listens as it does."""

    def __init__(self, door: Door, page: Page) -> None:
        self._door, self._page = door, page

    def send(self, one: Request) -> None:
        """Send a request; where it began something, listen until that has ended."""
        if one.method == "GET":
            self._look(one.path)
            return
        reply = self._door.send(one)
        if reply.status_code == 200 and one.path == f"{API}call/ask":
            self._listen(f"{API}call/ask/{reply.json()['event_id']}")
        if reply.status_code == 200 and one.path == f"{API}queue/join":
            body = json.loads(one.content)
            self._listen(f"{API}queue/data?session_hash={quoted(body['session_hash'][:LONGEST])}")
            if body["fn_index"] == self._page.measure:  # it would go on for a minute
                stop = body | {"fn_index": self._page.stop, "data": []}
                self._door.client.post(f"{API}queue/join", json=stop)
        self._door.quiet()

    def _look(self, path: str) -> None:
        """Read a reply, or of a stream without end its beginning."""
        with self._door.client.stream("GET", path, timeout=SILENCE) as reply:
            if "event-stream" in reply.headers.get("content-type", ""):
                with contextlib.suppress(httpx.ReadTimeout):
                    next(reply.iter_raw(), None)
            else:
                reply.read()
                self._door.well(reply)
        self._door.quiet()

    def _listen(self, path: str) -> None:
        """Hear a stream to its end."""
        with self._door.client.stream("GET", path) as reply:
            for line in reply.iter_lines():
                assert "Traceback" not in line, line


def test_every_function_takes_anything(fuzz: Fuzz, door: Door, page: Page) -> None:
    browser = Browser(door, page)
    fuzz.run("Gradio", lambda odd: drawn(odd, page), browser.send, door.server.process.pid)
    body = {"data": [QUESTIONS[0], []]}
    event = door.client.post(f"{API}call/ask", json=body).json()["event_id"]
    assert "event: complete" in door.client.get(f"{API}call/ask/{event}").text
