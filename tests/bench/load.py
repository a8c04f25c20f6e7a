"""Many clients at once: `make bench`, or this file with CLIENTS, SECONDS and CALLS.

Starts a server of its own and prints as JSON how long answers took, how many clients were told
that the server is busy, what else was replied, and the server's memory. It ends after so many
seconds or calls, whichever comes first. Every other client asks as `gradio_client` does.
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
from process import Server, serving

PORT = 7899
SAMPLES = 12  # of memory
PATIENCE = 90.0  # seconds that one waits for a reply
PAUSE = 0.5  # seconds before one who was not answered asks again
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
        connect: Makes a connection for one of them.
        said: What came of each asking.
        took: Seconds from the first asking of a question to its answer, whatever lay between.
    """

    connect: Callable[[], httpx.Client]
    said: Counter[str] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)

    def client(self, number: int, until: float, calls: Iterator[int]) -> None:
        """One of them; every other one asks through Gradio's queue."""
        draw = random.Random(number)
        ask = by_queue if number % 2 else by_rest
        with self.connect() as connection:
            for _ in calls:
                question, started = draw.choice(QUESTIONS), time.monotonic()
                if started > until:
                    break
                while self._asked(ask, connection, question) == "busy":
                    time.sleep(PAUSE)
                    if time.monotonic() > until:
                        break
                self.took.append(time.monotonic() - started)

    def _asked(
        self, ask: Callable[[httpx.Client, str], str], connection: httpx.Client, question: str
    ) -> str:
        try:
            outcome = ask(connection, question)
        except httpx.HTTPError as error:
            outcome = type(error).__name__
        self.said[outcome] += 1
        if outcome not in ("answered", "busy"):
            time.sleep(PAUSE)
        return outcome

    def run(
        self, clients: int, seconds: float, calls: int = 0, watch: Callable[[], None] = lambda: None
    ) -> float:
        """Let so many ask for so long, and `watch` meanwhile; how many seconds it took.

        Who has no answer long after the end is counted, and left waiting.
        """
        began = time.monotonic()
        left = iter(range(calls)) if calls else itertools.count()
        threads = [
            threading.Thread(target=self.client, args=(number, began + seconds, left), daemon=True)
            for number in range(clients)
        ]
        for thread in threads:
            thread.start()
        while waiting := sum(thread.is_alive() for thread in threads):
            if time.monotonic() > began + seconds + PATIENCE:
                self.said["never answered"] += waiting
                self.took += [PATIENCE] * waiting
                break
            time.sleep(1)
            watch()
        return time.monotonic() - began

    def waits(self) -> dict[str, float]:
        """The median, the 95th percentile and the longest of `took`."""
        cuts = quantiles(self.took, n=20)
        figures = {"p50": cuts[9], "p95": cuts[18], "longest": max(self.took)}
        return {name: round(one, 3) for name, one in figures.items()}


def by_rest(connection: httpx.Client, question: str) -> str:
    """What came of asking at `/ask`."""
    reply = connection.post("/ask", json={"question": question})
    return {200: "answered", 503: "busy"}.get(reply.status_code, str(reply.status_code))


def by_queue(connection: httpx.Client, question: str) -> str:
    """What came of asking through Gradio's queue."""
    joined = connection.post("/gradio_api/call/ask", json={"data": [question, []]})
    if joined.status_code != 200:
        return "busy" if joined.status_code == 503 else str(joined.status_code)
    text = connection.get(f"/gradio_api/call/ask/{joined.json()['event_id']}").text
    if "event: complete" in text:
        return "answered"
    return "busy" if "too many questions" in text else text[:80]


def warm(connect: Callable[[], httpx.Client]) -> None:
    """Ask in both ways until the server is quick."""
    for number in (0, 1):
        Crowd(connect).client(number, time.monotonic() + 60, iter(range(50)))


def measure(server: Server, clients: int, seconds: int, calls: int) -> dict[str, object]:
    """Run the clients against a server that listens."""

    def connect() -> httpx.Client:
        return httpx.Client(base_url=server.address, timeout=PATIENCE)

    warm(connect)
    crowd, sizes, began = Crowd(connect), {0: server.memory()}, time.monotonic()

    def watch() -> None:
        done = crowd.said.total() / calls if calls else (time.monotonic() - began) / seconds
        if done * SAMPLES >= len(sizes):
            sizes[crowd.said.total()] = server.memory()

    took = crowd.run(clients, seconds, calls, watch)
    return {
        "clients": clients,
        "seconds": round(took),
        "replies": dict(crowd.said),
        "a second": round(crowd.said["answered"] / took, 1),
        **crowd.waits(),
        "MB after so many calls": sizes,
    }


def main(clients: int = 30, seconds: int = 60, calls: int = 0) -> None:
    """Run it."""
    with (
        tempfile.TemporaryDirectory() as home,
        serving(Path(home), "--port", str(PORT)) as server,
    ):
        print(json.dumps(measure(server, clients, seconds, calls), indent=1))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
