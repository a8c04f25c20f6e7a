"""Readers while others attack: this file with SECONDS, CALM and READERS.

Starts a server of its own with accounts, the bundled statement and a long one. Thirty readers,
who have an account, ask for CALM seconds by themselves, and then for SECONDS beside attackers of
every kind (`attackers.py`), who have processes of their own on the same machine. Prints what
the readers met and what became of the server. Ends with 1 when a reader got anything but an
answer or word that the server is busy, or when one waited over twice as long as the longest wait
without the attack, or when the server does not answer as before. A wait counts from the first
asking of a question to its answer, however often the server was busy in between.

    PYTHONPATH=tests:tests/browser python tests/bench/attack.py 600
"""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx
from attackers import KINDS, SLOW, Target
from load import PATIENCE, QUESTIONS, Crowd, warm
from process import ROOT, Server, functions, serving, size
from serving import free_port
from shelves import long_text

from web.security.accounts import add

READER, ATTACKER = ("reader", "the reader's words"), ("mallory", "an attacker's words")
LONG, TEXT = "long", long_text(250)  # a statement and its id
LAST = 2000  # characters of the log of a server that has ended
FILES = 1024  # that the server may open, as most systems have it
FACTOR = 2.0  # so much longer may the longest wait be
ADDRESSES = "127.0.0.{}"


@dataclass(frozen=True)
class State:
    """The server as it is seen from outside; sizes in KB but for the memory, in MB."""

    memory: int
    peak: int
    log: int
    tracebacks: int
    temporary: int
    data: int
    processor: float  # seconds

    @classmethod
    def of(cls, server: Server, home: Path) -> State:
        """As it is now."""
        return cls(
            server.memory(),
            server.memory("VmHWM"),
            server.log.stat().st_size // 1024,
            server.printed().count("Traceback"),
            size(server.folder) // 1024,
            size(home) // 1024,
            server.processor(),
        )


def prepare(home: Path, accounts: Path) -> None:
    """The statements, and who may come in."""
    file = accounts.with_name(f"{LONG}.txt")
    file.write_text(TEXT, "utf-8")
    run = [sys.executable, "-m", "cli", "index", "add", "--home", str(home)]
    bundled = sorted((ROOT / "corpus" / "statements").glob("*.txt"))
    paths = [str(path) for path in (*bundled, file)]
    subprocess.run([*run, *paths], cwd=ROOT, check=True, capture_output=True)
    for name, password in (READER, ATTACKER):
        add(accounts, name, password)


def attack(target: Target, seconds: float, stack: ExitStack) -> dict[str, subprocess.Popen[str]]:
    """One process for each kind, each from an address of its own; they have begun."""
    running = {}
    for number, kind in enumerate([*KINDS, SLOW], 2):
        run = [sys.executable, str(Path(__file__).with_name("attackers.py"))]
        about = {"kind": kind, "address": ADDRESSES.format(number), "seconds": seconds}
        with tempfile.TemporaryFile("w+") as given:
            json.dump(about | {"target": asdict(target)}, given)
            given.seek(0)
            process = subprocess.Popen(run, stdin=given, stdout=subprocess.PIPE, text=True)
        stack.callback(process.kill)
        running[kind] = process
    for process in running.values():
        assert process.stdout
        process.stdout.readline()
    return running


def answers(connect: Callable[[], httpx.Client]) -> list[object]:
    """What the server says to each question, and the page."""
    with connect() as client:
        page = client.get("/").status_code
        return [page, *(client.post("/ask", json={"question": one}).json() for one in QUESTIONS)]


def measure(server: Server, home: Path, seconds: int, calm: int, readers: int) -> list[str]:
    """Run it and print the table; what is wrong, a line each."""

    def connect() -> httpx.Client:
        return httpx.Client(base_url=server.address, timeout=PATIENCE, auth=READER)

    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (FILES, FILES))
    warm(connect)
    with connect() as client:
        found = functions(client.get("/config").json())
    before = answers(connect)
    quiet, loud = Crowd(connect), Crowd(connect)
    quiet.run(readers, calm)
    start = State.of(server, home)
    url = httpx.URL(server.address)
    target = Target(url.host, url.port or 80, ATTACKER, found, TEXT, LONG)
    with ExitStack() as stack:
        running = attack(target, seconds, stack)
        loud.run(readers, seconds)
        end = State.of(server, home)
        came = {kind: said(process) for kind, process in running.items()}
    alive = server.alive
    again = settled(connect, before) if alive else None
    table(quiet, loud, start, end, came)
    print(server.printed()[-LAST:] if not alive else "")
    idle = [f"nothing is known of the attackers: {kind}" for kind in came if not came[kind]]
    return idle + wrong(quiet, loud, again, alive)


def said(process: subprocess.Popen[str]) -> dict[str, int]:
    """What came of an attacker's blows."""
    try:
        found: dict[str, int] = json.loads(process.communicate(timeout=90)[0] or "{}")
    except subprocess.TimeoutExpired:
        return {}
    return found


def settled(connect: Callable[[], httpx.Client], before: list[object]) -> float | None:
    """Seconds until the server answers as before; None when it does not soon."""
    began = time.monotonic()
    while time.monotonic() < began + PATIENCE:
        try:
            if answers(connect) == before:
                return time.monotonic() - began
        except (httpx.HTTPError, ValueError):
            time.sleep(1)
    return None


def wrong(quiet: Crowd, loud: Crowd, again: float | None, alive: bool) -> list[str]:
    """What should not be."""
    found = [
        f"a reader got {kind!r}, {count} times"
        for crowd in (quiet, loud)
        for kind, count in crowd.said.items()
        if kind not in ("answered", "busy")
    ]
    ratio = loud.waits()["longest"] / quiet.waits()["longest"]
    if ratio > FACTOR:
        found.append(f"the longest wait is {ratio:.1f} times that without the attack")
    if not alive:
        found.append("the server has ended")
    elif again is None:
        found.append("the server does not answer as before")
    else:
        print(f"answers as before {again:.1f} s after the attack")
    return found


def table(
    quiet: Crowd, loud: Crowd, start: State, end: State, came: dict[str, dict[str, int]]
) -> None:
    """Print what was measured."""
    rows: list[tuple[str, float, float]] = [
        *((name, quiet.said[name], loud.said[name]) for name in ("answered", "busy")),
        ("anything else", *(other(crowd) for crowd in (quiet, loud))),
    ]
    waits = quiet.waits(), loud.waits()
    rows += [(f"{name} wait, s", waits[0][name], waits[1][name]) for name in waits[0]]
    print(f"{'readers':28}{'without':>10}{'attacked':>10}{'ratio':>8}")
    for name, one, two in rows:
        ratio = f"{two / one:8.2f}" if one and "wait" in name else ""
        print(f"{name:28}{one:10}{two:10}{ratio}")
    print(f"\n{'server (KB; memory in MB)':28}{'start':>10}{'end':>10}")
    for name, one in asdict(start).items():
        print(f"{name:28}{one:10}{asdict(end)[name]:10}")
    print("\nattackers")
    for kind, replies in came.items():
        print(f"{kind:32}", ", ".join(f"{name}: {count}" for name, count in replies.items()))
    print()


def other(crowd: Crowd) -> int:
    """How often a reader got neither an answer nor word that the server is busy."""
    return crowd.said.total() - crowd.said["answered"] - crowd.said["busy"]


def main(seconds: int = 600, calm: int = 120, readers: int = 30) -> int:
    """Run it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing is left running
    with tempfile.TemporaryDirectory() as place:
        home, accounts = Path(place, "home"), Path(place, "accounts")
        home.mkdir()
        prepare(home, accounts)
        options = ["--port", str(free_port()), "--mcp", "--auth-file", str(accounts)]
        with serving(home, *options) as server:
            found = measure(server, home, seconds, calm, readers)
    print("\n".join(f"wrong: {line}" for line in found) or "all well")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
