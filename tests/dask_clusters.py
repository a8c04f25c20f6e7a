"""A real Dask cluster for tests: a scheduler and workers, each a process of its own."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from ports import free_port
from project import ROOT

_SECONDS = 60.0  # within which the scheduler must answer


class Cluster:
    """A scheduler, and workers that talk to it over TCP.

    Args:
        folder: Where the processes write.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, port = folder, free_port()
        self.address = f"tcp://127.0.0.1:{port}"
        self._scheduler = self._start(
            *("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        )
        self.workers: list[subprocess.Popen[bytes]] = []
        end = time.monotonic() + _SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            time.sleep(0.05)
        raise TimeoutError("the scheduler does not answer")

    def add_worker(self) -> None:
        """Start a worker that reads one text at a time."""
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
        self.workers.append(self._start("worker", self.address, *options))

    def _start(self, kind: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *options]
        with (self._folder / f"{kind}.txt").open("ab") as log:
            return subprocess.Popen(
                command, stdout=log, stderr=log, cwd=ROOT, env=_environment(self._folder)
            )

    def stop(self) -> None:
        """Stop all processes."""
        for process in (*self.workers, self._scheduler):
            process.kill()
            process.wait()


def _environment(folder: Path) -> dict[str, str]:
    import os

    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DASK_TEMPORARY_DIRECTORY": str(folder),
        # A worker that was killed is missed soon.
        "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "5s",
    }


@contextlib.contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """Run a cluster."""
    running = Cluster(folder)
    try:
        for _ in range(workers):
            running.add_worker()
        yield running
    finally:
        running.stop()
