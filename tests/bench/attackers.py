"""Attackers of a server. Each kind runs in a process of its own, until its time is over.

All but those who guess passwords have an account. Each kind has an address of its own, because on
Linux all of 127.0.0.0/8 is this machine.
"""

from __future__ import annotations

import json
import random
import signal
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
from odd import OddValues

from qa.proof.kept_answers import MAX_CHARACTERS, MAX_QUOTES

API = "gradio_api/"
RUNS = 65  # measurings that are started at once: one more than Gradio's queue takes
MAX_HELD = 1200  # connections that are held open: more than a process may have by default
MAX_BODY = 250_000  # bytes, the most that the server takes
SLOW_SECONDS = 1.0  # between two bytes of a slow sender


@dataclass(frozen=True)
class Target:
    """What an attacker knows about the server.

    Attributes:
        host: The address of the server.
        port: The port of the server.
        account: Name and password of the attacker's account.
        functions: The types of components that each function of the page takes, by its number.
        text: The text of the longest statement.
        statement: The id of the longest statement.
    """

    host: str
    port: int
    account: tuple[str, str]
    functions: dict[int, list[str]]
    text: str
    statement: str


@dataclass(frozen=True)
class Attack:
    """A request of an attacker. With `guess` it has that name and password, not the account's."""

    path: str
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"
    guess: tuple[str, str] | None = None


Attacks = Iterator[Attack]


def foreign_files(target: Target, draw: random.Random) -> Attacks:
    """Name files of the server as if they had been uploaded."""
    while True:
        path = draw.choice(["/dev/zero", "/etc/passwd", "/dev/stdin", "/proc/self/environ"])
        file = {"path": path, "meta": {"_type": "gradio.FileData"}}
        number = draw.choice(list(target.functions))
        joined = {"fn_index": number, "session_hash": str(draw.randrange(10**12)), "data": [file]}
        yield Attack(f"{API}queue/join", encoded(joined))
        yield Attack(f"{API}call/ask", encoded({"data": [file, [file]]}))
        yield Attack(f"{API}run/ask", encoded({"data": [file]}))
        yield Attack(f"{API}file={path}", method="GET")


def measurings(target: Target, draw: random.Random) -> Attacks:
    """Start the longest work that the page offers again and again, and never read its outcome."""
    (number,) = [number for number, types in target.functions.items() if types == ["dropdown"]]
    while True:
        for _ in range(RUNS):
            session = str(draw.randrange(10**12))
            body = {"fn_index": number, "data": ["JUCIP 2023 · dev"], "session_hash": session}
            yield Attack(f"{API}queue/join", encoded(body))
        time.sleep(2)


def verifications(target: Target, draw: random.Random) -> Attacks:
    """Verify as many quotes as may be, each similar to many sentences of a long statement."""
    while True:
        length = draw.choice([150, 500, 2000, MAX_CHARACTERS // 2])
        characters = draw.choice([MAX_CHARACTERS, MAX_BODY - 100 * (MAX_BODY // length)])
        count = min(characters // length, MAX_QUOTES)
        quotes = [similar_quote(target, draw, length) for _ in range(count)]
        yield Attack("verify", encoded({"quotes": quotes, "nearest": []}))
        quote = similar_quote(target, draw, MAX_CHARACTERS // 2)
        call = {"name": "verify_quote", "arguments": quote}
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
        yield Attack("mcp", encoded(message), {"Accept": "application/json, text/event-stream"})


def similar_quote(target: Target, draw: random.Random, length: int) -> dict[str, Any]:
    """Return a quote that is not in the statement, but similar to a part of it."""
    start = draw.randrange(max(1, len(target.text) - length))
    text = target.text[start : start + length].replace("energy", "enorgy")
    return {"text": text, "start": 0, "end": 1, "statement": target.statement}


def remarks(target: Target, draw: random.Random) -> Attacks:
    """Send remarks as long as they may be."""
    while True:
        history = ["x" * 2000] * 20
        remark = {"kind": "bad", "question": str(draw.random()) * 50, "history": history}
        yield Attack("feedback", encoded(remark))


def guesses(target: Target, draw: random.Random) -> Attacks:
    """Guess passwords of names with and without an account."""
    while True:
        name = draw.choice([target.account[0], str(draw.random())])
        yield Attack("statements", method="GET", guess=(name, str(draw.random())))


def odd_bodies(target: Target, draw: random.Random) -> Attacks:
    """Send odd bodies with any content type to every address."""
    odd = OddValues(draw.random())
    places = ["ask", "retrieve", "verify", "feedback", "mcp", f"{API}upload"]
    places += [f"{API}{name}" for name in ("queue/join", "call/ask", "cancel", "reset", "info")]
    while True:
        number = draw.choice(list(target.functions))
        good = {"question": "q", "history": [], "data": [None], "fn_index": number}
        kind = draw.choice(["application/json", "multipart/form-data; boundary=x", "text/plain"])
        body = odd.json_bytes(good | {"session_hash": "s"})[:MAX_BODY]
        yield Attack(draw.choice(places), body, {"Content-Type": kind})


def forged_headers(target: Target, draw: random.Random) -> Attacks:
    """Send the headers of proxies and browsers with odd values."""
    names = ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix"]
    names += ["Forwarded", "X-Real-IP", "Host", "Origin", "Referer", "Cookie", "Range"]
    values = ["127.0.0.1", "evil.example", "https", "://[", "\u00e9", "a" * 8000, "*", "null"]
    while True:
        headers = {draw.choice(names): draw.choice(values) for _ in range(2)}
        yield Attack("", headers=headers, method="GET")
        yield Attack("config", headers=headers, method="GET")
        yield Attack("ask", b'{"question": ""}', headers)


# The requests of each kind, how many threads send them, and the seconds between two of a thread.
KINDS: dict[str, tuple[Callable[[Target, random.Random], Attacks], int, float]] = {
    "files of the server": (foreign_files, 2, 0.2),
    "measurings without a listener": (measurings, 2, 0.0),
    "long verifications": (verifications, 4, 0.0),
    "floods of remarks": (remarks, 4, 0.1),
    "password guesses": (guesses, 8, 0.0),
    "odd bodies": (odd_bodies, 2, 0.2),
    "forged headers": (forged_headers, 2, 0.2),
}
SLOW = "half-open and slow connections"


def attack(kind: str, target: Target, address: str, end: float) -> Counter[str]:
    """Attack in one way until the end, and return which replies came how often."""
    attacks, count, pause = KINDS[kind]
    outcomes: Counter[str] = Counter()

    def run(number: int) -> None:
        transport = httpx.HTTPTransport(local_address=address)
        base = f"http://{target.host}:{target.port}/"
        with httpx.Client(base_url=base, transport=transport, timeout=60) as client:
            for request in attacks(target, random.Random(number)):
                if time.monotonic() > end:
                    return
                outcomes[send(client, request, target)] += 1
                time.sleep(pause)

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()) + 1)
    return Counter(dict(outcomes))  # a thread may still add to it


def send(client: httpx.Client, request: Attack, target: Target) -> str:
    """Send a request, and return the status of the reply or the name of the error."""
    name, password = request.guess or target.account
    headers = {"Content-Type": "application/json", **request.headers}
    try:
        reply = client.request(
            request.method,
            request.path,
            content=request.content,
            headers={key: value.encode() for key, value in headers.items()},
            auth=(name.encode(), password.encode()),
        )
    except httpx.HTTPError as error:
        return type(error).__name__
    return str(reply.status_code)


def hold(target: Target, address: str, end: float) -> Counter[str]:
    """Open connections that send next to nothing, and replace those that the server closes."""
    outcomes: Counter[str] = Counter()
    head = f"POST /ask HTTP/1.1\r\nHost: {target.host}:{target.port}\r\n".encode()
    beginnings = [b"", b"G", head, head + b"Content-Length: 200000\r\n\r\n{"]
    held: list[socket.socket] = []
    while time.monotonic() < end:
        while len(held) < MAX_HELD and time.monotonic() < end:
            try:
                connection = socket.create_connection((target.host, target.port), 5, (address, 0))
                connection.sendall(beginnings[len(held) % len(beginnings)])
                connection.setblocking(False)
            except OSError as error:
                outcomes[type(error).__name__] += 1
                break
            held.append(connection)
            outcomes["opened"] += 1
        held = [connection for connection in held if is_open(connection)]
        time.sleep(SLOW_SECONDS)
    outcomes["open at the end"] = len(held)
    return outcomes


def is_open(connection: socket.socket) -> bool:
    """Send one more byte, and tell whether the server still keeps the connection open."""
    try:
        connection.send(b"a")
        return connection.recv(1000) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def encoded(value: object) -> bytes:
    return json.dumps(value).encode()


def main() -> None:
    """Read kind, target, address and seconds as JSON, attack, and print the outcomes as JSON.

    The first line of the output says that the attack begins, because the imports take seconds.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the program that started this one stops it
    order = json.load(sys.stdin)
    functions = {int(number): types for number, types in order["target"]["functions"].items()}
    account = tuple(order["target"]["account"])
    target = Target(**order["target"] | {"functions": functions, "account": account})
    print("ready", flush=True)
    end = time.monotonic() + order["seconds"]
    if order["kind"] == SLOW:
        outcomes = hold(target, order["address"], end)
    else:
        outcomes = attack(order["kind"], target, order["address"], end)
    print(json.dumps(outcomes))


if __name__ == "__main__":
    main()
