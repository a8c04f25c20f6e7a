"""Measure many clients at once: `make bench`, or run this file with CLIENTS, SECONDS and CALLS.

It starts a server, and prints as JSON how long answers took, how many calls were refused because
the server was busy, which other replies came, and the memory of the server. It ends after so many
seconds or calls, whichever comes first. Every second client asks through Gradio's queue, as
`gradio_client` does.
"""

from __future__ import annotations

import itertools
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

import httpx
from process import Server, running_server
from serving import free_port

SAMPLES = 12  # of the memory
TIMEOUT = 90.0  # seconds that a client waits for a reply
PAUSE = 0.5  # seconds before a client that got no answer asks again
QUESTIONS = [
    "半導体について何を確認しましたか",
    "What was agreed on Open RAN?",
    "輸出管理ではどのような協力をしますか",
    "Which missions are planned, and when?",
    "关于人工智能达成了什么共识？",
    "牛肉の関税は何パーセントですか",
]


@dataclass
class Crowd:
    """Clients that ask one question after another.

    Attributes:
        connect: Makes a connection for one client.
        outcomes: What came of each call: `answered`, `busy` or what else, and how often.
        waits: Seconds from the first call with a question to its answer, for each question.
    """

    connect: Callable[[], httpx.Client]
    outcomes: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)

    def run_client(self, number: int, end: float, calls: Iterator[int]) -> None:
        """Ask as one client, whose number decides the questions and the way to ask."""
        draw = random.Random(number)
        ask = ask_by_queue if number % 2 else ask_by_rest
        with self.connect() as connection:
            for _ in calls:
                question, start = draw.choice(QUESTIONS), time.monotonic()
                if start > end:
                    break
                while self._outcome(ask, connection, question) == "busy":
                    time.sleep(PAUSE)
                    if time.monotonic() > end:
                        break
                self.waits.append(time.monotonic() - start)

    def _outcome(
        self, ask: Callable[[httpx.Client, str], str], connection: httpx.Client, question: str
    ) -> str:
        try:
            outcome = ask(connection, question)
        except httpx.HTTPError as error:
            outcome = type(error).__name__
        self.outcomes[outcome] += 1
        if outcome not in ("answered", "busy"):
            time.sleep(PAUSE)
        return outcome

    def run(
        self, clients: int, seconds: float, calls: int = 0, watch: Callable[[], None] = lambda: None
    ) -> float:
        """Let clients ask, and return how many seconds it took.

        Clients that have no answer long after the end are counted, and are not waited for.

        Args:
            clients: How many clients ask at once.
            seconds: How long they ask.
            calls: How many calls they make together, or 0 for no limit.
            watch: Called every second.
        """
        start = time.monotonic()
        numbers = iter(range(calls)) if calls else itertools.count()
        threads = [
            threading.Thread(
                target=self.run_client, args=(number, start + seconds, numbers), daemon=True
            )
            for number in range(clients)
        ]
        for thread in threads:
            thread.start()
        while waiting := sum(thread.is_alive() for thread in threads):
            if time.monotonic() > start + seconds + TIMEOUT:
                self.outcomes["never answered"] += waiting
                self.waits += [TIMEOUT] * waiting
                break
            time.sleep(1)
            watch()
        return time.monotonic() - start

    def wait_figures(self) -> dict[str, float]:
        """Return the median, the 95th percentile and the longest of `waits`, in seconds."""
        cuts = quantiles(self.waits, n=20)
        figures = {"p50": cuts[9], "p95": cuts[18], "longest": max(self.waits)}
        return {name: round(seconds, 3) for name, seconds in figures.items()}


def ask_by_rest(connection: httpx.Client, question: str) -> str:
    """Ask at `/ask`, and return the outcome."""
    reply = connection.post("/ask", json={"question": question})
    return {200: "answered", 503: "busy"}.get(reply.status_code, str(reply.status_code))


def ask_by_queue(connection: httpx.Client, question: str) -> str:
    """Ask through Gradio's queue, and return the outcome."""
    joined = connection.post("/gradio_api/call/ask", json={"data": [question, []]})
    if joined.status_code != 200:
        return "busy" if joined.status_code == 503 else str(joined.status_code)
    text = connection.get(f"/gradio_api/call/ask/{joined.json()['event_id']}").text
    if "event: complete" in text:
        return "answered"
    return "busy" if "too many questions" in text else text[:80]


def warm_up(connect: Callable[[], httpx.Client]) -> None:
    """Ask fifty questions in each way, so that the server answers quickly from then on."""
    for number in (0, 1):
        Crowd(connect).run_client(number, time.monotonic() + 60, iter(range(50)))


def measure(server: Server, clients: int, seconds: int, calls: int) -> dict[str, object]:
    """Run clients against a server, and return the figures."""

    def connect() -> httpx.Client:
        return httpx.Client(base_url=server.address, timeout=TIMEOUT)

    warm_up(connect)
    crowd, memory, start = Crowd(connect), {0: server.memory()}, time.monotonic()

    def watch() -> None:
        calls_made = crowd.outcomes.total()
        share = calls_made / calls if calls else (time.monotonic() - start) / seconds
        if share * SAMPLES >= len(memory):
            memory[calls_made] = server.memory()

    duration = crowd.run(clients, seconds, calls, watch)
    return {
        "clients": clients,
        "seconds": round(duration),
        "replies": dict(crowd.outcomes),
        "a second": round(crowd.outcomes["answered"] / duration, 1),
        **crowd.wait_figures(),
        "MB after so many calls": memory,
    }


def main(clients: int = 30, seconds: int = 60, calls: int = 0) -> None:
    """Measure, and print the figures."""
    with (
        tempfile.TemporaryDirectory() as home,
        running_server(Path(home), "--port", str(free_port())) as server,
    ):
        print(json.dumps(measure(server, clients, seconds, calls), indent=1))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
