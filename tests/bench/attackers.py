"""Those who mean the server ill. Each kind works in a process of its own, until it is stopped.

Some have an account like everybody else. They come from addresses of their own, as far as this
machine has others: all of 127.0.0.0/8 is its own on Linux.
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
from odd import Odd

from qa.proof.kept_answers import MAX_CHARACTERS, MAX_QUOTES

API = "gradio_api/"
RUNS = 65  # of the measuring, begun at once: one more than Gradio's queue takes
HELD = 1200  # connections that are held open: more than a process may have by default
BODY = 250_000  # bytes, just as many as are taken
_SLOW = 1.0  # seconds between two bytes of a slow sender


@dataclass(frozen=True)
class Target:
    """What an attacker knows.

    Attributes:
        host: Where the server listens.
        port: Where the server listens.
        account: Name and password of one of them.
        functions: The kinds of components that each function of the page takes, by number.
        text: Of the longest statement there.
        statement: Its id.
    """

    host: str
    port: int
    account: tuple[str, str]
    functions: dict[int, list[str]]
    text: str
    statement: str


@dataclass(frozen=True)
class Blow:
    """A request of an attacker; without an account it is a guess of one."""

    path: str
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"
    guess: tuple[str, str] | None = None


Blows = Iterator[Blow]


def foreign_files(target: Target, draw: random.Random) -> Blows:
    """Files of the server, named as if they had been uploaded."""
    while True:
        path = draw.choice(["/dev/zero", "/etc/passwd", "/dev/stdin", "/proc/self/environ"])
        file = {"path": path, "meta": {"_type": "gradio.FileData"}}
        number = draw.choice(list(target.functions))
        joined = {"fn_index": number, "session_hash": str(draw.randrange(10**12)), "data": [file]}
        yield Blow(f"{API}queue/join", encoded(joined))
        yield Blow(f"{API}call/ask", encoded({"data": [file, [file]]}))
        yield Blow(f"{API}run/ask", encoded({"data": [file]}))
        yield Blow(f"{API}file={path}", method="GET")


def measurings(target: Target, draw: random.Random) -> Blows:
    """The longest work that the page offers, begun again and again and never listened to."""
    (number,) = [one for one, kinds in target.functions.items() if kinds == ["dropdown"]]
    while True:
        for _ in range(RUNS):
            session = str(draw.randrange(10**12))
            body = {"fn_index": number, "data": ["JUCIP 2023 · dev"], "session_hash": session}
            yield Blow(f"{API}queue/join", encoded(body))
        time.sleep(2)


def verifications(target: Target, draw: random.Random) -> Blows:
    """Quotes each much like many sentences of a long statement, as many as are taken or more."""
    while True:
        length = draw.choice([150, 500, 2000, MAX_CHARACTERS // 2])
        most = draw.choice([MAX_CHARACTERS, BODY - 100 * (BODY // length)])
        quotes = [near(target, draw, length) for _ in range(min(most // length, MAX_QUOTES))]
        yield Blow("verify", encoded({"quotes": quotes, "nearest": []}))
        called = {"name": "verify_quote", "arguments": near(target, draw, MAX_CHARACTERS // 2)}
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": called}
        yield Blow("mcp", encoded(message), {"Accept": "application/json, text/event-stream"})


def near(target: Target, draw: random.Random, length: int) -> dict[str, Any]:
    """A quote that is not in the statement, but much like what is there."""
    start = draw.randrange(max(1, len(target.text) - length))
    text = target.text[start : start + length].replace("energy", "enorgy")
    return {"text": text, "start": 0, "end": 1, "statement": target.statement}


def remarks(target: Target, draw: random.Random) -> Blows:
    """Remarks as long as they may be."""
    while True:
        history = ["x" * 2000] * 20
        said = {"kind": "bad", "question": str(draw.random()) * 50, "history": history}
        yield Blow("feedback", encoded(said))


def guesses(target: Target, draw: random.Random) -> Blows:
    """Passwords, of those who have an account and of others."""
    while True:
        name = draw.choice([target.account[0], str(draw.random())])
        yield Blow("statements", method="GET", guess=(name, str(draw.random())))


def odd_bodies(target: Target, draw: random.Random) -> Blows:
    """Bodies and kinds of every sort, at every address."""
    odd = Odd(draw.random())
    places = ["ask", "retrieve", "verify", "feedback", "mcp", f"{API}upload"]
    places += [f"{API}{name}" for name in ("queue/join", "call/ask", "cancel", "reset", "info")]
    while True:
        number = draw.choice(list(target.functions))
        good = {"question": "q", "history": [], "data": [None], "fn_index": number}
        kind = draw.choice(["application/json", "multipart/form-data; boundary=x", "text/plain"])
        body = odd.json_bytes(good | {"session_hash": "s"})[:BODY]
        yield Blow(draw.choice(places), body, {"Content-Type": kind})


def forged_headers(target: Target, draw: random.Random) -> Blows:
    """Whatever a proxy says of those behind it, and whatever a browser says of itself."""
    names = ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix"]
    names += ["Forwarded", "X-Real-IP", "Host", "Origin", "Referer", "Cookie", "Range"]
    values = ["127.0.0.1", "evil.example", "https", "://[", "\u00e9", "a" * 8000, "*", "null"]
    while True:
        headers = {draw.choice(names): draw.choice(values) for _ in range(2)}
        yield Blow("", headers=headers, method="GET")
        yield Blow("config", headers=headers, method="GET")
        yield Blow("ask", b'{"question": ""}', headers)


# How many of a kind at once, and the seconds that each waits between two blows.
KINDS: dict[str, tuple[Callable[[Target, random.Random], Blows], int, float]] = {
    "files of the server": (foreign_files, 2, 0.2),
    "measurings without a listener": (measurings, 2, 0.0),
    "long verifications": (verifications, 4, 0.0),
    "floods of remarks": (remarks, 4, 0.1),
    "password guesses": (guesses, 8, 0.0),
    "odd bodies": (odd_bodies, 2, 0.2),
    "forged headers": (forged_headers, 2, 0.2),
}
SLOW = "half-open and slow connections"


def work(kind: str, target: Target, address: str, ends: float) -> Counter[str]:
    """Attack in one way until the end; what was replied, and how often."""
    blows, count, pause = KINDS[kind]
    said: Counter[str] = Counter()

    def one(number: int) -> None:
        transport = httpx.HTTPTransport(local_address=address)
        base = f"http://{target.host}:{target.port}/"
        with httpx.Client(base_url=base, transport=transport, timeout=60) as client:
            for blow in blows(target, random.Random(number)):
                if time.monotonic() > ends:
                    return
                said[strike(client, blow, target)] += 1
                time.sleep(pause)

    threads = [threading.Thread(target=one, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, ends - time.monotonic()) + 1)
    return Counter(dict(said))


def strike(client: httpx.Client, blow: Blow, target: Target) -> str:
    """What came of a blow."""
    name, password = blow.guess or target.account
    headers = {"Content-Type": "application/json", **blow.headers}
    try:
        reply = client.request(
            blow.method,
            blow.path,
            content=blow.content,
            headers={key: value.encode() for key, value in headers.items()},
            auth=(name.encode(), password.encode()),
        )
    except httpx.HTTPError as error:
        return type(error).__name__
    return str(reply.status_code)


def hold(target: Target, address: str, ends: float) -> Counter[str]:
    """Open connections and send nothing, or next to nothing; open those anew that are closed."""
    said: Counter[str] = Counter()
    head = f"POST /ask HTTP/1.1\r\nHost: {target.host}:{target.port}\r\n".encode()
    beginnings = [b"", b"G", head, head + b"Content-Length: 200000\r\n\r\n{"]
    held: list[socket.socket] = []
    while time.monotonic() < ends:
        while len(held) < HELD and time.monotonic() < ends:
            try:
                one = socket.create_connection((target.host, target.port), 5, (address, 0))
                one.sendall(beginnings[len(held) % len(beginnings)])
                one.setblocking(False)
            except OSError as error:
                said[type(error).__name__] += 1
                break
            held.append(one)
            said["opened"] += 1
        held = [one for one in held if still_open(one)]
        time.sleep(_SLOW)
    said["open at the end"] = len(held)
    return said


def still_open(one: socket.socket) -> bool:
    """Send one more byte; whether the other side still listens."""
    try:
        one.send(b"a")
        return one.recv(1000) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def encoded(value: object) -> bytes:
    return json.dumps(value).encode()


def main() -> None:
    """Read kind, target, address and seconds as JSON, attack, and print what came of it as JSON.

    Before the attack it prints a line, because all that is imported takes seconds to start.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this stops it
    given = json.load(sys.stdin)
    about = given["target"]
    functions = {int(number): kinds for number, kinds in about["functions"].items()}
    target = Target(**about | {"functions": functions, "account": tuple(about["account"])})
    print("ready", flush=True)
    ends = time.monotonic() + given["seconds"]
    if given["kind"] == SLOW:
        said = hold(target, given["address"], ends)
    else:
        said = work(given["kind"], target, given["address"], ends)
    print(json.dumps(said))


if __name__ == "__main__":
    main()
