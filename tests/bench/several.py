"""Measure several servers on one data folder: run this file with SERVERS, CLIENTS and SECONDS.

For one server and for so many, it prints as JSON how many questions were answered in a second, how
long that took, and the processor time of each server. Half of the figures are for questions that
were asked before, half for questions that are new each time, which the model has to read.
"""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import quantiles

import httpx
from load import QUESTIONS, TIMEOUT, ask_by_rest
from process import Server, running_server
from serving import free_port


def questions(*, new: bool) -> Iterator[str]:
    """Yield questions without end, each of them different where they are new."""
    for number, question in zip(itertools.count(), itertools.cycle(QUESTIONS)):
        yield f"{question} ({number})" if new else question


def waits(servers: list[Server], clients: int, seconds: int, asked: Iterator[str]) -> list[float]:
    """Let clients ask, an equal share of them each server, and return how long answers took."""
    end, lock, found = time.monotonic() + seconds, threading.Lock(), list[float]()

    def ask(server: Server) -> None:
        with httpx.Client(base_url=server.address, timeout=TIMEOUT) as connection:
            while (start := time.monotonic()) < end:
                with lock:
                    question = next(asked)
                if ask_by_rest(connection, question) == "answered":
                    found.append(time.monotonic() - start)

    threads = [
        threading.Thread(target=ask, args=(server,))
        for server, _ in zip(itertools.cycle(servers), range(clients))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def measure(home: Path, count: int, clients: int, seconds: int, *, new: bool) -> dict[str, object]:
    """Run servers and clients, and return the figures."""
    with ExitStack() as stack:
        servers = [
            stack.enter_context(running_server(home, "--port", str(free_port())))
            for _ in range(count)
        ]
        waits(servers, clients, 5, questions(new=False))  # so that all are warm
        before = [server.processor_seconds() for server in servers]
        found = waits(servers, clients, seconds, questions(new=new))
        used = [server.processor_seconds() for server in servers]
    cuts = quantiles(found, n=20)
    return {
        "servers": count,
        "questions": "new" if new else "asked before",
        "a second": round(len(found) / seconds, 1),
        "p50": round(cuts[9], 3),
        "p95": round(cuts[18], 3),
        "processors": [round((b - a) / seconds, 2) for a, b in zip(before, used, strict=True)],
    }


def main(count: int = 2, clients: int = 30, seconds: int = 60) -> None:
    """Measure, and print the figures."""
    with tempfile.TemporaryDirectory() as home:
        for new, servers in itertools.product((True, False), (1, count)):
            figures = measure(Path(home), servers, clients, seconds, new=new)
            print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
