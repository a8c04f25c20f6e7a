"""A real Milvus Lite server for tests, on a port of this machine.

PYTEST_DONT_REWRITE: see `stores`.
"""

from __future__ import annotations

import contextlib
import resource
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from ports import free_port

from index.store.milvus.address import Address
from index.store.milvus.client import Client
from index.store.milvus.schema import Collections

_SECONDS = 60.0  # within which a server must answer


class MilvusServer:
    """A server with a folder of its own. It can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, most_bytes: int = 0) -> None:
        """Start it.

        Args:
            most_bytes: How large a file may become that it writes, as on a full disk; 0 for any.
        """
        command = [
            *(sys.executable, "-m", "milvus_lite", "server", "--data-dir", self.folder),
            *("--host", "127.0.0.1", "--port", str(self.port)),
        ]
        with (self.folder / "log.txt").open("ab") as log:
            limit = (lambda: _limit(most_bytes)) if most_bytes else None
            self._process = subprocess.Popen(command, stdout=log, stderr=log, preexec_fn=limit)
        end = time.monotonic() + _SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            time.sleep(0.05)
        raise TimeoutError("the server does not answer")

    def kill(self) -> None:
        """Kill it at once, as a power cut does."""
        assert self._process
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        assert self._process
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def address(self, library: str = "") -> Address:
        """Return the address of a library that no other test has."""
        return Address("127.0.0.1", self.port, library or f"t{uuid.uuid4().hex[:12]}")


def _limit(most_bytes: int) -> None:
    """Let writing fail beyond a size, in the process that is about to be the server."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))


@contextlib.contextmanager
def running(folder: Path) -> Iterator[MilvusServer]:
    folder.mkdir(parents=True, exist_ok=True)
    server = MilvusServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def drop(address: Address) -> None:
    """Delete a library, so that the server stays quick."""
    client = Client(address)
    for name in Collections.of(address.collection).all():
        client.drop(name)
    client.close()


@pytest.fixture(scope="session")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    """A server for all tests that do not kill it."""
    with running(tmp_path_factory.mktemp("milvus")) as server:
        yield server
