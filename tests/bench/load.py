"""Many clients at once: `make bench`, or this file with CLIENTS, SECONDS and CALLS.

Starts a server of its own and prints as JSON how long answers took, how many clients were told
that the server is busy, what else was replied, and the server's memory. It ends after so many
seconds or calls, whichever comes first. Every other client asks as `gradio_client` does.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

import httpx

ROOT = Path(__file__).parents[2]
PORT = 7899
SAMPLES = 12  # of memory
QUESTIONS = [
    "半導体について何を確認しましたか",
    "What was agreed on Open RAN?",
    "輸出管理ではどのような協力をしますか",
    "Which missions are planned, and when?",
    "关于人工智能达成了什么共识？",
    "牛肉の関税は何パーセントですか",
]
SERVE = "import sys, ui; ui.main(ui.Options(port=int(sys.argv[1])), sys.argv[2])"


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


def client(
    number: int, until: float, calls: Iterator[int], took: list[float], said: Counter[str]
) -> None:
    """Ask one question after another."""
    draw = random.Random(number)
    ask = by_queue if number % 2 else by_rest
    with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=120) as connection:
        for _ in calls:
            started = time.monotonic()
            if started > until:
                break
            try:
                outcome = ask(connection, draw.choice(QUESTIONS))
            except httpx.HTTPError as error:
                outcome = type(error).__name__
            said[outcome] += 1
            if outcome == "answered":
                took.append(time.monotonic() - started)
            else:
                time.sleep(0.5)


def memory(process: int) -> int:
    """Resident memory of a process, in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20)


def measure(server: int, clients: int, seconds: int, calls: int) -> dict[str, object]:
    """Run the clients against a server that listens."""
    took: list[float] = []
    said: Counter[str] = Counter()
    for number in (0, 1):  # warm, both ways
        client(number, time.monotonic() + 60, iter(range(50)), [], Counter())
    began = time.monotonic()
    left = iter(range(calls)) if calls else itertools.count()
    threads = [
        threading.Thread(target=client, args=(number, began + seconds, left, took, said))
        for number in range(clients)
    ]
    sizes = {0: memory(server)}
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        time.sleep(1)
        elapsed = (time.monotonic() - began) / seconds
        done = said.total() / calls if calls else elapsed
        if done * SAMPLES >= len(sizes):
            sizes[said.total()] = memory(server)
    cuts = quantiles(took, n=20)
    return {
        "clients": clients,
        "seconds": round(time.monotonic() - began),
        "replies": dict(said),
        "a second": round(len(took) / (time.monotonic() - began), 1),
        "p50": round(cuts[9], 3),
        "p95": round(cuts[18], 3),
        "MB after so many calls": sizes,
    }


def main(clients: int = 30, seconds: int = 60, calls: int = 0) -> None:
    """Run it."""
    with tempfile.TemporaryDirectory() as home:
        run = [sys.executable, "-c", SERVE, str(PORT), home]
        server = subprocess.Popen(run, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            server.stdout.readline()
            figures = measure(server.pid, clients, seconds, calls)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
