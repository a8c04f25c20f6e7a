"""Measure readers while others attack: run this file with SECONDS, CALM and READERS.

It starts a server with accounts, the bundled statement and a long one. Thirty readers with an
account ask for CALM seconds by themselves, and then for SECONDS beside attackers of every kind
(`attackers.py`). Each kind has a process on the same machine. It prints what the readers got and
the state of the server. The exit code is 1 when

- a reader got anything but an answer or the reply that the server is busy;
- a reader waited over twice as long as the longest wait without the attack;
- the server does not answer as before.

A wait is the time from the first call with a question to its answer, with all calls in between that
found the server busy.

    PYTHONPATH=.:tests:tests/browser python tests/bench/attack.py 600
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
from assistants import long_text
from attackers import KINDS, SLOW, Target
from load import QUESTIONS, TIMEOUT, Crowd, warm_up
from process import ROOT, Server, folder_size, functions, running_server
from processes import run_python, start_python
from serving import free_port

from web.security.accounts import add

READER, ATTACKER = ("reader", "the reader's words"), ("mallory", "an attacker's words")
LONG_ID, LONG_TEXT = "long", long_text(250)
LOG_END = 2000  # characters of the log that are printed when the server has ended
OPEN_FILES = 1024  # that the server may have, as on most systems
MAX_RATIO = 2.0  # of the longest waits with and without the attack
ADDRESSES = "127.0.0.{}"


@dataclass(frozen=True)
class State:
    """The server as it is seen from outside: sizes in KB, memory in MB, time in seconds."""

    memory: int
    peak: int
    log: int
    tracebacks: int
    temporary: int
    data: int
    processor: float

    @classmethod
    def of(cls, server: Server, home: Path) -> State:
        """Return the state now."""
        return cls(
            server.memory(),
            server.memory("VmHWM"),
            server.log.stat().st_size // 1024,
            server.logged().count("Traceback"),
            folder_size(server.folder) // 1024,
            folder_size(home) // 1024,
            server.processor_seconds(),
        )


def prepare(home: Path, accounts: Path) -> None:
    """Add the statements and the accounts."""
    file = home.with_name(f"{LONG_ID}.txt")
    file.write_text(LONG_TEXT, "utf-8")
    bundled = sorted((ROOT / "corpus" / "statements").glob("*.txt"))
    run_python("-m", "cli", "index", "add", "--home", home, *bundled, file)
    for name, password in (READER, ATTACKER):
        add(accounts, name, password)


def start_attackers(
    target: Target, seconds: float, stack: ExitStack
) -> dict[str, subprocess.Popen[str]]:
    """Start a process for each kind, each with an address of its own, and wait until they attack.

    Args:
        target: The server.
        seconds: How long they attack.
        stack: Kills them at its end.
    """
    processes = {}
    for number, kind in enumerate([*KINDS, SLOW], 2):
        order = {"kind": kind, "address": ADDRESSES.format(number), "seconds": seconds}
        with tempfile.TemporaryFile("w+") as stdin:
            json.dump(order | {"target": asdict(target)}, stdin)
            stdin.seek(0)
            process = start_python(Path(__file__).with_name("attackers.py"), stdin=stdin)
        stack.callback(process.kill)
        processes[kind] = process
    for process in processes.values():
        assert process.stdout
        process.stdout.readline()
    return processes


def replies(connect: Callable[[], httpx.Client]) -> list[object]:
    """Return the status of the page, and the answer to each question."""
    with connect() as client:
        page = client.get("/").status_code
        answers = [client.post("/ask", json={"question": text}).json() for text in QUESTIONS]
        return [page, *answers]


def measure(server: Server, home: Path, seconds: int, calm: int, readers: int) -> list[str]:
    """Run readers without and with attackers, print the figures, and return what is wrong."""

    def connect() -> httpx.Client:
        return httpx.Client(base_url=server.address, timeout=TIMEOUT, auth=READER)

    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    warm_up(connect)
    with connect() as client:
        inputs = functions(client.get("/config").json())
    before = replies(connect)
    alone, attacked = Crowd(connect), Crowd(connect)
    alone.run(readers, calm)
    start = State.of(server, home)
    url = httpx.URL(server.address)
    target = Target(url.host, url.port or 80, ATTACKER, inputs, LONG_TEXT, LONG_ID)
    with ExitStack() as stack:
        attackers = start_attackers(target, seconds, stack)
        attacked.run(readers, seconds)
        end = State.of(server, home)
        outcomes = {kind: outcomes_of(process) for kind, process in attackers.items()}
    is_running = server.is_running
    recovery = seconds_until_as_before(connect, before) if is_running else None
    print_table(alone, attacked, start, end, outcomes)
    if not is_running:
        print(server.logged()[-LOG_END:])
    idle = [f"the outcome is unknown: {kind}" for kind in outcomes if not outcomes[kind]]
    return idle + faults(alone, attacked, recovery, is_running)


def outcomes_of(process: subprocess.Popen[str]) -> dict[str, int]:
    """Return the replies that an attacker got and how often, or nothing if it did not end."""
    try:
        outcomes: dict[str, int] = json.loads(process.communicate(timeout=90)[0] or "{}")
    except subprocess.TimeoutExpired:
        return {}
    return outcomes


def seconds_until_as_before(
    connect: Callable[[], httpx.Client], before: list[object]
) -> float | None:
    """Return the seconds until the server replies as before, or None if it does not soon."""
    start = time.monotonic()
    while time.monotonic() < start + TIMEOUT:
        try:
            if replies(connect) == before:
                return time.monotonic() - start
        except (httpx.HTTPError, ValueError):
            time.sleep(1)
    return None


def faults(alone: Crowd, attacked: Crowd, recovery: float | None, is_running: bool) -> list[str]:
    """Return what is wrong, a line for each fault."""
    lines = [
        f"a reader got {outcome!r}, {count} times"
        for crowd in (alone, attacked)
        for outcome, count in crowd.outcomes.items()
        if outcome not in ("answered", "busy")
    ]
    ratio = attacked.wait_figures()["longest"] / alone.wait_figures()["longest"]
    if ratio > MAX_RATIO:
        lines.append(f"the longest wait is {ratio:.1f} times that without the attack")
    if not is_running:
        lines.append("the server has ended")
    elif recovery is None:
        lines.append("the server does not answer as before")
    else:
        print(f"answers as before {recovery:.1f} s after the attack")
    return lines


def print_table(
    alone: Crowd, attacked: Crowd, start: State, end: State, outcomes: dict[str, dict[str, int]]
) -> None:
    """Print what the readers got, the states of the server, and what the attackers got."""
    rows: list[tuple[str, float, float]] = [
        (name, alone.outcomes[name], attacked.outcomes[name]) for name in ("answered", "busy")
    ]
    rows.append(("anything else", other_outcomes(alone), other_outcomes(attacked)))
    waits, attacked_waits = alone.wait_figures(), attacked.wait_figures()
    rows += [(f"{name} wait, s", waits[name], attacked_waits[name]) for name in waits]
    print(f"{'readers':28}{'without':>10}{'attacked':>10}{'ratio':>8}")
    for name, without, with_attack in rows:
        ratio = f"{with_attack / without:8.2f}" if without and "wait" in name else ""
        print(f"{name:28}{without:10}{with_attack:10}{ratio}")
    print(f"\n{'server (KB; memory in MB)':28}{'start':>10}{'end':>10}")
    for name, value in asdict(start).items():
        print(f"{name:28}{value:10}{asdict(end)[name]:10}")
    print("\nattackers")
    for kind, counts in outcomes.items():
        print(f"{kind:32}", ", ".join(f"{name}: {count}" for name, count in counts.items()))
    print()


def other_outcomes(crowd: Crowd) -> int:
    """Return how often a reader got neither an answer nor the reply that the server is busy."""
    return crowd.outcomes.total() - crowd.outcomes["answered"] - crowd.outcomes["busy"]


def main(seconds: int = 600, calm: int = 120, readers: int = 30) -> int:
    """Measure, print what is wrong, and return the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that all processes are stopped
    with tempfile.TemporaryDirectory() as place:
        home, accounts = Path(place, "home"), Path(place, "accounts")
        home.mkdir()
        prepare(home, accounts)
        options = ["--port", str(free_port()), "--mcp", "--auth-file", str(accounts)]
        with running_server(home, *options) as server:
            lines = measure(server, home, seconds, calm, readers)
    print("\n".join(f"wrong: {line}" for line in lines) or "all well")
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
