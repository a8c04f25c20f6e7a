"""Several readers, each in a conversation of the page: this file with READERS and TURNS.

They speak to the server as the page does, through Gradio's queue, and keep what a browser keeps.
Starts a server of its own, or more than one to compare: a folder with another checkout may follow
as the third argument. Prints as JSON the seconds from a question until its answer has come, of the
whole conversation and of its last third; how much was sent for it; and the server's memory.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
from load import QUESTIONS, ROOT, SERVE, memory
from serving import free_port

_CONFIG = re.compile(r"window\.gradio_config = (\{.*?\});</script>", re.DOTALL)


class Reader:
    """One conversation.

    Args:
        address: Of the server.
        number: Decides what is asked.
    """

    def __init__(self, address: str, number: int) -> None:
        self._http = httpx.Client(base_url=address, timeout=300)
        self._session, self._draw = uuid.uuid4().hex[:11], random.Random(number)
        found = _CONFIG.search(self._http.get("/").text)
        assert found
        config = json.loads(found[1])
        named = {one["props"].get("elem_id"): one["id"] for one in config["components"]}
        self._source = named["shutten-source"]
        self._put = next(
            one
            for one in config["dependencies"]
            if [named["shutten-box"], "submit"] in one["targets"]
        )
        self._kept: list[Any] = []
        self.took: list[float] = []
        self.sent: list[int] = []

    def turn(self) -> None:
        """Ask a question and wait for its answer."""
        began = time.monotonic()
        body = {
            "data": [self._draw.choice(QUESTIONS), self._kept, None],
            "fn_index": self._put["id"],
            "session_hash": self._session,
            "trigger_id": self._put["targets"][0][0],
        }
        self._http.post("/gradio_api/queue/join", json=body).raise_for_status()
        size = 0
        with self._http.stream(
            "GET", "/gradio_api/queue/data", params={"session_hash": self._session}
        ) as stream:
            for line in stream.iter_lines():
                size += len(line.encode())
                if line.startswith("data:") and '"process_completed"' in line:
                    told = json.loads(line.removeprefix("data:"))
                    break
        assert told["success"], told
        place = self._put["outputs"].index(self._source)
        self._kept = json.loads(told["output"]["data"][place])["asked"]
        self.took.append(time.monotonic() - began)
        self.sent.append(size)


def measure(checkout: Path, readers: int, turns: int) -> dict[str, Any]:
    """Let all converse with the server of a checkout."""
    with tempfile.TemporaryDirectory() as home:
        port = free_port()
        run = [sys.executable, "-c", SERVE, str(port), home]
        server = subprocess.Popen(run, cwd=checkout, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            server.stdout.readline()
            address = f"http://127.0.0.1:{port}"
            Reader(address, 0).turn()  # warm
            before = memory(server.pid)
            all_ = [Reader(address, number) for number in range(readers)]
            threads = [
                threading.Thread(target=lambda one=one: [one.turn() for _ in range(turns)])
                for one in all_
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            after = memory(server.pid)
        finally:
            server.terminate()
            server.wait(20)
    took = [one for reader in all_ for one in reader.took]
    late = [one for reader in all_ for one in reader.took[-turns // 3 :]]
    return {
        "checkout": checkout.name,
        "median": round(median(took), 3),
        "p95": round(quantiles(took, n=20)[18], 3),
        "median of the last third": round(median(late), 3),
        "KB sent for a turn of the last third": round(
            median(one for reader in all_ for one in reader.sent[-turns // 3 :]) / 1000
        ),
        "MB before and after": [before, after],
    }


def main(readers: int = 6, turns: int = 30, *others: str) -> None:
    """Run it, one server after the other."""
    for checkout in (*map(Path, others), ROOT):
        print(json.dumps(measure(checkout, readers, turns)), flush=True)


if __name__ == "__main__":
    count = [int(one) for one in sys.argv[1:3]]
    main(*count, *sys.argv[3:])
