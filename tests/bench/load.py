"""Many clients at once: `python tests/bench/load.py [CLIENTS] [SECONDS]`.

Starts a server of its own and prints, as JSON, how long answers took, how many clients were told
that the server is busy, what else went wrong, and the server's memory every ten seconds.
"""

from __future__ import annotations

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
from pathlib import Path
from statistics import quantiles

import httpx

ROOT = Path(__file__).parents[2]
PORT = 7899
QUESTIONS = [
    "半導体について何を確認しましたか",
    "What was agreed on Open RAN?",
    "輸出管理ではどのような協力をしますか",
    "Which missions are planned, and when?",
    "关于人工智能达成了什么共识？",
    "牛肉の関税は何パーセントですか",
]
SERVE = "import sys, ui; ui.main(ui.Options(port=int(sys.argv[1])), sys.argv[2])"


def client(until: float, number: int, took: list[float], said: Counter[str]) -> None:
    """Ask one question after another."""
    draw = random.Random(number)
    with httpx.Client(timeout=120) as connection:
        while time.monotonic() < until:
            started = time.monotonic()
            question = draw.choice(QUESTIONS)
            try:
                reply = connection.post(f"http://127.0.0.1:{PORT}/ask", json={"question": question})
            except httpx.HTTPError as error:
                said[type(error).__name__] += 1
                continue
            said[str(reply.status_code)] += 1
            if reply.status_code == 200:
                took.append(time.monotonic() - started)
            else:
                time.sleep(0.5)


def memory(process: int) -> float:
    """Resident memory of a process, in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main(clients: int = 30, seconds: int = 60) -> None:
    """Run it."""
    with tempfile.TemporaryDirectory() as home:
        run = [sys.executable, "-c", SERVE, str(PORT), home]
        server = subprocess.Popen(run, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            server.stdout.readline()
            took: list[float] = []
            said: Counter[str] = Counter()
            client(time.monotonic() + 5, -1, [], Counter())  # warm
            until = time.monotonic() + seconds
            threads = [
                threading.Thread(target=client, args=(until, number, took, said))
                for number in range(clients)
            ]
            sizes = [memory(server.pid)]
            for thread in threads:
                thread.start()
            while time.monotonic() < until:
                time.sleep(10)
                sizes.append(memory(server.pid))
            for thread in threads:
                thread.join()
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)
    cuts = quantiles(took, n=20)
    figures = {
        "clients": clients,
        "answers": len(took),
        "a second": round(len(took) / seconds, 1),
        "p50": round(cuts[9], 3),
        "p95": round(cuts[18], 3),
        "replies": dict(said),
        "memory MB": [round(size) for size in sizes],
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
